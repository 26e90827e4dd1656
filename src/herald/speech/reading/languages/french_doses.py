"""Rules for doses in French only: how much, how often, blood pressure, and instalments, which are written alike."""

import re

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.scanner import Scan

_PER = r"(?P<per>minutes?|min|mn|jours?|jrs?|j|semaines?|sem|mois|ans?|heures?|h|nuits?)\.?(?!\w)"
_PER_WORDS = {
    "j": "jour", "s": "semaine", "m": "mois", "a": "an", "h": "heure", "n": "nuit", "mi": "minute", "mn": "minute",
}  # fmt: skip
_PRESSURE = frozenset({"tension", "ta", "pa", "artérielle"})
_LOWEST_IN_MILLIMETRES = 30
_COUNTED_BY = frozenset({"prix", "total", "montant", "tarif", "tarifs", "coût", "loyer", "fois"})
_DOTTED = {
    "art": ("article", "articles"), "pl": ("place", "places"), "car": ("caractère", "caractères"),
    "couv": ("couvert", "couverts"), "bag": ("bagage", "bagages"), "vit": ("vitesse", "vitesses"),
    "doc": ("document", "documents"), "appl": ("application", "applications"),
}  # fmt: skip
"""Words that are shortened after a number, always with a dot."""
_RATES = frozenset({"j", "jour", "an", "mois", "semaine", "sem", "pers"})
"""What follows the slash of "net/an"; but "jour/mois"."""
_DATED = frozenset({"nuit", "jour", "jours", "semaine", "semaines", "mois", "an", "ans", "date"})
_LEAVE = frozenset({"congés", "congé", "rtt", "solde", "compteur", "élèves", "absence"})
_WORD_AFTER = Lazy(r"\s[^\W\d_]{2}")
_QUARTERS = 4
FRENCH_DOSES = Rules()


def _counted(scan: Scan) -> bool:
    """Return whether a number and its noun precede."""
    tokens = scan.tokens
    return bool(tokens) and (
        tokens[-1].kind in ("number", "measure", "percent", "money")
        or (len(tokens) > 1 and tokens[-2].kind in ("number", "money"))
    )


def _per_word(written: str) -> str:
    lower = written.lower()
    return _PER_WORDS.get(lower[:2]) or _PER_WORDS[lower[0]]


def _times(number: str, per: str, scan: Scan) -> str:
    return f"{scan.grammar.whole(number, 'f')} fois par {_per_word(per)}"


@FRENCH_DOSES.rule("measure", DIGIT, rf"(?P<number>\d{{1,2}})\s?(?:x|×|fois)\s?(?:/|par\s)\s?{_PER}")
def _times_per(match: re.Match[str], scan: Scan) -> tuple[str, int]:
    """Read "3x/j", "2 fois/jour"."""
    return _times(match["number"], match["per"], scan), match.end("per")


@FRENCH_DOSES.rule("measure", DIGIT, rf"(?P<number>\d{{1,2}})\s?/\s?{_PER}", "/")
def _number_per(match: re.Match[str], scan: Scan) -> tuple[str, int]:
    """Read "puis 1/jour"."""
    number = scan.grammar.whole(match["number"], "m")
    return f"{number} {scan.table.per} {_per_word(match['per'])}", match.end("per")


@FRENCH_DOSES.rule("measure", DIGIT, r"(?P<number><num>)\s?/\s?(?P<per>[^\W\d_]{3,9})(?!\w)", "/")
def _quantity_per(match: re.Match[str], scan: Scan) -> str | None:
    """Read "320/portion"."""
    unit = scan.table.per_units.get(match["per"].lower())
    return f"{scan.grammar.number(match['number'])} {scan.table.per} {unit}" if unit else None


@FRENCH_DOSES.rule(
    "number",
    DIGIT,
    r"(?P<first>\d{1,4}(?:,\d{1,3})?)/(?=(?P<last>\d{1,4})(?:,\d{1,3})?\s?(?:mg|µg|g|ml|UI)(?!\w))",
    "/",
)
def _combined(match: re.Match[str], scan: Scan) -> str | None:
    """Read the first amount of "10/5 mg", a medicine of two; "3/4 g" is a fraction."""
    fraction = match["first"].isdigit() and int(match["first"]) < int(match["last"]) <= _QUARTERS
    return None if fraction else scan.grammar.number(match["first"])


FRENCH_DOSES.phrases("number", WORD + SIGN, "x×", {
    r"(?-i:[x×])(?P<number>\d{1,2})(?![\w/-]|[.,]\d)": "fois {number:whole}",  # "x2"
})  # fmt: skip


@FRENCH_DOSES.rule("measure", WORD + SIGN, rf"[x×]\s?(?P<number>\d{{1,2}})\s?(?:/|par\s)\s?{_PER}")
def _times_after(match: re.Match[str], scan: Scan) -> tuple[str, int]:
    """Read the "x 3/j" of "1 cp x 3/j"."""
    return _times(match["number"], match["per"], scan), match.end("per")


@FRENCH_DOSES.rule(
    "measure", SIGN, r"/\s?(?P<per>[^\W\d_]{1,9})(?P<dot>\.(?=\s?[:(\d]|\s(?-i:[a-zà-ÿ])))?(?![\w^])", "/"
)
def _per(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read the "/j" of "2 bouffées/j" and of "10 mg/kg/j", and the "/pers." of "prix/pers."."""
    name = match["per"].lower()
    unit = scan.table.per_units.get(name) or scan.table.units.get(match["per"], ("",))[0]
    rate = name in _RATES and scan.kind in ("word", "symbol") and scan.last_word() not in _DATED
    if not unit or not (_counted(scan) or scan.last_word() in _COUNTED_BY or rate):
        return None
    shortened = match["dot"] and f"{name}." in scan.table.abbreviations
    return f"{scan.table.per} {unit}", match.end() if shortened else match.end("per")


# Read the end of "92 ml/min/1,73 m²".
FRENCH_DOSES.phrase("word", SIGN, r"/\s?(?=1,73\s?m)", "pour", "/")
FRENCH_DOSES.phrases("abbreviation", WORD, "/", {
    r"s/(?=\s?\d)": "sous",  # "réparation s/48h"
    r"s/(?=asc|frais|engag)": "sans",  # Read "3e étage s/asc." and "s/ RDV".
    r"s/(?:\s?(?=rdv|rv\b|résa|réserv|commande|cde)|\s(?=[^\W\d_]{2}))": "sur",
})  # fmt: skip
# Read "sous 48 H", which is not a time of day.
FRENCH_DOSES.phrase("measure", DIGIT, r"(?P<number>\d{2,3})\s?(?-i:H)(?![\w/'-])", "{number:unit,h}", "H")


@FRENCH_DOSES.rule("measure", DIGIT, r"(?P<number><num>)\s(?P<unit>(?-i:[JG]))(?![\w'-])", "JG")
def _shouted_unit(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "7 J" and "4 G" of a text in capitals."""
    return scan.grammar.counted(match["number"], *scan.table.units[match["unit"].lower()]) if scan.shouted else None


@FRENCH_DOSES.rule("measure", DIGIT, r"(?P<number>\d{1,3}(?:,5)?)\s?(?-i:CP)(?![\w/])")
def _leave(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "8 CP" of a leave balance, which are not tablets."""
    leave = not _LEAVE.isdisjoint(scan.recent_words(12)) or " RTT" in scan.after(match)
    return f"{scan.grammar.number(match['number'])} {scan.grammar.spelled('CP')}" if leave else None


@FRENCH_DOSES.rule("measure", SIGN, r"/\s?(?P<unit>[mcd]?m)\^?(?P<power>[23])(?!\w)", "/")
def _per_power(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "/mm3" of "7 200/mm3" and the "/m²" of a price."""
    names = scan.table.units.get(match["unit"])
    if not names or scan.kind not in ("number", "measure", "money"):
        return None
    word = scan.table.square if match["power"] == "2" else scan.table.cubic
    return f"{scan.table.per} {scan.grammar.powered(names, word)[0]}"


@FRENCH_DOSES.rule("word", WORD, r"(?P<word>[^\W\d_]{3,15})(?=/\d{1,2}\s?h(?!\w))", "/")
def _before_hours(match: re.Match[str], scan: Scan) -> str | None:
    """Read the noun of "8 tétées/24 h", which is not a code."""
    return match["word"] if scan.kind == "number" else None


# Read "1re h gratuite".
FRENCH_DOSES.phrase("word", WORD, r"(?-i:h)(?![\w'])", "heure", after=("ordinal",))


# Spell the "INR" of a blood test; rupees come in larger amounts.
_CLOTTING = r"(?-i:INR)(?=\s?:?\s(?:à\s|de\s|cible\s)?\d{1,2}(?:[.,]\d{1,2})?(?!\d))"
FRENCH_DOSES.phrase("acronym", WORD, _CLOTTING, "I N R", "I")


@FRENCH_DOSES.rule("measure", SIGN, r"/\s?(?P<number>\d{1,2})\s?h(?:eures)?(?!\w)", "/")
def _every(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1 cp / 8h" as how often, "3 g/24h" as how much."""
    if not _counted(scan):
        return None
    hours = scan.grammar.cardinal(int(match["number"]), "f")
    return f"par {hours} heures" if match["number"] == "24" else f"toutes les {hours} heures"


@FRENCH_DOSES.rule(
    "measure", DIGIT, r"(?P<number><num>)\s?(?P<unit>[^\W\d_]{1,5})\.(?=[,/)]|\s(?:[(\d]|[+&/=]\s|(?-i:[a-zà-ÿ])))", "."
)
def _dotted_unit(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1 cp. matin" and "7 j. ouvrés", where the dot does not end the sentence."""
    unit, digit = match["unit"], scan.text[match.end() : match.end() + 2].strip().isdigit()
    if unit == "p" and len(match["number"]) > 1:
        return scan.grammar.counted(match["number"], "page", "pages")
    if not digit and (names := _DOTTED.get(unit.lower())):
        return scan.grammar.counted(match["number"], *names)
    room = unit == "ch" and len(match["number"]) == 1
    names = ("chambre", "chambres") if room else scan.table.units.get(unit)
    if (
        not names
        or (unit in scan.table.units_attached and not room)
        or (digit and f"{unit}." not in scan.table.abbreviations)
    ):
        return None
    return scan.grammar.counted(match["number"], *names)


# Read the number of "3 x 25 €"; other rules read the amount.
FRENCH_DOSES.phrase(
    "measure",
    DIGIT,
    r"(?P<number>\d{1,3})\s?[x×]\s?(?=<num>\s?(?:[€$£]|EUR|CHF|mg|k?g|[mcd]?l|Ah|k?Wc?|min|h|=)(?!\w))",
    "{number:cardinal,f} fois",
    "xX×",
)


@FRENCH_DOSES.rule("number", DIGIT, r"(?P<teams>[2-5])\s?[x×]\s?(?P<hours>8|12)(?!\w|[.,]\d|\s?h)", "xX×")
def _shifts(match: re.Match[str], scan: Scan) -> str | None:
    """Read "en 3x8"."""
    worked = scan.last_word() in ("les", "en", "travail", "poste", "horaires", "équipe", "équipes")
    numbers = (scan.grammar.cardinal(int(match[name])) for name in ("teams", "hours"))
    return " ".join(numbers) if worked else None


@FRENCH_DOSES.rule("measure", DIGIT, r"(?P<number>\d{1,2})\s?x(?!\w)(?=\s?[^\W\d_]|[.,;)]|\Z)", "xX")
def _in_parts(match: re.Match[str], scan: Scan) -> str | None:
    """Read "en 3x sans frais"."""
    if not _WORD_AFTER.match(scan.after(match)) and scan.last_word() not in ("en", "ou", "à", "valable"):
        return None
    return f"{scan.grammar.cardinal(int(match['number']), 'f')} fois"


@FRENCH_DOSES.rule(
    "measure",
    DIGIT,
    r"(?P<high>\d{1,3}(?:,\d)?)\s?/\s?(?P<low>\d{1,3}(?:,\d)?)(?:\s?(?P<unit>[mc]m)\s?Hg)?(?![\w/]|[.,]\d)",
    "/",
)
def _pressure(match: re.Match[str], scan: Scan) -> str | None:
    """Read "tension 13/8" and "140/90 mmHg"."""
    if not match["unit"] and (scan.last_word() in scan.table.date_words or not scan.announced(_PRESSURE)):
        return None
    high, low = scan.grammar.number(match["high"]), scan.grammar.number(match["low"])
    plain = match["high"].isdigit() and match["low"].isdigit() and int(match["low"]) < _LOWEST_IN_MILLIMETRES
    unit = f" {scan.table.units[match['unit'].lower() + 'Hg'][1]}" if match["unit"] else ""
    return f"{high} {low}{unit}" if plain else f"{high} sur {low}{unit}"


@FRENCH_DOSES.rule(
    "measure",
    DIGIT,
    r"(?:(?P<half>1/2|½)|(?P<number><num>))\s?c(?:uill)?\.?\s?à\.?\s?(?:(?P<large>soupe|s)|café|c)(?!\w)\.?",
)
def _spoons(match: re.Match[str], scan: Scan) -> str:
    """Read "2 c. à s." and "1/2 c. à c."."""
    kind = "soupe" if match["large"] else "café"
    if match["half"]:
        return f"une demi-cuillère à {kind}"
    return scan.grammar.counted(match["number"], f"cuillère à {kind}", f"cuillères à {kind}", "f")
