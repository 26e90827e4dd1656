"""Rules for German only: "3:1", "90er", "Ludwig XIV.", "§ 823 I BGB", "s. Rechnung"; lists all rules in order."""

import re

from herald.speech.reading.grammar import HOURS, MINUTES
from herald.speech.reading.languages.german_amounts import GERMAN_AMOUNTS
from herald.speech.reading.languages.german_codes import GERMAN_CODES, GERMAN_LABELS
from herald.speech.reading.languages.german_dates import GERMAN_DATES
from herald.speech.reading.languages.german_ordinals import ORDERED, ORDINALS, ending, ending_of
from herald.speech.reading.languages.german_short_forms import SHORT_FORMS, near
from herald.speech.reading.languages.german_times import GERMAN_TIMES
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.numbers import roman
from herald.speech.reading.scanner import Scan
from herald.speech.reading.structure import pause
from herald.speech.reading.table import words

LAWS = ("Paragraf", "Paragrafen", "Artikel", "Absatz")
_CHAPTERS = words(
    "kapitel kap teil band akt szene abschnitt anhang anlage artikel buch stufe phase klasse typ gruppe weltkrieg "
    "liga hartz alg sgb abteilung kategorie lektion saal halle haus block kammer senat hof"
)
"""Nouns after which a Roman numeral is a cardinal."""
_QUEENS = ("a", "eth", "the", "ine", "anne")
"""Ends of names of queens: "Elisabeth I."."""
ROMAN = Rules()


@ROMAN.rule("number", WORD, r"(?P<numeral>(?-i:[IVX]{1,4}))(?=\s(?:(?-i:[A-Z])|Nr\.|\d))")
def _paragraph(match: re.Match[str], scan: Scan) -> str | None:
    """Read "§ 823 I BGB"."""
    number = roman(match["numeral"])
    law = [token.words for token in scan.tokens[-2:]]
    if not number or len(law) < 2 or law[0] not in LAWS[:3] or scan.tokens[-1].kind != "number":  # noqa: PLR2004
        return None
    return f"{LAWS[3]} {scan.grammar.cardinal(number)}"


@ROMAN.rule("roman", WORD, r"(?P<numeral>(?-i:[IVXLCDM]{1,9}))(?P<dot>\.?)(?![\w'-]|\s(?-i:[A-Z])(?!\w))")
def _roman(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    """Read "Kapitel IV" and "Ludwig XIV."."""
    numeral, before = match["numeral"], scan.written_before()
    number = roman(numeral)
    if not before or not number or (len(numeral) == 1 and numeral not in "IVX"):
        return None  # "Max M."
    if before.lower().rstrip(".") in _CHAPTERS and (len(numeral) > 1 or before[0].isupper()):
        return scan.grammar.cardinal(number)
    if not match["dot"] and len(numeral) > 1 and set(numeral) <= set("IVX") and before[0].isupper():
        return scan.grammar.cardinal(number)  # "Marke II"
    if match["dot"] and before.lower() in ("der", "die") and len(numeral) > 1:
        return scan.grammar.ordinal(number).removesuffix("r")  # "Heinrich der VIII."
    if not match["dot"] or len(before) == 1 or not before.istitle() or before.lower() in scan.table.openers:
        return None
    article_of_name = "die" if before.endswith(_QUEENS) else "der"
    return f"{article_of_name} {scan.grammar.ordinal(number).removesuffix('r')}"


@ROMAN.rule("ordinal", WORD, r"(?P<numeral>(?-i:[IVX]{1,6}))\.(?=\s(?P<noun>[^\W\d_]{2,20}))", ".")
def _roman_ordinal(match: re.Match[str], scan: Scan) -> str | None:
    """Read "II. Weltkrieg"."""
    number = roman(match["numeral"])
    if not number or match["noun"].lower() not in ORDERED:
        return None
    wanted = ending(scan)
    said = scan.grammar.ordinal(number).removesuffix("er")
    return said + (ending_of(match["noun"]) if wanted == "er" else wanted)


ROMAN.phrases("number", DIGIT, "", {
    r"(?P<number>\d{1,4})\s?(?P<letter>(?-i:[a-z]))(?![\w.])": "{number:whole} {letter:spelled}",  # "§ 312g"
}, where=lambda scan: scan.tokens and scan.tokens[-1].words in LAWS)  # fmt: skip
# Read "Abs. 1 S. 2".
ROMAN.phrase("label", WORD, r"(?-i:S)\.(?=\s?\d)", "Satz", ".", where=lambda scan: near(scan, LAWS, 2))


PHRASES = Rules()

PHRASES.phrases("title", WORD, ".", {
    r"(?-i:s)\.(?=\s(?-i:[A-ZÄÖÜ]{2}|[A-ZÄÖÜ][a-zäöü]))": "siehe",  # "s. Rechnung"
    # Read "n. 2 Tagen" and "n. Absprache"; "n. V." and "n. Chr." are in the table.
    r"(?-i:n)\.(?=\s(?:\d|(?!Chr)(?-i:[A-ZÄÖÜ][a-zäöü]{2})))": "nach",
    r"(?-i:z)\.(?=\s?\d{1,2}\.|\s(?:Monats|Quartals|Jahres)ende)": "zum",  # "fällig z. 3.1."
    r"(?-i:Dr)\.\s?in(?=\s(?-i:[A-ZÄÖÜ]))": "Doktorin",  # "Dr.in Schmid"
    r"(?-i:Mag)\.\s?a(?=\s(?-i:[A-ZÄÖÜ]))": "Magistra",
    r"(?-i:LL\.\s?M)\.": "L L M",  # "Voß LL.M."
    r"(?-i:gem)\.(?=\s(?-i:[A-ZÄÖÜ][a-zäöü]))": "gemäß",  # Read "gem. Vertrag"; "Gem." is also a "Gemeinde".
    r"(?-i:m)\.(?=\s(?:\d|(?-i:[A-ZÄÖÜ][a-zäöü])))": "mit",  # "m. Frühstück"
})  # fmt: skip
PHRASES.phrase("label", WORD, r"min\.(?=\s[-–−]?\d{1,2}\s?°)", "minimal", "°")
# Read "KM 890 € + NK 210 €" and "14.900 € VB".
PHRASES.phrase("label", WORD, r"(?-i:KM)(?=:?\s\d[\d.,]{1,8}\s?(?:€|EUR))", "Kaltmiete", "€E")
PHRASES.phrase("label", WORD, r"(?-i:NK)(?=:?\s\d[\d.,]{1,8}\s?(?:€|EUR))", "Nebenkosten", "€E")
PHRASES.phrase("word", WORD, r"(?-i:VB|VHB)(?!\w)", "Verhandlungsbasis", "V", after=("money",))
# Read "i. v. Gabe"; "i. V." has a capital.
PHRASES.phrase("abbreviation", WORD, r"(?-i:i\.\s?v)\.(?!\s?m\.)", "I V", ".")
# "HDL" is a blood value.
PHRASES.phrase("abbreviation", WORD, r"(?-i:[Hh]dl)(?!\w)", "hab dich lieb")
PHRASES.phrases("label", WORD, ".", {
    # Read "Geb. 12" and "Geb. O22"; "geb. 3.4.1980" is a date.
    r"(?-i:Geb)\.(?=\s(?:\d{1,3}(?!\.)|(?-i:[A-Z])\s?\d{0,3})(?![\w/]|[.,]\d))": "Gebäude",
    r"(?-i:R)\.(?=\s\d{1,4}(?!\.?\w))": "Raum",  # "19.30 Uhr, R. 204"
    r"(?-i:St)\.(?=\s?\d)": "Stufe",  # Read "E 9a St. 4": no saint has a number.
    r"(?-i:Kl)\.(?=\s?(?-i:[A-H])(?!\w))": "Klasse",  # "Kl. D"
    r"(?-i:Wg)\.(?=\s?\d{1,3}(?:[-–]\d|[,/)]|\.?\s?\Z|\s(?:Platz|Pl|Sitz)))": "Wagen",  # "Wg. 23, Platz 61"
    r"Gr\.(?=\s(?:X{0,3}[SL]|M)(?!\w))": "Größe",  # "Gr. XL"
})  # fmt: skip
# Read "1. So. i. M.".
PHRASES.phrase("abbreviation", WORD, r"(?-i:i\.\s?M)\.", "im Monat", ".")
PHRASES.phrases("word", WORD, ".", {
    r"(?-i:pos)\.(?=[,;)]|\s(?-i:[a-z])|\s?\Z)": "positiv",  # "Rh pos."
    r"(?-i:neg)\.(?=[,;)]|\s(?-i:[a-z])|\s?\Z)": "negativ",
    r"(?<=(?:zzgl|inkl)\. )(?-i:Geb)\.": "Gebühren",  # "zzgl. Geb."
    r"(?-i:Geb)\.(?=\s\d{1,3},\d\d)": "Gebühr",  # "Geb. 49,99"
    r"(?-i:ü\.\s?NN)(?!\w)": "über Normalnull",  # "4 m ü. NN"
    r"(?-i:ges)\.(?=\s\d)": "gesamt",  # "ges. 1.125 €"
    r"(?-i:Ki)\.(?=\s(?:bis|ab|unter|u\.|frei|\())": "Kinder",  # Read "Ki. bis 6 J."; "KI." is something else.
    r"ver\.di(?!\w)": "Verdi",  # The name of a trade union.
})  # fmt: skip
# Read "1-Zi.-Whg.".
PHRASES.phrase("number", DIGIT, r"1-(?=(?-i:[A-ZÄÖÜ][a-zäöü]{1,15}\.?-[A-ZÄÖÜ]))", "ein", "-")
# Read "DW -214".
PHRASES.phrase("label", WORD, r"(?-i:DW)(?=\s?-\d)", "Durchwahl", "-")
PHRASES.phrase("word", WORD, r"w/m/d(?!\w)", "weiblich, männlich, divers", "/")
# Read the "(m/w/d)" of an advertisement.
PHRASES.phrase("word", WORD, r"m/w/d(?!\w)", "männlich, weiblich, divers", "/")
PHRASES.phrase("symbol", SIGN, "§§", "Paragrafen", "§")


SHORT_WORDS = frozenset({"f", "li", "re", "so", "x", "xx", "xxx", "xxxx", "hj", "lj", "sem", "spt", "hd", "hdl"})
"""Lower-case words at which one of these rules may begin."""
_NUMBERED = frozenset(["linie", "bus", "gleis", "gate", "zimmer", "raum", "nr", "nummer", "tram", "zug", "schalter"])
"""Words that are followed by their own number: "Linie 5 - 10 Minuten Verspätung"."""
_HALF = Lazy(r"\s\(\d{1,2}:\d{1,2}[,;)]")
"""The score at half-time, after a score."""
GERMAN_RULES = Rules(
    [
        *(*GERMAN_TIMES, *GERMAN_DATES, *ROMAN, *ORDINALS, *GERMAN_LABELS, *GERMAN_CODES),
        *(*PHRASES, *SHORT_FORMS, *GERMAN_AMOUNTS),
    ]
)


@GERMAN_RULES.rule(
    "range", DIGIT, r"(?P<first><num>)\s[-–—]\s(?=(?P<last><num>)(?P<unit>\s?[€%$°A-Za-zÄÖÜäöü])?)", "-–—"
)
def _spaced_range(match: re.Match[str], scan: Scan) -> str | None:
    """Read the beginning of "5 - 10 Minuten"."""
    first, last = (float(".".join(scan.grammar.parts(match[name]))) for name in ("first", "last"))
    dated = any(token.kind == "date" for token in scan.tokens[-2:])  # "Mo: 9 - 12"
    if first >= last or not (match["unit"] or dated) or scan.last_word() in _NUMBERED or scan.names_code():
        return None
    return f"{scan.grammar.number(match['first'])} {scan.table.to}"


@GERMAN_RULES.rule("symbol", SIGN, r"\+(?=\d{1,6}(?:[,:]\d{1,3})?\s?(?:[^\W\d_]|[€%°]))", "+")
def _plus(match: re.Match[str], scan: Scan) -> str | None:
    """Read the sign of "+15 Min."."""
    return None if scan.text[match.start() - 1 : match.start()].isalnum() else scan.table.plus


@GERMAN_RULES.rule("range", DIGIT, r"(?P<first><num>)/(?P<last>\d{1,3})(?=\s(?:Sterne|Punkte)n?(?!\w))", "/")
def _rating(match: re.Match[str], scan: Scan) -> str:
    """Read "4,8/5 Sterne"."""
    return f"{scan.grammar.number(match['first'])} von {scan.grammar.whole(match['last'])}"


@GERMAN_RULES.rule("number", DIGIT, r"(?P<number>\d{1,4})(?P<ending>ern?)(?=-?\W|\Z)", "eE")
def _decade(match: re.Match[str], scan: Scan) -> str:
    """Read "1990er", "90er" and "2er"."""
    return f"{scan.grammar.year(match['number'])}{match['ending'].lower()}"


@GERMAN_RULES.rule(
    "number",
    DIGIT,
    r"(?:(?P<first>\d{1,3})\s?[-–]\s?)?(?P<number><num>)\s?[x×]"
    r"(?:(?=\s[^\W\d_])|(?=\s?(?:<num>\s?(?:€|EUR|Euro)|1/2|½))|(?=[,.;)]|/\d{1,3}\s?(?:h|Std)(?!\w)|\Z)|/(?P<per>Tag|Woche|Wo|Monat|Mon|Jahr|Std|d)(?!\w)\.?)",
    "xX×",
)
def _times(match: re.Match[str], scan: Scan) -> str:
    """Read "1x täglich", "2-3x", "1x/Woche" and the beginning of "2 x 49,99 €"."""
    said = scan.grammar.counted(match["number"], "mal", "mal")
    said = f"{scan.grammar.whole(match['first'])} {scan.table.to} {said}" if match["first"] else said
    return f"{said} {scan.table.per} {scan.table.per_units[match['per'].lower()]}" if match["per"] else said


# Read "1x 23 kg".
GERMAN_RULES.phrase("number", DIGIT, r"1x(?=\s\d)", "ein mal", "xX")


@GERMAN_RULES.rule("range", DIGIT, r"(?P<first>\d{1,3})(?::|\s:\s)(?P<last>\d{1,3}(?:\.\d{3})?)(?![\w:]|[.,]\d)", ":")
def _score(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3:1" and, after a word such as "gewann", "21:19"."""
    last = match["last"]
    clock = int(match["first"]) <= HOURS and len(last) == 2 and int(last) <= MINUTES  # noqa: PLR2004
    # "28:25 (14:12)"
    scored = any(token.kind == "range" and " zu " in token.words for token in scan.tokens[-2:]) or _HALF.match(
        scan.text, match.end()
    )
    if clock and not scored and scan.last_word() not in scan.table.score_words:
        return None
    return f"{scan.grammar.whole(match['first'])} zu {scan.grammar.number(last)}"


@GERMAN_RULES.rule(
    "range", DIGIT, r"(?P<first>\d{1,4})\s?[-–]\s?(?P<last>\d{1,4})/(?P<unit>min|h|Tag|Woche|Monat|Jahr)(?!\w)", "/"
)
def _per(match: re.Match[str], scan: Scan) -> str:
    """Read "60-80/min"."""
    numbers = f"{scan.grammar.whole(match['first'])} {scan.table.to} {scan.grammar.whole(match['last'])}"
    return f"{numbers} {scan.table.per} {scan.table.per_units[match['unit'].lower()]}"


GERMAN_RULES.phrases("word", DIGIT, "", {
    # Read "2in1" and "3-für-2".
    r"(?P<first>\d{1,2})(?P<join>-?)(?P<word>für|in|auf|zu)(?P=join)(?P<last>\d{1,2})(?![\w.,]\d|\w)-?":
        "{first:whole} {word:lower} {last:whole}",
})  # fmt: skip
# Read the "./." of accounts.
GERMAN_RULES.phrase("symbol", SIGN, r"\./\.", "abzüglich", "/")


@GERMAN_RULES.rule("version", DIGIT, r"\d{1,4}\.\d{1,2}(?:[-–]\d{1,4}\.\d{1,2})?(?![\w.:,/-]\d|\w|\s?[%€$£])", ".")
def _dotted_number(match: re.Match[str], scan: Scan) -> str:
    """Read "3.12" with its dot, as in the version of a program, and "2.1–2.4"."""
    ends = match[0].replace("–", "-").split("-")
    return f" {scan.table.to} ".join(
        f" {scan.table.dot} ".join(scan.grammar.whole(part) for part in end.split(".")) for end in ends
    )


# Read the "x" of "5 cm x 3 cm".
GERMAN_RULES.phrase("word", WORD, r"x(?=\s\d)", "mal", after=("measure", "number", "money"))


@GERMAN_RULES.rule("number", DIGIT, r"(?P<minute>\d{2,3})\.\+(?P<more>\d{1,2})(?!\w)", "+")
def _extra_time(match: re.Match[str], scan: Scan) -> str:
    """Read the minute "90.+4" of a game."""
    return f"{scan.grammar.whole(match['minute'])} {scan.table.plus} {scan.grammar.whole(match['more'])}"


# Read "+/- 15 min".
GERMAN_RULES.phrase("symbol", SIGN, r"\+/[-−](?=\s?\d)", "plus minus", "+")


@GERMAN_RULES.rule("symbol", SIGN, r"[-–=]{1,2}>", ">")
def _arrow(match: re.Match[str], scan: Scan) -> str:
    """Read an arrow as a pause; it is not a comparison."""
    pause(scan, match.start(), match.end(), ",")
    return ""


# Leave out the dash of "Durchwahl -12" and "Fax: -99".
_LINES = ("durchwahl", "dw", "fax", "tel", "telefon")
GERMAN_RULES.phrase("symbol", SIGN, r"-(?=\d{1,4}(?!\d))", "", "-", last=_LINES)


@GERMAN_RULES.rule("number", DIGIT, r"(?P<whole>\d{1,3}(?:'\d{3}){1,4})(?:[.,](?P<part>\d{1,3}))?(?![\w'])", "'")
def _apostrophes(match: re.Match[str], scan: Scan) -> str:
    """Read "8'001 Einwohner"."""
    return scan.grammar.number(match["whole"].replace("'", "") + (f",{match['part']}" if match["part"] else ""))


@GERMAN_RULES.rule("word", SIGN, r"[-–](?=\s?[-+]?\d{1,6}(?:,\d{1,3})?\s?[%€°])", "-–")
def _to(match: re.Match[str], scan: Scan) -> str | None:
    """Read the dash of "5 % – 6 %"."""
    joins = scan.kind in ("percent", "measure", "money")
    return scan.table.to if joins and scan.text[match.end() : match.end() + 1].isspace() else None


@GERMAN_RULES.rule("symbol", SIGN, r"–(?=\d{1,2}(?:,\d)?(?:\s?°|\s(?:Grad|bis|und)(?!\w))|(?<=\(–)\d)", "–")
def _below_zero(match: re.Match[str], scan: Scan) -> str | None:
    """Read the long dash of "–12 bis –8 Grad"."""
    last = scan.tokens[-1] if scan.tokens else None
    alone = not last or last.kind in ("word", "pause", "end")
    return scan.table.minus if alone and not scan.text[match.start() - 1 : match.start()].isalnum() else None


# Read the sign of "Norm: < 4,0".
GERMAN_RULES.phrase("symbol", SIGN, r"<(?=\s?\d)", "kleiner als", "<", after=("pause",))
GERMAN_RULES.phrase("symbol", SIGN, r">(?=\s?\d)", "größer als", ">", after=("pause",))


@GERMAN_RULES.rule("word", WORD, r"so(?=\s\d+(?!\d|[.:]\d|\.\s|\s?(?:[-–]\s?\d{1,2}\s?)?(?:Uhr|h(?!\w))))")
def _so(match: re.Match[str], scan: Scan) -> str | None:
    """Read the word "so" before a number that is not a date or time: "So 20 Leute"."""
    if match[0].istitle():
        for token in scan.tokens[:-8:-1]:
            if token.kind == "end":
                break
            if token.words in scan.table.weekdays:
                return None  # "Sa 9–14, So 10–12"
    return match[0]
