"""Rules for ordinals, money and lengths in French only: "2e", "XXe s.", "50 $ US", "10€-15€", "1m75"."""

import re

from herald.speech.reading.languages.romance_numbers import ordinal
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.numbers import roman
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_PRICE_WORDS = frozenset({"prix", "total", "montant", "tarif", "tarifs", "coût", "loyer", "unit", "unitaire"})
_PRICES = {"HT": "hors taxes", "HC": "hors charges", "CC": "charges comprises", "FAI": "frais d'agence inclus"}
_NO_UNITS = frozenset({"gratuit", "gratuite", "réduit", "offert", "offerte", "plein", "normal", "livré"})
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


_ROUND = r"(?P<number>\d{1,3}(?:'?\d{3}){0,2})\.[-–—]{1,2}"


@FRENCH_AMOUNTS.rule("money", WORD, r"(?P<symbol>CHF|Fr\.)\s?" + _ROUND, ".")
@FRENCH_AMOUNTS.rule("money", DIGIT, _ROUND + r"(?:\s?(?P<symbol>CHF|Fr\.|€|EUR))?(?!\w)", ".")
def _round_amount(match: re.Match[str], scan: Scan) -> str:
    """Read "95.-", "95.– CHF" and "Fr. 50.–"."""
    currencies, symbol = scan.table.currencies, match["symbol"] or "Fr."
    return scan.grammar.money(match["number"], currencies.get(symbol.capitalize()) or currencies[symbol.upper()])


# Read "dim. 30x20x12 cm", which is not a Sunday.
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
            if not match["paid"] and any(one.endswith(("mètre", "mètres")) for one in scan.before.split(" "))
            else "fois"
        )
    return "fois" if kinds and kinds[-1] in ("money", "word", "acronym", "abbreviation") else None


@FRENCH_AMOUNTS.rule(
    "measure", WORD, r"(?P<side>(?-i:[LPH]))\.?\s?(?P<number>\d{1,3})(?![\w-]|[.,]\d)(?P<by>(?=\s?[x×]))?"
)
def _side(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    """Read "L. 210 x P. 95 x H. 85 cm" and "L80 x P35", where "P." is not a page."""
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


@FRENCH_AMOUNTS.rule("measure", DIGIT, r"(?P<number>\d{1,3}(?:,\d)?)\s?\"(?!\w)", '"')
def _inches(match: re.Match[str], scan: Scan) -> str | None:
    """Read the size of a screen, as in "écran 27"" with the sign of inches."""
    known = "," in match["number"] or scan.announced(_SCREENS)
    return scan.grammar.counted(match["number"], "pouce", "pouces") if known else None


_DAYS_AFTER = Lazy(r"\s?[-–]\s?\d{1,2}\s([^\W\d_]{3,9})")
_MONTH_AFTER = Lazy(r"/\d{1,4}(?!\w)")
_ENDINGS = r"ers?|r?es?|[èe]res?|(?:i?[èe])?mes?|è|ndes?|nds?"
_LETTERED = words("terminal porte hall quai siège place appt appartement bât bâtiment lot salle")
"""Words before a number with a letter, which is not an ordinal there: "terminal 2E"."""
FRENCH_ORDINALS = Rules()


@FRENCH_ORDINALS.rule("word", WORD, r"(?-i:XV|XIII|VII)(?!\w)", "VX")
def _players(match: re.Match[str], scan: Scan) -> str | None:
    """Read "rugby à XIII"."""
    return scan.grammar.cardinal(roman(match[0].upper())) if scan.last_word() == "à" else None


@FRENCH_ORDINALS.rule("ordinal", DIGIT, r"2(?P<ending>(?-i:des?|d))(?![\w'])")
def _second(match: re.Match[str], scan: Scan) -> str:
    """Read "2d" and "2de"."""
    return scan.grammar.ordinal_written("2", match["ending"])


@FRENCH_ORDINALS.rule("ordinal", DIGIT, r"(?P<number>[3-6])[eè](?:me)?(?P<group>[1-9]|(?-i:[A-H]))(?![\w-]|[.,]\d)")
def _class(match: re.Match[str], scan: Scan) -> str:
    """Read the school classes "6e2" and "3eB"."""
    group = match["group"]
    said = scan.grammar.cardinal(int(group)) if group.isdigit() else group
    return f"{scan.grammar.ordinal(int(match['number']))} {said}"


@FRENCH_ORDINALS.rule(
    "ordinal", DIGIT, rf"(?P<number>\d{{1,3}}(?: \d{{3}})+|\d{{1,9}})\s?(?P<ending>{_ENDINGS})(?![\w'])"
)
def _ordinal(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    """Read "2e"; "terminal 2E" has a letter."""
    days = _DAYS_AFTER.match(scan.text, match.end()) if match["number"] == "1" else None
    if days and days[1].lower() in scan.grammar.month_numbers:
        return None  # "1er-3 mai"
    lettered = match["ending"] == "E" and (scan.last_word() in _LETTERED or match[0][-2] == " ")
    slash = scan.text.startswith("/", match.end())
    if lettered or (slash and match["number"] == "1" and _MONTH_AFTER.match(scan.text, match.end())):
        return None  # "1er/12"
    said = ordinal(match, scan)
    among = slash and isinstance(said, str) and _MONTH_AFTER.match(scan.text, match.end())
    return (f"{said} sur", match.end() + 1) if among else said  # "3e/5 étages"


@FRENCH_ORDINALS.rule("ordinal", DIGIT, r"(?P<number>[1-9])°\s?\)", "°")
def _item(match: re.Match[str], scan: Scan) -> str:
    """Read the "1°)" of a list."""
    return "premièrement," if match["number"] == "1" else f"{scan.grammar.ordinal(int(match['number']))}ment,"


@FRENCH_ORDINALS.rule("number", DIGIT, r"(?P<number>1[025]|[2-6]0|100)\s?aines?(?!\w)", "n")
def _dozens(match: re.Match[str], scan: Scan) -> str:
    """Read "une 10aine"."""
    stem = "diz" if match["number"] == "10" else scan.grammar.cardinal(int(match["number"])).removesuffix("e")
    return f"{stem}aine{'s' if match[0].endswith('s') else ''}"


@FRENCH_ORDINALS.rule("ordinal", WORD, r"(?P<numeral>[ivx]{1,5})(?:e|[èe]me|er|re)(?!\w)(?P<century>\ss\.)?", "IVX")
def _century(match: re.Match[str], scan: Scan) -> str | None:
    """Read "XXe", "XIXème" and "XIXe s."."""
    if not match["numeral"].isupper():
        return None
    said = scan.grammar.ordinal(roman(match["numeral"].upper()))
    return f"{said} siècle" if match["century"] else said
