"""Rules for Spanish only: "14:30 h", "el 3.4", "2,5 millones de km", "612 345 678", "n.º 5"."""

import re

from herald.speech.reading.languages.doses import DOSES
from herald.speech.reading.languages.forms import FORMS
from herald.speech.reading.languages.spanish_codes import SPANISH_CODES
from herald.speech.reading.languages.spanish_dates import SPANISH_DATES
from herald.speech.reading.languages.spanish_letters import SPANISH_LETTERS
from herald.speech.reading.languages.spanish_nouns import NO_NOUNS, ORDINALS
from herald.speech.reading.languages.spanish_short_forms import SPANISH_SHORT_FORMS
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, MINUS, SIGN, WORD, Rule, Rules
from herald.speech.reading.rules.dates import clock
from herald.speech.reading.rules.money import FOREIGN_MONEY
from herald.speech.reading.rules.numbers import grouped_digits
from herald.speech.reading.scanner import Scan

STARTERS = frozenset({"neg", "kg", "pza", "n", "nºs", "x", "c", "d", "q", "s", "t", "ed", "inst", "div", "secc"})
"""Lower-case words at which one of these rules may begin."""
_PART = r"(?:\s?(?P<part>[ap])\.?\s?m(?!\w)\.?)?"
_ZONE = Lazy(r"\s?\(?([A-Za-z]{2,4})\)?(?!\w)(?:\s?(?P<sign>[-+])(?P<hours>\d{1,2})(?::(?P<minutes>\d{2}))?(?![\d:]))?")


_MAGNITUDES = "mil|millón|millon|millones|billón|billon|billones|trillón|trillones"
SPANISH_RULES = Rules(
    [*SPANISH_DATES, *SPANISH_CODES, *SPANISH_SHORT_FORMS, *SPANISH_LETTERS, *DOSES, *FORMS, *ORDINALS]
)


@SPANISH_RULES.rule(
    "measure",
    DIGIT + SIGN,
    r"(?P<sign>[-+−])?(?P<hours>\d{1,3})\s?h(?:rs?|s)?\.?\s?(?P<minutes>\d{1,2})\s?m(?:in)?\.?(?:\s?(?P<seconds>\d{1,2})\s?s(?:eg)?\.?)?(?!\w)",
    "hH",
)
def _duration(match: re.Match[str], scan: Scan) -> str:
    """Read "2 h 30 min" and "15 h 10 min 40 seg"."""
    words = [scan.grammar.counted(match["hours"], "hora", "horas")]
    words.append(scan.grammar.counted(match["minutes"], "minuto", "minutos"))
    if match["seconds"]:
        return f"{' '.join(words)} y {scan.grammar.counted(match['seconds'], 'segundo', 'segundos')}"
    return scan.grammar.signed(match["sign"], " y ".join(words))


@SPANISH_RULES.rule(
    "time",
    DIGIT,
    r"(?P<hours>\d{1,2})(?:(?P<mark>[:.])(?P<minutes>\d{2})(?::(?P<seconds>\d{2}))?)?(?![\d:]|[.,/]\d)"
    rf"(?P<short>\s?h(?:rs?|s)?(?!\w)(?:\.(?!\s\d))?)?{_PART}(?!\w|\s?[%€$£])",
)
def _time(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "14:30 h", "1.05 p. m.", "20:00 GMT-3", "9:00-14:00"; "1.05" alone only where a time is expected."""
    time = clock(match["hours"], match["minutes"], match["seconds"])
    if time is None:
        return None
    certain = match["mark"] == ":" or match["part"] or (match["short"] and match["minutes"])
    expected = scan.last_word() in ("las", "la") and (match["minutes"] or match["short"])
    alone = match["mark"] == "." and not scan.tokens and match.end() == len(scan.text.rstrip())
    if not (certain or expected or alone):
        return None
    part = f"{match['part'].lower()}m" if match["part"] else ""
    zone, end = _zone(scan, match.end())
    return scan.grammar.time(time._replace(part=part, zone=zone)), end


def _zone(scan: Scan, at: int) -> tuple[str, int]:
    """Return the words of a time zone such as "GMT-3", or "", and where it ends."""
    match = _ZONE.match(scan.text, at)
    name = scan.table.time_zones.get(match[1].lower()) if match else None
    if not match or not name:
        return "", at
    if not match["sign"]:
        return name, match.end()
    minutes = f" {scan.grammar.whole(match['minutes'])}" if match["minutes"] else ""
    hours = scan.grammar.cardinal(int(match["hours"]))
    return f"{name} {scan.grammar.signed(match['sign'], hours)}{minutes}", match.end()


@SPANISH_RULES.rule("number", DIGIT, r"(?P<number><num>)\s(?P<era>[ad])\.?\s?c\.(?!\w)", "cC")
def _era(match: re.Match[str], scan: Scan) -> str:
    """Read "10.000 a. C."."""
    return f"{scan.grammar.number(match['number'])} {'antes' if match['era'].lower() == 'a' else 'después'} de Cristo"


def _phone(match: re.Match[str], scan: Scan) -> str | None:
    """Read "612 345 678" and "91 123 45 67"."""
    return scan.grammar.phone(re.findall(r"\d+", match[0]))


SPANISH_RULES.extend(
    [
        Rule(
            "phone",
            DIGIT,
            r"(?:[6-9]\d\d(?:[ -]\d{3}){2}|[6-9]\d\d(?:[ -]\d\d){3}|9\d[ -]\d{3}(?:[ -]\d\d){2}|\d\d[ -]\d{4}[ -]\d{4})"
            r"(?![\w-]|[.,]\d|\s?[€$£%]|\s\d|\s(?:euros|pesos|dólares|de|personas|habitantes|mill))",
            _phone,
        ),
        Rule("phone", DIGIT, r"(?!(?:1[0-9]|20)\d\d-(?:1[0-9]|20)\d\d)\d{4}-\d{4}(?![\w-]|[.,]\d)", _phone, "-"),
        Rule("phone", SIGN, r"\(\d{2,3}\)\s?\d{3,4}[ -]?\d{4}(?![\w-]|[.,]\d)", _phone, "("),
        Rule("phone", SIGN, r"\(9\d{1,2}\)\s?\d{2,3}[ .]?\d{2}[ .]?\d{2}(?![\w-]|[.,]\d)", _phone, "("),
        Rule("phone", DIGIT, r"9\d[/.-]\d{3}[ .]?\d{2}[ .]?\d{2}(?![\w-]|[.,]\d)", _phone, "/.-"),
    ]
)


@SPANISH_RULES.rule(
    "money",
    DIGIT + SIGN,
    rf"{MINUS}(?P<number><num>)\s(?P<name>euros?|dólar(?:es)?|pesos?|libras?|sol(?:es)?|quetzal(?:es)?|bolívar(?:es)?)(?!\w)",
)
def _amount(match: re.Match[str], scan: Scan) -> str | None:
    """Read "5,50 euros" and "21 libras"."""
    name = match["name"].lower()
    found = (one for one in scan.table.currencies.values() if name in (one.one, one.many))
    currency = next(found, None)
    if currency is None:
        return None
    said = scan.grammar.money(match["number"], currency)
    return scan.grammar.signed(match["minus"], said)


@SPANISH_RULES.rule(
    "number",
    DIGIT + SIGN,
    rf"{MINUS}(?P<number><num>)\s(?P<magnitude>{_MAGNITUDES})(?:(?<=mil)\s(?P<unit>(?-i:km|kg|kWh|lts?|l|t|ha))(?!\w|/))?(?!\w|\s?[€$£₡]|\s(?-i:[A-Z]{{3}})(?!\w))",
)
def _large(match: re.Match[str], scan: Scan) -> str | None:
    """Read "2,5 millones de euros" by its number, and "3.000 millones"."""
    one, many = scan.table.magnitudes[match["magnitude"].lower()]
    said = f"{scan.grammar.multiplier(match['number'])} {one if scan.grammar.is_one(match['number']) else many}"
    if match["unit"]:
        said += f" {scan.table.units[match['unit']][1]}"
    return scan.grammar.signed(match["minus"], said)


@SPANISH_RULES.rule("measure", DIGIT + SIGN, rf"{MINUS}(?P<number><num>)\s?[°º]\s(?P<unit>[CF])(?!\w)", "°º")
def _spaced_unit(match: re.Match[str], scan: Scan) -> str:
    """Read "-8° C"."""
    said = scan.grammar.counted(match["number"], *scan.table.units[f"°{match['unit'].upper()}"])
    return scan.grammar.signed(match["minus"], said)


@SPANISH_RULES.rule(
    "measure",
    DIGIT + SIGN,
    rf"{MINUS}(?:(?P<whole>\d{{1,6}})\s)?(?P<numerator>\d{{1,3}})/(?P<denominator>\d{{1,3}})\s?(?P<unit>[^\W\d_]{{1,15}})(?!\w)",
    "/",
)
def _part(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "1 1/2 m", "1/2 kg", "3/5 mph", "1/2 hora"."""
    half = (match["numerator"], match["denominator"]) == ("1", "2")
    short = scan.text.startswith(".", match.end()) and f"{match['unit'].lower()}." in scan.table.abbreviations
    named = half and match["unit"].islower() and not short
    noun = (match["unit"], match["unit"]) if named and match["unit"] not in NO_NOUNS else None
    dotted = scan.table.units.get(f"{match['unit']}.") if scan.text.startswith(".", match.end()) else None
    unit = scan.table.units.get(match["unit"]) or scan.table.units.get(match["unit"].lower()) or dotted or noun
    above, below = int(match["numerator"]), int(match["denominator"])
    if not unit or not below:
        return None
    said = scan.grammar.fraction(match["whole"] or "", match["numerator"], match["denominator"])
    feminine = unit[0].partition(" ")[0].endswith(("a", "as", "ión", "dad"))
    if said.endswith("medio"):
        if feminine:
            said = re.sub(r"^uno\b", "una", f"{said[:-1]}a")
        one = not match["whole"] or match["whole"] == "1"
        said = f"{said} {unit[0 if one else 1]}"
    elif match["whole"]:
        said = f"{said} de {unit[1]}"
    else:
        said = f"{said} de {unit[0]}" if above else f"{said} {unit[1]}"
    end = match.end() + (f"{match['unit']}." in scan.table.units and scan.text.startswith(".", match.end()))
    return scan.grammar.signed(match["minus"], said), end


@SPANISH_RULES.rule("fraction", DIGIT, r"(?P<numerator>\d{1,3})/(?P<denominator>\d{1,3}(?:\.\d{3})+)(?![\w.,/])", "/")
def _fraction(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1/100.000"."""
    return scan.grammar.fraction("", match["numerator"], re.sub(r"\D", "", match["denominator"]))


@SPANISH_RULES.rule(
    "abbreviation", WORD, r"n(?P<many>os|\.[ºo]s|ºs)?(?:\.[ºo°]|[º°])(?=\s?(?:\d|(?-i:[A-Z]{1,4})[\d-]))", "º°oO"
)
def _number_sign(match: re.Match[str], scan: Scan) -> str:
    """Read "n.º"."""
    return "números" if match["many"] else scan.table.number_sign


@SPANISH_RULES.rule("abbreviation", WORD, r"[^\W\d_]{1,2}\.\s[^\W\d_]{1,2}\.(?!\w)", ".")
def _spaced(match: re.Match[str], scan: Scan) -> str | None:
    """Read "EE. UU." and "p. ej."."""
    return scan.table.abbreviations.get(match[0].lower().replace(" ", ""))


@SPANISH_RULES.rule("money", WORD, r"(?P<symbol>S/\.?|B/\.|Bs\.?|Q|L\.)\s?(?P<number><num>)(?![\d\w]|\s?[€%])")
def _local_amount(match: re.Match[str], scan: Scan) -> str | None:
    """Read "S/ 20", "Q50.10", "Bs 100"."""
    currency = scan.table.currencies.get(match["symbol"])
    coenzyme = match[0].upper() == "Q10" and scan.table.region != "GT"
    return scan.grammar.money(match["number"], currency) if currency and not coenzyme else None


@SPANISH_RULES.rule(
    "word",
    SIGN,
    r"[-–—](?=\s?\d{1,2}(?:[.:]|\s?h|\sde\s|\s?[ap]\.?\s?m(?!\w)|\s(?P<month>[^\W\d_]{3,10})(?!\w)))",
    "-–—",
)
def _to(match: re.Match[str], scan: Scan) -> str | None:
    """Read the dash of "9:00-14:00" and "10 h - 13 h"."""
    kind = scan.kind
    dated = kind == "date" and " de " in match.string[match.end() : match.end() + 6]
    if match["month"] and not (kind == "date" and match["month"].lower() in scan.grammar.month_numbers):
        return None
    return scan.table.to if dated or match["month"] or kind in ("time", "measure") else None


@SPANISH_RULES.rule("code", DIGIT, r"\d{3} \d{3}(?![\w.,]| \d)")
def _grouped_code(match: re.Match[str], scan: Scan) -> str | None:
    """Read "482 913 es su código"."""
    if not (scan.names_code() or scan.is_code(match.end())):
        return None
    return grouped_digits(match, scan)


SPANISH_RULES.append(FOREIGN_MONEY)


@SPANISH_RULES.rule("version", DIGIT, r"\d{1,4}\.\d{1,2}(?![\w.:,/-]\d|\w|\s?[%€$£])", ".")
def _dotted_number(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3.12" with its dot, as in the version of a program, where the comma is the decimal mark."""
    if scan.table.decimal_mark == ".":
        return None
    return f" {scan.table.dot} ".join(scan.grammar.whole(part) for part in match[0].split("."))


@SPANISH_RULES.rule(
    "money", SIGN, r"\$\s?(?P<number><num>)\s(?:(?P<code>(?-i:[A-Z]{3}))|(?P<name>pesos|dólares))(?!\w)", "$"
)
def _with_code(match: re.Match[str], scan: Scan) -> str | None:
    """Read "$1,500.00 MXN" and "$20 pesos" with one name of the currency."""
    currencies = scan.table.currencies
    name = (match["name"] or "").lower()
    named = (one for one in currencies.values() if name and name in (one.one, one.many))
    currency = currencies.get(match["code"] or "") or next(named, None)
    return scan.grammar.money(match["number"], currency) if currency else None


@SPANISH_RULES.rule(
    "money", SIGN, r"\$\s?(?P<number><num>)\s(?P<size>mil|millón|millones)\s(?:de\s)?(?:pesos|dólares)(?!\w)", "$"
)
def _large_with_name(match: re.Match[str], scan: Scan) -> str:
    """Read "$5 mil pesos" with one name of the currency."""
    name = match[0].split()[-1].lower()
    currency = next(one for one in scan.table.currencies.values() if name in (one.one, one.many))
    return scan.grammar.money(match["number"], currency, match["size"].lower())


@SPANISH_RULES.rule("range", DIGIT, r"(?P<first>\d{1,3})\s?[-–]\s?(?P<last>\d{1,3})(?![\w-]|[.,/]\d|\s?h(?!\w))", "-–")
def _score(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3-1" as a result."""
    return f"{scan.grammar.whole(match['first'])} a {scan.grammar.whole(match['last'])}" if scan.plays() else None
