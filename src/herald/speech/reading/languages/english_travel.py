"""Rules of English roads, winds and flights: "I-95 N", "Hwy 1 SB at MM 42", "flight WN 2231 SFO-EWR"."""

import re

from herald.speech.reading.grammar import Date
from herald.speech.reading.languages.english_places import DIRECTIONS, STREET_WORDS, STREETS
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, WORD, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_KINDS = "|".join(sorted({*STREETS, *STREET_WORDS}, reverse=True))
_WINDS = frozenset({"wind", "winds", "wind:", "winds:"})
_HIGHWAY = Lazy(r".{0,8}?(?:\b(?:I|US|SR|CR|Hwy|Rte|Rt|Route|Highway)\.?[- ]?\d{1,3} )", re.IGNORECASE)
_OF = Lazy(r"\s+of\b")
_TO_STREET = Lazy(rf"\s+(?:\d{{1,3}}(?:st|nd|rd|th)|[A-Z][\w']{{1,20}})\s+(?:{_KINDS.title()}|{_KINDS})(?!\w)")
_NAME_AFTER = Lazy(r"\s+([A-Z][^\W\d_]+)")
_LANE_AFTER = Lazy(r"\s(?:lanes?|ramp|exit|traffic)\b")
_BOUND = {"NB": "northbound", "SB": "southbound", "EB": "eastbound", "WB": "westbound"}
_FLIGHT = words("flight flights flt route trip")
_BEFORE_MARKER = words("@ at near from to past nb sb eb wb")
_LANES = words("center express hov left middle one right traffic travel turn two")

ENGLISH_TRAVEL = Rules()


@ENGLISH_TRAVEL.rule("address", WORD, r"(?P<name>(?-i:[NSEW]|[NS][EW]))\.?(?!\w|['-]\w)")
def _direction(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read the "N" of "45 N Main St", "40.7° N", "I-95 N" and "winds NW", and the "NE" of "3 mi. NE of"."""
    before, dotted = scan.written_before(), match[0].endswith(".")
    following = _NAME_AFTER.match(scan.after(match))
    street = scan.kind == "address"
    located = (
        street
        or (
            dotted
            and before.isdigit()
            and len(before) > 1
            and following
            and following[1].lower() not in scan.table.openers
        )
        or before.endswith("°")
        or before.lower() in _WINDS
        or _HIGHWAY.fullmatch(scan.text[max(0, match.start() - 9) : match.start()])
        or _TO_STREET.match(scan.after(match))
        or (scan.kind == "measure" and _OF.match(scan.after(match)))
    )
    if not located:
        return None
    # "Main St. NE. Park in the rear": the dot ends the sentence.
    ends = street and dotted and not before.isdigit() and (following or not scan.after(match).strip())
    return DIRECTIONS[match["name"].lower()], match.end() - bool(ends)


@ENGLISH_TRAVEL.rule(
    "route", WORD, r"(?P<first>(?-i:[A-Z]{3}))\s?(?P<join>[-–—/→])\s?(?P<last>(?-i:[A-Z]{3}))(?![\w/-])", "-–—/→"
)
def _route(match: re.Match[str], scan: Scan) -> str | None:
    """Read the airports of "flight 12 JFK-LHR" and "ATL→SEA"."""
    if match["join"] != "→" and scan.recent_words(6).isdisjoint(_FLIGHT) and scan.kind != "code":
        return None
    return f"{scan.grammar.spelled(match['first'])} {scan.table.to} {scan.grammar.spelled(match['last'])}"


@ENGLISH_TRAVEL.rule("number", DIGIT, r"(?P<road>\d{1,3})(?=\s(?-i:[NSEW])(?!\w))")
def _road(match: re.Match[str], scan: Scan) -> str | None:
    """Read the number of "Rte 9 N", which are no newtons."""
    return scan.grammar.whole(match["road"]) if scan.before in {"route", "highway"} else None


@ENGLISH_TRAVEL.rule("word", WORD, r"(?P<side>(?-i:[LR]))(?=\s(?:on(?:to)?|at|@)\s)")
def _side(match: re.Match[str], scan: Scan) -> str | None:
    """Read "turn L on Main St"."""
    turns = scan.last_word() in {"turn", "then", "bear", "exit"}
    return {"L": "left", "R": "right"}[match["side"]] if turns else None


@ENGLISH_TRAVEL.rule("code", DIGIT, r"(?P<row>\d{1,2})(?P<seat>[A-K])(?!\w)")
def _seat(match: re.Match[str], scan: Scan) -> str | None:
    """Read "seat 23K", which are no thousands."""
    if scan.last_word() not in {"seat", "seats"}:
        return None
    return f"{scan.grammar.whole(match['row'])} {scan.grammar.spelled(match['seat'].upper())}"


@ENGLISH_TRAVEL.rule("address", WORD, r"(?P<name>(?-i:[NSEW]B))(?![\w'&/-]|\.\w)")
def _bound(match: re.Match[str], scan: Scan) -> str | None:
    """Read "I-80 EB" and "NB lanes"."""
    road = _HIGHWAY.fullmatch(scan.text[max(0, match.start() - 9) : match.start()])
    return _BOUND[match["name"]] if road or _LANE_AFTER.match(scan.after(match)) else None


# Read "at MM 42" and "I-95 SB, MM 112".
ENGLISH_TRAVEL.phrase("label", WORD, r"(?-i:MM)(?=\s?\d)", "mile marker", last=_BEFORE_MARKER)


@ENGLISH_TRAVEL.rule("abbreviation", WORD, r"ln(?P<many>s?)(?![\w'.-])")
def _lane(match: re.Match[str], scan: Scan) -> str | None:
    """Read "right ln blocked"."""
    return f"lane{match['many'].lower()}" if scan.last_word() in _LANES else None


@ENGLISH_TRAVEL.rule("code", WORD, r"(?P<line>(?-i:[A-Z]{2}))\s(?P<number>\d{3,4})(?![\w:/-]|[.,]\d)")
def _flight_number(match: re.Match[str], scan: Scan) -> str | None:
    """Read "flight WN 2231" digit by digit."""
    if scan.recent_words(2).isdisjoint(_FLIGHT):
        return None
    return f"{scan.grammar.spelled(match['line'])} {scan.grammar.digits(match['number'])}"


@ENGLISH_TRAVEL.rule("code", DIGIT, r"\d{3,4}(?![\w:/-]|[.,]\d|\s(?:miles?|minutes?|hours?|passengers?|km)\b)")
def _flight(match: re.Match[str], scan: Scan) -> str | None:
    """Read "flight 2345" digit by digit."""
    return scan.grammar.digits(match[0]) if scan.last_word() in {"flight", "flt", "flight no", "flt no"} else None


@ENGLISH_TRAVEL.rule("date", DIGIT, r"(?P<day>\d{1,2})(?P<month>(?-i:[A-Z]{3}))(?P<year>\d\d)?(?!\w)")
def _ticket_date(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "30NOV" of a ticket."""
    month = scan.table.month_short.get(match["month"].lower(), 5 if match["month"] == "MAY" else 0)
    if not month or not 1 <= int(match["day"]) <= 31:  # noqa: PLR2004  days of a month
        return None
    return scan.grammar.date(Date(int(match["day"]), month, match["year"], day_first=scan.table.date_order == "dmy"))
