"""Times of day, with part of the day and zone, ranges of times, and durations."""

import re

from herald.speech.reading.grammar import HOURS, MINUTES, Time
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, Rules
from herald.speech.reading.scanner import Scan

_PART = Lazy(r"\s?([AaPp])\.?\s?([Mm])(?!\w)\.?")
_SHORT_PART = Lazy(r"([aApP])()(?!\w|\.\w)")
"""Of "5:05p"."""
_STOPS = Lazy(r"\w[Mm]\.\s+([A-Z\d][^\W\d_]*)")
"""The dot of "12 pm. Bring" ends the sentence; that of "12 p.m. Friday" may not."""
_ZONE = Lazy(r"\s?\(?([A-Za-z](?:\.?[A-Za-z]){1,4})\)?(?!\w)")
_TO = Lazy(r"\s?(?:-|–|—|\bto\b|\buntil\b)\s?")
_OTHER = Lazy(r"(?P<hours>\d{1,2})(?:[:.](?P<minutes>\d{2}))?(?!\d)")


def _tail(scan: Scan, at: int, hours: int, *, minutes: bool) -> tuple[str, str, int]:
    """Return the part of the day and the time zone after a time, or "", and where they end."""
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
    to = _TO.match(scan.text, end)
    other = _OTHER.match(scan.text, to.end()) if to else None
    last = clock(other["hours"], other["minutes"], None) if other else None
    last_part, last_zone, last_end = (
        _tail(scan, other.end(), int(other["hours"]), minutes=bool(other["minutes"])) if other else ("", "", end)
    )
    if match["mark"] != ":" and not part and not (last_part and not match["minutes"]):
        return None
    if time.seconds == 0 and (part or scan.last_word() in scan.table.before_time or scan.kind == "date"):
        time = time._replace(seconds=None)  # a time of day, as computers write it: "at 09:00:00"
    said = scan.grammar.time(time._replace(part=part, zone=zone))
    if last is None or other is None or not (last_part or (other["minutes"] and match["minutes"])):
        return said, end
    if not match["minutes"] and not part:
        said = scan.grammar.cardinal(time.hours)
    elif not part and last_part:
        said = scan.grammar.time(time._replace(part=last_part)).removesuffix(f" {last_part}")
    return f"{said} {scan.table.to} {scan.grammar.time(last._replace(part=last_part, zone=last_zone))}", last_end
