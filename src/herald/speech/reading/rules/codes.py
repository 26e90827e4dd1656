"""Codes of letters and digits, and telephone numbers: "A7X-99", "B2B", "covid-19", "+1 212 555 0123"."""

import re

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule, Rules
from herald.speech.reading.scanner import Scan

_PARTS = Lazy(r"[^\W\d_]+|\d+")
_ORDINAL = Lazy(r"\d(?:st|nd|rd|th)(?![^\W_])", re.IGNORECASE)
_SHORT_NUMBER = 2
"""Maximum digits that are read as a number within a code: "C24"."""
_SHORT_WORD = 3
_LONG = 5
"""Minimum digits of a number before a letter that is not a quantity."""
_IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18,
    "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
    "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
}  # fmt: skip
"""Length of an IBAN in each country (ISO 13616)."""
CODES = Rules()


@CODES.rule("code", WORD, r"(?P<country>(?-i:[A-Z]{2})) ?\d{2}(?: ?(?-i:[A-Z\d])){11,30}")
def _iban(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read an IBAN such as "DE89 3704 0044 0532 0130 00" in groups of four, whatever its spacing."""
    size, code = _IBAN_LENGTHS.get(match["country"].upper(), 0), match[0].replace(" ", "")
    end = match.start()
    for _ in range(size):
        end += 1 + (scan.text[end : end + 1] == " ")
    if len(code) < size or not size or scan.text[end : end + 1].isalnum():
        return None
    code = code[:size]
    groups = (code[at : at + 4] for at in range(0, len(code), 4))
    said = (
        " ".join(scan.grammar.digits(part) if part.isdigit() else scan.grammar.spelled(part) for part in parts)
        for parts in map(_PARTS.findall, groups)
    )
    return ", ".join(said), end


@CODES.rule("word", WORD, r"(?P<word>[^\W\d_]{2,20})-(?=\d)", "-")
def _range_word(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read the beginning of "noon-1pm"."""
    if match["word"].lower() not in scan.table.range_words:
        return None
    return f"{match['word']} {scan.table.to}", match.end()


@CODES.rule("word", WORD, r"(?P<word>[^\W\d_]{2,20})-(?=\d+(?:[.,]\d+)*(?:s|th|st|nd|rd)?(?![\w-]))", "-")
def _prefix(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read the word of "mid-1980s" and "covid-19"; the number is read by other rules."""
    word = match["word"]
    if word.isupper() and len(word) <= _SHORT_WORD:
        return None
    return (scan.grammar.capitals(word) if word.isupper() else word), match.end("word") + 1


@CODES.rule("number", DIGIT, r"(?P<number><num>)-(?=[^\W\d_]{2,}(?:-[^\W\d_]+)*(?![\w-]))", "-")
def _number_then_word(match: re.Match[str], scan: Scan) -> tuple[str, int]:
    """Read the number of "100-car", "55-millimeters" and "28002-Madrid"; the word is read by other rules."""
    if match["number"].isdigit() and len(match["number"]) >= _LONG and scan.text[match.end()].isupper():
        return scan.grammar.digits(match["number"]), match.end("number") + 1
    return scan.grammar.number(match["number"]), match.end("number") + 1


@CODES.rule("code", DIGIT, r"(?P<number><num>)(?P<letter>[A-Za-z])(?![\w-])")
def _lettered(match: re.Match[str], scan: Scan) -> str | None:
    """Read "4.4x", "5G", "12B", but not "12345678Z"."""
    if match["number"].isdigit() and len(match["number"]) >= _LONG:
        return None
    return f"{scan.grammar.number(match['number'])} {scan.grammar.spelled(match['letter'])}"


def _code(match: re.Match[str], scan: Scan) -> str | None:
    text = match[0]
    mixed = any(map(str.isdigit, text)) and any(map(str.isalpha, text))
    if not mixed or (scan.table.ordinal_endings and _ORDINAL.search(text)):
        return None
    return " ".join(code_part(part, scan) for part in _PARTS.findall(text))


def code_part(part: str, scan: Scan) -> str:
    """Return a part of a code: short numbers as numbers, long ones digit by digit, short letter groups spelled."""
    if part.isdigit():
        short = len(part) <= _SHORT_NUMBER and part[0] != "0"
        return scan.grammar.whole(part) if short else scan.grammar.digits(part)
    if part.islower() and len(part) > 1 and part in scan.table.common_capitals:
        return part  # "2-for-1"
    if len(part) > _SHORT_WORD and (not part.isupper() or scan.grammar.pronounceable(part)):
        return part.lower() if part.isupper() else part
    return scan.grammar.spelled(part)


CODES.append(Rule("code", WORD + DIGIT, r"[^\W_]{1,40}(?:[-/][^\W_]{1,40}){0,6}(?![\w-])", _code))
LEFTOVERS = [Rule("code", WORD + DIGIT, r"\w{1,60}", _code)]


def _tyre(match: re.Match[str], scan: Scan) -> str:
    width, height, rim = (scan.grammar.whole(match[name]) for name in ("width", "height", "rim"))
    load = f", {scan.grammar.whole(match['load'])} {match['speed']}" if match["load"] else ""
    return f"{width}, {height}, R {rim}{load}"


TYRE = Rule(
    "code",
    DIGIT,
    r"(?P<width>[1-3]\d5)/(?P<height>\d\d)\s?Z?R\s?(?P<rim>\d\d)(?:\s(?P<load>\d{2,3})\s?(?P<speed>(?-i:[A-Z])))?(?!\w)",
    _tyre,
    "/",
)
"""Reads the size of a tyre, "205/55 R16 91V". Languages list it before their rules for fractions and references."""


PHONE_GROUPS = Lazy(r"\+?[0-9]+|[A-Za-z]+")
"""Digits or letters of a telephone number that form a group."""
_EXTENSION = Lazy(r",?\s*(?:ext\.?|x|extension|#)\s*(\d{1,6})(?!\w)", re.IGNORECASE)
_HIGHEST = 255
"""Maximum of each number of an IP address."""
_SHORTEST, _LONGEST = 7, 15
"""Digits of a telephone number (E.164)."""
_THREE_DIGITS = (
    *("21", "22", "23", "24", "25", "26", "29", "35", "37", "38", "42", "50", "59", "67", "68", "69"),
    *("80", "85", "87", "88", "96", "97", "99"),
)
"""First two digits of country codes that have three."""
PHONES = Rules()


def country_code(number: str) -> tuple[str, str]:
    """Split an international number, without its "+", into the country code and the rest."""
    size = 1 if number[0] in "17" else 3 if number.startswith(_THREE_DIGITS) else 2
    return number[:size], number[size:]


def in_threes(digits: str) -> list[str]:
    """Split a long group of digits into parts of three, the last one of up to four."""
    parts = []
    while len(digits) > 4:  # noqa: PLR2004
        parts.append(digits[:3])
        digits = digits[3:]
    return [*parts, digits] if digits else parts


@PHONES.rule("code", WORD, r"(?P<letters>(?-i:[A-Z]{2,4}))(?P<groups>\d{4}(?: \d{4}){2,6}(?: \d{1,3})?)(?!\w|[.,]\d)")
def _in_fours(match: re.Match[str], scan: Scan) -> str:
    """Read the number of a parcel, "JD0002 1234 5678 90"."""
    return ", ".join([scan.grammar.spelled(match["letters"]), *map(scan.grammar.digits, match["groups"].split())])


def _international(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    digits = sum(map(str.isdigit, match[0]))
    return _spoken(match, scan) if _SHORTEST <= digits <= _LONGEST else None


PHONES.append(Rule("phone", SIGN, r"\+\d{1,3}(?:[ ./-]{0,2}\(?\d{1,5}\)?){1,6}(?![\w]|[.,]\d)", _international, "+"))


@PHONES.rule("ip", DIGIT, r"\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)", ".")
def _ip(match: re.Match[str], scan: Scan) -> str | None:
    groups = match[0].split(".")
    if groups[-1] == "000" or any(int(group) > _HIGHEST for group in groups):
        return None  # "2.000.000.000" where the dot separates groups of digits
    return f" {scan.table.dot} ".join(scan.grammar.digits(group) for group in groups)


def _spoken(match: re.Match[str], scan: Scan) -> tuple[str, int]:
    said = scan.grammar.telephone(PHONE_GROUPS.findall(match[0]))
    extension = _EXTENSION.match(scan.text, match.end())
    if not extension:
        return said, match.end()
    return f"{said}, {scan.table.extension} {scan.grammar.digits(extension[1])}", extension.end()


PHONES.extend(
    [
        Rule(
            "phone",
            DIGIT + SIGN,
            r"(?:1[ .-]?)?(?:\(\d{3}\)[ -]?|\d{3}[ ./-])\d{3}[ .-]\d{4}(?:-\d{1,5})?(?![\w]|[.,-]\d)",
            _spoken,
        ),
        Rule("phone", SIGN, r"\(\d{3}\)[ -]?\d{7}(?![\w]|[.,-]\d)", _spoken, "("),
        Rule("phone", DIGIT, r"\d{3}[.-]\d{4}(?![\w]|[.,-]\d)", _spoken, ".-"),
        Rule("phone", DIGIT, r"\d{3}-\d{2}-\d{4}(?![\w]|[.,-]\d)", _spoken, "-"),
    ]
)


@PHONES.rule("phone", DIGIT, r"1-8\d\d(?:-[A-Za-z0-9]{1,10}){1,4}(?![\w]|-\w)", "-")
def _vanity(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    return _spoken(match, scan) if any(map(str.isalpha, match[0])) else None


PHONES.extend(
    [
        Rule("phone", DIGIT, r"1-[89]\d\d-\d{3}-?\d{4}(?![\w]|[.,-]\d)", _spoken, "-"),
        Rule("phone", DIGIT, r"\d(?:-\d){2,15}(?![\w]|-\w)", _spoken, "-"),
        Rule("phone", DIGIT + SIGN, r"\(?0\d{1,5}\)?(?:[ /-]\d{2,8}){1,5}(?![\w]|[.,-]\d)", _international),
        Rule("phone", DIGIT, r"0\d(?:[ .]\d\d){4}(?![\w]|[.,-]\d)", _spoken),
    ]
)
