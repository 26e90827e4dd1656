"""Roman numerals in German, and the sections of laws: "Ludwig XIV.", "II. Weltkrieg", "§ 823 I BGB", "§ 312g"."""

import re

from herald.speech.reading.languages.german_ordinals import ORDERED, ending, ending_of
from herald.speech.reading.languages.german_short_forms import near
from herald.speech.reading.languages.roman import roman
from herald.speech.reading.rule import DIGIT, WORD, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

LAWS = ("Paragraf", "Paragrafen", "Artikel", "Absatz")
_NUMBERED = words(
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


@ROMAN.rule("ordinal", WORD, r"(?P<numeral>(?-i:[IVX]{1,6}))\.(?=\s(?P<noun>[^\W\d_]{2,20}))", ".")
def _roman_ordinal(match: re.Match[str], scan: Scan) -> str | None:
    """Read "II. Weltkrieg"."""
    number = roman(match["numeral"])
    if not number or match["noun"].lower() not in ORDERED:
        return None
    wanted = ending(scan)
    said = scan.grammar.ordinal(number).removesuffix("er")
    return said + (ending_of(match["noun"]) if wanted == "er" else wanted)


@ROMAN.rule("number", DIGIT, r"(?P<number>\d{1,4})\s?(?P<letter>(?-i:[a-z]))(?![\w.])")
def _section(match: re.Match[str], scan: Scan) -> str | None:
    """Read "§ 312g"."""
    if not scan.tokens or scan.tokens[-1].words not in LAWS:
        return None
    return f"{scan.grammar.whole(match['number'])} {scan.grammar.spelled(match['letter'])}"


@ROMAN.rule("label", WORD, r"(?-i:S)\.(?=\s?\d)", ".")
def _sentence(_: re.Match[str], scan: Scan) -> str | None:
    """Read "Abs. 1 S. 2"."""
    return "Satz" if near(scan, LAWS, 2) else None
