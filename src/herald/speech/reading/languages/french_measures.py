"""Rules for amounts in French only: marks of schools, units alone, temperatures, fractions."""

import re

from herald.speech.reading.grammar import MONTHS
from herald.speech.reading.languages.romance_numbers import measured, romance
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_MARKED = words(
    "note notes noté notée avis étoiles moyenne satisfaction glasgow eva rang classement "
    "niv score apgar acuité vision douleur risque indice niveau difficulté gravité"
)
_AMOUNTS_OF = frozenset({"ml", "mL", "cl", "l", "L", "kg"})
_FUELS = ("litre", "litres", "kilowattheure", "kilowattheures")
_SINGLE = frozenset({"le", "du", "au", "par", "un", "chaque", "ce"})
"""Words before a unit in the singular: "le kWh"."""
_PARTS = frozenset({"page", "étape", "partie", "colis", "message", "sms", "épisode", "photo", "dose", "séance"})
_LODGINGS = frozenset({"hôtel", "hotel", "l'hôtel", "camping", "résidence", "restaurant", "palace", "village"})
_TOTALS = frozenset({"20", "40", "50", "100", "1000", "10000"})
"""What marks are out of. A day and a month, or a fraction, hardly end so."""
_QUARTERS = 4
_HALVED = words(
    "an ans mois heure heures h kg kilo kilos jours semaines cp comprimé comprimés "
    "sachet sachets dose doses tasse tasses verre verres"
)
_TIME_AFTER = Lazy(r",?\s(?:(?:à|entre|de|dès|vers|avant|après)\s)?\d{1,2}\s?h")
_POINTS = Lazy(r"\s?p(?:oin)?ts?\b")
_SIZES = words("t taille tailles pointure pointures saison année scolaire hiver exercice campagne")
"""Sizes and seasons: a larger number after the sign is not a month, and hardly the denominator of a fraction."""
_LONGEST_AMOUNT = 30
_NO_UNITS = frozenset({"à", "a", "et", "ou"})
FRENCH_MEASURES = Rules()


FRENCH_MEASURES.phrase("symbol", SIGN, r"<=(?=\s?\d)", "inférieur ou égal à", "<")
FRENCH_MEASURES.phrase("symbol", SIGN, r">=(?=\s?\d)", "supérieur ou égal à", ">")


@FRENCH_MEASURES.rule("symbol", SIGN, r"(?P<sign>[<>])\s?(?=\d)", "<>")
def _compared(match: re.Match[str], scan: Scan) -> str | None:
    """Read the sign of "(< 6 mois)", which compares nothing that is written."""
    return None if scan.before else ("moins de" if match["sign"] == "<" else "plus de")


@FRENCH_MEASURES.rule(
    "measure",
    WORD,
    r"(?:(?P<name>(?-i:[kK]m|KM|[kK]g|KG|[kK]Wh|kwh|MWh))(?P<several>s)?|(?-i:m)(?=\^?[23])|M(?=\^[23]))(?P<power>\^?[23])?(?![\w/'-])",
)
def _alone(match: re.Match[str], scan: Scan) -> str | None:
    """Read the units of "3 € le kg", "prix au m²" and "Km : 84 512"."""
    units = scan.table.units
    names = units.get(match["name"]) or units[match["name"].lower()] if match["name"] else units["m"]
    if match["power"]:
        names = scan.grammar.powered(names, scan.table.square if match["power"][-1] == "2" else scan.table.cubic)
    return names[scan.last_word() not in _SINGLE or match["several"] is not None]


@FRENCH_MEASURES.rule("measure", DIGIT, r"(?P<number>[2-7] ?\d00)\s?(?-i:K)(?![\w€$£])", "K")
def _kelvin(match: re.Match[str], scan: Scan) -> str:
    """Read the colour of a lamp, "2700 K"."""
    return f"{scan.grammar.whole(match['number'].replace(' ', ''))} kelvins"


FRENCH_MEASURES.phrase("word", WORD, r"Ø(?=\s?\d)", "diamètre", "Ø")


@FRENCH_MEASURES.rule(
    "range",
    DIGIT,
    r"(?P<first>\d{1,2})/(?P<last>\d{1,2})"
    r"(?=\s?(?P<unit>heures|h|minutes|min|mn|jours|jrs|j|semaines|sem|mois|ans|pers|personnes|fois|Hz|°C|°)(?!\w))",
    "/",
)
def _slashed_range(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read the "24/" of "24/48h" and "2/" of "2/3 jours"; "3/4 h" is a fraction."""
    first, last = int(match["first"]), int(match["last"])
    fraction = last <= _QUARTERS and match["unit"].lower() in ("h", "heures")
    if not 1 < first < last or fraction or match["first"][0] == "0":
        return None
    return f"{scan.grammar.cardinal(first)} {scan.table.to}", match.start("last")


@FRENCH_MEASURES.rule(
    "measure", DIGIT, r"(?P<first>\d{1,3}(?:,\d{1,2})?)\s?/\s?(?P<last>\d{1,3}|10{3,4})(?![\w/%]|[.,-]\d)", "/"
)
def _mark(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    """Read "15,5/20" and "page 2/3"."""
    first, last = match["first"], match["last"]
    leading = last[0] == "0" or (first[0] == "0" and first.isdigit() and len(first) > 1)
    if (
        leading
        or _TIME_AFTER.match(scan.after(match))
        or match[0] in scan.table.named_numbers
        or scan.last_word() in scan.table.date_words
        or float(first.replace(",", ".")) > int(last)
    ):
        return None
    if scan.last_word() in _SIZES:
        return f"{scan.grammar.number(first)} {scan.grammar.whole(last)}"
    certain = "," in first or first == last == "10" or last in _TOTALS or (first != "1" and int(last) > MONTHS)
    if _POINTS.match(scan.after(match)):
        return f"{scan.grammar.number(first)} sur", match.start("last")  # "11/12 pts"
    if certain and measured(scan, match.end()):
        return f"{scan.grammar.number(first)} sur", match.start("last")  # "31/32 Go"
    certain = certain or scan.last_word() in _PARTS or scan.announced(_MARKED)
    return f"{scan.grammar.number(first)} sur {scan.grammar.whole(last)}" if certain else None


@FRENCH_MEASURES.rule(
    "fraction", DIGIT, r"(?P<first>\d{1,2})/(?P<last>\d{1,3})(?:i?[èe]mes?|es?)(?!\w|\sde\sfinale)", "/"
)
def _fraction(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1/10e"."""
    valid = int(match["last"]) > 1
    return scan.grammar.fraction("", match["first"], match["last"]) if valid else None


FRENCH_MEASURES.phrases("fraction", DIGIT + SIGN, "/½", {
    r"(?:1/2|½)(?!\w|\s{0,2}[^\W\d_])": "et demi",  # "10 ans 1/2"
}, where=lambda scan: scan.written_before().lower().split(" ")[-1] in _HALVED)  # fmt: skip
# Read the gas of "120 g CO2/km".
FRENCH_MEASURES.phrase("measure", WORD, r"CO2(?=/)", "C O deux", "/")
# Read the sign of "- de 12 ans".
FRENCH_MEASURES.phrase("number", SIGN, r"[-–](?=\s?de\s\d{1,3}\s?(?:ans|€|%|kg|km)(?!\w))", "moins", "-–")


@FRENCH_MEASURES.rule("number", SIGN, r"(?P<sign>[-–+])\s?(?=\d{1,2}\s?ans(?!\w))", "-–+")
def _aged(match: re.Match[str], scan: Scan) -> str | None:
    """Read the sign of "(-16 ans : 60 €)" and "les +65 ans"."""
    apart = not match.start() or scan.text[match.start() - 1] in " (\n"
    counted = scan.kind in ("number", "measure")
    word = scan.table.plus if match["sign"] == "+" else scan.table.minus
    return f"{word} de" if apart and not counted else None


@FRENCH_MEASURES.rule("number", DIGIT, r"(?P<number>\d{0,4}1)(?=\sdemi-(?P<noun>[^\W\d_]{3,12}))", "-")
def _halves(match: re.Match[str], scan: Scan) -> str | None:
    """Read the number of "1 demi-heure", which agrees with the noun."""
    return romance(scan).before_noun(match["number"], match["noun"])


# Read the signs of "+520 m/-480 m".
FRENCH_MEASURES.phrase("number", SIGN, r"/-(?=\d)", "moins", "/", after=("measure",))
FRENCH_MEASURES.phrase("number", SIGN, r"\+\s?/\s?-(?=\s?\d)", "plus ou moins", "/")


@FRENCH_MEASURES.rule("number", SIGN, r"–(?=\d)", "–")
def _dash_minus(match: re.Match[str], scan: Scan) -> str | None:
    """Read the dash of "–5 °C", which text processors make of a hyphen."""
    apart = not match.start() or not scan.text[match.start() - 1].strip(" (:\n")
    last = scan.tokens[-1].kind if scan.tokens else "pause"
    return scan.table.minus if apart and last in ("pause", "end", "paragraph", "word") else None


@FRENCH_MEASURES.rule("measure", SIGN, r"/\s?100(?P<unit>\s?km)?(?!\w|[.,]\d|\s?[^\W\d_]{1,3}\b)", "/")
def _per_hundred(match: re.Match[str], scan: Scan) -> str | None:
    """Read "5,2 l/100 km"."""
    used = scan.kind == "measure"
    return "aux cent kilomètres" if used and (match["unit"] or scan.before.endswith(_FUELS)) else None


@FRENCH_MEASURES.rule("word", SIGN, r"/\s?(?=<num>\s?(?P<unit>[^\W\d_]{1,5})(?!\w))", "/")
def _among(match: re.Match[str], scan: Scan) -> str | None:
    """Read the sign of "45 Go/100 Go" and "100 €/10 cours"."""
    last = scan.tokens[-1] if scan.tokens else None
    if last and last.kind == "money":
        return "pour"
    names = scan.table.units.get(match["unit"])
    if not last or last.kind != "measure" or not names:
        return None
    if not last.words.endswith(names):
        return "pour" if match["unit"] in _AMOUNTS_OF else None  # "250 mg/5 ml"
    return None if last.words.endswith(("mètre", "mètres")) else scan.table.symbols["/"]


@FRENCH_MEASURES.rule("number", SIGN, r"\+(?=<num>\s?(?P<unit>°?[^\W\d_]{1,5}|[%€$£°])(?![\w-]))", "+")
def _more(match: re.Match[str], scan: Scan) -> str | None:
    """Read the sign of "+8 °C" and "+45 min"; other rules read the amount."""
    unit, table = match["unit"], scan.table
    known = unit in table.units or unit in table.currencies or unit in table.after_number
    return table.plus if known and not scan.text[match.start() - 1 : match.start()].isalnum() else None


@FRENCH_MEASURES.rule("fraction", DIGIT, r"1/(?P<part>2|4|8|16|32)(?:[èe]m?e?)?(?:\sde)?[ -](?=finales?(?!\w))", "/")
def _rounds(match: re.Match[str], scan: Scan) -> str:
    """Read the "1/4 de" of "en 1/4 de finale"."""
    if match["part"] == "2":
        return "demi"
    return f"{scan.grammar.fraction('', '1', match['part']).removeprefix('un ')} de"


FRENCH_MEASURES.phrases("measure", DIGIT, "°", {
    r"(?P<whole>\d{1,2})°\s?(?P<tenth>\d)(?!\w|[.,]\d)": "{whole:cardinal} {tenth:cardinal}",  # "38°5"
})  # fmt: skip
FRENCH_MEASURES.phrases("measure", DIGIT, "*", {
    r"(?P<number>[1-5])\s?\*(?![\w*])": "{number:counted,étoile,étoiles,f}",  # "hôtel 4*"
}, where=lambda scan: scan.announced(_LODGINGS))  # fmt: skip


@FRENCH_MEASURES.rule("measure", SIGN, r"\*{2,5}(?![\w*])", "*")
def _starred(match: re.Match[str], scan: Scan) -> str | None:
    """Read "camping ***"."""
    known = scan.last_word() in _LODGINGS
    return scan.grammar.counted(str(len(match[0])), "étoile", "étoiles", "f") if known else None


@FRENCH_MEASURES.rule(
    "word",
    WORD,
    r"de\s(?=1(?:(?: 000){2,3}|,\d\d\s?(?:€|EUR)|\s?h\s?\d\d|\s?(?P<unit>°?[^\W\d_]{1,8}|[€$£]))(?!\w))",
    "1",
)
def _of_one(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "de 1h45" as "d'une heure quarante-cinq"."""
    if match["unit"] and match["unit"].lower() in _NO_UNITS:
        return None
    # Up to the next "de", so that no amount is looked at twice.
    rest = scan.text[match.end() : match.end() + _LONGEST_AMOUNT].split(" de ")[0]
    amount = type(scan)(rest, scan.grammar).run()[0]
    if amount.words.split(" ")[0] not in ("un", "une"):
        return None
    return f"d'{amount.words}", match.end() + amount.end
