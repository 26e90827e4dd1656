"""Rules for days and times, shared by French, Italian and Portuguese: seasons, lists of days, durations, time zones."""

import re

from herald.speech.reading.grammar import DAYS, MONTHS, Date
from herald.speech.reading.rule import DIGIT, WORD, Rules
from herald.speech.reading.rules.dates import is_day, said_date, said_time
from herald.speech.reading.scanner import Scan

_LARGEST_PART = 10
"""Maximum denominator of a common fraction."""
_FEW = 4
"""Maximum denominator of a fraction after a range: "2-3/4"."""
DAYS_AND_TIMES = Rules()


@DAYS_AND_TIMES.rule("date", WORD, r"[^\W\d_]{3,5}(?:[-/][^\W\d_]{3,5}){2,6}(?![\w-])", "-/")
def _weekdays(match: re.Match[str], scan: Scan) -> str | None:
    """Read "lun-mer-ven"."""
    names = [scan.table.weekday_short.get(name) for name in re.split("[-/]", match[0].lower())]
    said = [scan.table.weekdays[name] for name in names if name is not None]
    return ", ".join(said) if len(said) == len(names) else None


@DAYS_AND_TIMES.rule(
    "date",
    DIGIT,
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})\s?[-–]\s?(?P<last>\d{1,2})/(?P<last_month>\d{1,2})(?![\w/]|[.,]\d)",
    "/",
)
def _season(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1/11-31/3"."""
    dates = [(int(match["day"]), int(match["month"])), (int(match["last"]), int(match["last_month"]))]
    sure = any(day > MONTHS or month > _LARGEST_PART for day, month in dates) or "/0" in match[0]
    if not sure or not all(is_day(*date) for date in dates):
        return None
    return f" {scan.table.to} ".join(scan.grammar.date(Date(*date, day_first=True)) for date in dates)


@DAYS_AND_TIMES.rule(
    "date",
    DIGIT,
    r"(?P<first>\d{1,2})-(?P<last>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?(?![\w/-]|[.,]\d)",
    "/",
)
def _days(match: re.Match[str], scan: Scan) -> str | None:
    """Read "11-13/01" and "5-8/12"."""
    first, last, month = int(match["first"]), int(match["last"]), int(match["month"])
    if not (0 < first < last and (last > _FEW or month > _LARGEST_PART) and is_day(last, month)):
        return None
    end = scan.grammar.date(Date(last, month, match["year"], day_first=True))
    return f"{scan.grammar.day(first)} {scan.table.to} {end}"


@DAYS_AND_TIMES.rule(
    "date",
    DIGIT,
    r"(?P<first>\d{1,2})(?=\s(?:a|e|al|au|et)\s(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\w/%]|[.,-]\d))",
    "/",
)
def _first_day(match: re.Match[str], scan: Scan) -> str | None:
    """Read the first day of "3 a 8/1"."""
    first, day, month = int(match["first"]), int(match["day"]), int(match["month"])
    return scan.grammar.day(first) if 0 < first < day and is_day(day, month) and _is_date(day, month) else None


@DAYS_AND_TIMES.rule("date", DIGIT, r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\w/%]|[.,-]\d)", "/")
def _last_day(match: re.Match[str], scan: Scan) -> str | None:
    """Read the last day of "3 a 8/1"."""
    after = scan.last_word() in ("a", "e", "al", "au", "et") and len(scan.tokens) > 1 and scan.tokens[-2].kind == "date"
    return said_date(match, scan) if after and _is_date(int(match["day"]), int(match["month"])) else None


def _is_date(day: int, month: int) -> bool:
    """Return whether two numbers with a slash are more likely a date than a fraction below one."""
    return day > month or month > _LARGEST_PART


@DAYS_AND_TIMES.rule(
    "date", DIGIT, r"(?P<days>\d{1,2}(?:-\d{1,2}){2,4})(?=\s(?:d[ei]\s)?(?P<month>[^\W\d_]{3,9}))", "-"
)
def _listed_days(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "15-22-" of "15-22-29 gen."."""
    days = [int(day) for day in match["days"].split("-")]
    known = match["month"].lower() in scan.grammar.month_numbers and days == sorted(days) and 0 < days[-1] <= DAYS
    return ", ".join(scan.grammar.day(day) for day in days) if known else None


@DAYS_AND_TIMES.rule("acronym", WORD, r"(?P<zone>(?-i:UTC|GMT))(?P<sign>[-+−])(?P<hours>\d{1,2})(?![\w:])", "+-−")
def _zone(match: re.Match[str], scan: Scan) -> str:
    """Read "UTC-3"."""
    hours = scan.grammar.signed(match["sign"], scan.grammar.whole(match["hours"]))
    return f"{scan.table.time_zones[match['zone'].lower()]} {hours}"


@DAYS_AND_TIMES.rule(
    "measure",
    DIGIT,
    r"(?:(?P<hours>\d{1,2})\s?h\s?)?(?P<minutes>\d{1,2})(?P<mark>'\s?|\s?m(?:in)?\s?)(?P<seconds>\d{1,2})(?:\s?s(?:eg|ec)?|\"|'')(?!\w)",
    "'mM",
)
def _duration(match: re.Match[str], scan: Scan) -> str | None:
    r"""Read "1h31min12s" and "4h12'05\""."""
    if match["mark"].strip().lower() == "m" and not match["hours"]:
        return None
    units = {"hours": "h", "minutes": "min", "seconds": "s"}
    said = [
        scan.grammar.counted(str(int(match[name])), *scan.table.units[unit])
        for name, unit in units.items()
        if match[name]
    ]
    return f"{', '.join(said[:-1])} {scan.table.symbols['&']} {said[-1]}"


@DAYS_AND_TIMES.rule("date", WORD, r"(?P<name>[^\W\d_]{3,4})(?=\))", ")")
def _bracketed_weekday(match: re.Match[str], scan: Scan) -> str | None:
    """Read "03/12 (qui)"."""
    weekday = scan.table.weekday_short.get(match["name"].lower())
    alone = scan.text[match.start() - 1 : match.start()] == "(" and match.start() > 0
    dated = len(scan.tokens) > 1 and scan.tokens[-2].kind == "date"
    return scan.table.weekdays[weekday] if weekday is not None and alone and dated else None


@DAYS_AND_TIMES.rule(
    "range",
    DIGIT,
    r"(?P<first>\d{1,2})/(?P<last>\d{1,2})(?=\s(?:gg|giorni|settimane|mesi|dias|semanas|meses|jours|semaines|mois)(?!\w))",
    "/",
)
def _about(match: re.Match[str], scan: Scan) -> str | None:
    """Read "2/3 gg lavorativi" as two or three."""
    if int(match["first"]) >= int(match["last"]):
        return None
    return f"{scan.grammar.whole(match['first'])} {scan.table.both[0] or 'ou'} {scan.grammar.whole(match['last'])}"


@DAYS_AND_TIMES.rule("range", DIGIT, r"(?P<first>[2-4]\d)/(?P<last>[2-4]\d)(?![\w/-]|[.,]\d)", "/")
def _years(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "26/27" of a season or of a school year."""
    if int(match["last"]) != int(match["first"]) + 1 or scan.names_code():
        return None
    return f"{scan.grammar.whole(match['first'])} {scan.grammar.whole(match['last'])}"


@DAYS_AND_TIMES.rule("time", DIGIT, r"(?P<hours>[01]?\d|2[0-3])e(?P<minutes>[0-5][05])(?!\w)", "eE")
def _spelled_time(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "7e30" of short messages."""
    return said_time(match, scan) if scan.table.language in ("it", "pt") else None
