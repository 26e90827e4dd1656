"""Numbers: ordinals, fractions, ranges, calculations, versions, lists, codes, years, cardinals, Roman numerals."""

import re

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, MINUS, SIGN, WORD, Rule, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.structure import pause

_SHORTEST_CODE = 4
SHORTEST_NAMED_CODE = 3
"""Minimum digits of a number that is read digit by digit after a word such as "code"."""
_SHORTEST_GROUP = 3
"""Minimum digits of each group of a code in groups."""
_LONG = 5
"""Minimum digits of a number without group marks that is more likely a code than a quantity."""
_LONGEST_QUANTITY = 8
"""Maximum digits of a quantity without group marks."""
_COUNTED = Lazy(r"\s+(?:[a-z]+\s+)?(?:[a-z]+s|people|children|men|women)\b")
_WORD_AFTER = Lazy(r"\s+([^\W\d_]+)")
_YEARS = range(1001, 2100)
_ROUND = "00"
_VULGAR = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8", "⅐": "1/7", "⅑": "1/9", "⅒": "1/10",
}  # fmt: skip
_GROUPED = Lazy(r"\d{1,3}(?:\.\d{3}){2,}")
_TO_ORDINAL = Lazy(r"\s?[-–]\s?(?=\d{1,4}([^\W\d_]{1,3}|[ºª])(?!\w))")
_CARD = 14
"""Minimum characters, including spaces, of a number that is always read in its groups."""
_LIST = 200
"""Maximum characters between two items of a list within a line."""
_DASHES = "-–—−"
_NUMERAL = Lazy(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
FORMS = Rules()
"""Numbers that contain letters; tried before codes."""


def roman(numeral: str) -> int:
    """Return the value of a Roman numeral in capitals, or 0 if it isn't one."""
    if not _NUMERAL.fullmatch(numeral):
        return 0
    values = [_VALUES[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-one if one < after else one for one, after in zip(values, following, strict=True))


@FORMS.rule("number", DIGIT, r"(?P<number><num>)\s?(?P<name>[^\W\d_]{1,3})(?!\w)")
def _magnitude(match: re.Match[str], scan: Scan) -> str | None:
    name = match["name"]
    said = scan.table.magnitudes_anywhere.get(name.lower())
    screen = name == "K" and len(match["number"]) == 1  # "4K"
    if said is None or screen or (name != name.lower() and name != name.title()):
        return None
    return f"{scan.grammar.number(match['number'])} {said}"


@FORMS.rule("range", DIGIT, r"(?P<first>\d{4})(?P<dash>\s?[-–—/]\s?)(?P<last>\d{4}|\d{2})(?![\w/-]|[.,]\d)", "-–—/")
def _years(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1999-2003", "2025-26" and the season "2025/26"."""
    first, last = match["first"], match["last"]
    whole = last if len(last) == len(first) else first[:2] + last
    if scan.tokens and (scan.tokens[-1].kind == "label" or scan.before == scan.table.number_sign):
        return None  # "No. 2024-87"
    if int(first) not in _YEARS or int(whole) not in _YEARS or int(first) >= int(whole):
        return None
    if match["dash"].strip() == "/":
        return f"{scan.grammar.year(first)} {scan.grammar.year(last)}" if int(whole) == int(first) + 1 else None
    return f"{scan.grammar.year(first)} {scan.table.to} {scan.grammar.year(last)}"


@FORMS.rule("math", DIGIT + WORD, r"(?P<number><num>|[a-z]{1,3})\^(?P<exponent>\d{1,4})(?!\w)", "^")
def _power(match: re.Match[str], scan: Scan) -> str:
    """Read "5²" and "10^6"."""
    number = match["number"]
    base = number if number.isalpha() else scan.grammar.number(number)
    named = {"2": scan.table.squared, "3": scan.table.cubed}.get(match["exponent"])
    return f"{base} {named}" if named else f"{base} {scan.table.power} {scan.grammar.whole(match['exponent'])}"


@FORMS.rule("version", WORD, r"(?P<v>v)\.?\s?(?P<number>\d{1,4}(?:\.\d{1,4}){0,5})(?![\w.]\d|\w)", "vV")
def _version(match: re.Match[str], scan: Scan) -> str:
    numbers = f" {scan.grammar.version_point} ".join(scan.grammar.whole(part) for part in match["number"].split("."))
    return f"{scan.grammar.version} {numbers}" if match["v"] else numbers


@FORMS.rule("number", DIGIT + SIGN, r"(?P<number><num>)e(?P<exponent>[-+−]?\d{1,3})(?!\w)", "eE")
def _scientific(match: re.Match[str], scan: Scan) -> str:
    exponent = match["exponent"]
    base = scan.grammar.number(match["number"])
    power = scan.grammar.whole(exponent.lstrip("+-−0") or "0")
    minus = f"{scan.table.minus} " if exponent[0] in "-−" else ""
    return scan.grammar.scientific(base, f"{minus}{power}")


NUMBERS = Rules()


@NUMBERS.rule("number", DIGIT, r"[\d/]{1,8}(?:\([a-z]\)|[a-z])?(?![\w/%]|[-.,]\d|\s?[-–]\s?\d)")
def _named(match: re.Match[str], scan: Scan) -> str | None:
    return scan.table.named_numbers.get(match[0].lower())


@NUMBERS.rule("item", DIGIT + SIGN, r"\(?(?P<number>\d{1,3})[.)](?=\s+\S)", ".)")
def _item(match: re.Match[str], scan: Scan) -> str | None:
    """Read the number of an item at the start of a line, or in the list "1) passport 2) photo"."""
    number, start = match["number"], match.start()
    if not scan.at_line_start(start):
        listed = match[0][0] != "(" and match[0][-1] == ")" and f" {int(number) - 1}) " in scan.text[:start][-_LIST:]
        if not listed and not (match[0] == "1)" and " 2) " in scan.text[start:][:_LIST]):
            return None
        pause(scan, start, start, ",")
    return scan.grammar.whole(number) if number.isdigit() else number


@NUMBERS.rule("ordinal", DIGIT, r"(?P<number>\d{1,3}(?:,\d{3})+|\d+)(?P<ending>[^\W\d_ºª]{1,3}|\.?[ºª])(?!\w|'\w)")
def _ordinal(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    number = "".join(filter(str.isdigit, match["number"]))
    ending = match["ending"].lower()
    if ending not in scan.table.ordinal_endings:
        return None
    if not scan.grammar.is_ordinal(number, ending):
        return f"{scan.grammar.whole(number)} {ending}"
    said = scan.grammar.ordinal_written(number, ending)
    to = _TO_ORDINAL.match(scan.text, match.end())
    return (f"{said} {scan.table.to}", to.end()) if to and to[1].lower() in scan.table.ordinal_endings else said


@NUMBERS.rule(
    "fraction",
    DIGIT + SIGN,
    rf"{MINUS}(?:(?P<whole>\d+)\s)?(?P<numerator>\d{{1,6}})\s?/\s?(?P<denominator>\d{{1,9}})(?:ths?|nds?|rds?)?(?![\w/]|[.,]\d|-\d)",
    "/",
)
def _fraction(match: re.Match[str], scan: Scan) -> str | None:
    whole, numerator, denominator = match["whole"] or "", match["numerator"], match["denominator"]
    if not int(denominator) or len(denominator) > 6:  # noqa: PLR2004  longer ones are codes
        return None
    if not whole and (scan.names_code() or _is_numbered(scan)):
        # "no. 4471/26"
        groups = (
            scan.grammar.digits(one) if len(one) >= _SHORTEST_CODE else scan.grammar.whole(one)
            for one in (numerator, denominator)
        )
        return f" {scan.table.link_signs['/']} ".join(groups)
    said = scan.grammar.fraction(whole, numerator, denominator)
    return scan.grammar.signed(match["minus"], said)


@NUMBERS.rule(
    "fraction", DIGIT + SIGN, rf"{MINUS}(?:(?P<whole>\d+)\s?)?(?P<fraction>[{''.join(_VULGAR)}])", "".join(_VULGAR)
)
def _vulgar(match: re.Match[str], scan: Scan) -> str:
    numerator, denominator = _VULGAR[match["fraction"]].split("/")
    said = scan.grammar.fraction(match["whole"] or "", numerator, denominator)
    return scan.grammar.signed(match["minus"], said)


@NUMBERS.rule("version", DIGIT, r"\d{1,4}(?:\.\d{1,4}){2,5}(?![\w.]\d|\w)", ".")
def _bare_version(match: re.Match[str], scan: Scan) -> str | None:
    if _GROUPED.fullmatch(match[0]):
        return None  # "12.345.678" is a number of another language
    return f" {scan.grammar.version_point} ".join(scan.grammar.whole(part) for part in match[0].split("."))


@NUMBERS.rule(
    "math",
    DIGIT + WORD,
    r"(?:\d+(?:[.,]\d+)?|[A-Za-z](?![A-Za-z]))(?:\s?[-+*×÷=−≈≠≤≥<>±]\s?(?:\d+(?:[.,]\d+)?|[A-Za-z])(?![A-Za-z])){1,8}"
    r"(?!\w|[.,]\d)",
    "+*×÷=−≈≠≤≥<>±-",
)
def _maths(match: re.Match[str], scan: Scan) -> str | None:
    """Read a calculation. It must have a sign other than "-" and "*", which also join other things."""
    parts = re.findall(r"\d+(?:[.,]\d+)*|[A-Za-z]|[^\w\s]", match[0])
    signs = {part for part in parts if not part[0].isalnum()}
    if (
        signs <= {"-"}
        or (signs <= {"-", "*"} and any(map(str.isalpha, match[0])))
        or not all(sign in scan.grammar.maths for sign in signs)
    ):
        return None
    grammar = scan.grammar
    return " ".join(grammar.number(part) if part[0].isdigit() else grammar.maths.get(part, part) for part in parts)


@NUMBERS.rule(
    "range", DIGIT + SIGN, rf"{MINUS}(?P<first><num>)(?P<dash>\s?[-–—]\s?)(?P<last><num>)(?![\w-]|[.,/]\d)", "-–—"
)
def _range(match: re.Match[str], scan: Scan) -> str | None:
    first, last = scan.grammar.parts(match["first"]), scan.grammar.parts(match["last"])
    ascending = float(f"{first[0]}.{first[1]}") < float(f"{last[0]}.{last[1]}")
    spaced = match["dash"] != match["dash"].strip()
    word = match["dash"].strip() not in _DASHES
    if max(len(first[0]), len(last[0])) >= _LONG and not word and "," not in match[0]:
        return None
    dashed = match["dash"].strip() == "-"
    if not word and ((spaced and dashed) or (not ascending and not scan.plays())):
        return None
    if dashed and min(len(first[0]), len(last[0])) >= _SHORTEST_GROUP and scan.names_code():
        return None  # "your code is 483-920"
    said = f"{scan.grammar.number(match['first'])} {scan.table.to} {scan.grammar.number(match['last'])}"
    return scan.grammar.signed(match["minus"], said)


@NUMBERS.rule("code", SIGN, r"#\s?(?P<number>\d+)(?![\w])", "#")
def _numbered(match: re.Match[str], scan: Scan) -> str:
    digits = match["number"]
    said = in_groups(digits, scan) if len(digits) >= _LONG else scan.grammar.whole(digits)
    return f"{scan.table.number_sign} {said}"


@NUMBERS.rule("range", DIGIT, r"(?P<first>\d{1,4}):(?P<last>\d{1,4})(?![\w:]|[.,]\d)", ":")
def _ratio(match: re.Match[str], scan: Scan) -> str:
    """Read "3:1"; times are tried first."""
    return f"{scan.grammar.whole(match['first'])} {scan.table.to} {scan.grammar.whole(match['last'])}"


@NUMBERS.rule("number", DIGIT, r"[1-9]\d{0,2}(?:(?:[ .']\d{3}){2,11}| 000)(?![\w-]|[.,]\d)")
def _spaced(match: re.Match[str], scan: Scan) -> str:
    """Read "1 000 000", "1.000.000" and "1'000'000"."""
    return scan.grammar.whole("".join(filter(str.isdigit, match[0])))


@NUMBERS.rule("code", DIGIT, r"(?:\d{2,4}(?:[ -]\d{3,4}){1,6}(?:[ -]\d{2})?|\d\d(?: \d\d){2,7})(?![\w-])")
def _grouped_code(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1234 5678 9012 3456" in its groups, and "123 456" where a code or a telephone number is expected."""
    return grouped_digits(match, scan) if len(match[0]) >= _CARD or scan.names_code() or scan.dials() else None


def grouped_digits(match: re.Match[str], scan: Scan) -> str:
    """Return the groups of digits of a match, digit by digit, with pauses between the groups."""
    return ", ".join(map(scan.grammar.digits, re.findall(r"\d+", match[0])))


def _number(match: re.Match[str], scan: Scan) -> str | None:
    number = match["number"]
    before = scan.text[match.start() - 1 : match.start()]
    if match["sign"] and (before.isalnum() or before == "*"):
        return None
    said = scan.grammar.bare_number(number, scan, match.end(), signed=bool(match["sign"]))
    if said is None:
        said = _whole(number, scan, match) if number.isdigit() else scan.grammar.number(number)
    following = _WORD_AFTER.match(scan.after(match))
    if following and following[1].lower() in scan.table.magnitudes and len(following[1]) > 3:  # noqa: PLR2004
        said = scan.grammar.multiplier(number)
    return scan.grammar.signed(match["sign"], said)


def _is_numbered(scan: Scan) -> bool:
    """Return whether the previous word makes a number a name: "no. 4471/26", but not "circa 1/12"."""
    return scan.before in scan.table.before_number.values() and scan.before not in scan.table.before_fraction


def _whole(digits: str, scan: Scan, match: re.Match[str]) -> str:
    counted = _COUNTED.match(scan.after(match)) is not None
    before = scan.last_word()
    quantity = counted and before in scan.table.before_quantity
    # Short numbers are not codes: "Your code expires in 10 minutes".
    named = len(digits) >= SHORTEST_NAMED_CODE and scan.names_code() and not quantity
    if named or (len(digits) >= _SHORTEST_CODE and scan.is_code(match.end())):
        return in_groups(digits, scan)
    if len(digits) > 2 and not counted and scan.dials():  # noqa: PLR2004
        return in_groups(digits, scan)
    if len(digits) >= _LONG and not (counted or _described(scan, match) or digits.endswith(_ROUND * 2)):
        return in_groups(digits, scan)
    year = len(digits) == 4 and int(digits) in _YEARS and not match["sign"]  # noqa: PLR2004
    if year and (
        before in scan.table.year_words or (not counted and digits[1] != "0") or (not counted and digits[0] == "2")
    ):
        return scan.grammar.year(digits)
    return scan.grammar.whole(digits)


def _described(scan: Scan, match: re.Match[str]) -> bool:
    """Return whether a noun follows, so that a number is a quantity: "15000 people", but "1234567890 arrives"."""
    if len(match["number"]) > _LONGEST_QUANTITY:
        return False
    following = _WORD_AFTER.match(scan.after(match))
    return following is not None and following[1].islower() and following[1] not in scan.table.openers


def in_groups(digits: str, scan: Scan) -> str:
    """Return digits one by one, with a pause after every three or four of a long number."""
    size = {6: 3, 8: 4, 9: 3, 12: 4, 16: 4}.get(len(digits), len(digits) if len(digits) < 10 else 3)  # noqa: PLR2004
    starts = range(0, max(len(digits) - 1, 1), size)  # a last digit alone joins the group before
    ends = [*starts[1:], len(digits)]
    return ", ".join(scan.grammar.digits(digits[at:end]) for at, end in zip(starts, ends, strict=True))


NUMBERS.append(Rule("code", DIGIT, r"\d{5}-\d{4}(?![\w-])", grouped_digits, "-"))
NUMBERS.append(Rule("number", DIGIT + SIGN, r"(?P<sign>[-+−±])?(?P<number><num>)(?![\w])", _number))
