"""Addresses of the web and of e-mail, handles and hashtags."""

import re

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_PARTS = Lazy(r"[^\W\d_]+|\d+|[\W_]")
_TRAIL = ".,;:!?'\")]}>"
_SCHEME = Lazy(r"(?:https?|ftp)://", re.IGNORECASE)
_HOST_END = Lazy(r"[/?#:]")
_HUMP = Lazy(r"(?<=[a-z])(?=[A-Z])")
_VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôûãõ")
_LONGEST_SPELLED = 3
_SECOND_DOMAINS = ("co", "com")
"""Read as words also before a country code: "acme.co.uk"."""
PROVIDERS = words(
    "gmail google yahoo hotmail outlook live icloud apple amazon netflix facebook instagram twitter linkedin youtube "
    "whatsapp nvidia microsoft paypal samsung booking airbnb uber spotify libero virgilio alice orange free laposte "
    "wanadoo uol terra bol sapo"
)
"""Well-known names in addresses, which are read as words."""
LINKS = Rules()


@LINKS.rule("link", WORD + DIGIT, r"(?:[\w-]{1,63}\.){1,8}[a-z]{2,12}(?![\w@])(?::\d{1,5})?(?:[/?#][^\s<>\"]*)?", ".")
@LINKS.rule("email", WORD + DIGIT, r"[^\s<>\"@,;:()]{1,64}@[^\s<>\"@,;:()]{1,190}", "@")
@LINKS.rule("link", WORD + DIGIT, r"[a-z]{2,8}://[^\s<>\"]+", "/")
def _link(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    written = match[0].rstrip(_TRAIL)
    if written.count("(") < match[0].count(")") and ")" in written:
        written = written[: written.index(")")] if "(" not in written else written
    scheme = _SCHEME.match(written)
    address = written[scheme.end() :] if scheme else written
    if not address or not _is_link(address, scan, certain=bool(scheme)):
        return None
    return _said(address.rstrip("/"), scan), match.start() + len(written)


def _is_link(address: str, scan: Scan, *, certain: bool) -> bool:
    host = _HOST_END.split(address, maxsplit=1)[0]
    if certain or host.lower().startswith("www.") or "://" in address:
        return True
    name, at, domain = host.rpartition("@")
    labels = (domain if at else host).split(".")
    last = labels[-1].lower()
    if at:
        return bool(name) and len(labels) > 1 and last.isalpha()
    if len(labels) > 1 and all(labels) and last in scan.table.file_endings:
        return True
    if len(labels) == 1 or not all(labels) or last not in scan.table.domains:
        return False
    # "ready.it" is a missing space; "x.io" is an address. Words before a domain that is a word need more.
    lone = len(labels) == 2 and host == address  # noqa: PLR2004
    word = last in scan.table.openers and last != scan.table.language and (scan.shouted or not host.isupper())
    return not (lone and word) and (labels[-1].islower() or host.isupper())


def _said(address: str, scan: Scan) -> str:
    said = []
    dotted = address.split("/", maxsplit=1)[0].rpartition(".")[2].lower()
    for part in _PARTS.findall(address):
        if part.isdigit():
            said.append(scan.grammar.digits(part))
        elif part[0].isalpha():
            domain = part.lower() in (dotted, *_SECOND_DOMAINS)
            said += [link_word(word, scan, domain=domain) for word in _HUMP.split(part)]
        else:
            said.append(scan.table.link_signs.get(part, ""))
    return " ".join(filter(None, said))


def link_word(word: str, scan: Scan, *, domain: bool = False) -> str:
    """Return a word of an address; spell a group of letters that is not a word."""
    lower = word.lower()
    spelled = domain and lower in scan.table.domains_spelled
    long = domain or len(word) > 2 or lower in scan.table.common_capitals  # noqa: PLR2004
    if spelled or not (long and any(letter in _VOWELS for letter in lower)) or lower == "www" or (len(word) == 1):
        return scan.grammar.spelled(word)
    if word.upper() in scan.table.acronyms_spelled and len(word) <= _LONGEST_SPELLED:
        return scan.grammar.spelled(word)
    return lower if domain or word.islower() or not word.isupper() else scan.grammar.capitals(word)


@LINKS.rule("handle", SIGN, r"@(?P<name>\w{1,40}(?:\.\w{1,40}){0,3})(?!\w)", "@")
def _handle(match: re.Match[str], scan: Scan) -> str:
    name = f" {scan.table.dot} ".join(_name(part, scan) for part in match["name"].split("."))
    return f"{scan.table.at} {name}"


# Read the sign of "#INV-2024-0087".
LINKS.phrase("label", SIGN, r"#(?=[^\W_]{1,10}-\w*\d)", "{.number_sign}", "#")


@LINKS.rule("hashtag", SIGN, r"#(?P<name>\w{1,60})(?!\w)", "#")
def _hashtag(match: re.Match[str], scan: Scan) -> str | None:
    return f"{scan.table.hashtag} {_name(match['name'], scan)}" if any(map(str.isalpha, match["name"])) else None


def _name(name: str, scan: Scan) -> str:
    said = []
    for part in re.findall(r"[^\W\d_]+|\d+", name):
        if part.isdigit():
            said.append(scan.grammar.whole(part) if len(part) <= 4 else scan.grammar.digits(part))  # noqa: PLR2004
        else:
            said += [scan.grammar.capitals(word) if word.isupper() else word for word in _HUMP.split(part)]
    return " ".join(said)
