"""Rules of English sizes: inches and feet with their marks, fractions of them, and quantities before a noun."""

import re

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.structure import quoted
from herald.speech.reading.table import words

_LENGTH = Lazy(
    r"(?P<number>(?:\d{1,4}[ -])?\d{1,2}/\d{1,2}|\d{1,4}(?:\.\d{1,3})?)(?P<unit>[\"'])(?P<side>[WDHLwdhl](?!\w))?"
)
_SINGULAR_REFUSED = words(
    "a above and are as at away below by deep for from high in is long of off on or over per tall thick to under was "
    "wide with x"
)
_NOUN_AFTER = Lazy(r"\s(?:\d{1,2}K\s)?([^\W\d_]+)")
_HELD = (
    "bag|battery|board|bottle|box|burger|bulb|can|capsule|card|carton|class|club|contract|cup|dash|delay|drive|dose|"
    "fixed|hose|jar|jug|lease|limit|loan|membership|minimum|mortgage|package|pack|pan|pen|pill|pipe|pizza|plan|"
    "policy|premium|race|radius|relay|roll|run|screen|session|softgel|steak|subscription|supply|swim|tablet|tab|"
    "tank|tapes?|term|treasury|trial|tube|tub|vial|visit|wait|walk|warranty|window|yield|zone"
)
"""Nouns that a quantity describes: "a 12 oz. can"."""
_TEMPERATURES = words("max min bake fever heat high highs low lows oven preheat temp temp. temperature temps")
_SIDES = {"w": " wide", "d": " deep", "h": " high", "l": " long"}
_AMOUNT = r"(?:\d{1,4}[ -])?\d{1,2}/\d{1,2}|\d{1,4}(?:\.\d{1,3})?"
"""Of inches and feet: "3/8", "2-1/2", "13.6"."""
_FRACTION = Lazy(r"(?:(?P<whole>\d{1,4})[ -])?(?P<numerator>\d{1,2})/(?P<denominator>\d{1,2})")

ENGLISH_SIZES = Rules()


@ENGLISH_SIZES.rule(
    "measure", DIGIT, rf"(?P<number><num>)[ -]?(?P<unit>(?:fl\.? |sq\.? )?[^\W\d_]{{1,4}})\.?(?=\s(?:{_HELD})s?\b)"
)
def _describing(match: re.Match[str], scan: Scan) -> str | None:
    """Read "12 oz. can" and "250 mg capsule" with the unit in the singular."""
    name = match["unit"].replace(".", "")
    if match[0].endswith(".") and scan.after(match)[1:2].isupper():
        return None  # "in 5 min. Wait"
    names = scan.table.units.get(name)
    if not names or name in scan.table.units_attached or name in scan.table.units_apart:
        return None
    return f"{scan.grammar.number(match['number'])} {names[0]}"


@ENGLISH_SIZES.rule(
    "measure", DIGIT, rf"(?:{_AMOUNT})[\"'][wdhl]?(?:\s?[x×]\s?(?:{_AMOUNT})[\"'][wdhl]?){{1,3}}(?!\w)", "xX×"
)
def _lengths(match: re.Match[str], scan: Scan) -> str:
    """Read "10" x 12" x 6'" and "84"W x 36"D"."""
    return f" {scan.table.by} ".join(_size(one, scan) for one in _LENGTH.finditer(match[0]))


@ENGLISH_SIZES.rule(
    "measure",
    DIGIT,
    rf"(?:(?P<first>\d{{1,3}}(?=\s?[-–]\s?(?!\d/))|[1-7]/[248]|1/16)\s?[-–]\s?)?(?P<length>(?:{_AMOUNT})\"[wdhl]?)(?!\w)",
    '"',
)
def _inches(match: re.Match[str], scan: Scan) -> str | None:
    """Read "65" TV", "3/8" bolt" and "1-2" of snow", unless the mark closes a quotation."""
    length = _LENGTH.fullmatch(match["length"])
    if not length or quoted(scan.text, match.start(), 200):
        return None
    following = _NOUN_AFTER.match(scan.after(match))
    described = following is not None and following[1].lower() not in _SINGULAR_REFUSED and not match["first"]
    said = _size(length, scan, described=described)
    if not match["first"]:
        return said
    part = match["first"].split("/")
    first = scan.grammar.fraction("", *part) if part[1:] else scan.grammar.whole(match["first"])
    return f"{first} {scan.table.to} {said}"


@ENGLISH_SIZES.rule(
    "measure", DIGIT + SIGN, r"(?P<minus>[-−])?(?P<number>\d{1,3}(?:\.\d)?)(?P<apart>\s)?(?P<scale>(?-i:[FC]))(?![\w-])"
)
def _temperature(match: re.Match[str], scan: Scan) -> str | None:
    """Read "water temp 62F" and "-2C"; "62F" alone is a code."""
    fever = match["scale"] == "F" and 95 <= float(match["number"]) <= 108  # noqa: PLR2004  of a person
    if not match["minus"] and not (fever and match["apart"]) and scan.recent_words(4).isdisjoint(_TEMPERATURES):
        return None
    said = scan.grammar.counted(match["number"], *scan.table.units[f"°{match['scale']}"])
    return scan.grammar.signed(match["minus"], said)


@ENGLISH_SIZES.rule("measure", WORD, r"(?-i:c)\.(?=\s[a-z])", ".")
def _cups(match: re.Match[str], scan: Scan) -> str | None:
    """Read "2 c. sugar" and "1/2 c. milk"."""
    last = scan.tokens[-1] if scan.tokens else None
    if last is None or last.kind not in {"number", "fraction"} or scan.text[last.end : match.start()] != " ":
        return None
    one = last.words == scan.grammar.cardinal(1) or (last.kind == "fraction" and " and " not in last.words)
    return "cup" if one else "cups"


def _size(length: re.Match[str], scan: Scan, *, described: bool = False) -> str:
    """Return a length with its unit, in the singular if a noun follows, and its side."""
    one, many = scan.table.units["ft" if length["unit"] == "'" else "in."]
    side = _SIDES[length["side"].lower()] if length["side"] else ""
    fraction = _FRACTION.fullmatch(length["number"])
    if not fraction:
        number = length["number"]
        return f"{scan.grammar.number(number)} {one if described or scan.grammar.is_one(number) else many}{side}"
    said = scan.grammar.fraction(fraction["whole"] or "", fraction["numerator"], fraction["denominator"])
    return f"{said} {many if fraction['whole'] and not described else one}{side}"


@ENGLISH_SIZES.rule(
    "fraction", DIGIT, r"(?P<whole>\d{1,3})-(?P<numerator>[1-7])/(?P<denominator>[248])(?![\w/]|[.,-]\d)", "/"
)
def _mixed(match: re.Match[str], scan: Scan) -> str | None:
    """Read the size "8-1/2"."""
    if int(match["numerator"]) >= int(match["denominator"]):
        return None
    return scan.grammar.fraction(match["whole"], match["numerator"], match["denominator"])


@ENGLISH_SIZES.rule(
    "measure", DIGIT, r"(?P<above>\d{1,2})/(?P<below>[1-9]\d?)-(?P<unit>[a-z]{2,4})(?!\w)(?:\.(?=\s(?-i:[a-z])))?", "/"
)
def _part(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1/4-in. hail"."""
    names = scan.table.units.get(match["unit"])
    return f"{scan.grammar.fraction('', match['above'], match['below'])} {names[0]}" if names else None


ENGLISH_SIZES.phrases("measure", DIGIT, "", {
    # Read "500 ct." of paper; "2 ct diamond" are carats.
    r"(?P<number>\d{1,4})[ -]?ct\b(?!\s?(?:tw|gold|diamond|ring|white|yellow|sapphire))": "{number:whole} count",
})  # fmt: skip


@ENGLISH_SIZES.rule(
    "range", WORD, r"(?P<first>(?-i:X{0,3}[SML]))\s?[-–]\s?(?P<last>(?-i:X{1,4}L|\d{1,2}X|XL))(?![\w-])", "-–"
)
def _clothes(match: re.Match[str], scan: Scan) -> str:
    """Read the sizes "XS-XXL"."""
    parts = (re.findall(r"\d+|[A-Z]", match[one]) for one in ("first", "last"))
    said = (" ".join(scan.grammar.whole(x) if x.isdigit() else scan.grammar.spelled(x) for x in one) for one in parts)
    return f" {scan.table.to} ".join(said)


@ENGLISH_SIZES.rule("measure", WORD, r"[x×](?=\s?(?P<price>[$£€])?\d)", "xX×")
def _times(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "x" of "12 in. x 10 in." and of "2 x $5"."""
    last = scan.kind
    if match["price"]:
        return "times" if last == "number" else None
    return "times" if last == "money" else scan.table.by if last == "measure" else None
