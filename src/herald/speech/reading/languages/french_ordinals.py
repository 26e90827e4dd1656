"""Rules for ordinals of French alone: "2e", "2de", "3eB", "XXe s.", "1°)", "une 10aine"."""

import re

from herald.speech.reading.languages.roman import roman
from herald.speech.reading.languages.romance_numbers import ordinal
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, WORD, Rule, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_DAYS_AFTER = Lazy(r"\s?[-–]\s?\d{1,2}\s([^\W\d_]{3,9})")
_MONTH_AFTER = Lazy(r"/\d{1,4}(?!\w)")
_ENDINGS = r"ers?|r?es?|[èe]res?|(?:i?[èe])?mes?|è|ndes?|nds?"
_LETTERED = words("terminal porte hall quai siège place appt appartement bât bâtiment lot salle")
"""Words before a number with a letter, which is no ordinal there: "terminal 2E"."""
FRENCH_ORDINALS = Rules()


@FRENCH_ORDINALS.rule("word", WORD, r"(?-i:XV|XIII|VII)(?!\w)", "VX")
def _players(match: re.Match[str], scan: Scan) -> str | None:
    """Read "rugby à XIII"."""
    return scan.grammar.cardinal(roman(match[0].upper())) if scan.last_word() == "à" else None


def _ordinal(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    """Read "2e"; "terminal 2E" has a letter."""
    days = _DAYS_AFTER.match(scan.text, match.end()) if match["number"] == "1" else None
    if days and days[1].lower() in scan.grammar.month_numbers:
        return None  # "1er-3 mai"
    lettered = match["ending"] == "E" and (scan.last_word() in _LETTERED or match[0][-2] == " ")
    slash = scan.text.startswith("/", match.end())
    if lettered or (slash and match["number"] == "1" and _MONTH_AFTER.match(scan.text, match.end())):
        return None  # "1er/12"
    said = ordinal(match, scan)
    among = slash and isinstance(said, str) and _MONTH_AFTER.match(scan.text, match.end())
    return (f"{said} sur", match.end() + 1) if among else said  # "3e/5 étages"


@FRENCH_ORDINALS.rule("ordinal", DIGIT, r"2(?P<ending>(?-i:des?|d))(?![\w'])")
def _second(match: re.Match[str], scan: Scan) -> str:
    """Read "2d" and "2de"."""
    return scan.grammar.ordinal_written("2", match["ending"])


@FRENCH_ORDINALS.rule("ordinal", DIGIT, r"(?P<number>[3-6])[eè](?:me)?(?P<group>[1-9]|(?-i:[A-H]))(?![\w-]|[.,]\d)")
def _class(match: re.Match[str], scan: Scan) -> str:
    """Read the school classes "6e2" and "3eB"."""
    group = match["group"]
    said = scan.grammar.cardinal(int(group)) if group.isdigit() else group
    return f"{scan.grammar.ordinal(int(match['number']))} {said}"


FRENCH_ORDINALS.append(
    Rule("ordinal", DIGIT, rf"(?P<number>\d{{1,3}}(?: \d{{3}})+|\d{{1,9}})\s?(?P<ending>{_ENDINGS})(?![\w'])", _ordinal)
)


@FRENCH_ORDINALS.rule("ordinal", DIGIT, r"(?P<number>[1-9])°\s?\)", "°")
def _item(match: re.Match[str], scan: Scan) -> str:
    """Read the "1°)" of a list."""
    return "premièrement," if match["number"] == "1" else f"{scan.grammar.ordinal(int(match['number']))}ment,"


@FRENCH_ORDINALS.rule("number", DIGIT, r"(?P<number>1[025]|[2-6]0|100)\s?aines?(?!\w)", "n")
def _dozens(match: re.Match[str], scan: Scan) -> str:
    """Read "une 10aine"."""
    stem = "diz" if match["number"] == "10" else scan.grammar.cardinal(int(match["number"])).removesuffix("e")
    return f"{stem}aine{'s' if match[0].endswith('s') else ''}"


@FRENCH_ORDINALS.rule("ordinal", WORD, r"(?P<numeral>[ivx]{1,5})(?:e|[èe]me|er|re)(?!\w)(?P<century>\ss\.)?", "IVX")
def _century(match: re.Match[str], scan: Scan) -> str | None:
    """Read "XXe", "XIXème" and "XIXe s."."""
    if not match["numeral"].isupper():
        return None
    said = scan.grammar.ordinal(roman(match["numeral"].upper()))
    return f"{said} siècle" if match["century"] else said
