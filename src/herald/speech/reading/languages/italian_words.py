"""Abbreviations, names, units and currencies of Italian. Keys are in lower case, but symbols."""

from herald.speech.reading.table import RomanceWords, spread, words

ABBREVIATIONS: dict[str, str] = spread({
    "ecc.": "eccetera", "farm.": "farmacia", "pom.": "pomeriggio", "prob.": "probabilità",
    "imb.": "imbarco", "p.ta": "porta", "verb.": "verbale", "agg.": "aggiornamento",
    "s.m.i.": "successive modifiche e integrazioni",
    "es.": "esempio", "p.es.": "per esempio", "ad es.": "ad esempio", "avv.|avv.to": "avvocato",
    "dott.|dr.": "dottor", "dott.ssa|dr.ssa": "dottoressa", "sig.": "signor", "sig.na": "signorina",
    "sig.ra": "signora", "sigg.|sig.ri|sigg.ri": "signori", "sigg.re|sig.re": "signore", "prof.": "professor",
    "prof.ssa": "professoressa", "ing.": "ingegner", "arch.": "architetto", "geom.": "geometra", "rag.": "ragionier",
    "on.": "onorevole", "gent.|gent.le": "gentile", "gent.mo": "gentilissimo", "gent.ma": "gentilissima",
    "egr.": "egregio", "spett.|spett.le": "spettabile", "app.to|appto.": "appuntamento", "tel.": "telefono",
    "cell.": "cellulare", "rif.": "riferimento", "pag.": "pagina", "pagg.|pp.": "pagine", "art.": "articolo",
    "cap.": "capitolo", "vol.": "volume", "fig.": "figura", "int.": "interno", "bin.": "binario", "max.": "massimo",
    "min.": "minimo", "ca.": "circa", "c.so": "corso", "p.za|p.zza": "piazza", "v.le": "viale", "ss.": "santi",
    "s.p.a.": "S P A", "s.r.l.": "S R L", "p.iva": "partita IVA", "c.a.": "corrente anno", "c.m.": "corrente mese",
    "u.s.": "ultimo scorso", "gen.": "gennaio", "feb.": "febbraio", "mar.|mart.": "martedì", "apr.": "aprile",
    "mag.": "maggio", "giu.": "giugno", "lug.": "luglio", "ago.": "agosto", "sett.|set.": "settembre",
    "ott.": "ottobre", "nov.": "novembre", "dic.": "dicembre", "lun.": "lunedì", "mer.|merc.": "mercoledì",
    "gio.|giov.": "giovedì", "ven.": "venerdì", "sab.": "sabato", "dom.": "domenica", "p.p.": "punti percentuali",
    "bim.": "bimestre", "tg.": "taglia", "canc.": "cancellato", "colaz.": "colazione", "a.s.": "anno scolastico",
    "aliq.": "aliquota", "s.l.m.": "sul livello del mare", "rev.": "reverendo", "cav.": "cavalier",
    "cucch.": "cucchiai", "assist.": "assistenza", "q.b.": "quanto basta", "tratt.": "trattabili", "pross.": "prossimo",
    "comm.": "commissione", "reg.": "regolamento", "c.a.p.": "CAP", "cond.": "condominio", "p.terra": "piano terra",
    "trim.": "trimestre", "sem.": "semestre", "g.u.": "Gazzetta Ufficiale", "osp.": "ospedale", "pad.": "padiglione",
    "tot.": "totale", "sped.": "spedizione", "disp.": "disponibile", "rit.": "ritardo", "carr.": "carrozza",
    "part.": "partenza", "arr.": "arrivo", "cam.": "camera", "trib.": "tribunale", "cl.": "classe",
    "conv.": "convocazione", "fam.": "famiglia", "c.da": "contrada", "prat.": "pratica", "fisc.": "fiscale",
    "bev.": "bevande", "cad.": "cadauno", "lett.": "lettera", "pers.": "persona", "amb.": "ambulatorio",
    "l.go": "largo", "p.le": "piazzale", "p.tta": "piazzetta", "vic.": "vicolo", "loc.": "località",
    "fraz.": "frazione", "sc.": "scala", "pal.": "palazzina", "edif.": "edificio", "att.ne": "attenzione",
    "doc.": "documento", "docc.": "documenti", "incl.": "incluso", "escl.": "escluso", "compr.": "compreso",
    "temp.": "temperatura", "sec.": "secolo", "dott.sse": "dottoresse", "dott.ri": "dottori", "ill.mo": "illustrissimo",
    "preg.mo": "pregiatissimo", "d.lgs.|d.lgs": "decreto legislativo", "d.l.": "decreto legge",
    "d.m.": "decreto ministeriale", "d.p.r.": "D P R", "n.b.": "nota bene", "p.v.": "prossimo venturo",
    "f.to": "firmato", "prot.": "protocollo", "racc.": "raccomandata", "imp.": "importo", "scad.": "scadenza",
    "tess.": "tessera", "cod.": "codice", "num.|nr.": "numero", "fatt.": "fattura", "eff.": "effervescenti",
    "dest.": "destinatario", "stip.": "stipendio", "asc.": "ascensore", "liv.": "livello", "rich.": "richiesta",
    "en.": "energetica", "sp.": "spese", "c.d.s.": "codice della strada", "esaur.": "esaurimento", "ingr.": "ingresso",
    "uff.": "ufficio", "cucch.no": "cucchiaino", "cucch.ni": "cucchiaini", "amm.re": "amministratore",
    "amm.ne": "amministrazione", "f.lli": "fratelli", "fest.": "festivi", "artt.": "articoli", "tab.": "tabella",
    "fasc.": "fascicolo", "sez.": "sezione", "civ.": "civile", "pz.": "pezzo", "cit.": "citofono", "dir.": "direzione",
    "dim.": "dimensioni", "circ.": "circolare", "vit.": "vitamina", "gent.mi": "gentilissimi",
    "gent.me": "gentilissime", "c.le": "centrale", "p.b.": "punti base", "prov.": "provincia", "prel.": "prelievo",
    "dopp.": "doppia", "sing.": "singola", "p.ti": "punti", "p.to": "punto", "segr.": "segretario",
    "detraz.": "detrazione", "mens.": "mensilità", "obbl.": "obbligatorio", "ult.": "ultimo", "st.ne": "stazione",
    "tav.": "tavolo", "sogg.": "soggiorno", "risc.": "riscaldamento", "lib.": "libero", "ang.": "angolo",
    "rid.": "ridotto", "grat.": "gratuito", "sanz.": "sanzione", "straord.": "straordinario", "serv.": "servizio",
    "urg.": "urgenze", "gg.": "giorni", "avv.ti": "avvocati", "ev.": "eventuali", "o.d.g.": "ordine del giorno",
    "cat.": "categoria", "sent.": "sentenza", "c.f.": "codice fiscale", "ns.": "nostro", "vs.": "vostro",
})  # fmt: skip
"""With their dots, and without spaces."""

TITLES: dict[str, str] = {
    "dott": "dottor", "dr": "dottor", "sig": "signor", "prof": "professor", "ing": "ingegner", "avv": "avvocato",
    "rag": "ragionier", "on": "onorevole", "mons": "monsignor", "gen": "generale", "col": "colonnello",
    "cap": "capitano",
}  # fmt: skip
"""Before a name."""

BEFORE_NUMBER: dict[str, str] = spread({
    "n.|nr.|nº|num.": "numero", "p.|pag.": "pagina", "pagg.|pp.": "pagine", "art.": "articolo", "cap.": "capitolo",
    "vol.": "volume", "fig.": "figura", "int.": "interno", "bin.": "binario", "h|h.": "ore", "tel|tel.": "telefono",
    "cell|cell.": "cellulare", "rif|rif.": "riferimento", "ca.": "circa", "max": "massimo", "min": "minimo",
    "km": "chilometro", "sc.": "scala", "prot.": "protocollo", "civ.": "civico", "ed.": "edizione",
    "amb.": "ambulatorio", "co.": "comma", "artt.": "articoli", "tab.": "tabella", "fasc.": "fascicolo",
    "trib.": "tributo", "pal.": "palazzina", "all.": "allegato", "sez.": "sezione", "liv.": "livello",
    "aut.": "autorizzazione", "vit.": "vitamina", "par.": "paragrafo", "ag.": "agenzia", "prof.": "profondità",
    "ing.": "ingresso", "lett.": "lettura", "gr.": "gruppo", "fg.": "foglio", "sub.": "subalterno", "cat.": "categoria",
    "dir.": "direttiva", "sent.": "sentenza", "reg.": "regolamento",
})  # fmt: skip
"""Abbreviations before a number only."""

CHAT: dict[str, str] = {
    "cmq": "comunque", "nn": "non", "xké": "perché", "msg": "messaggio", "app.to": "appuntamento", "qtà": "quantità",
    "c/o": "presso", "s/": "senza", "tvb": "ti voglio bene", "gg": "giorni", "a/a": "anno su anno", "dv": "dove",
    "qnd": "quando", "qlcs": "qualcosa", "grz": "grazie", "xkè": "perché", "xche": "perché", "c/": "con",
    "dx": "destra", "sx": "sinistra", "cell": "cellulare", "c/c": "conto corrente", "n/a": "non disponibile",
    "km/h": "chilometri orari",
}  # fmt: skip
"""Abbreviations without dots that have one meaning only."""

WORDS = RomanceWords(
    feminine=words(
        "notte mano moto foto auto radio parte voce chiave rete stagione mail email app carte fine luce neve "
        "legge classe classi gente sez edizione estate"
    ),
    masculine=words(
        "papa luca andrea mattia nicola enea problema programma sistema tema dramma poeta turista artista dentista "
        "pilota cinema euro sosia giorno giorni pigiama clima"
    ),
    no_nouns=words(
        "per con che non nel nella del della dal dalla alla alle dalle delle sul sulla una uno come dove quando quanto "
        "dopo anche solo sono era oppure ancora senza contro sopra fuori sotto verso entro invece quindi più poi sta "
        "fra tra gli dei degli agli"
    ),
    clock_words=words(
        "ore le alle dalle delle h all dall dell verso ora fino partenza arrivo imbarco rientro chiusura apertura part "
        "alba tramonto "
        "arr"
    ),
    phone_words=words(
        "chiama chiami chiamate telefono tel telefonare cellulare cell contatti contatta numero whatsapp fax al"
    ),
    ordinal_nouns=words(
        "millennio liv cl trim sem bim quadr ed piano avviso posto trimestre semestre quadrimestre bimestre anno "
        "sollecito turno classificato premio giorno grado livello figlio volta tempo appuntamento messaggio tentativo "
        "ciclo sec sez sezione classe media elementare convocazione rata edizione scala"
    ),
    chapters=words(
        "sez classi all liv fasc tab capitolo cap art vol sec tomo volume atto parte libro allegato articolo titolo "
        "fase tipo categoria livello classe guerra secolo sezione papa re"
    ),
    starters=frozenset(
        {
            *("prev", "x", "pol", "lav", "fl", "conv"),
            *("h", "x", "v", "kg", "kwh", "mq", "gr", "lt", "cm", "euro", "c"),
            *(
                f"{article}'{name}"
                for article in ("l", "dell", "all", "dall", "un")
                for name in ("avv", "ing", "arch", "on", "app", "art")
            ),
        }
    ),
)

UNITS: dict[str, tuple[str, str]] = spread({
    "mm": ("millimetro", "millimetri"), "cm": ("centimetro", "centimetri"), "dm": ("decimetro", "decimetri"),
    "m|mt": ("metro", "metri"), "km": ("chilometro", "chilometri"), "mq": ("metro quadrato", "metri quadrati"),
    "mc": ("metro cubo", "metri cubi"), "ha": ("ettaro", "ettari"), "mg": ("milligrammo", "milligrammi"),
    "g|gr": ("grammo", "grammi"), "hg": ("etto", "etti"), "kg": ("chilo", "chili"), "t": ("tonnellata", "tonnellate"),
    "lb": ("libbra", "libbre"), "ml|mL": ("millilitro", "millilitri"), "cl": ("centilitro", "centilitri"),
    "dl|dL": ("decilitro", "decilitri"), "l|L|lt": ("litro", "litri"), "ms": ("millisecondo", "millisecondi"),
    "s|sec": ("secondo", "secondi"), "min|min.": ("minuto", "minuti"), "h": ("ora", "ore"),
    "gg|gg.": ("giorno", "giorni"), "W": ("watt", "watt"), "kW": ("chilowatt", "chilowatt"),
    "MW": ("megawatt", "megawatt"), "Wh": ("wattora", "wattora"), "kWh": ("chilowattora", "chilowattora"),
    "V": ("volt", "volt"), "A": ("ampere", "ampere"), "mA": ("milliampere", "milliampere"),
    "mAh": ("milliampere ora", "milliampere ora"), "Hz": ("hertz", "hertz"), "kHz": ("chilohertz", "chilohertz"),
    "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"), "Pa": ("pascal", "pascal"),
    "hPa": ("ettopascal", "ettopascal"), "bar": ("bar", "bar"), "dB": ("decibel", "decibel"), "J": ("joule", "joule"),
    "kJ": ("chilojoule", "chilojoule"), "cal": ("caloria", "calorie"), "kcal": ("chilocaloria", "chilocalorie"),
    "CV|cv": ("cavallo", "cavalli"), "KB|kB": ("kilobyte", "kilobyte"), "MB": ("megabyte", "megabyte"),
    "GB": ("gigabyte", "gigabyte"), "TB": ("terabyte", "terabyte"),
    "Mbps": ("megabit al secondo", "megabit al secondo"), "Gbps": ("gigabit al secondo", "gigabit al secondo"),
    "°C": ("grado Celsius", "gradi Celsius"), "°F": ("grado Fahrenheit", "gradi Fahrenheit"), "°": ("grado", "gradi"),
    "px": ("pixel", "pixel"), "Mb": ("megabit", "megabit"), "Gb": ("gigabit", "gigabit"), '"': ("pollice", "pollici"),
    "mcg|µg": ("microgrammo", "microgrammi"), "UI|U|U.I.": ("unità", "unità"),
    "mEq": ("milliequivalente", "milliequivalenti"), "mmol": ("millimole", "millimoli"),
    "mmHg": ("millimetro di mercurio", "millimetri di mercurio"), "bpm": ("battito al minuto", "battiti al minuto"),
    "Smc": ("standard metro cubo", "standard metri cubi"), "cp|cp.|cpr|cpr.": ("compressa", "compresse"),
    "cps|cps.": ("capsula", "capsule"), "gtt|gtt.": ("goccia", "gocce"), "bust.": ("bustina", "bustine"),
    "conf.": ("confezione", "confezioni"), "pz|pz.": ("pezzo", "pezzi"), "sett.": ("settimana", "settimane"),
    "pers.": ("persona", "persone"), "loc.": ("locale", "locali"), "pt": ("punto", "punti"),
    "pizz.": ("pizzico", "pizzichi"), "pmol": ("picomole", "picomoli"), "ng": ("nanogrammo", "nanogrammi"),
    "pg": ("picogrammo", "picogrammi"), "fL": ("femtolitro", "femtolitri"), "fl.|fl": ("fiala", "fiale"),
    "spett.": ("spettacolo", "spettacoli"), "hl": ("ettolitro", "ettolitri"), "q": ("quintale", "quintali"),
    "atm": ("atmosfera", "atmosfere"), "kmq": ("chilometro quadrato", "chilometri quadrati"),
    "pb": ("punto base", "punti base"), "Ah": ("ampere ora", "ampere ora"), "art.": ("articolo", "articoli"),
    "mUI": ("milliunità", "milliunità"), "µUI": ("microunità", "microunità"), "liv.": ("livello", "livelli"),
    "nmol": ("nanomole", "nanomoli"), "µmol": ("micromole", "micromoli"),
})  # fmt: skip
"""By symbol, with the words for one and for several."""

PER_UNITS: dict[str, str] = {
    "h": "ora", "giorno": "giorno", "gg": "giorno", "die": "giorno", "dì": "giorno", "sett": "settimana",
    "mese": "mese", "anno": "anno", "settimana": "settimana", "notte": "notte", "persona": "persona", "min": "minuto",
    "s": "secondo", "kg": "chilo", "l": "litro", "pz": "pezzo", "pers": "persona", "ora": "ora", "unità": "unità",
}  # fmt: skip
"""After a slash: "5 € / h"."""
