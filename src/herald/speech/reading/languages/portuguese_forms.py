"""Rules for Portuguese letters and addresses: titles, doors, streets, saints."""

import re

from herald.speech.reading.languages.romance_numbers import romance
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.numbers import roman
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_STREETS = frozenset({"rua", "r", "avenida", "av", "praça", "travessa", "largo", "alameda", "viela", "rodovia"})
_HOT = words("temperatura temperaturas temp. mínima máxima mín. máx. térmica febre calor")
"""Words shortly before degrees."""
_DOORS = {
    "esq": "esquerdo", "dto": "direito", "dta": "direita", "fte": "frente", "frt": "frente", "tras": "traseiras",
}  # fmt: skip
PORTUGUESE_FORMS = Rules()


@PORTUGUESE_FORMS.rule(
    "address", DIGIT + WORD, r"(?P<day>\d{1,2}|(?-i:[IVX]{1,5})) de (?P<month>[^\W\d_]{4,9})(?=,?\s\d)"
)
def _street(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Rua 7 de Setembro, 1500", which is not a year."""
    day, month = match["day"], match["month"]
    if scan.last_word() not in _STREETS or month.lower() not in scan.table.months:
        return None
    number = int(day) if day.isdigit() else roman(day.upper())
    return f"{scan.grammar.cardinal(number)} de {month}" if number else None


# Read "n.º de utente", "n.os 12 a 48".
PORTUGUESE_FORMS.phrase("abbreviation", WORD, r"n\.\s?º(?=\s[^\W\d_])", "número", "º")
PORTUGUESE_FORMS.phrase("abbreviation", WORD, r"n\.?\s?[oº]s(?=\s\d)", "números", ".º")
PORTUGUESE_FORMS.phrase("label", WORD, r"al\.(?=\s?[a-z]\))", "alínea", ".")
PORTUGUESE_FORMS.phrase("address", WORD, r"(?-i:Tv)\.(?=\s(?:d[aeo]s?\s)?(?-i:[A-Z]))", "travessa", ".")
PORTUGUESE_FORMS.phrase("address", WORD, r"(?-i:Lg)\.(?=\s(?:d[aeo]s?\s)?(?-i:[A-Z]))", "largo", ".")
PORTUGUESE_FORMS.phrase("address", WORD, r"(?-i:EN)[ -]?(?=\d{1,3}(?![\w/]))", "estrada nacional", "N")
_SAINTS = (
    r"João|Paulo|José|Pedro|Bento|Jorge|Miguel|Martinho|Vicente|Sebastião|Lu[ií][sz]|Bernardo|Domingos|Francisco|"
    r"Brás|Roque|Lourenço|Cristóvão|Gonçalo|Marcos|Mateus|Caetano|Tomé|Mamede"
)


@PORTUGUESE_FORMS.rule("title", WORD, rf"(?-i:S)\.\s?(?=(?-i:{_SAINTS})(?!\w))", ".")
def _saint(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Freguesia de S. João"; "A. S. Pedro" is a name with initials."""
    return None if scan.kind == "initial" else "São"


@PORTUGUESE_FORMS.rule("title", WORD, r"(?P<name>[^\W\d_]{1,4})\.\s?(?P<ending>[ªº])(?![^\W\d_])", "ªº")
def _with_ending(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Prof.ª" and "Art.º"."""
    return scan.table.abbreviations.get(f"{match['name']}.{match['ending']}".lower())


@PORTUGUESE_FORMS.rule("abbreviation", WORD, r"(?P<name>esq|dto|dta|fte|frt|tras)\.?(?!\w)")
def _door(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3.º Dto." and "5.º Esq."."""
    if scan.kind != "ordinal":
        return None
    return _DOORS[match["name"].lower()]


@PORTUGUESE_FORMS.rule(
    "measure", DIGIT, r"(?P<number>\d{1,3})\s?º(?!\w|\s?[CF](?!\w))(?=(?:\s(?P<noun>[^\W\d_]+))?)", "º"
)
def _degrees(match: re.Match[str], scan: Scan) -> str | None:
    """Read "forno a 180º" and "mínima de 18º" as degrees."""
    hot = scan.recent_words(3) & _HOT or scan.recent_words(4) & {"forno"}
    counted = (match["noun"] or "").lower() in romance(scan).lists.ordinal_nouns
    return scan.grammar.counted(match["number"], *scan.table.units["°"]) if hot and not counted else None


PORTUGUESE_FORMS.phrases("code", WORD, "V", {
    r"(?P<letter>(?-i:V))(?P<number>\d)(?!\w)": "V {number:whole}",  # Read "moradia V4", which is not a version.
}, last=("motor", "moradia", "moradias", "vivenda", "casa", "tipologia"))  # fmt: skip


@PORTUGUESE_FORMS.rule(
    "measure",
    DIGIT + SIGN,
    r"(?:(?P<half>1/2|½)|(?P<number><num>))\s?c(?:olh)?\.\s?(?:de\s|a\s)?(?P<kind>sopa|chá|café|sobremesa)(?!\w)",
)
def _spoons(match: re.Match[str], scan: Scan) -> str:
    """Read "2 c. sopa" and "1/2 c. chá"."""
    kind = match["kind"].lower()
    if match["half"]:
        return f"meia colher de {kind}"
    return scan.grammar.counted(match["number"], f"colher de {kind}", f"colheres de {kind}")


PORTUGUESE_FORMS.phrase("abbreviation", WORD, r"ss\.(?!\w)", "seguintes", last=("e",))  # "pág. 112 e ss."


@PORTUGUESE_FORMS.rule("symbol", SIGN, r"\*(?=\spara\s)", "*")
def _asterisk(match: re.Match[str], scan: Scan) -> str | None:
    """Read "* para repetir"; at the start of a line it is a bullet."""
    return None if scan.opens or scan.at_line_start(match.start()) else "asterisco"


PORTUGUESE_FORMS.phrase("word", WORD, r"(?-i:M)\.?ª(?=\s(?-i:[A-Z]))", "Maria", "ª")


@PORTUGUESE_FORMS.rule("abbreviation", WORD, r"s/n(?![\wº])", "/")
def _if_needed(match: re.Match[str], scan: Scan) -> str:
    """Read "6/6h s/n"; in an address it is "without number"."""
    dose = scan.before.endswith(("hora", "horas", "dia", "dias", "gotas", "oral", "endovenosa", "intramuscular"))
    return "se necessário" if dose else "sem número"


@PORTUGUESE_FORMS.rule("ordinal", DIGIT, r"(?P<number>\d{1,3})\.?(?P<ending>[ºª])s(?!\w)", "ºª")
def _several(match: re.Match[str], scan: Scan) -> str:
    """Read "os 1ºs lugares" and "às 3.ªs"."""
    if match[0][0] == "3" and "ª" in match[0] and len(match["number"]) == 1:
        return "terças"
    said = scan.grammar.ordinal_written(match["number"], match["ending"])
    return " ".join(f"{word}s" for word in said.split())


@PORTUGUESE_FORMS.rule("abbreviation", WORD, r"dez\.(?=\s(?:(?-i:[a-z])|[\d(]|R\$)|[,;:)])", ".")
def _december(match: re.Match[str], scan: Scan) -> str | None:
    """Read "taxa de dez."; "às dez." is the hour."""
    listed = scan.last_word() == "e" and any(token.words in scan.table.months for token in scan.tokens[-3:])
    return "dezembro" if listed or scan.last_word() in ("de", "em", "até", "desde", "mês") else None


PORTUGUESE_FORMS.phrases("symbol", SIGN, "hH", {
    r"[-−](?=\d{1,2}h[0-5]\d(?!\w))": "{.minus}",  # Read the "-" of "-0h30"; after a time it is the one of a range.
}, where=lambda scan: not (scan.before and scan.tokens[-1].kind in ("time", "number", "date")))  # fmt: skip
PORTUGUESE_FORMS.phrase("abbreviation", WORD, r"(?-i:Vl)\.(?=\s(?-i:[A-ZÀ-Ý])(?!\$))", "vila", ".")
PORTUGUESE_FORMS.phrase("label", WORD, r"(?-i:OS)(?=\s(?:n\.?º\s?)?\d{2})", "ordem de serviço")


@PORTUGUESE_FORMS.rule("abbreviation", WORD, r"(?P<name>conv|sem)\.(?!\w)", ".")
def _convened(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1ª conv." and "28ª sem."."""
    said = "convocação" if match["name"].lower() == "conv" else "semana"
    return said if scan.kind == "ordinal" else None


# Read "pág. 12, ex. 3", but "por ex. 3 vezes".
PORTUGUESE_FORMS.phrase("label", WORD, r"ex\.(?=\s\d)", "exercício", ".", unless=("por", "p"))
# Read "KM 84.500"; "km 12" is a place on a road.
PORTUGUESE_FORMS.phrase("measure", WORD, r"km\s?(?P<number>\d{1,3}\.\d{3})(?![\w]|[.,]\d)", "{number:unit,km}", ".")


@PORTUGUESE_FORMS.rule("ordinal", DIGIT, r"(?P<number>\d{1,2})\.?(?P<ending>[ºª])(?=(?-i:[A-Z])(?!\w))", "ºª")
def _class(match: re.Match[str], scan: Scan) -> str:
    """Read "turma 3ºA"."""
    return scan.grammar.ordinal_written(match["number"], match["ending"])


PORTUGUESE_FORMS.phrase("abbreviation", WORD, r"esq\.(?=\s(?:c/|com|d[aeo]s?)(?!\w))", "esquina", ".")
# Read "5º d.u.".
PORTUGUESE_FORMS.phrase("abbreviation", WORD, r"d\.?u\.(?!\w)", "dia útil", ".", after=("ordinal",))


@PORTUGUESE_FORMS.rule("number", WORD, r"(?-i:[IVXL]{1,8})(?![\w'-])", "IVXL")
def _clause(match: re.Match[str], scan: Scan) -> str | None:
    """Read "art. 5º, LXXVIII"."""
    listed = scan.kind == "pause"
    legal = listed and scan.recent_words(5) & {"art.", "art", "artigo", "§", "parágrafo", "inc.", "inciso"}
    value = roman(match[0].upper()) if legal else 0
    return scan.grammar.cardinal(value) if value else None


# Read "30 € p/ pessoa".
_EACH = r"p/\s?(?=(?:pessoa|hora|m[eê]s|dia|kg|noite|unid|casal|aluno|hóspede))"
PORTUGUESE_FORMS.phrase("word", WORD, _EACH, "por", "/", after=("money",))


@PORTUGUESE_FORMS.rule("abbreviation", WORD, r"(?P<name>pr[óo]x|[úu]lt)\.(?=\s(?P<noun>[^\W\d_]{3,20}))", ".")
def _next(match: re.Match[str], scan: Scan) -> str:
    """Read "próx. semana" and "últ. dia"."""
    said = "próximo" if match["name"][0] in "pP" else "último"
    return f"{said[:-1]}a" if romance(scan).gender(match["noun"], several=False) else said


PORTUGUESE_FORMS.phrases("date", WORD, "", {
    r"(?P<day>dom|seg|ter)(?=\s\d{1,2}(?:h|:\d\d))": "{day:weekday}",  # Read "dom 8h"; "30 seg 12h" has seconds.
}, where=lambda scan: scan.kind != "number")  # fmt: skip
