"""German telephone numbers, accounts, plates, references, pairs of numbers and labels: "135/85", "Gleis 12 A–D"."""

import re

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.numbers import in_groups
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_SHORTEST, _LONGEST = 7, 15
"""Digits of a telephone number."""
_FOUR = 4
_MOST, _LEAST_NAME, _MOST_NAME = 9, 12, 100
"""The largest numerator of a fraction, with its denominator; the largest denominator with the numerator 1."""
YEARS = Lazy(r"(?:19|20)\d\d")
_ISO = Lazy(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-\d{4}")
_DATE = Lazy(r"(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])/(?:\d{4}|\d{2})(?!\d)")
STREET = ("straße", "strasse", "str.", "str", "allee", "weg", "platz", "gasse", "ring", "ufer", "damm")
_SEASONS = words("ws wise saison spielzeit schuljahr wintersemester winter")
"""Words after which "26/27" is a season."""
_STEPS = words("schritt teil folge seite runde etappe blatt paket sendung nachricht bild frage modul")
"""Words after which "1/3" is "one of three"."""
_NUMBERED = ("nummer", "nr", "az", "aktenzeichen", "klasse", "klassen", "kl", "jg", "größe", "gr", "tisch", "haus")
"""Ends of words after which numbers with a slash are not a fraction."""
_ACCOUNTS = ("karte", "konto", "iban", "visa", "mastercard", "nummer")
"""Ends of words before the last digits of a number."""
_SIZES = frozenset(["XS", "S", "M", "L", "XL", "XX"])
_LEAST_CODE = 6
"""Digits of the shortest code in groups."""
_PRESSURE = frozenset(["blutdruck", "rr", "blutdruckwert", "blutdruckwerte"])
GERMAN_CODES = Rules()


@GERMAN_CODES.rule("phone", DIGIT, r"116\s?(?P<last>117|116|111|123|006)(?![\w]|[.,]\d)")
def _service(match: re.Match[str], scan: Scan) -> str:
    """Read "116 117", the number of doctors on duty."""
    return f"{scan.grammar.digits('116')}, {scan.grammar.digits(match['last'])}"


@GERMAN_CODES.rule(
    "phone",
    DIGIT + SIGN,
    r"(?!\d\d/\d\d/\d{4}(?!\d))(?:0(?:\s\d{2,4}){1,2}(?=\s?/)|\(0\s\d{2,4}\)|\(?0\d{1,5}\)?|\+\d{1,3}(?:\s?\(0\))?(?:\s?/\s?|\s|-)?\(?\d{1,5}\)?)(?:\s?[/–-]\s?|\s)\d{1,8}"
    r"(?:(?:\s?[/–-]\s?|\s)\d{1,8}){0,5}(?![\w]|[.,:]\d)",
    "0+",
)
def _phone(match: re.Match[str], scan: Scan) -> str | None:
    """Read "0341 / 12 34 56 - 78" and "+49 (0) 221 / 98 76 54 - 0"."""
    groups = re.findall(r"\+?\d+", re.sub(r"(?<=\d\d)\s(?=\d$)", "", match[0]))  # "0800 123 456 7"
    return scan.grammar.phone(groups) if _SHORTEST <= sum(map(len, groups)) <= _LONGEST else None


def _one_by_one(text: str, scan: Scan) -> str:
    return " ".join(scan.grammar.digits(one) if one.isdigit() else one for one in text)


@GERMAN_CODES.rule(
    "code", WORD, r"(?-i:[A-Z]{2}\d\d(?:\s?(?=[A-Z]{0,3}\d)[A-Z\d]{4}){2,7}(?:\s?\d{1,3})?)(?!\w)", "0123456789"
)
def _account(match: re.Match[str], scan: Scan) -> str | None:
    """Read an IBAN, in groups of four."""
    written = match[0].replace(" ", "")
    if len(written) < _LONGEST:
        return None
    return ", ".join(_one_by_one(written[at : at + _FOUR], scan) for at in range(0, len(written), _FOUR))


@GERMAN_CODES.rule("code", WORD, r"(?-i:[A-Z]{6}[A-Z\d]{2}(?:[A-Z\d]{3})?)(?!\w)")
def _bank(match: re.Match[str], scan: Scan) -> str | None:
    """Read the code of a bank after "BIC"."""
    if scan.last_word() not in ("bic", "swift"):
        return None
    groups = (match[0][:4], match[0][4:6], match[0][6:8], match[0][8:])
    return ", ".join(_one_by_one(group, scan) for group in groups if group)


@GERMAN_CODES.rule(
    "code",
    WORD,
    r"(?-i:(?P<town>[A-ZÄÖÜ]{1,3})-(?P<letters>[A-Z]{1,2})\s?(?P<number>[1-9]\d{0,3})(?P<kind>[EH])?)(?![\w-]|[.,]\d|\s?(?:[€%\"]|(?:EUR|Euro|[cmk]?m|k?g|Zoll)(?!\w)|[a-zµ]{1,4}/[a-z]))",
    "-",
)
def _plate(match: re.Match[str], scan: Scan) -> str | None:
    """Read the number plate "M-AB 1234"; "S-XL" are sizes, "DIN-A 4" is paper."""
    if match["town"] == "DIN" or _SIZES.issuperset((match["town"], match["letters"])):
        return None
    number = match["number"]
    said = scan.grammar.digits(number) if len(number) >= _FOUR else scan.grammar.whole(number)
    letters = f"{scan.grammar.spelled(match['town'])}, {scan.grammar.spelled(match['letters'])}"
    return f"{letters}, {said}" + (f" {match['kind']}" if match["kind"] else "")


@GERMAN_CODES.rule("code", WORD, r"(?-i:(?P<airline>[A-Z][A-Z\d]))\s?(?P<number>\d{3,4})(?!\w)")
def _flight(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Flug LH 2034"."""
    if scan.last_word() not in ("flug", "flugnummer", "flugnr", "flüge"):
        return None
    return f"{_one_by_one(match['airline'], scan)} {scan.grammar.digits(match['number'])}"


@GERMAN_CODES.rule(
    "code", SIGN + WORD, r"(?:\*{2,12}\s?-?|x{2,12}-?|(?P<dots>\.{3}|…))(?P<last>\d{3,4})(?![\w-])", "*xX.…"
)
def _masked(match: re.Match[str], scan: Scan) -> str | None:
    """Read the last digits of "****1234" and "Karte ...4821"."""
    account = scan.text[max(0, match.start() - 2) : match.start()]  # "DE12...4711", "DE...4711"
    inside = (account[-1:].isdigit() or account in ("DE", "AT", "CH")) and len(match["last"]) == _FOUR
    if match["dots"] and not inside and not scan.last_word().endswith(_ACCOUNTS):
        return None
    return scan.grammar.digits(match["last"])


@GERMAN_CODES.rule("code", DIGIT, r"(?P<doses>\d{1,3}(?:-\d{1,3}){2,5})\s?(?P<unit>IE|mg|ml|Trpf)(?!\w)\.?", "-")
def _units_of_day(match: re.Match[str], scan: Scan) -> str:
    """Read the doses of a day with their unit: "10-8-12-0 IE"."""
    unit = scan.table.units.get(match["unit"].upper()) or scan.table.units[match["unit"].lower()]
    return ", ".join(map(scan.grammar.whole, match["doses"].split("-"))) + f" {unit[1]}"


@GERMAN_CODES.rule("code", DIGIT, r"\d{1,4}(?: \d{2,4}){2,7}(?![\w-]|[.,]\d)")
def _pairs(match: re.Match[str], scan: Scan) -> str | None:
    """Read the codes "55 82 13" and "12 345 678 901"."""
    named = scan.names_code() or scan.before == scan.table.number_sign.lower()
    return ", ".join(map(scan.grammar.digits, match[0].split())) if named else None


@GERMAN_CODES.rule("code", DIGIT, r"\d{2,8}(?:-\d{1,8}){1,4}(?![\w-])", "-")
def _dashed(match: re.Match[str], scan: Scan) -> str | None:
    """Read the reference "2026-11-4711", but not the date "2026-11-25"."""
    named = scan.names_code() or scan.before == scan.table.number_sign.lower() or match[0].count("-") > 1
    if not named or _ISO.fullmatch(match[0]) or sum(map(str.isdigit, match[0])) < _LEAST_CODE:
        return None
    return ", ".join(map(scan.grammar.digits, match[0].split("-")))


@GERMAN_CODES.rule("code", DIGIT, r"\d{2,5}(?:\.\d{2,5}){2,5}(?![\w-]|[.,]\d)", ".")
def _dotted(match: re.Match[str], scan: Scan) -> str | None:
    """Read the reference "756.1234.5678.97"."""
    groups = match[0].split(".")
    if not scan.names_code() or (len(groups) == 3 and len(groups[1]) == 2) or set(map(len, groups[1:])) == {3}:  # noqa: PLR2004
        return None  # a date, or a number in groups
    return ", ".join(map(scan.grammar.digits, groups))


@GERMAN_CODES.rule("code", DIGIT, r"\d{3,6}(?!\w|[.,:/-]\d)")
def _ends(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Ihre Karte endet auf 4821"."""
    before = [token.words.lower() for token in scan.tokens[:-3:-1]]
    return scan.grammar.digits(match[0]) if before[:1] == ["auf"] and before[1:] in (["endet"], ["endend"]) else None


@GERMAN_CODES.rule("code", DIGIT, r"0x[\da-f]{2,16}(?!\w)", "xX")
def _hexadecimal(match: re.Match[str], scan: Scan) -> str:
    """Read the code "0x80070005"."""
    return _one_by_one(match[0].upper(), scan)


@GERMAN_CODES.rule("code", DIGIT, r"(?:1/2|\d)(?:-(?:1/2|\d)){2,3}(?![\w/-])", "-")
def _doses(match: re.Match[str], scan: Scan) -> str | None:
    """Read the doses of a day: "1-0-1/2"."""
    if "/" not in match[0]:
        return None
    halves = (scan.grammar.fraction("", "1", "2") if "/" in part else part for part in match[0].split("-"))
    return ", ".join(scan.grammar.digits(part) if part.isdigit() else part for part in halves)


@GERMAN_CODES.rule("range", DIGIT, r"(?P<first>\d\d)/(?P<last>\d\d)(?![\w/-]|[.,]\d)", "/")
def _season(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Saison 26/27"."""
    if scan.last_word() not in _SEASONS or int(match["last"]) != int(match["first"]) + 1:
        return None
    return f"{scan.grammar.whole(match['first'])} {scan.grammar.whole(match['last'])}"


@GERMAN_CODES.rule("code", DIGIT, r"\d{1,8}(?:\s?/\s?\d{1,8}){1,4}(?P<unit>\s?mmHg)?(?![\w/]|[.,]\d|-\d)", "/")
def _pair(match: re.Match[str], scan: Scan) -> str | None:
    """Read numbers with a slash that are neither a fraction nor a date: house numbers, sizes, references."""
    written = match[0].removesuffix(match["unit"] or "")
    parts = [part.strip() for part in written.split("/")]
    before = scan.last_word()
    street = before.endswith(STREET)
    if (_DATE.match(scan.text, match.start()) and not street) or scan.table.named_numbers.get(written):
        return None
    labelled = scan.names_code() or before.endswith(_NUMBERED)
    if len(parts) > 2 and not street:  # noqa: PLR2004
        return ", ".join(map(scan.grammar.digits if labelled else scan.grammar.whole, parts))
    first, last = int(parts[0]), int(parts[1])
    if match["unit"] or before in _PRESSURE:
        said = f"{scan.grammar.whole(parts[0])} zu {scan.grammar.whole(parts[1])}"
        return f"{said} Millimeter Quecksilbersäule" if match["unit"] else said
    if before in _STEPS and 0 < first <= last:
        return f"{scan.grammar.whole(parts[0])} von {scan.grammar.whole(parts[1])}"
    if not labelled and not street and _other(parts, first, last, scan):
        return None
    return f" {scan.table.symbols['/']} ".join(_reference(part, scan) for part in parts)


def _other(parts: list[str], first: int, last: int, scan: Scan) -> bool:
    """Return whether two numbers with a slash are a fraction, a date or a season."""
    if not last or (first <= _MOST and last <= _LEAST_NAME) or (first == 1 and last <= _MOST_NAME):
        return True
    if YEARS.fullmatch(parts[0]) and len(parts[1]) in (2, 4):
        return last % 100 == (first + 1) % 100
    return scan.last_word() in scan.table.date_words and last <= 12  # noqa: PLR2004


def _reference(part: str, scan: Scan) -> str:
    if YEARS.fullmatch(part):
        return scan.grammar.year(part)
    return in_groups(part, scan) if len(part) >= _FOUR else scan.grammar.whole(part)


_LETTERED = tuple(words("abschnitt abschnitte buchstabe buchstaben gruppe gruppen name namen reihe reihen"))
"""Ends of words after which "B-E" is a range."""
_COUNTED = words("linie bus tram zug gleis zimmer zi raum saal kabine platz seite nr nummer hausnummer puls tür top")
"""Words before a number that is not an emergency number."""
GERMAN_LABELS = Rules()

# Read the sign of "#8F3K2", which is not a hashtag.
GERMAN_LABELS.phrase("label", SIGN, r"#(?=\d(?-i:[A-Z\d]{3,11})(?!\w))", "Nummer", "#")


@GERMAN_LABELS.rule("code", DIGIT, r"(?P<year>20\d\d)-(?P<number>\d{3,6})(?![\w-])", "-")
def _of_year(match: re.Match[str], scan: Scan) -> str | None:
    """Read the reference "2026-8841", but not the years "2026-2030"."""
    if YEARS.fullmatch(match["number"]):
        return None
    return f"{scan.grammar.digits(match['year'])}, {scan.grammar.digits(match['number'])}"


GERMAN_LABELS.phrases("code", DIGIT, "-–", {
    r"(?P<first>\d{5})\s?[-–]\s?(?P<last>\d{5})(?![\w-])": "{first:digits} {.to} {last:digits}",  # "PLZ 86150–86199"
}, last=("plz", "postleitzahl", "postleitzahlen"))  # fmt: skip


@GERMAN_LABELS.rule("number", DIGIT, r"11[0256](?!\w|[.,:/-]\d)")
def _no_emergency(match: re.Match[str], scan: Scan) -> str | None:
    """Read the number of "Zimmer 112" and "Hauptstr. 110", which is not dialled."""
    before = scan.last_word()
    counted = before in _COUNTED or before.endswith(STREET) or (len(before) > 1 and scan.written_before().isupper())
    return scan.grammar.whole(match[0]) if counted else None


# Read the number of "B 51/L 83", which is not per litre.
GERMAN_LABELS.phrase("number", DIGIT, r"\d{1,3}(?=/(?-i:[ABKLS])\s?\d)", "{0:whole}", "/")
# Read the number of "Gleis 12 A–D", which are not amperes.
GERMAN_LABELS.phrase("number", DIGIT, r"\d{1,3}(?=\s(?-i:[A-Z]\s?[-–]\s?[A-Z])(?!\w))", "{0:whole}", "-–")


@GERMAN_LABELS.rule("code", DIGIT, r"(?P<number>\d{1,3})(?P<first>[a-z])\s?[-–]\s?(?P<last>[a-z])(?![\w-])", "-–")
def _letters(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Nr. 2a-c"."""
    if match["first"].lower() >= match["last"].lower():
        return None
    first, last = map(scan.grammar.spelled, (match["first"], match["last"]))
    return f"{scan.grammar.whole(match['number'])} {first} {scan.table.to} {last}"


@GERMAN_LABELS.rule("range", WORD, r"(?P<first>(?-i:[A-Z]))(?P<dash>-|\s?–\s?)(?P<last>(?-i:[A-Z]))(?![\w-])", "-–")
def _initials(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Buchstaben A–K" and "Abschnitt B-E"."""
    dashed = match["dash"] == "–" or scan.last_word().endswith(_LETTERED)
    if not dashed or match["first"] >= match["last"]:
        return None
    return f"{match['first']} {scan.table.to} {match['last']}"


@GERMAN_LABELS.rule(
    "word", WORD, r"(?-i:(?P<word>[A-ZÄÖÜ][a-zäöüß]{1,20})-(?P<number>[1-9]\d{0,2})-(?=[A-ZÄÖÜ][a-zäöü]))", "-"
)
def _inside(match: re.Match[str], scan: Scan) -> str:
    """Read the beginning of "Tempo-100-Zone"."""
    return f"{match['word']} {scan.grammar.whole(match['number'])}"
