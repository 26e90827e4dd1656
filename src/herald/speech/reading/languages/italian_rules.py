"""Rules of Italian alone: telephone numbers, contractions such as "sig.ra"."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.languages.romance_rules import ROMANCE_RULES, phones
from herald.speech.reading.rule import DIGIT, WORD, Rules

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

ITALIAN_RULES = Rules(
    phones(
        r"\(?\+39\)?[ .-]?\d{2,4}[ .-]?\d{3,4}[ .-]?\d{3,4}",
        r"3\d\d[ ./-]\d{3}[ .-]?\d{3,4}",
        r"3\d\d[ ./-]\d{2}[ .-]\d{2}[ .-]\d{2,3}",
        r"8[09]\d[ .-]\d{3}[ .-]?\d{3}",
        r"0\d{1,3}[ ./-]\d{3,4}[ .-]?\d{3,4}",
        announced_only=(r"3\d{8,9}", r"0\d{7,10}", r"8\d{8}"),
    )
)


@ITALIAN_RULES.rule(
    "title", (WORD,), r"(?P<article>(?:l|dell|all|dall|un)')(?P<name>[^\W\d_]{2,8}\.)(?=\s\w)", needs="'"
)
def _elided(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "l'avv. Neri"."""
    said = scan.table.abbreviations.get(match["name"].lower())
    return match["article"] + said if said else None


@ITALIAN_RULES.rule("measure", (DIGIT,), r"(?P<number><num>)\s?km/h(?!\w)", needs="/")
def _speed(match: re.Match[str], scan: "Scan") -> str:
    return scan.grammar.counted(match["number"], "chilometro orario", "chilometri orari")


@ITALIAN_RULES.rule("abbreviation", (WORD,), r"[^\W\d_]{1,5}\.[^\W\d_]{1,3}(?!\w)\.?", needs=".")
def _contraction(match: re.Match[str], scan: "Scan") -> tuple[str, int] | None:
    """Read "sig.na", whose dot is in the middle."""
    name = match[0].rstrip(".")
    said = scan.table.abbreviations.get(name.lower())
    return (said, match.start() + len(name)) if said else None


ITALIAN_RULES.extend(ROMANCE_RULES)
