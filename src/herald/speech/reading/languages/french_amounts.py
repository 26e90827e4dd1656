"""Rules for amounts of money and lengths of French alone: "50 $ US", "10€-15€", "95.-", "1m75", "écran 15,6""."""

import re

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule, Rules
from herald.speech.reading.rules.measures import BETWEEN_SIDES
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_PRICE_WORDS = frozenset({"prix", "total", "montant", "tarif", "tarifs", "coût", "loyer", "unit", "unitaire"})
_PRICES = {"HT": "hors taxes", "HC": "hors charges", "CC": "charges comprises", "FAI": "frais d'agence inclus"}
_NO_UNITS = frozenset({"gratuit", "gratuite", "réduit", "offert", "offerte", "plein", "normal", "livré"})
_LENGTHS = ("mètre", "mètres")
_SCREENS = words(
    "écran écrans tv télé roues roue vélo vtt pc tablette moniteur dalle téléviseur téléviseurs jantes ordinateur"
)
_UNIT_AFTER = Lazy(r"\s?([mc]m)(?!\w)")
FRENCH_AMOUNTS = Rules()


@FRENCH_AMOUNTS.rule("money", DIGIT, r"(?P<number><num>)\s?(?:\$\s?(?P<land>US|CAN?)|(?P<cfa>F\.?\s?CFA))(?!\w)")
def _local_money(match: re.Match[str], scan: Scan) -> str:
    """Read "50 $ US" and "10 000 F CFA"."""
    code = "FCFA" if match["cfa"] else "USD" if match["land"].upper() == "US" else "CAD"
    return scan.grammar.money(match["number"], scan.table.currencies[code])


@FRENCH_AMOUNTS.rule("range", SIGN, r"[-–](?=<num>\s?[€$£%])", "€$£%")
def _to_amount(match: re.Match[str], scan: Scan) -> str | None:
    """Read the sign of "10€-15€"."""
    joined = bool(scan.tokens) and scan.tokens[-1].end == match.start()
    return scan.table.to if joined and scan.tokens[-1].kind in ("money", "percent") else None


@FRENCH_AMOUNTS.rule("number", SIGN, r"[-–−]\s(?=<num>\s?(?P<unit>[€$£%]|EUR(?!\w)))")
def _minus(match: re.Match[str], scan: Scan) -> str | None:
    """Read the sign of "solde : - 45 €" and "- 30 %"; other dashes are pauses."""
    after_colon = bool(scan.tokens) and scan.tokens[-1].words == ":"
    return scan.table.minus if after_colon or scan.last_word() == "solde" or match["unit"] == "%" else None


@FRENCH_AMOUNTS.rule("word", WORD, r"(?:HT|HC|CC|FAI)(?!\w)")
def _price(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "HT" of a price."""
    priced = bool(scan.tokens) and (scan.tokens[-1].kind == "money" or scan.tokens[-1].words in _PRICES.values())
    named = match[0].isupper() and scan.last_word() in _PRICE_WORDS
    return _PRICES[match[0].upper()] if priced or named else None


# Read the sign of "8 €/5 €" as a pause.
FRENCH_AMOUNTS.phrase("pause", SIGN, r"/(?=<num>\s?[€$£])", ",", "/", after=("money",))


@FRENCH_AMOUNTS.rule("measure", SIGN, r"/(?P<word>(?-i:[a-zà-ÿ]{3,14}))(?![\w/'])", "/")
def _each(match: re.Match[str], scan: Scan) -> str | None:
    """Read "85 €/stère" and "1,44 m²/boîte"."""
    counted = scan.kind in ("money", "measure")
    return f"{scan.table.per} {match['word']}" if counted and match["word"] not in _NO_UNITS else None


@FRENCH_AMOUNTS.rule("word", WORD, r"(?P<first>(?-i:[A-Z]{3}))/(?P<last>(?-i:[A-Z]{3}))(?!\w)", "/")
def _exchanged(match: re.Match[str], scan: Scan) -> str | None:
    """Read "EUR/USD"."""
    first, last = (scan.table.currencies.get(match[name]) for name in ("first", "last"))
    return f"{first.one} {last.one}" if first and last else None


def _round_amount(match: re.Match[str], scan: Scan) -> str:
    """Read "95.-", "95.– CHF" and "Fr. 50.–"."""
    currencies, symbol = scan.table.currencies, match["symbol"] or "Fr."
    return scan.grammar.money(match["number"], currencies.get(symbol.capitalize()) or currencies[symbol.upper()])


_ROUND = r"(?P<number>\d{1,3}(?:'?\d{3}){0,2})\.[-–—]{1,2}"
FRENCH_AMOUNTS.extend(
    [
        Rule("money", DIGIT, _ROUND + r"(?:\s?(?P<symbol>CHF|Fr\.|€|EUR))?(?!\w)", _round_amount, "."),
        Rule("money", WORD, r"(?P<symbol>CHF|Fr\.)\s?" + _ROUND, _round_amount, "."),
    ]
)


# Read "dim. 30x20x12 cm", which is no Sunday.
FRENCH_AMOUNTS.phrase("abbreviation", WORD, r"dim\.(?=\s?:?\s?\d{1,3}(?:,\d)?\s?[x×])", "dimensions", ".")


# Read the sign of "1,20 m x largeur 0,80 m" and "L. 210 x P. 95".
FRENCH_AMOUNTS.phrase("word", WORD, r"x(?=\s[^\W\d_]{1,12}\.?\s?\d)", "par", "xX", after=("number", "measure"))


@FRENCH_AMOUNTS.rule("word", WORD, r"x(?=\s?<num>(?!\w*/)(?P<paid>\s?[€$£])?)", "xX")
def _times(match: re.Match[str], scan: Scan) -> str | None:
    """Read the sign of "22 repas x 3,45 €", of "taille XL x 2" and of "1,20 m x 0,80 m"."""
    kinds = [token.kind for token in scan.tokens[-2:]]
    if kinds[-1:] == ["measure"] or kinds == ["measure", "pause"]:
        return (
            scan.table.by
            if not match["paid"] and any(one.endswith(_LENGTHS) for one in scan.before.split(" "))
            else "fois"
        )
    return "fois" if kinds and kinds[-1] in ("money", "word", "acronym", "abbreviation") else None


@FRENCH_AMOUNTS.rule(
    "measure", WORD, r"(?P<side>(?-i:[LPH]))\.?\s?(?P<number>\d{1,3})(?![\w-]|[.,]\d)(?P<by>(?=\s?[x×]))?"
)
def _side(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    """Read "L. 210 x P. 95 x H. 85 cm" and "L80 x P35", where "P." is no page."""
    if match["by"] is None and scan.before != scan.table.by:
        return None
    unit = _UNIT_AFTER.match(scan.text, match.end())
    if not unit:
        return f"{match['side']} {scan.grammar.whole(match['number'])}"
    length = scan.grammar.counted(match["number"], *scan.table.units[unit[1].lower()])
    return f"{match['side']} {length}", unit.end()


@FRENCH_AMOUNTS.rule(
    "measure", DIGIT, r"(?P<whole>\d{1,2})(?:,(?P<part>\d\d)\s?(?-i:m)|\s?(?-i:m)\s?(?P<more>\d\d))(?![\w^/])"
)
def _length(match: re.Match[str], scan: Scan) -> str:
    """Read "1,75 m" and "1m75", and "0,80 m" in centimetres."""
    part = int(match["part"] or match["more"])
    if match["whole"] == "0":
        return scan.grammar.counted(str(part), *scan.table.units["cm"])
    metres = scan.grammar.counted(match["whole"], *scan.table.units["m"])
    return f"{metres} {scan.grammar.cardinal(part)}" if part else metres


@FRENCH_AMOUNTS.rule(
    "measure",
    DIGIT,
    r"(?P<before><num>(?:\s?[x×]\s?<num>){1,2})\s?[x×]\s?(?P<number><num>)\s?(?P<unit>[mcd]?m|km)(?![\w^])",
    "xX×",
)
def _dimensions(match: re.Match[str], scan: Scan) -> str:
    """Read "55 x 35 x 25 cm"."""
    names = scan.table.units[match["unit"].lower()]
    numbers = [scan.grammar.number(one) for one in BETWEEN_SIDES.split(match["before"])]
    return f" {scan.table.by} ".join([*numbers, scan.grammar.counted(match["number"], *names)])


@FRENCH_AMOUNTS.rule("measure", DIGIT, r"(?P<number>\d{1,3}(?:,\d)?)\s?\"(?!\w)", '"')
def _inches(match: re.Match[str], scan: Scan) -> str | None:
    """Read the size of a screen, as in "écran 27"" with the sign of inches."""
    known = "," in match["number"] or scan.announced(_SCREENS)
    return scan.grammar.counted(match["number"], "pouce", "pouces") if known else None
