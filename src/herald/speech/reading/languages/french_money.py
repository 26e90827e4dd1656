"""Rules for amounts of money of French alone: "50 $ US", "10€-15€", "19,99 € HT", "95.-"."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.table import Currency

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

_PRICE_WORDS = frozenset({"prix", "total", "montant", "tarif", "tarifs", "coût", "loyer", "unit", "unitaire"})
_PRICES = {"HT": "hors taxes", "HC": "hors charges", "CC": "charges comprises", "FAI": "frais d'agence inclus"}
_NO_UNITS = frozenset({"gratuit", "gratuite", "réduit", "offert", "offerte", "plein", "normal", "livré"})
FRENCH_MONEY = Rules()


@FRENCH_MONEY.rule("money", (DIGIT,), r"(?P<number><num>)\s?(?:\$\s?(?P<land>US|CAN?)|(?P<cfa>F\.?\s?CFA))(?!\w)")
def _local_money(match: re.Match[str], scan: "Scan") -> str:
    """Read "50 $ US" and "10 000 F CFA"."""
    code = "FCFA" if match["cfa"] else "USD" if match["land"].upper() == "US" else "CAD"
    return scan.grammar.money(match["number"], scan.table.currencies[code])


@FRENCH_MONEY.rule("range", (SIGN,), r"[-–](?=<num>\s?[€$£%])", needs="€$£%")
def _to_amount(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the sign of "10€-15€"."""
    joined = bool(scan.tokens) and scan.tokens[-1].end == match.start()
    return scan.table.to if joined and scan.tokens[-1].kind in ("money", "percent") else None


@FRENCH_MONEY.rule("number", (SIGN,), r"[-–−]\s(?=<num>\s?(?P<unit>[€$£%]|EUR(?!\w)))")
def _minus(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the sign of "solde : - 45 €" and "- 30 %"; other dashes are pauses."""
    after_colon = bool(scan.tokens) and scan.tokens[-1].words == ":"
    return scan.table.minus if after_colon or scan.last_word() == "solde" or match["unit"] == "%" else None


@FRENCH_MONEY.rule("word", (WORD,), r"(?:HT|HC|CC|FAI)(?!\w)")
def _price(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the "HT" of a price."""
    priced = bool(scan.tokens) and (scan.tokens[-1].kind == "money" or scan.tokens[-1].words in _PRICES.values())
    named = match[0].isupper() and scan.last_word() in _PRICE_WORDS
    return _PRICES[match[0].upper()] if priced or named else None


@FRENCH_MONEY.rule("pause", (SIGN,), r"/(?=<num>\s?[€$£])", needs="/")
def _or_price(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the sign of "8 €/5 €" as a pause."""
    return "," if scan.tokens and scan.tokens[-1].kind == "money" else None


@FRENCH_MONEY.rule("measure", (SIGN,), r"/(?P<word>(?-i:[a-zà-ÿ]{3,14}))(?![\w/'])", needs="/")
def _each(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "85 €/stère" and "1,44 m²/boîte"."""
    counted = bool(scan.tokens) and scan.tokens[-1].kind in ("money", "measure")
    return f"{scan.table.per} {match['word']}" if counted and match["word"] not in _NO_UNITS else None


@FRENCH_MONEY.rule("word", (WORD,), r"(?P<first>(?-i:[A-Z]{3}))/(?P<last>(?-i:[A-Z]{3}))(?!\w)", needs="/")
def _exchanged(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "EUR/USD"."""
    first, last = (scan.table.currencies.get(match[name]) for name in ("first", "last"))
    return f"{first.one} {last.one}" if first and last else None


@FRENCH_MONEY.rule(
    "money",
    (DIGIT,),
    r"(?P<number>\d{1,3}(?:'?\d{3}){0,2})\.[-–—]{1,2}(?:\s?(?P<symbol>CHF|Fr\.|€|EUR))?(?!\w)",
    needs=".",
)
def _round_amount(match: re.Match[str], scan: "Scan") -> str:
    """Read "95.-" and "95.– CHF"."""
    return scan.grammar.money(match["number"], _currency(scan, match["symbol"] or "Fr."))


@FRENCH_MONEY.rule(
    "money", (WORD,), r"(?P<symbol>CHF|Fr\.)\s?(?P<number>\d{1,3}(?:'?\d{3}){0,2})\.[-–—]{1,2}", needs="."
)
def _round_francs(match: re.Match[str], scan: "Scan") -> str:
    """Read "Fr. 50.–"."""
    return scan.grammar.money(match["number"], _currency(scan, match["symbol"]))


def _currency(scan: "Scan", symbol: str) -> Currency:
    """Return the currency of "Fr.", "CHF", "€" or "EUR" in letters of either case."""
    currencies = scan.table.currencies
    return currencies.get(symbol.capitalize()) or currencies[symbol.upper()]
