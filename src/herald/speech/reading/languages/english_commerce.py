"""Rules of English prices and quantities: "2/$5", "7 days/wk", "3x/day", "£950pcm", "rated 4.8/5"."""

import re

from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_COUNTS = frozenset({"number", "range", "money", "percent", "measure", "word", "dose", "fraction"})
_IN_PARTS = words(
    "attempt box chapter dose item lesson message msg package page parcel part photo question retry round slide sms "
    "stage step text try"
)
_TERMS = {
    "pm": "per month", "pw": "per week", "pa": "per annum", "pq": "per quarter", "pcm": "per calendar month",
    "pp": "per person", "ppn": "per person per night", "pppn": "per person per night",
}  # fmt: skip
_RATED = words("grade pain rate rated rating review score scored")
_REACHED = words("deductible met used spent raised remaining paid")
_BEDS = {"br": ("bedroom", "bedrooms"), "bd": ("bedroom", "bedrooms"), "ba": ("bath", "baths")}

ENGLISH_COMMERCE = Rules()


ENGLISH_COMMERCE.phrase("number", DIGIT, r"401k(?!\w)", "four oh one k", "kK")
# Read "2/$5".
ENGLISH_COMMERCE.phrase("money", DIGIT, r"(?P<number>\d{1,3})\s?/\s?(?=[$£€]\d)", "{number:whole} for", "/")


@ENGLISH_COMMERCE.rule(
    "measure", DIGIT, r"(?P<number><num>)\s?/\s?(?P<unit>[^\W\d_]{2,12})(?P<dot>\.?)(?![\w/'-])", "/"
)
def _count_per(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "limit 4/customer"."""
    unit = scan.table.per_units.get(match["unit"].lower())
    if not unit or len(match["unit"]) < 2 or match["unit"] in scan.table.units:  # noqa: PLR2004
        return None
    return f"{scan.grammar.number(match['number'])} {_rate(unit, scan)}", _past_dot(match, "unit", scan)


@ENGLISH_COMMERCE.rule(
    "number",
    DIGIT,
    r"(?P<score>\d{1,2}(?:\.\d{1,2})?)\s?/\s?(?P<most>5|10|12|20|30|100)(?![\w/-]|[.,]\d|\s?[GMk]?Hz)",
    "/",
)
def _rating(match: re.Match[str], scan: Scan) -> str | None:
    """Read "rated 4.8/5" and "pain 7/10"."""
    if "." not in match["score"] and scan.recent_words(3).isdisjoint(_RATED):
        return None
    return f"{scan.grammar.number(match['score'])} out of {scan.grammar.whole(match['most'])}"


@ENGLISH_COMMERCE.rule("number", DIGIT, r"(?P<part>\d{1,2})/(?P<all>\d{1,2})(?![\w/%-]|[.,]\d)", "/")
def _part(match: re.Match[str], scan: Scan) -> str | None:
    """Read "page 2/3" and "message (1/2)"."""
    part, all_parts = int(match["part"]), int(match["all"])
    if scan.last_word() not in _IN_PARTS or not 1 <= part <= all_parts:
        return None
    return f"{scan.grammar.cardinal(part)} of {scan.grammar.cardinal(all_parts)}"


@ENGLISH_COMMERCE.rule("number", DIGIT, r"(?P<used><num>)/(?=\d{1,4}(?:\.\d)?\s?[GMT]B(?!\w))", "/")
def _used(match: re.Match[str], scan: Scan) -> str | None:
    """Read "data used 7.2/15 GB"; "8/256 GB" are two sizes."""
    if "." not in match["used"] and scan.recent_words(4).isdisjoint({"used", "usage", "data", "full", "disk"}):
        return None
    return f"{scan.grammar.number(match['used'])} of"


@ENGLISH_COMMERCE.rule(
    "number",
    DIGIT,
    r"(?P<count>\d{1,2})x(?=/|\s(?:an?|per|each|every|daily|weekly|monthly|nightly|yearly)\b|[.;](?:\s|\Z))",
    "xX",
)
def _times_a_day(match: re.Match[str], scan: Scan) -> str:
    """Read "3x/day" and "2x daily"."""
    count = int(match["count"])
    return {1: "once", 2: "twice"}.get(count, f"{scan.grammar.cardinal(count)} times")


@ENGLISH_COMMERCE.rule("money", WORD, r"(?P<what>p/[mwaq]|pcm|pppn|ppn|pp|pw|pa|pm)(?![\w/'-])", "p")
def _each_time(match: re.Match[str], scan: Scan) -> str | None:
    """Read "£950pcm" and "$15 pp"."""
    return _TERMS[match["what"].lower().replace("/", "")] if scan.kind == "money" else None


ENGLISH_COMMERCE.phrases("abbreviation", WORD, "", {
    r"bus\.?(?=\s(?:days?|hrs?|hours)\b)": "business",  # "1-2 bus. days"
    # Read "inc. VAT", which is not a company.
    r"(?-i:inc)\.?(?=\s(?:VAT|GST|tax|tip|all|breakfast|delivery|fees|p&p)\b)": "including",
    r"sec\.?\sdep\.?(?=:?\s?[$£€]\d)": "security deposit",  # Read "Dep. $500"; otherwise it is a departure.
    r"dep\.?(?=:?\s?[$£€]\d)": "deposit",
    r"reg\.?(?=\s?[$£€]\d)": "regular",  # Read "reg. $19.99"; it can also be a registration.
    r"min(?=\s(?:pmt|pymt|payment|order|purchase|bal|balance|age|spend|deposit|due)\b)": "minimum",
})  # fmt: skip


@ENGLISH_COMMERCE.rule("word", WORD, r"(?P<word>(?-i:[a-z]{2,15}))/(?=[$£€]?\d)", "/")
def _alternative(match: re.Match[str], scan: Scan) -> str:
    """Read the word of "20 min on/20 min off"; the slash is silent."""
    return match["word"]


# Read "w/2 friends" and "w/meals".
ENGLISH_COMMERCE.phrase("abbreviation", WORD, r"w/out\b|w/o(?=\d)", "without", "/")
ENGLISH_COMMERCE.phrase("abbreviation", WORD, r"w/(?=\d|[a-z]{3}|Dr)", "with", "/")


@ENGLISH_COMMERCE.rule("number", DIGIT, r"(?P<number>\d)\s(?P<size>(?-i:[KQ]))(?=\sbeds?\b)", "KQ")
def _bed(match: re.Match[str], scan: Scan) -> str:
    """Read "1 K bed" of a hotel."""
    return f"{scan.grammar.whole(match['number'])} {'king' if match['size'] == 'K' else 'queen'}"


ENGLISH_COMMERCE.phrases("pause", SIGN, ">", {
    r">(?=\s?[A-Z][a-z])": ",",  # Read "Settings > Wi-Fi" with a pause.
}, where=lambda scan: scan.written_before()[:1].isupper() and len(scan.written_before()) > 1)  # fmt: skip


@ENGLISH_COMMERCE.rule("measure", SIGN, r"/(?P<unit>[^\W\d_]{2,12})(?P<dot>\.?)(?![\w/'-])", "/")
def _per(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read the "/wk" of "7 days/wk" and "5¢/gal"."""
    name = match["unit"].lower()
    unit = "each" if name in {"ea", "each"} else scan.table.per_units.get(name)
    if not unit and match["unit"] in scan.table.units:
        unit = scan.table.units[match["unit"]][0]
    counted = [token.kind for token in scan.tokens[-2:] if token.kind in _COUNTS]
    if not unit or not counted or set(counted) <= {"word"}:
        return None
    return _rate(unit, scan), _past_dot(match, "unit", scan)


# Read the slash of "250mg/5mL" and "8 tablets/24 hrs".
_SEVERAL = r"/(?=\d{1,3}\s?(?:ml|l|hrs?|h|days?|d|wks?|mos?|months?|min|kg|lbs?|oz)\b)"
ENGLISH_COMMERCE.phrase("measure", SIGN, _SEVERAL, "per", "/", after=("measure", "dose", "money"))


def _rate(unit: str, scan: Scan) -> str:
    return unit if unit == "each" else f"{scan.table.per} {unit}"


def _past_dot(match: re.Match[str], group: str, scan: Scan) -> int:
    """Return the end with the dot of an abbreviation, unless it may end the sentence."""
    following = scan.text[match.end() : match.end() + 2].strip()[:1]
    return match.end() if following and (following.islower() or following in ",;") else match.end(group)


@ENGLISH_COMMERCE.rule("abbreviation", WORD, r"ea(?P<dot>\.?)(?![\w'/-])")
def _each(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "$2.99 ea."."""
    if not scan.tokens or (
        scan.tokens[-1].kind not in {"money", "number", "percent", "measure"} and scan.last_word() not in {"of", "for"}
    ):
        return None
    following = scan.text[match.end() : match.end() + 2].strip()[:1]
    return "each", match.end() if following and not following.isupper() else match.end() - len(match["dot"])


# Read the slash of "deductible met: $1,500/$3,000".
ENGLISH_COMMERCE.phrase("money", SIGN, r"/(?=[$£€]\d)", "of", "/", where=lambda scan: scan.recent_words(4) & _REACHED)
# Read "1/2 off".
ENGLISH_COMMERCE.phrase("fraction", DIGIT, r"1/2(?=-?\s?(?:off|price|price[ds])\b)", "half", "/")


@ENGLISH_COMMERCE.rule("number", DIGIT, r"(?P<number>\d(?:\.5)?)\s?(?P<unit>(?-i:B[RDA]|b[rda]))(?!\w)", "Bb")
def _rooms(match: re.Match[str], scan: Scan) -> str:
    """Read "3 BR/2 BA"."""
    return scan.grammar.counted(match["number"], *_BEDS[match["unit"].lower()])
