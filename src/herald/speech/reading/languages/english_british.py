"""Rules for British English only: pence, postcodes, times with a dot, "£950pcm", "w/c 7 Dec", "M25 J12-J15"."""

import re

from herald.speech.reading.grammar import Date, Time
from herald.speech.reading.languages.english_rules import plural_number
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, WORD, Rule, Rules
from herald.speech.reading.rules.dates import is_day, said_date
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_CLOCK_WORDS = words(
    "after arr at before between btwn by closed closes departs departure dep doors from kick-off ko meet next open "
    "opens starts till to until"
)
_QUANTITY_AFTER = Lazy(
    r"\s?[%£$€°]|\s?(?:c|k|m)?(?:m|g|l)\b|\s?(?:million|miles?|hours?|hrs|per|points?|(?:kilo)?met(?:re|er)s?|litres?|kilos?)\b"
)

BRITISH_RULES = Rules()


@BRITISH_RULES.rule("money", DIGIT, r"(?P<number>\d{1,2}|\d{1,3}\.\d{1,2})p(?!\w)", "p")
def _pence(match: re.Match[str], scan: Scan) -> str:
    """Read "50p" and "24.5p"; "720p" is a size of films."""
    return scan.grammar.counted(match["number"], "penny", "pence")


# Read "U9s v Ashford".
BRITISH_RULES.phrase(
    "word", WORD, r"(?-i:v)(?=\s(?-i:[A-Z]))", "versus", where=lambda scan: scan.written_before()[:1].isupper()
)


@BRITISH_RULES.rule("word", WORD, r"(?-i:U)(?P<age>\d{1,2})s(?!\w)", "s")
def _team(match: re.Match[str], scan: Scan) -> str:
    """Read the team of the "U9s"."""
    return f"under {plural_number(match['age'], scan)}"


@BRITISH_RULES.rule("code", WORD, r"(?P<area>(?-i:[A-Z]{1,2}\d{1,2}[A-Z]?))\s(?P<street>\d(?-i:[A-Z]{2}))(?!\w)")
def _postcode(match: re.Match[str], scan: Scan) -> str:
    """Read "SE1 7PB", which has no petabytes."""
    parts = re.findall(r"[A-Z]+|\d+", match[0])
    return " ".join(scan.grammar.whole(part) if part.isdigit() else scan.grammar.spelled(part) for part in parts)


@BRITISH_RULES.rule(
    "time", DIGIT, r"(?P<first>1?\d(?:\.[0-5]\d)?)\s?[-–]\s?(?P<last>1?\d(?:\.[0-5]\d)?)(?![\w%-]|[.,]\d)", "."
)
def _dotted_times(match: re.Match[str], scan: Scan) -> str | None:
    """Read "open 9-5.30"."""
    dated = any(token.kind == "date" for token in scan.tokens[-2:])
    if (
        "." not in match[0]
        or not (dated or scan.last_word() in _CLOCK_WORDS)
        or _QUANTITY_AFTER.match(scan.after(match))
    ):
        return None
    said = []
    for one in (match["first"], match["last"]):
        hours, _, minutes = one.partition(".")
        said.append(scan.grammar.time(Time(int(hours), int(minutes))) if minutes else scan.grammar.cardinal(int(hours)))
    return f" {scan.table.to} ".join(said)


@BRITISH_RULES.rule("time", DIGIT, r"(?P<hours>1?\d|0\d|2[0-3])\.(?P<minutes>[0-5]\d)(?![\w%]|[.,]\d)", ".")
def _dotted_time(match: re.Match[str], scan: Scan) -> str | None:
    """Read "between 10.15 and 12.15" and "doors 7.30"."""
    joined = scan.last_word() in {"and", "to", "-"} and any(token.kind == "time" for token in scan.tokens[-2:])
    if not (joined or scan.last_word() in _CLOCK_WORDS) or _QUANTITY_AFTER.match(scan.after(match)):
        return None
    return scan.grammar.time(Time(int(match["hours"]), int(match["minutes"])))


# Read the emergency number.
BRITISH_RULES.phrase(
    "phone",
    DIGIT,
    r"999(?!\w|[.,]\d)",
    "nine nine nine",
    "9",
    where=lambda scan: scan.recent_words(8) & {"call", "dial", "ring", "phone", "emergency"},
)
# Read "reg. AB19 CDE".
BRITISH_RULES.phrase("label", WORD, r"reg\.?(?=:?\s(?-i:[A-Z]{2}\d\d\s?[A-Z]{3})(?!\w))", "registration")
# Read "01.02.27".
BRITISH_RULES.append(
    Rule("date", DIGIT, r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d\d|20\d\d)(?![\w-]|\.\d)", said_date, ".")
)


@BRITISH_RULES.rule(
    "date",
    DIGIT,
    r"(?P<first>\d{1,2})\s?[-–]\s?(?P<last>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>20\d\d|\d\d))?(?![\w/-]|[.,]\d)",
    "-–",
)
def _days(match: re.Match[str], scan: Scan) -> str | None:
    """Read "12-15/02/27"."""
    first, last, month = int(match["first"]), int(match["last"]), int(match["month"])
    if first >= last or not is_day(last, month) or not (match["year"] or match["month"][0] == "0"):
        return None
    said = scan.grammar.date(Date(last, month, match["year"], day_first=True))
    return f"{scan.grammar.day_alone(first)} {scan.table.to} {said}"


@BRITISH_RULES.rule("date", DIGIT, r"(?P<day>1[3-9]|2\d|3[01])/(?P<month>0?[1-9]|1[0-2])(?![\w/%-]|[.,]\d)", "/")
def _day_and_month(match: re.Match[str], scan: Scan) -> str | None:
    """Read "25/12", which is not a fraction."""
    coded = scan.names_code() and scan.last_word() != "ends"
    return None if match[0] in scan.table.named_numbers or coded else said_date(match, scan)


@BRITISH_RULES.rule("date", DIGIT, r"(?P<month>0[1-9]|1[0-2])/(?P<year>2[5-9]|3[01])(?![\w/%-]|[.,]\d)", "/")
def _month_and_year(match: re.Match[str], scan: Scan) -> str | None:
    """Read "MOT due 03/27", where no day comes first."""
    if scan.names_code() or scan.plays():
        return None
    return scan.grammar.date(Date(None, int(match["month"]), f"20{match['year']}"))


# Read the weight of a person, "11st 4lb".
BRITISH_RULES.phrase("measure", DIGIT, r"(?P<stone>\d{1,2})\s?st\.?(?=\s?\d{1,2}\s?lb)", "{stone:whole} stone", "s")
# Read "w/c 7 Dec" and "w/e 13/12"; "w/e" alone is a weekend.
BRITISH_RULES.phrase("abbreviation", WORD, r"w/c\.?(?=\s(?:\d|[a-z]{3,9}\.?\s\d))", "week commencing", "/")
BRITISH_RULES.phrase("abbreviation", WORD, r"w/e\.?(?=\s(?:\d|[a-z]{3,9}\.?\s\d))", "week ending", "/")


@BRITISH_RULES.rule(
    "label",
    WORD,
    r"(?-i:J)(?P<number>\d{1,2})(?P<letter>[A-C])?(?:\s?[-–]\s?J?(?P<last>\d{1,2})(?P<last_letter>[A-C])?)?(?!\w)",
)
def _junction(match: re.Match[str], scan: Scan) -> str | None:
    """Read "M25 J12-J15"."""
    if not any(re.fullmatch(r"[am]\d{1,4}(?:\(m\))?", word) for word in scan.recent_words(4)):
        return None
    ends = ((match["number"], match["letter"]), (match["last"], match["last_letter"]))
    said = (
        f"{scan.grammar.cardinal(int(number))} {(letter or '').upper()}".strip() for number, letter in ends if number
    )
    return f"junction {f' {scan.table.to} '.join(said)}"
