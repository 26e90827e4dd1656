"""Rules of English times, opening hours and durations: "open 10-6", "8a-8p", "7ish", "expires in 10m"."""

import re

from herald.speech.reading.grammar import Time
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_PART_AFTER = Lazy(r"\s?[ap]\.?m", re.IGNORECASE)
_HOURS_WORDS = words(
    "daily everyday hours hrs open weekdays weekends weekday weekend shift lunch dinner brunch breakfast closed clinic"
)
_ENDS_SOON = words(
    "arrive arrives arriving begins boards boarding call closes closing delayed delay departs departing due ends "
    "ending eta expire expires expiring late leaves leaving opens ready reset resets starts starting timeout valid wait"
)
"""Words before "10m", which are minutes then, not meters."""
_TIME_WORDS = words("@ after at before between by from open opens closes close since starts til till to until")
_DURATIONS = {"m": "min", "h": "h", "d": "day", "w": "wk"}
_PAST = Lazy(r"\s(?:ago|late|early|left|remaining)\b")

_LEFT = Lazy(r"\s(?:left|remaining|to\s(?:go|play))\b")

ENGLISH_HOURS = Rules()

# Read the dash of "12/19 10:00a - 12/26 10:00a".
ENGLISH_HOURS.phrase("word", SIGN, r"[-–—](?=\s\d{1,2}/\d{1,2}(?![\d/]))", "{.to}", "-–—", after=("time", "date"))


@ENGLISH_HOURS.rule("time", DIGIT, r"(?P<hours>1?\d)(?::(?P<minutes>[0-5]\d))?\s(?P<zone>(?-i:[ECMP]T))(?!\w)", "T")
def _zoned(match: re.Match[str], scan: Scan) -> str | None:
    """Read "2 PM ET/1 CT"."""
    if not any(token.kind == "time" for token in scan.tokens[-2:]):
        return None
    minutes = int(match["minutes"]) if match["minutes"] else None
    hours = scan.grammar.cardinal(int(match["hours"]))
    said = scan.grammar.time(Time(int(match["hours"]), minutes)) if minutes else hours
    return f"{said} {scan.table.time_zones[match['zone'].lower()]}"


@ENGLISH_HOURS.rule("range", DIGIT, r"(?P<first>1?\d)\s?[-–—]\s?(?P<last>1?\d)(?![\w/%-]|[.,:]\d)", "-–—")
def _opening_hours(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Mon-Fri, 9-5" and "open 10-6"."""
    first, last = int(match["first"]), int(match["last"])
    dated = any(token.kind == "date" for token in scan.tokens[-2:]) or scan.last_word() in _HOURS_WORDS
    # A part of the day is read by the rule of times.
    if not dated or max(first, last) > 12 or first <= last or _PART_AFTER.match(scan.after(match)):  # noqa: PLR2004
        return None
    return f"{scan.grammar.cardinal(first)} {scan.table.to} {scan.grammar.cardinal(last)}"


@ENGLISH_HOURS.rule("range", DIGIT, r"(?P<first>\d{1,3})-(?P<last>\d{1,3})(?![\w/%-]|[.,:]\d)", "-")
def _score(match: re.Match[str], scan: Scan) -> str | None:
    """Read "beat Team B 3-2"."""
    won = scan.last_word() in {"w", "l"} or not scan.recent_words(6).isdisjoint(scan.table.score_words - {"by"})
    if int(match["first"]) < int(match["last"]) or not won:
        return None
    return f"{scan.grammar.whole(match['first'])} {scan.table.to} {scan.grammar.whole(match['last'])}"


@ENGLISH_HOURS.rule("range", DIGIT, r"\d{1,2}-\d{1,2}-\d(?![\w/%-]|[.,:]\d)", "-")
def _record(match: re.Match[str], scan: Scan) -> str | None:
    """Read the wins, losses and ties of "a record of 10-2-3"."""
    if scan.recent_words(3).isdisjoint({"record", "went", "are", "go"}):
        return None
    return " ".join(scan.grammar.whole(one) for one in match[0].split("-"))


@ENGLISH_HOURS.rule("time", DIGIT, r"(?P<hours>1?\d)(?::(?P<minutes>[0-5]\d))?-?ish(?!\w)", "i")
def _about(match: re.Match[str], scan: Scan) -> str:
    """Read "7ish" and "7:30ish"."""
    hours = scan.grammar.cardinal(int(match["hours"]))
    minutes = f" {scan.grammar.whole(match['minutes'])}" if match["minutes"] else ""
    return f"{hours}{minutes}-ish"


@ENGLISH_HOURS.rule("measure", DIGIT, r"(?P<number>\d{1,3})\s?(?P<unit>(?-i:[mhdw]))(?![\w'/-]|\.\w)")
def _until(match: re.Match[str], scan: Scan) -> str | None:
    """Read "expires in 10m"; elsewhere "10m" are meters."""
    if scan.recent_words(6).isdisjoint(_ENDS_SOON) and not _PAST.match(scan.after(match)):
        return None
    name = _DURATIONS[match["unit"]]
    one, many = scan.table.units.get(name, (name, f"{name}s"))
    return scan.grammar.counted(match["number"], one, many)


@ENGLISH_HOURS.rule(
    "time", DIGIT, r"(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)(?P<hundredths>\.\d{1,3})?(?![\d:]|\.\d)", ":"
)
def _minutes(match: re.Match[str], scan: Scan) -> str | None:
    """Read the time of a run, "51:02", which is not a time of day."""
    seconds, part = match["seconds"], match["hundredths"]
    if seconds == "00" and _LEFT.match(scan.after(match)):
        return scan.grammar.counted(match["minutes"], "minute", "minutes")
    if not part and (int(match["minutes"]) <= 24 or seconds[0] != "0"):  # noqa: PLR2004  hours of a day; "70:30"
        return None
    zero = " oh" if seconds[0] == "0" and seconds != "00" else ""
    said = f"{scan.grammar.whole(match['minutes'])}{zero} {scan.grammar.cardinal(int(seconds))}"
    return f"{said} {scan.table.point} {scan.grammar.digits(part[1:])}" if part else said


ENGLISH_HOURS.phrases("measure", DIGIT, "hH", {
    # Read "2h 30m".
    r"(?P<hours>\d{1,3})\s?hr?s?\s?(?P<minutes>\d{1,2})\s?(?:m|min|mins)?(?!\w)": "{hours:unit,h} {minutes:unit,min}",
})  # fmt: skip


@ENGLISH_HOURS.rule(
    "time",
    DIGIT,
    r"(?P<first>1?\d)(?::(?P<early>[0-5]\d))?(?P<from>[ap])?\s?[-–]\s?(?P<last>1?\d)(?::(?P<late>[0-5]\d))?(?P<to>[ap])"
    r"(?!\w|\.\w)",
    "-–",
)
def _hours(match: re.Match[str], scan: Scan) -> str:
    """Read "8a-8p", "2-6p" and "7a-3:30p"."""

    def said(hours: str, minutes: str | None, part: str | None) -> str:
        if minutes in (None, "00") and not part:
            return scan.grammar.cardinal(int(hours))
        time = Time(int(hours), int(minutes or 0), part=scan.table.day_parts[f"{part}m".lower()] if part else "")
        return scan.grammar.time(time)

    first = said(match["first"], match["early"], match["from"])
    return f"{first} {scan.table.to} {said(match['last'], match['late'], match['to'])}"


def _hundreds(clock: str, scan: Scan) -> str:
    """Return four digits of a 24-hour clock: "oh six hundred", "fourteen thirty"."""
    hours, minutes = int(clock[:2]), clock[2:]
    full = f"{scan.grammar.cardinal(hours)} hundred"
    said = full if minutes == "00" else scan.grammar.time(Time(hours, int(minutes)))
    return f"oh {said}" if clock[0] == "0" else said


@ENGLISH_HOURS.rule(
    "time",
    DIGIT,
    r"(?P<hours>[01]\d|2[0-4])(?P<minutes>[0-5]\d)(?:(?=\s?(?P<named>hrs?|hours)(?!\w))|(?!\w|[.,:/-]\d))",
)
def _of_24_hours(match: re.Match[str], scan: Scan) -> str | None:
    """Read "0600 hrs" and "at 1430 hours"; "1500 hours of training" is a quantity."""
    hours, minutes = match["hours"], match["minutes"]
    announced = scan.last_word() in _TIME_WORDS
    if not (announced if match["named"] and hours[0] != "0" else match["named"] or (announced and hours[0] == "0")):
        return None
    return _hundreds(hours + minutes, scan)


@ENGLISH_HOURS.rule(
    "range",
    DIGIT,
    r"(?P<first>[01]\d[0-5]\d|2[0-3][0-5]\d)\s?[-–]\s?(?P<last>[01]\d[0-5]\d|2[0-4][0-5]\d)(?![\w-])",
    "-–",
)
def _hours_of_day(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Thu 0300-1500"."""
    if not any(token.kind == "date" for token in scan.tokens[-2:]):
        return None
    return f" {scan.table.to} ".join(_hundreds(match[one], scan) for one in ("first", "last"))


@ENGLISH_HOURS.rule("time", DIGIT, r"(?P<hours>1?\d)(?P<part>(?-i:[ap]))(?!\w|\.\w)")
def _hour(match: re.Match[str], scan: Scan) -> str | None:
    """Read "at 9a" and "between 10a & 2p"; "Room 8a" is not a time."""
    between = scan.last_word() in {"&", "and"} and any(token.kind == "time" for token in scan.tokens[-3:])
    dated = scan.kind == "date" and scan.last_word() in scan.grammar.weekday_numbers
    zoned = scan.text[match.start() - 1 : match.start()] == "/" and any(
        one.kind == "time" for one in scan.tokens[-2:]
    )  # "9a ET/6a PT"
    if not (between or dated or zoned or scan.last_word() in _TIME_WORDS) or not 1 <= int(match["hours"]) <= 12:  # noqa: PLR2004  hours of a clock
        return None
    return f"{scan.grammar.cardinal(int(match['hours']))} {scan.table.day_parts[match['part'] + 'm']}"


# Read the "ET" of "9a ET/6a PT".
ENGLISH_HOURS.phrase("acronym", WORD, r"(?-i:[ECMP][SD]?T)(?=/\d)", "{0:spelled}", "/", after=("time",))

# Before a range only: otherwise it is "by the way".
ENGLISH_HOURS.phrase(
    "abbreviation", WORD, r"btw\.?(?=\s\d[\d:]{0,4}\s?(?:[ap]\.?m\.?)?\s?(?:[-–&]|and|to)\s?\d)", "between"
)
