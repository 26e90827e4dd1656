"""Rules for Portuguese only: telephone numbers, numbers of taxpayers, times with a part of the day."""

import re

from herald.speech.reading.grammar import HOURS, Time
from herald.speech.reading.languages.doses import DOSES
from herald.speech.reading.languages.forms import FORMS
from herald.speech.reading.languages.portuguese_forms import PORTUGUESE_FORMS
from herald.speech.reading.languages.romance_numbers import ordinal
from herald.speech.reading.languages.romance_rules import ROMANCE_RULES, phones
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, WORD, Rule, Rules
from herald.speech.reading.rules.codes import in_threes
from herald.speech.reading.rules.dates import said_time
from herald.speech.reading.rules.numbers import grouped_digits
from herald.speech.reading.rules.words import compass
from herald.speech.reading.scanner import Scan

_NAME_AFTER = Lazy(r"\s[A-ZÀ-Ý][^\W\d_]{2}")
_WINDS = frozenset({"vento", "ventos", "rajadas", "ondas", "mar"})
_POINTS = {
    "N": "norte", "S": "sul", "L": "leste", "E": "leste", "O": "oeste", "W": "oeste", "NE": "nordeste",
    "NO": "noroeste", "NW": "noroeste", "SE": "sudeste", "SO": "sudoeste", "SW": "sudoeste",
}  # fmt: skip
"""Points of the compass."""
PORTUGUESE_RULES = Rules([*PORTUGUESE_FORMS, *DOSES, *FORMS])
PORTUGUESE_RULES.extend(
    phones(
        r"\(?\+\d{1,3}\)?[ .-]?\(?\d{2,3}\)?[ .-]?\d{3,5}[ .-]?\d{3,4}(?:[ .-]\d{3})?",
        r"\(0?\d{2}\)\s?\d{4,5}[ .-]?\d{4}",
        r"0?\d{2}[ .-]\d{4,5}[ .-]\d{4}",
        r"(?!(?:19|20)\d\d-(?:19|20)\d\d)\d{4,5}-\d{4}",
        r"(?:70[78]|80[08]|76[01]|9[1236]\d) \d{3} \d{3}",
        r"(?:[78]0[078]) \d{2} \d{2} \d{2}",
        r"(?:2\d|9[1236]) \d{3} \d{2} \d{2}",
        r"0[38]00[ .-]?\d{3}[ .-]?\d{3,4}",
        announced_only=(
            r"[2389]\d{2}[ .]?\d{3}[ .]?\d{3}",
            r"2\d[ .]?\d{3}[ .]?\d{2}[ .]?\d{2}",
            r"\d{10,11}",
            r"\d{2} 9 \d{4}[ -]\d{4}",
            r"[78]0\d \d{2,3} \d{2,3}(?: \d{2})?",
            r"\d{4,5} \d{4}",
        ),
    )
)


@PORTUGUESE_RULES.rule(
    "time",
    DIGIT,
    r"(?P<hours>\d{1,2})(?:h|[:h](?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d))?)\s?(?:min)?\s?da\s(?P<part>manhã|tarde|noite|madrugada)(?!\w)",
    "hH:",
)
def _part_of_day(match: re.Match[str], scan: Scan) -> str | None:
    """Read "15h da tarde" as "três horas da tarde"."""
    minutes, seconds = match["minutes"], match["seconds"]
    if int(match["hours"]) >= HOURS:
        return None
    part = f"da {match['part'].lower()}"
    return scan.grammar.time(
        Time(int(match["hours"]), int(minutes) if minutes else None, int(seconds) if seconds else None, part)
    )


@PORTUGUESE_RULES.rule(
    "code",
    DIGIT,
    r"\d{3}\.\d{3}\.\d{3}-\d{1,2}(?!\w)|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}(?!\w)|\d{1,2}\.\d{3}\.\d{3}-[\dX](?!\w)"
    r"|\d{7}-\d{2}\.\d{4}\.\d\.\d{2}\.\d{4}(?!\w)|\d{3}\.\d{3}(?=-\*)",
    "-",
)
def _registered(match: re.Match[str], scan: Scan) -> str:
    """Read the number of a taxpayer (CPF, CNPJ), of a card (RG) and of a trial in its groups."""
    groups = (
        scan.grammar.digits(one) if one.isdigit() else one.upper() for one in re.findall(r"\d+|x", match[0], re.I)
    )
    return ", ".join(groups)


@PORTUGUESE_RULES.rule("date", DIGIT, r"(?P<number>[2-6])\.?ª(?:\s|-)(?:feira(?!\w)|(?-i:f)\.)", "ª")
def _numbered_weekday(match: re.Match[str], scan: Scan) -> str:
    """Read "3.ª feira"."""
    return scan.table.weekdays[int(match["number"]) - 2]


@PORTUGUESE_RULES.rule(
    "date",
    DIGIT,
    r"3\.?ª(?=(?P<next>\s(?:a|e|à)\s(?:[4-6]\.?ª|s[áa]b|dom|sex))?(?P<sure>,?\s\d{1,2}/\d|,?\s(?:das|às)\s\d)?"
    r"(?P<rest>\s(?:das|às|\d)|[,.;)]|\Z)?)",
    "ª",
)
def _tuesday(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3ª e 5ª às 18h" and "2ª e 3ª das 8h": the days from Monday to Friday are numbered from two."""
    listed = scan.before in ("e", "a") and any(token.words == "segunda" for token in scan.tokens[-2:])
    named = match["next"] and match["next"][-1] != "ª"
    return "terça" if match["sure"] or named or (match["rest"] and (match["next"] or listed)) else None


PORTUGUESE_RULES.phrases("code", WORD, "-", {
    # Read "BR-116".
    r"(?P<road>(?-i:BR|SP|MG|RJ|PR|SC|RS|BA|GO|PE|CE))-(?P<number>\d{3})(?![\w-])": "{road:spelled} {number:cardinal}",
})  # fmt: skip


# Read "1250-142 Lisboa" and "13015-904".
PORTUGUESE_RULES.append(
    Rule("code", DIGIT, r"\d{4}-\d{3}(?=\s(?-i:[A-ZÀ-Ý]))|\d{5}-\d{3}(?![\w-])", grouped_digits, "-")
)


PORTUGUESE_RULES.phrase("title", WORD, r"(?-i:N)\.\s?Sra\.?(?=\s(?-i:[A-ZÀ-Ý]))", "Nossa Senhora", ".")
PORTUGUESE_RULES.phrase("measure", WORD, r"mil\s?/\s?mm\^?3(?!\w)", "mil por milímetro cúbico", "/")


PORTUGUESE_RULES.append(compass(_POINTS, _WINDS, frozenset({"de", "do", "vento", "ventos"})))


# Read "R. Augusta, 1200".
PORTUGUESE_RULES.phrase(
    "address",
    WORD,
    r"(?-i:R)\.(?=\s(?:(?-i:[A-ZÀ-Ý])[^\W\d_]{1,20}\.?\s?|d[aeo]s?\s){1,6},\s?(?:n\.?ºs?\s?)?\d)",
    "rua",
    ".",
)


@PORTUGUESE_RULES.rule(
    "code",
    DIGIT,
    r"\d{5}\.?\d{5}\s\d{5}\.?\d{6}\s\d{5}\.?\d{6}\s\d\s\d{11,14}(?!\w)|\d{11,12}-\d(?:\s\d{11,12}-\d){3}(?!\w)",
)
def _payment_slip(match: re.Match[str], scan: Scan) -> str:
    """Read the line of digits of a "boleto" in short groups."""
    groups = re.findall(r"\d+", match[0])
    return ", ".join(scan.grammar.digits(part) for group in groups for part in in_threes(group))


@PORTUGUESE_RULES.rule(
    "word",
    DIGIT,
    r"(?P<number>\d{1,2})\s?/\s?(?P=number)\s?(?P<unit>h(?:rs?|s|oras)?|d(?:ias)?|min|minutos)(?!\w)",
    "/",
)
def _every(match: re.Match[str], scan: Scan) -> str:
    """Read "de 8/8h" as "de oito em oito horas"."""
    one, many = {"h": ("hora", "horas"), "d": ("dia", "dias"), "m": ("minuto", "minutos")}[match["unit"][0].lower()]
    number = str(int(match["number"]))
    counted = scan.grammar.counted(number, one, many)
    said = f"{counted.removesuffix(many).removesuffix(one)}em {counted}"
    return said if scan.last_word() == "de" else f"de {said}"


@PORTUGUESE_RULES.rule("range", DIGIT, r"(?P<first>\d{1,2})\s?x\s?(?P<last>\d{1,2})(?![\w,])", "xX")
def _score(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Corinthians 2 x 1 Santos" and "venceu por 3x1"."""
    before = scan.written_before()
    after = _NAME_AFTER.match(scan.text, match.end())
    again = any(token.kind == "range" for token in scan.tokens[-3:])  # "2x1 (1x0)"
    if not (again or scan.announced(scan.table.score_words) or (after and before[:1].isupper() and len(before) > 2)):  # noqa: PLR2004
        return None
    return f"{scan.grammar.whole(match['first'])} a {scan.grammar.whole(match['last'])}"


@PORTUGUESE_RULES.rule("title", WORD, r"(?-i:D)\.(?=\s(?P<name>(?-i:[A-ZÀ-Ý])[^\W\d_]{2,20}))", ".")
def _dom(match: re.Match[str], scan: Scan) -> str | None:
    """Read "D. Pedro" and "D. Maria"; "J. D. Salinger" is a name with initials."""
    before = scan.written_before()
    if before[:1].isupper() and len(before) < 3:  # noqa: PLR2004
        return None
    return "dona" if match["name"].endswith("a") else "dom"


# Read "15:00 hs".
PORTUGUESE_RULES.append(
    Rule("time", DIGIT, r"(?P<hours>\d{1,2}):(?P<minutes>[0-5]\d)\s?h(?:rs?|s|oras)?(?!\w)", said_time, ":")
)


@PORTUGUESE_RULES.rule("word", WORD, r"(?:segunda|terça|quarta|quinta|sexta)-feiras?(?![\w-])", "-")
def _unchanged(match: re.Match[str], scan: Scan) -> str:
    """Keep the hyphen of "terça-feira"."""
    return match[0].lower() if scan.shouted else match[0]


PORTUGUESE_RULES.append(Rule("ordinal", DIGIT, r"(?P<number>\d{1,2})(?P<ending>[oa])(?=\s[^\W\d_]{3})", ordinal))


PORTUGUESE_RULES.extend(ROMANCE_RULES)
