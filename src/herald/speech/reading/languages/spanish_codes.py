"""Spanish codes, ordinals with "°", plates, ranges of dates and short forms that need a look around."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.grammar import MONTHS, Date
from herald.speech.reading.languages.spanish_nouns import gender_after
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.dates import is_day
from herald.speech.reading.table import words

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

_RANKED = words(
    "piso planta grado año vto vencimiento cuota puesto lugar fecha edición etapa turno dto depto semestre trimestre "
    "cuatrimestre bimestre básico medio primaria secundaria premio aniversario aviso dosis semana mes día paso torre "
    "derecha izquierda dcha izq frente contrafrente fila"
)
"""Words after an ordinal that is written with the sign of degrees, as in America."""
_PHONES = words("tel tels tlf tfno teléfono teléfonos móvil celular cel whatsapp llame llámenos llama llámanos")
_NUMBERS = words("número no nº n.º nro núm")
_KEYS = words("pulse pulsa marque marca oprima oprime presione presiona tecla")
_DIALLED = words("marca marque marcando al")
_STARRED = frozenset({"hotel", "hoteles", "categoría", "apartamentos", "alojamiento"})
_VEHICLES = words("matrícula vehículo coche placa placas moto")
SPANISH_CODES = Rules()


@SPANISH_CODES.rule(
    "code", (DIGIT,), r"(?P<digits>\d{4})(?P<join>[ -]?)(?P<letters>(?-i:[B-DF-HJ-NPR-TV-Z]{3}))(?![\w-])"
)
def _plate(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the plate "1234-BCD"; "1500 MXN" is an amount."""
    letters = match["letters"]
    if letters in scan.table.currencies or letters.lower() in scan.table.units:
        return None
    if match["join"] == " " and not scan.announced(_VEHICLES):
        return None
    return f"{scan.grammar.digits(match['digits'])}, {scan.grammar.spelled(letters)}"


@SPANISH_CODES.rule("code", (SIGN,), r"\*(?P<code>\d{2,4}(?:\*\d{1,8}){0,3})(?P<end>#)?(?!\w)", needs="*")
def _dialled(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "*133#" and, where one is to dial it, "*611"."""
    if not match["end"] and scan.last_word() not in _DIALLED:
        return None
    star = scan.table.link_signs["*"]
    said = "".join(f"{star} {scan.grammar.digits(part)} " for part in match["code"].split("*"))
    return f"{said}{scan.table.hashtag if match['end'] else ''}".rstrip()


@SPANISH_CODES.rule("code", (DIGIT,), r"\d{3}(?: \d{3}){2,4}(?![\w-]| \d|[.,]\d)")
def _numbered(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "No. de servicio 123 456 789 012"."""
    if not scan.announced(_NUMBERS) or match[0].endswith("000"):
        return None
    return ", ".join(scan.grammar.digits(group) for group in match[0].split(" "))


@SPANISH_CODES.rule("symbol", (SIGN,), r"\*(?![\w*])", needs="*")
def _star(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the key "*"."""
    return scan.table.link_signs["*"] if scan.last_word() in _KEYS else None


@SPANISH_CODES.rule("measure", (DIGIT,), r"(?P<number>[1-5])\s?\*(?![\w*])", needs="*")
def _stars(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "hotel 4*"."""
    starred = not scan.recent_words(6).isdisjoint(_STARRED)
    return scan.grammar.counted(match["number"], "estrella", "estrellas", "f") if starred else None


@SPANISH_CODES.rule("phone", (DIGIT,), r"[6-9]\d\d(?P<short>(?:\.\d{3}){2}|(?:\.\d\d){3})(?![\w-]|[.,]\d)", needs=".")
def _dotted_phone(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "600.12.34.56", and "600.123.456" after "tel."."""
    if len(match["short"]) == 8 and not scan.announced(_PHONES):  # noqa: PLR2004  could be millions
        return None
    return scan.grammar.phone(match[0].split("."))


@SPANISH_CODES.rule("code", (DIGIT,), r"\d{2}-\d{8}-\d(?![\w-])", needs="-")
def _tax_number(match: re.Match[str], scan: "Scan") -> str:
    """Read the Argentine "20-12345678-9"."""
    return ", ".join(scan.grammar.phone([part]) for part in match[0].split("-"))


@SPANISH_CODES.rule(
    "ordinal", (DIGIT,), r"(?P<number>\d{1,2})°(?=\s?(?:(?P<noun>[^\W\d_]{2,15})|(?-i:[ABDGH]))(?!\w))", needs="°"
)
def _ranked(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "2° piso" and "3° B"; other numbers with "°" are degrees."""
    noun = (match["noun"] or "").lower()
    if noun and noun not in _RANKED:
        return None
    gender, counted = gender_after(scan, match.end())
    form = "m" if noun in ("derecha", "izquierda", "frente", "contrafrente") or not counted else gender
    before = form == "m" and counted and noun not in ("derecha", "izquierda", "dcha", "izq", "frente", "contrafrente")
    return scan.grammar.ordinal(int(match["number"]), "er" if before else form)


@SPANISH_CODES.rule(
    "date",
    (DIGIT,),
    r"(?P<first>\d{1,2}/\d{1,2})\s?[-–]\s?(?P<last>\d{1,2}/\d{1,2})(?![\w/]|[.,]\d)",
    needs="/",
)
def _days(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "15/06-15/09"; "1/2-3/4" may be fractions."""
    said = []
    for date in (match["first"], match["last"]):
        first, second = map(int, date.split("/"))
        day, month = (first, second) if scan.table.date_order == "dmy" else (second, first)
        if not is_day(day, month):
            return None
        said.append(scan.grammar.date(Date(day, month, day_first=True)))
    sure = "/0" in match[0] or "0" in (match["first"][0], match["last"][0])
    days = (int(date.split("/")[0]) for date in (match["first"], match["last"]))
    return f" {scan.table.to} ".join(said) if sure or max(days) > MONTHS else None


@SPANISH_CODES.rule(
    "date",
    (DIGIT,),
    r"(?P<day>\d{1,2})\s(?P<name>[^\W\d_]{3,4})\.?\s(?P<year>[2-4]\d)(?!\w|[.,:/-]\d|\s?(?-i:[a-z%€$ºª°]))",
)
def _short_year(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "10 DIC 26"."""
    month = scan.table.month_short.get(match["name"].lower())
    if not month or not is_day(int(match["day"]), month):
        return None
    return scan.grammar.date(Date(int(match["day"]), month, match["year"], day_first=True))


@SPANISH_CODES.rule(
    "date", (DIGIT,), r"(?P<quarter>[1-4])\s?(?-i:T)\s?(?:del?\s)?(?P<year>20\d\d|(?<=T)2\d)(?![\w:/-]|,\d)", needs="T"
)
def _quarter(match: re.Match[str], scan: "Scan") -> str:
    """Read "3T 2026"."""
    return f"{scan.grammar.ordinal(int(match['quarter']), 'er')} trimestre de {scan.grammar.year(match['year'])}"


@SPANISH_CODES.rule("number", (DIGIT,), r"(?P<number>\d{1,3})\s(?-i:A)(?=\s\d)", needs="A")
def _from(match: re.Match[str], scan: "Scan") -> str:
    """Read the "10 A" of "DE 10 A 21 H", which has no amperes."""
    return f"{scan.grammar.whole(match['number'])} {scan.table.to}"


@SPANISH_CODES.rule("measure", (DIGIT,), r"(?P<number>\d{1,3})\s?(?-i:H)(?!\w|['.-]\w)\.?", needs="H")
def _hours(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the "21 H" of "DE 10 A 21 H"."""
    ranged = scan.before.endswith(f" {scan.table.to}") or scan.last_word() in (scan.table.to, "y", "cada")
    return scan.grammar.counted(match["number"], *scan.table.units["h"]) if scan.shouted or ranged else None


@SPANISH_CODES.rule("word", (WORD,), r"(?-i:[AEOUY])(?!\w|['.-]\w)")
def _shouted(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the "Y" of a text in capitals as the word."""
    return match[0].lower() if scan.shouted else None


@SPANISH_CODES.rule("money", (SIGN,), r"/\s?(?P<unit>(?-i:[a-záéíóúñ]{3,12}))(?!\w)", needs="/")
def _each(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the end of "14 €/alumno" and "50 €/adulto/noche"."""
    return scan.grammar.per(match["unit"]) if scan.tokens and scan.tokens[-1].kind == "money" else None


@SPANISH_CODES.rule("abbreviation", (WORD,), r"pr[óo]x\.(?=\s[^\W\d_])", needs=".")
def _next(match: re.Match[str], scan: "Scan") -> str:
    """Read "Próx. revisión"."""
    gender, noun = gender_after(scan, match.end())
    plural = noun.endswith("s") and noun not in ("mes", *scan.table.weekdays)
    return f"próxim{'a' if gender == 'f' else 'o'}{'s' if plural else ''}"


# Read "s. XVIII" and "S. XXI"; "S. V. Pérez" has initials.
SPANISH_CODES.phrase(
    "label",
    (WORD,),
    r"(?-i:s\.\s?(?=[IVX]{1,6}(?![\w.]))|[Ss]\.\s?(?=[IVX]{2,6}(?!\w)))",
    "siglo",
    needs=".",
)

# Read "No. de servicio"; "No." before a capital ends a sentence.
SPANISH_CODES.phrase(
    "label",
    (WORD,),
    r"(?-i:(?:No|N[Rr]o|nro|[Nn][úu]m)\.(?=\sde\s)|(?:NO|NRO|N[UÚ]M)\.(?=\sDE\s))",
    "número",
    needs=".",
)

# Read "A/A: Sra. Ruiz"; elsewhere it is the air conditioning.
SPANISH_CODES.phrase(
    "label", (WORD,), r"(?-i:A/A)(?=:|\s(?:Sra?|Dra?|D|Dña|Dpto)\.|\s(?:don|doña)\s)", "a la atención de", needs="/"
)
SPANISH_CODES.phrase("word", (WORD,), r"(?-i:A/A)(?!\w)", "aire acondicionado", needs="/")

# Read "LO 3/2018", "RD 1720/2007" and "RDL 8/2020".
SPANISH_CODES.phrase("label", (WORD,), r"(?-i:LO)(?=\s\d{1,3}/\d)", "ley orgánica", needs="/")
SPANISH_CODES.phrase("label", (WORD,), r"(?-i:RD)(?=\s\d{1,4}/\d)", "real decreto", needs="/")
SPANISH_CODES.phrase("label", (WORD,), r"(?-i:RDL|RD-ley)(?=\s\d{1,4}/\d)", "real decreto ley", needs="/")

# Read "SatO2 97 %".
SPANISH_CODES.phrase("label", (WORD,), r"Sat\.?\s?O2(?!\w)", "saturación de oxígeno", needs="2")

# Read "Cl@ve", an identification in Spain.
SPANISH_CODES.phrase("word", (WORD,), r"Cl@ve(?![\w.@])", "clave", needs="@")

# Read "q tal".
SPANISH_CODES.phrase("word", (WORD,), r"(?-i:q)(?=\s(?-i:[a-záéíóúñ]{2,20})(?!\w))", "que")

# Read "exp. $80.000", the costs of a flat.
SPANISH_CODES.phrase("label", (WORD,), r"exp\.(?=\s?\$)", "expensas", needs="$")


@SPANISH_CODES.rule("code", (WORD,), r"(?-i:N)-(?P<number>(?-i:I{1,3}|IV|VI?))(?![\w-])", needs="-")
def _road(match: re.Match[str], scan: "Scan") -> str:
    """Read the road "N-II"."""
    numbers = ("I", "II", "III", "IV", "V", "VI")
    return f"N {scan.grammar.cardinal(numbers.index(match['number'].upper()) + 1)}"
