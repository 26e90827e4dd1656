"""Rules of English dates and days of the week: "M-F 9-5", "posted 11/30", "your card expires 03/27"."""

import re

from herald.speech.reading.grammar import Date
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.dates import is_day
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_DAY_LETTERS = {"M": 0, "Tu": 1, "T": 1, "W": 2, "Th": 3, "R": 3, "F": 4, "Sa": 5, "S": 5, "Su": 6}
_CERTAIN_DAYS = words("M-F M-Th M-Sa M-Su M-Sat M-Sun M-W Tu-Th Tu-F Tu-Sa T-Th T-Sat Sa-Su Th-Sa Th-Su")
"""Ranges of days that mean nothing else; others need a time after them, such as "T-F", true or false."""
_TIME_AFTER = Lazy(r"[:,]?\s*\(?(?:from\s)?\d")
_CLOCK_AFTER = Lazy(
    r"\s@\s?\d{1,2}(?![\w%.])|\s*[,(]?\s*(?:@|at|from|between|btwn)?\s*\d{1,2}(?:\s?[-–]\s?\d{1,2})?(?::\d\d|\s?[ap](?:\.?m)?(?!\w))",
    re.IGNORECASE,
)
_BEFORE_MONTH = words("in for by since until till through thru from of late early mid next last this")
_DATED = words(
    "arrives arriving available avail begins begin between closed closes delivered delivery deposited dated ends "
    "deadline eta exp expired expiring filled held leaves mailed opens ordered paid picked placed posted posts "
    "received resumes returned returns scheduled sent shipped ships starts today tomorrow tonight"
)
"""Words before a date without a year, unless it is a common fraction such as 1/2."""
_COUNTED = Lazy(r"\s(?!is\b|was\b|has\b)[a-z]+s\b")
_FRACTIONS = frozenset({2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 32, 64, 100})
"""Denominators in use."""
_MEASURED_AFTER = Lazy(r"\s?(?:\"|in(?:ch)?\b|inches|cups?|tsp|tbsp|miles?|hours?|of\b)")
_JOINS = frozenset({"and", "or", "&"})
_NO_DATE = words("odds rated rating score scored grade pain review reviews time")
_CARDS = words("amex card credit debit mastercard visa")

ENGLISH_SCHEDULE = Rules()


@ENGLISH_SCHEDULE.rule(
    "date",
    WORD,
    r"(?P<first>(?-i:M|Tu|T|W|Th|F|Sa|Su|S))\s?[-–—]\s?(?P<last>(?-i:Th|Tu|T|W|F|Sat|Sa|Sun|Su|S))(?![\w'&/-]|\.\w)",
    "-–—",
)
def _day_letters(match: re.Match[str], scan: Scan) -> str | None:
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
    WORD,
    r"(?-i:(?:M|Tu|T|W|Th|F|Sa|Su)(?:(?:/|,\s?|,?\s?&\s?)(?:Tu|Th|T|W|F|Sat|Sa|Sun|Su)(?!\w)){1,5}|M-W-F|MWF|TTh|TTH)(?![\w'&/-])",
)
def _listed_day_letters(match: re.Match[str], scan: Scan) -> str | None:
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
    "date",
    WORD,
    r"(?P<name>(?-i:Tu|Th|Sa|Su))\.?(?=:?\s\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m?(?!\w)|[-–]))"
    r"|(?P<letter>(?-i:[MTWF]))(?=:?\s\d{1,2}(?::\d\d)?\s?[ap]\.?m?\.?\s?[-–])",
)
def _day_letter(match: re.Match[str], scan: Scan) -> str:
    """Read the "Sa" of "Sa 9-1" and the "F" of "F 7a-4p"."""
    return scan.table.weekdays[_DAY_LETTERS[match["name"] or match["letter"]]]


# Read "SAT 1480", which is not a Saturday.
_TEST = r"(?-i:SAT)(?=\s(?:(?:score\s)?(?:of\s)?1?\d{3}(?![:\d])|(?:exam|practice|prep|test|tutor)s?\b))"
ENGLISH_SCHEDULE.phrase("acronym", WORD, _TEST, "S A T")


@ENGLISH_SCHEDULE.rule("date", WORD, r"(?P<name>[^\W\d_]{3,6})\.(?=\s(?P<month>[^\W\d_]{3,9})\.?\s\d)", ".")
def _weekday_before_month(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Tue. Dec 8", whose first dot does not end the sentence."""
    number = scan.table.weekday_short.get(match["name"].lower())
    month = scan.grammar.month_numbers.get(match["month"].lower())
    return f"{scan.table.weekdays[number]}," if number is not None and month and match["name"][0].isupper() else None


@ENGLISH_SCHEDULE.rule(
    "date",
    WORD,
    r"(?P<name>(?-i:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec))(?![\w'-]|\s?'?\d|\.(?!\s+(?-i:[A-Z])|\s*\Z))",
)
def _month_alone(match: re.Match[str], scan: Scan) -> str | None:
    """Read "fees for Dec"; "for Jan" is more likely a person."""
    month = scan.grammar.month_numbers[match["name"].lower()]
    dated = scan.last_word() in _BEFORE_MONTH and (month > 1 or scan.last_word() == "in")
    return scan.table.months[month - 1] if dated else None


@ENGLISH_SCHEDULE.rule("date", DIGIT, r"(?P<month>\d{1,2})/(?P<year>20\d\d)(?![\w/-]|[.,]\d)", "/")
def _month_and_year(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3/2027"."""
    month = int(match["month"])
    if not 1 <= month <= len(scan.table.months) or not scan.tokens or scan.tokens[-1].kind == "label":
        return None
    return scan.grammar.date(Date(None, month, match["year"]))


@ENGLISH_SCHEDULE.rule(
    "range",
    DIGIT,
    r"(?P<a>\d{1,2})/(?P<b>\d{1,2})(?P<join>\s?[-–—]\s?|\s(?:and|&)\s)(?P<c>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<year>20\d\d|\d\d))?(?![\w/%\"']|-\d|[.,]\d)",
    "/",
)
def _dates(match: re.Match[str], scan: Scan) -> str | None:
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


@ENGLISH_SCHEDULE.rule(
    "range", DIGIT, r"(?P<month>\d{1,2})/(?P<first>\d{1,2})[-–](?P<last>\d{1,2})(?![\w/%\"'-]|[.,:]\d)", "/"
)
def _days_of_month(match: re.Match[str], scan: Scan) -> str | None:
    """Read "finals are 5/24-27"."""
    month, first, last = int(match["month"]), int(match["first"]), int(match["last"])
    sure = first > len(scan.table.months) or scan.last_word() in _DATED
    if scan.table.date_order == "dmy" or not sure or not (first < last and is_day(last, month)):
        return None
    return f"{scan.grammar.date(Date(first, month))} {scan.table.to} {scan.grammar.ordinal(last)}"


@ENGLISH_SCHEDULE.rule("date", WORD, r"(?P<name>[^\W\d_]{3,9})\.?\s'(?P<year>\d\d)(?![\w'\"])", "'")
def _month_of_year(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Feb. '27"."""
    month = scan.grammar.month_numbers.get(match["name"].lower())
    return scan.grammar.date(Date(None, month, match["year"])) if month else None


# Read "class of '09".
ENGLISH_SCHEDULE.phrase("date", SIGN, r"'(?P<year>\d\d)(?![\w'\"]|[.,]\d)", "{year:year}", "'")


@ENGLISH_SCHEDULE.rule(
    "date",
    DIGIT,
    r"(?P<decade>[2-9]0)s(?=\s(?:dance|fashion|hits?|movies?|music|nights?|part(?:y|ies)|pop|rock|themed?)\b)",
)
def _decade(match: re.Match[str], scan: Scan) -> str | None:
    """Read "80s night"."""
    return scan.grammar.decade(match["decade"])


@ENGLISH_SCHEDULE.rule("date", DIGIT, r"(?P<month>0?[1-9]|1[0-2])/(?P<year>2[5-9]|3\d)(?![\w/%]|-\d|[.,]\d)", "/")
def _card_expires(match: re.Match[str], scan: Scan) -> str | None:
    """Read "your card expires 03/27"."""
    expires = scan.before == "expires" or scan.last_word() in {"thru", "through", "date", "expiration", "until"}
    if not expires or scan.recent_words(7).isdisjoint(_CARDS):
        return None
    return scan.grammar.date(Date(None, int(match["month"]), f"20{match['year']}"))


@ENGLISH_SCHEDULE.rule("date", DIGIT, r"(?P<first>\d{1,2})/(?P<second>\d{1,2})(?![\w/%]|-\d|[.,]\d)", "/")
def _day_and_month(match: re.Match[str], scan: Scan) -> str | None:
    """Read "posted 11/30", "1/19 at 8:05", "01/05": dates where a fraction is unlikely."""
    first, second = int(match["first"]), int(match["second"])
    day_first = scan.table.date_order == "dmy"
    day, month = (first, second) if day_first else (second, first)
    labelled = scan.kind in {"label", "number"} and scan.before != "expires"
    if not is_day(day, month) or scan.names_code() or labelled or match[0] in scan.table.named_numbers:
        return None
    padded = "0" in (match["first"][0], match["second"][0])
    common = first < second and second in _FRACTIONS
    dated = scan.before == "expires" or (scan.last_word() in _DATED and not common)
    clock = _CLOCK_AFTER.match(scan.after(match))
    rare = second not in _FRACTIONS and second > 10 and not _COUNTED.match(scan.after(match))  # noqa: PLR2004
    # "12/1" is not a fraction; "5/4" may be.
    joined = len(scan.tokens) > 1 and scan.tokens[-2].kind == "date" and scan.before in _JOINS
    improper = first > second and first > 6 and not scan.recent_words(3) & _NO_DATE  # noqa: PLR2004
    likely = padded or dated or clock or joined or (improper and bool(scan.tokens)) or (rare and bool(scan.tokens))
    return scan.grammar.date(Date(day, month, day_first=day_first)) if likely else None
