"""Rules for amounts of French alone: doses, blood pressure, marks of schools, "3x sans frais", "1,75 m"."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.languages.romance_rules import announced
from herald.speech.reading.lazy import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

_PER = r"(?P<per>jours?|jrs?|j|semaines?|sem|mois|ans?|heures?|h|nuits?)\.?(?!\w)"
_PER_WORDS = {"j": "jour", "s": "semaine", "m": "mois", "a": "an", "h": "heure", "n": "nuit"}
_PRESSURE = frozenset({"tension", "ta", "pa", "artérielle"})
_MARKED = frozenset(
    {
        "note",
        "notes",
        "noté",
        "notée",
        "avis",
        "étoiles",
        "moyenne",
        "satisfaction",
        "glasgow",
        "eva",
        "rang",
        "classement",
    }
)
_PARTS = frozenset({"page", "étape", "partie", "colis", "message", "sms", "épisode", "photo", "dose", "séance"})
_SCREENS = frozenset({"écran", "écrans", "tv", "télé", "pc", "tablette", "moniteur", "dalle", "jantes", "ordinateur"})
_LODGINGS = frozenset({"hôtel", "hotel", "camping", "résidence", "restaurant", "palace", "village"})
_WINDS = frozenset({"vent", "vents", "houle", "secteur", "rafales"})
_DIRECTIONS = {"N": "nord", "S": "sud", "E": "est", "O": "ouest"}
_TOTALS = frozenset({"20", "40", "50", "100"})
"""What marks are out of. A day and a month, or a fraction, hardly end so."""
_LOWEST_IN_MILLIMETRES = 30
_PRICE_WORDS = frozenset({"prix", "total", "montant", "tarif", "tarifs", "coût", "loyer"})
_PRICES = {"HT": "hors taxes", "HC": "hors charges", "CC": "charges comprises", "FAI": "frais d'agence inclus"}
_WORD_AFTER = Lazy(r"\s[^\W\d_]{2}")
_BETWEEN_SIDES = Lazy(r"\s?[xX×]\s?")
_LONGEST_AMOUNT = 30
_NO_UNITS = frozenset({"à", "a", "et", "ou"})
FRENCH_MEASURES = Rules()


def _counted(scan: "Scan") -> bool:
    """Return whether a number with what it counts is before."""
    tokens = scan.tokens
    return bool(tokens) and (
        tokens[-1].kind == "measure" or (len(tokens) > 1 and tokens[-2].kind in ("number", "money"))
    )


def _times(number: str, per: str, scan: "Scan") -> str:
    return f"{scan.grammar.whole(number, 'm')} fois par {_PER_WORDS[per[0].lower()]}"


@FRENCH_MEASURES.rule("measure", (DIGIT,), rf"(?P<number>\d{{1,2}})\s?(?:x|×|fois)\s?(?:/|par\s)\s?{_PER}")
def _times_per(match: re.Match[str], scan: "Scan") -> tuple[str, int]:
    """Read "3x/j", "2 fois/jour"."""
    return _times(match["number"], match["per"], scan), match.end("per")


@FRENCH_MEASURES.rule("measure", (WORD, SIGN), rf"[x×]\s?(?P<number>\d{{1,2}})\s?(?:/|par\s)\s?{_PER}")
def _times_after(match: re.Match[str], scan: "Scan") -> tuple[str, int]:
    """Read the "x 3/j" of "1 cp x 3/j"."""
    return _times(match["number"], match["per"], scan), match.end("per")


@FRENCH_MEASURES.rule(
    "measure", (SIGN,), r"/\s?(?P<per>[^\W\d_]{1,9})(?:\.(?=\s?[:(\d]|\s(?-i:[a-z])))?(?!\w)", needs="/"
)
def _per(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the "/j" of "2 bouffées/j" and of "10 mg/kg/j", and the "/pers." of "prix/pers."."""
    unit = scan.table.per_units.get(match["per"].lower())
    return f"{scan.table.per} {unit}" if unit and (_counted(scan) or scan.last_word() in _PRICE_WORDS) else None


@FRENCH_MEASURES.rule("measure", (SIGN,), r"/\s?(?P<number>\d{1,2})\s?h(?:eures)?(?!\w)", needs="/")
def _every(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "1 cp / 8h" as how often, "3 g/24h" as how much."""
    if not _counted(scan):
        return None
    hours = scan.grammar.cardinal(int(match["number"]), "f")
    return f"par {hours} heures" if match["number"] == "24" else f"toutes les {hours} heures"


@FRENCH_MEASURES.rule(
    "measure",
    (DIGIT,),
    r"(?P<number><num>)\s?(?P<unit>[^\W\d_]{1,5})\.(?=[,/]|\s(?:[(\d+&/]|(?-i:[a-zà-ÿ])))",
    needs=".",
)
def _dotted_unit(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "1 cp. matin" and "7 j. ouvrés", where the dot ends no sentence."""
    unit, digit = match["unit"], scan.text[match.end() : match.end() + 2].strip().isdigit()
    names = scan.table.units.get(unit)
    if not names or unit in scan.table.units_attached or (digit and f"{unit}." not in scan.table.abbreviations):
        return None
    return scan.grammar.counted(match["number"], *names)


@FRENCH_MEASURES.rule(
    "measure", (DIGIT,), r"(?P<number>\d{1,3})\s?[x×]\s?(?=<num>\s?(?:[€$£]|EUR|CHF|mg|g|ml|min|h)(?!\w))", needs="xX×"
)
def _multiple(match: re.Match[str], scan: "Scan") -> str:
    """Read the number of "3 x 25 €"; other rules read the amount."""
    return f"{scan.grammar.cardinal(int(match['number']))} fois"


@FRENCH_MEASURES.rule("measure", (DIGIT,), r"(?P<number>\d{1,2})\s?x(?!\w)(?=\s?[^\W\d_]|[.,;)]|\Z)", needs="xX")
def _in_parts(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "en 3x sans frais"."""
    if not _WORD_AFTER.match(scan.after(match)) and scan.last_word() not in ("en", "ou", "à"):
        return None
    return f"{scan.grammar.cardinal(int(match['number']))} fois"


@FRENCH_MEASURES.rule(
    "measure",
    (DIGIT,),
    r"(?P<high>\d{1,3}(?:,\d)?)\s?/\s?(?P<low>\d{1,3}(?:,\d)?)(?:\s?(?P<unit>[mc]m\s?Hg))?(?![\w/]|[.,]\d)",
    needs="/",
)
def _pressure(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "tension 13/8" and "140/90 mmHg"."""
    if not match["unit"] and (scan.last_word() in scan.table.date_words or not announced(scan, _PRESSURE)):
        return None
    high, low = scan.grammar.number(match["high"]), scan.grammar.number(match["low"])
    plain = match["high"].isdigit() and match["low"].isdigit() and int(match["low"]) < _LOWEST_IN_MILLIMETRES
    unit = f" {scan.table.units[match['unit'].replace(' ', '')][1]}" if match["unit"] else ""
    return f"{high} {low}{unit}" if plain else f"{high} sur {low}{unit}"


@FRENCH_MEASURES.rule(
    "measure", (DIGIT,), r"(?P<first>\d{1,3}(?:,\d{1,2})?)\s?/\s?(?P<last>\d{1,3})(?![\w/%]|[.,-]\d)", needs="/"
)
def _mark(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "15,5/20" and "page 2/3"."""
    first, last = match["first"], match["last"]
    leading = last[0] == "0" or (first[0] == "0" and first.isdigit() and len(first) > 1)
    if leading or scan.last_word() in scan.table.date_words or float(first.replace(",", ".")) > int(last):
        return None
    certain = "," in first or last in _TOTALS or scan.last_word() in _PARTS or announced(scan, _MARKED)
    return f"{scan.grammar.number(first)} sur {scan.grammar.whole(last)}" if certain else None


@FRENCH_MEASURES.rule(
    "fraction", (DIGIT,), r"(?P<first>\d{1,2})/(?P<last>\d{1,3})(?:i?[èe]mes?|es?)(?!\w|\sde\sfinale)", needs="/"
)
def _fraction(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "1/10e"."""
    valid = int(match["last"]) > 1
    return scan.grammar.fraction("", match["first"], match["last"]) if valid else None


@FRENCH_MEASURES.rule("number", (SIGN,), r"\+(?=<num>\s?(?P<unit>°?[^\W\d_]{1,5}|[%€$£°])(?![\w-]))", needs="+")
def _more(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the sign of "+8 °C" and "+45 min"; other rules read the amount."""
    unit, table = match["unit"], scan.table
    known = unit in table.units or unit in table.currencies or unit in table.after_number
    return table.plus if known and not scan.text[match.start() - 1 : match.start()].isalnum() else None


@FRENCH_MEASURES.rule(
    "measure", (DIGIT,), r"(?P<whole>[1-9]\d?)(?:,(?P<part>\d\d)\s?(?-i:m)|\s?(?-i:m)\s?(?P<more>\d\d))(?![\w^/])"
)
def _length(match: re.Match[str], scan: "Scan") -> str:
    """Read "1,75 m" and "1m75"."""
    part = int(match["part"] or match["more"])
    metres = scan.grammar.counted(match["whole"], *scan.table.units["m"])
    return f"{metres} {scan.grammar.cardinal(part)}" if part else metres


@FRENCH_MEASURES.rule(
    "measure",
    (DIGIT,),
    r"(?P<before><num>(?:\s?[x×]\s?<num>){1,2})\s?[x×]\s?(?P<number><num>)\s?(?P<unit>[mcd]?m|km)(?![\w^])",
    needs="xX×",
)
def _dimensions(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "55 x 35 x 25 cm"."""
    names = scan.table.units.get(match["unit"])
    if not names:
        return None
    numbers = [scan.grammar.number(one) for one in _BETWEEN_SIDES.split(match["before"])]
    return f" {scan.table.by} ".join([*numbers, scan.grammar.counted(match["number"], *names)])


@FRENCH_MEASURES.rule("measure", (DIGIT,), r"(?P<number>\d{1,3}(?:,\d)?)\s?\"(?!\w)", needs='"')
def _inches(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the size of a screen, as in "écran 27"" with the sign of inches."""
    known = "," in match["number"] or announced(scan, _SCREENS)
    return scan.grammar.counted(match["number"], "pouce", "pouces") if known else None


@FRENCH_MEASURES.rule(
    "measure", (DIGIT,), r"(?P<number><num>)\s?c(?:uill)?\.?\s?à\s?(?:(?P<large>soupe|s)|café|c)(?!\w)\.?", needs="à"
)
def _spoons(match: re.Match[str], scan: "Scan") -> str:
    """Read "2 c. à s."."""
    kind = "soupe" if match["large"] else "café"
    return scan.grammar.counted(match["number"], f"cuillère à {kind}", f"cuillères à {kind}", "f")


@FRENCH_MEASURES.rule(
    "fraction", (DIGIT,), r"1/(?P<part>2|4|8|16|32)(?:[èe]m?e?)?(?:\sde)?[ -](?=finales?(?!\w))", needs="/"
)
def _rounds(match: re.Match[str], scan: "Scan") -> str:
    """Read the "1/4 de" of "en 1/4 de finale"."""
    if match["part"] == "2":
        return "demi"
    return f"{scan.grammar.fraction('', '1', match['part']).removeprefix('un ')} de"


@FRENCH_MEASURES.rule("number", (SIGN,), r"[-–−]\s(?=<num>\s?(?P<unit>[€$£%]|EUR(?!\w)))", needs="€$£%E")
def _minus(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the sign of "solde : - 45 €" and "- 30 %"; other dashes are pauses."""
    after_colon = bool(scan.tokens) and scan.tokens[-1].words == ":"
    return scan.table.minus if after_colon or scan.last_word() == "solde" or match["unit"] == "%" else None


@FRENCH_MEASURES.rule("measure", (DIGIT,), r"(?P<whole>\d{1,2})°\s?(?P<tenth>\d)(?!\w|[.,]\d)", needs="°")
def _temperature(match: re.Match[str], scan: "Scan") -> str:
    """Read "38°5"."""
    return f"{scan.grammar.cardinal(int(match['whole']))} {scan.grammar.cardinal(int(match['tenth']))}"


@FRENCH_MEASURES.rule("word", (WORD,), r"(?P<wind>(?-i:[NS][EO]?|[EO]))(?![\w'-])")
def _wind(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "vent NO 40 km/h"."""
    if scan.last_word() not in _WINDS:
        return None
    return "-".join(_DIRECTIONS[letter] for letter in match["wind"])


@FRENCH_MEASURES.rule("measure", (DIGIT,), r"(?P<number>[1-5])\s?\*(?![\w*])", needs="*")
def _stars(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "hôtel 4*"."""
    return scan.grammar.counted(match["number"], "étoile", "étoiles", "f") if announced(scan, _LODGINGS) else None


@FRENCH_MEASURES.rule("word", (WORD,), r"(?-i:HT|HC|CC|FAI)(?!\w)")
def _price(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the "HT" of a price."""
    priced = bool(scan.tokens) and scan.tokens[-1].kind == "money"
    return _PRICES[match[0]] if priced or scan.last_word() in _PRICE_WORDS else None


@FRENCH_MEASURES.rule(
    "money", (WORD,), r"(?P<symbol>CHF|Fr\.)\s?(?P<number>\d{1,3}(?:'?\d{3}){0,2})\.[-–—]{1,2}", needs="."
)
def _round_francs(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "Fr. 50.–"."""
    currency = scan.table.currencies.get(match["symbol"])
    return scan.grammar.money(match["number"], currency) if currency else None


@FRENCH_MEASURES.rule(
    "word", (WORD,), r"de\s(?=1(?:(?: 000){2,3}|\s?h\s?\d\d|\s?(?P<unit>°?[^\W\d_]{1,8}|[€$£]))(?!\w))", needs="1"
)
def _of_one(match: re.Match[str], scan: "Scan") -> tuple[str, int] | None:
    """Read "de 1h45" as "d'une heure quarante-cinq"."""
    if match["unit"] and match["unit"].lower() in _NO_UNITS:
        return None
    # Up to the next "de", so that no amount is looked at twice.
    rest = scan.text[match.end() : match.end() + _LONGEST_AMOUNT].split(" de ")[0]
    amount = type(scan)(rest, scan.grammar).run()[0]
    if amount.words.split(" ")[0] not in ("un", "une"):
        return None
    return f"d'{amount.words}", match.end() + amount.end
