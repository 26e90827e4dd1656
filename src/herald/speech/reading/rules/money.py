"""Amounts of money: "$1,234.56", "USD 50", "5 €", "€5.5M", "$5-10", "$20/mo"."""

import re

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule, Rules
from herald.speech.reading.rules.measures import powered
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import Currency

_SYMBOL = r"(?:[A-Za-z]{0,3}[$€£¥₹₽₩₺₴₫₪₱₦₿฿₡₲₧]|Rs\.?|zł|kr\.?|[A-Za-z]{3}|[A-Za-z]{1,3}\.)"
_MAGNITUDE = Lazy(r"\s?([^\W\d_]+)(?!\w|\.\w)\.?")
_TO = Lazy(r"\s?(?:-|–|—|\bto\b)\s?")
_OTHER_MARK = Lazy(r"([.,])(\d{2})(?!\d)")
"""Decimals in the notation of another language: "€12,50" in English."""
_SPACED = Lazy(r"(?: \d{3})+(?![\w-]|[.,]\d)")
"""Groups of "$1 000 000"."""
_NOUN = Lazy(r"\s[a-z]")
_PER = Lazy(r"\s?/\s?([^\W\d_]+)(\^[23])?(?!\w)(?:\.(?=[,/)]|\s[a-z=+@(]))?")


def _currency(scan: Scan, symbol: str) -> Currency | None:
    """Return the currency of a symbol or code. Codes must be in capitals, because "try" and "all" are words."""
    return scan.table.currencies.get(symbol)


def _magnitude(scan: Scan, at: int) -> tuple[str, int]:
    """Return the magnitude at a position, or "", and where it ends."""
    match = _MAGNITUDE.match(scan.text, at)
    name = match[1].lower() if match else ""
    if not match or name not in scan.table.magnitudes:
        return "", at
    return name, match.end(1)


def per_unit(scan: Scan, at: int) -> tuple[str, int]:
    """Return the words for the "/mo" after an amount, or "", and where it ends."""
    match = _PER.match(scan.text, at)
    unit = scan.table.per_units.get(match[1], scan.table.per_units.get(match[1].lower())) if match else None
    if match and (not unit or match[2]) and match[1] in scan.table.units:
        names = powered(scan, scan.table.units[match[1]], match[2])
        unit = names[0]  # "31,5 ct/kWh", "12 €/m²"
    if not match or not unit:
        return "", at
    dotted = scan.text.startswith(".", match.end()) and f"{match[1].lower()}." in scan.table.abbreviations
    return f" {scan.grammar.per(unit)}", match.end() + dotted


MONEY = Rules()


@MONEY.rule(
    "money", SIGN + WORD, rf"(?P<sign>[-+−])?(?P<symbol>{_SYMBOL})(?:\s|(?P<inner>[-−]))?(?P<number><num>)(?![\d])"
)
def _symbol_first(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    currency = _currency(scan, match["symbol"])
    if not currency:
        return None
    number, end = match["number"], match.end()
    foreign = _OTHER_MARK.match(scan.text, end)
    if foreign and foreign[1] != scan.table.decimal_mark and scan.table.decimal_mark not in number:
        number, end = f"{number}{scan.table.decimal_mark}{foreign[2]}", foreign.end()
    spaced = _SPACED.match(scan.text, end)
    if spaced and number.isdigit() and len(number) <= 3:  # noqa: PLR2004
        number, end = number + spaced[0].replace(" ", ""), spaced.end()
    magnitude, end = _magnitude(scan, end)
    if scan.last_word() in scan.table.articles and _NOUN.match(scan.text, end):
        # "a $5 million deal", "a $2.50 fee"
        currency = currency._replace(many=currency.one, minor_many=currency.minor_one)
    said = scan.grammar.money(number, currency, magnitude)
    said = scan.grammar.signed(match["sign"] or match["inner"], said)
    if (to := _TO.match(scan.text, end)) and (other := scan.number_at(to.end(), match["symbol"])):
        last, stop = other
        magnitude_last, stop = _magnitude(scan, stop)
        first = said
        if scan.text[to.end() : stop].startswith(match["symbol"]) is False:
            first = scan.grammar.number(match["number"]) + (
                f" {scan.table.magnitudes[magnitude][1]}" if magnitude else ""
            )
        said, end = f"{first} {scan.table.to} {scan.grammar.money(last, currency, magnitude_last)}", stop
    per, end = per_unit(scan, end)
    return said + per, end


@MONEY.rule(
    "money",
    DIGIT + SIGN,
    rf"(?P<sign>[-+−])?(?:(?P<first><num>)\s?[-–]\s?)?(?P<number><num>)"
    rf"(?:\s?(?P<magnitude>[^\W\d_]+\.?)(?=\s))?\s?(?P<symbol>{_SYMBOL})(?![\w$€£])",
)
def _symbol_last(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    currency = _currency(scan, match["symbol"])
    name = (match["magnitude"] or "").lower()
    end = match.end()
    if name and name not in scan.table.magnitudes:
        # "50 USD for it"
        currency, name, end = _currency(scan, match["magnitude"]), "", match.end("magnitude")
    if not currency:
        return None
    said = scan.grammar.money(match["number"], currency, name)
    if match["first"]:
        said = f"{scan.grammar.number(match['first'])} {scan.table.to} {said}"
    said = scan.grammar.signed(match["sign"], said)
    per, end = per_unit(scan, end)
    return said + per, end


def _foreign(match: re.Match[str], scan: Scan) -> str | None:
    currency = scan.table.currencies.get(match["symbol"])
    if currency is None or scan.table.decimal_mark == ".":
        return None
    return scan.grammar.money(match["number"].replace(".", scan.table.decimal_mark), currency)


FOREIGN_MONEY = Rule("money", DIGIT, r"(?P<number>\d{1,6}\.\d{2})\s?(?P<symbol>[$€£]|[A-Z]{3})(?!\w)", _foreign, ".")
"""Reads "12.50 €" where the comma is the decimal mark. Languages list it before their other amounts."""
