"""Rules for weekdays of French alone: "Lu-Ve", "L-V 9h-18h", "ven et sam", "du lu au ve"."""

import re

from herald.speech.reading.rule import WORD, Rules
from herald.speech.reading.scanner import Scan

_WEEKDAYS = {name: at for at, name in enumerate(("lu", "ma", "me", "je", "ve", "sa", "di"))}
_SHORT_DAYS = "lun|mar|merc|mer|jeu|vend|ven|sam|dim"
FRENCH_WEEKDAYS = Rules()


@FRENCH_WEEKDAYS.rule(
    "date", WORD, r"(?P<first>(?-i:Lu|Ma|Me|Je|Ve|Sa|Di))\s?[-–]\s?(?P<last>(?-i:Lu|Ma|Me|Je|Ve|Sa|Di))(?!\w)"
)
def _weekdays(match: re.Match[str], scan: Scan) -> str:
    """Read "Lu-Ve" of opening hours."""
    first, last = (scan.table.weekdays[_WEEKDAYS[match[name].lower()]] for name in ("first", "last"))
    return f"{first} {scan.table.to} {last}"


@FRENCH_WEEKDAYS.rule(
    "date",
    WORD,
    r"(?P<first>(?-i:lu|ma|me|je|ve|sa|di))(?:-(?P<last>(?-i:ve|sa|di|je|me))(?=\s?:?\s\d|,|:)"
    r"|(?=\s(?:fermé|\d{1,2}(?:\.\d{1,2}|\s?[h:](?:\s?[0-5]\d)?\s?[-–])))|(?=\s(?:au|à)\s(?:ve|sa|di)(?!\w)))(?![\w'])",
)
def _swiss_days(match: re.Match[str], scan: Scan) -> str:
    """Read "lu-ve 8h-12h", "di fermé" and "lu 7.12."."""
    first = scan.table.weekdays[_WEEKDAYS[match["first"]]]
    return f"{first} {scan.table.to} {scan.table.weekdays[_WEEKDAYS[match['last']]]}" if match["last"] else first


@FRENCH_WEEKDAYS.rule("date", WORD, r"(?-i:ve|sa|di)(?![\w'-])")
def _last_day(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "ve" of "du lu au ve"."""
    follows = len(scan.tokens) > 1 and scan.tokens[-2].words in scan.table.weekdays and scan.before in ("au", "à", "et")
    return scan.table.weekdays[_WEEKDAYS[match[0]]] if follows else None


@FRENCH_WEEKDAYS.rule("date", WORD, r"(?-i:L)\s?[-–]\s?(?P<last>(?-i:[VSD]))(?=\s?:?\s\d{1,2}\s?h)", "-–")
def _week(match: re.Match[str], scan: Scan) -> str:
    """Read "L-V 9h-18h"."""
    last = {"V": 4, "S": 5, "D": 6}[match["last"]]
    return f"{scan.table.weekdays[0]} {scan.table.to} {scan.table.weekdays[last]}"


@FRENCH_WEEKDAYS.rule(
    "date",
    WORD,
    rf"(?P<name>{_SHORT_DAYS})(?![\w.])(?P<more>(?=\s\d{{1,2}}(?!\d|\sà\s\d{{1,2}}(?![h:\d]|\s(?:h|[a-zà-ÿ]{{3}})))(?:\s?[h:/-]|\s)|\s(?:fermé|matin|midi|soir|après-midi|repos)(?!\w)|(?:\s?[/,&]\s?|\s(?:et|au|à)\s)(?:{_SHORT_DAYS})(?!\w)))?",
)
def _short_day(match: re.Match[str], scan: Scan) -> str | None:
    """Read "lun 9h-12h" and "ven et sam"; "la mer et le ciel" are words."""
    before = next((one.words for one in scan.tokens[:-3:-1] if one.words not in ("et", "à", "au", ",")), "")
    follows = before in scan.table.weekdays
    return (
        scan.table.weekdays[scan.grammar.weekday_numbers[match["name"].lower()]]
        if match["more"] is not None or follows
        else None
    )
