"""Abbreviations, titles, acronyms and everyday words of German. Keys are in lower case."""

from herald.speech.reading.table import words

GERMAN_ABBREVIATIONS: dict[str, str] = {
    "z.b.": "zum Beispiel", "d.h.": "das heißt", "u.a.": "unter anderem", "u.u.": "unter Umständen",
    "u.ä.": "und Ähnliches", "o.ä.": "oder Ähnliches", "o.g.": "oben genannt", "s.o.": "siehe oben",
    "s.u.": "siehe unten", "i.d.r.": "in der Regel", "i.a.": "im Auftrag", "i.v.": "in Vertretung",
    "i.h.v.": "in Höhe von", "z.t.": "zum Teil", "z.h.": "zu Händen", "m.e.": "meines Erachtens",
    "v.a.": "vor allem", "v.chr.": "vor Christus", "n.chr.": "nach Christus", "u.v.m.": "und vieles mehr",
    "a.d.": "an der", "a.m.": "am Main", "o.k.": "okay", "i.o.": "in Ordnung", "u.s.w.": "und so weiter",
    "u.a.w.g.": "um Antwort wird gebeten", "e.v.": "E V", "p.a.": "pro Jahr", "e.k.": "E K", "z.zt.": "zur Zeit",
    "z.hd.": "zu Händen", "dr.": "Doktor", "prof.": "Professor", "dipl.": "Diplom", "ing.": "Ingenieur",
    "med.": "Medizin", "hr.": "Herr", "hrn.": "Herrn", "mr.": "Mister", "mrs.": "Misses", "ms.": "Miss",
    "usw.": "und so weiter", "etc.": "et cetera", "bzw.": "beziehungsweise", "ca.": "circa", "evtl.": "eventuell",
    "ggf.": "gegebenenfalls", "inkl.": "inklusive", "incl.": "inklusive", "exkl.": "exklusive",
    "zzgl.": "zuzüglich", "abzgl.": "abzüglich", "einschl.": "einschließlich", "mwst.": "Mehrwertsteuer",
    "mind.": "mindestens", "max.": "maximal", "min.": "minimal", "vgl.": "vergleiche", "sog.": "sogenannte",
    "gem.": "gemäß", "lt.": "laut", "bspw.": "beispielsweise", "insb.": "insbesondere", "insbes.": "insbesondere",
    "allg.": "allgemein", "vorauss.": "voraussichtlich", "voraussichtl.": "voraussichtlich", "tägl.": "täglich",
    "tgl.": "täglich", "wöchentl.": "wöchentlich", "monatl.": "monatlich", "jährl.": "jährlich",
    "tel.": "Telefon", "str.": "Straße", "pl.": "Platz", "hbf.": "Hauptbahnhof",
    "bhf.": "Bahnhof", "geb.": "geboren", "gest.": "gestorben", "verh.": "verheiratet", "abt.": "Abteilung",
    "art.": "Artikel", "std.": "Stunden", "stdn.": "Stunden", "mins.": "Minuten", "sek.": "Sekunden",
    "mon.": "Monate", "stk.": "Stück", "mio.": "Millionen", "mrd.": "Milliarden",
    "tsd.": "tausend", "betr.": "Betreff", "bes.": "besonders", "vs.": "versus", "rd.": "rund", "zw.": "zwischen",
    "zus.": "zusammen", "entspr.": "entsprechend", "erm.": "ermäßigt", "vorm.": "vormittags",
    "nachm.": "nachmittags", "abds.": "abends", "jan.": "Januar", "feb.": "Februar", "mär.": "März",
    "apr.": "April", "jun.": "Juni", "jul.": "Juli", "aug.": "August", "sep.": "September", "sept.": "September",
    "okt.": "Oktober", "nov.": "November", "dez.": "Dezember", "co.": "Co", "ehem.": "ehemals",
    "gez.": "gezeichnet", "kath.": "katholisch", "ev.": "evangelisch", "st.": "Sankt", "zzt.": "zurzeit",
    "ggü.": "gegenüber", "vj.": "Vorjahr", "lkr.": "Landkreis", "lkrs.": "Landkreis",
    "abf.": "Abfahrt", "ank.": "Ankunft", "einl.": "Einlass", "fam.": "Familie", "postf.": "Postfach",
    "vorh.": "vorhanden", "mitgl.": "Mitglieder", "temp.": "Temperatur", "bj.": "Baujahr", "kj.": "Kalenderjahr",
    "az.": "Aktenzeichen", "beschl.": "Beschluss", "urt.": "Urteil", "buchst.": "Buchstabe", "gg.": "gegen",
    "i.v.m.": "in Verbindung mit", "i.s.d.": "im Sinne des", "i.s.v.": "im Sinne von", "n.v.": "nach Vereinbarung",
    "p.p.": "pro Person", "u.a.m.": "und anderes mehr", "i.e.": "Internationale Einheiten",
    "idnr.": "Identifikationsnummer", "eff.": "effektiv", "ri.": "Richtung", "pp.": "P P", "h.c.": "H C",
    "nr.": "Nummer", "whg.": "Wohnung", "zi.": "Zimmer", "ust.": "Umsatzsteuer", "mögl.": "möglich", "v.d.": "von der",
    "bearb.": "bearbeitet", "wfl.": "Wohnfläche", "grdst.": "Grundstück", "ausgen.": "ausgenommen",
    "jugendl.": "Jugendliche", "kfm.": "Kaufmann", "kffr.": "Kauffrau", "psych.": "Psychologe", "inh.": "Inhaber",
    "geschl.": "geschlossen", "lfd.": "laufende", "anf.": "Anfang", "bgm.": "Bürgermeister",
    "v.l.n.r.": "von links nach rechts", "d.m.": "des Monats", "d.j.": "des Jahres",
    "dres.": "Doktores", "b.bed.": "bei Bedarf", "b.b.": "bei Bedarf", "c.t.": "C T", "s.t.": "S T",
    "tbl.": "Tabletten", "anh.": "Anhang", "stündl.": "stündlich", "od.": "oder",
    "höchst.": "höchstens", "flst.": "Flurstück", "beg.": "Beginn",
    "dat.": "Datum", "wö.": "wöchentlich", "lit.": "Buchstabe", "aktz.": "Aktenzeichen",
    "o.d.t.": "ob der Tauber", "i.br.": "im Breisgau", "v.d.h.": "vor der Höhe", "m.sc.": "M S C", "b.sc.": "B S C",
    "pat.": "Patient", "vsl.": "voraussichtlich", "empf.": "Empfänger",
    "versch.": "verschiedene",
    "v.u.z.": "vor unserer Zeit", "i.allg.": "im Allgemeinen", "i.b.": "im Breisgau", "z.k.": "zur Kenntnis",
    "b.a.w.": "bis auf Weiteres", "kompl.": "komplett",
    "ugs.": "umgangssprachlich", "stv.": "stellvertretend", "ehrenamtl.": "ehrenamtlich",
    "schriftl.": "schriftlich", "telef.": "telefonisch", "wg.": "wegen", "ff.": "fortfolgende",
    "komb.": "kombiniert", "rezeptpfl.": "rezeptpflichtig",
    "syst.": "systolisch", "diast.": "diastolisch", "kennz.": "Kennzeichen", "ref.": "Referenz",
    "mandatsref.": "Mandatsreferenz", "fzg.": "Fahrzeug", "bgbl.": "Bundesgesetzblatt", "drs.": "Drucksache",
    "oberh.": "oberhalb", "unterh.": "unterhalb", "haftpfl.": "Haftpflicht", "expl.": "Exemplare",
    "vit.": "Vitamin", "prov.": "Provision", "zuschl.": "Zuschlag", "vers.": "Versicherung",
    "vierteljährl.": "vierteljährlich", "halbjährl.": "halbjährlich",
    "pfr.": "Pfarrer", "veg.": "vegetarisch",
    "öffentl.": "öffentlich", "eing.": "Eingang", "nachr.": "Nachrichten",
    "erf.": "erforderlich", "eintr.": "Eintritt", "balk.": "Balkon", "zahlb.": "zahlbar",
    "reichw.": "Reichweite", "vertr.": "Vertretung", "besicht.": "Besichtigung", "sof.": "sofort",
    "i.w.v.": "im Wert von", "v.h.": "vom Hundert", "kostenl.": "kostenlos", "kostenfr.": "kostenfrei",
    "erforderl.": "erforderlich",
    "barrierefr.": "barrierefrei", "unentsch.": "unentschuldigt", "vereinb.": "Vereinbarung", "treffp.": "Treffpunkt",
    "öffnungsz.": "Öffnungszeiten", "wohnfl.": "Wohnfläche", "anm.": "Anmeldung", "rückf.": "Rückfragen",
    "z.n.": "Zustand nach", "o.b.": "ohne Befund", "innerh.": "innerhalb", "außerh.": "außerhalb",
    "mt.": "Monat", "kto.": "Konto", "mte.": "Monate",
    "mtl.": "monatlich", "jhd.": "Jahrhundert", "jh.": "Jahrhundert",
}  # fmt: skip
"""With their dots, and without spaces."""

GERMAN_TITLES: dict[str, str] = {
    "dr": "Doktor", "prof": "Professor", "hr": "Herr", "hrn": "Herrn", "fr": "Frau", "frl": "Fräulein",
    "st": "Sankt", "mr": "Mister", "mrs": "Misses", "ing": "Ingenieur", "mag": "Magister",
    "fam": "Familie", "fa": "Firma",
}  # fmt: skip
"""Before a name."""

GERMAN_BEFORE_NUMBER: dict[str, str] = {
    "nr.": "Nummer", "nr": "Nummer", "no.": "Nummer", "nrn.": "Nummern", "s.": "Seite", "gl.": "Gleis",
    "bd.": "Band", "kap.": "Kapitel", "abb.": "Abbildung", "abs.": "Absatz", "art.": "Artikel", "tab.": "Tabelle",
    "aufl.": "Auflage", "ziff.": "Ziffer", "tel": "Telefon", "tel.": "Telefon", "fax": "Fax", "hsnr": "Hausnummer",
    "kto": "Konto", "kto.": "Konto", "blz": "B L Z", "plz": "P L Z", "ca": "circa", "max": "maximal",
    "min": "mindestens", "min.": "mindestens", "mind": "mindestens", "whg.": "Wohnung", "zi.": "Zimmer",
    "gr.": "Größe", "kl.": "Klasse", "pl.": "Platz", "kw": "Kalenderwoche", "dw": "Durchwahl", "op.": "Opus",
    "lit.": "Buchstabe", "erw.": "Erwachsene", "ki.": "Kinder", "pos.": "Position", "anl.": "Anlage",
    "rn.": "Randnummer", "wo.": "Woche",
    "jgst.": "Jahrgangsstufe", "app.": "Apparat", "rz.": "Randziffer", "hs.": "Halbsatz", "kat.": "Kategorie",
    "km": "Kilometer", "bj": "Baujahr", "ver.": "Version",
    "stg.": "Stiege", "jg.": "Jahrgang", "bft": "Windstärke",
}  # fmt: skip
"""Abbreviations before a number only."""

GERMAN_CHAT: dict[str, str] = {
    "mfg": "mit freundlichen Grüßen", "lg": "liebe Grüße", "vlg": "viele liebe Grüße", "bzw": "beziehungsweise",
    "ggf": "gegebenenfalls", "evtl": "eventuell", "inkl": "inklusive", "zzgl": "zuzüglich", "usw": "und so weiter",
    "hbf": "Hauptbahnhof", "mwst": "Mehrwertsteuer", "etc": "et cetera", "mtl": "monatlich", "c/o": "bei",
    "hdgdl": "hab dich ganz doll lieb", "vllt": "vielleicht", "vlt": "vielleicht",
    "iwie": "irgendwie", "iwas": "irgendwas", "iwann": "irgendwann", "sry": "sorry",
}  # fmt: skip
"""Abbreviations without dots that have one meaning only."""

GERMAN_OPENERS = words(
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

GERMAN_ACRONYMS_SAID = words(
    "NASA NATO UNICEF UNESCO OPEC FIFA UEFA AIDS COVID LASER RADAR SIM RAM PIN TAN IBAN GIF JPEG ZIP SWIFT SEPA "
    "DAX MDAX HUK BAFÖG BAföG SCHUFA EDEKA ALDI REWE IKEA LEGO VISA ELSTER DIN BIC TÜV"
)
"""Said as words."""

GERMAN_ACRONYMS_SPELLED = words(
    "AG EU US USA UK UN IT ID TV PC ICE IC RE EC CEO PDF SMS MMS WLAN DSL UKW ARD ZDF WDR NDR ADAC AOK TK BKK DAK "
    "GLS DPD UPS DHL VW BMW KFZ LKW PKW PLZ BLZ FAQ AGB EDV KG OHG GBR UG QR URL USB CD DVD GPS VIP ISO EKG MRT "
    "OP HNO PKV GKV DRK THW LED API AI KI UTC GMT MEZ MESZ ÖPNV ÖBB SBB ORF SRF OTP TOTP AU EV IP VPN ABC "
    "DSGVO ADHS VDSL HDMI EM SUV MPU EEG HU NBA LTE"
)
"""Said letter by letter."""

GERMAN_COMMON_CAPITALS = words(
    "ab am an bei da du er es ich ihr im in ist ja je mit ob so um und uns vor wo zu zur zum neu nur sie wir der "
    "die das den dem des ein eine was wer wie von auf aus bis für hat war alle auch aber bald beim bitte code "
    "danke dein diese doch euro frei gilt gut gute haben heute hier ihre jetzt kein mehr mein nach nein nicht "
    "noch oder ohne preis rabatt sehr sind stopp stop tag termin über unser viel wenn wird zeit gratis sale "
    "achtung wichtig info black friday cyber spar winter sommer herbst stopp start minus plus rot blau grün"
)
"""Short words that are no acronyms if written in capitals."""

GERMAN_COMPOUNDS: dict[str, str] = {
    "kd": "Kunden", "rg": "Rechnungs", "rngs": "Rechnungs", "rechn": "Rechnungs", "re": "Rechnungs",
    "best": "Bestell", "vers": "Versicherungs", "vertr": "Vertrags", "auftr": "Auftrags", "mitgl": "Mitglieds",
    "art": "Artikel", "tel": "Telefon", "zi": "Zimmer", "kto": "Konto", "hs": "Haus", "ust": "Umsatzsteuer",
    "st": "Steuer", "lfd": "laufende", "mand": "Mandats", "buch": "Buchungs", "sdg": "Sendungs",
    "pat": "Patienten", "fax": "Fax", "mob": "Mobil", "ser": "Serien", "std": "Stunden", "dipl": "Diplom",
    "geb": "Geburts", "univ": "Universitäts", "kl": "Klassen", "gesch": "Geschäfts", "bearb": "Bearbeitungs",
}  # fmt: skip
"""Before "-Nr.", "-Str." and the like."""

GERMAN_ADJECTIVES: dict[str, str] = {
    **{stem: f"{stem}ich" for stem in words(
        "persönl freundl herzl ärztl zahnärztl gesetzl wöchentl monatl jährl halbjährl vierteljährl schriftl amtl "
        "kirchl"
    )},
    "eff": "effektiv", "zust": "zuständig", "durchschn": "durchschnittlich",
    "kostenl": "kostenlos", "kostenfr": "kostenfrei",    "verbindl": "verbindlich",
}  # fmt: skip
"""Stems that end as the noun after them asks for: "ärztl. Dienst"."""

GERMAN_DEGREES = words("med dent vet phil jur rer nat pol oec techn habil theol mult ing em univ")
"""After "Dr." and with a dot, said as they are written."""
