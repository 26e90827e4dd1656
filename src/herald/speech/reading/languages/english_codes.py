"""Rules of English codes: "acct ...4432", "policy # PA-001", "no. A-1024/7", the keys of a telephone."""

import re

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

# Read "your NHS no. is 943 476 5919".
ENGLISH_CODES.phrase("label", WORD, r"no\.(?=\s(?:is|was)\s#?\d)", "number", ".")


@ENGLISH_CODES.rule("label", WORD, r"no(?=:?\s#?\d{3})")
def _number_word(_: re.Match[str], scan: Scan) -> str | None:
    """Read the "no" of "order no 204118"."""
    return "number" if scan.last_word() in scan.table.code_words else None


# Read "a/c no. 12345678" and "a/c no 12345678".
ENGLISH_CODES.phrase("label", WORD, r"a/c\sno\.?(?=:?\s\d)", "account number", "/")

# Read "a/c 12345678"; alone, it is air conditioning.
ENGLISH_CODES.phrase("label", WORD, r"a/c(?=\s(?:no\b|number|ending|\*{0,12}\d{3}))", "account", "/")


@ENGLISH_CODES.rule("number", DIGIT, r"(?P<key>\d)\s?=\s?(?=[a-z])", "=")
def _reply(match: re.Match[str], scan: Scan) -> str | None:
    """Read "reply 1=Yes 2=No"."""
    if scan.recent_words(8).isdisjoint({"reply", "press", "enter", "text", "txt"}):
        return None
    return f"{scan.grammar.whole(match['key'])} for"


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


@ENGLISH_CODES.rule("code", SIGN, r"#\s?:?\s?(?P<number>\d{4})(?![\w-])", "#")
def _four_digits(match: re.Match[str], scan: Scan) -> str:
    """Read "#4821", which is no quantity, digit by digit."""
    return f"{scan.table.number_sign} {scan.grammar.digits(match['number'])}"


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


# Read the "no." of "Order no. A-1024".
ENGLISH_CODES.phrase("label", WORD, r"no\.\s?(?=(?-i:[A-Z]{1,5})[-/]?\d)", "number", ".")
ENGLISH_CODES.phrase("label", WORD, r"nos\.\s?(?=(?-i:[A-Z]{1,5})[-/]?\d)", "numbers", ".")


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


@ENGLISH_CODES.rule("range", DIGIT, r"(?P<first>\d{5})\s?[-–—]\s?(?P<last>\d{5})(?![\w-])", "-–—")
def _postal_range(match: re.Match[str], scan: Scan) -> str | None:
    """Read "ZIPs 60601–60607"."""
    if scan.recent_words(3).isdisjoint({"zip", "zips", "codes", "postal"}):
        return None
    return f"{scan.grammar.digits(match['first'])} {scan.table.to} {scan.grammar.digits(match['last'])}"


@ENGLISH_CODES.rule("code", DIGIT, r"\d{3,6}(?![\w-]|[.,]\d)")
def _extension(match: re.Match[str], scan: Scan) -> str | None:
    """Read the number of "ext. 4409" without a telephone number."""
    return scan.grammar.digits(match[0]) if scan.last_word() in scan.table.extension_words else None
