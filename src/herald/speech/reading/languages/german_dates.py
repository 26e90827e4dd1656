"""German dates and weekdays: "am 3.4.", "vom 3.-5. April", "Mo, Mi + Fr", "03/2027"."""

import re
from itertools import pairwise

from herald.speech.reading.grammar import Date
from herald.speech.reading.languages.german_ordinals import ending_of
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule, Rules
from herald.speech.reading.rules.dates import is_day, said_date
from herald.speech.reading.rules.words import compass
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_ROOMS = frozenset(["raum", "zimmer", "saal", "büro", "tür", "version", "kapitel", "abschnitt", "ziffer", "punkt"])
"""Words after which "2.04." is a number."""
_ISSUES = words("heft ausgabe nummer nr folge teil beschluss urteil antrag drucksache rechnung vertrag")
"""Words after which "03/2027" is a number."""
_INSPECTIONS = words(
    "hu au tüv ez mhd erstzulassung fällig haltbar stand für monat lohn gehalt miete beitrag abschlag abrechnung"
)
"""Words after which "06/27" is a month, besides those before a date."""
_WHICH = frozenset(["letzten", "nächsten", "kommenden", "diesen", "jeden"])
"""Words before a weekday."""
_GOES_ON = Lazy(r"\.\s*(?:[,/+&\da-zäöü]|Ruhetag)")
_DAY = r"(?-i:Mo|Di|Mi|Do|Fr|Sa|So)"
_AND = r"(?:,|/|\+|&|und|u\.|oder|o\.|sowie|bis)"
_POINTS = {
    "N": "Nord", "O": "Ost", "S": "Süd", "W": "West", "NO": "Nordost", "NW": "Nordwest", "SO": "Südost",
    "SW": "Südwest",
}  # fmt: skip
GERMAN_DATES = Rules([compass(_POINTS, words("wind winde böen sturmböen windböen orkanböen"), words("aus wind"))])


@GERMAN_DATES.rule(
    "date",
    DIGIT,
    r"(?P<day>\d{1,2})\.(?:\s?(?P<month>\d{1,2})\.)?\s?(?P<to>[-–/+&])\s?"
    r"(?=\d{1,2}\.\s?(?:\d{1,2}\.|(?P<name>[JFMASOND][^\W\d_]{2,8})))",
    ".",
)
def _days(match: re.Match[str], scan: Scan) -> str | None:
    """Read the beginning of "3.-5. April" and "3.4.-5.4.2026"."""
    day, month = int(match["day"]), int(match["month"] or 1)
    named = not match["name"] or match["name"].lower() in scan.grammar.month_numbers
    if not (is_day(day, month) and named):
        return None
    said = scan.grammar.date(Date(day, month)) if match["month"] else scan.grammar.day(day)
    return f"{said} {scan.table.to if match['to'] in '-–' else scan.table.symbols['&']}"


@GERMAN_DATES.rule(
    "date",
    DIGIT,
    r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d\d|\d\d)\s?[-–]\s?(?=\d{1,2}\.\s?\d{1,2}\.)",
    "-–",
)
def _first_date(match: re.Match[str], scan: Scan) -> str | None:
    """Read the beginning of "1.3.27-28.2.28"."""
    said = said_date(match, scan)
    return f"{said} {scan.table.to}" if said else None


# Read "1. 12. 2026".
_SPACED_DATE = r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>(?:19|20)\d\d)(?![\d:]|\.\d|\s?Uhr)"
GERMAN_DATES.append(Rule("date", DIGIT, _SPACED_DATE, said_date, "."))


@GERMAN_DATES.rule("date", DIGIT, r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})(?P<dot>)(?![\w.,/:-]\d|\w|\s?[%€$])", ".")
@GERMAN_DATES.rule("date", DIGIT, r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})(?P<dot>\.)(?!\d|\s?\d{4}(?!\d))", ".")
def _day_month(match: re.Match[str], scan: Scan) -> str | None:
    """Read "3.4." and, after a word such as "am", "3.4"."""
    expected = match["dot"] or scan.last_word() in scan.table.date_words - {"der", "den", "dem"}
    return said_date(match, scan) if expected and scan.before not in _ROOMS else None


@GERMAN_DATES.rule(
    "date",
    DIGIT,
    r"(?P<month>0[1-9]|1[0-2])/(?P<year>(?:20)?[1-9]\d)\s?[-–]\s?"
    r"(?=(?P<last>0[1-9]|1[0-2])/(?P<last_year>(?:20)?[1-9]\d)(?![\w/]))",
    "/",
)
def _months(match: re.Match[str], scan: Scan) -> str | None:
    """Read the beginning of "12/26–11/27"."""
    first, last = ((match[name][-2:], match[at]) for name, at in (("year", "month"), ("last_year", "last")))
    if first >= last:
        return None
    return f"{scan.grammar.date(Date(None, int(match['month']), match['year']))} {scan.table.to}"


@GERMAN_DATES.rule(
    "date", DIGIT, r"(?P<month>0?[1-9]|1[0-2])\s?/\s?(?P<year>(?:19|20)\d\d|1[3-9]|[2-9]\d)(?![\w/-]|[.,]\d)", "/"
)
def _month_year(match: re.Match[str], scan: Scan) -> str | None:
    """Read "03/2027" and, after a word such as "bis", the "12/26" of a card."""
    year, before = match["year"], scan.last_word()
    if scan.names_code() or before.endswith(tuple(_ISSUES)):
        return None
    if len(year) == 4 and len(match["month"]) == 1 and before not in scan.table.date_words:  # noqa: PLR2004
        return None  # "Heft 3/2027"
    ranged = any(token.kind == "date" and token.words.endswith(" bis") for token in scan.tokens[-1:])  # "12/26–11/27"
    if len(year) == 2 and not ranged and before not in scan.table.date_words | _INSPECTIONS:  # noqa: PLR2004
        return None
    return scan.grammar.date(Date(None, int(match["month"]), year))


@GERMAN_DATES.rule("date", DIGIT, r"(?P<month>0?[1-9]|1[0-2])\.(?P<year>(?:19|20)\d\d)(?![\w.,:/-]\d|\w)", ".")
def _dotted_month(match: re.Match[str], scan: Scan) -> str | None:
    """Read "12.2026"."""
    if scan.before in _ROOMS or scan.names_code():
        return None
    return scan.grammar.date(Date(None, int(match["month"]), match["year"]))


GERMAN_DATES.phrases("date", WORD, "/", {
    r"(?-i:Q)(?P<quarter>[1-4])/(?P<year>(?:20)?\d\d)(?![\w/-])": "Q {quarter:whole} {year:year}",  # "Q3/2026"
})  # fmt: skip
# Read the first ones of "Mo, Mi + Fr".
GERMAN_DATES.phrase("date", WORD, rf"(?P<name>{_DAY})(?!\w)\.?(?=\s?{_AND}\s?{_DAY}(?!\w))", "{name:weekday}")


@GERMAN_DATES.rule("date", WORD, rf"(?P<name>{_DAY})(?!\w)")
def _last_weekday(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read the last one of "Sa und So", and "am letzten Fr."."""
    said = scan.table.weekdays[scan.table.weekday_short[match["name"].lower()]]
    end = match.end() + bool(_GOES_ON.match(scan.text, match.end()))
    if scan.before in _WHICH:
        return said, end
    spoken = [token for token in scan.tokens[:-4:-1] if token.kind != "pause"]
    joined = bool(spoken) and spoken[0].words in ("und", "oder", "bis", "sowie")
    first = spoken[1:] if joined else spoken
    if not first or first[0].words not in scan.table.weekdays or (not joined and scan.tokens[-1].kind != "pause"):
        return None
    return said, end


@GERMAN_DATES.rule(
    "date",
    WORD,
    r"(?P<name>(?-i:Mo|Di|Mi|Do|Fr|Sa))\.?"
    r"(?=\s(?-i:bis|ab|um|nur|n\.|nach|ist|frei|offen|geöffnet|Ruhetag|gegen|geschlossen|vorm|nachm|vormittags?|nachmittags?|abends?|früh|geschl\.)(?!\w)|\s(?:von|zwischen|zw\.)\s\d|:\s"
    r"|\s\d{1,2}(?:[.:]\d\d)?(?:\s?[-–]\s?\d{1,2}(?:[.:]\d\d)?)?\s?(?-i:Uhr|h)(?!\w)"
    r"|(?:,?\s(?:der|den|dem))?\s\d{1,2}\.\s?(?:\d{1,2}\.|(?-i:[A-Z][a-zä]{2})))"
    r"|(?P<sunday>(?-i:So))\.?(?=\s(?-i:geschl|Ruhetag)|\s(?-i:bis|ab|von|um)\s\d|:\s(?:\d|geschl|Ruhetag|nach))"
    r"|(?<=\()(?P<alone>(?-i:Mo|Di|Mi|Do|Fr|Sa|So))(?=\))",
)
def _open_weekday(match: re.Match[str], scan: Scan) -> str:
    """Read "Do bis 20 Uhr", "Mi geschlossen" and, as it is not an amount, "Fr. 4.12."."""
    name = match["name"] or match["sunday"] or match["alone"]
    return scan.table.weekdays[scan.table.weekday_short[name.lower()]]


@GERMAN_DATES.rule(
    "date", WORD, r"(?P<name>(?-i:Mo|Di|Mi|Do|Fr|Sa|So))\.(?=\s(?P<noun>(?-i:[A-ZÄÖÜ])[^\W\d_]*)|\Z)", "."
)
def _dotted_weekday(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "Mo. Nudeln, Di. Reis", and "auf Di. Danke" with its end."""
    name = match["name"]
    listed = any(
        token.words in scan.table.weekdays and following.words.istitle() and following.kind == "word"
        for token, following in pairwise(scan.tokens[-6:])
    )
    if scan.before == "lady" or (name in ("Fr", "So") and not (listed and scan.tokens[-1].kind == "pause")):
        return None
    ends = not match["noun"] or match["noun"].lower() in scan.table.openers
    return scan.table.weekdays[scan.table.weekday_short[name.lower()]], match.end() - ends


# Read "So. u. Feiertags".
GERMAN_DATES.phrase("date", WORD, r"(?-i:So)\.?(?=\s?(?:u\.|und|&|\+|/|-)\s?Feiert)", "Sonntag")
GERMAN_DATES.phrases("word", SIGN, "+&/", {
    rf"[+&/](?=\s?{_DAY}(?!\w))": "{.symbols[&]}",  # Read the sign of "Mi + Fr".
}, where=lambda scan: scan.tokens and scan.tokens[-1].words in scan.table.weekdays)  # fmt: skip


# Read the dash of "30. Juni - 2. Juli".
_TO = rf"[-–—](?=\s?(?:\d{{1,2}}[.:]|{_DAY}(?!\w)))"
GERMAN_DATES.phrase("word", SIGN, _TO, "bis", "-–—", after=("date", "time"))
# Read "Update auf v. 3.2.1".
GERMAN_DATES.phrase("label", WORD, r"(?-i:v)\.\s?(?=\d{1,2}\.\d{1,2}\.\d(?!\d|\.\d))", "Version", ".")


@GERMAN_DATES.rule("title", WORD, r"(?-i:d)\.(?=\s?\d{1,2}\.)", ".")
def _article(_: re.Match[str], scan: Scan) -> str:
    """Read "Köln, d. 5.12." and "am Freitag, d. 5.12."."""
    if scan.before in ("straße", "platz", "allee"):
        return "des"
    dative = {"am", "vom", "zum", "beim", "ab", "seit", "nach", "mit"}
    return "den" if dative.isdisjoint(token.words.lower() for token in scan.tokens[:-4:-1]) else "dem"


@GERMAN_DATES.rule(
    "title",
    WORD,
    r"(?-i:v)\.(?=\s?(?P<date>\d{1,2}\.(?!\d{3}(?!\d))\s?[-–/+\dA-Z]|(?-i:Mo|Di|Mi|Do|Fr|Sa|So)(?!\w))?)(?!\s?[a-z]\.)",
    ".",
)
def _of(match: re.Match[str], scan: Scan) -> str | None:
    """Read "v. 3.11." and "Familie v. Hardenberg"; "v. Chr." is in the table."""
    if scan.text.startswith("Chr", match.end() + 1):
        return None
    return "vom" if match["date"] else "von"


@GERMAN_DATES.rule(
    "title", WORD, r"(?-i:d)\.(?=\s(?:(?-i:[a-zäöü]{3,20})\s)?(?P<noun>(?-i:[A-ZÄÖÜ][a-zäöüß]{2,30})))", "."
)
def _genitive(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Platz d. Republik" and "Ende d. Monats"."""
    if match["noun"].lower() in scan.table.openers:
        return None
    if scan.before == "für":
        return {"e": "die", "es": "das", "er": "den"}[ending_of(match["noun"])]
    return "des" if match["noun"].endswith("s") else "der"
