"""Spanish nouns and ordinals: the gender of what is counted, "1.ª", "3er", "siglo XIX", "Felipe VI"."""

import re

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, WORD, Rule, Rules
from herald.speech.reading.rules.numbers import grouped_digits, roman
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_MASCULINE = words(
    "día días problema problemas programa programas mapa mapas idioma idiomas planeta planetas tema temas sistema "
    "sistemas síntoma síntomas diploma diplomas esquema esquemas tranvía tranvías pijama pijamas camión camiones "
    "avión aviones guion guiones especialistas periodistas deportistas ciclistas taxistas electricistas accionistas "
    "clima poema poemas cura artista turista turistas atleta atletas futbolista futbolistas"
)
"""Masculine nouns that look feminine."""
_FEMININE = words(
    "dosis suite suites mano manos foto fotos moto motos imagen imágenes serie series torre torres nave naves fase "
    "fases frase frases base bases señal señales red redes ley leyes flor flores cruz cruces voz voces luz luces "
    "clave claves sede sedes fuente fuentes nube nubes leche crisis tesis mujer mujeres noche noches vez veces clase "
    "clases llave llaves tarde tardes calle calles parte partes"
)
_FEMININE_ENDINGS = ("a", "as", "ión", "iones", "dad", "dades", "tud")
NO_NOUNS = words(
    "c de del a al y o e u en por para con sin si que es está están son se le les la las lo los el no más menos como "
    "desde hasta ni pero cuando ya hoy mañana ahora ahí antes después entre sobre según era fue será ha han hay muy "
    "bien mal también solo sólo aún siempre nunca aquí allí tras ante bajo hacia durante casi u"
)
"""Words that are not counted by a number."""
_NAMING = words(
    "pulse marque presione oprima opción número línea puerta sala piso planta puesto andén vía mesa habitación "
    "capítulo página nivel grupo tipo fase artículo calle kilómetro versión"
)
"""Words before a number that names something: "pulse uno"."""
_FOLLOWING = Lazy(r"\s+([^\W\d_]+)")
_TO_ORDINAL = Lazy(r"\s?[-–]\s?(?=\d{1,3}\.?[ºª])")
_NUMBERED = words(
    "siglo capítulo tomo volumen parte acto escena título anexo fase clase tipo grupo liga guerra mundial libro nivel "
    "categoría congreso edición siglos matemáticas física química lengua historia inglés dibujo bowl análisis álgebra "
    "cálculo anatomía"
)
"""Nouns after which a Roman numeral is a cardinal."""
_WOMEN = frozenset(["Isabel", "Beatriz", "Raquel", "Inés"])
MASCULINE_SIDES = words(
    "ojo lado carril brazo pie oído hombro tobillo codo riñón pulmón pecho dedo muslo ovario párpado"
)
BEFORE_WOMEN = frozenset({"la", "estimada", "una", "sra", "señora", "srta", "doña", "querida"})
OF_WOMEN = {
    "licenciado": "licenciada", "ingeniero": "ingeniera", "profesor": "profesora", "arquitecto": "arquitecta",
    "abogado": "abogada", "doctor": "doctora",
}  # fmt: skip
"""Titles with the same abbreviation for both genders, and their feminine forms: "la Lic. Ruiz"."""
_EVENTS_F = words(
    "feria edición jornada semana carrera maratón gala copa bienal muestra convención cumbre asamblea marcha guerra "
    "conferencia legislatura república olimpiada reunión"
)
_EVENTS_M = words(
    "congreso festival concurso torneo encuentro certamen foro premio trofeo simposio salón ciclo plan cross memorial "
    "seminario campeonato aniversario"
)
_ENDS = words("acaba acabado acabada termina terminado terminada finaliza terminación")
_ACCOUNTS = words("tarjeta cuenta contrato iban móvil teléfono número dni póliza cta")
_RULERS = words(
    "Carlos Felipe Francisco Napoleón Alfonso Fernando Jaime Isabel Juana Enrique Sancho Pío Benedicto Luis"
)
"""Names with which a single letter is a numeral, too: "Carlos V"."""
_INITIAL = Lazy(r"\.?\s[A-ZÁÉÍÓÚÑ]")
_NAMED = frozenset("IVX")
"""Letters of the numerals of kings and popes. Excludes the size "XL" and "MX" for Mexico."""
_HIGHEST_SHORT = 400
"""From this value on, a numeral of two letters is more likely an acronym."""
_HIGHEST_ORDINAL = 10
"""Highest ordinal of kings and popes: "Alfonso décimo", but "Alfonso trece"."""


def gender_after(scan: Scan, end: int) -> tuple[str, str]:
    """Return the gender of the noun that a number counts, and the noun; "" if there is none."""
    following = _FOLLOWING.match(scan.text, end)
    noun = following[1] if following else ""
    if not noun or not noun.islower() or noun in NO_NOUNS or scan.last_word() in _NAMING:
        return "", ""
    feminine = noun in _FEMININE or (noun.endswith(_FEMININE_ENDINGS) and noun not in _MASCULINE)
    return "f" if feminine else "m", noun


ORDINALS = Rules()


@ORDINALS.rule("roman", WORD, r"(?P<numeral>(?-i:[IVX]{1,6}))(?=\s(?P<noun>(?-i:[A-ZÁÉÍÓÚ])[^\W\d_]{3,12})(?!\w))")
def _event(match: re.Match[str], scan: Scan) -> str | None:
    """Read "IV Congreso" and "XI Feria del Libro"."""
    noun, number = match["noun"].lower(), roman(match["numeral"].upper())
    one = noun.removesuffix("s")
    if not number or one not in _EVENTS_F | _EVENTS_M:
        return None
    said = scan.grammar.ordinal(number, "f" if one in _EVENTS_F else "er" if one == noun else "m")
    return said if one == noun else f"{said}s"


@ORDINALS.rule("ordinal", DIGIT, r"(?P<number>\d{1,2})(?P<ending>(?-i:[oa](?=\s[a-zñáéíóú]{3})|o(?!\w|\.\s\w|\s?\d)))")
def _short_ordinal(match: re.Match[str], scan: Scan) -> str | None:
    """Read "2a dosis" and "3o básico": the letter agrees with the noun; in "piso 2a exterior" it is a door."""
    gender, _ = gender_after(scan, match.end())
    agrees = gender == ("f" if match["ending"] == "a" else "m")
    return scan.grammar.ordinal(int(match["number"]), gender or "m") if agrees or match["ending"] == "o" else None


@ORDINALS.rule(
    "ordinal",
    DIGIT,
    r"(?P<number>\d{1,3}(?:[. ]\d{3})+|\d{1,9})"
    r"(?P<ending>(?-i:[oa])\.(?=\s\w)|\.?[ºª]s?|\.(?:ers?|os?|as?)|er[oa]?|[rdtmvn][oa])(?!\w)(?:\.(?=\s(?-i:[a-zñ])))?",
)
def _ordinal(match: re.Match[str], scan: Scan) -> str | tuple[str, int]:
    """Read "1.º", "1 001.er", "1.000.ª" and "1º-3º"."""
    said = scan.grammar.ordinal_written(re.sub(r"\D", "", match["number"]), match["ending"].lower().removesuffix("."))
    to = _TO_ORDINAL.match(scan.text, match.end())
    return (f"{said} {scan.table.to}", to.end()) if to else said


@ORDINALS.rule("ordinal", DIGIT, r"(?P<number>\d{1,2})(?P<ending>\.?[ºª])(?P<door>(?-i:[ABDEGHI]))(?!\w)")
def _door(match: re.Match[str], scan: Scan) -> str:
    """Read "4ºB"; "4ºC" are more likely degrees."""
    return f"{scan.grammar.ordinal_written(match['number'], match['ending'])} {match['door']}"


@ORDINALS.rule("roman", WORD, r"(?P<first>(?-i:[IVX]{1,6}))\s?[-–]\s?(?P<last>(?-i:[IVX]{1,6}))(?![\w'-])", "-–")
def _romans(match: re.Match[str], scan: Scan) -> str | None:
    """Read "siglos XV-XVI"."""
    first, last = roman(match["first"].upper()), roman(match["last"].upper())
    if not first or not last or scan.before not in _NUMBERED:
        return None
    return f"{scan.grammar.cardinal(first)} {scan.table.to} {scan.grammar.cardinal(last)}"


@ORDINALS.rule("roman", WORD, r"(?P<numeral>[IVXLCDM]{1,9})(?![\w'-]|\.\w)")
def _roman(match: re.Match[str], scan: Scan) -> str | None:
    """Read "siglo XIX", "Felipe VI" and "Alfonso XIII"."""
    numeral, before = match["numeral"], scan.written_before()
    number = roman(numeral.upper())
    short = len(numeral) == 2 and number >= _HIGHEST_SHORT  # noqa: PLR2004  "Liga MX", "audio CD"
    if not before or not number or short or (len(numeral) == 1 and numeral not in "IVX"):
        return None  # "anexo D"
    if before.lower() in ("y", "al", "a") and len(scan.tokens) > 1 and scan.tokens[-2].kind == "roman":
        return scan.grammar.cardinal(number)  # "siglos XV y XVI"
    if (before.lower() in _NUMBERED or scan.before in _NUMBERED) and (numeral.isupper() or before.lower() == "siglo"):
        return scan.grammar.cardinal(number)
    ruler = before in _RULERS and not _INITIAL.match(scan.text, match.end())
    named = before.istitle() and before.lower() not in scan.table.openers
    if not named or not numeral.isupper() or (len(numeral) == 1 and not ruler) or not _NAMED.issuperset(numeral):
        return None
    if number > _HIGHEST_ORDINAL:
        return scan.grammar.cardinal(number)
    return scan.grammar.ordinal(number, "f" if before.endswith("a") or before in _WOMEN else "m")


@ORDINALS.rule("fraction", DIGIT, r"(?P<some>\d{1,3})/(?P<all>\d{2,3})(?=\s(?-i:[a-záéíóúñ]{4}))", "/")
def _of_all(match: re.Match[str], scan: Scan) -> str | None:
    """Read "18/25 remontes" as a count, not as a fraction."""
    gender, noun = gender_after(scan, match.end())
    counted = noun.endswith("s") and 1 < int(match["some"]) <= int(match["all"])
    if not counted or int(match["all"]) <= _HIGHEST_ORDINAL or match["some"][0] == "0":
        return None
    return f"{scan.grammar.whole(match['some'], gender)} de {scan.grammar.whole(match['all'], gender)}"


@ORDINALS.rule("measure", DIGIT, r"(?P<number>\d|½|1/2)\s?c\.?\s?(?P<size>[sc])\.(?=\sde\s)", "cC")
def _spoon(match: re.Match[str], scan: Scan) -> str:
    """Read "3 c.s. de aceite"."""
    spoon = "cucharada" if match["size"].lower() == "s" else "cucharadita"
    if not match["number"].isdigit():
        return f"media {spoon}"
    return scan.grammar.counted(match["number"], spoon, f"{spoon}s")


@ORDINALS.rule("code", DIGIT, r"\d{3,4}(?![\w/-]|[.,]\d)")
def _ending(match: re.Match[str], scan: Scan) -> str | None:
    """Read the number of "su contrato acaba en 7788"."""
    ends = scan.last_word() == "en" and len(scan.tokens) > 1 and scan.tokens[-2].words.lower() in _ENDS
    return scan.grammar.digits(match[0]) if ends and not scan.recent_words(8).isdisjoint(_ACCOUNTS) else None


# Read the litres that end a sentence: "L." before a number is the currency of Honduras.
ORDINALS.phrase("measure", DIGIT, r"(?P<number><num>)\s?(?-i:L)(?=\.(?!\w))", "{number:unit,L}", ".", unless=("pista",))


# Read the numbers to call of "091/062".
ORDINALS.append(Rule("code", DIGIT, r"0\d\d/\d{3}(?![\w/-]|[.,]\d)", grouped_digits, "/"))
