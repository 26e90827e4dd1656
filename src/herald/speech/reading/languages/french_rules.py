"""Rules of French alone: titles, abbreviations, addresses, ordinals, telephone numbers in pairs, codes."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.languages.french_codes import FRENCH_CODES
from herald.speech.reading.languages.french_dates import FRENCH_DATES
from herald.speech.reading.languages.french_measures import FRENCH_MEASURES
from herald.speech.reading.languages.romance_numbers import ordinal, romance
from herald.speech.reading.languages.romance_rules import ROMANCE_RULES, roman_value
from herald.speech.reading.rule import DIGIT, WORD, Rule, Rules

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

_ENDINGS = r"ers?|r?es?|[èe]res?|(?:i?[èe])?mes?|ndes?|nds?"
_STREETS = {
    "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "boul": "boulevard", "pl": "place",
    "imp": "impasse", "all": "allée", "rte": "route", "ch": "chemin", "chem": "chemin", "che": "chemin",
    "sq": "square", "crs": "cours", "r": "rue", "fg": "faubourg", "fbg": "faubourg", "res": "résidence",
}  # fmt: skip
"""Short names of streets after a house number, with or without a dot."""
_RANKS = {"gal": "général", "mal": "maréchal", "cdt": "commandant", "lt": "lieutenant", "amal": "amiral"}
_RANKED_AFTER = frozenset({"du", "le", "au", "rue", "avenue", "av", "boulevard", "bd", "place", "pl", "quai"})
_LETTERED = frozenset(
    {"terminal", "porte", "hall", "quai", "siège", "place", "appt", "appartement", "bât", "bâtiment", "lot", "salle"}
)
"""Words before a number with a letter, which is no ordinal there: "terminal 2E"."""
_CALLED = {"M": "monsieur", "Mme": "madame", "Mlle": "mademoiselle"}
_GREETED = frozenset({"bonjour", "bonsoir", "cher", "et", "de", "à", "avec", "chez", "pour", "par"})
_PHRASES = {"c": "c'est-à-dire", "p": "par exemple", "av": "avant Jésus-Christ", "apr": "après Jésus-Christ"}
_ARRIVALS = {"d": "départ", "a": "arrivée"}


FRENCH_RULES = Rules()


@FRENCH_RULES.rule("abbreviation", (WORD,), r"n\.?\s?[°º](?:(?P<several>s)(?!\w))?(?:\.?\s?(?=\d))?", needs="°º")
def _number(match: re.Match[str], scan: "Scan") -> str:
    """Read "n° 12", "n°F2026" and "n° de dossier"."""
    word = romance(scan).lists.number_word
    return f"{word}s" if match["several"] else word


@FRENCH_RULES.rule(
    "abbreviation",
    (DIGIT,),
    rf"(?P<number>\d{{1,4}})(?P<more>\s?(?:bis|ter|quater|[A-D]))?,?\s(?P<street>{'|'.join(_STREETS)})\.?"
    r"(?=\s(?:(?-i:[A-ZÀ-Ý])(?!\.?-?C\b)|d[eu]s?\s|d'|la\s|l'))",
)
def _address(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "12 bis, av. Victor-Hugo" and "4 pl de la République"."""
    street = match["street"]
    if street.isupper() and not scan.shouted:
        return None
    more = (match["more"] or "").strip()
    return " ".join(filter(None, (scan.grammar.whole(match["number"]), more, _STREETS[street.lower()])))


@FRENCH_RULES.rule(
    "title",
    (WORD,),
    r"M\.(?=\s+(?:(?-i:[A-ZÀ-Ý])(?:\.|[^\W\d_])|(?:le|la|l')\s?[^\W\d_]|et\s+(?-i:M(?:me|lle|\.)))|,)",
    needs="M",
)
def _monsieur(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "M. Durand"; the end of "C P A M. Le bureau" is a letter."""
    lettered = len(scan.written_before().rstrip(".")) == 1
    addressed = scan.text[match.end()] != "," or scan.last_word() in ("mme", "madame")
    return "monsieur" if scan.text[match.start()] == "M" and not lettered and addressed else None


@FRENCH_RULES.rule("title", (WORD,), r"(?-i:M)(?=\s(?-i:[A-ZÀ-Ý])[^\W\d_])", needs="M")
def _without_dot(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "M Durand" at the start of a sentence and after a word such as "bonjour"."""
    return "monsieur" if scan.opens or scan.last_word() in _GREETED else None


@FRENCH_RULES.rule(
    "title", (WORD,), r"(?P<first>(?-i:M(?:me|lle)?))\.?\s?/\s?(?P<last>(?-i:M(?:me|lle)?))(?:\.|(?!\w))", needs="/"
)
def _either_title(match: re.Match[str], scan: "Scan") -> str:
    """Read "M./Mme Durand"."""
    return f"{_CALLED[match['first']]} ou {_CALLED[match['last']]}"


@FRENCH_RULES.rule("title", (WORD,), r"(?-i:St(e?))-(?=[^\W\d_]{3})", needs="-")
def _saint(match: re.Match[str], scan: "Scan") -> str:
    return "sainte" if match[1] else "saint"


@FRENCH_RULES.rule("title", (WORD,), r"(?P<name>(?-i:Dr|Pr|Mgr|Me))-(?=(?-i:[A-ZÀ-Ý])[^\W\d_])", needs="-")
def _hyphened_title(match: re.Match[str], scan: "Scan") -> str:
    """Read the "Dr-" of "rue du Dr-Roux"."""
    return scan.table.titles[match["name"].lower()]


@FRENCH_RULES.rule(
    "title", (WORD,), r"(?P<name>(?-i:Gal|Mal|Cdt|Lt|Amal))\.?[ -](?P<of>de-)?(?=(?-i:[A-ZÀ-Ý])|de\s|d')"
)
def _rank(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "av. du Gal-de-Gaulle", "rue du Mal Foch"."""
    if scan.last_word() not in _RANKED_AFTER:
        return None
    return _RANKS[match["name"].lower()] + (" de" if match["of"] else "")


@FRENCH_RULES.rule(
    "initial", (WORD,), r"(?P<first>(?-i:[A-Z]))\.?-(?P<last>(?-i:[A-Z]))\.(?=\s?(?-i:[A-ZÀ-Ý])[^\W\d_])", needs="-"
)
def _initials(match: re.Match[str], scan: "Scan") -> str:
    """Read the "J.-P." of a name."""
    return f"{match['first']} {match['last']}"


@FRENCH_RULES.rule(
    "abbreviation",
    (WORD,),
    r"(?P<name>c)\.?-à-d\.?(?!\w)|(?P<example>p)\.\s?ex\.(?!\w)|(?P<era>av|apr)\.\s?J\.?-C\.?(?!\w)",
    needs="-.",
)
def _phrase(match: re.Match[str], scan: "Scan") -> str:
    """Read "c.-à-d.", "p. ex." and "av. J.-C."."""
    return _PHRASES[(match["name"] or match["example"] or match["era"]).lower()]


@FRENCH_RULES.rule("abbreviation", (WORD,), r"av\.(?=\s(?:le\s\d|\d{1,2}\s?h))", needs=".")
def _before(match: re.Match[str], scan: "Scan") -> str:
    """Read "av. le 12/03" and "av. 18h", which is no avenue."""
    return "avant"


@FRENCH_RULES.rule("abbreviation", (WORD,), r"(?P<name>d[ée]p|arr)\.?(?=\s?:?\s?(?:à\s)?\d{1,2}\s?[h:]\s?\d\d)")
def _departure(match: re.Match[str], scan: "Scan") -> str:
    """Read "dép. 8h15" and "arr. 10:40"."""
    return _ARRIVALS[match["name"][0].lower()]


@FRENCH_RULES.rule("abbreviation", (WORD,), r"(?P<name>[^\W\d_]{2,4}\.?)(?=\s(?-i:[A-Z])\d{0,2}(?![\w'-]|\.\w))")
def _lettered_place(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "bât. B", "esc C"."""
    name = match["name"].lower()
    return scan.table.before_number.get(name) if name not in ("no", "no.", "art.", "tel", "tél") else None


@FRENCH_RULES.rule("abbreviation", (WORD,), r"vs\.?(?=\s(?:\d|(?-i:[A-ZÀ-Ý])))")
def _versus(match: re.Match[str], scan: "Scan") -> str:
    """Read "+12 % vs 2024"."""
    return "contre"


@FRENCH_RULES.rule("abbreviation", (WORD,), r"(?-i:T)°(?![\w°])", needs="°")
def _temperature(match: re.Match[str], scan: "Scan") -> str:
    return "température"


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
    dated = scan.text.startswith("/", match.end())  # "1er/12"
    return None if lettered or dated else ordinal(match, scan)


@FRENCH_RULES.rule("ordinal", (DIGIT,), r"2(?P<ending>(?-i:de?))(?![\w'])")
def _second(match: re.Match[str], scan: "Scan") -> str:
    """Read "2d" and "2de"."""
    return scan.grammar.ordinal_written("2", match["ending"])


@FRENCH_RULES.rule("ordinal", (DIGIT,), r"(?P<number>[3-6])[eè](?:me)?(?P<group>[1-9])(?![\w-]|[.,]\d)", needs="eèEÈ")
def _class(match: re.Match[str], scan: "Scan") -> str:
    """Read the school class "6e2"."""
    return f"{scan.grammar.ordinal(int(match['number']))} {scan.grammar.cardinal(int(match['group']))}"


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
    said = scan.grammar.ordinal(roman_value(match["numeral"]))
    return f"{said} siècle" if match["century"] else said


FRENCH_RULES.extend(FRENCH_CODES)
FRENCH_RULES.extend(FRENCH_MEASURES)
FRENCH_RULES.extend(FRENCH_DATES)
FRENCH_RULES.extend(ROMANCE_RULES)
