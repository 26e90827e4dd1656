"""Telephone numbers, emergency numbers, IP addresses and other numbers that are read in groups of digits."""

import re

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, Rule, Rules
from herald.speech.reading.scanner import Scan

PHONE_GROUPS = Lazy(r"\+?[0-9]+|[A-Za-z]+")
"""Digits or letters of a telephone number that are said together."""
_EXTENSION = Lazy(r",?\s*(?:ext\.?|x|extension|#)\s*(\d{1,6})(?!\w)", re.IGNORECASE)
_HIGHEST = 255
"""In an IP address."""
_SHORTEST, _LONGEST = 7, 15
"""Digits of a telephone number (E.164)."""
PHONES = Rules()


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
