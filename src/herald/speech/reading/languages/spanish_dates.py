"""Spanish dates and times that depend on their context: "15/06-15/09", "3T 2026", "16h45", "DE 10 A 21 H"."""

import re

from herald.speech.reading.grammar import DAYS, MONTHS, Date
from herald.speech.reading.languages.spanish_nouns import gender_after
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.dates import clock, is_day, said_date, said_time
from herald.speech.reading.rules.numbers import roman
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_WORD_AFTER = Lazy(r"\s(?:de\s)?([^\W\d_]+)")
_DUE = words("disp disponible libre vto vence vencimiento cierre entrega llegada salida")
_LONGEST_WAIT = 9
"""Maximum hours or minutes of a short duration. Larger numbers mean a time of day, or minutes instead of feet."""
SPANISH_DATES = Rules()


@SPANISH_DATES.rule(
    "date", DIGIT, r"(?P<first>\d{1,2}/\d{1,2})\s?[-–]\s?(?P<last>\d{1,2}/\d{1,2})(?![\w/]|[.,]\d)", "/"
)
def _days(match: re.Match[str], scan: Scan) -> str | None:
    """Read "15/06-15/09"; "1/2-3/4" may be fractions."""
    said, days = [], []
    for date in (match["first"], match["last"]):
        first, second = map(int, date.split("/"))
        day, month = (first, second) if scan.table.date_order == "dmy" else (second, first)
        if not is_day(day, month):
            return None
        days.append(day)
        said.append(scan.grammar.date(Date(day, month, day_first=True)))
    sure = "/0" in match[0] or "0" in (match["first"][0], match["last"][0])
    return f" {scan.table.to} ".join(said) if sure or max(days) > MONTHS else None


@SPANISH_DATES.rule(
    "date",
    DIGIT,
    r"(?P<day>\d{1,2})\s(?P<name>[^\W\d_]{3,4})\.?\s(?P<year>[2-4]\d)(?!\w|[.,:/-]\d|\s?(?-i:[a-z%€$ºª°]))",
)
def _short_year(match: re.Match[str], scan: Scan) -> str | None:
    """Read "10 DIC 26"."""
    month = scan.table.month_short.get(match["name"].lower())
    if not month or not is_day(int(match["day"]), month):
        return None
    return scan.grammar.date(Date(int(match["day"]), month, match["year"], day_first=True))


SPANISH_DATES.phrases("date", DIGIT, "", {
    # Read "3T 2026".
    r"(?P<quarter>[1-4])\s?(?-i:T)\s?(?:del?\s)?(?P<year>20\d\d|(?<=T)2\d)(?![\w:/-]|,\d)":
        "{quarter:ordinal,er} trimestre de {year:year}",
})  # fmt: skip


@SPANISH_DATES.rule("number", DIGIT, r"(?P<number>\d{1,3})\s(?-i:A)(?=\s(?:\d|las?\s|los\s|el\s|partir\s))")
def _from(match: re.Match[str], scan: Scan) -> str:
    """Read the "10 A" of "DE 10 A 21 H", which has no amperes."""
    return f"{scan.grammar.whole(match['number'])} {scan.table.to}"


@SPANISH_DATES.rule("measure", DIGIT, r"(?P<number>\d{1,3})\s?(?-i:H)(?!\w|['.-]\w)(?:\.(?!\s\d))?", "H")
def _hours(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "21 H" of "DE 10 A 21 H"."""
    ranged = scan.before.endswith(f" {scan.table.to}") or scan.last_word() in (scan.table.to, "y", "cada")
    return scan.grammar.counted(match["number"], *scan.table.units["h"]) if scan.shouted or ranged else None


@SPANISH_DATES.rule("time", DIGIT, r"(?P<hours>\d{1,2})(?-i:h)(?P<minutes>[0-5]\d)(?!\w)", "h")
def _french(match: re.Match[str], scan: Scan) -> str | None:
    """Read "a las 16h45" and the duration "1h30"."""
    time = clock(match["hours"], match["minutes"])
    if time and (
        time.hours >= _LONGEST_WAIT
        or match["hours"][0] == "0"
        or scan.last_word() in ("las", "la", "hora", "desde", "hasta")
    ):
        return scan.grammar.time(time)
    hours = scan.grammar.counted(match["hours"], "hora", "horas")
    return f"{hours} y {scan.grammar.counted(str(int(match['minutes'])), 'minuto', 'minutos')}"


@SPANISH_DATES.rule(
    "time",
    DIGIT,
    r"(?P<hours>\d{1,2})\.(?P<minutes>[0-5]\d)(?=(?P<more>,\s\d{1,2}\.[0-5]\d){0,6}\s(?:a|y|o|hasta)\s(?:las\s)?\d{1,2}\.[0-5]\d"
    r"(?:(?P<sure>\s?h(?!\w))|(?!\d|[.,]\d|\s?[^\s.,;:)])))",
    ".",
)
def _from_time(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "9.00" of "de 9.00 a 14.00 h" and "8.00, 11.30 y 15.45 h"."""
    time = clock(match["hours"], match["minutes"])
    ordered = scan.last_word() in ("de", "desde", "entre", "las") and (time and time.minutes in (0, 15, 30, 45))
    return scan.grammar.time(time) if time and (match["sure"] or ordered) else None


@SPANISH_DATES.rule(
    "measure", DIGIT + SIGN, r"(?P<plus>\+)?(?P<minutes>\d{1,2})'\s?(?P<seconds>\d{1,2})(?:\"|'')(?!\w)", "'"
)
def _run(match: re.Match[str], scan: Scan) -> str | None:
    r"""Read the minutes and seconds of "1' 03\""; "5'10\"" are feet."""
    inches = match["seconds"][0] != "0" and int(match["seconds"]) <= MONTHS
    if inches and int(match["minutes"]) < _LONGEST_WAIT:
        return None
    minutes = scan.grammar.counted(match["minutes"], "minuto", "minutos")
    said = f"{minutes} y {scan.grammar.counted(str(int(match['seconds'])), 'segundo', 'segundos')}"
    return scan.grammar.signed(match["plus"], said)


@SPANISH_DATES.rule("range", DIGIT, r"(?P<first>1[5-9]\d\d)[-–](?P<last>\d\d)(?![\w/-]|[.,]\d)", "-–")
def _years(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1936-39"."""
    if match["first"][2:] >= match["last"] or scan.names_code() or scan.before == scan.table.number_sign:
        return None
    return f"{scan.grammar.whole(match['first'])} {scan.table.to} {scan.grammar.whole(match['last'])}"


@SPANISH_DATES.rule(
    "number",
    DIGIT,
    r"0(?P<hours>\d)(?P<join>\s?[-–]\s?)?(?=(?:\sa\s(?:las\s)?)?\d{1,2}\s?h(?:rs?|s|oras?)?(?!\w))",
    "hH",
)
def _early(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "08" of "de 08 a 14 hs"."""
    if not match["join"] and match.string[match.end() : match.end() + 1] != " ":
        return None
    hours = scan.grammar.whole(match["hours"], "f")
    return f"{hours} {scan.table.to}" if match["join"] else hours


@SPANISH_DATES.rule(
    "date", DIGIT, r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\w/%]|[.,-]\d|\sdel?\s|\s?(?:mg|g|ml|h)(?!\w))", "/"
)
def _likely(match: re.Match[str], scan: Scan) -> str | None:
    """Read "vto. 1º 10/12" and "1/1 cerrado", which are rarely fractions."""
    if match[0] == scan.text.strip():
        return None
    counted = gender_after(scan, match.end())[1].endswith("s")
    likely = (int(match["month"]) in (1, 11, 12) and not counted) or scan.announced(_DUE)
    if not likely or scan.table.date_order != "dmy" or scan.names_code():
        return None
    instalment = scan.last_word() in scan.table.instalments and not scan.text.startswith(" a las ", match.end())
    refused = instalment or scan.announced(scan.table.pressure_words | scan.table.law_words)
    return None if refused else said_date(match, scan)


@SPANISH_DATES.rule(
    "date", DIGIT, r"(?P<day>\d{1,2})[.-](?P<month>\d{1,2})(?![\w.,/:-]\d|\w|\s?[%€$]|,\s\d{1,2}-\d|\sfinal)", ".-"
)
def _day_month(match: re.Match[str], scan: Scan) -> str | None:
    """Read "el 3.4"."""
    expected = scan.last_word() in scan.table.date_words - {"hasta", "desde", "para", "antes"}
    following = _WORD_AFTER.match(scan.text, match.end())
    named = following is not None and following[1].lower() in scan.grammar.month_numbers  # "el 2-4 dic"
    return said_date(match, scan) if expected and not named else None


@SPANISH_DATES.rule(
    "date", WORD, r"(?P<name>[^\W\d_]{3,10})\.?\s(?P<day>\d{1,2}),?\s(?:del?\s)?(?P<year>[12]\d{3})(?!\w|[.,:/-]\d)"
)
def _month_day(match: re.Match[str], scan: Scan) -> str | None:
    """Read "junio 11 2000" and "abril 3, 2026"."""
    month, day = scan.grammar.month_numbers.get(match["name"].lower()), int(match["day"])
    if not month or not 1 <= day <= DAYS:
        return None
    return scan.grammar.date(Date(day, month, match["year"], day_first=True))


@SPANISH_DATES.rule(
    "date",
    DIGIT,
    r"(?P<day>\d{1,2})(?P<mark>[-./])(?P<month>(?-i:[IVX]{1,4}))(?P=mark)(?P<year>\d{4}|\d{2})(?!\w)",
    "IVX",
)
def _roman_month(match: re.Match[str], scan: Scan) -> str | None:
    """Read "5-XII-2026"."""
    day, month = int(match["day"]), roman(match["month"])
    return scan.grammar.date(Date(day, month, match["year"], day_first=True)) if is_day(day, month) else None


@SPANISH_DATES.rule("measure", DIGIT, r"(?P<first>\d{1,3})'?\s?(?:[-–]|\sa\s)\s?(?P<last>\d{1,3})'(?!['\"\w])", "'")
def _minutes(match: re.Match[str], scan: Scan) -> str:
    """Read "8'-10'"."""
    last = scan.grammar.counted(match["last"], "minuto", "minutos")
    return f"{scan.grammar.whole(match['first'], 'm')} {scan.table.to} {last}"


@SPANISH_DATES.rule("time", DIGIT, r"(?P<hours>\d{1,2})\.(?P<minutes>[0-5]\d)(?!\w|[.,]\d|\s?[€$£%]|\s[^\W\d_])", ".")
def _to_time(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "7.00" of "de 5.00 a 7.00"."""
    after = len(scan.tokens) > 1 and scan.tokens[-2].kind == "time" and scan.last_word() in ("a", "y", "o", "hasta")
    return said_time(match, scan) if after else None


@SPANISH_DATES.rule(
    "time", DIGIT, r"(?P<first>\d{1,2}[-–]\d{1,2})\s?/\s?(?P<last>\d{1,2}[-–]\d{1,2})\s?h(?:rs?|s)?(?!\w)", "hH"
)
def _twice_open(match: re.Match[str], scan: Scan) -> str:
    """Read "10-14/17-20h"."""
    ranges = (re.findall(r"\d+", match[name]) for name in ("first", "last"))
    said = (f" {scan.table.to} ".join(scan.grammar.whole(str(int(one)), "f") for one in hours) for hours in ranges)
    return f"{' y '.join(said)} horas"


@SPANISH_DATES.rule(
    "time",
    DIGIT,
    r"(?P<hours>[01]?\d|2[0-3]),(?P<minutes>[0-5]\d)(?!\w|[.,]\d|\s?[€$£%])(?P<unit>\s?h(?:oras)?(?!\w))?",
    ",",
)
def _comma_time(match: re.Match[str], scan: Scan) -> str | None:
    """Read "a las 12,30" and "el 14 de enero, 12,30 horas"."""
    dated = match["unit"] and any(token.kind == "date" for token in scan.tokens[-2:])
    return said_time(match, scan) if dated or scan.last_word() in ("las", "la") else None


@SPANISH_DATES.rule("word", DIGIT, r"(?P<first>\d{1,2})\s?[-–]\s?(?=\d{1,2}/(?:0\d|1[0-2]|[1-9]/\d)(?!\d))", "/")
def _from_day(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "12-" of "12-14/05/2027"."""
    to = "al" if scan.last_word() == "del" else scan.table.to
    return f"{scan.grammar.day(int(match['first']))} {to}" if is_day(int(match["first"]), 1) else None


SPANISH_DATES.phrases("time", DIGIT, "/", {
    r"1/2(?![\w/])": "media",  # Read the end of "a las 7 y 1/2".
}, last=("y",), where=lambda scan: {token.words for token in scan.tokens[-3:-2]} & {"las", "la"})  # fmt: skip


@SPANISH_DATES.rule("number", DIGIT, r"(?P<first>12|24|36|48)/(?P<last>24|36|48|72|96)\s?h(?:rs?|s|oras)?(?!\w)", "hH")
def _within(match: re.Match[str], scan: Scan) -> str:
    """Read "entrega en 24/48 h"."""
    first, last = (scan.grammar.whole(match[name]) for name in ("first", "last"))
    return f"{first} {scan.table.to} {last} horas"
