"""Rules of English abbreviations whose words depend on what is around them: "3rd fl.", "b. 1809", "temp. hold"."""

import re

from herald.speech.reading.languages.english_words import CONTRACTIONS
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import WORD, Rules
from herald.speech.reading.scanner import Scan

_GOES_ON = Lazy(r"\s+[a-z\d(@&]|[,;:)]")

_MEASURED = {"wt": "weight", "ht": "height", "temp": "temperature", "bal": "balance"}

ENGLISH_ABBREVIATION_RULES = Rules()


@ENGLISH_ABBREVIATION_RULES.rule("abbreviation", WORD, r"[a-z]{2,5}'[a-z]{1,2}\b\.?(?!\w)", "'")
def _contracted(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "req'd" and "int'l"."""
    said = CONTRACTIONS.get(match[0].lower().rstrip("."))
    ends = match[0][-1] == "." and not _GOES_ON.match(scan.after(match))
    return (said, match.end() - ends) if said else None


# Read "temp. hold"; otherwise it is the temperature.
ENGLISH_ABBREVIATION_RULES.phrase(
    "abbreviation",
    WORD,
    r"temp\.?(?=\s(?:address|card|closed|closure|code|file|hold|job|password|pin|position|staff|tag|worker)s?\b)",
    "temporary",
)


@ENGLISH_ABBREVIATION_RULES.rule("abbreviation", WORD, r"(?P<name>mo|wk|yr)(?P<dot>\.?)(?![\w'/-])")
def _period(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "each mo."."""
    if scan.before not in {"each", "every", "next", "last", "this", "per"}:
        return None
    return scan.table.per_units[match["name"].lower()], _end(match, scan)


def _end(match: re.Match[str], scan: Scan) -> int:
    """Return the end of an abbreviation, whose dot may end the sentence."""
    return match.end() if _GOES_ON.match(scan.after(match)) else match.end() - len(match["dot"])


@ENGLISH_ABBREVIATION_RULES.rule("abbreviation", WORD, r"(?P<name>wt|ht|temp|bal)\.?(?=:?\s{0,2}[$£€<>-]?\d)")
def _measured(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Wt 182 lb" and "Temp: 98.6"; "HT 1-0" is half-time."""
    return None if match["name"] == "HT" else _MEASURED[match["name"].lower()]


# Read "Ph: 555-0100".
ENGLISH_ABBREVIATION_RULES.phrase("abbreviation", WORD, r"tel(?=\.?:)", "telephone", ":")
ENGLISH_ABBREVIATION_RULES.phrase("abbreviation", WORD, r"ph(?=\.?:)", "phone", ":")
ENGLISH_ABBREVIATION_RULES.phrase("abbreviation", WORD, r"mob(?=\.?:)", "mobile", ":")


@ENGLISH_ABBREVIATION_RULES.rule("abbreviation", WORD, r"(?-i:v)\.(?=\s[A-Z])", ".")
def _versus(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Jones v. Smith"."""
    return "versus" if scan.written_before()[:1].isupper() else None


# Read "see u at 5".
ENGLISH_ABBREVIATION_RULES.phrase("word", WORD, r"(?-i:u)(?=\s[a-z]|[,!?]|\.(?:\s|\Z))", "you")

ENGLISH_ABBREVIATION_RULES.phrase("word", WORD, r"(?-i:b4)(?!\w)", "before", "4")

# Read "d/b/a Smith Bros.".
ENGLISH_ABBREVIATION_RULES.phrase("abbreviation", WORD, r"d/b/a(?!\w)|dba(?=\s(?-i:[A-Z]))", "doing business as")

# Read "Exp. in 10 mins.", which had the end of a sentence.
ENGLISH_ABBREVIATION_RULES.phrase("abbreviation", WORD, r"exp\.(?=\sin\s\d)", "expires", ".")

# Read "exp. date".
ENGLISH_ABBREVIATION_RULES.phrase("abbreviation", WORD, r"exp\.?(?=\sdate)", "expiration")

# Read "sign. req'd".
ENGLISH_ABBREVIATION_RULES.phrase("abbreviation", WORD, r"sign\.(?=\sreq)", "signature", ".")


@ENGLISH_ABBREVIATION_RULES.rule("abbreviation", WORD, r"flr?(?P<dot>\.?)(?![\w'-])")
def _floor(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "3rd fl."."""
    if scan.kind != "ordinal":
        return None
    return "floor", _end(match, scan)


@ENGLISH_ABBREVIATION_RULES.rule(
    "abbreviation", WORD, r"(?P<name>(?-i:[bcdm]))\.(?=\s(?:c(?:a|irca)?\.?\s)?(?:1[5-9]|20)\d\d(?!\d))"
)
def _life(match: re.Match[str], scan: Scan) -> str:
    """Read "b. 1809, d. 1865"."""
    return {"b": "born", "c": "circa", "d": "died", "m": "married"}[match["name"]]


# Read "Jr. High" and "Sr. Center", which have no name before.
ENGLISH_ABBREVIATION_RULES.phrase("title", WORD, r"jr\.?(?=\s(?:college|high|league|varsity)\b)", "Junior")
ENGLISH_ABBREVIATION_RULES.phrase("title", WORD, r"sr\.?(?=\s(?:center|citizens?|discount|living|prom)\b)", "Senior")

# Read the "Dr." of "Dr. appt.", which is no title.
ENGLISH_ABBREVIATION_RULES.phrase(
    "title", WORD, r"dr\.?(?=(?:'s)?\s(?:appt|appointments?|visits?|notes?|office|orders)\b)", "doctor"
)


@ENGLISH_ABBREVIATION_RULES.rule("date", WORD, r"FY\s?'?(?P<year>20\d\d|\d\d)(?![\w.])", "yY")
def _fiscal_year(match: re.Match[str], scan: Scan) -> str:
    """Read "FY2026" and "FY26"."""
    year = match["year"]
    return f"fiscal year {scan.grammar.year(year if len(year) > 2 else f'20{year}')}"  # noqa: PLR2004


# Of a year; otherwise it is "estimated".
ENGLISH_ABBREVIATION_RULES.phrase(
    "abbreviation", WORD, r"est\.(?=\s(?:in\s)?(?:1[5-9]|20)\d\d(?!\d))", "established", "."
)
