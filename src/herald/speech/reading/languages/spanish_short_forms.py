"""Spanish short forms that depend on their context: "C. Juárez #45", "s. XVIII", "A/A", "No. de servicio", "q tal"."""

import re

from herald.speech.reading.languages.spanish_nouns import gender_after
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import WORD, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_WINDS = words("viento vientos componente rachas oleaje")
_DIRECTIONS = {
    "N": "norte", "S": "sur", "E": "este", "O": "oeste", "NE": "noreste", "NO": "noroeste", "SE": "sureste",
    "SO": "suroeste", "NNE": "nornoreste", "NNO": "nornoroeste", "SSE": "sursureste", "SSO": "sursuroeste",
}  # fmt: skip
_BEFORE_LETTERS = words("el la eje ejes letra variable variables incógnita sea sean valor tiempo punto plan tipo y")
_FULL_NAME = Lazy(r"\s[A-ZÁÉÍÓÚÑ][^\W\d_]+\s[A-ZÁÉÍÓÚÑ][^\W\d_]+")
_LETTERS = {"q": "que", "t": "te", "x": "por"}
SPANISH_SHORT_FORMS = Rules()
SPANISH_SHORT_FORMS.phrase("word", WORD, r"neg\.(?!\w)", "negociable", ".", after=("money",))
SPANISH_SHORT_FORMS.phrase("word", WORD, r"h/m(?=\))", "hombre o mujer", "/")
# Read "pantalón T. 42" and "T. M".
SPANISH_SHORT_FORMS.phrase("label", WORD, r"(?-i:T)\.\s?(?=(?:[3-5]\d|X{0,3}[SML])(?!\w|[.,]\d))", "talla", ".")
# Read the "Y" of a text in capitals as the word.
SPANISH_SHORT_FORMS.phrase("word", WORD, r"(?-i:[AEOUY])(?!\w|['.-]\w)", "{0:lower}", where=lambda scan: scan.shouted)


@SPANISH_SHORT_FORMS.rule("abbreviation", WORD, r"pr[óo]x\.(?=\s[^\W\d_])", ".")
def _next(match: re.Match[str], scan: Scan) -> str:
    """Read "Próx. revisión"."""
    gender, noun = gender_after(scan, match.end())
    plural = noun.endswith("s") and not noun.endswith("is") and noun not in ("mes", *scan.table.weekdays)
    return f"próxim{'a' if gender == 'f' else 'o'}{'s' if plural else ''}"


SPANISH_SHORT_FORMS.phrases("label", WORD, ".", {
    r"prof\.": "profundidad",  # "a 12 km de prof."
}, where=lambda scan: len(scan.tokens) > 1 and scan.tokens[-2].kind == "measure", last=("de",))  # fmt: skip


@SPANISH_SHORT_FORMS.rule(
    "label",
    WORD,
    r"(?-i:C)\.(?=\s(?P<name>(?-i:[A-ZÁÉÍÓÚÑ])[^\W\d_]{2,20}(?:\s[^\W\d_]{1,20}){0,3}(?:\s#|,?\s(?:No\.|n\.?º)\s?)\d)?)",
    ".",
)
def _street(match: re.Match[str], scan: Scan) -> str | None:
    """Read "C. Juárez #45" and "el C. Juan Pérez", a citizen."""
    if match["name"]:
        return "calle"
    if scan.last_word() in ("el", "al", "del") and _FULL_NAME.match(scan.text, match.end()):
        return "ciudadano"
    return None


# Read "12 MSI", as Mexican shops write.
SPANISH_SHORT_FORMS.phrase("word", WORD, r"(?-i:MSI)(?!\w)", "meses sin intereses", after=("number",))


@SPANISH_SHORT_FORMS.rule("label", WORD, r"exp\.(?=(?P<money>\s?\$)?)", ".")
def _costs(match: re.Match[str], scan: Scan) -> str | None:
    """Read "s/ exp." and "exp. $80.000", the costs of a flat."""
    return "expensas" if match["money"] or scan.before in ("sin", "más") else None


SPANISH_SHORT_FORMS.phrases("label", WORD, ".", {
    r"(?-i:C\.\s?C\.)(?=\s(?-i:[A-ZÁÉÍÓÚÑ]))": "centro comercial",  # "C.C. La Vaguada"
    r"C[eé]d\.\s?Prof\.": "cédula profesional",  # "Ced. Prof. 1234567"
    r"(?-i:Col)\.(?=\s(?:n\.?º|núm\.))": "colegiado",  # "Col. nº 28/12345"
    r"(?-i:Res)\.(?=\sGral\.)": "resolución",
    # Read "s. XVIII" and "S. XXI"; "S. V. Pérez" has initials.
    r"(?-i:s\.\s?(?=[IVX]{1,6}(?![\w.]))|[Ss]\.\s?(?=[IVX]{2,6}(?!\w)))": "siglo",
    r"ss\.(?=\s(?-i:[IVX]{1,6})(?!\w))": "siglos",  # "ss. XV y XVI"
    # Read "No. de servicio"; "No." before a capital ends a sentence.
    r"(?-i:(?:No|N[Rr]o|nro|[Nn][úu]m)\.(?=\sde\s)|(?:NO|NRO|N[UÚ]M)\.(?=\sDE\s))": "número",
    r"(?-i:P\.\s?I\.)(?=\s(?-i:[A-ZÁÉÍÓÚÑ])[^\W\d_])": "polígono industrial",  # "P.I. Las Viñas"
    # Read "comp. de dom.", which Mexican offices require.
    r"comp\.\sde\sdom(?!\w)(?:\.(?=\s(?-i:[a-z(])|[,;]))?": "comprobante de domicilio",
})  # fmt: skip
# Read "850 pies²".
SPANISH_SHORT_FORMS.phrase("measure", WORD, r"pies\^?2(?!\w)", "pies cuadrados")
SPANISH_SHORT_FORMS.phrases("label", WORD, ".", {
    r"(?-i:Jr)\.(?=\s(?-i:[A-ZÁÉÍÓÚÑ]))": "jirón",  # Read "Jr. Cusco 450"; after a name it is "junior".
}, where=lambda scan: not scan.written_before()[:1].isupper())  # fmt: skip
# Read the "x204" of a telephone number.
SPANISH_SHORT_FORMS.phrase(
    "phone", WORD, r"x(?P<extension>\d{2,5})(?!\w)", "{.extension} {extension:digits}", "x", after=("phone",)
)
# Read "Ma. Fernanda".
SPANISH_SHORT_FORMS.phrase("title", WORD, r"(?-i:Ma)\.(?=\s(?-i:[A-ZÁÉÍÓÚÑ]))", "María", ".")
# Read "Congreso Int."; "int. 4" is a door.
SPANISH_SHORT_FORMS.phrase("abbreviation", WORD, r"(?-i:Int)\.(?!\s?(?:\d|[A-Z](?!\w)))", "internacional", ".")
# Read "interés s/ 1.250 €".
SPANISH_SHORT_FORMS.phrase("word", WORD, r"s/\s?(?=\d[\d.,]{0,12}\s?[€%])", "sobre", "/")


@SPANISH_SHORT_FORMS.rule("label", WORD, r"del\.", ".")
def _part_of_city(match: re.Match[str], scan: Scan) -> tuple[str, int]:
    """Read "Del. Cuauhtémoc", a part of Mexico City; elsewhere it is a word."""
    return ("delegación", match.end()) if match[0][0] == "D" else (match[0][:-1], match.end() - 1)


SPANISH_SHORT_FORMS.phrases("label", WORD, "/", {
    r"(?-i:Dto|Dec)\.(?=\s(?:n\.?º\s)?\d{1,4}/\d)": "decreto",  # Read "Dto. 99/2019" and "Res. Gral. 4815/20".
    r"(?-i:LO)(?=\s\d{1,3}/\d)": "ley orgánica",  # Read "LO 3/2018", "RD 1720/2007" and "RDL 8/2020".
    r"(?-i:RD)(?=\s\d{1,4}/\d)": "real decreto",
    r"(?-i:RDL|RD-ley)(?=\s\d{1,4}/\d)": "real decreto ley",
})  # fmt: skip
# Read "N° de serie".
SPANISH_SHORT_FORMS.phrase("label", WORD, r"n[°º](?=\sde\s)", "número", "°º")


@SPANISH_SHORT_FORMS.rule("word", WORD, r"(?-i:Mar)(?![\w-]|\.?\s\d)")
def _sea(match: re.Match[str], scan: Scan) -> str | None:
    """Read "María del Mar" and "Viña del Mar", where it is not Tuesday."""
    return match[0] if scan.last_word() == "del" else None


# Read "A/A: Sra. Ruiz"; elsewhere it is the air conditioning.
SPANISH_SHORT_FORMS.phrase(
    "label", WORD, r"(?-i:A/A)(?=:|\s(?:Sra?|Dra?|D|Dña|Dpto)\.|\s(?:don|doña)\s)", "a la atención de", "/"
)
SPANISH_SHORT_FORMS.phrase("word", WORD, r"(?-i:A/A)(?!\w)", "aire acondicionado", "/")
# Read "SatO2 97 %".
SPANISH_SHORT_FORMS.phrase("label", WORD, r"Sat\.?\s?O2(?!\w)", "saturación de oxígeno")
# Read "Cl@ve", an identification in Spain.
SPANISH_SHORT_FORMS.phrase("word", WORD, r"Cl@ve(?![\w.@])", "clave", "@")
# Read "nºs 1-15".
SPANISH_SHORT_FORMS.phrase("label", WORD, r"n\.?[º°]s\.?(?=\s\d)", "números", "º°")


@SPANISH_SHORT_FORMS.rule(
    "word",
    WORD,
    r"(?P<letter>(?-i:[qtxQT]))(?=\s(?!(?:es|se|vale|y|e|igual|gramos)\s)(?-i:[A-ZÁÉÍÓÚÑa-záéíóúñ][A-Za-záéíóúñ]{1,20})(?!\w))",
)
def _chat(match: re.Match[str], scan: Scan) -> str | None:
    """Read "q tal", "t espero" and "gracias x todo"; "el eje x" and "la letra q" are letters."""
    begins = scan.opens or match["letter"].islower()
    return None if not begins or scan.last_word() in _BEFORE_LETTERS else _LETTERS[match["letter"].lower()]


@SPANISH_SHORT_FORMS.rule("word", WORD, r"(?-i:[NS]{1,2}[EO]?|[EO])(?![\w'-])")
def _compass(match: re.Match[str], scan: Scan) -> str | None:
    """Read "a 12 km al SO de Lugo" and "vientos del NE"."""
    far = scan.last_word() == "al" and len(scan.tokens) > 1 and scan.tokens[-2].kind == "measure"
    windy = not scan.recent_words(6).isdisjoint(_WINDS) and scan.last_word() not in ("y", "o", "fuerza")
    return _DIRECTIONS.get(match[0].upper()) if far or windy else None


@SPANISH_SHORT_FORMS.rule("word", WORD, r"(?P<unit>(?-i:kg|pza|lt))(?![\w/])")
def _priced(match: re.Match[str], scan: Scan) -> str | None:
    """Read the unit of "$14.90 kg"."""
    return f"por {scan.table.units[match['unit']][0]}" if scan.kind == "money" else None


# Read "Bs. As.".
SPANISH_SHORT_FORMS.phrase("abbreviation", WORD, r"(?-i:Bs\.\s?As\.)", "Buenos Aires", ".")
# Read "turno c/ Dr. Bianchi".
SPANISH_SHORT_FORMS.phrase("word", WORD, r"c/\s?(?=(?-i:Dra?|Lic|Sra?|Prof|Ing)\.)", "con", "/")


@SPANISH_SHORT_FORMS.rule("abbreviation", WORD, r"(?P<kind>ord|ext)\.", ".")
def _shift(match: re.Match[str], scan: Scan) -> str | None:
    """Read "8 h ord. + 2 h ext."."""
    hours = scan.before.endswith("horas") and scan.tokens[-1].kind == "measure"
    return ("ordinarias" if match["kind"].lower() == "ord" else "extras") if hours else None


# Read "gol en el min. 93".
SPANISH_SHORT_FORMS.phrase("label", WORD, r"min\.(?=\s\d)", "minuto", ".", last=("el", "al", "del"))
