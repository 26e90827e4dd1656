"""Rules for telephone numbers, codes, and the numbers of persons, parcels, accounts, laws and files in French only."""

import re

from herald.speech.reading.languages.romance_numbers import measured, paid, romance
from herald.speech.reading.languages.romance_rules import phones
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule, Rules
from herald.speech.reading.rules.codes import TYRE
from herald.speech.reading.rules.numbers import grouped_digits
from herald.speech.reading.scanner import Scan

_LAWS = frozenset({"loi", "lois", "décret", "ordonnance", "l'ordonnance", "arrêté", "directive", "règlement"})
_STAR = "étoile"
_DATE_PARTS = 3
_LONGEST_SHORT = 2
"""Digits of the month of a date."""
FRENCH_CODES = Rules()


@FRENCH_CODES.rule("code", DIGIT, r"(?P<bank>\d{5}) (?P<branch>\d{5}) (?P<account>\d{11}) (?P<key>\d\d)(?!\w)")
def _account(match: re.Match[str], scan: Scan) -> str:
    """Read the number of a bank account as it was before IBAN, which "RIB" still shows."""
    account = match["account"]
    groups = (match["bank"], match["branch"], account[:4], account[4:8], account[8:], match["key"])
    return ", ".join(map(scan.grammar.digits, groups))


FRENCH_CODES.phrases("code", DIGIT, "-", {
    # Read "loi n° 2008-561" in numbers.
    r"(?P<year>\d{2}|[12]\d{3})-(?P<number>\d{1,4})(?![\w-]|[.,]\d)": "{year:whole} {.link_signs[-]} {number:whole}",
}, where=lambda scan: scan.before == scan.table.number_sign and scan.announced(_LAWS))  # fmt: skip


@FRENCH_CODES.rule("code", WORD, r"(?P<kind>(?-i:PC|DP|PA|PD|CU))\s(?P<number>0\d\d \d{3} \d\d [A-Z]?\d{4,5})(?!\w)")
def _permit(match: re.Match[str], scan: Scan) -> str:
    """Read the number of a permit to build, "PC 069 123 26 00045"."""
    groups = re.findall(r"\d+|[A-Z]", match["number"].upper())
    said = (scan.grammar.digits(group) if group.isdigit() else group for group in groups)
    return ", ".join([scan.grammar.spelled(match["kind"]), *said])


@FRENCH_CODES.rule("code", WORD, r"(?P<land>(?-i:F|L|B|CH|MC))-(?P<code>\d{4,5})(?=\s(?-i:[A-ZÀ-Ý]))", "-")
def _town(match: re.Match[str], scan: Scan) -> str:
    """Read "CH-1204 Genève"."""
    return f"{scan.grammar.spelled(match['land'])} {scan.grammar.whole(match['code'])}"


@FRENCH_CODES.rule("code", DIGIT, r"\d{1,8}(?:/\d{1,8}){2,3}(?![\w/-]|[.,]\d)", "/")
def _file(match: re.Match[str], scan: Scan) -> str | None:
    """Read "sinistre n° 2026/11/00458", which is not a date."""
    parts = match[0].split("/")
    date = len(parts) == _DATE_PARTS and sorted(map(len, parts))[-1] <= len("2026") and len(parts[1]) <= _LONGEST_SHORT
    if date or not (scan.names_code() or scan.before == scan.table.number_sign):
        return None
    said = (scan.grammar.whole(one) if len(one) < len("00458") else scan.grammar.digits(one) for one in parts)
    return f" {scan.table.slash} ".join(said)


@FRENCH_CODES.rule("code", DIGIT, r"[12](?: \d\d){2} \d[\dAB] \d{3} \d{3}(?: \d\d)?(?!\w|[.,]\d| \d)")
def _insured(match: re.Match[str], scan: Scan) -> str:
    """Read the number of a person in the social security, "1 85 05 78 006 084 36"."""
    groups = match[0].upper().split(" ")
    return ", ".join(
        scan.grammar.whole(one) if one.isdigit() else f"{scan.grammar.whole(one[0])} {one[1]}" for one in groups
    )


@FRENCH_CODES.rule(
    "code", WORD, r"(?-i:[A-Z]\d[A-Z])\s?(?-i:\d[A-Z]\d)(?![\w-])|(?-i:[A-Z]{4})\s?\d{4}\s\d{4}(?!\w|[.,]\d| \d)"
)
def _canadian(match: re.Match[str], scan: Scan) -> str:
    """Read the postal code "H2J 2L3" and the number of a health card, "DUPJ 8501 0112"."""
    groups = ["".join(group) for group in re.findall(r"([A-Z]+)|(\d{4}|\d)", match[0])]
    if match[0][1].isdigit():
        return " ".join(scan.grammar.digits(one) if one.isdigit() else one for one in groups)
    return ", ".join(scan.grammar.digits(one) if one.isdigit() else scan.grammar.spelled(one) for one in groups)


@FRENCH_CODES.rule("code", DIGIT, r"(?P<head>\d[A-Z])(?P<groups>(?: \d{2,4}){2,4}(?: \d)?)(?!\w|[.,]\d| \d)")
def _parcel(match: re.Match[str], scan: Scan) -> str:
    """Read the number of a parcel, "1A 123 456 7890 1"."""
    groups = map(scan.grammar.digits, match["groups"].split())
    return ", ".join([f"{scan.grammar.digits(match['head'][0])} {match['head'][1].upper()}", *groups])


@FRENCH_CODES.rule("code", WORD + SIGN, r"(?:[*•]{2}[ *•-]{0,20}|(?-i:XX)[ X-]{0,20})(?P<digits>\d{4})(?!\w)")
def _masked(match: re.Match[str], scan: Scan) -> str:
    """Read the end of a card "**** 4821"."""
    return scan.grammar.digits(match["digits"])


@FRENCH_CODES.rule(
    "code", WORD, r"(?P<bank>(?-i:[A-Z]{4}))(?P<place>(?-i:[A-Z]{2}[A-Z\d]{2}))(?P<branch>(?-i:[A-Z\d]{3}))?(?!\w)"
)
def _bic(match: re.Match[str], scan: Scan) -> str | None:
    """Read the code of a bank after "BIC"."""
    if scan.last_word() not in ("bic", "swift"):
        return None
    groups = filter(None, (match["bank"], match["place"], match["branch"]))
    return ", ".join(" ".join(scan.grammar.digits(one) if one.isdigit() else one for one in group) for group in groups)


# Read the numbers of persons and companies in Belgium and Switzerland.
_REGISTERED = r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d(?!\w)|0\d{3}\.\d{3}\.\d{3}(?!\w)|756\.\d{4}\.\d{4}\.\d\d(?!\w)"
FRENCH_CODES.append(Rule("code", DIGIT, _REGISTERED, grouped_digits, "."))


@FRENCH_CODES.rule("code", DIGIT, r"(?P<form>\d{4,6})\*(?P<edition>\d\d)(?!\w)", "*")
def _form(match: re.Match[str], scan: Scan) -> str | None:
    """Read the number of a form: "CERFA 15692*01"."""
    first, last = scan.grammar.digits(match["form"]), scan.grammar.digits(match["edition"])
    return f"{first} {_STAR} {last}" if scan.last_word() in ("cerfa", "n°", "numéro") else None


# Read the reference of a Belgian payment.
FRENCH_CODES.append(Rule("code", SIGN, r"[+*]{3}\d{3}/\d{4}/\d{5}[+*]{3}", grouped_digits, "/"))


_NOUN_AFTER = Lazy(r"\s([a-zà-ÿ]{2,20}[sx])(?![\w'-])")
_NO_PLURALS = frozenset(
    {"vous", "nous", "dans", "sous", "sans", "puis", "mais", "des", "les", "ses", "nos", "vos", "plus", "dès", "vers"}
    | {"depuis", "après", "pas", "très", "toujours", "alors", "ces", "aux", "hors", "chez", "tous"}
)
_QUANTITY_AFTER = frozenset({"de", "des", "en", "pour", "entre", "à", "les", "aux", "avec", "sous", "dans", "environ"})
_SENTENCE = 24
"""Words before a telephone number among which "appelez" is."""
_POSTAL_CODES = frozenset({"postal", "cp", "c.p"})
_CURRENCY_WORDS = frozenset({"EUR", "EURO", "EUROS", "CHF", "USD", "CAD", "FCFA", "XOF", "XAF", "MAD", "DZD", "TND"})
_TYPED = frozenset({"tapez", "touche", "touches", "appuyez", "composez", "faites"})
_NUMBER_WORDS = frozenset({"n°", "numéro", "no", "client", "identifiant", "id"})
_SIGNS = {"#": "dièse", "*": "étoile"}
_STREET_AFTER = Lazy(r",|\s(?:rue|avenue|boulevard|chemin|route|place)\b", re.IGNORECASE)
FRENCH_CODES.extend(
    phones(
        r"0\d(?:[ .-]?\d\d){4}",
        r"\(?\+\d{1,3}\)?(?:[ .-]?\(0\))?[ .-]?\d(?:[ .-]?\d\d){4}",
        r"00\d\d[ .-]?\d(?:[ .-]?\d\d){4}",
        r"0[ ]?8\d\d[ .]\d{3}[ .]\d{3}",
        r"0[ ]?8\d\d(?:[ .]\d\d){3}",
        r"0\d{1,3}/\d{2,3}(?:[. ]\d\d){2,3}",
        r"\d\d \d{3} \d\d \d\d",
        announced_only=(r"\d\d(?: \d\d){3}", r"\d\d(?: \d{3}){2}"),
    )
)


@FRENCH_CODES.rule("number", DIGIT, r"(?P<number>[1-9]\d{0,2}(?: \d{3})+|[1-9]\d{0,4})(?!\w|[.,/:-]\d| \d)")
def _quantity(match: re.Match[str], scan: Scan) -> str | None:
    """Read the quantity of "facture de 120 pages" and the "12" of "carte 12", which are not codes."""
    if not scan.names_code() or measured(scan, match.end()):
        return None
    digits = match["number"].replace(" ", "")
    noun = _NOUN_AFTER.match(scan.text, match.end())
    counts = paid(scan, match.end()) or (noun is not None and noun[1] not in _NO_PLURALS)
    if len(digits) > _LONGEST_SHORT and not counts and scan.last_word() not in _QUANTITY_AFTER:
        return None
    return (romance(scan).before_noun(digits, noun[1]) if noun else None) or scan.grammar.whole(digits)


@FRENCH_CODES.rule("phone", DIGIT, r"(?:[13]\d{3}|11[68] \d{3})(?!\w|[.,]\d| \d)")
def _short_phone(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3949" after "appelez le" in pairs, and "116 117" in its groups."""
    called = not scan.recent_words(_SENTENCE).isdisjoint(romance(scan).lists.phone_words - {"au"}) or any(
        one.kind == "phone" for one in scan.tokens[-4:]
    )
    short = scan.last_word() == "au" and match[0][0] == "3" and not _STREET_AFTER.match(scan.after(match))
    return scan.grammar.phone(match[0].split(" ")) if short or (called and scan.last_word() in ("le", "au")) else None


@FRENCH_CODES.rule("code", DIGIT, r"\d{1,3}(?:\s?[-–]\s?\d{1,3}){2,9}(?![\w-]|[.,/]\d)", "-–")
def _listed(match: re.Match[str], scan: Scan) -> str | None:
    """Read the numbers of a lottery, "5-12-23-34-45", and the "38-73-74" of departments."""
    numbers = re.findall(r"\d+", match[0])
    if len(numbers) <= _DATE_PARTS and scan.last_word() not in ("dép", "département", "départements"):
        return None
    return ", ".join(map(scan.grammar.whole, numbers))


@FRENCH_CODES.rule(
    "code",
    DIGIT,
    r"(?P<department>\d\d) ?(?P<town>\d{3})(?![\w-]|[.,]\d)(?=\s(?P<after>(?-i:[A-ZÀ-Ý])[^\W\d_]{1,20})|)",
)
def _postal_code(match: re.Match[str], scan: Scan) -> str | None:
    """Read "75011 Paris" and "06 200 Nice" as "soixante-quinze mille onze" and "zéro six mille deux cents"."""
    department, town, after = match["department"], match["town"], match["after"]
    named = scan.last_word() in _POSTAL_CODES
    if department == "00":
        return None
    if not named and (not after or after.upper() in _CURRENCY_WORDS or scan.names_code()):
        return None
    if department.startswith("0"):
        rest = f" {scan.grammar.cardinal(int(town))}" if int(town) else ""
        return f"{scan.grammar.digits('0')} {scan.grammar.cardinal(int(department))} mille{rest}"
    return scan.grammar.cardinal(int(department + town))


FRENCH_CODES.append(TYRE)


@FRENCH_CODES.rule(
    "code", DIGIT, r"[0-7]-[0-7](?:(?:,\s?|\s|\s?\(|\)\s|\),\s?|\set\s)\d{1,2}-\d{1,2}){1,8}(?![\w-]|[.,/]\d)", "-"
)
def _sets(match: re.Match[str], scan: Scan) -> str | None:
    """Read the sets of "6-4, 3-6, 7-6 (7-5)"; ranges ascend."""
    pairs = [one.split("-") for one in re.findall(r"\d+-\d+", match[0])]
    if all(int(first) <= int(last) for first, last in pairs):
        return None
    return ", ".join(f"{scan.grammar.whole(first)} {scan.grammar.whole(last)}" for first, last in pairs)


@FRENCH_CODES.rule("code", DIGIT, r"\d{2,8}(?:-\d{2,8}){1,4}(?![\w-]|[.,]\d)", "-")
def _hyphened(match: re.Match[str], scan: Scan) -> str | None:
    """Read "n° 4567-89"; "n° 12-14" is more likely a range."""
    groups = match[0].split("-")
    if scan.before != scan.table.number_sign or max(map(len, groups)) <= _LONGEST_SHORT:
        return None
    return ", ".join(map(scan.grammar.digits, groups))


@FRENCH_CODES.rule("code", DIGIT, r"(?P<digits>\d{3,8})(?P<letter>[A-Z])(?![\w-])")
def _lettered(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "4589B" of "code porte 4589B"."""
    return f"{scan.grammar.digits(match['digits'])} {match['letter'].upper()}" if scan.names_code() else None


@FRENCH_CODES.rule(
    "code", WORD, r"(?P<letter>(?-i:[ALRD]))\.?\s?\*?(?P<first>\d{1,4})(?:-(?P<last>\d{1,3}))?(?![\w-]|[.,]\d)"
)
def _article(match: re.Match[str], scan: Scan) -> str | None:
    """Read the number of an article of law: "art. L. 121-3"."""
    if scan.last_word() not in ("article", "articles", "art"):
        return None
    last = f" {scan.table.link_signs['-']} {scan.grammar.whole(match['last'])}" if match["last"] else ""
    return f"{match['letter']} {scan.grammar.whole(match['first'])}{last}"


@FRENCH_CODES.rule("code", WORD, r"(?P<article>[ld]')?(?P<letter>(?-i:[ADMN]))(?P<number>\d{3,4})(?!\w|-\d)")
def _road(match: re.Match[str], scan: Scan) -> str | None:
    """Read "la D906" and "l'A104"; other codes are read digit by digit."""
    after = scan.last_word() in ("la", "autoroute", "route", "nationale", "départementale", "sur", "par", "via")
    if not match["article"] and not after:
        return None
    return f"{match['article'] or ''}{match['letter']} {scan.grammar.whole(match['number'])}"


@FRENCH_CODES.rule("code", SIGN, r"[#*]\d{1,8}(?:[#*]\d{1,12}){0,3}#", "#")
def _dialled(match: re.Match[str], scan: Scan) -> str:
    """Read "#31#" and "*123#", which are typed on a telephone."""
    parts = re.findall(r"\d+|[#*]", match[0])
    return " ".join(
        _SIGNS.get(part) or (scan.grammar.whole(part) if len(part) < 3 else scan.grammar.digits(part))  # noqa: PLR2004
        for part in parts
    )


@FRENCH_CODES.rule("code", DIGIT, r"\d{1,4}(?: \d{2,4}){2,6}(?!\w|[.,]\d| \d)")
def _grouped(match: re.Match[str], scan: Scan) -> str | None:
    """Read "no de client : 123 456 789" in its groups."""
    named = _NUMBER_WORDS & {scan.text[one.start : one.end].lower().strip() for one in scan.tokens[:-6:-1]}
    if not named or measured(scan, match.end()) or paid(scan, match.end()) or _NOUN_AFTER.match(scan.text, match.end()):
        return None
    return ", ".join(map(scan.grammar.digits, match[0].split(" ")))


@FRENCH_CODES.rule("code", SIGN, r"\*(?=\s|[.,;]|\Z)", "*")
def _star_key(match: re.Match[str], scan: Scan) -> str | None:
    """Read the key in "tapez # ou *"."""
    spoken = {word for one in scan.tokens[:-14:-1] if one.kind == "word" for word in one.words.lower().split()}
    alone = scan.text[match.start() - 1 : match.start()].isspace()
    return _SIGNS["*"] if alone and not spoken.isdisjoint(_TYPED) else None


FRENCH_CODES.phrases("acronym", WORD, "IVXLCDM", {
    r"(?-i:[IVXLCDM]{2})(?=\s?\d)": "{0:spelled}",  # Read "vol DL 82", which has no Roman numeral.
}, where=lambda scan: scan.written_before().lower() == "vol")  # fmt: skip


@FRENCH_CODES.rule("acronym", WORD, r"(?P<first>(?-i:[A-Z]{2,4}))-(?P<last>(?-i:[A-Z]{2,4}))(?![\w-])", "-")
def _pair(match: re.Match[str], scan: Scan) -> str | None:
    """Read "CDG-JFK" and "OM-PSG" with a pause between the two."""
    grammar = scan.grammar
    if scan.shouted or not (grammar.must_spell(match["first"]) and grammar.must_spell(match["last"])):
        return None
    return f"{grammar.spelled(match['first'])}, {grammar.spelled(match['last'])}"


FRENCH_CODES.phrases("number", DIGIT, ".", {
    r"(?P<floor>\d{1,2})\.(?P<room>\d{2})(?!\w|[.,/]\d)": "{floor:whole} {.dot} {room:whole}",  # "salle 2.14"
}, last=("salle", "bureau", "bur", "local"))  # fmt: skip
