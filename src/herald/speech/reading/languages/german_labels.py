"""German numbers and letters that name something: "Zimmer 112", "Gleis 12 A–D", "Nr. 2a-c", "B 51/L 83"."""

import re

from herald.speech.reading.languages.german_codes import STREET, YEARS
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_LETTERED = tuple(words("abschnitt abschnitte buchstabe buchstaben gruppe gruppen name namen reihe reihen"))
"""Ends of words after which "B-E" is a range."""
_COUNTED = words("linie bus tram zug gleis zimmer zi raum saal kabine platz seite nr nummer hausnummer puls tür top")
"""Words before a number that is no emergency number."""
GERMAN_LABELS = Rules()

# Read the sign of "#8F3K2", which is no hashtag.
GERMAN_LABELS.phrase("label", SIGN, r"#(?=\d(?-i:[A-Z\d]{3,11})(?!\w))", "Nummer", "#")


@GERMAN_LABELS.rule("code", DIGIT, r"(?P<year>20\d\d)-(?P<number>\d{3,6})(?![\w-])", "-")
def _of_year(match: re.Match[str], scan: Scan) -> str | None:
    """Read the reference "2026-8841", but not the years "2026-2030"."""
    if YEARS.fullmatch(match["number"]):
        return None
    return f"{scan.grammar.digits(match['year'])}, {scan.grammar.digits(match['number'])}"


@GERMAN_LABELS.rule("code", DIGIT, r"(?P<first>\d{5})\s?[-–]\s?(?P<last>\d{5})(?![\w-])", "-–")
def _postal(match: re.Match[str], scan: Scan) -> str | None:
    """Read "PLZ 86150–86199"."""
    if scan.last_word() not in ("plz", "postleitzahl", "postleitzahlen"):
        return None
    return f"{scan.grammar.digits(match['first'])} {scan.table.to} {scan.grammar.digits(match['last'])}"


@GERMAN_LABELS.rule("number", DIGIT, r"11[0256](?!\w|[.,:/-]\d)")
def _no_emergency(match: re.Match[str], scan: Scan) -> str | None:
    """Read the number of "Zimmer 112" and "Hauptstr. 110", which is not dialled."""
    before = scan.last_word()
    counted = before in _COUNTED or before.endswith(STREET) or (len(before) > 1 and scan.written_before().isupper())
    return scan.grammar.whole(match[0]) if counted else None


@GERMAN_LABELS.rule("number", DIGIT, r"\d{1,3}(?=/(?-i:[ABKLS])\s?\d)", "/")
def _road(match: re.Match[str], scan: Scan) -> str:
    """Read the number of "B 51/L 83", which is not per litre."""
    return scan.grammar.whole(match[0])


@GERMAN_LABELS.rule("number", DIGIT, r"\d{1,3}(?=\s(?-i:[A-Z]\s?[-–]\s?[A-Z])(?!\w))", "-–")
def _track(match: re.Match[str], scan: Scan) -> str:
    """Read the number of "Gleis 12 A–D", which are no amperes."""
    return scan.grammar.whole(match[0])


@GERMAN_LABELS.rule("code", DIGIT, r"(?P<number>\d{1,3})(?P<first>[a-z])\s?[-–]\s?(?P<last>[a-z])(?![\w-])", "-–")
def _letters(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Nr. 2a-c"."""
    if match["first"].lower() >= match["last"].lower():
        return None
    first, last = map(scan.grammar.spelled, (match["first"], match["last"]))
    return f"{scan.grammar.whole(match['number'])} {first} {scan.table.to} {last}"


@GERMAN_LABELS.rule("range", WORD, r"(?P<first>(?-i:[A-Z]))(?P<dash>-|\s?–\s?)(?P<last>(?-i:[A-Z]))(?![\w-])", "-–")
def _initials(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Buchstaben A–K" and "Abschnitt B-E"."""
    dashed = match["dash"] == "–" or scan.last_word().endswith(_LETTERED)
    if not dashed or match["first"] >= match["last"]:
        return None
    return f"{match['first']} {scan.table.to} {match['last']}"


@GERMAN_LABELS.rule(
    "word", WORD, r"(?-i:(?P<word>[A-ZÄÖÜ][a-zäöüß]{1,20})-(?P<number>[1-9]\d{0,2})-(?=[A-ZÄÖÜ][a-zäöü]))", "-"
)
def _inside(match: re.Match[str], scan: Scan) -> str:
    """Read the beginning of "Tempo-100-Zone"."""
    return f"{match['word']} {scan.grammar.whole(match['number'])}"
