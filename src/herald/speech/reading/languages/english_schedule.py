"""Rules of English dates, opening hours and durations: "M-F 9-5", "posted 11/30", "expires in 10m"."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.grammar import Date, Time
from herald.speech.reading.lazy import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.dates import is_day
from herald.speech.reading.table import words

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

_DAY_LETTERS = {"M": 0, "Tu": 1, "T": 1, "W": 2, "Th": 3, "R": 3, "F": 4, "Sa": 5, "S": 5, "Su": 6}
_CERTAIN_DAYS = words("M-F M-Th M-Sa M-Su M-Sat M-Sun M-W Tu-Th Tu-F Tu-Sa T-Th T-Sat Sa-Su Th-Sa Th-Su")
"""Ranges of days that mean nothing else; others need a time after them, such as "T-F", true or false."""
_TIME_AFTER = Lazy(r"[:,]?\s*\(?(?:from\s)?\d")
_CLOCK_AFTER = Lazy(r"\s*[,(]?\s*(?:@|at|from|between|btwn)?\s*\d{1,2}(?::\d\d|\s?[ap](?:\.?m)?(?!\w))", re.IGNORECASE)
_PART_AFTER = Lazy(r"\s?[ap]\.?m", re.IGNORECASE)
_HOURS_WORDS = words(
    "daily everyday hours hrs open weekdays weekends weekday weekend shift lunch dinner brunch breakfast closed clinic"
)
_DATED = words(
    "arrives arriving available avail begins begin between closed closes delivered delivery deposited dated ends "
    "deadline eta exp "
    "expired expiring filled held leaves mailed opens ordered paid picked placed posted posts received resumes "
    "returned returns scheduled sent shipped ships starts today tomorrow tonight"
)
"""Words before a date without a year, unless it is a common fraction such as 1/2."""
_COUNTED = Lazy(r"\s(?!is\b|was\b|has\b)[a-z]+s\b")
_FRACTIONS = frozenset({2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 32, 64, 100})
"""Denominators in use."""
_MEASURED_AFTER = Lazy(r"\s?(?:\"|in(?:ch)?\b|inches|cups?|tsp|tbsp|miles?|hours?|of\b)")
_JOINS = frozenset({"and", "or", "&"})
_NO_DATE = words("odds rated rating score scored grade pain review reviews time")
_ENDS_SOON = words(
    "arrive arrives arriving begins boards boarding call closes closing delayed delay departs departing due ends "
    "ending eta expire expires expiring late leaves leaving opens ready reset resets starts starting timeout valid wait"
)
"""Words before "10m", which are minutes then, not meters."""
_TIME_WORDS = words("@ after at before between by from open opens closes close since starts til till to until")
_DURATIONS = {"m": "min", "h": "h", "d": "day", "w": "wk"}
_PAST = Lazy(r"\s(?:ago|late|early|left|remaining)\b")

ENGLISH_SCHEDULE = Rules()


@ENGLISH_SCHEDULE.rule(
    "date",
    (WORD,),
    r"(?P<first>(?-i:M|Tu|T|W|Th|F|Sa|Su|S))\s?[-–—]\s?(?P<last>(?-i:Th|Tu|T|W|F|Sat|Sa|Sun|Su|S))(?![\w'&/-]|\.\w)",
    needs="-–—",
)
def _day_letters(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "M-F", and "S-Th" before a time."""
    first, last = match["first"], match["last"]
    certain = f"{first}-{last}" in _CERTAIN_DAYS
    if not certain and not _TIME_AFTER.match(scan.after(match)):
        return None
    days = scan.table.weekdays
    begin = days[6] if first == "S" else days[_DAY_LETTERS[first]]
    return f"{begin} {scan.table.to} {days[_DAY_LETTERS[last[:2]]]}"


@ENGLISH_SCHEDULE.rule(
    "date",
    (WORD,),
    r"(?-i:(?:M|Tu|T|W|Th|F|Sa|Su)(?:(?:/|,\s?|,?\s?&\s?)(?:Tu|Th|T|W|F|Sat|Sa|Sun|Su)(?!\w)){1,5}|MWF|TTh|TTH)(?![\w'&/-])",
)
def _listed_day_letters(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "M/W/F"; "M/F" is also male or female, and "T/F" true or false."""
    if match[0] in {"M/F", "T/F"} or {"/", ","} <= set(match[0]):
        return None
    found = re.findall("Tu|Th|TH|Sat|Sa|Sun|Su|M|T|W|F", match[0])
    # "M, T" may be anything.
    if "," in match[0] and len(found) < 3 and not {"Tu", "Th", "Sa", "Su"} & set(found):  # noqa: PLR2004
        return None
    days = [scan.table.weekdays[_DAY_LETTERS[one[:2].title()]] for one in found]
    return f"{', '.join(days[:-1])} {scan.table.symbols['&']} {days[-1]}"


@ENGLISH_SCHEDULE.rule(
    "date", (WORD,), r"(?P<name>(?-i:Tu|Th|Sa|Su))\.?(?=:?\s\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m?(?!\w)|[-–]))"
)
def _day_letter(match: re.Match[str], scan: "Scan") -> str:
    """Read the "Sa" of "Sa 9-1"."""
    return scan.table.weekdays[_DAY_LETTERS[match["name"]]]


@ENGLISH_SCHEDULE.rule("acronym", (WORD,), r"(?-i:SAT)(?=\s(?:score\s)?(?:of\s)?1?\d{3}(?![:\d]))")
def _test(match: re.Match[str], scan: "Scan") -> str:
    """Read "SAT 1480", which is no Saturday."""
    return scan.grammar.spelled(match[0])


@ENGLISH_SCHEDULE.rule("date", (WORD,), r"(?P<name>[^\W\d_]{3,6})\.(?=\s(?P<month>[^\W\d_]{3,9})\.?\s\d)", needs=".")
def _weekday_before_month(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "Tue. Dec 8", whose first dot ends no sentence."""
    number = scan.table.weekday_short.get(match["name"].lower())
    month = scan.grammar.month_numbers.get(match["month"].lower())
    return f"{scan.table.weekdays[number]}," if number is not None and month and match["name"][0].isupper() else None


@ENGLISH_SCHEDULE.rule("date", (DIGIT,), r"(?P<month>\d{1,2})/(?P<year>20\d\d)(?![\w/-]|[.,]\d)", needs="/")
def _month_and_year(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "3/2027"."""
    month = int(match["month"])
    if not 1 <= month <= len(scan.table.months) or not scan.tokens or scan.tokens[-1].kind == "label":
        return None
    return scan.grammar.date(Date(None, month, match["year"]))


@ENGLISH_SCHEDULE.rule(
    "range",
    (DIGIT,),
    r"(?P<a>\d{1,2})/(?P<b>\d{1,2})(?P<join>\s?[-–—]\s?|\s(?:and|&)\s)(?P<c>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<year>20\d\d|\d\d))?(?![\w/%\"']|-\d|[.,]\d)",
    needs="/",
)
def _dates(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "12/20-12/23" and "between 3/4 and 3/11"; "1/2-3/4" are fractions."""
    between = scan.last_word() in {"between", "btwn"} and not _MEASURED_AFTER.match(scan.after(match))
    joined = match["join"].strip() in {"and", "&"}
    if joined and not between:
        return None
    pairs = [(int(match[one]), int(match[two])) for one, two in ("ab", "cd")]
    day_first = scan.table.date_order == "dmy"
    days = [pair if day_first else pair[::-1] for pair in pairs]
    common = all(first < second and second in _FRACTIONS for first, second in pairs) and not match["year"]
    if common and not between and scan.last_word() not in scan.table.date_words:
        halves = (scan.grammar.fraction("", str(first), str(second)) for first, second in pairs)
        return f" {scan.table.to} ".join(halves)
    if not all(is_day(*one) for one in days):
        return None
    first, last = (Date(*one, day_first=day_first) for one in days)
    word = scan.table.symbols["&"] if joined else scan.table.to
    return f"{scan.grammar.date(first)} {word} {scan.grammar.date(last._replace(year=match['year']))}"


@ENGLISH_SCHEDULE.rule("date", (WORD,), r"(?P<name>[^\W\d_]{3,9})\.?\s'(?P<year>\d\d)(?![\w'\"])", needs="'")
def _month_of_year(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "Feb. '27"."""
    month = scan.grammar.month_numbers.get(match["name"].lower())
    return scan.grammar.date(Date(None, month, match["year"])) if month else None


@ENGLISH_SCHEDULE.rule("date", (SIGN,), r"'(?P<year>\d\d)(?![\w'\"]|[.,]\d)", needs="'")
def _short_year(match: re.Match[str], scan: "Scan") -> str:
    """Read "class of '09"."""
    return scan.grammar.year(match["year"])


@ENGLISH_SCHEDULE.rule(
    "date",
    (DIGIT,),
    r"(?P<decade>[2-9]0)s(?=\s(?:dance|fashion|hits?|movies?|music|nights?|part(?:y|ies)|pop|rock|themed?)\b)",
)
def _decade(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "80s night"."""
    return scan.grammar.decade(match["decade"])


@ENGLISH_SCHEDULE.rule("date", (DIGIT,), r"(?P<first>\d{1,2})/(?P<second>\d{1,2})(?![\w/%]|-\d|[.,]\d)", needs="/")
def _day_and_month(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "posted 11/30", "1/19 at 8:05", "01/05": dates where a fraction is unlikely."""
    first, second = int(match["first"]), int(match["second"])
    day_first = scan.table.date_order == "dmy"
    day, month = (first, second) if day_first else (second, first)
    labelled = scan.tokens and scan.tokens[-1].kind in {"label", "number"} and scan.before != "expires"
    if not is_day(day, month) or scan.names_code() or labelled or match[0] in scan.table.named_numbers:
        return None
    padded = "0" in (match["first"][0], match["second"][0])
    common = first < second and second in _FRACTIONS
    dated = scan.before == "expires" or (scan.last_word() in _DATED and not common)
    clock = _CLOCK_AFTER.match(scan.after(match))
    rare = second not in _FRACTIONS and second > 10 and not _COUNTED.match(scan.after(match))  # noqa: PLR2004
    # "12/1" is no fraction; "5/4" may be.
    joined = len(scan.tokens) > 1 and scan.tokens[-2].kind == "date" and scan.before in _JOINS
    improper = not day_first and first > second and first > 6 and not scan.recent_words(3) & _NO_DATE  # noqa: PLR2004
    likely = padded or dated or clock or joined or (improper and bool(scan.tokens)) or (rare and bool(scan.tokens))
    return scan.grammar.date(Date(day, month, day_first=day_first)) if likely else None


@ENGLISH_SCHEDULE.rule(
    "time", (DIGIT,), r"(?P<hours>1?\d)(?::(?P<minutes>[0-5]\d))?\s(?P<zone>(?-i:[ECMP]T))(?!\w)", needs="T"
)
def _zoned(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "2 PM ET/1 CT"."""
    if not any(token.kind == "time" for token in scan.tokens[-2:]):
        return None
    minutes = int(match["minutes"]) if match["minutes"] else None
    hours = scan.grammar.cardinal(int(match["hours"]))
    said = scan.grammar.time(Time(int(match["hours"]), minutes)) if minutes else hours
    return f"{said} {scan.table.time_zones[match['zone'].lower()]}"


@ENGLISH_SCHEDULE.rule("range", (DIGIT,), r"(?P<first>1?\d)\s?[-–—]\s?(?P<last>1?\d)(?![\w/%-]|[.,:]\d)", needs="-–—")
def _opening_hours(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "Mon-Fri, 9-5" and "open 10-6"."""
    first, last = int(match["first"]), int(match["last"])
    dated = any(token.kind == "date" for token in scan.tokens[-2:]) or scan.last_word() in _HOURS_WORDS
    # A part of the day is read by the rule of times.
    if not dated or max(first, last) > 12 or first <= last or _PART_AFTER.match(scan.after(match)):  # noqa: PLR2004
        return None
    return f"{scan.grammar.cardinal(first)} {scan.table.to} {scan.grammar.cardinal(last)}"


@ENGLISH_SCHEDULE.rule("range", (DIGIT,), r"(?P<first>\d{1,3})-(?P<last>\d{1,3})(?![\w/%-]|[.,:]\d)", needs="-")
def _score(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "beat Team B 3-2"."""
    won = scan.last_word() in {"w", "l"} or not scan.recent_words(6).isdisjoint(scan.table.score_words - {"by"})
    if int(match["first"]) < int(match["last"]) or not won:
        return None
    return f"{scan.grammar.whole(match['first'])} {scan.table.to} {scan.grammar.whole(match['last'])}"


@ENGLISH_SCHEDULE.rule("range", (DIGIT,), r"\d{1,2}-\d{1,2}-\d(?![\w/%-]|[.,:]\d)", needs="-")
def _record(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the wins, losses and ties of "a record of 10-2-3"."""
    if scan.recent_words(3).isdisjoint({"record", "went", "are", "go"}):
        return None
    return " ".join(scan.grammar.whole(one) for one in match[0].split("-"))


@ENGLISH_SCHEDULE.rule("time", (DIGIT,), r"(?P<hours>1?\d)(?::(?P<minutes>[0-5]\d))?-?ish(?!\w)", needs="i")
def _about(match: re.Match[str], scan: "Scan") -> str:
    """Read "7ish" and "7:30ish"."""
    hours = scan.grammar.cardinal(int(match["hours"]))
    minutes = f" {scan.grammar.whole(match['minutes'])}" if match["minutes"] else ""
    return f"{hours}{minutes}-ish"


@ENGLISH_SCHEDULE.rule("measure", (DIGIT,), r"(?P<number>\d{1,3})\s?(?P<unit>(?-i:[mhdw]))(?![\w'/-]|\.\w)")
def _until(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "expires in 10m"; elsewhere "10m" are meters."""
    if scan.recent_words(6).isdisjoint(_ENDS_SOON) and not _PAST.match(scan.after(match)):
        return None
    name = _DURATIONS[match["unit"]]
    one, many = scan.table.units.get(name, (name, f"{name}s"))
    return scan.grammar.counted(match["number"], one, many)


@ENGLISH_SCHEDULE.rule(
    "time", (DIGIT,), r"(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)(?P<hundredths>\.\d{1,3})?(?![\d:]|\.\d)", needs=":"
)
def _minutes(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the time of a run, "51:02", which is no time of day."""
    seconds, part = match["seconds"], match["hundredths"]
    if not part and (int(match["minutes"]) <= 24 or seconds[0] != "0"):  # noqa: PLR2004  hours of a day; "70:30"
        return None
    zero = " oh" if seconds[0] == "0" and seconds != "00" else ""
    said = f"{scan.grammar.whole(match['minutes'])}{zero} {scan.grammar.cardinal(int(seconds))}"
    return f"{said} {scan.table.point} {scan.grammar.digits(part[1:])}" if part else said


@ENGLISH_SCHEDULE.rule(
    "measure", (DIGIT,), r"(?P<hours>\d{1,3})\s?hr?s?\s?(?P<minutes>\d{1,2})\s?(?:m|min|mins)?(?!\w)", needs="hH"
)
def _duration(match: re.Match[str], scan: "Scan") -> str:
    """Read "2h 30m"."""
    units = scan.table.units
    hours = scan.grammar.counted(match["hours"], *units["h"])
    return f"{hours} {scan.grammar.counted(match['minutes'], *units['min'])}"


@ENGLISH_SCHEDULE.rule(
    "time", (DIGIT,), r"(?P<first>1?\d)(?P<from>[ap])?\s?[-–]\s?(?P<last>1?\d)(?P<to>[ap])(?!\w|\.\w)", needs="-–"
)
def _hours(match: re.Match[str], scan: "Scan") -> str:
    """Read "8a-8p" and "2-6p"."""
    parts, cardinal = scan.table.day_parts, scan.grammar.cardinal
    first = f" {parts[match['from'].lower() + 'm']}" if match["from"] else ""
    last = parts[f"{match['to'].lower()}m"]
    return f"{cardinal(int(match['first']))}{first} {scan.table.to} {cardinal(int(match['last']))} {last}"


@ENGLISH_SCHEDULE.rule("time", (DIGIT,), r"(?P<hours>1?\d)(?P<part>(?-i:[ap]))(?!\w|\.\w)")
def _hour(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "at 9a"; "Room 8a" is no time."""
    if scan.last_word() not in _TIME_WORDS or not 1 <= int(match["hours"]) <= 12:  # noqa: PLR2004  hours of a clock
        return None
    return f"{scan.grammar.cardinal(int(match['hours']))} {scan.table.day_parts[match['part'] + 'm']}"


# Before a range only: otherwise it is "by the way".
ENGLISH_SCHEDULE.phrase(
    "abbreviation",
    (WORD,),
    r"btw\.?(?=\s\d[\d:]{0,4}\s?(?:[ap]\.?m\.?)?\s?(?:[-–&]|and|to)\s?\d)",
    "between",
)
