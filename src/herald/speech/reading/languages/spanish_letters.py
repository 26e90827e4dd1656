"""Spanish abbreviations that depend on their context: "L-V", "D. José", "c/8 h", "esc. B", "fiebre de 39º"."""

import re

from herald.speech.reading.grammar import MONTHS, Date, Time
from herald.speech.reading.languages.spanish_nouns import NO_NOUNS
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.dates import is_day
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_WEEKDAYS = "LMXJVSD"
_SENTENCE = Lazy(r"\s+[^\Wa-z\d_]|\s*\Z")
_DAY_FOLLOWS = Lazy(r",?\s\d{1,2}(?!\d)")
_WORD_AFTER = Lazy(r"\s([^\W\d_]+)")
_LOWEST_FEVER, _LOWEST_OVEN = 10, 100
"""Minimum degrees. A smaller number with "º" is more likely an ordinal: "del 3º"."""
_BEFORE_DEGREES = frozenset(
    {"gire", "gira", "girar", "ángulo", "inclinación", "a", "de", "hasta", "supera", "<", ">", "entre", "y"}
)
_TEMPERATURES = words("temperatura máxima mínima máximas mínimas máx mín máximo mínimo fiebre entre < >")
_PARTS = {
    "esc": "escalera", "ed": "edición", "inst": "instancia", "pta": "puerta", "div": "división", "secc": "sección",
    "conv": "convocatoria", "aniv": "aniversario",
}  # fmt: skip
_BEFORE_DON = words(
    "sr dr excmo ilmo señor notaría notario perito letrado procurador abogado arquitecto titular director alcalde "
    "presidente paciente alumno cliente atte rey príncipe infante duque conde"
)
_WEATHER = words("calor frío temperatura temperaturas máxima máximas mínima mínimas sol nieve helada heladas ola")
_BLOOD_WORDS = frozenset({"sangre", "sanguíneo", "sanguíneos", "grupo", "grupos", "donantes"})
SPANISH_LETTERS = Rules()


@SPANISH_LETTERS.rule(
    "date", WORD, r"(?P<days>(?-i:[LMXJVSD](?:,\s?[LMXJVSD]){1,5}(?:,?\sy\s[LMXJVSD])?))(?![\w/'.-])", ","
)
def _days(match: re.Match[str], scan: Scan) -> str | None:
    """Read "L, X y V de 16 a 18 h"."""
    days = [_WEEKDAYS.index(day) for day in match["days"] if day in _WEEKDAYS]
    if days != sorted(set(days)) or not (" y " in match["days"] or _hours_follow(scan, match.end())):
        return None
    names = [scan.table.weekdays[day] for day in days]
    return f"{', '.join(names[:-1])} y {names[-1]}" if " y " in match["days"] else ", ".join(names)


@SPANISH_LETTERS.rule(
    "date",
    WORD,
    r"(?P<first>(?-i:[LMXJVSD]))\.?(?P<join>\s?[-–]\s?|\s(?-i:a|y)\s)(?P<last>(?-i:[LMXJVSD]))(?![\w/'-])\.?",
)
def _weekdays(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "L-V 9:00-14:00" and "L a V"."""
    first, last = _WEEKDAYS.index(match["first"]), _WEEKDAYS.index(match["last"])
    named = match["last"] in "JVSD" and match["first"] in "LS" and "." not in match[0][:-1]
    certain = named or _hours_follow(scan, match.end())
    if first >= last or not certain:
        return None
    word = match["join"].strip() if match["join"].strip().isalpha() else scan.table.to
    end = match.end() - (match[0].endswith(".") and _SENTENCE.match(scan.text, match.end()) is not None)
    return f"{scan.table.weekdays[first]} {word} {scan.table.weekdays[last]}", end


_HOURS = Lazy(r"\s?:?,?\s(?:de\s)?\d{1,2}(?:[:.]\d\d|\s?(?:-|a|h)\s?)|\s?:?\s(?:cerrado|mañanas?|tardes?)")


def _hours_follow(scan: Scan, at: int) -> bool:
    return _HOURS.match(scan.text, at) is not None


@SPANISH_LETTERS.rule("date", WORD, r"(?-i:[LMXJVSD](?:[-/][LMXJVSD]){2,5})(?![\w/'-])", "-/")
def _listed(match: re.Match[str], scan: Scan) -> str | None:
    """Read "L-X-V"."""
    days = [_WEEKDAYS.index(day) for day in re.split("[-/]", match[0])]
    names = [scan.table.weekdays[day] for day in days]
    return f"{', '.join(names[:-1])} y {names[-1]}" if days == sorted(set(days)) else None


@SPANISH_LETTERS.rule("date", WORD, r"(?P<day>(?-i:[LMXJVSD]))(?![\w/'.-])")
def _weekday(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "S" of "L-V 9:00-14:00; S 10:00-14:00"."""
    if scan.last_word() in ("el", "los") and _DAY_FOLLOWS.match(scan.text, match.end()):
        return scan.table.weekdays[_WEEKDAYS.index(match["day"])]
    opens = not scan.before or scan.last_word() in ("y", "los")
    dated = any(token.kind == "date" for token in scan.tokens[-16:])
    if not (opens and dated and _hours_follow(scan, match.end())):
        return None
    return scan.table.weekdays[_WEEKDAYS.index(match["day"])]


@SPANISH_LETTERS.rule(
    "word",
    WORD + SIGN,
    r"c/\s?(?P<number>\d{1,2})\s?(?P<unit>h(?:rs?|s|oras?)?|d(?:ías?)?|min|sem(?:anas?)?)(?!\w)(?:\.(?=\s(?-i:[a-z(])))?",
    "/",
)
def _every(match: re.Match[str], scan: Scan) -> str:
    """Read "1 comp. c/8 h"."""
    one, many = {"h": ("hora", "horas"), "d": ("día", "días"), "m": ("minuto", "minutos"), "s": ("semana", "semanas")}[
        match["unit"][0].lower()
    ]
    number = match["number"]
    return f"cada {one}" if number == "1" else f"cada {scan.grammar.counted(number.lstrip('0') or '0', one, many)}"


@SPANISH_LETTERS.rule(
    "time",
    DIGIT,
    r"(?P<hours>[01]?\d|2[0-4])(?:(?P<mark>[.:])(?P<minutes>[0-5]\d))?\s?[-–]\s?"
    r"(?P<last>[01]?\d|2[0-4])(?P<last_mark>[.:])(?P<last_minutes>[0-5]\d)(?![\da-gi-z]|[.,:]\d|\s?(?:[€$£%]|[ap]\.?\s?m))"
    r"(?:\s?h(?:rs?|s|oras)?(?!\w))?",
    "-–",
)
def _hours(match: re.Match[str], scan: Scan) -> str | None:
    """Read "9.30-13.30" and "17-20.30", the hours of a shop."""
    if "." in (match["mark"], match["last_mark"]) and scan.table.decimal_mark == ".":
        return None
    first = Time(int(match["hours"]), int(match["minutes"] or 0))
    last = Time(int(match["last"]), int(match["last_minutes"]))
    if first.hours >= last.hours:
        return None
    return f"{scan.grammar.time(first)} {scan.table.to} {scan.grammar.time(last)}"


# Read "5 ha de terreno"; in "1234 ha sido usada" it is a verb.
SPANISH_LETTERS.phrase("measure", DIGIT, r"(?P<number><num>)\sha(?=\s(?:de|en)\s)", "{number:unit,ha}")


@SPANISH_LETTERS.rule("abbreviation", WORD, r"(?-i:ud)(?P<several>s)?\.?(?!\w)")
def _unit(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "ud." of "2.ª ud." and "precio por ud.", which in capitals, and elsewhere, is "usted"."""
    counted = scan.kind in ("ordinal", "number")
    if not counted and scan.last_word() not in ("por", "cada", "la", "una", "precio", "las"):
        return None
    return "unidades" if match["several"] else "unidad"


@SPANISH_LETTERS.rule(
    "date", DIGIT, r"(?P<first>\d{1,2})/(?P<second>\d{1,2})(?![\w/%]|[.,-]\d|\s?(?:mg|g|ml|h)(?!\w))", "/"
)
def _sure_date(match: re.Match[str], scan: Scan) -> str | None:
    """Read "05/03" and "25/12" as dates: fractions have no leading zeros and are rarely above one."""
    first, second = match["first"], match["second"]
    day, month = (int(first), int(second)) if scan.table.date_order == "dmy" else (int(second), int(first))
    sure = "0" in (first[0], second[0]) or (scan.table.date_order == "dmy" and day > MONTHS)
    if not sure or not is_day(day, month) or match[0] in scan.table.named_numbers:
        return None
    return scan.grammar.date(Date(day, month, day_first=True))


@SPANISH_LETTERS.rule("code", DIGIT, r"(?P<year>(?:19|20)\d\d)/(?P<number>\d{2,6})(?![\w/-]|[.,]\d)", "/")
def _numbered(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Reglamento 2016/679"; "2025/26" is a season."""
    year, number = match["year"], match["number"]
    if scan.before in scan.table.before_number.values() or int(number) == int(year[-2:]) + 1:
        return None
    return f"{scan.grammar.whole(year)} {scan.table.slash} {scan.grammar.whole(number)}"


@SPANISH_LETTERS.rule("label", WORD, r"pl\.(?P<after>(?=\s(?:baja|alta|sótano|-?\d)))?", ".")
def _floor(match: re.Match[str], scan: Scan) -> str | None:
    """Read "pl. baja" and "2.ª pl."; "Pl. España" is a square."""
    numbered = scan.kind == "ordinal"
    return "planta" if match["after"] is not None or numbered else None


@SPANISH_LETTERS.rule("abbreviation", WORD, r"(?P<name>esc|ed|inst|pta|div|secc|conv|aniv)\.?(?![\w.])", ".")
def _ranked(match: re.Match[str], scan: Scan) -> str | None:
    """Read what an ordinal counts: "2.ª esc.", "1.ª Inst.", "3.ª ed."."""
    numbered = scan.kind == "ordinal" and match[0].endswith(".")
    return _PARTS[match["name"].lower()] if numbered else None


# Read "S/Ref." and "N/Ref.".
SPANISH_LETTERS.phrase("label", WORD, r"s/\s?ref\.?(?!\w)", "su referencia", "/")
SPANISH_LETTERS.phrase("label", WORD, r"n/\s?ref\.?(?!\w)", "nuestra referencia", "/")


@SPANISH_LETTERS.rule("word", WORD + DIGIT, r"(?P<group>(?-i:AB|[ABO0]))\s?(?P<sign>[+-])(?![\w+-])", "+-")
def _blood(match: re.Match[str], scan: Scan) -> str | None:
    """Read "sangre 0-" and "grupo A+"."""
    if not scan.announced(_BLOOD_WORDS):
        return None
    group = match["group"].replace("0", "cero").replace("O", "cero").replace("AB", "A B")
    return f"{group} {'positivo' if match['sign'] == '+' else 'negativo'}"


SPANISH_LETTERS.phrases("word", WORD, "/", {
    r"c/\s?(?=(?:día|noche|mañana|semana|mes|hora|comida)(?!\w))": "cada",  # "c/noche"
    r"c/\s?(?=(?-i:IVA|IGIC)(?!\w))|(?-i:c)/\s?(?=(?-i:[A-ZÁÉÍÓÚÑ]{2,8})(?!\w))": "con",  # "c/IVA"
    # Read "piso c/ascensor" and "café c/leche 1,40"; "c/mayor 5" is a street.
    r"(?-i:c/)(?=\s?(?-i:balcón|terraza|cochera|garaje|garage|jardín|patio|pileta|piscina|vistas?|ascensor|"
    r"muebles|[Tt]arjeta|factura|envío|entrega|leche|azúcar|queso|tomate|hielo|nata|cita|[Rr]eceta|turno|descanso|"
    r"demoras)(?!\w)|(?-i:[a-záéíóúñ]{3,20})(?!(?:\s[^\W\d_]{1,20}){0,3},?\s(?:n\.?º\s)?\d)(?!\w))": "con",
})  # fmt: skip
# Read "D./Dña.".
SPANISH_LETTERS.phrase("title", WORD, r"(?-i:D)\.?/\s?(?-i:D)(?:ña\.?|\.?ª)(?!\w)", "don o doña", "/")


@SPANISH_LETTERS.rule("title", WORD, r"(?<!-)(?-i:D)\.(?=\s(?P<name>(?-i:[A-ZÁÉÍÓÚÑ])[^\W\d_]{2,20}))", ".")
def _don(match: re.Match[str], scan: Scan) -> str | None:
    """Read "D. José"; "J. D. Salinger" is a name with initials."""
    before = scan.written_before()
    if match["name"].lower() in scan.table.openers or scan.before in scan.table.lettered:
        return None
    named = before[:1].isupper() and (len(before) < 3 or before.istitle())  # noqa: PLR2004
    return None if named and before.rstrip(".").lower() not in _BEFORE_DON else "don"


SPANISH_LETTERS.phrases("label", WORD, ".", {
    r"(?-i:Col)\.(?=\s(?-i:[A-ZÁÉÍÓÚÑ]))": "colonia",  # Read "Col. Del Valle", a part of a Mexican town.
    r"(?-i:D\.\s?C\.)": "D C",  # Read "Bogotá D.C."; the era is written "d. C.".
    r"(?-i:C\.\s?S\.)(?=\s(?-i:[A-ZÁÉÍÓÚÑ]))": "centro de salud",  # Read "C.S. Las Rosas", as health services write it.
})  # fmt: skip


@SPANISH_LETTERS.rule("measure", DIGIT + SIGN, r"(?P<minus>[-−])?(?P<number>\d{1,3})[º°](?!\w|\s[CF](?!\w))", "º°")
def _degrees(match: re.Match[str], scan: Scan) -> str | None:
    """Read "fiebre de 39º": an ordinal is followed by its noun."""
    following = _WORD_AFTER.match(scan.text, match.end())
    before, number = scan.written_before().lower().strip(". "), int(match["number"])
    said = scan.grammar.counted(match["number"], *scan.table.units["°"])
    if match["minus"]:
        return f"{scan.table.minus} {said}"
    if following and following[1] not in NO_NOUNS and before not in ("<", ">"):
        return None
    hot = before in _BEFORE_DEGREES or not scan.recent_words(12).isdisjoint(_WEATHER)
    likely = hot and number > _LOWEST_FEVER
    return said if likely or before in _TEMPERATURES or number >= _LOWEST_OVEN else None


# Read "de lun. a jue.", whose last dot ends the sentence before a capital.
SPANISH_LETTERS.phrase(
    "date", WORD, r"(?P<name>lun|mie|miér?c?|juev?|vier?|s[áa]b)\.(?!\s?[-–/])", "{name:weekday}", "."
)


@SPANISH_LETTERS.rule(
    "date", WORD, r"(?P<name>ene|feb|abr|jul|ago|sept?|oct|nov|dic)\.(?!\s?[-–/\d]|\s(?:del?\s)?[\d'])", "."
)
def _dotted_month(match: re.Match[str], scan: Scan) -> str:
    """Read "5 % en feb.", whose dot ends the sentence before a capital."""
    return scan.table.months[scan.table.month_short[match["name"].lower()] - 1]


# Read "D y festivos", "S, D y festivos".
SPANISH_LETTERS.phrase("date", WORD, r"(?-i:D|Dom\.?|dom\.?)(?=\sy\s(?:fest|víspera))", "domingos")
SPANISH_LETTERS.phrase("date", WORD, r"(?-i:S)(?=,\s(?-i:D)\sy\s(?:fest|víspera))", "sábados", ",")


@SPANISH_LETTERS.rule("money", DIGIT, r"(?P<cents>\d{2})/100\s?M\.?\s?N\.?(?!\w)", "/")
def _cents(match: re.Match[str], scan: Scan) -> str:
    """Read the end of "(mil pesos 00/100 M.N.)"."""
    cents = int(match["cents"])
    return f"con {scan.grammar.cardinal(cents, 'm')} centavos moneda nacional" if cents else "moneda nacional"


# Read the "T/A" of a blood pressure.
SPANISH_LETTERS.phrase("acronym", WORD, r"(?-i:T/A)(?!\w)", "T A", "/")
# Read "3x$99".
SPANISH_LETTERS.phrase("number", DIGIT, r"(?P<number>\d{1,3})\s?x\s?(?=\$\s?\d)", "{number:whole} {.by}", "$")
