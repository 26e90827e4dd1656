"""Rules of English codes and travel: "acct ...4432", "policy # PA-001", "BA 117", "I-95 N", "JFK-LHR"."""

import re

from herald.speech.reading.grammar import Date
from herald.speech.reading.languages.english_words import DIRECTIONS, STREET_WORDS, STREETS
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.numbers import in_groups
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_ACCOUNTS = words(
    "a/c account acct acct. acct# accounts card visa mastercard amex discover debit credit checking savings chk sav "
    "loan no. number ssn social ending in with from to your"
)
_KEYS = words("press hit push enter dial key touch use or the and by")
_NUMBERED = {
    "conf": "confirmation", "inv": "invoice", "ord": "order", "tkt": "ticket", "trk": "tracking", "chk": "check",
}  # fmt: skip
"""Abbreviations before a number sign or "code"."""
_REFERENCE = Lazy(r"[A-Z]{1,3}\d{4,12}(?!\w)")

ENGLISH_CODES = Rules()


# Read "your bib # is 1184".
ENGLISH_CODES.phrase("label", SIGN, r"#(?=\s(?:is|was)\s)", "number", "#")
ENGLISH_CODES.phrases("label", WORD, ".", {
    r"no\.(?=\s(?:is|was)\s#?(?:\d|(?-i:[A-Z]{1,4}\s?\d)))": "number",  # "your NHS no. is 943 476 5919"
    r"no\.\s?(?=(?-i:[A-Z]{1,5})[-/]?\d)": "number",  # Read the "no." of "Order no. A-1024".
    r"nos\.\s?(?=(?-i:[A-Z]{1,5})[-/]?\d)": "numbers",
})  # fmt: skip
ENGLISH_CODES.phrases("label", WORD, "", {
    r"no(?=:?\s#?\d{3})": "number",  # Read the "no" of "order no 204118".
}, where=lambda scan: scan.last_word() in scan.table.code_words)  # fmt: skip
# Read the "1257L" of "tax code 1257L", which are not litres.
ENGLISH_CODES.phrase(
    "code", DIGIT, r"(?P<number>\d{3,8})(?P<letter>(?-i:[A-Z]))(?![\w-])", "{number:digits} {letter}", last=("code",)
)
# Read "a/c no. 12345678" and "a/c no 12345678".
ENGLISH_CODES.phrase("label", WORD, r"a/c\sno\.?(?=:?\s\d)", "account number", "/")
# Read "a/c 12345678"; alone, it is air conditioning.
ENGLISH_CODES.phrase("label", WORD, r"a/c(?=\s(?:no\b|number|ending|\*{0,12}\d{3}))", "account", "/")
ENGLISH_CODES.phrases("number", DIGIT, "=", {
    r"(?P<key>\d)\s?=\s?(?=[a-z])": "{key:whole} for",  # "reply 1=Yes 2=No"
}, where=lambda scan: scan.recent_words(8) & {"reply", "press", "enter", "text", "txt"})  # fmt: skip


@ENGLISH_CODES.rule("code", SIGN, r"#(?P<number>\d{1,4})-?(?P<letter>[A-Za-z])(?!\w)", "#")
def _unit_number(match: re.Match[str], scan: Scan) -> str:
    """Read the apartment "#12B"."""
    return f"{scan.table.number_sign} {scan.grammar.whole(match['number'])} {match['letter'].upper()}"


@ENGLISH_CODES.rule("label", WORD, r"(?P<name>conf|inv|ord|tkt|trk|chk)\.?(?=\s?(?:#|no\b|num|code))", "#nN")
def _numbered(match: re.Match[str], scan: Scan) -> str:
    """Read the "Conf" of "Conf# HK3J9L"."""
    return _NUMBERED[match["name"].lower()]


@ENGLISH_CODES.rule(
    "code", SIGN + WORD, r"(?:\.{2,6}|…|\*{1,12}[ -]?|(?:[x*]{2,4}[ -]){1,4}|x{1,12}-?)(?P<last>\d{3,4})(?![\w.,-]\w)"
)
def _masked(match: re.Match[str], scan: Scan) -> str | None:
    """Read an account of which only the end is written: "acct ...4432", "Visa ****4821", "ending in x4821"."""
    before = scan.last_word()
    single = match[0].removesuffix(match["last"]).strip(" -") in {"x", "X", "*"}
    if before not in _ACCOUNTS or (single and before in {"to", "from", "or", "your"}):
        return None
    digits = scan.grammar.digits(match["last"])
    return digits if before in {"in", "with"} else f"ending in {digits}"


@ENGLISH_CODES.rule("code", SIGN, r"(?P<sign>[*#])(?P<digits>\d{1,4})(?P<end>[*#]?)(?![\w*#])", "*#")
def _dialled(match: re.Match[str], scan: Scan) -> str | None:
    """Read "*67" and "#31#" as they are dialled."""
    if match["sign"] == "#" and not match["end"]:
        return None
    signs = {"*": "star", "#": scan.table.symbols["#"]}
    parts = (signs[match["sign"]], scan.grammar.digits(match["digits"]), signs.get(match["end"], ""))
    return " ".join(filter(None, parts))


# Read "press *".
ENGLISH_CODES.phrase("symbol", SIGN, r"\*(?=[\s.,;)]|\Z)", "star", "*", last=_KEYS)
# Read "#4821", which is not a quantity, digit by digit.
ENGLISH_CODES.phrase("code", SIGN, r"#\s?:?\s?(?P<number>\d{4})(?![\w-])", "{.number_sign} {number:digits}", "#")


@ENGLISH_CODES.rule("code", DIGIT + SIGN, r"(?P<sign>#\s?:?\s?)?(?P<number>\d{2,8}(?:-\d{2,8}){1,4})(?![\w-])", "-")
def _long_code(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Order #114-3941689-8772232" and "parcel 12-044-118" in groups."""
    groups = match["number"].split("-")
    longest = max(map(len, groups))
    # "#10-12" is a range.
    coded = longest > 3 or list(map(int, groups)) != sorted(map(int, groups))  # noqa: PLR2004
    dialled = len(groups) > 2 and [len(group) for group in groups[-3:]] == [3, 3, 4]  # noqa: PLR2004
    zero = len(groups) > 2 and not dialled and any(group[0] == "0" and len(group) > 2 for group in groups)  # noqa: PLR2004
    named = scan.names_code() and (longest > 4 or len(groups) > 2)  # noqa: PLR2004
    if not (match["sign"] and coded) and not named and not zero:
        return None
    said = ", ".join(in_groups(group, scan) for group in groups)
    return f"{scan.table.number_sign} {said}" if match["sign"] else said


@ENGLISH_CODES.rule("label", SIGN, r"#\s?:?\s?(?=(?-i:[A-Z0-9-]{0,12})\d)", "#")
def _number_of(match: re.Match[str], scan: Scan) -> str | None:
    """Read the sign of "Conf# HK3J9L", "policy # PA-001" and "Acct #: 123"."""
    attached = scan.text[match.start() - 1 : match.start()].isalpha()
    coded = _REFERENCE.match(scan.after(match))  # "#K1234567890"
    return scan.table.number_sign if attached or coded or match[0] != "#" else None


@ENGLISH_CODES.rule("label", WORD, r"(?P<name>(?:apt|bldg|rm|ste)\.?)(?=\s(?-i:[A-Z])-?\d)")
def _room_label(match: re.Match[str], scan: Scan) -> str:
    """Read the "Ste." of "Ste. B-12"."""
    return scan.table.before_number[match["name"].lower().rstrip(".")]


@ENGLISH_CODES.rule(
    "code", WORD, r"(?P<code>(?-i:[A-Z]{1,5})-?\d{1,10}(?:-\d{1,10}){0,2})/(?P<last>\d{1,6})(?![\w/-])", "/"
)
def _code_with_slash(match: re.Match[str], scan: Scan) -> str | None:
    """Read "no. A-1024/7"."""
    if scan.kind != "label" and not scan.names_code():
        return None
    letters, *groups = re.findall(r"[A-Z]+|\d+", match["code"])
    parts = [scan.grammar.spelled(letters), *map(scan.grammar.digits, groups), scan.table.link_signs["/"]]
    last = match["last"]
    return " ".join([*parts, scan.grammar.whole(last) if len(last) <= 2 else scan.grammar.digits(last)])  # noqa: PLR2004


ENGLISH_CODES.phrases("range", DIGIT, "-–—", {
    r"(?P<first>\d{5})\s?[-–—]\s?(?P<last>\d{5})(?![\w-])": "{first:digits} {.to} {last:digits}",  # "ZIPs 60601–60607"
}, where=lambda scan: scan.recent_words(3) & {"zip", "zips", "codes", "postal"})  # fmt: skip
ENGLISH_CODES.phrases("code", DIGIT, "", {
    r"\d{3,6}(?![\w-]|[.,]\d)": "{0:digits}",  # Read the number of "ext. 4409" without a telephone number.
}, where=lambda scan: scan.last_word() in scan.table.extension_words)  # fmt: skip


_KINDS = "|".join(sorted({*STREETS, *STREET_WORDS}, reverse=True))
_WINDS = frozenset({"wind", "winds", "wind:", "winds:"})
_HIGHWAY = Lazy(r".{0,8}?(?:\b(?:I|US|SR|CR|Hwy|Rte|Rt|Route|Highway)\.?[- ]?\d{1,3} )", re.IGNORECASE)
_OF = Lazy(r"\s+of\b")
_TO_STREET = Lazy(rf"\s+(?:\d{{1,3}}(?:st|nd|rd|th)|[A-Z][\w']{{1,20}})\s+(?:{_KINDS.title()}|{_KINDS})(?!\w)")
_NAME_AFTER = Lazy(r"\s+([A-Z][^\W\d_]+)")
_LANE_AFTER = Lazy(r"\s(?:lanes?|ramp|exit|traffic)\b")
_BOUND = {"NB": "northbound", "SB": "southbound", "EB": "eastbound", "WB": "westbound"}
_FLIGHT_NUMBER = Lazy(r"\d{3,4}")
_FLIGHT = words("flight flights flt route trip")
_BEFORE_MARKER = words("@ at near from to past nb sb eb wb")
_LANES = words("center express hov left middle one right traffic travel turn two")

ENGLISH_TRAVEL = Rules()
ENGLISH_TRAVEL.phrase("word", WORD, r"chk-?(?P<way>in|out)(?!\w)", "check-{way:lower}", "cC")
ENGLISH_TRAVEL.phrase("label", WORD, r"dep(?=\s\d{1,2}[:.]\d\d)", "departure", ":.")
ENGLISH_TRAVEL.phrase("label", WORD, r"arr(?=\s\d{1,2}[:.]\d\d)", "arrival", ":.")


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
    flown = scan.kind == "code" or _FLIGHT_NUMBER.fullmatch(scan.written_before())
    if match["join"] != "→" and scan.recent_words(6).isdisjoint(_FLIGHT) and not flown:
        return None
    return f"{scan.grammar.spelled(match['first'])} {scan.table.to} {scan.grammar.spelled(match['last'])}"


ENGLISH_TRAVEL.phrases("number", DIGIT, "", {
    r"(?P<road>\d{1,3})(?=\s(?-i:[NSEW])(?!\w))": "{road:whole}",  # Read the number of "Rte 9 N", not newtons.
}, where=lambda scan: scan.before in {"route", "highway"})  # fmt: skip


@ENGLISH_TRAVEL.rule("word", WORD, r"(?P<side>(?-i:[LR]))(?=\s(?:on(?:to)?|at|@)\s)")
def _side(match: re.Match[str], scan: Scan) -> str | None:
    """Read "turn L on Main St"."""
    turns = scan.last_word() in {"turn", "then", "bear", "exit"}
    return {"L": "left", "R": "right"}[match["side"]] if turns else None


@ENGLISH_TRAVEL.rule("code", DIGIT, r"(?P<row>\d{1,2})(?P<seat>[A-K])(?!\w)")
def _seat(match: re.Match[str], scan: Scan) -> str | None:
    """Read "seat 23K", which are not thousands."""
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
# Read "right ln blocked".
ENGLISH_TRAVEL.phrase("abbreviation", WORD, r"ln(?P<many>s?)(?![\w'.-])", "lane{many:lower}", last=_LANES)
ENGLISH_TRAVEL.phrases("code", WORD, "", {
    # Read "flight WN 2231" digit by digit.
    r"(?P<line>(?-i:[A-Z]{2}))\s(?P<number>\d{3,4})(?![\w:/-]|[.,]\d)": "{line:spelled} {number:digits}",
}, where=lambda scan: scan.recent_words(2) & _FLIGHT)  # fmt: skip


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
