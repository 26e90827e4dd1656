"""Rules for French only: weekdays, abbreviations, words for both genders; lists all rules in order."""

import re

from herald.speech.reading.languages.french_amounts import FRENCH_AMOUNTS, FRENCH_ORDINALS
from herald.speech.reading.languages.french_codes import FRENCH_CODES
from herald.speech.reading.languages.french_dates import FRENCH_DATES, LIKELY_DATES
from herald.speech.reading.languages.french_doses import FRENCH_DOSES
from herald.speech.reading.languages.french_measures import FRENCH_MEASURES
from herald.speech.reading.languages.french_names import FRENCH_NAMES
from herald.speech.reading.languages.romance_rules import ROMANCE_RULES
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.words import compass
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_WEEKDAYS = {name: at for at, name in enumerate(("lu", "ma", "me", "je", "ve", "sa", "di"))}
_SHORT_DAYS = "lun|mar|merc|mer|jeu|vend|ven|sam|dim"
FRENCH_WEEKDAYS = Rules()


@FRENCH_WEEKDAYS.rule(
    "date", WORD, r"(?P<first>(?-i:Lu|Ma|Me|Je|Ve|Sa|Di))\s?[-–]\s?(?P<last>(?-i:Lu|Ma|Me|Je|Ve|Sa|Di))(?!\w)"
)
def _weekdays(match: re.Match[str], scan: Scan) -> str:
    """Read "Lu-Ve" of opening hours."""
    first, last = (scan.table.weekdays[_WEEKDAYS[match[name].lower()]] for name in ("first", "last"))
    return f"{first} {scan.table.to} {last}"


@FRENCH_WEEKDAYS.rule(
    "date",
    WORD,
    r"(?P<first>(?-i:lu|ma|me|je|ve|sa|di))(?:-(?P<last>(?-i:ve|sa|di|je|me))(?=\s?:?\s\d|,|:)"
    r"|(?=\s(?:fermé|\d{1,2}(?:\.\d{1,2}|\s?[h:](?:\s?[0-5]\d)?\s?[-–])))|(?=\s(?:au|à)\s(?:ve|sa|di)(?!\w)))(?![\w'])",
)
def _swiss_days(match: re.Match[str], scan: Scan) -> str:
    """Read "lu-ve 8h-12h", "di fermé" and "lu 7.12."."""
    first = scan.table.weekdays[_WEEKDAYS[match["first"]]]
    return f"{first} {scan.table.to} {scan.table.weekdays[_WEEKDAYS[match['last']]]}" if match["last"] else first


@FRENCH_WEEKDAYS.rule("date", WORD, r"(?-i:ve|sa|di)(?![\w'-])")
def _last_day(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "ve" of "du lu au ve"."""
    follows = len(scan.tokens) > 1 and scan.tokens[-2].words in scan.table.weekdays and scan.before in ("au", "à", "et")
    return scan.table.weekdays[_WEEKDAYS[match[0]]] if follows else None


@FRENCH_WEEKDAYS.rule("date", WORD, r"(?-i:L)\s?[-–]\s?(?P<last>(?-i:[VSD]))(?=\s?:?\s\d{1,2}\s?h)", "-–")
def _week(match: re.Match[str], scan: Scan) -> str:
    """Read "L-V 9h-18h"."""
    last = {"V": 4, "S": 5, "D": 6}[match["last"]]
    return f"{scan.table.weekdays[0]} {scan.table.to} {scan.table.weekdays[last]}"


@FRENCH_WEEKDAYS.rule(
    "date",
    WORD,
    rf"(?P<name>{_SHORT_DAYS})(?![\w.])(?P<more>(?=\s\d{{1,2}}(?!\d|\sà\s\d{{1,2}}(?![h:\d]|\s(?:h|[a-zà-ÿ]{{3}})))(?:\s?[h:/-]|\s)|\s(?:fermé|matin|midi|soir|après-midi|repos)(?!\w)|(?:\s?[/,&]\s?|\s(?:et|au|à)\s)(?:{_SHORT_DAYS})(?!\w)))?",
)
def _short_day(match: re.Match[str], scan: Scan) -> str | None:
    """Read "lun 9h-12h" and "ven et sam"; "la mer et le ciel" are words."""
    before = next((one.words for one in scan.tokens[:-3:-1] if one.words not in ("et", "à", "au", ",")), "")
    follows = before in scan.table.weekdays
    return (
        scan.table.weekdays[scan.grammar.weekday_numbers[match["name"].lower()]]
        if match["more"] is not None or follows
        else None
    )


_ARRIVALS = {"d": "départ", "a": "arrivée", "r": "retour"}
_CHAT = {
    "ds": "dans", "pr": "pour", "qd": "quand", "vtre": "votre", "ntre": "notre", "pls": "plusieurs",
    "auj": "aujourd'hui", "mtn": "maintenant", "tt": "tout", "tte": "toute", "apm": "après-midi", "pj": "pièce jointe",
    "ttes": "toutes", "ts": "tous", "tps": "temps", "nb": "nombre", "dt": "dont",
}  # fmt: skip
"""Abbreviations used in chats that have another meaning in capitals."""
FRENCH_RULES = Rules(FRENCH_NAMES)


@FRENCH_RULES.rule("abbreviation", WORD, r"n\.?\s?[°º](?:(?P<several>s)(?!\w))?(?:\.?\s?(?=\d))?", "°º")
def _number(match: re.Match[str], scan: Scan) -> str:
    """Read "n° 12", "n°F2026" and "n° de dossier"."""
    word = scan.table.number_sign
    return f"{word}s" if match["several"] else word


FRENCH_RULES.phrases("abbreviation", WORD, "-", {
    r"c\.?-à-d\.?(?!\w)": "c'est-à-dire",  # Read "c.-à-d.", "p. ex." and "av. J.-C.".
    r"av\.\s?J\.?-C\.?(?!\w)": "avant Jésus-Christ",
    r"apr\.\s?J\.?-C\.?(?!\w)": "après Jésus-Christ",
})  # fmt: skip
FRENCH_RULES.phrase("abbreviation", WORD, r"p\.\s?ex\.(?!\w)", "par exemple", ".")
# Read "av. le 12/03" and "av. 18h", which is not an avenue.
FRENCH_RULES.phrase(
    "abbreviation",
    WORD,
    r"av\.(?=\s(?:le\s\d|\d{1,2}\s?h|(?:lun|mar|mer|jeu|ven|sam|dim|midi|demain|fin)\b))",
    "avant",
    ".",
)


@FRENCH_RULES.rule(
    "abbreviation",
    WORD,
    r"(?P<name>d[ée]p|arr|ret)(?:\.?(?=\s?:?\s?(?:à\s)?\d{1,2}\s?[h:]\s?\d\d)|\.(?=\s(?:(?-i:[A-ZÀ-Ý])|[^\W\d_]{2,15}\s\d{1,2}\s?h|(?:lun|mar|mer|jeu|ven|sam|dim)\b)))",
)
def _departure(match: re.Match[str], scan: Scan) -> str:
    """Read "dép. 8h15" and "arr. Paris"."""
    return _ARRIVALS[match["name"][0].lower()]


@FRENCH_RULES.rule("abbreviation", WORD, r"(?P<name>(?-i:[a-z]{2,4}))\.?(?![\w'-]|\.\w)")
def _chat(match: re.Match[str], scan: Scan) -> str | None:
    """Read "ds 5 min"; "le pr Durand" is a professor."""
    if match["name"] == "pr" and scan.last_word() in ("le", "du", "au") and scan.after(match)[1:2].isupper():
        return "professeur"
    return _CHAT.get(match["name"])


# Read the "N/Réf." of a letter.
FRENCH_RULES.phrase("abbreviation", WORD, r"N/\s?R[ée]f\.?(?!\w)", "notre référence", "/")
FRENCH_RULES.phrase("abbreviation", WORD, r"V/\s?R[ée]f\.?(?!\w)", "votre référence", "/")
FRENCH_RULES.phrase("word", SIGN, r"@\+(?!\w)", "à plus", "@")
FRENCH_RULES.phrase("acronym", WORD, r"(?-i:PM)\s?2[.,]5(?!\w)", "P M deux virgule cinq", "P")
# Read "tx d'intérêt"; "prix + tx" are taxes.
FRENCH_RULES.phrase("abbreviation", WORD, r"tx(?=\s(?:d'|de\s|fixe|annuel|variable|nominal))", "taux", "xX")
# Read "D+ 4 750 m", which is not a sum.
FRENCH_RULES.phrase("word", WORD, r"(?-i:D)\+(?=\s?\d)", "D plus", "+")
# Read the "XV" of "le XV de France" and "rugby à XIII".
FRENCH_RULES.phrase("word", WORD, r"(?-i:XV)(?=\s(?:de|du)\s)", "quinze", "X")


@FRENCH_RULES.rule("word", WORD, r"(?-i:À|Y(?=\s(?:A|EN|AURA|AVAIT|EST|COMPRIS|ALLER)\b))(?!\w)", "ÀY")
def _shouted_letter(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "À" and "Y A" of a text in capitals, which are not letters."""
    return match[0].lower() if scan.shouted else None


FRENCH_RULES.phrases("abbreviation", WORD, "", {
    r"min(?=\s?:?\s?[-+]?\d)": "minimum",  # "T° min -8°"
}, where=lambda scan: scan.kind not in ("number", "measure"))  # fmt: skip


@FRENCH_RULES.rule("abbreviation", WORD, r"(?-i:vs)\.?(?P<named>(?=\s(?:[\d+-]|(?-i:[A-ZÀ-Ý]))))?(?!\w)")
def _against(match: re.Match[str], scan: Scan) -> str | None:
    """Read "+12 % vs 2024" and "3 % vs nov."; elsewhere it is the "vous" of a chat."""
    counted = scan.kind in ("percent", "number", "money", "measure", "date")
    return "contre" if counted or match["named"] is not None else None


FRENCH_RULES.phrases("abbreviation", WORD, "", {
    r"tel\.?(?=\s?:?\s?(?:\(?\+|0)\d)": "téléphone",  # Read "Tel : 01 23" and "port. 06 12".
    r"port\.?(?=\s?:?\s?(?:\(?\+|0)\d)": "portable",
    r"no(?=\s(?:de\s|d'|client))": "numéro",  # Read the "no" of "no de client".
})  # fmt: skip


@FRENCH_RULES.rule("pause", SIGN, r"[-=]{1,3}>|→|>(?=\s(?-i:[A-ZÀ-Ý])[^\W\d_])", ">→")
def _arrow(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "->" or ">" between two places as a pause."""
    plain = match[0] == ">" and bool(scan.tokens) and scan.tokens[-1].kind not in ("word", "acronym", "time", "pause")
    return None if plain else "," if scan.before else ""


@FRENCH_RULES.rule("pause", SIGN, r"<(?=[\w.+-]{1,64}@)|>", "@>")
def _sender(match: re.Match[str], scan: Scan) -> str | None:
    """Read the brackets of "J. Petit <j.petit@acme.fr>" as a pause."""
    written = scan.kind == "email"
    return "," if match[0] == "<" and scan.before else "" if match[0] == ">" and written else None


# Read "T° 37,8" and "M° Odéon".
FRENCH_RULES.phrase("abbreviation", WORD, r"(?-i:T)°(?![\w°])", "température", "°")
FRENCH_RULES.phrase("abbreviation", WORD, r"(?-i:M)°(?![\w°])", "métro", "°")


@FRENCH_RULES.rule(
    "word", WORD, r"(?P<word>[^\W\d_]{2,20})\((?:e|ne|le|te|i?ère|trice|r?euse|se|ve)\)(?P<several>s)?(?!\w)", "("
)
def _both_genders(match: re.Match[str], scan: Scan) -> str:
    """Read "absent(e)" and "inscrit(e)s" without the feminine ending, which would not be understood."""
    return match["word"] + (match["several"] or "")


@FRENCH_RULES.rule(
    "word",
    WORD,
    r"(?P<word>[^\W\d_]{3,20})(?:•(?:e|ne|le|te|i?ère|trice|euse|se|ve)(?P<plural>•?s)?|\.e(?P<several>\.s)?)(?![\w@]|\.\w)",
    "•.",
)
def _inclusive(match: re.Match[str], scan: Scan) -> str:
    """Read "étudiant·e·s"."""
    return f"{match['word']}s" if match["plural"] or match["several"] else match["word"]


FRENCH_RULES.extend(FRENCH_ORDINALS)
FRENCH_RULES.phrase(
    "number", DIGIT, r"24\s?h\s?/\s?7\s?j(?!\w)", "vingt-quatre heures sur vingt-quatre, sept jours sur sept", "/"
)
FRENCH_RULES.phrases("number", DIGIT, "/", {
    # Read "8 j/7 n".
    r"(?P<days>\d{1,2})\s?j(?:ours?)?\s?/\s?(?P<nights>\d{1,2})\s?n(?:uits?)?(?!\w)":
        "{days:unit,j}, {nights:counted,nuit,nuits}",
})  # fmt: skip


@FRENCH_RULES.rule(
    "number", DIGIT, r"(?P<first>\d{1,2})\s?(?P<unit>[hj])\.?\s?/\s?(?P<last>\d{1,2})(?:\s?[hj])?(?![\w/])", "/"
)
def _always(match: re.Match[str], scan: Scan) -> str | None:
    """Read "7j/7" and "24h/24"."""
    noun, last = ("heures", "24") if match["unit"].lower() == "h" else ("jours", "7")
    if match["last"] != last:
        return None
    return f"{scan.grammar.cardinal(int(match['first']))} {noun} sur {scan.grammar.cardinal(int(last))}"


_WINDS = words("vent vents houle secteur rafales")
_POINTS = {
    "N": "nord", "S": "sud", "E": "est", "O": "ouest", "NE": "nord-est", "NO": "nord-ouest", "SE": "sud-est",
    "SO": "sud-ouest",
}  # fmt: skip
FRENCH_RULES.append(compass(_POINTS, _WINDS, _WINDS | {"de", "du"}))


FRENCH_RULES.extend(
    [
        *(*FRENCH_CODES, *FRENCH_WEEKDAYS, *FRENCH_DATES, *FRENCH_DOSES),
        *(*FRENCH_AMOUNTS, *FRENCH_MEASURES, *LIKELY_DATES),
    ]
)


@FRENCH_RULES.rule("pause", SIGN, r"/(?P<space>\s)?(?=(?P<digit>\d)?)", "/")
def _between(match: re.Match[str], scan: Scan) -> str | None:
    """Read the sign of "8h-12h/14h-18h" and of "06 12 34 56 78 / 01 23 45 67 89" as a pause."""
    last = scan.tokens[-1].kind if scan.tokens else "pause"
    apart = match["space"] and scan.text[match.start() - 1 : match.start()].isspace()
    between = last == "time" if match["digit"] and not apart else apart and not (last == "number" and match["digit"])
    return "," if between and last not in ("pause", "end") else None


FRENCH_RULES.extend(ROMANCE_RULES)
