"""German durations: "2:15 Std.", "8h 55m", "1:22,207 min", "Saldo +0:45", "alle 10'"."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, Rules
from herald.speech.reading.table import words

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

BEFORE_TIME = frozenset(["um", "ab", "bis", "gegen"])
"""Words before a time of day."""
_SPANS = words("alle circa etwa je noch nach max maximal mindestens dauer")
"""Words after which "10'" are minutes."""
_LATE = Lazy(r"\s(?:Verspätung|später|früher)")
GERMAN_DURATIONS = Rules()


def duration(match: re.Match[str], scan: "Scan") -> str:
    """Return hours, minutes and seconds, each with its unit."""
    units = (("hours", "Stunde", "Stunden"), ("minutes", "Minute", "Minuten"), ("seconds", "Sekunde", "Sekunden"))
    parts = ((match[name], one, many) for name, one, many in units)
    said = [scan.grammar.counted(str(int(part)), one, many) for part, one, many in parts if part and int(part)]
    return " ".join(said) or scan.grammar.counted("0", "Stunde", "Stunden")


@GERMAN_DURATIONS.rule(
    "time",
    (DIGIT,),
    r"(?P<hours>\d{1,2}):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d))?\s?(?:Std|Stunden)(?!\w)\.?",
    needs=":",
)
def _hours(match: re.Match[str], scan: "Scan") -> str:
    """Read "2:15 Std."."""
    return duration(match, scan)


@GERMAN_DURATIONS.rule(
    "time",
    (DIGIT,),
    r"(?P<hours>[1-9]):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d)(?:\s?h(?!\w))?(?![\w:]|\s?Uhr|[.,]\d)",
    needs=":",
)
def _result(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the time "2:12:45" of a race."""
    dated = scan.before in BEFORE_TIME or (scan.tokens and scan.tokens[-1].kind == "date")
    return None if dated else duration(match, scan)


@GERMAN_DURATIONS.rule("measure", (DIGIT,), r"(?P<hours>\d{1,2})\s?h\s?(?P<minutes>\d{1,2})\s?m(?!\w)", needs="h")
def _flight(match: re.Match[str], scan: "Scan") -> str:
    """Read "8h 55m"."""
    hours = scan.grammar.counted(match["hours"], "Stunde", "Stunden")
    return f"{hours} {scan.grammar.counted(match['minutes'], 'Minute', 'Minuten')}"


@GERMAN_DURATIONS.rule(
    "measure",
    (DIGIT,),
    r"(?P<minutes>\d{1,3}):(?:(?P<exact>[0-5]\d,\d{1,3})(?:\s?min\.?)?|(?P<seconds>[0-5]\d)\s?min\.?)(?!\w)",
    needs=":",
)
def _lap(match: re.Match[str], scan: "Scan") -> str:
    """Read "1:22,207 min" and "31:45 min"."""
    seconds = (match["exact"] or match["seconds"]).lstrip("0") or "0"
    said = scan.grammar.counted(seconds, "Sekunde", "Sekunden")
    minutes = str(int(match["minutes"]))
    return said if minutes == "0" else f"{scan.grammar.counted(minutes, 'Minute', 'Minuten')} {said}"


@GERMAN_DURATIONS.rule(
    "measure",
    (SIGN,),
    r"(?P<sign>[-−+])(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d)(?:\s?(?:h|Std)\.?)?(?![\w:])",
    needs=":",
)
def _balance(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "Saldo +0:45"."""
    if match["sign"] != "+" and not scan.last_word().endswith(("saldo", "konto", "stunden")):
        return None
    parts = ((match["hours"], "Stunde", "Stunden"), (match["minutes"], "Minute", "Minuten"))
    said = [scan.grammar.counted(str(int(part)), one, many) for part, one, many in parts if int(part)]
    sign = scan.table.plus if match["sign"] == "+" else scan.table.minus
    return f"{sign} {' '.join(said)}" if said else None


@GERMAN_DURATIONS.rule("measure", (DIGIT,), r"(?P<minutes>\d{1,3})'(?=[\s,.;)/]|\Z)", needs="'")
def _minutes(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "alle 10'"."""
    spans = scan.before in _SPANS or _LATE.match(scan.text, match.end())
    return scan.grammar.counted(match["minutes"], "Minute", "Minuten") if spans else None
