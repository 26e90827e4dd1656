"""German times of day and durations: "14:30 Uhr", "Mo–Fr 9–18.30", "9h30", "2:15 Std.", "8h 55m", "alle 10'"."""

import re

from herald.speech.reading.grammar import MONTHS
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, Rule, Rules
from herald.speech.reading.rules.dates import clock, said_time
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

BEFORE_TIME = frozenset(["um", "ab", "bis", "gegen"])
"""Words before a time of day."""
_SPANS = words("alle circa etwa je noch nach max maximal mindestens dauer")
"""Words after which "10'" are minutes."""
_LATE = Lazy(r"\s(?:Verspätung|später|früher)")
GERMAN_TIMES = Rules()


@GERMAN_TIMES.rule(
    "time", DIGIT, r"(?P<hours>\d{1,2}):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d))?\s?(?:Std|Stunden)(?!\w)\.?", ":"
)
def duration(match: re.Match[str], scan: Scan) -> str:
    """Read "2:15 Std.": hours, minutes and seconds, each with its unit."""
    units = (("hours", "Stunde", "Stunden"), ("minutes", "Minute", "Minuten"), ("seconds", "Sekunde", "Sekunden"))
    parts = ((match[name], one, many) for name, one, many in units)
    said = [scan.grammar.counted(str(int(part)), one, many) for part, one, many in parts if part and int(part)]
    return " ".join(said) or scan.grammar.counted("0", "Stunde", "Stunden")


@GERMAN_TIMES.rule(
    "time",
    DIGIT,
    r"(?P<hours>[1-9]):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d)(?:\s?h(?!\w))?(?![\w:]|\s?Uhr|[.,]\d)",
    ":",
)
def _result(match: re.Match[str], scan: Scan) -> str | None:
    """Read the time "2:12:45" of a race."""
    dated = scan.before in BEFORE_TIME or (scan.kind == "date")
    return None if dated else duration(match, scan)


@GERMAN_TIMES.rule("measure", DIGIT, r"(?P<hours>\d{1,2})\s?h\s?(?P<minutes>\d{1,2})\s?m(?!\w)", "h")
def _flight(match: re.Match[str], scan: Scan) -> str:
    """Read "8h 55m"."""
    hours = scan.grammar.counted(match["hours"], "Stunde", "Stunden")
    return f"{hours} {scan.grammar.counted(match['minutes'], 'Minute', 'Minuten')}"


@GERMAN_TIMES.rule(
    "measure",
    DIGIT,
    r"(?P<minutes>\d{1,3}):(?:(?P<exact>[0-5]\d,\d{1,3})(?:\s?min\.?)?|(?P<seconds>[0-5]\d)\s?min\.?)(?!\w)",
    ":",
)
def _lap(match: re.Match[str], scan: Scan) -> str:
    """Read "1:22,207 min" and "31:45 min"."""
    seconds = (match["exact"] or match["seconds"]).lstrip("0") or "0"
    said = scan.grammar.counted(seconds, "Sekunde", "Sekunden")
    minutes = str(int(match["minutes"]))
    return said if minutes == "0" else f"{scan.grammar.counted(minutes, 'Minute', 'Minuten')} {said}"


@GERMAN_TIMES.rule(
    "measure", SIGN, r"(?P<sign>[-−+])(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d)(?:\s?(?:h|Std)\.?)?(?![\w:])", ":"
)
def _balance(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Saldo +0:45"."""
    if match["sign"] != "+" and not scan.last_word().endswith(("saldo", "konto", "stunden")):
        return None
    parts = ((match["hours"], "Stunde", "Stunden"), (match["minutes"], "Minute", "Minuten"))
    said = [scan.grammar.counted(str(int(part)), one, many) for part, one, many in parts if int(part)]
    return scan.grammar.signed(match["sign"], " ".join(said)) if said else None


@GERMAN_TIMES.rule("measure", DIGIT, r"(?P<minutes>\d{1,3})'(?=[\s,.;)/]|\Z)", "'")
def _minutes(match: re.Match[str], scan: Scan) -> str | None:
    """Read "alle 10'"."""
    spans = scan.before in _SPANS or _LATE.match(scan.text, match.end())
    return scan.grammar.counted(match["minutes"], "Minute", "Minuten") if spans else None


_TODAY = words("heute morgen übermorgen täglich tägl tgl geöffnet öffnungszeiten sprechzeiten werktags")
"""Words after which "14-16h" are times, as after a date."""
_DURATIONS = words("dauer fahrzeit fahrtdauer reisezeit flugzeit flugdauer laufzeit spielzeit")
"""Words after which "1:45 h" is a duration."""
_SPENT = ("dauer", "zeit", "frist", "abstand", "abständen")
"""Ends of nouns before a duration after "von"."""
_EVENTS = words(
    "um gegen sonnenaufgang sonnenuntergang aufgang untergang "
    "boarding probe training vorstellung treffen treffpunkt beginn abfahrt ankunft einlass start anstoß "
    "treff führung taufe talfahrt abholung rückgabe gottesdienst anreise abreise trauung anpfiff "
    "finale abflug abf ank einl rückkehr"
)
"""Words after which "18.30" is a time, as after a date."""
_NEAR = 24
"""Characters within which "Uhr" makes a range before it one of times."""
_AFTERNOON = range(13, 24)
_LEAST_CLOCK = 6
"""The first hour that is more likely a time than a duration after a date: "Do 12 h"."""
_LISTED = Lazy(r"(?:(?:,|\su\.|\sund)\s\d{1,2}[.:]\d\d){1,5}\s(?:Uhr|h)(?!\w)")
"""After the first of "5.05, 5.35, 6.05 Uhr"."""
_EVENT_AFTER = Lazy(
    r"\s(?:Abfahrt|Abflug|Ankunft|Anstoß|Beginn|Einlass|Start|Treff(?:en|punkt)?|Ende|Frühstück|Mittag)(?!\w)"
)
_QUARTERS = ("00", "15", "30", "45")
_ALONE = Lazy(r"[,;)]|\s*\Z")
_ZONE = Lazy(r"\s?\(?([A-Za-z]{2,5})\)?(?!\w)")
_AWAY = Lazy(r"\s(?:vor(?!\sOrt)|vorher|zuvor|davor|nach|nachher|danach|später|lang|lange|im\sVoraus)(?!\w)")
"""After a duration: "24 h vorher"."""
_NOUN = Lazy(r"\s[A-ZÄÖÜ]")
_PART = Lazy(r"\s(?:früh|morgens|vormittags|mittags|nachmittags|abends|nachts)(?!\w)")
"""After a time: "8 h früh"."""


@GERMAN_TIMES.rule(
    "time",
    DIGIT,
    r"(?:(?P<from>\d{1,2})(?:[:.](?P<from_minutes>\d{2}))?(?:\s?Uhr)?\s?[-–]\s?)?"
    r"(?P<hours>\d{1,2})(?:[:.](?P<minutes>\d{2})(?:[:.](?P<seconds>\d{2}))?)?"
    r"(?:\s?Uhr(?:\s(?P<after>\d{2})(?![\w.:,/-]))?|\s?(?P<short>h))(?!\w)",
)
def _time(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "14:30 Uhr", "14 Uhr 30" and "8-12.30 Uhr"."""
    said = ""
    if match["short"] and not match["minutes"] and _lasts(match, scan):
        return None
    if match["short"] and (match["seconds"] or (match["minutes"] and scan.last_word() in _DURATIONS)):
        return duration(match, scan), match.end()
    if match["from"]:
        first = clock(match["from"], match["from_minutes"], None)
        if first is None:
            return None
        # "acht bis zwölf Uhr", but "acht Uhr dreißig bis zwölf Uhr".
        said = scan.grammar.time(first) if match["from_minutes"] else scan.grammar.cardinal(first.hours)
        said = f"{said} {_to_word(scan)} "
    time = clock(match["hours"], match["minutes"] or match["after"], match["seconds"])
    if time is None:
        return None
    # What follows complete minutes is counted: "um 14:30 Uhr 45 Personen".
    end = match.start("after") - 1 if match["minutes"] and match["after"] else match.end()
    zone = _ZONE.match(scan.text, end)
    name = scan.table.time_zones.get(zone[1].lower(), "") if zone else ""
    return said + scan.grammar.time(time._replace(zone=name)), zone.end() if zone and name else end


# Read "9h30".
_WITH_H = r"(?P<hours>\d{1,2})(?:h|\s?h\s(?=\d\d(?:[,.;)]|\s*\Z)))(?P<minutes>[0-5]\d)(?!\w|[.,]\d)"
GERMAN_TIMES.append(Rule("time", DIGIT, _WITH_H, said_time, "hH"))


@GERMAN_TIMES.rule(
    "time",
    DIGIT,
    r"(?P<hours>\d{1,2})(?P<mark>[:.])(?P<minutes>[0-5]\d)\s?[-–]\s?(?P<last>\d{1,2})(?![\w:%€$]|[.,]\d|\s?(?:[%€$]|Uhr|h(?!\w)))",
    "-–",
)
def _open_range(match: re.Match[str], scan: Scan) -> str | None:
    """Read "7:30-18" and "Mi 7.30–12"."""
    first, last = clock(match["hours"], match["minutes"], None), clock(match["last"], None, None)
    if match["mark"] == "." and not any(token.kind == "date" for token in scan.tokens[-1:]):
        return None
    if first is None or last is None or last.hours <= first.hours:
        return None
    return f"{scan.grammar.time(first)} {_to_word(scan)} {scan.grammar.cardinal(last.hours)}"


def _lasts(match: re.Match[str], scan: Scan) -> bool:
    """Return whether "3 h" is a duration: it is, unless a word such as "um" or, before a range, a date precedes."""
    if _AWAY.match(scan.text, match.end()):
        return True
    after = scan.before in ("nach", "vor") and not _NOUN.match(scan.text, match.end())
    if (scan.opens or after) and not match["from"] and int(match["hours"]) in _AFTERNOON:
        return False  # "19 h bei mir?", "täglich n. 18 h"
    comma = bool(scan.tokens) and scan.tokens[-1].words == ","
    dated = any(
        token.kind == "date" or token.words in scan.table.weekdays for token in scan.tokens[-2 if comma else -1 :]
    )
    between = any(token.words == "zwischen" for token in scan.tokens[:-4:-1])  # "zw. 8 u. 12 h"
    late = int(match["hours"]) >= _LEAST_CLOCK
    if _PART.match(scan.text, match.end()) or scan.before in _EVENTS or ((dated or between) and late):
        return False
    listed = comma and match["from"] and int(match["from"]) >= _LEAST_CLOCK  # "Flohmarkt, 9-15 h"
    spent = scan.before == "von" and scan.tokens[-2:][0].words.lower().endswith(_SPENT)  # "Dauer von 6-8 h"
    if match["from"] and (listed or scan.last_word() in _TODAY or scan.before in ("zwischen", "von")) and not spent:
        return False
    if scan.before in ("circa", "etwa", "spätestens") and len(scan.tokens) > 1:
        return scan.tokens[-2].words.lower() not in BEFORE_TIME | _EVENTS
    return scan.last_word() not in BEFORE_TIME and scan.before not in BEFORE_TIME


def _to_word(scan: Scan) -> str:
    """Return what joins the ends of a range: "zwischen 11-12 Uhr" is "zwischen elf und zwölf Uhr"."""
    return scan.table.symbols["&"] if scan.before == "zwischen" else scan.table.to


@GERMAN_TIMES.rule(
    "time",
    DIGIT,
    r"(?P<hours>\d{1,2})[.:](?P<minutes>\d{2})(?P<dash>\s?[-–]\s?|(?=\s(?:bis|und|u\.|oder|statt|auf)\s))"
    r"(?=(?:(?:bis|und|u\.|oder|statt|auf)|\s){0,4}\d{1,2}(?:[.:]\d{2})?\s?(?:Uhr|h)(?!\w))",
    ".:",
)
def _first_time(match: re.Match[str], scan: Scan) -> str | None:
    """Read the first of "8.00 und 10.00 Uhr" and "12:30 - 14:00 Uhr"."""
    said = said_time(match, scan)
    return f"{said} {_to_word(scan)}" if match["dash"] and said else said


@GERMAN_TIMES.rule(
    "time",
    DIGIT,
    r"(?:(?P<from>\d{1,2})(?:\.(?P<from_minutes>\d{2}))?\s?[-–]\s?)?(?P<hours>\d{1,2})\.(?P<minutes>[0-5]\d)"
    r"(?![\w.:/-]\d|\w|,\d|\s?(?:[%€$°]|Fr\.|CHF|EUR))",
    ".",
)
def _dotted_time(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Mo–Fr 9–18.30" and "Treffen 18.30"."""
    last, first = clock(match["hours"], match["minutes"], None), None
    if last is None or not _is_time(match, scan):
        return None
    if match["from"] and (first := clock(match["from"], match["from_minutes"], None)) is None:
        return None
    said = scan.grammar.time(last)
    return f"{scan.grammar.time(first)} {_to_word(scan)} {said}" if first else said


def _is_time(match: re.Match[str], scan: Scan) -> bool:
    """Return whether what is around a number with a dot, or a range of two, makes it a time."""
    month, late = 1 <= int(match["minutes"]) <= MONTHS, int(match["hours"]) >= _LEAST_CLOCK
    if month and scan.text.startswith(".", match.end()):
        return False  # a date
    before = scan.tokens[-1].words if scan.tokens else ""
    dated = any(token.kind in ("date", "time") for token in scan.tokens[-2 if before == "," else -1 :][:1])
    second = before == "und" and scan.tokens[-2:][0].kind == "time"  # "zw. 9.00 u. 11.30"
    listed = _LISTED.match(scan.text, match.end()) or _EVENT_AFTER.match(scan.text, match.end())
    if dated or second or listed or before == "zwischen" or scan.last_word() in _EVENTS:
        return True
    if match["from_minutes"]:
        # "von 8.15 - 11.45", "Dienst 13.30–22.00", "7.30-12.30 + 14.30-18 Uhr"
        named = scan.before in ("von", "zwischen") or (late and _round(match))
        return named or "Uhr" in scan.text[match.end() : match.end() + _NEAR]
    # "bis 21.45", but "bis 21.10" is a date; "Oper, 19.30, Parkett", "ca. 17.30"
    alone = before == "circa" or (before == "," and _ALONE.match(scan.text, match.end()))
    return late and bool((alone and match["minutes"] in _QUARTERS) or (not month and scan.last_word() in ("bis", "ab")))


@GERMAN_TIMES.rule("time", DIGIT, r"(?P<hours>\d{1,2})\s?[-–]\s?(?=(?P<last>\d{1,2}):[0-5]\d(?![\d:]))", "-–")
def _from_hour(match: re.Match[str], scan: Scan) -> str | None:
    """Read the beginning of "6–14:12"."""
    if int(match["hours"]) >= int(match["last"]):
        return None
    return f"{scan.grammar.whole(match['hours'])} {_to_word(scan)}"


@GERMAN_TIMES.rule(
    "time",
    DIGIT,
    r"(?P<hours>\d{1,2})[.:](?P<minutes>[0-5][05])\s?/\s?(?=\d{1,2}[.:][0-5][05](?![\w:]|[.,]\d|\s?[€$]))",
    "/",
)
def _either(match: re.Match[str], scan: Scan) -> str | None:
    """Read the first of "10.00/13.00"."""
    said = said_time(match, scan)
    return f"{said} {scan.table.symbols['&']}" if said else None


def _round(match: re.Match[str]) -> bool:
    """Return whether both ends of a range are full five minutes, as they are on timetables."""
    return match["from_minutes"][1] in "05" and match["minutes"][1] in "05" and int(match["from"]) < int(match["hours"])


@GERMAN_TIMES.rule("time", DIGIT, r"(?P<from>\d{1,2})\s?[-–]\s?(?P<hours>\d{1,2})(?=\s?[+&]\s?\d{1,2}\s?[-–])", "+&")
def _open_hours(match: re.Match[str], scan: Scan) -> str:
    """Read the beginning of "8-12 + 14-17"."""
    return f"{scan.grammar.whole(match['from'])} {scan.table.to} {scan.grammar.whole(match['hours'])}"


# Read the sign of "7.30-12.30 + 14.30-18 Uhr".
GERMAN_TIMES.phrase("word", SIGN, r"[+&](?=\s?\d{1,2}(?:[.:]\d\d|\s?[-–]))", "und", "+&", after=("time",))
