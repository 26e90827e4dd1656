"""Rules for names of people and places in French only: titles, ranks, initials, streets, floors."""

import re

from herald.speech.reading.rule import DIGIT, WORD, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import spread, words
from herald.speech.reading.token import Fixed

_STREETS = spread({
    "av|ave": "avenue", "bd|bld|boul": "boulevard", "pl": "place", "imp": "impasse", "all": "allée", "rte": "route",
    "ch|chem|che": "chemin", "sq": "square", "crs": "cours", "r": "rue", "fg|fbg": "faubourg", "res": "résidence",
})  # fmt: skip
"""Short names of streets after a house number, with or without a dot."""
_RANKS = {"gal": "général", "mal": "maréchal", "cdt": "commandant", "lt": "lieutenant", "amal": "amiral"}
_RANKED_AFTER = frozenset({"du", "le", "au", "rue", "avenue", "av", "boulevard", "bd", "place", "pl", "quai"})
_CALLED = {"M": "monsieur", "Mme": "madame", "Mlle": "mademoiselle"}
_GREETED = frozenset({"bonjour", "bonsoir", "cher", "et", "de", "à", "avec", "chez", "pour", "par"})
_NAMED_PLACES = words(
    "rue avenue av boulevard bd place allée quai impasse square collège lycée école stade gymnase hôpital salle espace"
)
_FLOORS = words("appartement appt apt app bâtiment bât étage porte au du interphone")
_CODES = {"civ": "civil", "pén": "pénal", "trav": "du travail", "com": "de commerce", "conso": "de la consommation"}
_CAR_PARTS = words("plaquettes disques pneus pneu amortisseurs freins feux feu pare-chocs essieu train roues roue")
_CAR_SIDES = {"AV": "avant", "AR": "arrière"}
_WAYS = words("rue avenue boulevard chemin")
_LAST = words(
    "env oblig incl réd suppl supp max min copro asc livr cde cmde remb scol prélèv conso abo dom ét poss justif conv "
    "cotis"
)
"""Abbreviations after which no name follows."""
_MEETINGS = frozenset({"ag", "assemblée", "session"})
_ADJECTIVES = {
    "ord": (_MEETINGS, "ordinaire"),
    "extraord": (_MEETINGS, "extraordinaire"),
    "imp": (frozenset({"net", "revenu", "salaire"}), "imposable"),
    "resp": (frozenset({"fréq", "fréquence"}), "respiratoire"),
    "remb": (frozenset({"non"}), "remboursable"),
}
"""Adjectives that are shortened after certain words."""
FRENCH_NAMES = Rules()


@FRENCH_NAMES.rule("abbreviation", WORD, r"(?P<article>[ld]')(?=[^\W\d_]{2,5}\.|[^\W\d_]\.[^\W\d_]\.)", "'")
def _elided(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "l'art. 5" and "d'env. 2 h"."""
    article, begin = match[0], match.start()
    # Up to the next apostrophe, so that nothing is looked at twice.
    rest = scan.text[begin : match.end() + 40].split("'")
    inner = type(scan)("'".join(rest[:2]), scan.grammar, [Fixed(0, len(article), article)]).run()
    known = len(inner) > 1 and inner[1].kind in ("abbreviation", "label")
    return (article + inner[1].words, begin + inner[1].end) if known else None


FRENCH_NAMES.phrases("label", WORD, ".", {
    r"art\.(?=\s(?-i:[LRDA])\.?\s?\*?\d)": "article",  # "art. R. 423-23"
    r"art\.(?=\s?:)": "article",  # "réf. art. : 12"
    r"(?-i:T)\.\s?(?=[3-5]\d(?!\w|[.,]\d))": "taille",  # "T. 40 et 42"
})  # fmt: skip
FRENCH_NAMES.phrases("abbreviation", WORD, ".", {
    r"ouv\.(?=\s(?:des|de\sla|du)\s)": "ouverture",  # "ouv. des portes"
    r"j\.(?=\s(?:fér|ouv|cal))": "jours",  # "j. fériés"
    r"p\.(?=\sde\s\d)": "partir",  # "à p. de 45 €"
    r"ch\.(?=\s(?:double|simple|twin|single|familiale|d'h))": "chambre",  # "ch. double"
    r"unit\.(?=\s(?:HT|TTC)\b)": "unitaire",  # "prix unit. HT"
    r"(?-i:r)\.(?=\s(?:(?-i:[A-ZÀ-Ý])|d[eu]s?\s))": "rue",  # "r. Victor-Hugo"
    r"petit-d[ée]j\.": "petit-déjeuner",  # "petit-déj. 12 €"
    r"rés\.(?=\s?:|\s(?:au|sur|par|en)\s)": "réservation",  # Read "rés. au 01 23 45 67 89", which is not a residence.
})  # fmt: skip
FRENCH_NAMES.phrases("abbreviation", WORD, "", {
    r"a-m(?![\w-])": "après-midi",  # "mer. a-m"
    r"mens\.(?=\sde\s\d)": "mensualités",  # "48 mens. de 199 €"
    r"ap\.?[ -]?midi(?!\w)": "après-midi",  # "demain ap.-midi"
    r"pte(?=\s(?:d'|des?\s|du\s))": "porte",
    r"chq(?=\s(?:mois|jour|sem|an|fois|matin|soir|nuit))": "chaque",  # Read "chq mois"; elsewhere it is a cheque.
    r"nos(?=\s\d{1,4}\s(?:à|et)\s\d{1,4}(?!\w|\s[a-zà-ÿ]))": "numéros",  # Read "nos 1 à 25" of a street.
})  # fmt: skip
FRENCH_NAMES.phrases("abbreviation", WORD, "-", {
    r"l'ap\.?-midi(?!\w)": "l'après-midi",
    r"ss-sol(?!\w)": "sous-sol",
    r"(?-i:Fb?g)-(?=(?-i:[A-ZÀ-Ý]))": "faubourg",
})  # fmt: skip
# Read "exp. 09/28".
FRENCH_NAMES.phrase("abbreviation", WORD, r"exp\.?(?=\s?:?\s?(?:le\s)?\d{1,2}/)", "expire", "/")


# Read the "Cdt." at the end of a letter.
@FRENCH_NAMES.rule("abbreviation", WORD, r"cdt\.?(?!\w)")
def _regards(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    return ("cordialement", match.start() + len("cdt")) if scan.opens else None


FRENCH_NAMES.phrase("abbreviation", WORD, r"(?-i:AV/AR)(?!\w)", "avant arrière", "/")


@FRENCH_NAMES.rule("abbreviation", WORD, r"(?-i:dr)\.?(?!\w)")
def _right(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3e dr.", which is not a doctor."""
    floor = bool(scan.tokens) and (scan.tokens[-1].kind == "ordinal" or scan.before in ("étage", "rez-de-chaussée"))
    return "droite" if floor else None


FRENCH_NAMES.phrase("acronym", WORD, r"P\.-?D\.-?G\.?(?!\w)", "P D G", ".")
# Read "CE SOIR" within a text in small letters.
FRENCH_NAMES.phrase("word", WORD, r"(?-i:CE)(?=\s(?-i:SOIR|MATIN|MIDI|JOUR|MOIS|WEEK)\b)", "ce", "C")


@FRENCH_NAMES.rule("abbreviation", WORD, r"(?-i:[Gg]d)(?P<ending>es?|s)?\.?(?=\s[^\W\d_]{2})")
def _grand(match: re.Match[str], scan: Scan) -> str:
    """Read "Gd Palais" and "12 Gde Rue"."""
    return f"grand{match['ending'] or ''}"


@FRENCH_NAMES.rule("abbreviation", WORD, r"(?-i:C)\.\s?(?P<code>civ|pén|trav|com|conso)\.", ".")
def _code(match: re.Match[str], scan: Scan) -> str:
    """Read "C. civ."."""
    return f"code {_CODES[match['code'].lower()]}"


@FRENCH_NAMES.rule("abbreviation", WORD, r"(?P<side>(?-i:AV|AR))(?!\w)")
def _car_side(match: re.Match[str], scan: Scan) -> str | None:
    """Read "plaquettes AV"."""
    return _CAR_SIDES[match["side"]] if scan.last_word() in _CAR_PARTS else None


@FRENCH_NAMES.rule("abbreviation", WORD, r"(?P<name>(?:extra)?ord|imp|remb|resp)\.", ".")
def _adjective(match: re.Match[str], scan: Scan) -> str | None:
    """Read "AG ord.", "net imp." and "non remb."."""
    after, said = _ADJECTIVES[match["name"].lower()]
    return said if scan.last_word() in after else None


@FRENCH_NAMES.rule("abbreviation", WORD, r"(?P<name>[^\W\d_]{2,6})\.(?=\s+(?-i:[A-ZÀ-Ý][a-zà-ÿ\s']))", ".")
def _last(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "bonnet oblig. Entrée libre", where the dot also ends the sentence."""
    name = match["name"].lower()
    end = match.end() if scan.shouted else match.end("name")
    return (scan.table.abbreviations[f"{name}."], end) if name in _LAST else None


@FRENCH_NAMES.rule("abbreviation", WORD, r"(?P<side>(?-i:[EO]))\.?(?=,)")
def _street_side(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "O." of "boul. René-Lévesque O., app. 12"."""
    return {"E": "est", "O": "ouest"}[match["side"]] if scan.recent_words(3) & _WAYS or _on_street(scan) else None


def _on_street(scan: Scan) -> bool:
    """Return whether one of the last few tokens is an address with an abbreviated street."""
    return any(token.words.endswith(tuple(_STREETS.values())) for token in scan.tokens[:-4:-1])


@FRENCH_NAMES.rule("abbreviation", WORD, r"(?P<name>hab|vol)\.?(?!\w)")
def _described(match: re.Match[str], scan: Scan) -> str | None:
    """Read "120 m² hab." and "13 % vol."."""
    if match["name"][0] in "hH":
        return "habitables" if scan.before.endswith("carrés") else None
    return "volume" if scan.before.endswith("pour cent") else None


FRENCH_NAMES.phrases("acronym", WORD, "", {
    r"(?-i:BD)(?!\w|\.|\s(?-i:[A-Z][a-zà-ÿ]))": "{0:spelled}",  # Read "festival BD", which is not a boulevard.
}, where=lambda scan: not scan.shouted)  # fmt: skip
FRENCH_NAMES.phrases("number", DIGIT, "", {
    r"(?P<number>\d{1,4})(?P<more>bis|ter|quater)(?!\w)": "{number:whole} {more:lower}",  # "14bis"
})  # fmt: skip


@FRENCH_NAMES.rule(
    "abbreviation",
    DIGIT,
    rf"(?P<number>\d{{1,4}})(?P<more>\s?(?:bis|ter|quater|[A-D]))?,?\s(?P<street>{'|'.join(_STREETS)})(?P<dot>\.)?"
    r"(?=\s(?:(?P<name>(?-i:[A-ZÀ-Ý]))(?!\.?-?C\b)|d[eu]s?\s|d'|la\s|l'))",
)
def _address(match: re.Match[str], scan: Scan) -> str | None:
    """Read "12 bis, av. Victor-Hugo" and "4 pl de la République"."""
    street = match["street"]
    if street.isupper() and not scan.shouted:
        return None
    if street == "ch" and match["name"] and not (match["dot"] or scan.text[match.end() + 2 :][:1].islower()):
        return None  # a motor of "130 ch BVA8"
    more = (match["more"] or "").strip()
    return " ".join(filter(None, (scan.grammar.whole(match["number"]), more, _STREETS[street.lower()])))


# Read "130 ch BVA8".
FRENCH_NAMES.phrase("measure", DIGIT, r"(?P<number>[4-9]\d|[1-9]\d\d)\sch(?=\s(?-i:[A-Z]{2}|\d))", "{number:unit,ch}")


@FRENCH_NAMES.rule(
    "title",
    WORD,
    r"M\.(?=\s+(?:(?-i:[A-ZÀ-Ý])(?:\.|[^\W\d_])|(?:le|la|l')\s?[^\W\d_]|(?:et|&)\s+(?-i:M(?:me|lle|\.)))|,)",
    "M",
)
def _monsieur(match: re.Match[str], scan: Scan) -> str | None:
    """Read "M. Durand"; the end of "C P A M. Le bureau" is a letter."""
    before = scan.written_before().rstrip(".")
    lettered = len(before) == 1 and before.isupper()
    addressed = scan.text[match.end()] != "," or scan.last_word() in ("mme", "madame")
    return "monsieur" if scan.text[match.start()] == "M" and not lettered and addressed else None


@FRENCH_NAMES.rule("title", WORD, r"(?-i:M)(?=\s(?-i:[A-ZÀ-Ý])[^\W\d_])", "M")
def _without_dot(match: re.Match[str], scan: Scan) -> str | None:
    """Read "M Durand" at the start of a sentence and after a word such as "bonjour"."""
    return "monsieur" if scan.opens or scan.last_word() in _GREETED else None


@FRENCH_NAMES.rule(
    "title", WORD, r"(?P<first>(?-i:M(?:me|lle)?))\.?\s?/\s?(?P<last>(?-i:M(?:me|lle)?))(?:\.|(?!\w))", "/"
)
def _either_title(match: re.Match[str], scan: Scan) -> str:
    """Read "M./Mme Durand"."""
    return f"{_CALLED[match['first']]} ou {_CALLED[match['last']]}"


# Read the "MM." of "MM. les maires".
FRENCH_NAMES.phrase("title", WORD, r"(?-i:MM)\.(?=\s(?:les?|la)\s)", "messieurs", ".")
FRENCH_NAMES.phrase("title", WORD, r"(?-i:St)-(?=[^\W\d_]{3})", "saint", "-")
FRENCH_NAMES.phrase("title", WORD, r"(?-i:Ste)-(?=[^\W\d_]{3})", "sainte", "-")


@FRENCH_NAMES.rule("title", WORD, r"(?P<name>(?-i:Dr|Pr|Mgr|Me))-(?=(?-i:[A-ZÀ-Ý])[^\W\d_])", "-")
def _hyphened_title(match: re.Match[str], scan: Scan) -> str:
    """Read the "Dr-" of "rue du Dr-Roux"."""
    return scan.table.titles[match["name"].lower()]


@FRENCH_NAMES.rule("title", WORD, r"(?P<name>(?-i:Gal|Mal|Cdt|Lt|Amal))\.?[ -](?P<of>de-)?(?=(?-i:[A-ZÀ-Ý])|de\s|d')")
def _rank(match: re.Match[str], scan: Scan) -> str | None:
    """Read "av. du Gal-de-Gaulle", "rue du Mal Foch"."""
    if scan.last_word() not in _RANKED_AFTER:
        return None
    return _RANKS[match["name"].lower()] + (" de" if match["of"] else "")


@FRENCH_NAMES.rule(
    "initial", WORD, r"(?P<first>(?-i:[A-Z]))\.?-(?P<last>(?-i:[A-Z]))\.(?=\s?(?-i:[A-ZÀ-Ý])[^\W\d_])", "-"
)
def _initials(match: re.Match[str], scan: Scan) -> str:
    """Read the "J.-P." of a name."""
    return f"{match['first']} {match['last']}"


# Read "2e arr.".
FRENCH_NAMES.phrase("abbreviation", WORD, r"arr\.?(?!\w)", "arrondissement", after=("ordinal",))


@FRENCH_NAMES.rule("abbreviation", WORD, r"(?-i:RDC|RdC|Rdc|rdc)(?!\w)(?P<side>(?=\s(?:dte|dr|gche|droite|gauche)\b))?")
def _ground_floor(match: re.Match[str], scan: Scan) -> str | None:
    """Read "au RDC" and "apt. 12, RDC"; elsewhere it may be the country."""
    return "rez-de-chaussée" if not match[0].isupper() or match["side"] is not None or scan.announced(_FLOORS) else None


@FRENCH_NAMES.rule("initial", WORD, r"(?P<letter>(?-i:[A-Z]))\.(?=\s(?:d[eu]s?\s|d')?(?-i:[A-ZÀ-Ý])[^\W\d_])", ".")
def _initial(match: re.Match[str], scan: Scan) -> str | None:
    """Read the initial of "rue P. Brossolette"."""
    titled = scan.kind == "title"
    return match["letter"] if titled or scan.last_word().rpartition("'")[2] in _NAMED_PLACES else None


@FRENCH_NAMES.rule("abbreviation", WORD, r"(?P<name>[^\W\d_]{2,4}\.?)(?=\s(?-i:[A-Z])\d{0,2}(?![\w'-]|\.\w))")
def _lettered_place(match: re.Match[str], scan: Scan) -> str | None:
    """Read "bât. B", "esc C"."""
    name = match["name"].lower()
    return scan.table.before_number.get(name) if name not in ("no", "no.", "art.", "t.", "tel", "tél") else None
