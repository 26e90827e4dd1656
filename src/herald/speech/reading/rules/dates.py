"""Dates and times of day: ISO, numeric, textual; weekdays, months, ranges, decades; parts of the day and zones."""

import re

from herald.speech.reading.grammar import DAYS, HOURS, MINUTES, MONTHS, Date, Time
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.scanner import Scan

_NAME = r"(?P<name>[^\W\d_]{2,12})"
_ISO_TIME = Lazy(r"[T ]([01]\d|2[0-3]):([0-5]\d)(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?(?!\w)")
_TO = Lazy(r"\s?[-–]\s?(?=([^\W\d_]{3,12})\.?\s\d)")
_COUNTED = Lazy(r"\s+[a-z]+s\b")
_NEXT_WORD = Lazy(r",?\s*([^\W\d_]+)")
_NEXT_NUMBER = Lazy(r"[,.]{0,2}\s*\d")
_GOES_ON = Lazy(r"\.\s*[,\da-z@&(]")
_NAME_AFTER = Lazy(r"\s+[A-Z]")
_YEAR = r"(?:,?\s+(?P<year>\d{4}|'\d{2})(?![\w%]|[.,:/-]\d))?"


def _month(scan: Scan, name: str) -> int | None:
    lower = name.lower().rstrip(".")
    return scan.grammar.month_numbers.get(lower)


def _weekday(scan: Scan, name: str) -> int | None:
    return scan.grammar.weekday_numbers.get(name.lower().rstrip("."))


def is_day(day: int, month: int) -> bool:
    """Return whether month and day are in range. The length of the month is not checked."""
    return 1 <= day <= DAYS and 1 <= month <= MONTHS


def said_date(match: re.Match[str], scan: Scan) -> str | None:
    """Return the date of a match's groups "day", "month" and perhaps "year", or None if there is no such day."""
    day, month, year = int(match["day"]), int(match["month"]), match.groupdict().get("year")
    return scan.grammar.date(Date(day, month, year, day_first=True)) if is_day(day, month) else None


DATES = Rules()


@DATES.rule("date", DIGIT, r"(?P<year>[12]\d{3})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?![\d/-])(?!\.\d)", "-/.")
def _iso(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    year, month, day = match["year"], int(match["month"]), int(match["day"])
    if not is_day(day, month):
        return None
    said = scan.grammar.date(Date(day, month, year, day_first=scan.table.date_order == "dmy"))
    clock = _ISO_TIME.match(scan.text, match.end())
    if not clock:
        return said
    time = scan.grammar.time(Time(int(clock[1]), int(clock[2])))
    offset = clock[3] or ""
    if offset:
        time += f" {scan.table.time_zones['utc']}"
    if offset[1:]:
        sign = scan.table.plus if offset[0] == "+" else scan.table.minus
        hours, minutes = int(offset[1:3]), int(offset[-2:])
        said_minutes = f" {scan.grammar.cardinal(minutes)}" if minutes else ""  # "+05:30", of India
        time += f" {sign} {scan.grammar.cardinal(hours)}{said_minutes}"
    return f"{said}, {time}", clock.end()


@DATES.rule(
    "date",
    DIGIT,
    r"(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?![\w/-])(?!\.\d)",
    "/.-",
)
def _numeric(match: re.Match[str], scan: Scan) -> str | None:
    first, second, year = int(match["first"]), int(match["second"]), match["year"]
    day_first = scan.table.date_order == "dmy"
    day, month = (first, second) if day_first else (second, first)
    if not is_day(day, month):
        day, month, day_first = month, day, not day_first
    if not is_day(day, month) or (match["mark"] == "." and len(year) == 2 and not scan.table.dotted_dates):  # noqa: PLR2004
        return None
    return scan.grammar.date(Date(day, month, year, day_first=day_first))


@DATES.rule(
    "date",
    DIGIT,
    r"(?P<day>\d{1,2})(?P<mark>[-/.]|(?=(?-i:[A-Z]{3})))(?P<name>[^\W\d_]{3,10})\.?(?:(?P=mark)(?P<year>\d{4}|\d{2}))?"
    r"(?![\w/-]|\.\d)",
)
def _named_month(match: re.Match[str], scan: Scan) -> str | None:
    """Read "15-Mar-26", "15/Mar" and "15MAR"."""
    month, day = _month(scan, match["name"]), int(match["day"])
    if not month or not is_day(day, month):
        return None
    said = scan.grammar.date(Date(day, month, match["year"], day_first=True))
    article = scan.grammar.date_article
    return said.removeprefix(article) if article and scan.last_word() == article.strip() else said


@DATES.rule("date", DIGIT, r"(?P<first>\d{1,2})/(?P<second>\d{1,2})(?![\w/])", "/")
def _without_year(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3/14" as a date after a word such as "on", or a weekday."""
    before = scan.last_word()
    ranged = scan.before == scan.table.to and len(scan.tokens) > 1 and scan.tokens[-2].kind == "date"
    if not ranged and before not in scan.table.date_words and before not in scan.grammar.weekday_numbers:
        return None
    first, second = int(match["first"]), int(match["second"])
    day_first = scan.table.date_order == "dmy"
    day, month = (first, second) if day_first else (second, first)
    if not is_day(day, month):
        day, month = month, day
    return scan.grammar.date(Date(day, month, day_first=day_first)) if is_day(day, month) else None


@DATES.rule(
    "date", WORD, rf"{_NAME}\.(?=,?\s\d{{1,2}}(?:/\d|(?:er|º|°)?\s(?:d[ei]\s)?(?P<month>[^\W\d_]{{3,12}})))", "."
)
def _weekday_before_date(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "mar." of "mar. 3/12" and "mar. 1er déc.", where it is not a month."""
    weekday = _weekday(scan, match["name"])
    if weekday is None or (match["month"] and not _month(scan, match["month"])):
        return None
    return scan.table.weekdays[weekday]


@DATES.rule(
    "date",
    DIGIT,
    r"(?:(?P<first>\d{1,2})(?:st|nd|rd|th|\.)?\s?[-–]\s?)?(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?"
    rf"(?:\s+(?:of|de|di)\s+|\s+|-){_NAME}\.?(?!\w){_YEAR.replace(',?', ',?(?:\\s+(?:de|del))?')}",
)
def _day_first(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    month, day = _month(scan, match["name"]), int(match["day"])
    dotted = scan.table.capitals_begin and scan.text[match.end("day")] == "." and match["name"][0].isupper()
    if not month or not is_day(day, month) or dotted:
        return None  # "finita 2 a 1. Set"
    year = (match["year"] or "").lstrip("'") or None
    said = scan.grammar.date(Date(day, month, year, day_first=True))
    if match["first"]:
        said = f"{scan.grammar.day_alone(int(match['first']))} {scan.table.to} {said}"
    # "the 3rd of March": the article is written already.
    article = scan.grammar.date_article
    said = said.removeprefix(article) if article and scan.last_word() == article.strip() else said
    # The dot of "3 April." is not part of an abbreviation, so it ends the sentence.
    named = match[0].endswith(".") and match["name"].lower() not in scan.table.month_short
    return (said, match.end("name")) if named else said


@DATES.rule(
    "date",
    WORD,
    rf"{_NAME}(?:\.?\s+|-)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?[-–]\s?(?P<last>\d{{1,2}})(?:st|nd|rd|th)?)?"
    rf"(?![\w%]|:\d|[.,]\d|/\d){_YEAR}",
)
def _month_first(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    month = _month(scan, match["name"])
    day = int(match["day"])
    if not month or not is_day(day, month):
        return None
    if match["name"] in scan.table.month_words and _COUNTED.match(scan.text, match.end("day")):
        return None  # "you may 5 times"
    said = scan.grammar.date(Date(day, month, (match["year"] or "").lstrip("'") or None))
    if match["last"] and is_day(int(match["last"]), month):
        first = scan.grammar.date(Date(day, month))
        year = f" {scan.grammar.year(match['year'].lstrip(chr(39)))}" if match["year"] else ""
        return f"{first} {scan.table.to} {scan.grammar.day(int(match['last']))}{year}"
    to = _TO.match(scan.text, match.end())
    return (f"{said} {scan.table.to}", to.end()) if to and _month(scan, to[1]) else said


@DATES.rule("date", WORD, rf"{_NAME}(?:\.?,?\s+|-)(?P<year>[12]\d{{3}})(?![\w%]|[:.,/-]\d)")
def _month_year(match: re.Match[str], scan: Scan) -> str | None:
    month = _month(scan, match["name"])
    return scan.grammar.date(Date(None, month, match["year"])) if month else None


@DATES.rule("date", WORD, rf"{_NAME}\.?\s?[-–—]\s?(?P<last>[^\W\d_]{{2,12}})(?!\w)\.?")
def _names(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "Mon-Fri" and "Jan-Mar"."""
    for find, names in ((_weekday, scan.table.weekdays), (_month, scan.table.months)):
        first, last = find(scan, match["name"]), find(scan, match["last"])
        if first is not None and last is not None:
            shift = 0 if names is scan.table.weekdays else 1
            ends = match[0].find(".") == len(match[0]) - 1 and scan.table.capitals_begin
            end = match.end() - bool(ends and _NAME_AFTER.match(scan.text, match.end()))
            return f"{names[first - shift]} {scan.table.to} {names[last - shift]}", end
    return None


@DATES.rule("date", WORD, rf"{_NAME}(?!\w)")
def _short_weekday(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    """Read "Tue", and "Sat" before a date or within a sentence; "sat" and "sun" are words, "Sun Life" is a name."""
    name = match["name"].lower()
    number = scan.table.weekday_short.get(name)
    if number is None or not match["name"][0].isupper():
        return None
    after = scan.after(match)
    month = _NEXT_WORD.match(after)
    dated = scan.last_word() in scan.table.date_words
    certain = name not in scan.table.weekday_words or dated or _NEXT_NUMBER.match(after)
    apart = not (scan.opens or scan.shouted or _NAME_AFTER.match(after))
    named = scan.table.weekday_refused_after and scan.last_word() not in scan.table.weekday_refused_after
    if certain or (apart and named) or (month and _month(scan, month[1])):
        said = scan.table.weekdays[number]
        return (said, match.end() + 1) if _GOES_ON.match(after.lower() if scan.shouted else after) else said
    return None


@DATES.rule(
    "date", DIGIT + SIGN, r"(?P<mark>')?(?P<year>[12]\d{3}|\d{2})'?s(?:\s?[-–]\s?(?P<last>[12]\d{3})'?s)?(?!\w)", "s"
)
def _decade(match: re.Match[str], scan: Scan) -> str | None:
    first = scan.grammar.decade(match["year"])
    certain = len(match["year"]) > 2 or match["mark"] or scan.last_word() in scan.table.decade_words  # noqa: PLR2004
    if first is None or not certain:
        return None
    last = scan.grammar.decade(match["last"]) if match["last"] else None
    return f"{first} {scan.table.to} {last}" if last else first


_PART = Lazy(r"\s?([AaPp])\.?\s?([Mm])(?!\w)\.?")
_SHORT_PART = Lazy(r"([aApP])()(?!\w|\.\w)")
"""As in "5:05p"."""
_STOPS = Lazy(r"\w[Mm]\.\s+([A-Z\d][^\W\d_]*)")
"""The dot of "12 pm. Bring" ends the sentence; that of "12 p.m. Friday" may not."""
_ZONE = Lazy(r"\s?\(?([A-Za-z](?:\.?[A-Za-z]){1,4})\)?(?!\w)")
_UNTIL = Lazy(r"\s?(?:-|–|—|\bto\b|\buntil\b)\s?")
_OTHER = Lazy(r"(?P<hours>\d{1,2})(?:[:.](?P<minutes>\d{2}))?(?!\d)")


def _tail(scan: Scan, at: int, hours: int, *, minutes: bool) -> tuple[str, str, int]:
    """Return the part of the day and the time zone after a time, each or "", and where they end."""
    part, zone = "", ""
    match = _PART.match(scan.text, at) or (_SHORT_PART.match(scan.text, at) if minutes else None)
    if match and hours <= HOURS and (said := scan.table.day_parts.get(f"{match[1]}m".lower())):
        part, at = said, match.end()
        stops = _STOPS.match(scan.text, at - 3)
        at -= stops is not None and stops[1].lower() not in scan.table.time_zones
    zoned = _ZONE.match(scan.text, at)
    if zoned and (zoned[1].isupper() or part):
        zone = scan.table.time_zones.get(zoned[1].replace(".", "").lower(), "")
        at = zoned.end() if zone else at
    return part, zone, at


def clock(hours: str, minutes: str | None, seconds: str | None = None) -> Time | None:
    """Return a time of day, or None if there is no such time."""
    time = Time(int(hours), int(minutes) if minutes else None, int(seconds) if seconds else None)
    valid = time.hours <= HOURS and (time.minutes or 0) <= MINUTES and (time.seconds or 0) <= MINUTES
    return time if valid else None


def said_time(match: re.Match[str], scan: Scan) -> str | None:
    """Return the time of a match's groups "hours" and "minutes", or None if there is no such time."""
    time = clock(match["hours"], match["minutes"])
    return scan.grammar.time(time) if time else None


TIMES = Rules()


@TIMES.rule(
    "time", DIGIT, r"(?P<hours>\d{1,2})(?:(?P<mark>[:.])(?P<minutes>\d{2})(?:[:.](?P<seconds>\d{2}))?)?(?![\d:]|\.\d)"
)
def _time(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    time = clock(match["hours"], match["minutes"], match["seconds"])
    if time is None:
        return None
    part, zone, end = _tail(scan, match.end(), time.hours, minutes=match["mark"] == ":")
    to = _UNTIL.match(scan.text, end)
    other = _OTHER.match(scan.text, to.end()) if to else None
    last = clock(other["hours"], other["minutes"], None) if other else None
    last_part, last_zone, last_end = (
        _tail(scan, other.end(), int(other["hours"]), minutes=bool(other["minutes"])) if other else ("", "", end)
    )
    if match["mark"] != ":" and not part and not (last_part and not match["minutes"]):
        return None
    if time.seconds == 0 and (part or scan.last_word() in scan.table.before_time or scan.kind == "date"):
        time = time._replace(seconds=None)  # a time of day in the format of computers: "at 09:00:00"
    said = scan.grammar.time(time._replace(part=part, zone=zone))
    if last is None or other is None or not (last_part or (other["minutes"] and match["minutes"])):
        return said, end
    if not match["minutes"] and not part:
        said = scan.grammar.cardinal(time.hours)
    elif not part and last_part:
        said = scan.grammar.time(time._replace(part=last_part)).removesuffix(f" {last_part}")
    return f"{said} {scan.table.to} {scan.grammar.time(last._replace(part=last_part, zone=last_zone))}", last_end
