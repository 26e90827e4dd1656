"""German dates and times: "14:30 Uhr", "am 3.4.", "vom 3.-5. April", "Mo, Mi + Fr", "03/2027"."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.grammar import Date, Time
from herald.speech.reading.lazy import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule, Rules

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

_BEFORE_TIME = frozenset(["um", "ab", "bis", "gegen"])
_TODAY = frozenset(["heute", "morgen", "übermorgen", "täglich", "geöffnet", "öffnungszeiten", "sprechzeiten"])
"""Words after which "14-16h" are times, as after a date."""
_ROOMS = frozenset(["raum", "zimmer", "saal", "büro", "tür", "version", "kapitel", "abschnitt", "ziffer", "punkt"])
"""Words after which "2.04." is a number."""
_ISSUES = frozenset(["heft", "ausgabe", "nummer", "nr", "folge", "teil"])
"""Words after which "03/2027" is a number."""
_INSPECTIONS = frozenset(["hu", "au", "tüv", "ez", "mhd", "erstzulassung", "fällig", "haltbar"])
"""Words after which "06/27" is a month, besides those before a date."""
_LEAST_CLOCK = 6
"""The first hour that is more likely a time than a duration after a date: "Do 12 h"."""
_MONTHS, _DAYS, _HOURS, _MINUTES = 12, 31, 24, 59
_ZONE = Lazy(r"\s?\(?([A-Za-z]{2,5})\)?(?!\w)")
_AWAY = Lazy(r"\s(?:vor|vorher|zuvor|davor|nach|nachher|danach|später|lang|lange|im\sVoraus)(?!\w)")
"""After a duration: "24 h vorher"."""
_GOES_ON = Lazy(r"\.\s*[,/+&\da-zäöü]")
_DAY = r"(?-i:Mo|Di|Mi|Do|Fr|Sa|So)"
_AND = r"(?:,|/|\+|&|und|u\.|oder|o\.|sowie|bis)"
GERMAN_DATES = Rules()


@GERMAN_DATES.rule(
    "time",
    (DIGIT,),
    r"(?:(?P<from>\d{1,2})(?:[:.](?P<from_minutes>\d{2}))?(?:\s?Uhr)?\s?[-–]\s?)?"
    r"(?P<hours>\d{1,2})(?:[:.](?P<minutes>\d{2})(?:[:.](?P<seconds>\d{2}))?)?"
    r"(?:\s?Uhr(?:\s(?P<after>\d{2})(?![\w.:,/-]))?|\s?(?P<short>h))(?!\w)",
)
def _time(match: re.Match[str], scan: "Scan") -> tuple[str, int] | None:
    """Read "14:30 Uhr", "14 Uhr 30" and "8-12.30 Uhr"."""
    said = ""
    if match["short"] and not match["minutes"] and _lasts(match, scan):
        return None
    if match["from"]:
        first = _clock(match["from"], match["from_minutes"], None)
        if first is None:
            return None
        # "acht bis zwölf Uhr", but "acht Uhr dreißig bis zwölf Uhr".
        said = scan.grammar.time(first) if match["from_minutes"] else scan.grammar.cardinal(first.hours)
        said = f"{said} {_to_word(scan)} "
    time = _clock(match["hours"], match["minutes"] or match["after"], match["seconds"])
    if time is None or (match["minutes"] and match["after"]):
        return None
    zone, end = _ZONE.match(scan.text, match.end()), match.end()
    name = scan.table.time_zones.get(zone[1].lower(), "") if zone else ""
    return said + scan.grammar.time(time._replace(zone=name)), zone.end() if zone and name else end


def _lasts(match: re.Match[str], scan: "Scan") -> bool:
    """Return whether "3 h" is a duration: it is, unless a word such as "um" or, before a range, a date precedes."""
    if _AWAY.match(scan.text, match.end()):
        return True
    dated = any(token.kind == "date" or token.words in scan.table.weekdays for token in scan.tokens[-1:])
    if dated and int(match["hours"]) >= _LEAST_CLOCK:
        return False
    if match["from"] and (scan.last_word() in _TODAY or scan.before == "zwischen"):
        return False
    return scan.last_word() not in _BEFORE_TIME


def _to_word(scan: "Scan") -> str:
    """Return what joins the ends of a range: "zwischen 11-12 Uhr" is "zwischen elf und zwölf Uhr"."""
    return scan.table.symbols["&"] if scan.before == "zwischen" else scan.table.to


def _clock(hours: str, minutes: str | None, seconds: str | None) -> Time | None:
    time = Time(int(hours), int(minutes) if minutes else None, int(seconds) if seconds else None)
    valid = time.hours <= _HOURS and (time.minutes or 0) <= _MINUTES and (time.seconds or 0) <= _MINUTES
    return time if valid else None


@GERMAN_DATES.rule(
    "time",
    (DIGIT,),
    r"(?P<hours>\d{1,2})[.:](?P<minutes>\d{2})(?P<dash>\s?[-–]\s?|(?=\s(?:bis|und|u\.|oder)\s))"
    r"(?=(?:(?:bis|und|u\.|oder)|\s){0,4}\d{1,2}(?:[.:]\d{2})?\s?(?:Uhr|h)(?!\w))",
    needs=".:",
)
def _first_time(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the first of "8.00 und 10.00 Uhr" and "12:30 - 14:00 Uhr"."""
    time = _clock(match["hours"], match["minutes"], None)
    if time is None:
        return None
    said = scan.grammar.time(time)
    return f"{said} {_to_word(scan)}" if match["dash"] else said


@GERMAN_DATES.rule(
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
    if not (1 <= day <= _DAYS and 1 <= month <= _MONTHS) or scan.before in _ROOMS:
        return None
    if not match["dot"] and scan.last_word() not in scan.table.date_words - {"der", "den", "dem"}:
        return None
    return scan.grammar.date(Date(day, month, day_first=True))


GERMAN_DATES.extend(
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


@GERMAN_DATES.rule(
    "date",
    (DIGIT,),
    r"(?P<month>0[1-9]|1[0-2])\s?/\s?(?P<year>(?:19|20)\d\d|1[3-9]|[2-9]\d)(?![\w/-]|[.,]\d)",
    needs="/",
)
def _month_year(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "03/2027" and, after a word such as "bis", the "12/26" of a card."""
    year, before = match["year"], scan.last_word()
    if scan.names_code() or before.endswith(tuple(_ISSUES)):
        return None
    if len(year) == 2 and before not in scan.table.date_words | _INSPECTIONS:  # noqa: PLR2004
        return None
    return scan.grammar.date(Date(None, int(match["month"]), year))


@GERMAN_DATES.rule("date", (WORD,), r"(?-i:Q)(?P<quarter>[1-4])/(?P<year>(?:20)?\d\d)(?![\w/-])", needs="/")
def _quarter(match: re.Match[str], scan: "Scan") -> str:
    """Read "Q3/2026"."""
    return f"Q {scan.grammar.whole(match['quarter'])} {scan.grammar.year(match['year'])}"


@GERMAN_DATES.rule("date", (WORD,), rf"(?P<name>{_DAY})\.?(?=\s?{_AND}\s?{_DAY}(?!\w))")
def _listed_weekday(match: re.Match[str], scan: "Scan") -> str:
    """Read the first ones of "Mo, Mi + Fr"."""
    return scan.table.weekdays[scan.table.weekday_short[match["name"].lower()]]


@GERMAN_DATES.rule("date", (WORD,), rf"(?P<name>{_DAY})(?!\w)")
def _last_weekday(match: re.Match[str], scan: "Scan") -> tuple[str, int] | None:
    """Read the last one of "Sa und So"."""
    spoken = [token for token in scan.tokens[:-4:-1] if token.kind != "pause"]
    joined = bool(spoken) and spoken[0].words in ("und", "oder", "bis", "sowie")
    first = spoken[1:] if joined else spoken
    if not first or first[0].words not in scan.table.weekdays or (not joined and scan.tokens[-1].kind != "pause"):
        return None
    said = scan.table.weekdays[scan.table.weekday_short[match["name"].lower()]]
    return said, match.end() + bool(_GOES_ON.match(scan.text, match.end()))


@GERMAN_DATES.rule(
    "date",
    (WORD,),
    r"(?P<name>(?-i:Mo|Di|Mi|Do|Fr|Sa))(?=\s(?-i:bis|ab|von|nur|geschlossen|vormittags?|nachmittags?|abends?|früh)(?!\w))"
    r"|(?P<sunday>(?-i:So))(?=\s(?-i:bis|ab|von)\s\d)",
)
def _open_weekday(match: re.Match[str], scan: "Scan") -> str:
    """Read "Do bis 20 Uhr" and "Mi geschlossen"."""
    return scan.table.weekdays[scan.table.weekday_short[match[0].lower()]]


@GERMAN_DATES.rule("word", (SIGN,), rf"[+&/](?=\s?{_DAY}(?!\w))", needs="+&/")
def _and_weekday(_: re.Match[str], scan: "Scan") -> str | None:
    """Read the sign of "Mi + Fr"."""
    return scan.table.symbols["&"] if scan.tokens and scan.tokens[-1].words in scan.table.weekdays else None


@GERMAN_DATES.rule("word", (SIGN,), r"[-–—](?=\s?\d{1,2}[.:])", needs="-–—")
def _to(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the dash of "30. Juni - 2. Juli"."""
    return scan.table.to if scan.tokens and scan.tokens[-1].kind in ("date", "time") else None


@GERMAN_DATES.rule("word", (WORD,), r"(?-i:d)\.(?=\s?\d{1,2}\.)", needs=".")
def _article(_: re.Match[str], scan: "Scan") -> str:
    """Read "Köln, d. 5.12." and "am Freitag, d. 5.12."."""
    return (
        "dem"
        if any(
            token.words.lower() in ("am", "vom", "zum", "beim", "ab", "seit", "nach", "mit")
            for token in scan.tokens[:-4:-1]
        )
        else "den"
    )


@GERMAN_DATES.rule("word", (WORD,), r"(?-i:v)\.(?=\s?(?P<date>\d{1,2}\.\s?(?:\d|[A-Z]))?)(?!\s?[a-z]\.)", needs=".")
def _of(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "v. 3.11." and "Familie v. Hardenberg"; "v. Chr." is in the table."""
    if scan.text.startswith("Chr", match.end() + 1):
        return None
    return "vom" if match["date"] else "von"
