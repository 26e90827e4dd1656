"""German abbreviations that need more than a table: "Kd.-Nr.", "Buchungsnr.", "z. Hd.", "Dr. med.", "§ 312g"."""

import re

from herald.speech.reading.languages.german_ordinals import DATIVE, ending, of_noun
from herald.speech.reading.languages.german_words import ADJECTIVES, COMPOUNDS, DEGREES
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.scanner import Scan

_PLACES = {"str": "straße", "pl": "platz", "whg": "wohnung", "geb": "gebühr", "abr": "abrechnung"}
_CITED = ("Paragraf", "Artikel", "Absatz", "Seite", "Randnummer")
_SIDES = {"re": "rechts", "li": "links"}
_SIDED = ("Obergeschoss", "E G", "O G", "Etage", "Stock", "Erdgeschoss", "Tür", "Rang", "Eingang", "Haus", "Wohnung")
_BEFORE_NAME = frozenset(["von", "mit", "bei", "an", "für", "durch", "und", "oder"])
"""Words after which a letter with a dot is the initial of a name."""
_SPANS = frozenset(["Stunde", "Tag", "Nacht", "Woche", "Monat", "Jahr", "Person"])
_NOUNS = frozenset(["zahlung", "info", "infos"])
"""Words that begin a sentence, but are also nouns."""
_WITHOUT = frozenset(
    ["Nr", "Gewähr", "Termin", "Anmeldung", "Voranmeldung", "Aufpreis", "Mehrkosten", "Versand", "Befund"]
)
"""Nouns before which "o." is not "oder"."""
SHORT_FORMS = Rules()


def near(scan: Scan, names: tuple[str, ...], count: int) -> bool:
    """Return whether one of the last few tokens begins with one of some words."""
    return any(token.words.startswith(names) for token in scan.tokens[: -count - 1 : -1])


@SHORT_FORMS.rule(
    "address", WORD, r"(?P<name>[^\W\d_]{2,30}(?:-[^\W\d_]{2,30}){0,4}-?)(?P<kind>str|pl|whg|geb|abr)\.(?!\w)", "."
)
def _street(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Hauptstr. 5" and "Marktpl. 4"; of "Berliner Str." the table knows the abbreviation."""
    if match[0].lower() in scan.table.abbreviations or match[0].lower() == "dipl.":
        return None
    if match["kind"].lower() in ("geb", "abr") and match["name"][0].islower():
        return None
    name = match["name"].replace("-", " ")
    name, kind = name.title() if name.isupper() else name, _PLACES[match["kind"].lower()]
    return f"{name}{kind.title()}" if name.endswith(" ") else f"{name}{kind}"


@SHORT_FORMS.rule("label", WORD, r"(?P<name>[^\W\d_]{3,30})nr(?!\w)\.?")
def _number(match: re.Match[str], scan: Scan) -> str:
    """Read "Buchungsnr."."""
    return f"{match['name']}nummer"


@SHORT_FORMS.rule(
    "abbreviation", WORD, r"(?P<first>[^\W\d_]{2,20})(?P<dot>\.?)(?P<join>-?)(?P<last>[^\W\d_]{2,5})\.(?!\w)", "."
)
def _joined(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Tel.-Nr.", "Kd.Nr." and "Kunden-Nr."."""
    first, last = match["first"], match["last"].lower()
    if not match["join"] and (not match["dot"] or last != "nr"):
        return None
    if match["dot"] or first.lower() in COMPOUNDS:
        first = COMPOUNDS.get(first.lower()) or scan.table.abbreviations.get(f"{first.lower()}.", "")
    second = scan.table.before_number.get(f"{last}.") or scan.table.abbreviations.get(f"{last}.")
    if first.isupper():
        first = scan.grammar.capitals(first)
    return f"{first} {second}" if first and second else None


@SHORT_FORMS.rule("word", WORD, r"(?P<first>[^\W\d_]{2,6})\.-(?=(?-i:[A-ZÄÖÜ][a-zäöü]))", ".")
def _part(match: re.Match[str], scan: Scan) -> str | None:
    """Read the beginning of "Vers.-Karte" and "St.-Martin-Str."."""
    first = match["first"].lower()
    return "Sankt" if first == "st" else COMPOUNDS.get(first)


@SHORT_FORMS.rule("abbreviation", WORD, r"(?P<first>[^\W\d_])\.\s(?P<last>[^\W\d_]{2,4})\.(?!\w)", ".")
def _spaced(match: re.Match[str], scan: Scan) -> str | None:
    """Read "z. Hd." and "v. Chr."."""
    return scan.table.abbreviations.get(f"{match['first']}.{match['last']}.".lower())


@SHORT_FORMS.rule("title", WORD, r"(?P<stem>[^\W\d_]{3,13})\.(?=\s(?P<noun>(?-i:[A-ZÄÖÜ])[^\W\d_]+))", ".")
def _adjective(match: re.Match[str], scan: Scan) -> str | None:
    """Read "ärztl. Dienst" and "mit freundl. Grüßen"; "kostenl. Bitte" ends a sentence."""
    stem = match["stem"].lower()
    if stem not in ADJECTIVES or match["noun"].lower() in scan.table.openers - _NOUNS:
        return None
    wanted = ending(scan)
    if wanted == "er":
        plural = scan.last_word() in DATIVE and match["noun"].endswith("n")
        wanted = "en" if plural else of_noun(scan, match.end())
    return f"{ADJECTIVES[stem]}{wanted}"


# Read "kostenl." without a noun.
SHORT_FORMS.phrase("abbreviation", WORD, r"(?P<name>[^\W\d_]{3,13})\.(?!\w)", ADJECTIVES, ".")


@SHORT_FORMS.rule("abbreviation", WORD, r"[^\W\d_]{9,14}\.(?!\w)", ".")
def _long(match: re.Match[str], scan: Scan) -> str | None:
    """Read "voraussichtl."."""
    return scan.table.abbreviations.get(match[0].lower())


@SHORT_FORMS.rule("word", WORD, r"(?-i:n)\.\s?(?P<name>(?-i:[VE]))\.", ".")
def _overtime(match: re.Match[str], scan: Scan) -> str | None:
    """Read "2:1 n. V."; elsewhere it is "nach Vereinbarung"."""
    if scan.kind != "range":
        return None
    return "nach Verlängerung" if match["name"] == "V" else "nach Elfmeterschießen"


@SHORT_FORMS.rule("title", WORD, r"(?P<word>u)\.(?=\s(?!(?-i:[a-zäöüUÄ])\.)(?P<age>\d{1,2}\sJ)?)", ".")
def _and(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Hr. u. Fr. Koch", "Kinder u. 6 J." and "12 U. 14 UHR"."""
    if match["word"] == "U" and not (scan.shouted and scan.text[match.end() + 1 :][:1].isdigit()):
        return None
    return "unter" if match["age"] else scan.table.symbols["&"]


_FINALS = {"2": "Halb", "4": "Viertel", "8": "Achtel", "16": "Sechzehntel"}


@SHORT_FORMS.rule("word", DIGIT, r"1/(?P<part>2|4|8|16)-?finale(?!\w)", "/")
def _final(match: re.Match[str], scan: Scan) -> str:
    """Read "1/4-Finale"."""
    return f"{_FINALS[match['part']]}finale"


# Read "1/4-jährl.".
SHORT_FORMS.phrase("number", DIGIT, r"1/2-(?=jähr)", "halb", "/")
SHORT_FORMS.phrase("number", DIGIT, r"1/4-(?=jähr)", "viertel", "/")


@SHORT_FORMS.rule(
    "title", WORD, r"(?-i:o)\.(?=\s(?P<noun>(?-i:[A-ZÄÖÜ][A-Za-zäöüß]{1,30}))?(?P<word>(?-i:[a-zäöü]{3})|\d)?)", "."
)
def _or(match: re.Match[str], scan: Scan) -> str | None:
    """Read "ab sofort o. später", "Mail o. Telefon" and "o. Termin"."""
    if match["word"]:
        return "oder"
    if not match["noun"]:
        return None
    return "ohne" if match["noun"] in _WITHOUT or not scan.before else "oder"


@SHORT_FORMS.rule(
    "title", WORD, r"(?-i:b)\.(?=\s(?:(?P<day>\d{1,2}\.)|(?!Bed)(?P<noun>(?-i:[A-ZÄÖÜ][a-zäöüß]{1,30}))))", "."
)
def _at(match: re.Match[str], scan: Scan) -> str | None:
    """Read "b. Abholung" and "b. 11.12.", but not "Buchstabe b. Das"."""
    if match["day"] or match["noun"].lower() in scan.table.weekday_short.keys() - {"fr"}:
        return scan.table.to
    ends = (
        not scan.before
        or scan.tokens[-1].kind not in ("word", "code")
        or match["noun"].lower() in scan.table.openers - _NOUNS
    )
    return None if ends else "bei"


@SHORT_FORMS.rule("abbreviation", WORD, r"(?:[^\W\d_]\.\s?){3,6}(?!\w)", ".")
def _two_known(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read the first one of "p. P. u. Tag"."""
    if "".join(match[0].lower().split()) in scan.table.abbreviations:
        return None
    dots = [at for at, sign in enumerate(match[0], 1) if sign == "."]
    for end in reversed(dots[1:-1]):
        if said := scan.table.abbreviations.get(match[0][:end].lower().replace(" ", "")):
            return said, match.start() + end
    return None


@SHORT_FORMS.rule("title", WORD, r"(?-i:f)\.(?=(?P<word>\s[^\W_])|[\s,;)]|\Z)", ".")
def _for(match: re.Match[str], scan: Scan) -> str | None:
    """Read "f. Kinder" and "§ 5 f."."""
    if scan.kind == "number" and (not match["word"] or near(scan, _CITED, 4)):
        return "folgende"
    return "für" if match["word"] else None


@SHORT_FORMS.rule("title", WORD, r"(?P<name>[^\W\d_]{2,6})\.(?=\s)", ".")
def _degree(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "med." of "Dr. med."."""
    name, before = match["name"], scan.tokens[-1].words if scan.tokens else ""
    known = name in DEGREES and (
        before.endswith(("Doktor", "Doktorin", "Diplom", "Professor", "H C")) or before in DEGREES
    )
    return name if known else None


# Read "Fr. von der Heide"; before a name in capitals, it is in the table.
SHORT_FORMS.phrase("title", WORD, r"(?-i:Fr)\.(?=\s(?-i:von|van|vom|de|zu|v\.)\s?[^\W\d])", "Frau", ".")


@SHORT_FORMS.rule("abbreviation", WORD, r"(?-i:jun|sen)(?!\w)\.?")
def _generation(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Hans Müller jun."; the month has a capital."""
    return scan.table.suffixes[match[0].rstrip(".")] if scan.written_before().istitle() else None


@SHORT_FORMS.rule("initial", WORD, r"(?-i:(?P<letter>[A-ZÄÖÜ])\.-(?=[A-ZÄÖÜ]\.))", ".")
def _first_initial(match: re.Match[str], scan: Scan) -> str:
    """Read the first letter of "K.-H. Müller"."""
    return match["letter"]


@SHORT_FORMS.rule(
    "initial",
    WORD,
    r"(?-i:(?P<name>[A-ZÄÖÜ][a-zäöüß]{2,15})-(?P<letter>[A-ZÄÖÜ])\.(?=\s(?P<next>[A-ZÄÖÜ][a-zäöü]+)))",
    ".",
)
def _second_initial(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Karl-H. Otto"."""
    return None if match["next"].lower() in scan.table.openers else f"{match['name']} {match['letter']}"


@SHORT_FORMS.rule(
    "initial", WORD, r"(?P<letter>(?-i:[A-ZÄÖÜ]))\.(?=\s(?:(?-i:[a-zäöü])|(?P<name>(?-i:[A-ZÄÖÜ])[^\W\d_]{1,30})))", "."
)
def _initial(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Max M. schreibt" and "von S. Lenz", but not "Vitamin C. Danach"."""
    before = scan.written_before()
    titled = bool(before) and scan.tokens[-1].kind in ("ordinal", "title")  # "1. J. Müller"
    titled = titled or scan.text.startswith((" v. ", " von ", " van "), match.end())  # "L. v. Beethoven"
    if not match["name"]:
        return match["letter"] if titled or (before.istitle() and len(before) > 1) else None
    joined = before in _BEFORE_NAME and len(scan.tokens) > 1 and len(scan.tokens[-2].words) > 1
    return match["letter"] if (joined or titled) and match["name"].lower() not in scan.table.openers else None


@SHORT_FORMS.rule("word", WORD, r"(?P<side>(?-i:re|li))(?!\w)\.?")
def _side(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3. OG re."."""
    return _SIDES[match["side"]] if near(scan, _SIDED, 2) else None


@SHORT_FORMS.rule("word", WORD, r"(?P<word>[^\W\d_]{3,30})[:_](?=(?-i:innen|in)(?!\w))", ":_")
def _either(match: re.Match[str], scan: Scan) -> str:
    """Read "Kund:innen", with a break instead of a pause."""
    return match["word"]


@SHORT_FORMS.rule("word", WORD, r"(?P<word>(?-i:[A-Za-zäöü][a-zäöü]{1,20}e))[/:*_](?P<ending>[rn])(?!\w)", "/:*_")
def _both(match: re.Match[str], scan: Scan) -> str:
    """Read "geehrte/r"."""
    return f"{match['word']} oder {match['word']}{match['ending']}"


@SHORT_FORMS.rule(
    "word",
    SIGN,
    r"/(?=(?P<noun>(?-i:[A-ZÄÖÜ][a-zäöüß]{2,30}))(?!\w)|(?P<hundred>\d{1,3}(?:,\d\d)?\s?(?:g|kg|ml|l|km|min|m|h|Std|Stück)(?![^\W\d_])))",
    "/",
)
def _per(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3,40 €/Aktie", "p. P./Nacht" and "5,4 l/100 km"."""
    last = scan.tokens[-1] if scan.tokens else None
    counted = last and (last.kind in ("measure", "money") or last.words.endswith(("pro Person", " mal")))
    # "28 Tage/Jahr"
    counted = counted or (match["noun"] in _SPANS and any(token.kind == "number" for token in scan.tokens[-2:]))
    return scan.table.per if counted else None


# Read the blood value "INR 2,3", which is not an amount of rupees.
SHORT_FORMS.phrase("acronym", WORD, r"(?-i:INR)(?=\s(?:von\s)?\d[,.]\d(?!\d))", "I N R", ",.")
