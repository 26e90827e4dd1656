"""Abbreviations and titles of Italian. Keys are in lower case."""

from herald.speech.reading.languages.romance_words import PROVIDERS, RomanceWords
from herald.speech.reading.table import words

ITALIAN_ABBREVIATIONS: dict[str, str] = {
    "ecc.": "eccetera", "es.": "esempio", "p.es.": "per esempio", "ad es.": "ad esempio", "avv.": "avvocato",
    "dott.": "dottor", "dr.": "dottor", "dott.ssa": "dottoressa", "sig.": "signor", "sig.na": "signorina",
    "sig.ra": "signora", "sigg.": "signori", "sigg.re": "signore", "prof.": "professor", "prof.ssa": "professoressa",
    "ing.": "ingegner", "arch.": "architetto", "geom.": "geometra", "rag.": "ragionier", "on.": "onorevole",
    "gent.": "gentile", "gent.mo": "gentilissimo", "gent.ma": "gentilissima", "egr.": "egregio",
    "spett.": "spettabile", "spett.le": "spettabile", "app.to": "appuntamento", "tel.": "telefono",
    "cell.": "cellulare", "rif.": "riferimento", "pag.": "pagina", "pagg.": "pagine", "art.": "articolo",
    "cap.": "capitolo", "vol.": "volume", "fig.": "figura", "int.": "interno", "bin.": "binario", "max.": "massimo",
    "min.": "minimo", "ca.": "circa", "c.so": "corso", "p.za": "piazza", "p.zza": "piazza", "v.le": "viale",
    "ss.": "santi", "s.p.a.": "S P A", "s.r.l.": "S R L", "p.iva": "partita IVA", "c.a.": "corrente anno",
    "c.m.": "corrente mese", "u.s.": "ultimo scorso", "gen.": "gennaio", "feb.": "febbraio", "mar.": "martedì",
    "apr.": "aprile", "mag.": "maggio", "giu.": "giugno", "lug.": "luglio", "ago.": "agosto", "sett.": "settembre",
    "ott.": "ottobre", "nov.": "novembre", "dic.": "dicembre", "lun.": "lunedì", "mer.": "mercoledì",
    "gio.": "giovedì", "ven.": "venerdì", "sab.": "sabato", "dom.": "domenica", "set.": "settembre",
    "merc.": "mercoledì", "p.p.": "punti percentuali", "bim.": "bimestre", "tg.": "taglia", "canc.": "cancellato",
    "colaz.": "colazione", "a.s.": "anno scolastico", "aliq.": "aliquota", "s.l.m.": "sul livello del mare",
    "rev.": "reverendo", "cav.": "cavalier", "cucch.": "cucchiai", "assist.": "assistenza", "sig.ri": "signori",
    "sig.re": "signore", "q.b.": "quanto basta", "tratt.": "trattabili", "pross.": "prossimo", "comm.": "commissione",
    "reg.": "regolamento", "c.a.p.": "CAP", "pp.": "pagine", "cond.": "condominio", "p.terra": "piano terra",
    "trim.": "trimestre", "sem.": "semestre", "g.u.": "Gazzetta Ufficiale", "osp.": "ospedale", "pad.": "padiglione",
    "tot.": "totale", "sped.": "spedizione", "disp.": "disponibile", "rit.": "ritardo", "carr.": "carrozza",
    "part.": "partenza", "arr.": "arrivo", "cam.": "camera", "trib.": "tribunale", "cl.": "classe",
    "conv.": "convocazione", "fam.": "famiglia", "c.da": "contrada", "prat.": "pratica", "fisc.": "fiscale",
    "bev.": "bevande", "cad.": "cadauno", "lett.": "lettera", "pers.": "persona", "amb.": "ambulatorio",
    "l.go": "largo", "p.le": "piazzale", "p.tta": "piazzetta", "vic.": "vicolo", "loc.": "località",
    "fraz.": "frazione", "sc.": "scala", "pal.": "palazzina", "edif.": "edificio", "att.ne": "attenzione",
    "doc.": "documento", "docc.": "documenti", "incl.": "incluso", "escl.": "escluso", "compr.": "compreso",
    "temp.": "temperatura", "sec.": "secolo", "dott.sse": "dottoresse", "dott.ri": "dottori", "sigg.ri": "signori",
    "ill.mo": "illustrissimo", "preg.mo": "pregiatissimo", "d.lgs.": "decreto legislativo", "d.l.": "decreto legge",
    "d.m.": "decreto ministeriale", "d.p.r.": "D P R", "n.b.": "nota bene", "p.v.": "prossimo venturo",
    "f.to": "firmato", "prot.": "protocollo", "racc.": "raccomandata", "imp.": "importo", "scad.": "scadenza",
    "tess.": "tessera", "cod.": "codice", "num.": "numero", "nr.": "numero", "fatt.": "fattura",
    "gent.le": "gentile", "eff.": "effervescenti", "dest.": "destinatario", "stip.": "stipendio",
    "asc.": "ascensore", "liv.": "livello", "rich.": "richiesta", "en.": "energetica", "sp.": "spese",
    "c.d.s.": "codice della strada", "esaur.": "esaurimento", "ingr.": "ingresso", "uff.": "ufficio",
    "mart.": "martedì", "giov.": "giovedì", "cucch.no": "cucchiaino", "cucch.ni": "cucchiaini",
    "amm.re": "amministratore", "amm.ne": "amministrazione", "f.lli": "fratelli", "fest.": "festivi",
    "artt.": "articoli", "tab.": "tabella", "fasc.": "fascicolo", "sez.": "sezione", "civ.": "civile",
    "pz.": "pezzo", "cit.": "citofono", "dir.": "direzione", "dim.": "dimensioni",
    "circ.": "circolare", "vit.": "vitamina", "gent.mi": "gentilissimi", "gent.me": "gentilissime",
    "c.le": "centrale", "p.b.": "punti base", "prov.": "provincia",
    "d.lgs": "decreto legislativo", "dr.ssa": "dottoressa",
    "prel.": "prelievo",
    "dopp.": "doppia", "sing.": "singola",
    "p.ti": "punti", "p.to": "punto", "segr.": "segretario", "detraz.": "detrazione", "mens.": "mensilità",
    "obbl.": "obbligatorio", "ult.": "ultimo", "st.ne": "stazione",
    "tav.": "tavolo",
    "sogg.": "soggiorno", "risc.": "riscaldamento", "lib.": "libero", "ang.": "angolo", "rid.": "ridotto",
    "grat.": "gratuito", "sanz.": "sanzione", "straord.": "straordinario", "serv.": "servizio", "urg.": "urgenze",
    "gg.": "giorni", "avv.ti": "avvocati", "avv.to": "avvocato", "ev.": "eventuali",
    "o.d.g.": "ordine del giorno", "cat.": "categoria", "sent.": "sentenza", "appto.": "appuntamento",
    "c.f.": "codice fiscale", "ns.": "nostro",
    "vs.": "vostro",
}  # fmt: skip
"""With their dots, and without spaces."""

ITALIAN_TITLES: dict[str, str] = {
    "dott": "dottor", "dr": "dottor", "sig": "signor", "prof": "professor", "ing": "ingegner", "avv": "avvocato",
    "rag": "ragionier", "on": "onorevole", "mons": "monsignor", "gen": "generale", "col": "colonnello",
    "cap": "capitano",
}  # fmt: skip
"""Before a name."""

ITALIAN_BEFORE_NUMBER: dict[str, str] = {
    "n.": "numero", "nr.": "numero", "nº": "numero", "num.": "numero", "p.": "pagina", "pag.": "pagina",
    "pagg.": "pagine", "art.": "articolo", "cap.": "capitolo", "vol.": "volume", "fig.": "figura", "int.": "interno",
    "bin.": "binario", "h": "ore", "h.": "ore", "tel": "telefono", "tel.": "telefono", "cell": "cellulare",
    "cell.": "cellulare", "rif": "riferimento", "rif.": "riferimento", "ca.": "circa", "max": "massimo",
    "min": "minimo", "km": "chilometro", "sc.": "scala", "prot.": "protocollo", "civ.": "civico", "ed.": "edizione",
    "amb.": "ambulatorio", "co.": "comma", "artt.": "articoli", "tab.": "tabella", "fasc.": "fascicolo",
    "trib.": "tributo",
    "pal.": "palazzina", "all.": "allegato", "sez.": "sezione", "liv.": "livello", "aut.": "autorizzazione",
    "vit.": "vitamina", "par.": "paragrafo", "ag.": "agenzia", "prof.": "profondità", "ing.": "ingresso",
    "lett.": "lettura",
    "gr.": "gruppo", "fg.": "foglio", "sub.": "subalterno",

    "cat.": "categoria",
    "dir.": "direttiva", "sent.": "sentenza",
    "pp.": "pagine", "reg.": "regolamento",
}  # fmt: skip
"""Abbreviations before a number only."""

ITALIAN_CHAT: dict[str, str] = {
    "cmq": "comunque", "nn": "non", "xké": "perché", "msg": "messaggio", "app.to": "appuntamento", "qtà": "quantità",
    "c/o": "presso", "s/": "senza", "tvb": "ti voglio bene", "gg": "giorni",
    "a/a": "anno su anno", "dv": "dove",
    "qnd": "quando",
    "qlcs": "qualcosa", "grz": "grazie", "xkè": "perché",
    "xche": "perché",
    "c/": "con", "dx": "destra", "sx": "sinistra", "cell": "cellulare", "c/c": "conto corrente",
    "n/a": "non disponibile", "km/h": "chilometri orari",
}  # fmt: skip
"""Abbreviations without dots that have one meaning only."""

WORDS = RomanceWords(
    feminine=words(
        "notte mano moto foto auto radio parte voce chiave rete stagione mail email app carte fine luce neve "
        "legge classe classi gente sez edizione estate"
    ),
    masculine=words(
        "papa luca andrea mattia nicola enea "
        "problema programma sistema tema dramma poeta turista artista dentista pilota cinema euro sosia "
        "giorno giorni pigiama clima"
    ),
    no_nouns=words(
        "per con che non nel nella del della dal dalla alla alle dalle delle sul sulla una uno come dove "
        "quando quanto dopo anche solo sono era "
        "oppure ancora senza contro sopra fuori sotto verso entro invece quindi più poi sta fra tra gli dei "
        "degli agli"
    ),
    slash="barra",
    clock_words=words(
        "ore le alle dalle delle h all dall dell verso ora fino partenza arrivo imbarco rientro chiusura apertura part "
        "arr"
    ),
    phone_words=words(
        "chiama chiami chiamate telefono tel telefonare cellulare cell contatti contatta numero whatsapp fax al"
    ),
    number_word="numero",
    ordinal_nouns=words(
        "millennio liv cl trim sem bim quadr ed "
        "piano avviso posto trimestre semestre quadrimestre bimestre anno sollecito turno classificato premio "
        "giorno grado livello figlio volta tempo "
        "appuntamento messaggio tentativo ciclo sec sez sezione classe media elementare convocazione rata "
        "edizione scala"
    ),
    chapters=words(
        "sez classi all liv fasc tab "
        "capitolo cap art vol sec tomo volume atto parte libro allegato articolo titolo fase tipo categoria "
        "livello classe guerra secolo sezione papa re"
    ),
    known_names=PROVIDERS,
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
