"""Spanish codes, ordinals with "°", plates, roads, and measures."""

import re

from herald.speech.reading.languages.spanish_nouns import gender_after
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.codes import TYRE
from herald.speech.reading.rules.dates import clock
from herald.speech.reading.rules.numbers import grouped_digits
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import Currency, words

_RANKED = words(
    "piso planta grado año vto vencimiento cuota puesto lugar fecha edición etapa turno dto depto semestre trimestre "
    "cuatrimestre bimestre básico medio primaria secundaria premio aniversario aviso dosis semana mes día paso torre "
    "derecha izquierda dcha izq frente contrafrente fila intento plazo ciclo nivel bachillerato"
)
"""Words after an ordinal that is written with the sign of degrees, as in America."""
_PHONES = words("tel tels tlf tfno teléfono teléfonos móvil celular cel whatsapp llame llámenos llama llámanos")
_NUMBERS = words("número no nº n.º nro núm")
_KEYS = words("pulse pulsa marque marca oprima oprime presione presiona tecla")
_DIALLED = words("marca marque marcando al")
_PLACES = words(
    "fila asiento piso puerta casa lote mesa grupo línea año grado portal depto departamento dpto local oficina aula "
    "butaca plaza sala torre bloque"
)
_BEFORE_EMERGENCY = words("al el marque marca llame llama llamar emergencias urgencias teléfono tel o y") | {""}
_MONTH_AFTER = Lazy(r"\sde\s([^\W\d_]+)")
_ROADS = words("ruta rn rp carretera autopista autovía")
_TOWN = 1000
"""Inhabitants of a small town, which are more than the rooms of a hotel."""
_DOLLAR = Currency("dólar", "dólares", "centavo", "centavos")
_STARRED = frozenset({"hotel", "hoteles", "categoría", "apartamentos", "alojamiento"})
_VEHICLES = words("matr matrícula vehículo coche placa placas moto")
SPANISH_CODES = Rules()


@SPANISH_CODES.rule("code", DIGIT, r"(?P<digits>\d{4})(?P<join>[ -]?)(?P<letters>(?-i:[B-DF-HJ-NPR-TV-Z]{3}))(?![\w-])")
def _plate(match: re.Match[str], scan: Scan) -> str | None:
    """Read the plate "1234-BCD"; "1500 MXN" is an amount."""
    letters = match["letters"]
    if letters in scan.table.currencies or letters.lower() in scan.table.units:
        return None
    if match["join"] == " " and not scan.announced(_VEHICLES):
        return None
    return f"{scan.grammar.digits(match['digits'])}, {scan.grammar.spelled(letters)}"


@SPANISH_CODES.rule("code", SIGN, r"\*(?P<code>\d{2,4}(?:\*\d{1,8}){0,3})(?P<end>#)?(?!\w)", "*")
def _dialled(match: re.Match[str], scan: Scan) -> str | None:
    """Read "*133#" and, where one is to dial it, "*611"."""
    if not match["end"] and scan.last_word() not in _DIALLED:
        return None
    star = scan.table.link_signs["*"]
    said = "".join(f"{star} {scan.grammar.digits(part)} " for part in match["code"].split("*"))
    return f"{said}{scan.table.hashtag if match['end'] else ''}".rstrip()


@SPANISH_CODES.rule("code", DIGIT, r"\d{3}(?: \d{3}){2,4}(?![\w-]| \d|[.,]\d)")
def _numbered(match: re.Match[str], scan: Scan) -> str | None:
    """Read "No. de servicio 123 456 789 012"."""
    if not scan.announced(_NUMBERS) or match[0].endswith("000"):
        return None
    return grouped_digits(match, scan)


# Read the key "*".
SPANISH_CODES.phrase("symbol", SIGN, r"\*(?![\w*])", "asterisco", "*", last=_KEYS)
SPANISH_CODES.phrases("measure", DIGIT, "*", {
    r"(?P<number>[1-5])\s?\*(?![\w*])": "{number:counted,estrella,estrellas,f}",  # "hotel 4*"
}, where=lambda scan: scan.recent_words(6) & _STARRED)  # fmt: skip


@SPANISH_CODES.rule("phone", DIGIT, r"[6-9]\d\d(?P<short>(?:\.\d{3}){2}|(?:\.\d\d){3})(?![\w-]|[.,]\d)", ".")
def _dotted_phone(match: re.Match[str], scan: Scan) -> str | None:
    """Read "600.12.34.56", and "600.123.456" after "tel."."""
    if len(match["short"]) == 8 and not scan.announced(_PHONES):  # noqa: PLR2004  could be millions
        return None
    return scan.grammar.phone(match[0].split("."))


@SPANISH_CODES.rule("code", DIGIT, r"\d{2}-\d{8}-\d(?![\w-])", "-")
def _tax_number(match: re.Match[str], scan: Scan) -> str:
    """Read the Argentine "20-12345678-9"."""
    return ", ".join(scan.grammar.phone([part]) for part in match[0].split("-"))


@SPANISH_CODES.rule(
    "ordinal", DIGIT, r"(?P<number>\d{1,2})°(?=\s?(?:(?P<noun>[^\W\d_]{2,15})|(?-i:[ABDGH]))(?!\w))", "°"
)
def _ranked(match: re.Match[str], scan: Scan) -> str | None:
    """Read "2° piso" and "3° B"; other numbers with "°" are degrees."""
    noun = (match["noun"] or "").lower()
    following = _MONTH_AFTER.match(scan.text, match.end())
    if following and match["number"] == "1" and following[1].lower() in scan.table.months:
        return "primero"
    if noun and noun not in _RANKED:
        return None
    gender, counted = gender_after(scan, match.end())
    form = "m" if noun in ("derecha", "izquierda", "frente", "contrafrente") or not counted else gender
    before = form == "m" and counted and noun not in ("derecha", "izquierda", "dcha", "izq", "frente", "contrafrente")
    return scan.grammar.ordinal(int(match["number"]), "er" if before else form)


@SPANISH_CODES.rule("money", SIGN, r"/\s?(?P<unit>(?-i:[a-záéíóúñ]{3,12}|km|SMS|GB))(?!\w)", "/")
def _each(match: re.Match[str], scan: Scan) -> str | None:
    """Read the end of "14 €/alumno", "50 €/adulto/noche" and "45 min/sesión"."""
    paid = scan.kind in ("money", "measure")
    return scan.grammar.per(scan.table.per_units.get(match["unit"], match["unit"])) if paid else None


@SPANISH_CODES.rule("measure", WORD, r"(?-i:m)\^?(?P<power>[23])(?!\w)")
def _metre(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "m²" of "el precio del m²"."""
    if scan.last_word() not in ("el", "del", "al", "por", "cada"):
        return None
    return f"metro {scan.table.square if match['power'] == '2' else scan.table.cubic}"


SPANISH_CODES.append(TYRE)


SPANISH_CODES.phrases("code", WORD, "-", {
    # Read the road "N-630".
    r"(?P<road>(?-i:N|AP?|M|E|C|R))-(?P<number>[1-9]\d\d)(?![\w-]|[.,]\d)": "{road:spelled} {number:whole}",
}, where=lambda scan: not scan.names_code() and scan.before != scan.table.number_sign)  # fmt: skip


@SPANISH_CODES.rule("fraction", DIGIT + SIGN, r"(?:(?P<whole>\d{1,3})\s{1,2})?½\s{1,2}(?=[^\W\d_])", "½")
def _half(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "½ cebolla"."""
    gender, noun = gender_after(scan, match.end() - 1)
    if gender != "f" or not noun:
        return None
    whole = f"{scan.grammar.whole(match['whole'], 'f')} y " if match["whole"] else ""
    return f"{whole}media", match.end() - 1


@SPANISH_CODES.rule("money", WORD, r"U\$[SD]\s?(?P<number><num>)(?![\w])", "$")
def _dollars(match: re.Match[str], scan: Scan) -> str:
    """Read "U$S 700", as in Argentina."""
    return scan.grammar.money(match["number"], _DOLLAR)


SPANISH_CODES.phrases("number", DIGIT, "", {
    # Read "fila 12 A", which has no amperes.
    r"(?P<number>\d{1,4})\s(?P<letter>(?-i:[A-Z]))(?!['\w-])": "{number:whole} {letter:spelled}",
}, last=_PLACES)  # fmt: skip
# Read the road of "Ruta 2 km 113,5".
SPANISH_CODES.phrase("number", DIGIT, r"(?P<number>\d{1,4})(?=,?\skm\.?\s\d)", "{number:whole}", last=_ROADS)


@SPANISH_CODES.rule(
    "code", DIGIT, r"(?P<first>[1-9]\d{2,4})/(?P<last>\d{1,3})(?![\w/%°º]|[.,-]\d|\s?(?:mg|g|ml|mm\s?Hg)(?!\w))", "/"
)
def _file_number(match: re.Match[str], scan: Scan) -> str | None:
    """Read "legajo 1543/7": fractions are rarely above a hundred."""
    law = scan.announced(scan.table.law_words) or scan.announced(scan.table.pressure_words)
    if law or scan.names_code() or match[0] in scan.table.named_numbers:
        return None
    return f"{scan.grammar.whole(match['first'])} {scan.table.slash} {scan.grammar.whole(match['last'])}"


@SPANISH_CODES.rule("code", WORD, r"(?-i:N)-(?P<number>(?-i:I{1,3}|IV|VI?))(?![\w-])", "-")
def _road(match: re.Match[str], scan: Scan) -> str:
    """Read the road "N-II"."""
    numbers = ("I", "II", "III", "IV", "V", "VI")
    return f"N {scan.grammar.cardinal(numbers.index(match['number'].upper()) + 1)}"


@SPANISH_CODES.rule("number", DIGIT, r"(?:112|911)(?![\w-]|\s\d|[.,/:]\d|\s?[€$£%])")
def _emergency(match: re.Match[str], scan: Scan) -> str | None:
    """Read "quedan 112 plazas"; elsewhere these are numbers to call."""
    gender, noun = gender_after(scan, match.end())
    called = not noun.endswith("s") and scan.last_word() in _BEFORE_EMERGENCY
    return None if called or scan.names_code() else scan.grammar.whole(match[0], gender)


@SPANISH_CODES.rule("number", DIGIT + SIGN, r"(?P<sign>\$\s?)?(?P<number>\d{1,3}'\d{3}[.,]\d{3})(?![\d'])", "'")
def _millions(match: re.Match[str], scan: Scan) -> str:
    """Read "$1'250.000", as in Colombia."""
    digits = "".join(filter(str.isdigit, match["number"]))
    return scan.grammar.money(digits, scan.table.currencies["$"]) if match["sign"] else scan.grammar.whole(digits)


@SPANISH_CODES.rule("number", DIGIT, r"(?P<number>\d{1,3}(?:\.\d{3}){2})-(?P<check>\d|(?-i:[A-Z])|k)(?![\w-])", "-")
def _checked(match: re.Match[str], scan: Scan) -> str:
    """Read "RUT 12.345.678-9"."""
    check = scan.grammar.whole(match["check"]) if match["check"].isdigit() else scan.grammar.spelled(match["check"])
    return f"{scan.grammar.whole(match['number'].replace('.', ''))} {scan.table.link_signs['-']} {check}"


@SPANISH_CODES.rule("code", DIGIT, r"\d{3}-\d{3}-\d{3}(?![\w-]|[.,]\d)", "-")
def _triple(match: re.Match[str], scan: Scan) -> str:
    """Read "123-456-789"."""
    return scan.grammar.phone(match[0].split("-"))


# Read the sign of "#8841XZ".
SPANISH_CODES.phrase("label", SIGN, r"#\s?(?=\d{3,10}[A-Z]|\d{3}-\d{3}-\d{3}(?![\w-]))", "número", "#")
# Read "60 ml/min/1,73 m²".
SPANISH_CODES.phrase("word", SIGN, r"/(?=1[.,]73\s?m)", "por", "/")


@SPANISH_CODES.rule("measure", DIGIT, r"(?P<number>\d{1,3}[.,]\d{1,2})[º°](?!\w|\s?[CF](?!\w))", "º°")
def _fever(match: re.Match[str], scan: Scan) -> str:
    """Read "37,2º"."""
    number = match["number"].replace(".", scan.table.decimal_mark).replace(",", scan.table.decimal_mark)
    return scan.grammar.counted(number, *scan.table.units["°"])


# Read the end of the account "***1234".
SPANISH_CODES.phrase("code", SIGN, r"\*{2,16}\s?(?P<digits>\d{3,4})(?!\w|[.,]\d)", "{digits:digits}", "*")
# Read "120 €/p.p.".
SPANISH_CODES.phrase("money", SIGN + WORD, r"/?\s?(?-i:p\.\s?p)\.?(?!\w)", "por persona", ".", after=("money",))


@SPANISH_CODES.rule(
    "measure",
    DIGIT,
    r"(?P<whole>\d{1,4})'(?P<fraction>\d{1,2})(?!['\"\d])(?:\s?(?P<unit>€|%|[^\W\d_]{1,6})(?!\w))?",
    "'",
)
def _apostrophe(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "1'5 litros" and "2'50 €", as in Spain."""
    number, unit = f"{match['whole']}{scan.table.decimal_mark}{match['fraction']}", match["unit"] or ""
    currency, names = scan.table.currencies.get("€" if unit == "euros" else unit), scan.table.units.get(unit)
    if currency:
        return scan.grammar.money(number, currency), match.end()
    names = scan.table.after_number["%"] if unit == "%" else names
    if names:
        return scan.grammar.counted(number, *names), match.end()
    time = clock(match["whole"], match["fraction"]) if scan.last_word() in ("las", "la") else None
    if time:
        return scan.grammar.time(time), match.end("fraction")
    end = match.end("fraction")
    feminine = "f" if gender_after(scan, end)[0] == "f" else ""
    return (scan.grammar.number(number, feminine), end) if not scan.text[end : end + 1].isalnum() else None


@SPANISH_CODES.rule("money", DIGIT, r"(?P<number><num>)\s?(?P<size>(?-i:[kKM]|MM))(?P<symbol>[€$£])")
def _abbreviated(match: re.Match[str], scan: Scan) -> str:
    """Read "1,5 M€"."""
    return scan.grammar.money(match["number"], scan.table.currencies[match["symbol"]], match["size"].lower())


@SPANISH_CODES.rule("measure", DIGIT, r"(?P<number><num>)\s?(?P<size>(?-i:M)\s)?hab\.?(?P<area>/km\^?2)?(?!\w)")
def _people(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1.200 hab." and "94 hab./km²": a number of inhabitants, where few are rooms."""
    few = match["number"].isdigit() and int(match["number"]) < _TOWN
    if few and not match["size"] and not match["area"]:
        return None
    people = "millones de habitantes" if match["size"] else "habitantes"
    return f"{scan.grammar.number(match['number'])} {people}{' por kilómetro cuadrado' if match['area'] else ''}"


# Read "4,7 l/100 km".
SPANISH_CODES.phrase("word", SIGN, r"/\s?100\s?km(?!\w)", "a los cien kilómetros", "/")
