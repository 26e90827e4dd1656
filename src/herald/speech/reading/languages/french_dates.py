"""Rules for dates and times in French only: days in a row, "1er/12", "12/2027", "J-7"."""

import re

from herald.speech.reading.grammar import DAYS, HOURS, Date, Time
from herald.speech.reading.languages.romance_numbers import measured
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule, Rules
from herald.speech.reading.rules.dates import is_day, said_date, said_time
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_EXPIRES = words("expire expirant expiration exp péremption validité valable valide fin carte cb")
_DATED_BY = frozenset({"les", "le", "du", "au", "des"})
_LOWEST_DAY = 5
"""Of a date that could be an improper fraction otherwise: "5/4", but "4/3"."""
_EVENTS = frozenset({"rdv", "rendez-vous", "date", "livraison", "expire", "échéance", "réunion", "retour"})
_RATIOS = frozenset({"ratio", "rapport", "format", "échelle"})
_PLAYED = frozenset({"set", "sets", "score", "victoire", "jeu", "jeux"})
_TIME_LETTERS = {"-": "moins", "+": "plus"}
_WORD_AFTER = Lazy(r"\s([^\W\d_]{3,12})")
_MONTH_AFTER = frozenset({"fin", "début", "courant", "1er", "1 er"})
FRENCH_DATES = Rules()
LIKELY_DATES = Rules()
"""To be tried after blood pressure, marks and halves."""


# Read the sign of "8h-midi".
FRENCH_DATES.phrase("time", SIGN, r"[-–](?=(?:midi|minuit)(?!\w))", "à", "-–", after=("time",))


@FRENCH_DATES.rule("date", DIGIT, r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})(?=\.(?!\d))", ".")
def _swiss_date(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    """Read "le 3.12." as it is written in Switzerland."""
    dated = scan.last_word() in scan.table.date_words or scan.before in scan.table.weekdays
    said = said_date(match, scan) if dated else None
    if not said:
        return None
    goes_on = scan.after(match)[1:].strip()[:1]
    return said if not goes_on or goes_on.isupper() else (said, match.end() + 1)


# Read "14.30 h".
FRENCH_DATES.append(Rule("time", DIGIT, r"(?P<hours>[01]?\d|2[0-3])\.(?P<minutes>[0-5]\d)\s?h(?!\w)", said_time, "."))


@FRENCH_DATES.rule(
    "measure",
    DIGIT,
    r"(?:(?P<hours>\d{1,2})\s?h\s?)?(?P<minutes>\d{1,3})(?:'|\s?(?:min|mn)\s?)(?P<seconds>[0-5]\d)"
    r"(?:(?:\"|'')(?P<part>\d{1,2})?|\s?s(?:ec)?)?(?!\w)|(?P<only>\d{1,2})(?:\"|'')(?P<hundredths>\d{2})(?!\w)",
    "'\"mM",
)
def _timed(match: re.Match[str], scan: Scan) -> str:
    """Read "1'52"34", "9"98", "2h08'45"" and "2 h 14 min 30 s"."""
    grammar, units = scan.grammar, scan.table.units
    if match["only"]:
        return f"{grammar.counted(match['only'], *units['s'])} {grammar.whole(match['hundredths'])}"
    said = [grammar.counted(match["hours"].lstrip("0") or "0", *units["h"])] if match["hours"] else []
    said.append(grammar.counted(match["minutes"].lstrip("0") or "0", *units["min"]))
    seconds = match["seconds"].lstrip("0") or "0"
    bare = match[0].endswith(match["seconds"])
    said.append(grammar.cardinal(int(seconds), "f") if bare else grammar.counted(seconds, *units["s"]))
    return " ".join([*said, grammar.whole(match["part"])] if match["part"] else said)


@FRENCH_DATES.rule("date", DIGIT, r"1er\s?/\s?(?P<month>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?(?![\w/])", "/")
def _first(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1er/12"."""
    month = int(match["month"])
    return scan.grammar.date(Date(1, month, match["year"], day_first=True)) if is_day(1, month) else None


@FRENCH_DATES.rule("date", DIGIT, r"(?P<month>0?[1-9]|1[0-2])/(?P<year>(?:19|20)\d\d)(?![\w/-]|[.,]\d)", "/")
def _month_and_year(match: re.Match[str], scan: Scan) -> str | None:
    """Read "12/2027"; after "facture n°" it is a reference."""
    if scan.before == scan.table.number_sign:
        return None
    return scan.grammar.date(Date(None, int(match["month"]), match["year"]))


@FRENCH_DATES.rule("date", DIGIT, r"(?P<month>0[1-9]|1[0-2])/(?P<year>[23]\d)(?![\w/-]|[.,]\d)", "/")
def _expiry(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "03/28" of a card or a medicine, which cannot be a day and a month."""
    coded = scan.names_code() or scan.before == scan.table.number_sign
    if not scan.announced(_EXPIRES) and (match["month"][0] == "1" or coded):
        return None
    return scan.grammar.date(Date(None, int(match["month"]), f"20{match['year']}"))


@FRENCH_DATES.rule(
    "date",
    DIGIT,
    r"(?P<first>\d{1,2})\s(?P<and>et|&|ou|au)\s(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\w/%]|[.,-]\d)",
    "/",
)
def _two_days(match: re.Match[str], scan: Scan) -> str | None:
    """Read "les 3 et 4/12"."""
    first, day, month = int(match["first"]), int(match["day"]), int(match["month"])
    if not (is_day(first, month) and is_day(day, month)) or not scan.announced(_DATED_BY):
        return None
    date = scan.grammar.date(Date(day, month, day_first=True))
    join = "et" if match["and"] == "&" else match["and"].lower()
    return f"{scan.grammar.day(first)} {join} {date}"


@FRENCH_DATES.rule(
    "date",
    DIGIT,
    r"(?P<day>\d{1,2}|1er)\s(?P<month>[^\W\d_]{3,9})\.?\s?[-–]\s?(?=\d{1,2}(?:er)?\s(?P<last>[^\W\d_]{3,9}))",
    "-–",
)
def _range_of_months(match: re.Match[str], scan: Scan) -> str | None:
    """Read the first date of "30 avril-2 mai"."""
    day, months = int(match["day"].lower().removesuffix("er")), scan.grammar.month_numbers
    month = months.get(match["month"].lower())
    if not month or match["last"].lower() not in months or not is_day(day, month):
        return None
    return f"{scan.grammar.date(Date(day, month, day_first=True))} au"


@FRENCH_DATES.rule("date", WORD, r"mi-(?P<name>janv|févr?|avr|juill?|oct|nov|d[ée]c)\.?(?!\w)", "-")
def _middle(match: re.Match[str], scan: Scan) -> str:
    """Read "mi-juil."."""
    return f"mi-{scan.table.months[scan.grammar.month_numbers[match['name'].lower()] - 1]}"


FRENCH_DATES.phrases("date", DIGIT, "", {
    r"0(?P<day>[1-9])(?=\s(?:du\smois|au\s\d))": "{day:day}",  # Read "le 05 du mois" and "du 01 au 15/12".
}, where=lambda scan: scan.last_word() in scan.table.date_words)  # fmt: skip


@FRENCH_DATES.rule("date", DIGIT, r"(?P<day>\d{1,2})/(?P<month>\d{1,2})\s?[-–]\s?(?=\d{1,2}/\d{1,2}(?!\d))", "/")
def _range_of_dates(match: re.Match[str], scan: Scan) -> str | None:
    """Read the first date of "12/11-14/11"."""
    said = said_date(match, scan)
    return f"{said} au" if said else None


@FRENCH_DATES.rule(
    "date", DIGIT, r"(?P<first>\d{1,2})\s?[-–]\s?(?=(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\w/%]|[.,-]\d))", "/"
)
def _days_of_month(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "12-14/11"."""
    first, day, month = int(match["first"]), int(match["day"]), int(match["month"])
    if not is_day(day, month) or not 0 < first < day:
        return None
    said = scan.grammar.date(Date(day, month, day_first=True))
    return f"{scan.grammar.day(first)} au {said}", match.end("month")


@FRENCH_DATES.rule("date", DIGIT, r"(?P<day>\d{2})-(?P<month>\d{2})(?![\w-]|[.,]\d|\s?[€$£%h])", "-")
def _dashed(match: re.Match[str], scan: Scan) -> str | None:
    """Read "le 12-03"; in "du 05-12 mars" it is a range."""
    following = _WORD_AFTER.match(scan.after(match))
    named = following is not None and following[1].lower() in scan.grammar.month_numbers
    return said_date(match, scan) if scan.last_word() in scan.table.date_words and not named else None


@FRENCH_DATES.rule(
    "date", DIGIT, r"(?P<first>\d{1,2}|1er)\s?[-–]\s?(?=(?P<last>\d{1,2})\s(?P<name>[^\W\d_]{3,12}))", "-–"
)
def _range_of_days(match: re.Match[str], scan: Scan) -> str | None:
    """Read the first day of "12-14 juin"; other rules read the date after it."""
    first, last = int(match["first"].lower().removesuffix("er")), int(match["last"])
    if match["name"].lower() not in scan.grammar.month_numbers or not 0 < first < last <= DAYS:
        return None
    return f"{scan.grammar.day(first)} {'et' if last == first + 1 else 'au'}"


@FRENCH_DATES.rule(
    "date", DIGIT, r"(?P<days>\d{1,2}(?:[/-]\d{1,2}){0,6})[/-](?=\d{1,2}(?:er)?\s(?P<name>[^\W\d_]{3,12}))", "/-"
)
def _days(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read the days of "les 17/18/19 mars"; the last one belongs to the date, which is read by other rules."""
    if match["name"].lower() not in scan.grammar.month_numbers:
        return None
    days = [int(day) for day in re.findall(r"\d+", match["days"])]
    return (" ".join(map(scan.grammar.day, days)), match.end("days")) if max(days) <= DAYS and min(days) else None


# Read "17.06", which is not a decimal in French.
FRENCH_DATES.append(Rule("date", DIGIT, r"(?P<day>\d{2})\.(?P<month>\d{2})(?![\w%]|[.,]\d|\s?[€$£%])", said_date, "."))


@FRENCH_DATES.rule(
    "date", WORD, r"(?P<about>mi-)?sept(?P<dot>\.)?(?=(?P<next>\s?[,;)]|\s(?-i:[a-zà-ÿ(]))?)(?!\w|['-]\w)"
)
def _september(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    """Read "1er sept.", "mi-sept." and "de sept. à juin"; "il en reste sept." is a number."""
    certain = match["about"] or scan.last_word() in _MONTH_AFTER
    if not certain and not (match["dot"] and match["next"] and scan.last_word() in ("de", "en", "depuis")):
        return None
    said = f"{match['about'] or ''}{scan.table.months[8]}"
    return said if match["next"] else (said, match.end() - len(match["dot"] or ""))


@FRENCH_DATES.rule(
    "date",
    WORD,
    r"(?P<letter>(?-i:[JHNn]|R(?=[-+]\d(?!\d))))\s?(?P<sign>[-+])\s?(?P<number>\d{1,3})(?![\w-]|[.,]\d)",
    "-+",
)
def _countdown(match: re.Match[str], scan: Scan) -> str:
    """Read "J-7" and "H+2"."""
    return f"{match['letter']} {_TIME_LETTERS[match['sign']]} {scan.grammar.cardinal(int(match['number']))}"


@FRENCH_DATES.rule(
    "time",
    DIGIT,
    r"(?P<first>\d{1,2})\s?h\s?(?P<minutes>[0-5]\d)?\s?/\s?(?P<last>\d{1,2})\s?h\s?(?P<last_minutes>[0-5]\d)?(?!\w)",
    "/",
)
def _hours(match: re.Match[str], scan: Scan) -> str | None:
    """Read "8h30/12h" of opening hours."""
    first, last = (
        Time(int(match[hours]), int(match[minutes]) if match[minutes] else None)
        for hours, minutes in (("first", "minutes"), ("last", "last_minutes"))
    )
    if not first.hours < last.hours <= HOURS:
        return None
    return f"{scan.grammar.time(first)} {scan.table.to} {scan.grammar.time(last)}"


@FRENCH_DATES.rule(
    "date",
    DIGIT + WORD,
    r"(?:(?P<before>[1-4])(?P<first>(?-i:[TS]))\s?|(?P<second>(?-i:[TS]))(?P<after>[1-4])\s)(?P<year>20\d\d)(?![\w-]|[.,]\d)",
)
def _part_of_year(match: re.Match[str], scan: Scan) -> str:
    """Read "T1 2026" and "2T2026"."""
    part = "trimestre" if (match["first"] or match["second"]) == "T" else "semestre"
    return f"{scan.grammar.ordinal(int(match['before'] or match['after']))} {part} {scan.grammar.year(match['year'])}"


@LIKELY_DATES.rule(
    "date",
    DIGIT,
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\w/%]|[.,-]\d)"
    r"(?P<time>(?=,?\s(?:(?:à|entre|de|dès|vers|avant|après)\s)?\d{1,2}\s?[h:]))?",
    "/",
)
def _likely_date(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "3/10 à 14h", "RDV 3/10" and "12/11", which is not a fraction as it is above one."""
    day, month = int(match["day"]), int(match["month"])
    above_one = day > month and day >= _LOWEST_DAY and match[0] not in scan.table.named_numbers
    dated = (
        match["time"] is not None
        or scan.last_word() in _EVENTS
        or (above_one and not scan.names_code() and not scan.announced(_PLAYED))
    )
    if measured(scan, match.end("month")) or scan.last_word() in _RATIOS:
        return None
    said = said_date(match, scan) if dated and scan.before != scan.table.number_sign else None
    return (said, match.end("month")) if said else None
