"""Rules for Italian letters and timetables: roads, weeks, forms of schools, hours in lists."""

import re

from herald.speech.reading.languages.romance_numbers import romance
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.dates import clock, said_time
from herald.speech.reading.rules.words import compass
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_EARLY = 6
_TEMPERATURES = words("max min massima minima massime minime temperatura temperature gradi forno febbre meno sotto")
_WINDS = frozenset({"vento", "venti", "raffiche", "mare", "onda", "onde"})
_SHIFTS = frozenset({"turno", "turni", "orario", "notte", "aperto", "aperti", "apertura", "sportello"})
_NO_NOUNS = words(
    "circa nelle nella nello sulle sulla domani oggi alle gradi celsius durante entro fino dopo prima mentre verso "
    "sopra sotto anche ancora solo stamattina stasera previsti previste contro rispetto quindi"
)
_FORMS = frozenset({"classe", "classi", "cl", "cl.", "alunni", "alunno", "studenti", "sez."})
ITALIAN_FORMS = Rules()


@ITALIAN_FORMS.rule(
    "address",
    WORD,
    r"(?-i:(?P<kind>S)\.(?:S|P)\.|S[SP])\s?(?:n\.\s?)?(?P<number>\d{1,3})(?P<again>\s?(?:bis|ter))?(?![\w/]|[.,]\d)",
    "S",
)
def _road(match: re.Match[str], scan: Scan) -> str:
    """Read "S.S. 16 km 345" and "SP 12"."""
    kind = "provinciale" if "P" in match[0].upper() else "statale"
    return f"strada {kind} {scan.grammar.whole(match['number'])}{match['again'] or ''}"


# Read "tg. AB123CD"; elsewhere it is a size.
ITALIAN_FORMS.phrase("label", WORD, r"tg\.?(?=\s?(?-i:[A-Z]{2}\s?\d{3}\s?[A-Z]{2}))", "targa")
ITALIAN_FORMS.phrases("abbreviation", WORD, ".", {
    r"(?-i:P)\.\s?(?:IVA(?!\w)|I\.?(?=:?\s?\d{11}))": "partita IVA",
    r"sp\.\s?cond\.": "spese condominiali",
    r"risc\.\s?aut\.": "riscaldamento autonomo",
    r"prev\.(?=\sapp)": "previo",
    r"conv\.(?=\sin\sl)": "convertito",
    r"sec\.(?=\sconv)": "seconda",
    r"pag\.(?=\s?[(€:]|\s(?:entro|tramite|con)\s)": "pagamento",
    # Read "int. 15 €, rid. 12 €", the prices of a ticket.
    r"int\.(?=\s?(?:€\s?\d|\d{1,3}(?:,\d\d)?\s?(?:€|euro)))": "intero",
    r"(?-i:SS\.\s?UU\.)": "Sezioni Unite",
    r"(?-i:FF\.\s?AA\.)": "Forze Armate",
    r"(?-i:AA\.\s?VV\.)": "autori vari",
})  # fmt: skip


@ITALIAN_FORMS.rule("label", WORD, r"sett\.(?=(?P<number>\s(?:n\.\s?)?[0-5]?\d(?![\w/]|[.,:]\d))?)", ".")
def _week(match: re.Match[str], scan: Scan) -> str | None:
    """Read "turni sett. 49" and "40 h sett."; after a number it is the month or the unit."""
    if scan.before.endswith(" ore"):
        return "settimanali"
    if scan.kind == "ordinal":
        return "settimana"
    if not match["number"]:
        return None
    return None if scan.kind in ("number", "date", "measure", "range") else "settimana"


# Read "35 € p.p."; after a percentage those are points.
ITALIAN_FORMS.phrase("abbreviation", WORD, r"p\.\s?p\.(?!\w)", "a persona", ".", after=("money",))


@ITALIAN_FORMS.rule("ordinal", DIGIT, r"(?P<number>\d{1,2})\s?(?P<ending>[ªº^])(?=\s?[^\W\d_])", "ªº^")
def _form(match: re.Match[str], scan: Scan) -> str:
    """Read "classe 3ªC" and "2^ rata", an informal "2ª"."""
    return scan.grammar.ordinal(int(match["number"]), "" if match["ending"] == "º" else "f")


@ITALIAN_FORMS.rule("address", DIGIT, r"(?P<number>\d{1,4})\s?[/-]\s?(?P<again>bis|ter|quater)(?!\w)", "/-")
def _again(match: re.Match[str], scan: Scan) -> str:
    """Read "via Verdi 15/bis"."""
    return f"{scan.grammar.whole(match['number'])} {match['again'].lower()}"


@ITALIAN_FORMS.rule(
    "time",
    DIGIT,
    r"(?P<first>[01]?\d|2[0-4])-(?P<last>[01]?\d|2[0-4])(?![\w/%-]|[.,:]\d|\s(?!(?:e|o|ed|orario|continuat[oa]|tutti|solo|presso|su|in|al|alla|anche)\s)(?-i:[a-zà-ù]))",
    "-",
)
def _shift(match: re.Match[str], scan: Scan) -> str | None:
    """Read the hours of "lun 30/11 06-14" and "mar-sab 9-19"."""
    dated = scan.kind == "date"
    first, last = clock(match["first"], None), clock(match["last"], None)
    if first is None or last is None:
        return None
    long = max(first.hours, last.hours) > _EARLY and last.hours - first.hours != 1
    return romance(scan).hours(first, last, scan) if dated or (long and scan.recent_words(3) & _SHIFTS) else None


@ITALIAN_FORMS.rule("time", DIGIT, r"(?P<hours>[01]?\d|2[0-4])\.(?P<minutes>[0-5][05])(?!\w|[.,]\d|\s?[-–/€$£%])", ".")
def _listed_time(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "11.30" of "ore 10, 11.30 e 18": where one time is, there are others."""
    listed = False
    for token in scan.tokens[:-12:-1]:
        if token.kind in ("end", "paragraph"):
            break
        listed = listed or token.kind == "time" or token.words == "ore"
    if scan.last_word() in scan.table.date_words:
        return None
    return said_time(match, scan) if listed else None


_POINTS = {
    "N": "nord", "S": "sud", "E": "est", "O": "ovest", "NE": "nord est", "NO": "nord ovest", "SE": "sud est",
    "SO": "sud ovest",
}  # fmt: skip
ITALIAN_FORMS.append(compass(_POINTS, _WINDS, frozenset({"da", "di", "vento", "venti"})))


# Read "Corso V. Emanuele II".
ITALIAN_FORMS.phrase("initial", WORD, r"(?-i:V)\.\s?(?=(?-i:E)m(?:anuele|\.))", "Vittorio", ".")
ITALIAN_FORMS.phrases("label", WORD, ".", {
    r"cat\.(?=\s(?-i:[A-E])(?!\w))": "categoria",
    r"p\.(?=\s?\d{1,2}[°º])": "piano",  # Read "perdita al p. 2°" and "3 m x H 2,7 m".
    r"pol\.(?=\s(?:n\.|nr|\d))": "polizza",
})  # fmt: skip
ITALIAN_FORMS.phrase("symbol", WORD, r"[x×](?=\s(?-i:H)\.?\s?\d)", "per", "H")
# Read "Reg. CE 261/04".
ITALIAN_FORMS.phrase("label", WORD, r"reg\.(?=\s\(?(?-i:CE|UE|CEE)(?!\w))", "regolamento", "E")
ITALIAN_FORMS.phrase("label", WORD, r"(?-i:H)\.?\s?(?=\d{1,3}(?:,\d{1,2})?\s?[cm]?m(?!\w))", "altezza", "mM")


@ITALIAN_FORMS.rule(
    "abbreviation", WORD, r"(?P<name>ult|pross)\.(?=\s(?P<several>\d{1,3}\s)?(?P<noun>[^\W\d_]{3,20}))", "."
)
def _last(match: re.Match[str], scan: Scan) -> str:
    """Read "ult. corsa", "ult. ingresso" and "ult. 5 anni"."""
    said = {"ult": "ultimo", "pross": "prossimo"}[match["name"].lower()]
    if match["several"]:
        return f"{said[:-1]}{'e' if match['noun'].endswith('e') else 'i'}"
    return f"{said[:-1]}a" if romance(scan).gender(match["noun"], several=False) else said


# Read "55 mq c.a.".
ITALIAN_FORMS.phrase("abbreviation", WORD, r"c\.\s?a\.?(?![\w.])", "circa", ".", after=("measure",))


@ITALIAN_FORMS.rule("fraction", DIGIT, r"1/2(?![\w/]|[.,]\d)", "/")
def _and_half(match: re.Match[str], scan: Scan) -> str | None:
    """Read "alle 7 e 1/2" and "1 h e 1/2"."""
    if scan.before != "e" or len(scan.tokens) < 2 or scan.tokens[-2].kind not in ("number", "measure", "time"):  # noqa: PLR2004
        return None
    return romance(scan).half(scan.tokens[-2].words.rpartition(" ")[2].rpartition("'")[2])


@ITALIAN_FORMS.rule("symbol", SIGN, r"\*(?=\sper\s)", "*")
def _asterisk(match: re.Match[str], scan: Scan) -> str | None:
    """Read "premere * per riascoltare"; at the start of a line it is a bullet."""
    return None if scan.opens or scan.at_line_start(match.start()) else "asterisco"


ITALIAN_FORMS.phrases("ordinal", DIGIT, "°", {
    r"(?P<number>\d{1,2})°(?!\w|\s?[CF](?!\w))": "{number:ordinal}",  # Read "liv. 4°" and "piano 3°".
}, where=lambda scan: scan.before in romance(scan).lists.ordinal_nouns - {"volta", "giorno", "tempo"})  # fmt: skip


@ITALIAN_FORMS.rule(
    "time", DIGIT, r"(?P<hours>[01]?\d|2[0-4]):(?P<minutes>[0-5]\d)-(?P<last>[01]?\d|2[0-4])(?![\w/%]|[.,:]\d)", ":"
)
def _until(match: re.Match[str], scan: Scan) -> str | None:
    """Read "pranzo 12:30-13"."""
    first, last = clock(match["hours"], match["minutes"]), clock(match["last"], None)
    return romance(scan).hours(first, last, scan) if first and last else None


@ITALIAN_FORMS.rule("measure", DIGIT, r"(?:(?P<first>\d)\s?[-–/]\s?)?(?P<weeks>\d)\ssett\.(?!\s\d{2})", ".")
def _weeks(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "riposo 1-2 sett." and "tra 2 sett."; "il 2 sett." is a date."""
    known = scan.last_word() in ("tra", "fra", "per", "ogni", "da", "dopo", "circa", "di", "x")
    if scan.last_word() in scan.table.date_words or not (match["first"] or known):
        return None
    said = scan.grammar.counted(match["weeks"], "settimana", "settimane")
    first = f"{scan.grammar.whole(match['first'])} {scan.table.to} " if match["first"] else ""
    return f"{first}{said}", match.end() - bool(re.match(r"\s[A-ZÀ-Ý]|\s*\Z", scan.text[match.end() :][:3]))


ITALIAN_FORMS.phrase("word", WORD, r"gg\.?(?<=al.gg.)|gg(?<=al.gg)(?![\w.])", "giorno")


@ITALIAN_FORMS.rule(
    "number", DIGIT, r"(?P<first>\d{2,3})/(?P<last>30|100|110)(?:\s(?P<honours>e\slode))?(?![\w/]|[.,-]\d)", "/"
)
def _mark(match: re.Match[str], scan: Scan) -> str | None:
    """Read the marks "28/30" and "110/110"."""
    marked = scan.recent_words(5) & {"voto", "votazione", "punteggio", "media", "esame", "esito", "laurea"}
    if int(match["first"]) > int(match["last"]) or not (marked or match["last"] == "110" or match["honours"]):
        return None
    lode = f" {match['honours']}" if match["honours"] else ""
    return f"{scan.grammar.whole(match['first'])} {scan.table.out_of} {scan.grammar.whole(match['last'])}{lode}"


# Read "1° Ganna" and "2° Memorial Rossi"; "max 8° Nord" is a temperature.
ITALIAN_FORMS.phrase(
    "ordinal",
    DIGIT,
    r"(?P<number>\d)°(?=\s(?:(?-i:[A-ZÀ-Ý])(?:[^\W\d_]{2,20}(?<=[a-zà-ÿ])|\.\s(?-i:[A-Z]))|e\s(?:ultimo|\d{1,2}°)))",
    "{number:ordinal}",
    "°",
    unless=("max", "min", "a", "di", "da", "t", "temperatura", "meno", "circa"),
)
ITALIAN_FORMS.phrases("word", WORD, "", {
    # Read the "x" of "x favore" and "auguri x i 18 anni"; "raggi x" and "asse x" have the letter.
    r"(?-i:x)(?=\s(?!(?:e|o|è|y|ed|più|meno|per|uguale|diviso)\s)(?-i:[a-zà-ù]))": "per",
}, unless=("raggi", "asse", "assi", "cromosoma", "fattore", "generazione", "incognita", "mister"))  # fmt: skip
# Read "pag. 12, es. 3", but "ad es. 3 volte".
ITALIAN_FORMS.phrase("label", WORD, r"es\.(?=\s(?:n\.\s?)?\d)", "esercizio", ".", unless=("ad", "per", "p"))


@ITALIAN_FORMS.rule("ordinal", DIGIT, r"(?P<number>\d{1,3})°(?=\s(?P<noun>(?-i:[a-zà-ù]{4,20}))(?!\w))", "°")
def _ranked(match: re.Match[str], scan: Scan) -> str | None:
    """Read "2° pezzo" and "60° compleanno"; "max 8° circa" is a temperature."""
    known = match["noun"] in _NO_NOUNS or scan.announced(_TEMPERATURES)
    return None if known else scan.grammar.ordinal(int(match["number"]))


ITALIAN_FORMS.phrase("word", WORD, r"m/f(?=\))", "uomo o donna", "/")
# Read "Risponda SI o NO" and "pagg. 112 ss.".
ITALIAN_FORMS.phrase("word", WORD, r"(?-i:SI)(?=[,;]?\s(?:o\s)?NO(?!\w))", "sì")
ITALIAN_FORMS.phrase("abbreviation", WORD, r"ss\.?(?!\w)", "e seguenti", after=("number",))


@ITALIAN_FORMS.rule("code", WORD, r"(?P<form>(?-i:III?|IV(?=\s)))\s?(?P<letter>(?-i:[A-H]))(?![\w'-]|\.\w)")
def _class(match: re.Match[str], scan: Scan) -> str | None:
    """Read the class "III B" of a school; "Umberto II A Roma" has a king."""
    if scan.written_before().istitle() and scan.last_word() not in ("classe", "classi", "alunni", "sezione"):
        return None
    form = {"II": "seconda", "III": "terza", "IV": "quarta"}[match["form"].upper()]
    return f"{form} {match['letter']}"


@ITALIAN_FORMS.rule("code", DIGIT, r"(?P<form>[1-5])\s?(?P<letter>(?-i:[A-H]))(?![\w'-]|\.\w)")
def _lettered_form(match: re.Match[str], scan: Scan) -> str | None:
    """Read "classi 1A e 3C"."""
    if not scan.recent_words(6) & _FORMS:
        return None
    return f"{scan.grammar.ordinal(int(match['form']), 'f')} {match['letter']}"


ITALIAN_FORMS.phrases("abbreviation", WORD, ".", {
    r"lav\.(?!\w)": "lavorativi",  # "3 gg lav."
}, where=lambda scan: scan.before.endswith("giorni"))  # fmt: skip


@ITALIAN_FORMS.rule("abbreviation", WORD, r"prev\.(?=\s(?P<next>n\.|€|\d)?)", ".")
def _estimate(match: re.Match[str], scan: Scan) -> str | None:
    """Read "prev. n. 3" and "il prev."."""
    known = match["next"] or scan.last_word() in ("il", "un", "del", "ns", "vs", "nostro", "vostro", "suo")
    return "preventivo" if known else None


@ITALIAN_FORMS.rule("measure", DIGIT, r"(?P<number>\d{1,2}|1/2)\s?fl\.?(?!\w|\s?oz)", "f")
def _vial(match: re.Match[str], scan: Scan) -> str:
    """Read "1 fl." and "1/2 fl.", which is not a fluid ounce."""
    half = match["number"] == "1/2"
    return "mezza fiala" if half else scan.grammar.counted(match["number"], "fiala", "fiale")


# Read the number of "art. 22 L. 689/81", which counts no litres.
ITALIAN_FORMS.phrase("number", DIGIT, r"\d{1,4}(?=\s(?-i:L)\.\s?(?:n\.\s?)?\d{1,4}/\d)", "{0:whole}", "/")
