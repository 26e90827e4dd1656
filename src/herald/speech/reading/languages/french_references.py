"""Rules of French alone for references and ordinals: numbers of parcels, accounts and laws, "2e", "XXe s."."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.languages.roman import roman
from herald.speech.reading.languages.romance_numbers import ordinal, romance
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule, Rules
from herald.speech.reading.table import words

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan


_LAWS = frozenset({"loi", "lois", "décret", "ordonnance", "l'ordonnance", "arrêté", "directive", "règlement"})
_STAR = "étoile"
_DATE_PARTS = 3
_LONGEST_SHORT = 2
"""Digits of the month of a date."""
FRENCH_REFERENCES = Rules()


@FRENCH_REFERENCES.rule("code", (DIGIT,), r"(?P<bank>\d{5}) (?P<branch>\d{5}) (?P<account>\d{11}) (?P<key>\d\d)(?!\w)")
def _account(match: re.Match[str], scan: "Scan") -> str:
    """Read the number of a bank account as it was before IBAN, which "RIB" still shows."""
    account = match["account"]
    groups = (match["bank"], match["branch"], account[:4], account[4:8], account[8:], match["key"])
    return ", ".join(map(scan.grammar.digits, groups))


@FRENCH_REFERENCES.rule("code", (DIGIT,), r"(?P<year>\d{2}|[12]\d{3})-(?P<number>\d{1,4})(?![\w-]|[.,]\d)", needs="-")
def _law(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "loi n° 2008-561" in numbers."""
    if scan.before != romance(scan).lists.number_word or not scan.announced(_LAWS):
        return None
    return f"{scan.grammar.whole(match['year'])} {scan.table.link_signs['-']} {scan.grammar.whole(match['number'])}"


@FRENCH_REFERENCES.rule(
    "code", (WORD,), r"(?P<kind>(?-i:PC|DP|PA|PD|CU))\s(?P<number>0\d\d \d{3} \d\d [A-Z]?\d{4,5})(?!\w)"
)
def _permit(match: re.Match[str], scan: "Scan") -> str:
    """Read the number of a permit to build, "PC 069 123 26 00045"."""
    groups = re.findall(r"\d+|[A-Z]", match["number"].upper())
    said = (scan.grammar.digits(group) if group.isdigit() else group for group in groups)
    return ", ".join([scan.grammar.spelled(match["kind"]), *said])


@FRENCH_REFERENCES.rule(
    "code", (WORD,), r"(?P<land>(?-i:F|L|B|CH|MC))-(?P<code>\d{4,5})(?=\s(?-i:[A-ZÀ-Ý]))", needs="-"
)
def _town(match: re.Match[str], scan: "Scan") -> str:
    """Read "CH-1204 Genève"."""
    return f"{scan.grammar.spelled(match['land'])} {scan.grammar.whole(match['code'])}"


@FRENCH_REFERENCES.rule("code", (DIGIT,), r"\d{1,8}(?:/\d{1,8}){2,3}(?![\w/-]|[.,]\d)", needs="/")
def _file(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "sinistre n° 2026/11/00458", which is no date."""
    parts = match[0].split("/")
    date = len(parts) == _DATE_PARTS and sorted(map(len, parts))[-1] <= len("2026") and len(parts[1]) <= _LONGEST_SHORT
    if date or not (scan.names_code() or scan.before == romance(scan).lists.number_word):
        return None
    said = (scan.grammar.whole(one) if len(one) < len("00458") else scan.grammar.digits(one) for one in parts)
    return f" {romance(scan).lists.slash} ".join(said)


@FRENCH_REFERENCES.rule("code", (DIGIT,), r"[12](?: \d\d){2} \d[\dAB] \d{3} \d{3}(?: \d\d)?(?!\w|[.,]\d| \d)")
def _insured(match: re.Match[str], scan: "Scan") -> str:
    """Read the number of a person in the social security, "1 85 05 78 006 084 36"."""
    groups = match[0].upper().split(" ")
    return ", ".join(
        scan.grammar.whole(one) if one.isdigit() else f"{scan.grammar.whole(one[0])} {one[1]}" for one in groups
    )


@FRENCH_REFERENCES.rule(
    "code", (WORD,), r"(?-i:[A-Z]\d[A-Z])\s?(?-i:\d[A-Z]\d)(?![\w-])|(?-i:[A-Z]{4})\s?\d{4}\s\d{4}(?!\w|[.,]\d| \d)"
)
def _canadian(match: re.Match[str], scan: "Scan") -> str:
    """Read the postal code "H2J 2L3" and the number of a health card, "DUPJ 8501 0112"."""
    groups = ["".join(group) for group in re.findall(r"([A-Z]+)|(\d{4}|\d)", match[0])]
    if match[0][1].isdigit():
        return " ".join(scan.grammar.digits(one) if one.isdigit() else one for one in groups)
    return ", ".join(scan.grammar.digits(one) if one.isdigit() else scan.grammar.spelled(one) for one in groups)


@FRENCH_REFERENCES.rule("code", (DIGIT,), r"(?P<head>\d[A-Z])(?P<groups>(?: \d{2,4}){2,4}(?: \d)?)(?!\w|[.,]\d| \d)")
def _parcel(match: re.Match[str], scan: "Scan") -> str:
    """Read the number of a parcel, "1A 123 456 7890 1"."""
    groups = map(scan.grammar.digits, match["groups"].split())
    return ", ".join([f"{scan.grammar.digits(match['head'][0])} {match['head'][1].upper()}", *groups])


@FRENCH_REFERENCES.rule("code", (WORD, SIGN), r"(?:[*•]{2}[ *•-]{0,20}|(?-i:XX)[ X-]{0,20})(?P<digits>\d{4})(?!\w)")
def _masked(match: re.Match[str], scan: "Scan") -> str:
    """Read the end of a card "**** 4821"."""
    return scan.grammar.digits(match["digits"])


@FRENCH_REFERENCES.rule(
    "code", (WORD,), r"(?P<bank>(?-i:[A-Z]{4}))(?P<place>(?-i:[A-Z]{2}[A-Z\d]{2}))(?P<branch>(?-i:[A-Z\d]{3}))?(?!\w)"
)
def _bic(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the code of a bank after "BIC"."""
    if scan.last_word() not in ("bic", "swift"):
        return None
    groups = filter(None, (match["bank"], match["place"], match["branch"]))
    return ", ".join(" ".join(scan.grammar.digits(one) if one.isdigit() else one for one in group) for group in groups)


@FRENCH_REFERENCES.rule(
    "code",
    (DIGIT,),
    r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d(?!\w)|0\d{3}\.\d{3}\.\d{3}(?!\w)|756\.\d{4}\.\d{4}\.\d\d(?!\w)",
    needs=".",
)
def _registered(match: re.Match[str], scan: "Scan") -> str:
    """Read the numbers of persons and companies in Belgium and Switzerland."""
    return ", ".join(map(scan.grammar.digits, re.findall(r"\d+", match[0])))


@FRENCH_REFERENCES.rule("code", (DIGIT,), r"(?P<form>\d{4,6})\*(?P<edition>\d\d)(?!\w)", needs="*")
def _form(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the number of a form: "CERFA 15692*01"."""
    first, last = scan.grammar.digits(match["form"]), scan.grammar.digits(match["edition"])
    return f"{first} {_STAR} {last}" if scan.last_word() in ("cerfa", "n°", "numéro") else None


@FRENCH_REFERENCES.rule("code", (SIGN,), r"[+*]{3}(?P<digits>\d{3}/\d{4}/\d{5})[+*]{3}", needs="/")
def _structured(match: re.Match[str], scan: "Scan") -> str:
    """Read the reference of a Belgian payment."""
    return ", ".join(scan.grammar.digits(group) for group in match["digits"].split("/"))


_DAYS_AFTER = Lazy(r"\s?[-–]\s?\d{1,2}\s([^\W\d_]{3,9})")
_MONTH_AFTER = Lazy(r"/\d{1,4}(?!\w)")
_ENDINGS = r"ers?|r?es?|[èe]res?|(?:i?[èe])?mes?|è|ndes?|nds?"
_LETTERED = words("terminal porte hall quai siège place appt appartement bât bâtiment lot salle")
"""Words before a number with a letter, which is no ordinal there: "terminal 2E"."""
FRENCH_ORDINALS = Rules()


@FRENCH_ORDINALS.rule("word", (WORD,), r"(?-i:XV|XIII|VII)(?!\w)", needs="VX")
def _players(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "rugby à XIII"."""
    return scan.grammar.cardinal(roman(match[0].upper())) if scan.last_word() == "à" else None


def _ordinal(match: re.Match[str], scan: "Scan") -> str | tuple[str, int] | None:
    """Read "2e"; "terminal 2E" has a letter."""
    days = _DAYS_AFTER.match(scan.text, match.end()) if match["number"] == "1" else None
    if days and days[1].lower() in scan.grammar.month_numbers:
        return None  # "1er-3 mai"
    lettered = match["ending"] == "E" and (scan.last_word() in _LETTERED or match[0][-2] == " ")
    slash = scan.text.startswith("/", match.end())
    if lettered or (slash and match["number"] == "1" and _MONTH_AFTER.match(scan.text, match.end())):
        return None  # "1er/12"
    said = ordinal(match, scan)
    among = slash and isinstance(said, str) and _MONTH_AFTER.match(scan.text, match.end())
    return (f"{said} sur", match.end() + 1) if among else said  # "3e/5 étages"


@FRENCH_ORDINALS.rule("ordinal", (DIGIT,), r"2(?P<ending>(?-i:des?|d))(?![\w'])")
def _second(match: re.Match[str], scan: "Scan") -> str:
    """Read "2d" and "2de"."""
    return scan.grammar.ordinal_written("2", match["ending"])


@FRENCH_ORDINALS.rule("ordinal", (DIGIT,), r"(?P<number>[3-6])[eè](?:me)?(?P<group>[1-9]|(?-i:[A-H]))(?![\w-]|[.,]\d)")
def _class(match: re.Match[str], scan: "Scan") -> str:
    """Read the school classes "6e2" and "3eB"."""
    group = match["group"]
    said = scan.grammar.cardinal(int(group)) if group.isdigit() else group
    return f"{scan.grammar.ordinal(int(match['number']))} {said}"


FRENCH_ORDINALS.append(
    Rule(
        "ordinal",
        (DIGIT,),
        rf"(?P<number>\d{{1,3}}(?: \d{{3}})+|\d{{1,9}})\s?(?P<ending>{_ENDINGS})(?![\w'])",
        _ordinal,
    )
)


@FRENCH_ORDINALS.rule("ordinal", (DIGIT,), r"(?P<number>[1-9])°\s?\)", needs="°")
def _item(match: re.Match[str], scan: "Scan") -> str:
    """Read the "1°)" of a list."""
    return "premièrement," if match["number"] == "1" else f"{scan.grammar.ordinal(int(match['number']))}ment,"


@FRENCH_ORDINALS.rule("number", (DIGIT,), r"(?P<number>1[025]|[2-6]0|100)\s?aines?(?!\w)", needs="n")
def _dozens(match: re.Match[str], scan: "Scan") -> str:
    """Read "une 10aine"."""
    stem = "diz" if match["number"] == "10" else scan.grammar.cardinal(int(match["number"])).removesuffix("e")
    return f"{stem}aine{'s' if match[0].endswith('s') else ''}"


@FRENCH_ORDINALS.rule(
    "ordinal", (WORD,), r"(?P<numeral>[ivx]{1,5})(?:e|[èe]me|er|re)(?!\w)(?P<century>\ss\.)?", needs="IVX"
)
def _century(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "XXe", "XIXème" and "XIXe s."."""
    if not match["numeral"].isupper():
        return None
    said = scan.grammar.ordinal(roman(match["numeral"].upper()))
    return f"{said} siècle" if match["century"] else said
