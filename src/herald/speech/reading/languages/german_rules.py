"""Rules of German alone: "14:30 Uhr", "am 3.4.", "12,50 Euro", "1,5 Mio. km", "Hauptstr. 5"."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.grammar import Date, Time
from herald.speech.reading.languages.german_ordinals import ORDINALS
from herald.speech.reading.lazy import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule, Rules
from herald.speech.reading.rules.money import per_unit

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

SHORT_WORDS = frozenset({"so", "x"})
"""Lower-case words at which one of these rules may begin."""
_BEFORE_TIME = frozenset(["um", "ab", "bis", "gegen"])
_SHORTEST, _LONGEST = 7, 15
"""Digits of a telephone number."""
_MONTHS, _DAYS, _HOURS, _MINUTES = 12, 31, 24, 59
_ZONE = Lazy(r"\s?\(?([A-Za-z]{2,5})\)?(?!\w)")
_MINUS = r"(?P<minus>[-−])?"
GERMAN_RULES = Rules(ORDINALS)


@GERMAN_RULES.rule(
    "time",
    (DIGIT,),
    r"(?:(?P<from>\d{1,2})(?:[:.](?P<from_minutes>\d{2}))?(?:\s?Uhr)?\s?[-–]\s?)?"
    r"(?P<hours>\d{1,2})(?:[:.](?P<minutes>\d{2})(?:[:.](?P<seconds>\d{2}))?)?"
    r"(?:\s?Uhr(?:\s(?P<after>\d{2})(?![\w.:,/-]))?|\s?(?P<short>h))(?!\w)",
)
def _time(match: re.Match[str], scan: "Scan") -> tuple[str, int] | None:
    """Read "14:30 Uhr", "14 Uhr 30" and "8-12.30 Uhr"."""
    said = ""
    if match["short"] and not match["minutes"] and scan.last_word() not in _BEFORE_TIME:
        return None  # "3 h" is a duration
    if match["from"]:
        first = _clock(match["from"], match["from_minutes"], None)
        if first is None:
            return None
        # "acht bis zwölf Uhr", but "acht Uhr dreißig bis zwölf Uhr".
        said = scan.grammar.time(first) if match["from_minutes"] else scan.grammar.cardinal(first.hours)
        said = f"{said} {scan.table.to} "
    time = _clock(match["hours"], match["minutes"] or match["after"], match["seconds"])
    if time is None or (match["minutes"] and match["after"]):
        return None
    zone, end = _ZONE.match(scan.text, match.end()), match.end()
    name = scan.table.time_zones.get(zone[1].lower(), "") if zone else ""
    return said + scan.grammar.time(time._replace(zone=name)), zone.end() if zone and name else end


def _clock(hours: str, minutes: str | None, seconds: str | None) -> Time | None:
    time = Time(int(hours), int(minutes) if minutes else None, int(seconds) if seconds else None)
    valid = time.hours <= _HOURS and (time.minutes or 0) <= _MINUTES and (time.seconds or 0) <= _MINUTES
    return time if valid else None


@GERMAN_RULES.rule(
    "phone",
    (DIGIT, SIGN),
    r"\(?0\d{1,5}\)?(?:\s?[/–-]\s?|\s)\d{2,8}(?:(?:\s?[/–-]\s?|\s)\d{1,8}){0,5}(?![\w]|[.,:]\d)",
    needs="0",
)
def _phone(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "0341 / 12 34 56 - 78"."""
    groups = re.findall(r"\d+", re.sub(r"\s(?=\d$)", "", match[0]))  # "0800 123 456 7"
    return scan.grammar.phone(groups) if _SHORTEST <= sum(map(len, groups)) <= _LONGEST else None


@GERMAN_RULES.rule(
    "date",
    (DIGIT,),
    r"(?P<day>\d{1,2})\.(?:\s?(?P<month>\d{1,2})\.)?\s?(?P<to>[-–/])\s?"
    r"(?=\d{1,2}\.\s?(?:\d{1,2}\.|[JFMASOND][^\W\d_]{2,8}))",
    needs=".",
)
def _days(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the beginning of "3.-5. April" and "3.4.-5.4.2026"."""
    day, month = int(match["day"]), int(match["month"] or 1)
    if not (1 <= day <= _DAYS and 1 <= month <= _MONTHS):
        return None
    said = scan.grammar.date(Date(day, month)) if match["month"] else scan.grammar.day(day)
    return f"{said} {scan.table.to if match['to'] != '/' else scan.table.symbols['&']}"


def _day_month(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "3.4." and, after a word such as "am", "3.4"."""
    day, month = int(match["day"]), int(match["month"])
    if not (1 <= day <= _DAYS and 1 <= month <= _MONTHS):
        return None
    if not match["dot"] and scan.last_word() not in scan.table.date_words - {"der", "den", "dem"}:
        return None
    return scan.grammar.date(Date(day, month, day_first=True))


GERMAN_RULES.extend(
    [
        Rule(
            "date",
            (DIGIT,),
            r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})(?P<dot>\.)(?!\d|\s?\d{4}(?!\d))",
            _day_month,
            needs=".",
        ),
        Rule(
            "date",
            (DIGIT,),
            r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})(?P<dot>)(?![\w.,/:-]\d|\w|\s?[%€$])",
            _day_month,
            ".",
        ),
    ]
)


@GERMAN_RULES.rule(
    "money",
    (DIGIT, SIGN),
    rf"{_MINUS}(?:(?P<foreign>\d{{1,6}}\.\d{{2}})|(?P<number><num>)(?:,[-–—]{{1,2}})?)\s?"
    r"(?P<symbol>Euro|Dollar|Franken|Pfund|Cent|Ct\.?|EUR|CHF|USD|[€$£])(?![\w$€£])",
)
def _amount(match: re.Match[str], scan: "Scan") -> tuple[str, int] | None:
    """Read "12,50 Euro", "5,- €", "12.50 €" and "2 bis 3 Euro" by its last part."""
    currency = scan.table.currencies.get(match["symbol"]) or scan.table.currencies.get(match["symbol"].title())
    if currency is None:
        return None
    number = match["number"] if match["number"] else match["foreign"].replace(".", ",")
    said = scan.grammar.money(number, currency)
    per, end = per_unit(scan, match.end())
    return (f"{scan.table.minus} {said}" if match["minus"] else said) + per, end


def _large(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "1,5 Mio." and "1,5 Mio. km"."""
    magnitude = scan.table.magnitudes.get(match["magnitude"].lower())
    unit = scan.table.units.get(match["unit"] or "")
    if not magnitude or (match["unit"] and not unit):
        return None
    said = f"{scan.grammar.multiplier(match['number'])} {magnitude[0 if scan.grammar.is_one(match['number']) else 1]}"
    said = f"{said} {unit[1]}" if unit else said
    return f"{scan.table.minus} {said}" if match["minus"] else said


GERMAN_RULES.extend(
    [
        Rule(
            "measure",
            (DIGIT, SIGN),
            rf"{_MINUS}(?P<number><num>)\s?(?P<magnitude>[^\W\d_]{{3,10}}\.?)\s(?P<unit>°?[^\W\d_]{{1,5}}(?:/[a-z]{{1,3}})?)(?!\w)",
            _large,
        ),
        Rule(
            "number",
            (DIGIT, SIGN),
            rf"{_MINUS}(?P<number><num>)\s?(?P<magnitude>Mio|Mrd|Bio|Tsd)(?P<unit>)(?!\.?\s?[€$£]|\.?\s(?:EUR|USD|CHF)|\w)\.?",
            _large,
        ),
    ]
)


@GERMAN_RULES.rule("number", (DIGIT,), r"(?P<number>\d{1,4})er(?=-?\W|n\W|\Z)", needs="eE")
def _decade(match: re.Match[str], scan: "Scan") -> str:
    """Read "1990er", "90er" and "2er"."""
    return f"{scan.grammar.year(match['number'])}er"


@GERMAN_RULES.rule("number", (DIGIT,), r"(?P<number><num>)\s?[x×](?=\s[^\W\d_])", needs="xX×")
def _times(match: re.Match[str], scan: "Scan") -> str:
    """Read "1x täglich"."""
    return scan.grammar.counted(match["number"], "mal", "mal")


@GERMAN_RULES.rule("range", (DIGIT,), r"(?P<first>\d{1,3}):(?P<last>\d{1,3})(?![\w:]|[.,]\d)", needs=":")
def _score(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "3:1" and, after a word such as "gewann", "21:19"."""
    if len(match["last"]) > 1 and not scan.plays():
        return None
    return f"{scan.grammar.whole(match['first'])} zu {scan.grammar.whole(match['last'])}"


@GERMAN_RULES.rule(
    "measure",
    (DIGIT, SIGN),
    rf"{_MINUS}(?:(?P<whole>\d{{1,6}})\s)?(?P<numerator>\d{{1,3}})/(?P<denominator>\d{{1,3}})\s?(?P<unit>[^\W\d_]{{1,5}})(?!\w)\.?",
    needs="/",
)
def _part(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "1/2 l" and "1 1/2 Std."."""
    unit = scan.table.units.get(match["unit"]) or scan.table.units.get(match["unit"].lower())
    if not unit or not int(match["denominator"]):
        return None
    said = scan.grammar.fraction(match["whole"] or "", match["numerator"], match["denominator"])
    said = f"{said} {unit[1 if match['whole'] or int(match['numerator']) > 1 else 0]}"
    return f"{scan.table.minus} {said}" if match["minus"] else said


@GERMAN_RULES.rule("version", (DIGIT,), r"\d{1,4}\.\d{1,2}(?![\w.:,/-]\d|\w|\s?[%€$£])", needs=".")
def _dotted_number(match: re.Match[str], scan: "Scan") -> str:
    """Read "3.12" with its dot, as in the version of a program."""
    return f" {scan.table.dot} ".join(scan.grammar.whole(part) for part in match[0].split("."))


@GERMAN_RULES.rule("address", (WORD,), r"(?P<name>[^\W\d_]{2,30}(?:-[^\W\d_]{2,30}){0,4}-?)str\.(?!\w)", needs=".")
def _street(match: re.Match[str], scan: "Scan") -> str:
    """Read "Hauptstr. 5"; of "Berliner Str." the table knows the abbreviation."""
    name = match["name"].replace("-", " ")
    return f"{name}Straße" if name.endswith(" ") else f"{name}straße"


@GERMAN_RULES.rule(
    "abbreviation", (WORD,), r"(?P<first>[^\W\d_]{2,20})(?P<dot>\.?)-(?P<last>[^\W\d_]{2,5})\.(?!\w)", needs="."
)
def _joined(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "Tel.-Nr." and "Kunden-Nr."."""
    first = scan.table.abbreviations.get(f"{match['first'].lower()}.") if match["dot"] else match["first"]
    last = match["last"].lower()
    second = scan.table.before_number.get(f"{last}.") or scan.table.abbreviations.get(f"{last}.")
    return f"{first} {second}" if first and second else None


@GERMAN_RULES.rule("word", (WORD,), r"x(?=\s\d)")
def _by(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the "x" of "5 cm x 3 cm"."""
    return scan.table.by if scan.tokens and scan.tokens[-1].kind in ("measure", "number") else None


@GERMAN_RULES.rule("word", (SIGN,), r"[-–—](?=\s?\d{1,2}[.:])", needs="-–—")
def _to(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the dash of "30. Juni - 2. Juli"."""
    return scan.table.to if scan.tokens and scan.tokens[-1].kind in ("date", "time") else None


@GERMAN_RULES.rule("word", (WORD,), r"so(?=\s\d+(?!\d|[.:]\d|\.\s|\s?Uhr))")
def _so(match: re.Match[str], scan: "Scan") -> str:
    """Read the word "so" before a number that is no date or time: "So 20 Leute"."""
    return match[0]
