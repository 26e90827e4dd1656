"""Rules for numbers, shared by French, Italian and Portuguese: gender, amounts, fractions, other decimal marks."""

import re
from typing import TYPE_CHECKING, cast

from herald.speech.reading.grammar import LONGEST_NUMBER
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.codes import TYRE
from herald.speech.reading.rules.money import FOREIGN_MONEY
from herald.speech.reading.rules.numbers import in_groups, roman
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

if TYPE_CHECKING:
    from herald.speech.reading.languages.romance_grammar import RomanceGrammar


_UNIT = Lazy(r"\s?(°?[^\W\d_]{1,5}|[€$£¥°%‰])(?!\w)")
"""A unit or currency after a number, which makes it a measure or an amount."""
_NOUN = Lazy(r"\s([^\W\d_]{3,10})(?!\w)")
_LONGEST_QUANTITY = 8
"""Digits of a quantity without group marks."""
LARGEST_PART = 10
"""Largest denominator of a fraction of a unit."""
_NUMBERED = words("sala aula stanza punto versione sezione item versão ponto secção seção salle")
"""Words before a number whose dot is not a decimal mark: "sala 1.04"."""
_SEATS = words("posto posti assento assentos lugar lugares poltrona poltronas place places siège")
_SHORT = 3
"""Maximum digits of a number that is not a code if it counts something."""


def romance(scan: Scan) -> "RomanceGrammar":
    """Return the grammar of a scan as a RomanceGrammar."""
    return cast("RomanceGrammar", scan.grammar)


def measured(scan: Scan, at: int) -> bool:
    """Return whether the sign of a currency or a unit follows a number that ends at this position."""
    unit, table = _UNIT.match(scan.text, at), scan.table
    return unit is not None and any(unit[1] in names for names in (table.units, table.currencies, table.after_number))


def paid(scan: Scan, at: int) -> bool:
    """Return whether the name of a currency follows a number that ends at this position."""
    word = _NOUN.match(scan.text, at)
    return word is not None and any(word[1] in (one.one, one.many) for one in scan.table.currencies.values())


AMOUNTS = Rules([TYRE, FOREIGN_MONEY])


@AMOUNTS.rule("money", DIGIT, r"(?P<whole>\d{1,6})\s?(?P<symbol>[€$£])\s?(?P<cents>\d{2})(?!\w|[.,]\d)", "€$£")
def _split_money(match: re.Match[str], scan: Scan) -> str | None:
    """Read "12€50"."""
    currency = scan.table.currencies.get(match["symbol"])
    return (
        scan.grammar.money(f"{match['whole']}{scan.table.decimal_mark}{match['cents']}", currency) if currency else None
    )


@AMOUNTS.rule(
    "money", DIGIT, r"(?P<number><num>)\s?(?P<magnitude>k|M|Md|Mds|Mrd|Mln|Mio)(?P<symbol>[€$£])(?!\w)", "€$£"
)
def _magnitude_money(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3,5 M€"."""
    currency = scan.table.currencies.get(match["symbol"])
    name = match["magnitude"].lower()
    known = currency and name in scan.table.magnitudes
    return scan.grammar.money(match["number"], currency, name) if currency and known else None


@AMOUNTS.rule("money", DIGIT, r"(?P<number>\d{1,6}\.\d{2}|<num>)\s(?P<name>[^\W\d_]{4,8})(?!\w)", ",.")
def _named_money(match: re.Match[str], scan: Scan) -> str | None:
    """Read "12,50 euro" and "9.90 euro" with their hundredths."""
    name, number = match["name"].lower(), match["number"]
    number = number.replace(".", scan.table.decimal_mark) if number[-3:-2] == "." else number
    _, fraction = scan.grammar.parts(number)
    if len(fraction) != 2:  # noqa: PLR2004
        return None
    currency = next((one for one in scan.table.currencies.values() if name in (one.one, one.many)), None)
    return scan.grammar.money(number, currency) if currency else None


@AMOUNTS.rule("code", DIGIT, r"(?P<row>\d{1,2})\s?(?P<seat>(?-i:[A-L]))(?![\w'-]|[.,]\d)")
def _seat(match: re.Match[str], scan: Scan) -> str | None:
    """Read "posto 32K"."""
    return f"{scan.grammar.whole(match['row'])} {match['seat']}" if scan.last_word() in _SEATS else None


@AMOUNTS.rule("measure", DIGIT, r"(?P<first>\d{1,2})/(?P<last>\d{1,2})\s?°\s?(?P<unit>C?)(?![\w])", "°")
def _temperatures(match: re.Match[str], scan: Scan) -> str:
    """Read "4/12 °C"."""
    last = scan.grammar.counted(match["last"], *scan.table.units[f"°{match['unit'].upper()}"])
    return f"{scan.grammar.whole(match['first'])} {scan.table.to} {last}"


AMOUNTS.phrase("symbol", SIGN, r"±\s?(?=\d)", "{.plus_minus}", "±")


@AMOUNTS.rule("code", SIGN, r"\*(?P<digits>\d{2,4})#", "#")
def _network_code(match: re.Match[str], scan: Scan) -> str | None:
    """Read "*123#"."""
    star = {"it": "asterisco", "pt": "asterisco", "fr": "étoile"}.get(scan.table.language)
    return f"{star} {scan.grammar.digits(match['digits'])} {scan.table.symbols['#']}" if star else None


@AMOUNTS.rule("acronym", WORD, r"(?P<ion>(?-i:K|Na|Ca|Mg|Li))\+{1,2}(?=:?\s\d)", "+")
def _ion(match: re.Match[str], scan: Scan) -> str:
    """Read the "K+" of "K+ 4,2 mEq/L"."""
    return f"{match['ion']} {scan.table.plus}"


NUMBERS = Rules()


@NUMBERS.rule(
    "ordinal", WORD, r"(?P<numeral>(?-i:[IVX]{2,7}))(?=\s(?P<noun>(?-i:[A-ZÀ-Ý][a-zß-ÿ]{3,20}))(?!\w))", "IVX"
)
def _edition(match: re.Match[str], scan: Scan) -> str | None:
    """Read "XXIII Fiera del Libro"; "Giovanni XXIII Roncalli" is a name, "via XX Settembre" a day."""
    noun, named = match["noun"].lower(), scan.written_before()[:1].isupper() and len(scan.tokens) > 1
    if named or scan.table.language == "fr" or noun in scan.table.months or not roman(match["numeral"].upper()):
        return None
    return scan.grammar.ordinal(roman(match["numeral"].upper()), romance(scan).gender(noun, several=False))


@NUMBERS.rule("ordinal", DIGIT, r"(?P<number>\d{1,3})°(?=\s(?P<noun>[^\W\d_]+))", "°")
def _degree_ordinal(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1° piano" as an ordinal, an informal "1º"."""
    noun = match["noun"].lower()
    known = noun in romance(scan).lists.ordinal_nouns or noun in scan.grammar.month_numbers
    return scan.grammar.ordinal(int(match["number"])) if known else None


@NUMBERS.rule("money", DIGIT, r"(?P<number><num>)\s?(?P<symbol>[A-Z]{3})(?![\w-])")
def _coded_money(match: re.Match[str], scan: Scan) -> str | None:
    """Read "12 EUR"."""
    currency = scan.table.currencies.get(match["symbol"])
    return scan.grammar.money(match["number"], currency) if currency else None


@NUMBERS.rule("number", DIGIT, r"\d{1,3}(?:\.\d{3}){2,11}(?:,\d{1,20})?(?!\w|[.]\d)", ".")
def _grouped(match: re.Match[str], scan: Scan) -> str | None:
    """Read "2.000.000"; "192.168.100.200" is more likely an address."""
    parts = match[0].split(",")[0].split(".")
    address = len(parts) == 4 and all(part[0] != "0" and int(part) < 256 for part in parts)  # noqa: PLR2004
    return None if address or measured(scan, match.end()) else scan.grammar.number(match[0])


@NUMBERS.rule("ordinal", DIGIT, r"(?P<number>\d{1,3}(?:[. ]\d{3})+|\d{1,9})(?P<ending>\.?[ºª])(?!\w)", "ºª")
def ordinal(match: re.Match[str], scan: Scan) -> str | None:
    """Read a number with the ending of an ordinal."""
    number = "".join(filter(str.isdigit, match["number"]))
    return scan.grammar.ordinal_written(number, match["ending"].lower()) if len(number) <= LONGEST_NUMBER else None


@NUMBERS.rule("number", DIGIT, r"(?P<number><num>)(?=\s(?P<noun>[^\W\d_]{3,}))")
def _agreeing(match: re.Match[str], scan: Scan) -> str | None:
    """Read a number before a feminine noun."""
    grammar, number = romance(scan), match["number"]
    whole, fraction = grammar.parts(number)
    coded = (len(number) > _SHORT and scan.names_code()) or (number.isdigit() and len(number) > _LONGEST_QUANTITY)
    unit = match["noun"] in scan.table.units or f"{match['noun']}." in scan.table.units
    unit = unit or match["noun"].lower() in grammar.month_numbers
    if number.startswith("0") or coded or fraction or unit or (match["noun"].isupper() and not scan.shouted):
        return None
    return grammar.before_noun(whole, match["noun"])


@NUMBERS.rule("fraction", DIGIT + SIGN, r"(?:1/2|½)(?P<space>\s{0,2})(?P<noun>[^\W\d_]+)", "/½")
def _half(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    """Read "1/2 kg", "½ ora"."""
    grammar, noun = romance(scan), match["noun"]
    names = scan.table.units.get(noun)
    if names:
        return f"{grammar.half(names[0])} {names[0]}"
    counted = len(noun) >= _SHORT and noun.islower() and noun not in grammar.lists.no_nouns
    return (grammar.half(noun), match.start("noun") - 1) if counted and match["space"] else None


@NUMBERS.rule(
    "measure",
    DIGIT,
    r"(?:(?P<whole>\d{1,6}) )?(?P<numerator>\d{1,2})/(?P<denominator>\d{1,2})\s?(?P<unit>[^\W\d_]{1,5})"
    r"(?![\w'-]|\.?\s?\d)",
    "/",
)
def _fraction_of_unit(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3/4 h" and "2 1/2 kg"."""
    grammar, names = romance(scan), scan.table.units.get(match["unit"])
    if not names or not int(match["denominator"]):
        return None
    if not match["whole"] and int(match["denominator"]) > LARGEST_PART:  # "50/60 Hz"
        return f"{grammar.whole(match['numerator'])}, {grammar.counted(match['denominator'], *names)}"
    part = grammar.fraction("", match["numerator"], match["denominator"])
    if not match["whole"]:
        return f"{part} {grammar.of(names[0])}"
    mixed = grammar.fraction(match["whole"], match["numerator"], match["denominator"])
    return f"{grammar.counted(match['whole'], *names)} {mixed.removeprefix(grammar.whole(match['whole']) + ' ')}"


@NUMBERS.rule("number", DIGIT, r"[1-9]\d{4,35}(?![\w-]|[.,]\d)")
def _alone(match: re.Match[str], scan: Scan) -> str | None:
    """Read a long number that is the whole text as a number; within a text it is more likely a code."""
    return scan.grammar.whole(match[0]) if len(match[0]) == len(scan.text.strip().rstrip(".")) else None


@NUMBERS.rule("number", DIGIT, r"(?P<whole>\d{1,9})\.(?P<fraction>\d{1,2}|\d{4,9})(?![\w-]|[.,/]\d)", ".")
def _foreign_decimal(match: re.Match[str], scan: Scan) -> tuple[str, int]:
    """Read "2.5 kg", with the decimal mark of another language."""
    grammar, end = scan.grammar, match.end()
    if len(match["fraction"]) > _SHORT and (scan.names_code() or scan.before == scan.table.number_sign):
        parts = (in_groups(one, scan) for one in (match["whole"], match["fraction"]))
        return f" {scan.table.dot} ".join(parts), end  # "nº 2026.0045678"
    named = any(one.isupper() or one.isdigit() for one in scan.written_before())  # "Panda 1.2", "USB 3.0"
    if scan.last_word() in _NUMBERED or (named and len(match["fraction"]) == 1):
        return f"{grammar.whole(match['whole'])} {scan.table.dot} {grammar.whole(match['fraction'])}", end
    number = f"{match['whole']}{scan.table.decimal_mark}{match['fraction']}"
    unit = _UNIT.match(scan.text, end)
    names = (scan.table.units.get(unit[1]) or scan.table.after_number.get(unit[1])) if unit else None
    return (grammar.counted(number, *names), unit.end()) if unit and names else (grammar.number(number), end)
