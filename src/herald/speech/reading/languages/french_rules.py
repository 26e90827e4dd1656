"""Rules of French alone: abbreviations, ordinals, words for both genders; the other files of rules are joined here."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.languages.french_codes import FRENCH_CODES
from herald.speech.reading.languages.french_dates import FRENCH_DATES, LIKELY_DATES
from herald.speech.reading.languages.french_doses import FRENCH_DOSES
from herald.speech.reading.languages.french_measures import FRENCH_MEASURES
from herald.speech.reading.languages.french_names import FRENCH_NAMES
from herald.speech.reading.languages.roman import roman
from herald.speech.reading.languages.romance_numbers import ordinal, romance
from herald.speech.reading.languages.romance_rules import ROMANCE_RULES
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule, Rules
from herald.speech.reading.table import words

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

_ENDINGS = r"ers?|r?es?|[èe]res?|(?:i?[èe])?mes?|è|ndes?|nds?"
_LETTERED = words("terminal porte hall quai siège place appt appartement bât bâtiment lot salle")
"""Words before a number with a letter, which is no ordinal there: "terminal 2E"."""
_PHRASES = {"c": "c'est-à-dire", "p": "par exemple", "av": "avant Jésus-Christ", "apr": "après Jésus-Christ"}
_ARRIVALS = {"d": "départ", "a": "arrivée", "r": "retour"}
_CHAT = {
    "ds": "dans",
    "pr": "pour",
    "qd": "quand",
    "vtre": "votre",
    "ntre": "notre",
    "pls": "plusieurs",
    "auj": "aujourd'hui",
    "mtn": "maintenant",
}
"""Abbreviations of chats that mean something else in capitals."""
_WINDS = frozenset({"vent", "vents", "houle", "secteur", "rafales"})
_DIRECTIONS = {"N": "nord", "S": "sud", "E": "est", "O": "ouest"}
FRENCH_RULES = Rules(FRENCH_NAMES)


@FRENCH_RULES.rule("abbreviation", (WORD,), r"n\.?\s?[°º](?:(?P<several>s)(?!\w))?(?:\.?\s?(?=\d))?", needs="°º")
def _number(match: re.Match[str], scan: "Scan") -> str:
    """Read "n° 12", "n°F2026" and "n° de dossier"."""
    word = romance(scan).lists.number_word
    return f"{word}s" if match["several"] else word


@FRENCH_RULES.rule(
    "abbreviation",
    (WORD,),
    r"(?P<name>c)\.?-à-d\.?(?!\w)|(?P<example>p)\.\s?ex\.(?!\w)|(?P<era>av|apr)\.\s?J\.?-C\.?(?!\w)",
    needs="-.",
)
def _phrase(match: re.Match[str], scan: "Scan") -> str:
    """Read "c.-à-d.", "p. ex." and "av. J.-C."."""
    return _PHRASES[(match["name"] or match["example"] or match["era"]).lower()]


# Read "av. le 12/03" and "av. 18h", which is no avenue.
FRENCH_RULES.phrase("abbreviation", (WORD,), r"av\.(?=\s(?:le\s\d|\d{1,2}\s?h))", "avant", needs=".")


@FRENCH_RULES.rule(
    "abbreviation",
    (WORD,),
    r"(?P<name>d[ée]p|arr|ret)(?:\.?(?=\s?:?\s?(?:à\s)?\d{1,2}\s?[h:]\s?\d\d)|\.(?=\s(?:(?-i:[A-ZÀ-Ý])|(?:lun|mar|mer|jeu|ven|sam|dim)\b)))",
)
def _departure(match: re.Match[str], scan: "Scan") -> str:
    """Read "dép. 8h15" and "arr. Paris"; "2e arr." is a district."""
    if scan.tokens and scan.tokens[-1].kind == "ordinal":
        return "arrondissement"
    return _ARRIVALS[match["name"][0].lower()]


@FRENCH_RULES.rule("abbreviation", (WORD,), r"(?P<name>(?-i:[a-z]{2,4}))\.?(?![\w'-]|\.\w)")
def _chat(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "ds 5 min"."""
    return _CHAT.get(match["name"])


@FRENCH_RULES.rule("abbreviation", (WORD,), r"(?P<whose>[NV])/\s?R[ée]f\.?(?!\w)", needs="/")
def _letter_reference(match: re.Match[str], scan: "Scan") -> str:
    """Read the "N/Réf." of a letter."""
    return "notre référence" if match["whose"] in "Nn" else "votre référence"


# Read "+12 % vs 2024".
FRENCH_RULES.phrase("abbreviation", (WORD,), r"(?-i:vs)\.?(?=\s(?:[\d+-]|(?-i:[A-ZÀ-Ý])))", "contre")


@FRENCH_RULES.rule("abbreviation", (WORD,), r"(?P<name>tel|port)\.?(?=\s?:?\s?(?:\(?\+|0)\d)")
def _telephone(match: re.Match[str], scan: "Scan") -> str:
    """Read "Tel : 01 23" and "port. 06 12"."""
    return "téléphone" if match["name"][0] in "tT" else "portable"


@FRENCH_RULES.rule("abbreviation", (WORD,), r"no(?=\s(?:de\s|d'|client))")
def _number_of(match: re.Match[str], scan: "Scan") -> str:
    """Read the "no" of "no de client"."""
    return romance(scan).lists.number_word


@FRENCH_RULES.rule("pause", (SIGN,), r"[-=]{1,3}>", needs=">")
def _arrow(match: re.Match[str], scan: "Scan") -> str:
    """Read the "->" between two places as a pause."""
    return "," if scan.before else ""


@FRENCH_RULES.rule("abbreviation", (WORD,), r"(?-i:[TM])°(?![\w°])", needs="°")
def _degree_letter(match: re.Match[str], scan: "Scan") -> str:
    """Read "T° 37,8" and "M° Odéon"."""
    return "température" if match[0][0] == "T" else "métro"


@FRENCH_RULES.rule(
    "word",
    (WORD,),
    r"(?P<word>[^\W\d_]{2,20})\((?:e|ne|le|te|i?ère|trice|r?euse|se|ve)\)(?P<several>s)?(?!\w)",
    needs="(",
)
def _both_genders(match: re.Match[str], scan: "Scan") -> str:
    """Read "absent(e)" and "inscrit(e)s" without the feminine ending, which cannot be heard as one."""
    return match["word"] + (match["several"] or "")


@FRENCH_RULES.rule(
    "word",
    (WORD,),
    r"(?P<word>[^\W\d_]{3,20})(?:•(?:e|ne|le|te|i?ère|trice|euse|se|ve)(?P<plural>•?s)?|\.e(?P<several>\.s)?)(?![\w@]|\.\w)",
    needs="•.",
)
def _inclusive(match: re.Match[str], scan: "Scan") -> str:
    """Read "étudiant·e·s"."""
    return f"{match['word']}s" if match["plural"] or match["several"] else match["word"]


def _ordinal(match: re.Match[str], scan: "Scan") -> str | tuple[str, int] | None:
    """Read "2e"; the letter of "terminal 2E" is none."""
    lettered = match["ending"] == "E" and (scan.last_word() in _LETTERED or match[0][-2] == " ")
    slash = scan.text.startswith("/", match.end())
    if lettered or (slash and match["number"] == "1"):
        return None  # "1er/12"
    said = ordinal(match, scan)
    among = slash and isinstance(said, str) and scan.text[match.end() + 1 : match.end() + 2].isdigit()
    return (f"{said} sur", match.end() + 1) if among else said  # "3e/5 étages"


@FRENCH_RULES.rule("ordinal", (DIGIT,), r"2(?P<ending>(?-i:de?))(?![\w'])")
def _second(match: re.Match[str], scan: "Scan") -> str:
    """Read "2d" and "2de"."""
    return scan.grammar.ordinal_written("2", match["ending"])


@FRENCH_RULES.rule("ordinal", (DIGIT,), r"(?P<number>[3-6])[eè](?:me)?(?P<group>[1-9]|(?-i:[A-H]))(?![\w-]|[.,]\d)")
def _class(match: re.Match[str], scan: "Scan") -> str:
    """Read the school classes "6e2" and "3eB"."""
    group = match["group"]
    said = scan.grammar.cardinal(int(group)) if group.isdigit() else group
    return f"{scan.grammar.ordinal(int(match['number']))} {said}"


FRENCH_RULES.append(
    Rule(
        "ordinal",
        (DIGIT,),
        rf"(?P<number>\d{{1,3}}(?: \d{{3}})+|\d{{1,9}})\s?(?P<ending>{_ENDINGS})(?![\w'])",
        _ordinal,
    )
)


@FRENCH_RULES.rule(
    "number", (DIGIT,), r"(?P<first>\d{1,2})\s?(?P<unit>[hj])\s?/\s?(?P<last>\d{1,2})(?:\s?[hj])?(?![\w/])", needs="/"
)
def _always(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "7j/7" and "24h/24"."""
    noun, last = ("heures", "24") if match["unit"].lower() == "h" else ("jours", "7")
    if match["last"] != last:
        return None
    return f"{scan.grammar.cardinal(int(match['first']))} {noun} sur {scan.grammar.cardinal(int(last))}"


@FRENCH_RULES.rule(
    "ordinal", (WORD,), r"(?P<numeral>[ivx]{1,5})(?:e|[èe]me|er|re)(?!\w)(?P<century>\ss\.)?", needs="IVX"
)
def _century(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "XXe", "XIXème" and "XIXe s."."""
    if not match["numeral"].isupper():
        return None
    said = scan.grammar.ordinal(roman(match["numeral"].upper()))
    return f"{said} siècle" if match["century"] else said


@FRENCH_RULES.rule("word", (WORD,), r"(?P<wind>(?-i:[NS][EO]?|[EO]))(?![\w'-])")
def _wind(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "vent NO 40 km/h"."""
    if scan.last_word() not in _WINDS:
        return None
    return "-".join(_DIRECTIONS[letter] for letter in match["wind"])


FRENCH_RULES.extend(FRENCH_CODES)
FRENCH_RULES.extend(FRENCH_DATES)
FRENCH_RULES.extend(FRENCH_DOSES)
FRENCH_RULES.extend(FRENCH_MEASURES)
FRENCH_RULES.extend(LIKELY_DATES)


@FRENCH_RULES.rule("pause", (SIGN,), r"/(?P<space>\s)?(?=(?P<digit>\d)?)", needs="/")
def _between(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the sign of "8h-12h/14h-18h" and of "06 12 34 56 78 / 01 23 45 67 89" as a pause."""
    last = scan.tokens[-1].kind if scan.tokens else "pause"
    apart = match["space"] and scan.text[match.start() - 1 : match.start()].isspace()
    between = last == "time" if match["digit"] and not apart else apart and not (last == "number" and match["digit"])
    return "," if between and last not in ("pause", "end") else None


FRENCH_RULES.extend(ROMANCE_RULES)
