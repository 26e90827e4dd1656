"""German numbers and letters that name something: "Zimmer 112", "Gleis 12 A–D", "Nr. 2a-c", "B 51/L 83".

Also Roman numerals and the sections of laws: "Ludwig XIV.", "§ 823 I BGB".
"""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.languages.german_codes import STREET, YEARS
from herald.speech.reading.languages.german_ordinals import ORDERED, ending, ending_of
from herald.speech.reading.languages.german_short_forms import near
from herald.speech.reading.languages.roman import roman
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.table import words

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan


_LETTERED = tuple(words("abschnitt abschnitte buchstabe buchstaben gruppe gruppen name namen reihe reihen"))
"""Ends of words after which "B-E" is a range."""
_COUNTED = words("linie bus tram zug gleis zimmer zi raum saal kabine platz seite nr nummer hausnummer puls tür top")
"""Words before a number that is no emergency number."""
GERMAN_LABELS = Rules()

# Read the sign of "#8F3K2", which is no hashtag.
GERMAN_LABELS.phrase("label", (SIGN,), r"#(?=\d(?-i:[A-Z\d]{3,11})(?!\w))", "Nummer", needs="#")


@GERMAN_LABELS.rule("code", (DIGIT,), r"(?P<year>20\d\d)-(?P<number>\d{3,6})(?![\w-])", needs="-")
def _of_year(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the reference "2026-8841", but not the years "2026-2030"."""
    if YEARS.fullmatch(match["number"]):
        return None
    return f"{scan.grammar.digits(match['year'])}, {scan.grammar.digits(match['number'])}"


@GERMAN_LABELS.rule("code", (DIGIT,), r"(?P<first>\d{5})\s?[-–]\s?(?P<last>\d{5})(?![\w-])", needs="-–")
def _postal(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "PLZ 86150–86199"."""
    if scan.last_word() not in ("plz", "postleitzahl", "postleitzahlen"):
        return None
    return f"{scan.grammar.digits(match['first'])} {scan.table.to} {scan.grammar.digits(match['last'])}"


@GERMAN_LABELS.rule("number", (DIGIT,), r"11[0256](?!\w|[.,:/-]\d)")
def _no_emergency(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the number of "Zimmer 112" and "Hauptstr. 110", which is not dialled."""
    before = scan.last_word()
    counted = before in _COUNTED or before.endswith(STREET) or (len(before) > 1 and scan.written_before().isupper())
    return scan.grammar.whole(match[0]) if counted else None


@GERMAN_LABELS.rule("number", (DIGIT,), r"\d{1,3}(?=/(?-i:[ABKLS])\s?\d)", needs="/")
def _road(match: re.Match[str], scan: "Scan") -> str:
    """Read the number of "B 51/L 83", which is not per litre."""
    return scan.grammar.whole(match[0])


@GERMAN_LABELS.rule("number", (DIGIT,), r"\d{1,3}(?=\s(?-i:[A-Z]\s?[-–]\s?[A-Z])(?!\w))", needs="-–")
def _track(match: re.Match[str], scan: "Scan") -> str:
    """Read the number of "Gleis 12 A–D", which are no amperes."""
    return scan.grammar.whole(match[0])


@GERMAN_LABELS.rule(
    "code", (DIGIT,), r"(?P<number>\d{1,3})(?P<first>[a-z])\s?[-–]\s?(?P<last>[a-z])(?![\w-])", needs="-–"
)
def _letters(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "Nr. 2a-c"."""
    if match["first"].lower() >= match["last"].lower():
        return None
    first, last = map(scan.grammar.spelled, (match["first"], match["last"]))
    return f"{scan.grammar.whole(match['number'])} {first} {scan.table.to} {last}"


@GERMAN_LABELS.rule(
    "range", (WORD,), r"(?P<first>(?-i:[A-Z]))(?P<dash>-|\s?–\s?)(?P<last>(?-i:[A-Z]))(?![\w-])", needs="-–"
)
def _initials(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "Buchstaben A–K" and "Abschnitt B-E"."""
    dashed = match["dash"] == "–" or scan.last_word().endswith(_LETTERED)
    if not dashed or match["first"] >= match["last"]:
        return None
    return f"{match['first']} {scan.table.to} {match['last']}"


@GERMAN_LABELS.rule(
    "word", (WORD,), r"(?-i:(?P<word>[A-ZÄÖÜ][a-zäöüß]{1,20})-(?P<number>[1-9]\d{0,2})-(?=[A-ZÄÖÜ][a-zäöü]))", needs="-"
)
def _inside(match: re.Match[str], scan: "Scan") -> str:
    """Read the beginning of "Tempo-100-Zone"."""
    return f"{match['word']} {scan.grammar.whole(match['number'])}"


LAWS = ("Paragraf", "Paragrafen", "Artikel", "Absatz")
_NUMBERED = words(
    "kapitel kap teil band akt szene abschnitt anhang anlage artikel buch stufe phase klasse typ gruppe weltkrieg "
    "liga hartz alg sgb abteilung kategorie lektion saal halle haus block kammer senat hof"
)
"""Nouns after which a Roman numeral is a cardinal."""
_QUEENS = ("a", "eth", "the", "ine", "anne")
"""Ends of names of queens: "Elisabeth I."."""
ROMAN = Rules()


@ROMAN.rule("number", (WORD,), r"(?P<numeral>(?-i:[IVX]{1,4}))(?=\s(?:(?-i:[A-Z])|Nr\.|\d))")
def _paragraph(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "§ 823 I BGB"."""
    number = roman(match["numeral"])
    law = [token.words for token in scan.tokens[-2:]]
    if not number or len(law) < 2 or law[0] not in LAWS[:3] or scan.tokens[-1].kind != "number":  # noqa: PLR2004
        return None
    return f"{LAWS[3]} {scan.grammar.cardinal(number)}"


@ROMAN.rule("roman", (WORD,), r"(?P<numeral>(?-i:[IVXLCDM]{1,9}))(?P<dot>\.?)(?![\w'-]|\s(?-i:[A-Z])(?!\w))")
def _roman(match: re.Match[str], scan: "Scan") -> str | tuple[str, int] | None:
    """Read "Kapitel IV" and "Ludwig XIV."."""
    numeral, before = match["numeral"], scan.written_before()
    number = roman(numeral)
    if not before or not number or (len(numeral) == 1 and numeral not in "IVX"):
        return None  # "Max M."
    if before.lower().rstrip(".") in _NUMBERED and (len(numeral) > 1 or before[0].isupper()):
        return scan.grammar.cardinal(number)
    if not match["dot"] and len(numeral) > 1 and set(numeral) <= set("IVX") and before[0].isupper():
        return scan.grammar.cardinal(number)  # "Marke II"
    if match["dot"] and before.lower() in ("der", "die") and len(numeral) > 1:
        return scan.grammar.ordinal(number).removesuffix("r")  # "Heinrich der VIII."
    if not match["dot"] or len(before) == 1 or not before.istitle() or before.lower() in scan.table.openers:
        return None
    article_of_name = "die" if before.endswith(_QUEENS) else "der"
    return f"{article_of_name} {scan.grammar.ordinal(number).removesuffix('r')}"


@ROMAN.rule("ordinal", (WORD,), r"(?P<numeral>(?-i:[IVX]{1,6}))\.(?=\s(?P<noun>[^\W\d_]{2,20}))", needs=".")
def _roman_ordinal(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "II. Weltkrieg"."""
    number = roman(match["numeral"])
    if not number or match["noun"].lower() not in ORDERED:
        return None
    wanted = ending(scan)
    said = scan.grammar.ordinal(number).removesuffix("er")
    return said + (ending_of(match["noun"]) if wanted == "er" else wanted)


@ROMAN.rule("number", (DIGIT,), r"(?P<number>\d{1,4})\s?(?P<letter>(?-i:[a-z]))(?![\w.])")
def _section(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "§ 312g"."""
    if not scan.tokens or scan.tokens[-1].words not in LAWS:
        return None
    return f"{scan.grammar.whole(match['number'])} {scan.grammar.spelled(match['letter'])}"


@ROMAN.rule("label", (WORD,), r"(?-i:S)\.(?=\s?\d)", needs=".")
def _sentence(_: re.Match[str], scan: "Scan") -> str | None:
    """Read "Abs. 1 S. 2"."""
    return "Satz" if near(scan, LAWS, 2) else None
