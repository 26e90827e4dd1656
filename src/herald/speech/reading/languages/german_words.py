"""Abbreviations, names, units and currencies of German. Keys are in lower case, but symbols."""

from herald.speech.reading.table import Currency, spread, words

ABBREVIATIONS: dict[str, str] = spread({
    "z.b.": "zum Beispiel", "frühst.": "Frühstück",
    "d.h.": "das heißt", "u.a.": "unter anderem", "u.u.": "unter Umständen",
    "u.ä.": "und Ähnliches", "o.ä.": "oder Ähnliches", "o.g.": "oben genannt", "s.o.": "siehe oben",
    "s.u.": "siehe unten", "i.d.r.": "in der Regel", "i.a.": "im Auftrag", "i.v.": "in Vertretung",
    "i.h.v.": "in Höhe von", "z.t.": "zum Teil", "z.h.|z.hd.": "zu Händen", "m.e.": "meines Erachtens",
    "v.a.": "vor allem", "v.chr.": "vor Christus", "n.chr.": "nach Christus", "u.v.m.": "und vieles mehr",
    "a.d.": "an der", "a.m.": "am Main", "o.k.": "okay", "i.o.": "in Ordnung", "u.s.w.|usw.": "und so weiter",
    "u.a.w.g.": "um Antwort wird gebeten", "e.v.": "E V", "p.a.": "pro Jahr", "e.k.": "E K", "z.zt.": "zur Zeit",
    "dr.": "Doktor", "prof.": "Professor", "dipl.": "Diplom", "ing.": "Ingenieur", "med.": "Medizin", "hr.": "Herr",
    "hrn.": "Herrn", "mr.": "Mister", "mrs.": "Misses", "ms.": "Miss", "etc.": "et cetera", "bzw.": "beziehungsweise",
    "ca.": "circa", "evtl.": "eventuell", "ggf.": "gegebenenfalls", "inkl.|incl.": "inklusive", "exkl.": "exklusive",
    "zzgl.": "zuzüglich", "abzgl.": "abzüglich", "einschl.": "einschließlich", "mwst.": "Mehrwertsteuer",
    "mind.": "mindestens", "max.": "maximal", "min.": "minimal", "vgl.": "vergleiche", "sog.": "sogenannte",
    "gem.": "gemäß", "lt.": "laut", "bspw.": "beispielsweise", "insb.|insbes.": "insbesondere", "allg.": "allgemein",
    "vorauss.|voraussichtl.|vsl.": "voraussichtlich", "tägl.|tgl.": "täglich", "wöchentl.|wö.": "wöchentlich",
    "monatl.|mtl.": "monatlich", "jährl.": "jährlich", "tel.": "Telefon", "str.": "Straße", "pl.": "Platz",
    "hbf.": "Hauptbahnhof", "bhf.": "Bahnhof", "geb.": "geboren", "gest.": "gestorben", "verh.": "verheiratet",
    "abt.": "Abteilung", "art.": "Artikel", "std.|stdn.": "Stunden", "mins.": "Minuten", "sek.": "Sekunden",
    "mon.|mte.": "Monate", "stk.": "Stück", "mio.": "Millionen", "mrd.": "Milliarden", "tsd.": "tausend",
    "betr.": "Betreff", "bes.": "besonders", "vs.": "versus", "rd.": "rund", "zw.": "zwischen", "zus.": "zusammen",
    "entspr.": "entsprechend", "erm.": "ermäßigt", "vorm.": "vormittags", "nachm.": "nachmittags", "abds.": "abends",
    "jan.": "Januar", "feb.": "Februar", "mär.": "März", "apr.": "April", "jun.": "Juni", "jul.": "Juli",
    "aug.": "August", "sep.|sept.": "September", "okt.": "Oktober", "nov.": "November", "dez.": "Dezember", "co.": "Co",
    "ehem.": "ehemals", "gez.": "gezeichnet", "kath.": "katholisch", "ev.": "evangelisch", "st.": "Sankt",
    "zzt.": "zurzeit", "ggü.": "gegenüber", "vj.": "Vorjahr", "lkr.|lkrs.": "Landkreis", "abf.": "Abfahrt",
    "ank.": "Ankunft", "einl.": "Einlass", "fam.": "Familie", "postf.": "Postfach", "vorh.": "vorhanden",
    "mitgl.": "Mitglieder", "temp.": "Temperatur", "bj.": "Baujahr", "kj.": "Kalenderjahr", "az.|aktz.": "Aktenzeichen",
    "beschl.": "Beschluss", "urt.": "Urteil", "buchst.|lit.": "Buchstabe", "gg.": "gegen",
    "i.v.m.": "in Verbindung mit", "i.s.d.": "im Sinne des", "i.s.v.": "im Sinne von", "n.v.": "nach Vereinbarung",
    "p.p.": "pro Person", "u.a.m.": "und anderes mehr", "i.e.": "Internationale Einheiten",
    "idnr.": "Identifikationsnummer", "eff.": "effektiv", "ri.": "Richtung", "pp.": "P P", "h.c.": "H C",
    "nr.": "Nummer", "whg.": "Wohnung", "zi.": "Zimmer", "ust.": "Umsatzsteuer", "mögl.": "möglich", "v.d.": "von der",
    "bearb.": "bearbeitet", "wfl.|wohnfl.": "Wohnfläche", "grdst.": "Grundstück", "ausgen.": "ausgenommen",
    "jugendl.": "Jugendliche", "kfm.": "Kaufmann", "kffr.": "Kauffrau", "psych.": "Psychologe", "inh.": "Inhaber",
    "geschl.": "geschlossen", "lfd.": "laufende", "anf.": "Anfang", "bgm.": "Bürgermeister",
    "v.l.n.r.": "von links nach rechts", "d.m.": "des Monats", "d.j.": "des Jahres", "dres.": "Doktores",
    "b.bed.|b.b.": "bei Bedarf", "c.t.": "C T", "s.t.": "S T", "tbl.": "Tabletten", "anh.": "Anhang",
    "stündl.": "stündlich", "od.": "oder", "höchst.": "höchstens", "flst.": "Flurstück", "beg.": "Beginn",
    "dat.": "Datum", "o.d.t.": "ob der Tauber", "i.br.|i.b.": "im Breisgau", "v.d.h.": "vor der Höhe", "m.sc.": "M S C",
    "b.sc.": "B S C", "pat.": "Patient", "empf.": "Empfänger", "versch.": "verschiedene", "v.u.z.": "vor unserer Zeit",
    "i.allg.": "im Allgemeinen", "z.k.": "zur Kenntnis", "b.a.w.": "bis auf Weiteres", "kompl.": "komplett",
    "ugs.": "umgangssprachlich", "stv.": "stellvertretend", "ehrenamtl.": "ehrenamtlich", "schriftl.": "schriftlich",
    "telef.": "telefonisch", "wg.": "wegen", "ff.": "fortfolgende", "komb.": "kombiniert",
    "rezeptpfl.": "rezeptpflichtig", "syst.": "systolisch", "diast.": "diastolisch", "kennz.": "Kennzeichen",
    "ref.": "Referenz", "mandatsref.": "Mandatsreferenz", "fzg.": "Fahrzeug", "bgbl.": "Bundesgesetzblatt",
    "drs.": "Drucksache", "oberh.": "oberhalb", "unterh.": "unterhalb", "haftpfl.": "Haftpflicht", "expl.": "Exemplare",
    "vit.": "Vitamin", "prov.": "Provision", "zuschl.": "Zuschlag", "vers.": "Versicherung",
    "vierteljährl.": "vierteljährlich", "halbjährl.": "halbjährlich", "pfr.": "Pfarrer", "veg.": "vegetarisch",
    "öffentl.": "öffentlich", "eing.": "Eingang", "nachr.": "Nachrichten", "erf.|erforderl.": "erforderlich",
    "eintr.": "Eintritt", "balk.": "Balkon", "zahlb.": "zahlbar", "reichw.": "Reichweite", "vertr.": "Vertretung",
    "besicht.": "Besichtigung", "sof.": "sofort", "i.w.v.": "im Wert von", "v.h.": "vom Hundert",
    "kostenl.": "kostenlos", "kostenfr.": "kostenfrei", "barrierefr.": "barrierefrei", "unentsch.": "unentschuldigt",
    "vereinb.": "Vereinbarung", "treffp.": "Treffpunkt", "öffnungsz.": "Öffnungszeiten", "anm.": "Anmeldung",
    "rückf.": "Rückfragen", "z.n.": "Zustand nach", "o.b.": "ohne Befund", "innerh.": "innerhalb",
    "außerh.": "außerhalb", "mt.": "Monat", "kto.": "Konto", "jhd.|jh.": "Jahrhundert",
})  # fmt: skip
"""With their dots, and without spaces."""

TITLES: dict[str, str] = {
    "dr": "Doktor", "prof": "Professor", "hr": "Herr", "hrn": "Herrn", "fr": "Frau", "frl": "Fräulein", "st": "Sankt",
    "mr": "Mister", "mrs": "Misses", "ing": "Ingenieur", "mag": "Magister", "fam": "Familie", "fa": "Firma",
}  # fmt: skip
"""Before a name."""

BEFORE_NUMBER: dict[str, str] = spread({
    "nr.|nr|no.": "Nummer", "nrn.": "Nummern", "s.": "Seite", "gl.": "Gleis", "bd.": "Band", "kap.": "Kapitel",
    "abb.": "Abbildung", "abs.": "Absatz", "art.": "Artikel", "tab.": "Tabelle", "aufl.": "Auflage", "ziff.": "Ziffer",
    "tel|tel.": "Telefon", "fax": "Fax", "hsnr": "Hausnummer", "kto|kto.": "Konto", "blz": "B L Z", "plz": "P L Z",
    "ca": "circa", "max": "maximal", "min|min.|mind": "mindestens", "whg.": "Wohnung", "zi.": "Zimmer", "gr.": "Größe",
    "kl.": "Klasse", "pl.": "Platz", "kw": "Kalenderwoche", "dw": "Durchwahl", "op.": "Opus", "lit.": "Buchstabe",
    "erw.": "Erwachsene", "ki.": "Kinder", "pos.": "Position", "anl.": "Anlage", "rn.": "Randnummer", "wo.": "Woche",
    "jgst.": "Jahrgangsstufe", "app.": "Apparat", "rz.": "Randziffer", "hs.": "Halbsatz", "kat.": "Kategorie",
    "km": "Kilometer", "bj": "Baujahr", "ver.": "Version", "stg.": "Stiege", "jg.": "Jahrgang", "bft": "Windstärke",
})  # fmt: skip
"""Abbreviations before a number only."""

CHAT: dict[str, str] = {
    "mfg": "mit freundlichen Grüßen", "lg": "liebe Grüße", "vlg": "viele liebe Grüße", "bzw": "beziehungsweise",
    "ggf": "gegebenenfalls", "evtl": "eventuell", "inkl": "inklusive", "zzgl": "zuzüglich", "usw": "und so weiter",
    "hbf": "Hauptbahnhof", "mwst": "Mehrwertsteuer", "etc": "et cetera", "mtl": "monatlich", "c/o": "bei",
    "hdgdl": "hab dich ganz doll lieb", "vllt": "vielleicht", "vlt": "vielleicht",
    "iwie": "irgendwie", "iwas": "irgendwas", "iwann": "irgendwann", "sry": "sorry",
}  # fmt: skip
"""Abbreviations without dots that have one meaning only."""

OPENERS = words(
    "der die das den dem ein eine einen ich wir sie er es ihr ihre ihren ihrem unser unsere mein meine dein deine "
    "dieser diese dieses bitte danke vielen herzlichen dann jetzt nun wenn wann wo was wer wie warum falls aber "
    "und oder denn zu in im an am auf bei beim von vom mit nach vor für aus bis ab seit um als ist sind war haben "
    "hat kann können wird werden soll sollen muss müssen darf dürfen nicht kein keine ja nein rufen kommen "
    "bringen antworten drücken wählen besuchen nehmen geben sehen zahlen melden senden klicken bestätigen öffnen "
    "heute morgen gestern hallo guten liebe lieber sehr nur noch auch alle alles viele beide achtung hinweis "
    "niemals geben teilen gilt gültig zahlung mehr weitere details info infos aufgrund bitten beachten "
    "außerdem danach deshalb daher dort hier leider gerne schon so freundliche zum zur du man"
)
"""Words that begin a new sentence after an abbreviation."""

ACRONYMS_SAID = words(
    "NASA NATO UNICEF UNESCO OPEC FIFA UEFA AIDS COVID LASER RADAR SIM RAM PIN TAN IBAN GIF JPEG ZIP SWIFT SEPA "
    "DAX MDAX HUK BAFÖG BAföG SCHUFA EDEKA ALDI REWE IKEA LEGO VISA ELSTER DIN BIC TÜV"
)
"""Said as words."""

ACRONYMS_SPELLED = words(
    "AG EU US USA UK UN IT ID TV PC ICE IC RE EC CEO PDF SMS MMS WLAN DSL UKW ARD ZDF WDR NDR ADAC AOK TK BKK DAK "
    "GLS DPD UPS DHL VW BMW KFZ LKW PKW PLZ BLZ FAQ AGB EDV KG OHG GBR UG QR URL USB CD DVD GPS VIP ISO EKG MRT "
    "OP HNO PKV GKV DRK THW LED API AI KI UTC GMT MEZ MESZ ÖPNV ÖBB SBB ORF SRF OTP TOTP AU EV IP VPN ABC "
    "DSGVO ADHS VDSL HDMI EM SUV MPU EEG HU NBA LTE"
)
"""Said letter by letter."""

COMMON_CAPITALS = words(
    "ab am an bei da du er es ich ihr im in ist ja je mit ob so um und uns vor wo zu zur zum neu nur sie wir der "
    "die das den dem des ein eine was wer wie von auf aus bis für hat war alle auch aber bald beim bitte code "
    "danke dein diese doch euro frei gilt gut gute haben heute hier ihre jetzt kein mehr mein nach nein nicht "
    "noch oder ohne preis rabatt sehr sind stopp stop tag termin über unser viel wenn wird zeit gratis sale "
    "achtung wichtig info black friday cyber spar winter sommer herbst stopp start minus plus rot blau grün"
)
"""Short words that are not acronyms if written in capitals."""

COMPOUNDS: dict[str, str] = {
    "kd": "Kunden", "verw": "Verwendungs",
    "rg": "Rechnungs", "rngs": "Rechnungs", "rechn": "Rechnungs", "re": "Rechnungs",
    "best": "Bestell", "vers": "Versicherungs", "vertr": "Vertrags", "auftr": "Auftrags", "mitgl": "Mitglieds",
    "art": "Artikel", "tel": "Telefon", "zi": "Zimmer", "kto": "Konto", "hs": "Haus", "ust": "Umsatzsteuer",
    "st": "Steuer", "lfd": "laufende", "mand": "Mandats", "buch": "Buchungs", "sdg": "Sendungs",
    "pat": "Patienten", "fax": "Fax", "mob": "Mobil", "ser": "Serien", "std": "Stunden", "dipl": "Diplom",
    "geb": "Geburts", "univ": "Universitäts", "kl": "Klassen", "gesch": "Geschäfts", "bearb": "Bearbeitungs",
}  # fmt: skip
"""Before "-Nr.", "-Str." and the like."""

ADJECTIVES: dict[str, str] = {
    **{stem: f"{stem}ich" for stem in words(
        "persönl freundl herzl ärztl zahnärztl gesetzl wöchentl monatl jährl halbjährl vierteljährl schriftl amtl "
        "kirchl"
    )},
    "eff": "effektiv", "zust": "zuständig", "durchschn": "durchschnittlich",
    "kostenl": "kostenlos", "kostenfr": "kostenfrei", "jähr": "jährig", "mtl": "monatlich", "verbindl": "verbindlich",
}  # fmt: skip
"""Adjective stems, whose ending depends on the following noun: "ärztl. Dienst"."""

DEGREES = words("med dent vet phil jur rer nat pol oec techn habil theol mult ing em univ")
"""Degrees after "Dr.", with a dot; spoken as written."""

_FOREIGN_CENTS = ("Cent", "Cent")

CURRENCIES: dict[str, Currency] = spread({
    "€|EUR|Euro|Eur": Currency("Euro", "Euro", "Cent", "Cent"), "TEUR|T€": Currency("tausend Euro", "tausend Euro"),
    "$|Dollar": Currency("Dollar", "Dollar", *_FOREIGN_CENTS),
    "US$|USD": Currency("U S Dollar", "U S Dollar", *_FOREIGN_CENTS),
    "CAD": Currency("kanadischer Dollar", "kanadische Dollar", *_FOREIGN_CENTS),
    "AUD": Currency("australischer Dollar", "australische Dollar", *_FOREIGN_CENTS),
    "NZD": Currency("neuseeländischer Dollar", "neuseeländische Dollar", *_FOREIGN_CENTS),
    "HKD": Currency("Hongkong-Dollar", "Hongkong-Dollar", *_FOREIGN_CENTS),
    "SGD": Currency("Singapur-Dollar", "Singapur-Dollar", *_FOREIGN_CENTS),
    "£|Pfund": Currency("Pfund", "Pfund", "Penny", "Pence"),
    "GBP": Currency("britisches Pfund", "britische Pfund", "Penny", "Pence"),
    "CHF|SFr.|SFr": Currency("Schweizer Franken", "Schweizer Franken", "Rappen", "Rappen"),
    "Rp.|Rp": Currency("Rappen", "Rappen"), "Fr.|Franken": Currency("Franken", "Franken", "Rappen", "Rappen"),
    "¥": Currency("Yen", "Yen"), "JPY": Currency("japanischer Yen", "japanische Yen"),
    "CNY": Currency("chinesischer Yuan", "chinesische Yuan"), "₩": Currency("Won", "Won"),
    "KRW": Currency("südkoreanischer Won", "südkoreanische Won"),
    "₹": Currency("Rupie", "Rupien", "Paisa", "Paise", gender="f"),
    "INR": Currency("indische Rupie", "indische Rupien", "Paisa", "Paise", gender="f"),
    "₽": Currency("Rubel", "Rubel", "Kopeke", "Kopeken", minor_gender="f"),
    "RUB": Currency("russischer Rubel", "russische Rubel", "Kopeke", "Kopeken", minor_gender="f"),
    "₺": Currency("Lira", "Lira", "Kuruş", "Kuruş", gender="f"),
    "TRY": Currency("türkische Lira", "türkische Lira", "Kuruş", "Kuruş", gender="f"),
    "₴": Currency("Hrywnja", "Hrywnja", "Kopeke", "Kopeken", gender="f", minor_gender="f"),
    "UAH": Currency("ukrainische Hrywnja", "ukrainische Hrywnja", "Kopeke", "Kopeken", "f", "f"),
    "SEK": Currency("schwedische Krone", "schwedische Kronen", "Öre", "Öre", gender="f"),
    "NOK": Currency("norwegische Krone", "norwegische Kronen", "Öre", "Öre", gender="f"),
    "DKK": Currency("dänische Krone", "dänische Kronen", "Öre", "Öre", gender="f"),
    "CZK": Currency("tschechische Krone", "tschechische Kronen", "Heller", "Heller", gender="f"),
    "PLN": Currency("polnischer Zloty", "polnische Zloty", "Groschen", "Groschen"),
    "zł": Currency("Zloty", "Zloty", "Groschen", "Groschen"),
    "HUF": Currency("ungarischer Forint", "ungarische Forint"),
    "BRL": Currency("brasilianischer Real", "brasilianische Real", "Centavo", "Centavos"),
    "R$": Currency("Real", "Real", "Centavo", "Centavos"),
    "MXN": Currency("mexikanischer Peso", "mexikanische Peso", "Centavo", "Centavos"),
    "₿|BTC": Currency("Bitcoin", "Bitcoin"), "DM": Currency("Mark", "Mark", "Pfennig", "Pfennig", gender="f"),
    "Cent|Ct|Ct.|ct": Currency("Cent", "Cent"),
})  # fmt: skip

UNITS: dict[str, tuple[str, str]] = spread({
    "mm": ("Millimeter", "Millimeter"), "cm": ("Zentimeter", "Zentimeter"), "dm": ("Dezimeter", "Dezimeter"),
    "m": ("Meter", "Meter"), "km": ("Kilometer", "Kilometer"), "µm": ("Mikrometer", "Mikrometer"),
    "nm": ("Nanometer", "Nanometer"), "qm": ("Quadratmeter", "Quadratmeter"), "ha": ("Hektar", "Hektar"),
    "ft": ("Fuß", "Fuß"), "in.": ("Zoll", "Zoll"), "yd": ("Yard", "Yards"), "mi": ("Meile", "Meilen"),
    "µg": ("Mikrogramm", "Mikrogramm"), "mg": ("Milligramm", "Milligramm"), "g": ("Gramm", "Gramm"),
    "kg": ("Kilogramm", "Kilogramm"), "t": ("Tonne", "Tonnen"), "oz": ("Unze", "Unzen"), "lb|lbs": ("Pfund", "Pfund"),
    "ml": ("Milliliter", "Milliliter"), "cl": ("Zentiliter", "Zentiliter"), "µl": ("Mikroliter", "Mikroliter"),
    "Fl.": ("Flasche", "Flaschen"), "Nm": ("Newtonmeter", "Newtonmeter"), "Mte.|Mon.": ("Monat", "Monate"),
    "dl": ("Deziliter", "Deziliter"), "l|L": ("Liter", "Liter"), "hl": ("Hektoliter", "Hektoliter"),
    "ms": ("Millisekunde", "Millisekunden"), "s|sek|sek.": ("Sekunde", "Sekunden"), "min|min.": ("Minute", "Minuten"),
    "h|std|std.": ("Stunde", "Stunden"), "km/h|kmh": ("Kilometer pro Stunde", "Kilometer pro Stunde"),
    "mph": ("Meile pro Stunde", "Meilen pro Stunde"), "Hz|hz": ("Hertz", "Hertz"),
    "kHz|khz": ("Kilohertz", "Kilohertz"), "MHz|mhz": ("Megahertz", "Megahertz"), "GHz|ghz": ("Gigahertz", "Gigahertz"),
    "W|w": ("Watt", "Watt"), "kW|kw": ("Kilowatt", "Kilowatt"), "MW": ("Megawatt", "Megawatt"),
    "GW": ("Gigawatt", "Gigawatt"), "Wh": ("Wattstunde", "Wattstunden"),
    "kWh|kwh": ("Kilowattstunde", "Kilowattstunden"), "MWh": ("Megawattstunde", "Megawattstunden"),
    "V": ("Volt", "Volt"), "kV|kv": ("Kilovolt", "Kilovolt"), "mV|mv": ("Millivolt", "Millivolt"),
    "A": ("Ampere", "Ampere"), "mA": ("Milliampere", "Milliampere"), "Ah": ("Amperestunde", "Amperestunden"),
    "mAh": ("Milliamperestunde", "Milliamperestunden"), "Ω": ("Ohm", "Ohm"), "J": ("Joule", "Joule"),
    "kJ|kj": ("Kilojoule", "Kilojoule"), "cal": ("Kalorie", "Kalorien"), "kcal": ("Kilokalorie", "Kilokalorien"),
    "Pa": ("Pascal", "Pascal"), "hPa|hpa": ("Hektopascal", "Hektopascal"), "kPa": ("Kilopascal", "Kilopascal"),
    "bar": ("Bar", "Bar"), "PS|ps": ("P S", "P S"), "dB|db": ("Dezibel", "Dezibel"), "N": ("Newton", "Newton"),
    "K": ("Kelvin", "Kelvin"), "bit": ("Bit", "Bit"), "kB|KB|kb": ("Kilobyte", "Kilobyte"),
    "MB|mb": ("Megabyte", "Megabyte"), "GB|gb": ("Gigabyte", "Gigabyte"), "TB|tb": ("Terabyte", "Terabyte"),
    "kbps": ("Kilobit pro Sekunde", "Kilobit pro Sekunde"), "mbps": ("Megabit pro Sekunde", "Megabit pro Sekunde"),
    "gbps": ("Gigabit pro Sekunde", "Gigabit pro Sekunde"), "Mbit|mbit": ("Megabit", "Megabit"),
    "Gbit": ("Gigabit", "Gigabit"), "MP": ("Megapixel", "Megapixel"), "px": ("Pixel", "Pixel"),
    "°C|°c|ºC": ("Grad Celsius", "Grad Celsius"), "°F|°f": ("Grad Fahrenheit", "Grad Fahrenheit"),
    "°|º": ("Grad", "Grad"), "stk|stk.|st.|Stck|Stck.": ("Stück", "Stück"), "tgl.": ("täglich", "täglich"),
    "J.": ("Jahr", "Jahre"), "Tg.": ("Tag", "Tage"), "tbl|tbl.|tabl.|tabl": ("Tablette", "Tabletten"),
    "kps|kps.": ("Kapsel", "Kapseln"), "trpf|trpf.|Tr.|gtt.": ("Tropfen", "Tropfen"), "btl.": ("Beutel", "Beutel"),
    "amp.": ("Ampulle", "Ampullen"), "IE": ("Internationale Einheit", "Internationale Einheiten"),
    "mmHg": ("Millimeter Quecksilbersäule", "Millimeter Quecksilbersäule"), "mmol": ("Millimol", "Millimol"),
    "mol": ("Mol", "Mol"), "µmol": ("Mikromol", "Mikromol"), "nmol": ("Nanomol", "Nanomol"),
    "ng": ("Nanogramm", "Nanogramm"), "pg": ("Pikogramm", "Pikogramm"), "EL": ("Esslöffel", "Esslöffel"),
    "TL": ("Teelöffel", "Teelöffel"), "Pck.|Pck": ("Päckchen", "Päckchen"), "Pckg.|Pkg.": ("Packung", "Packungen"),
    "mU": ("Millieinheit", "Millieinheiten"), "Msp.": ("Messerspitze", "Messerspitzen"),
    "Bft": ("Beaufort", "Beaufort"), "kWp": ("Kilowatt Peak", "Kilowatt Peak"), "Erw.": ("Erwachsener", "Erwachsene"),
    "pers.": ("Person", "Personen"), "Ki.": ("Kind", "Kinder"), "Tkm": ("tausend Kilometer", "tausend Kilometer"),
    "pkt.": ("Punkt", "Punkte"), "kn": ("Knoten", "Knoten"), "Pos.": ("Position", "Positionen"),
    "ppm": ("P P M", "P P M"), "rpm": ("Umdrehung pro Minute", "Umdrehungen pro Minute"),
    "dpt": ("Dioptrie", "Dioptrien"), "Wo.": ("Woche", "Wochen"), "Pr.": ("Prise", "Prisen"),
})  # fmt: skip

PER_UNITS: dict[str, str] = spread({
    "monat|mon|mt|M": "Monat", "jahr|a|j": "Jahr", "woche|wo": "Woche", "tag|tg|d": "Tag", "nacht|n": "Nacht",
    "stunde|std|h": "Stunde", "min|minute": "Minute", "s": "Sekunde", "person|pers": "Person", "anruf": "Anruf",
    "wohnung": "Wohnung", "kind": "Kind", "quartal": "Quartal", "einheit": "Einheit", "unze": "Unze",
    "stk|stück": "Stück", "fahrt": "Fahrt", "sms": "S M S", "kg": "Kilogramm", "l": "Liter", "m": "Meter",
    "km": "Kilometer",
})  # fmt: skip
"""After a slash: "5 € / h"."""
