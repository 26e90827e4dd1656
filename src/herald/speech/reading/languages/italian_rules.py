"""Rules for Italian only: telephone numbers, contractions such as "sig.ra"."""

import re

from herald.speech.reading.grammar import DAYS
from herald.speech.reading.languages.doses import DOSES
from herald.speech.reading.languages.forms import FORMS
from herald.speech.reading.languages.italian_forms import ITALIAN_FORMS
from herald.speech.reading.languages.romance_rules import ROMANCE_RULES, phones
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, WORD, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_VOWELS = tuple("aeiou")
_MEN = frozenset({"luca", "andrea", "mattia", "nicola", "battista"})
"""Saints whose names look feminine."""
_PLACES = words(
    "via viale v.le piazza p.za p.zza piazzale p.le corso c.so largo l.go vicolo osp ospedale clinica farmacia chiesa "
    "parrocchia basilica istituto scuola casa villa monte porto borgo rione quartiere stazione contrada c.da loc fraz "
    "santuario festa centro residenza rsa cappella palazzo galleria lungomare policlinico"
)
"""Words in capitals before a saint; after other names, "S." is an initial."""
_CAPITAL_AFTER = Lazy(r"\s+[A-ZÀ-Ý]")
_POSTAL_CODE = Lazy(r"\d{5}")
_LONGEST_DURATION = 5
"""Hours of "1h30"."""
ITALIAN_RULES = Rules()


@ITALIAN_RULES.rule(
    "measure", DIGIT, r"(?P<hours>\d{1,2})\s?h\s?(?P<minutes>\d{1,2})(?:\s?min\.?|\s?m|')?(?![\w'\"/]|[.,:]\d)", "hH"
)
def _duration(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1h 20'" and "1h30"; from six hours on, "18h30" is more likely a time."""
    if " h " in match[0] and match[0][-1].isdigit():
        return None  # "il 3 h 20"
    if int(match["hours"]) > _LONGEST_DURATION and match[0][-1].isdigit():
        return None
    hours = scan.grammar.counted(match["hours"], "ora", "ore")
    return f"{hours} e {scan.grammar.counted(match['minutes'].lstrip('0') or '0', 'minuto', 'minuti')}"


@ITALIAN_RULES.rule(
    "measure",
    DIGIT,
    r"(?:(?P<first>\d{1,3})\s?[-–]\s?)?(?P<minutes>\d{1,3})'(?:\s?(?P<seconds>\d{1,2})(?:\"|''))?(?!['\w])|(?P<alone>\d{1,3})''(?!\w)",
    "'\"",
)
def _minutes(match: re.Match[str], scan: Scan) -> str | None:
    """Read "tra 25'", "dura 45''" and, of a match, "al 45'"."""
    if match["alone"]:
        return scan.grammar.counted(match["alone"], "secondo", "secondi")
    if scan.last_word() in ("al", "dal", "nel") and not match["seconds"]:
        return scan.grammar.ordinal(int(match["minutes"]))
    said = scan.grammar.counted(match["minutes"], "minuto", "minuti")
    said = f"{scan.grammar.whole(match['first'])} {scan.table.to} {said}" if match["first"] else said
    return f"{said} e {scan.grammar.counted(match['seconds'], 'secondo', 'secondi')}" if match["seconds"] else said


@ITALIAN_RULES.rule("code", WORD, r"(?P<province>(?-i:[A-Z]{2}))(?![\w.'-])")
def _province(match: re.Match[str], scan: Scan) -> str | None:
    """Spell "Milano (MI)" and "20131 MI"."""
    if _POSTAL_CODE.fullmatch(scan.written_before()):
        return scan.grammar.spelled(match[0])
    if not scan.text.startswith(")", match.end()):
        return None
    place = scan.written_before(skip_pause=True)
    return scan.grammar.spelled(match[0]) if place.istitle() and scan.text[match.start() - 1] == "(" else None


@ITALIAN_RULES.rule("money", WORD, r"(?:euro|eur)\s(?P<number><num>)(?![\w%])")
def _euro_first(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Euro 50,00"."""
    counted = scan.kind in ("number", "money", "fraction")
    year = len(match["number"]) == 4 and match["number"][:2] in ("19", "20")  # noqa: PLR2004  "Euro 2024"
    return None if counted or year else scan.grammar.money(match["number"], scan.table.currencies["€"])


@ITALIAN_RULES.rule(
    "measure", WORD, r"(?P<unit>kg|mq|gr|lt|cm|km|kwh)\.?\s(?P<number>\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)(?![\w]|\.\d)"
)
def _unit_first(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Kg 2,5"; "km 12" is a place on a road, but "km 84.500"."""
    unit = match["unit"].lower()
    names = scan.table.units.get("kWh" if unit == "kwh" else unit)
    place = unit == "km" and "." not in match["number"]
    group = unit == "gr" and len(match["number"]) == 1  # "imbarco gr. 2"
    return scan.grammar.counted(match["number"], *names) if names and not place and not group else None


@ITALIAN_RULES.rule("title", WORD, r"(?-i:S)\.\s?(?=(?P<name>(?-i:[A-ZÀ-Ý])[^\W\d_]{2,20})(?!\w|\.))", ".")
def _saint(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "Osp. S. Camillo" and "via S. Anna"; "Rossi S. Mario" is a name with an initial."""
    name = match["name"]
    before = scan.written_before()
    named = before.istitle() and before.lower().rstrip(".") not in _PLACES and name != "Messa"
    if name.isupper() or named or (scan.kind == "initial"):
        return None
    if name.lower().startswith(_VOWELS):
        return f"Sant'{name}", match.end("name")
    if name.endswith("a") and name.lower() not in _MEN:
        return "Santa", match.end()
    return "Santo" if name.startswith(("St", "Z")) else "San", match.end()


# Read "3° p.".
ITALIAN_RULES.phrase("ordinal", DIGIT, r"(?P<number>\d{1,2})[°º]\s?p\.(?!\w)", "{number:ordinal} piano", "°º")


@ITALIAN_RULES.rule("ordinal", DIGIT, r"(?P<number>\d{1,2})°(?!\w|\s?[CF](?!\w))", "°")
def _day(match: re.Match[str], scan: Scan) -> str | None:
    """Read "dal 1° al 20 gennaio" and "il 1° e 3° venerdì"."""
    again = scan.before == "e" and any(token.kind == "ordinal" for token in scan.tokens[-2:])
    known = again or scan.last_word() in ("il", "dal", "al", "del", "nel", "entro")
    return scan.grammar.ordinal(int(match["number"])) if known and int(match["number"]) <= DAYS else None


# Read "24h/24" and "7gg/7".
_ALWAYS = "ventiquattro ore su ventiquattro"
ITALIAN_RULES.phrase("word", DIGIT, r"24\s?h?/24(?:\s?h(?:\s?24)?)?(?!\w)", _ALWAYS, "/")
ITALIAN_RULES.phrase("word", DIGIT, r"7\s?(?:gg?|giorni)?/7(?:\s?gg?)?(?!\w)", "sette giorni su sette", "/")
# Read the day of "mer. 20 h 19,30".
ITALIAN_RULES.phrase("number", DIGIT, r"\d{1,2}(?=\sh\s\d{1,2}(?:[.,:]\d\d)?(?!\d))", "{0:whole}", "h")


@ITALIAN_RULES.rule("word", WORD, r"h\s?24(?!\w|[:.,]\d)", "2")
def _always(match: re.Match[str], scan: Scan) -> str | None:
    """Read "aperto h24"; "alle h 24" is a time."""
    return None if " " in match[0] else _ALWAYS


# Read "L. 241/90".
ITALIAN_RULES.phrase("label", WORD, r"(?-i:L)\.(?=\s?(?:n\.\s?)?\d{1,4}/\d)", "legge", "/")
ITALIAN_RULES.phrases("label", WORD, ".", {
    r"c\.(?=\s?\d{1,4}(?!\d))": "comma",  # "art. 5, c. 2"
}, where=lambda scan: any(token.words == "articolo" for token in scan.tokens[-4:]))  # fmt: skip


@ITALIAN_RULES.rule("abbreviation", WORD, r"IVA\s(?P<name>incl|escl|compr)\.", ".")
def _with_tax(match: re.Match[str], scan: Scan) -> tuple[str, int]:
    """Read "IVA incl."; the dot of "IVA incl. Ritiro oggi" also ends the sentence."""
    said = {"incl": "IVA inclusa", "escl": "IVA esclusa", "compr": "IVA compresa"}[match["name"].lower()]
    return said, match.end() - bool(_CAPITAL_AFTER.match(scan.text, match.end()))


@ITALIAN_RULES.rule(
    "label",
    WORD,
    r"c\.\s?a\.(?=\s(?:del(?:la|l')?\s)?(?-i:[A-Z]))|n\.(?=\sverde)|(?-i:V)\.(?=\s(?-i:[A-Z])[^\W\d_.]{2,20}(?:\s[^\W\d_]{2,20})?,?\s(?:n\.\s?)?\d)",
    ".",
)
def _addressed(match: re.Match[str], scan: Scan) -> str | None:
    """Read "c.a. Dott. Neri", "n. verde 800 123 456" and "V. Mazzini, 20"."""
    if match[0] == "V." and scan.last_word() in _PLACES:
        return None
    return {"c": "alla cortese attenzione", "n": "numero", "v": "via"}[match[0][0].lower()]


ITALIAN_RULES.extend(
    phones(
        r"\(?\+39\)?[ .-]?\d{2,4}[ .-]?\d{3,4}[ .-]?\d{3,4}",
        r"3\d\d[ ./-]\d{3}[ .-]?\d{3,4}",
        r"3\d\d[ ./-]\d{2}[ .-]\d{2}[ .-]\d{2,3}",
        r"(?:8[049]\d|199)[ .-]\d{3}[ .-]?\d{3}",
        r"0\d{1,2}[ .]\d{2,3}[ .]\d{2,3}[ .]\d{3}",
        r"0\d{1,3}[ ./-]\d{3,4}[ .-]?\d{3,4}",
        announced_only=(r"3\d{8,9}", r"0\d{7,10}", r"8\d{8}", r"8\d{2}[ .]\d{3}"),
    )
)
ITALIAN_RULES.extend([*ITALIAN_FORMS, *DOSES, *FORMS])


@ITALIAN_RULES.rule(
    "title", WORD, r"(?P<article>(?:l|dell|all|dall|un)')(?P<name>[^\W\d_]{2,8}\.|(?:[^\W\d_]\.){2})(?=\s\w)", "'"
)
def _elided(match: re.Match[str], scan: Scan) -> str | None:
    """Read "l'avv. Neri"."""
    said = scan.table.abbreviations.get(match["name"].lower())
    return match["article"] + said if said else None


@ITALIAN_RULES.rule("measure", DIGIT, r"(?P<number><num>)\s?km/h(?!\w)", "/")
def _speed(match: re.Match[str], scan: Scan) -> str:
    return scan.grammar.counted(match["number"], "chilometro orario", "chilometri orari")


@ITALIAN_RULES.rule("abbreviation", WORD, r"[^\W\d_]{1,5}\.[^\W\d_]{1,3}(?!\w)\.?", ".")
def _contraction(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "sig.na", whose dot is in the middle."""
    name = match[0].rstrip(".")
    if known := scan.table.abbreviations.get(f"{name}.".lower()):
        return known, match.end()
    said = scan.table.abbreviations.get(name.lower())
    return (said, match.start() + len(name)) if said else None


ITALIAN_RULES.extend(ROMANCE_RULES)
