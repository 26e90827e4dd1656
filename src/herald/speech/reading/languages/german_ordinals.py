"""German ordinals: "2.", "am 2.", "3te"; and the endings that articles and nouns require."""

import re
from collections.abc import Iterator

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, WORD, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words
from herald.speech.reading.token import Token

_WEAK = words(
    "der die das ins ans aufs eine ihre unsere eure meine deine seine keine diese dieser dieses jede jeder jedes"
)
"""Words after which an ordinal ends in -e: "die dritte"."""
_PLURAL = words("die ihre unsere eure meine deine seine diese")
"""Words of `_WEAK` that may be plural."""
_STRONG = words("ein ihr unser euer mein dein sein kein")
"""Words after which an ordinal has the ending of its noun: "ein drittes Mal"."""
_OBLIQUE = words(
    "am im zum zur vom beim dem den des einem einen einer eines ihrem ihren ihrer ihres unserem unseren unserer "
    "unseres meinem meinen meiner meines deinem deinen deiner seinem seinen seiner keinem keinen keiner diesem "
    "diesen jedem jeden per d ab seit von zwischen dessen deren"
)
"""Words after which an ordinal ends in -en: "am dritten"."""
_PREPOSITIONS = words(
    "in an auf nach mit bei von aus zu seit vor über unter neben während wegen innerhalb außerhalb statt trotz laut ab"
)
"""Words after which "der" is feminine: "nach der dritten Mahnung"."""
DATIVE = words("am vom zum beim im ab seit nach vor von mit zwischen dem in aus bei zu binnen")
"""Words before a weekday after which its date has the article "dem"."""
_DATED = {
    **dict.fromkeys(words("ab seit zwischen vor nach mit"), "dem"),
    **dict.fromkeys(words("auf für gegen"), "den"),
}
"""Words after which a date has an article: "ab dem ersten Januar"."""
_NEXT = words("nächsten kommenden letzten vergangenen nächstem kommendem letztem")
_ADVERBS = words("einschließlich inklusive spätestens längstens voraussichtlich frühestens mindestens vorerst")
"""Words that may stand between a preposition and a date."""
_ABBREVIATED = {
    "std": "Stunde", "min": "Minute", "og": "Obergeschoss", "ug": "Untergeschoss", "mon": "Monat", "kl": "Klasse",
    "pl": "Platz", "aufl": "Auflage", "lj": "Lebensjahr", "sem": "Semester", "hj": "Halbjahr", "spt": "Spieltag",
    "hd": "Hand", "geb": "Geburtstag",
}  # fmt: skip
"""Nouns after an ordinal: "3. OG"."""
_FEMININE = tuple(
    words(
        "ung heit keit schaft ion tät e in ik ur anz enz ei person sis xis zeit fahrt nacht stadt wahl zahl karte tür "
        "liga schicht nachricht frist pflicht nummer kraft mail bank bahn arbeit gebühr zwiebel kartoffel schachtel "
        "kugel regel"
    )
)
_FEMININE_NOUNS = words(
    "frau hand wand firma pizza sms box party mutter tochter schwester oma kammer steuer feier tafel gabel nuss mango "
    "kiwi paprika avocado zucchini app cola wurst gans"
)
_NEUTER_ENDINGS = tuple(
    words(
        "chen lein ment um jahr mal quartal semester stockwerk kind nis schoss gramm kilo stück wochenende gebäude "
        "gelände auge gewebe getriebe gewerbe gemüse stadion lexikon magazin benzin vitamin insulin abitur glas pfund "
        "dutzend gehalt geld spiel haus paket gebot zimmer drittel viertel buch konto feld brot gerät rezept ticket "
        "team training treffen seminar modul konzert gleis mitglied produkt foto bild auto bett paar"
    )
)
_MASCULINE_ENDINGS = tuple(
    words(
        "preis kreis weis termin ein löffel beutel tropfen eur kunde kollege junge name käse buchstabe neffe zeuge "
        "experte bote tee kaffee see tanz kranz sprung kamin"
    )
)
_NEUTER = words("ei tor rad")
_BETWEEN = frozenset(["pause", "date", "ordinal"])
_LINKS = frozenset(["und", "oder", "bis"])
_ADJECTIVES = ("liche", "lichen", "ige", "igen", "ische", "ischen")
"""Ends of words that begin a sentence after a number, as they have a capital."""
_TO_WORD = Lazy(r"\s+([^\W\d_]+)")
ORDERED = words(
    "stock stockwerk etage og ug obergeschoss liga mahnung quartal halbjahr geburtstag sinfonie symphonie advent rate "
    "impfung spieltag lebensjahr kl mon tag woche monat klasse ssw weltkrieg jh jhd jahrhundert aufl auflage lj sem "
    "hj spt"
)
"""Nouns that make a number with a dot before them an ordinal, after any word: "Wohnung 3. OG"."""
_NUMBERS = words("zimmer raum haus nr nummer gate gleis tisch seite platz")
"""Words that are followed by their own number: "Zimmer 7. Etage 2"."""
_RANKS = words("platz pl rang preis termin fc stunde std teil tür eingang reihe halbzeit person")
"""Nouns that are counted by the number, so they are not list items."""
_KEYS = words("drücken drücke wählen wähle")
"""Words of a telephone menu, whose keys are not ordinals."""
_LONGEST_REQUEST = 20
"""Number of previous tokens that are searched for _KEYS."""
_ACRONYM = 3
"""Maximum letters of an acronym, which determines no ending."""
_LONGEST_LIST = 60
"""Maximum tokens from the first to the last item of a list."""
_LISTED = Lazy(r"\s([^\W\d_]{2,30})[^\d,;:.\n]{0,60}[,;]?\s2\.\s(?-i:[A-ZÄÖÜa-zäöü])")
_ANOTHER = Lazy(r",\s\d{1,2}\.")
_NOUN = Lazy(r"(?:,?\s+(?:[a-zäöü][^\W\d_]*|\d{1,2}\.)){0,4}\s+([A-ZÄÖÜ][^\W\d_]*)")


def ending(scan: Scan) -> str:
    """Return the ending that the preceding words require of the next ordinal: "e", "en"; "er" if they require none."""
    wanted = "er"
    for at in range(len(scan.tokens) - 1, max(-1, len(scan.tokens) - 8), -1):
        token = scan.tokens[at]
        word = token.words.lower()
        if token.kind in ("end", "paragraph") or (token.kind == "pause" and word != ","):
            break
        if token.kind in ("date", "ordinal") and (said := re.search(r"t(e|en|er|es)\b", word)):
            return said[1]
        if word in _OBLIQUE or word in _DATED:
            return "en"
        if word in _WEAK:
            feminine = word == "der" and at > 0 and scan.tokens[at - 1].words.lower() in _PREPOSITIONS
            return "en" if feminine else "e"
        if word == "bis" or word in _NEXT:
            wanted = "en"
        elif not _skipped(token, scan) and word not in _LINKS:
            break
    return wanted


def _skipped(token: Token, scan: Scan) -> bool:
    """Return whether a token may stand between a preposition and a date or an adjective: "zum 25-jähr. Jubiläum"."""
    word = token.words.lower()
    hyphened = token.kind == "number" and scan.text[token.end - 1] == "-"
    return hyphened or token.kind in _BETWEEN or word in _ADVERBS or word in scan.grammar.weekday_numbers


def article(scan: Scan) -> str:
    """Return the article to insert before a date after "am Freitag", "bis Freitag" or "ab", or ""."""
    last = scan.tokens[-1] if scan.tokens else None
    if last and last.spoken and last.words.lower() in _DATED:
        return f"{_DATED[last.words.lower()]} "
    if _last_spoken(scan) not in scan.grammar.weekday_numbers or ending(scan) != "en":
        return ""
    spoken = [word for word in _words_before(scan) if word not in _NEXT]
    return "dem " if spoken and spoken[0] in DATIVE else "den "


def _last_spoken(scan: Scan) -> str:
    """Return the last spoken word; skip a comma."""
    spoken = [token.words.lower() for token in scan.tokens[:-3:-1] if token.words != ","]
    return spoken[0] if spoken else ""


def _words_before(scan: Scan) -> Iterator[str]:
    """Yield the preceding words, last first, without dates, up to a pause other than a comma."""
    for token in scan.tokens[:-10:-1]:
        word = token.words.lower()
        if not token.spoken and word != ",":
            return
        if not _skipped(token, scan) and word not in ("und", "oder"):
            yield word


def of_noun(scan: Scan, at: int) -> str:
    """Return the ending that the noun after a position requires if there is no article."""
    noun = _NOUN.match(scan.text, at)
    return ending_of(noun[1] if noun else "")


def ending_of(noun: str) -> str:
    """Return the ending of an adjective before a noun without an article."""
    acronym = noun.isupper() and len(noun) <= _ACRONYM  # "2. SVE"
    name = _ABBREVIATED.get(noun.lower(), "" if acronym else noun).lower()
    if name in _FEMININE_NOUNS or name.endswith(("sekunde", "urkunde")):
        return "e"
    if name.endswith(_NEUTER_ENDINGS) or name in _NEUTER:
        return "es"
    if name.endswith(_MASCULINE_ENDINGS):
        return "er"
    return "e" if name.endswith(_FEMININE) else "er"


ORDINALS = Rules()


@ORDINALS.rule(
    "ordinal",
    DIGIT,
    r"(?P<number>\d{1,2})\.\s(?P<day>(?-i:Mo|Di|Mi|Do|Fr|Sa|So))(?!\w)\.?(?=\s(?:im|des|[di]\.|ab|um|von)(?!\w)|[,;)])",
    ".",
)
def _nth_weekday(match: re.Match[str], scan: Scan) -> str:
    """Read "der 1. Di. im Monat"."""
    wanted = ending(scan)
    return (
        f"{scan.grammar.ordinal(int(match['number'])).removesuffix('er')}{wanted} "
        + (scan.table.weekdays[scan.table.weekday_short[match["day"].lower()]])
    )


@ORDINALS.rule(
    "ordinal",
    DIGIT,
    r"(?P<first>\d{1,2})\.\s?(?P<join>[-–/+&])\s?(?P<last>\d{1,2})\.(?=\s(?P<next>(?-i:[A-Za-zÄÖÜ])[^\W\d_]*))",
    "-–/+&",
)
def _two(match: re.Match[str], scan: Scan) -> str | None:
    """Read "die 5./6. Stunde" and "3.-5. OG"."""
    name = match["next"].lower()
    if name in scan.grammar.month_numbers or name in scan.table.openers:
        return None
    wanted = ending(scan)
    wanted = of_noun(scan, match.end()) if wanted == "er" else "en" if name.endswith("en") else wanted
    numbers = (scan.grammar.ordinal(int(match[name])).removesuffix("er") for name in ("first", "last"))
    word = scan.table.to if match["join"] in "-–" else scan.table.symbols["&"]
    return f"{wanted} {word} ".join(numbers) + wanted


@ORDINALS.rule("word", WORD, r"(?P<noun>Std|Min|OG|UG|Mon|Kl|Pl|Aufl|Lj|Sem|Hj|Spt|Hd|Geb)(?!\w)\.?")
def _noun(match: re.Match[str], scan: Scan) -> str | None:
    """Read the noun of "3. OG" and "5. Std."."""
    return _ABBREVIATED[match["noun"].lower()] if scan.kind == "ordinal" else None


@ORDINALS.rule("ordinal", DIGIT, r"(?P<number>\d{1,3}(?:\.\d{3}){1,3}|\d{1,9})\.(?=\s+\S|\s*\Z|,\s|[)!?])", ".")
def _ordinal(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3." as an ordinal where it isn't the end of a sentence or the number of an item."""
    number = match["number"].replace(".", "")
    following = _TO_WORD.match(scan.text, match.end())
    name = following[1] if following else ""
    if name.lower() in scan.grammar.month_numbers or not _is_ordinal(match, name, scan):
        return None
    if number[0] == "0" and len(number) != 2:  # noqa: PLR2004
        return None
    stem = scan.grammar.ordinal(int(number)).removesuffix("er")
    return f"{stem}ens" if _is_listed(match, scan) else _inflected(stem, name, match.end(), scan)


def _is_listed(match: re.Match[str], scan: Scan) -> bool:
    """Return whether a number belongs to a list: "bitte mitbringen: 1. Ausweis, 2. Karte"."""
    if scan.tokens and scan.tokens[-1].spoken:
        return False
    if match["number"] == "1":
        following = _LISTED.match(scan.text, match.end())
        return following is not None and following[1].lower() not in _RANKS | ORDERED
    for token in scan.tokens[:-_LONGEST_LIST:-1]:
        if token.kind in ("end", "paragraph"):
            break
        if token.kind == "ordinal" and token.words.endswith("tens"):
            return True
    return False


def _is_ordinal(match: re.Match[str], name: str, scan: Scan) -> bool:
    """Return whether a number with a dot is an ordinal; `name` is the word that follows, if one does."""
    before = scan.last_word()
    if before in _WEAK and _is_mark_or_key(before, name, scan):
        return False
    determined = (
        before in _WEAK or before in _STRONG or (before in _OBLIQUE and before not in ("von", "ab", "zwischen"))
    )
    if determined or match["number"][0] == "0":
        return determined
    if scan.text[match.end() : match.end() + 1] == ",":
        # "am 1., 2. und 3. Mai", "statt Mittwoch, 9., am"
        return before in scan.grammar.weekday_numbers or _ANOTHER.match(scan.text, match.end()) is not None
    if not name:
        return not scan.tokens and not scan.text[match.end() :].strip()
    if name[0].islower():
        return not scan.at_line_start(match.start())
    item = scan.at_line_start(match.start()) and "\n" in scan.text
    begins = name.lower() in scan.table.openers or name.endswith(_ADJECTIVES)
    starts = scan.opens or scan.tokens[-1].kind == "pause"  # "Hauptstr. 5, 2. Stock"
    starts = starts or (before in _LINKS and len(scan.tokens) > 1 and scan.tokens[-2].kind == "ordinal")
    ordered = name.lower() in ORDERED and before not in _NUMBERS
    return ordered or (starts and not item and not begins)


def _is_mark_or_key(before: str, name: str, scan: Scan) -> bool:
    """Return whether a number is the mark of "eine 2. Das" or the key of "drücken Sie die 2. Für Rezepte"."""
    ends = not name or name.lower() in scan.table.openers
    keyed = scan.recent_words(_LONGEST_REQUEST) & _KEYS
    pressed = keyed and (ends or "drücken" in keyed) and name.lower() != "taste"
    return bool(pressed) or (before == "eine" and ends)


def _inflected(stem: str, name: str, end: int, scan: Scan) -> str:
    """Return an ordinal with its ending, and with an article where one is missing before it."""
    wanted = ending(scan)
    if name[:1].isupper() and _DATED.get(scan.before) == "dem":  # "ab dem zweiten Tag"
        return f"{'der' if of_noun(scan, end) == 'e' else 'dem'} {stem}en"
    if wanted == "e" and scan.last_word() in _PLURAL and name[:1].isupper() and name.endswith("en"):
        wanted = "en"  # "die dritten Klassen"
    if wanted == "er" and name not in _PREPOSITIONS:  # "wurde 2. in der Wertung"
        wanted = of_noun(scan, end)
    return (article(scan) if not name[:1].isupper() else "") + stem + wanted


@ORDINALS.rule("ordinal", DIGIT, r"(?P<number>\d{1,9})(?P<ending>s?te[rnms]?)(?!\w)", "tT")
def _written_ordinal(match: re.Match[str], scan: Scan) -> str:
    return scan.grammar.ordinal_written(match["number"], match["ending"].lower())
