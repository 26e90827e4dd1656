"""Rules shared by French, Italian and Portuguese: times with "h", dates, codes, Roman numerals, addresses."""

import re

from herald.speech.reading.grammar import MONTHS, VOWELS, Date
from herald.speech.reading.languages.romance_dates import DAYS_AND_TIMES
from herald.speech.reading.languages.romance_numbers import AMOUNTS, LARGEST_PART, NUMBERS, measured, paid, romance
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule, Rules
from herald.speech.reading.rules.dates import clock, is_day, said_time
from herald.speech.reading.rules.numbers import grouped_digits, roman
from herald.speech.reading.rules.web_links import PROVIDERS, link_word
from herald.speech.reading.scanner import Scan
from herald.speech.reading.token import Fixed

_SINGLE = frozenset("IVX")
"""Single letters that are numerals after "chapter"."""
_AGAIN = Lazy(r"\s?/\s?(?=\d{1,2}[.:]\d\d\s?[-–])")
_MOST_PARTS, _MOST_FRACTION = 4, 16
"""The largest numerator of a fraction above one, as "4/3", and the largest denominator."""
_TIME_AFTER = Lazy(r"\s(?:h\.?\s?\d|(?:ore|alle|dalle|às|das)\s)", re.IGNORECASE)
_COUNTED = Lazy(
    r"\s(?:m[eo]i?s(?:es|i)?|rate|giorni|gg|dias|jours|pz|pezzi|persone|pessoas|parcelas|avos|ann[io]s?|anos|horas|d(?:[aeoiu]|e[lgi]\w*))(?!\w)"
)
_UNIT_AFTER = Lazy(r"\s[^\W\d_]{2,5}(?!\w)")
_DATE = Lazy(r"[0-3]?\d-[01]?\d-(?:19|20)?\d\d(?![-\d])|(?:19|20)\d\d-[01]\d-[0-3]\d(?![-\d])")
_GOES_ON = Lazy(r"[.,:]\d")
_BEFORE_COMMA = frozenset({"ore", "h", "alle", "dalle"})
"""Words before a time with a comma: "ore 12,45"."""
_BETWEEN = frozenset({"entre", "tra", "fra"})
"""Words before two times that "and" joins: "entre 7h-8h"."""
_BEFORE_ARTICLE = frozenset({"entro", "dopo", "verso", "tra", "fra"})
_MONTH_AFTER = Lazy(r"\s(?:de\s)?([^\W\d_]{4,10})")
_NOUN_AFTER = Lazy(r"(?:\s(?:al|alla|e|o|ou|ao)\s[IVX]{1,7})?\s([^\W\d_]+)")
_EXTENSION = Lazy(r",?\s*([^\W\d_]{1,9}\.?)\s*(\d{1,6})(?!\w)")
_PIECES = Lazy(r"[^\W\d_]+|\d|[\W_]")
_YEARS = range(1900, 2100)
_SHORTEST_WORD = 4
"""Minimum letters of a group in an address that is always read as a word."""
_LONGEST_READ = 4
"""Digits of a part of a reference that is read as a number."""
ROMANCE_RULES = Rules([*AMOUNTS, *DAYS_AND_TIMES])


@ROMANCE_RULES.rule("word", WORD, r"[^\W\d_]{1,6}'(?=\d)", "'")
def _elided(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "l'11 marzo" as one token, so that the synthesizer joins the article and the number."""
    article, begin = match[0], match.start()
    # Up to the next apostrophe, so that no number is looked at twice.
    rest = scan.text[begin : match.end() + 60].split("'")
    inner = type(scan)("'".join(rest[:2]), scan.grammar, [Fixed(0, len(article), article)]).run()
    return (article + inner[1].words, begin + inner[1].end) if len(inner) > 1 and inner[1].spoken else None


def phones(*patterns: str, announced_only: tuple[str, ...] = ()) -> tuple[Rule, ...]:
    """Return the rules for telephone numbers of these forms; some need a word such as "call" before them."""
    end = r"(?!\w|[.,-]\d| \d)"
    return (
        *(Rule("phone", DIGIT + SIGN, f"(?:{pattern}){end}", _phone) for pattern in patterns),
        *(Rule("phone", DIGIT + SIGN, f"(?:{pattern}){end}", _announced_phone) for pattern in announced_only),
    )


@ROMANCE_RULES.rule("date", DIGIT, r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\w/%]|[.,-]\d)", "/")
def _sure_date(match: re.Match[str], scan: Scan) -> str | None:
    """Read "05/03" and "25/12" as dates: fractions have no leading zeros and are rarely above one."""
    day, month = int(match["day"]), int(match["month"])
    zero = "0" in (match["day"][0], match["month"][0])
    valid = is_day(day, month) and match[0] not in scan.table.named_numbers
    # No fraction that people write is above one, or of eleven or twelve parts.
    played = scan.recent_words(12) & (scan.table.score_words | {"set", "sets"})
    above = day > max(month, _MOST_PARTS) and month > 1 and not played
    late = bool(scan.tokens) and month > LARGEST_PART and not _COUNTED.match(scan.text, match.end())
    late = late or _TIME_AFTER.match(scan.text, match.end()) is not None
    dated = zero or day > MONTHS or above or late or _is_weekday(scan)
    if not valid or not dated or (_UNIT_AFTER.match(scan.text, match.end()) and measured(scan, match.end())):
        return None
    return scan.grammar.date(Date(day, month, day_first=True))


def _is_weekday(scan: Scan) -> bool:
    """Return whether the previous word is a weekday; skip a comma."""
    before = [token for token in scan.tokens[-2:] if token.kind != "pause"][-1:]
    word = before[0].words.lower() if before else ""
    return word in scan.grammar.weekday_numbers or f"{word}-feira" in scan.grammar.weekday_numbers


@ROMANCE_RULES.rule("acronym", WORD, r"(?P<article>[^\W\d_]{1,7}')(?P<word>(?-i:[A-ZÀ-Ý]{1,20}))(?![\w'-])", "'")
def _elided_capitals(match: re.Match[str], scan: Scan) -> str | None:
    """Read "l'IVA", "d'EDF"; and "D'ACHAT" in a text in capitals."""
    article, word = match["article"], match["word"]
    if scan.shouted and word not in scan.table.acronyms_said and not scan.grammar.must_spell(word, shouted=True):
        return match[0].lower()
    if len(word) == 1 or not word.isascii():
        return None
    return (article.lower() if scan.shouted else article) + scan.grammar.capitals(word)


@ROMANCE_RULES.rule("code", DIGIT, r"(?P<first>\d{1,8})/(?P<last>\d{1,8})(?![\w/-]|[.,]\d)", "/")
def _reference(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "2024/153" of an invoice, which is not a fraction."""
    first, last = match["first"], match["last"]
    if scan.last_word() in scan.table.date_words and max(len(first), len(last)) <= 2:  # noqa: PLR2004
        return None  # "colis livré le 12/12"
    named = scan.names_code() or scan.before == scan.table.number_sign
    following = len(first) == 4 and int(first[: -len(last)] + last) == int(first) + 1  # noqa: PLR2004
    if following and not named and scan.table.language == "fr":
        return None  # the school year "2026/2027"
    above = int(first) > int(last) > _MOST_FRACTION or len(first) > 2 or last[0] == "0"  # noqa: PLR2004  "56/26", "261/04"
    if not named and not above and not (len(first) == 4 and int(first) in _YEARS):  # noqa: PLR2004
        return None
    parts = [
        scan.grammar.whole(one) if len(one) <= _LONGEST_READ else scan.grammar.digits(one) for one in (first, last)
    ]
    return f" {scan.table.slash} ".join(parts)


@ROMANCE_RULES.rule(
    "link", WORD, r"(?:(?:web)?mail|smtp|imap|pop3?|ftp|api|vpn|dns|ns\d?|mx)(?:\.[\w-]{1,63}){2,6}(?![\w@])", "."
)
@ROMANCE_RULES.rule("email", WORD + DIGIT + SIGN, r"[^\s<>\"@,;:()]{0,64}@[^\s<>\"@,;:()]{1,190}", "@")
def _dictate(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read an e-mail address. Spell the names of servers and accounts, unless they are well known."""
    address = match[0].rstrip(".,;:!?'\")-")
    name, _, host = address.rpartition("@")
    if "." not in host:
        return None
    domains = host.split(".")[1:]
    said = []
    for piece in _PIECES.findall(address):
        if piece.isdigit():
            said.append(scan.grammar.digits(piece))
        elif piece.isalpha():
            said.append(_dictated(piece, scan, domain=piece in domains, letters=not name))
        else:
            said.append(scan.table.link_signs.get(piece, ""))
    return " ".join(filter(None, said)), match.start() + len(address)


def _dictated(word: str, scan: Scan, *, domain: bool, letters: bool) -> str:
    lower, table = word.lower(), scan.table
    known = lower in PROVIDERS or (
        domain and lower in table.domains and lower not in table.domains_spelled and word.islower()
    )
    if known:
        return word
    short = len(word) < _SHORTEST_WORD and lower[-1] not in VOWELS  # "abc", but "ana"
    return scan.grammar.spelled(word) if letters or short else link_word(word, scan, domain=domain)


@ROMANCE_RULES.rule("code", DIGIT, r"(?:\d{2,5}|\d(?= \d{3} \d))(?:[ -]\d{2,5}){1,4}(?![\w-]|[.,]\d)")
def _code(match: re.Match[str], scan: Scan) -> str | None:
    """Read "123 456" after "code" in its groups; "facture de 12 345 €" is an amount."""
    dated = _DATE.match(match[0])
    if dated or not scan.names_code() or measured(scan, match.end()) or paid(scan, match.end()):
        return None
    return grouped_digits(match, scan)


@ROMANCE_RULES.rule(
    "time",
    DIGIT,
    r"(?P<hours>[01]?\d|2[0-4])(?:(?P<mark>[.:])(?P<minutes>[0-5]\d))?\s?[-–/]\s?"
    r"(?P<last>[01]?\d|2[0-4])[.:](?P<last_minutes>[0-5]\d)(?![\da-gi-z]|[.,]\d|\s?[€$£%])(?:\s?h(?:rs?|s)?(?!\w))?",
    "-–/",
)
def _hours(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    """Read "9.00-13.00" and "9-12.30", the hours of a shop."""
    first, last = clock(match["hours"], match["minutes"]), clock(match["last"], match["last_minutes"])
    if first is None or last is None or (not match["mark"] and first.hours >= last.hours):
        return None
    said = romance(scan).hours(first, last, scan)  # "9.00-13.00 / 15.30-19.30"
    again = _AGAIN.match(scan.text, match.end())
    return (f"{said} {scan.table.symbols['&']}", again.end()) if again else said


@ROMANCE_RULES.rule(
    "time",
    DIGIT,
    r"(?P<hours>\d{1,2})\s?h(?:s|rs)?(?:\s?(?P<minutes>[0-5]\d)(?:\s?m(?:in|n|in\.)?)?)?(?!\w|/(?!\d{1,2}\s?h))"
    r"(?:\s?[-–/]\s?(?P<last>\d{1,2})\s?h(?:s|rs)?(?:\s?(?P<last_minutes>[0-5]\d))?(?!\w))?",
    "hH",
)
def _time(match: re.Match[str], scan: Scan) -> str | None:
    """Read "14h30", "8h", "9h-12h30"."""
    time = clock(match["hours"], match["minutes"])
    if time is None or (time.minutes is None and romance(scan).hours_count):
        return None
    if " h " in match[0] and (_is_weekday(scan) or _GOES_ON.match(scan.text, match.end())):
        return None  # "gio. 21 h 20.30"
    said = scan.grammar.time(time)
    if not match["last"]:
        return said
    last = clock(match["last"], match["last_minutes"])
    to = scan.table.symbols["&"] if scan.last_word() in _BETWEEN else scan.table.to
    return f"{said} {to} {scan.grammar.time(last)}" if last else None


@ROMANCE_RULES.rule(
    "time", DIGIT, r"(?P<hours>[01]?\d|2[0-4])(?P<mark>[.,])(?P<minutes>[0-5]\d)(?!\w|[.,]\d|\s?[€$£%])", ".,"
)
def _dotted_time(match: re.Match[str], scan: Scan) -> str | None:
    """Read "14.30" after a word such as "at"."""
    before = scan.last_word()
    comma = before in _BEFORE_COMMA or (before == "le" and scan.recent_words(2) & _BEFORE_ARTICLE)
    expected = comma if match["mark"] == "," else before in romance(scan).lists.clock_words
    return said_time(match, scan) if expected or (match["mark"] == "." and _is_weekday(scan)) else None


@ROMANCE_RULES.rule("word", WORD, r"(?P<name>[^\W\d_]{3,12})(?=\s+\d{1,2}(?!\d))")
def _month_alone(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read the month of "in March 15 people"; no day follows its month."""
    month = scan.grammar.month_numbers.get(match["name"].lower())
    whole = month and match["name"].lower() == scan.table.months[month - 1]
    return (match["name"], match.end("name")) if whole else None


ROMANCE_RULES.phrase("abbreviation", WORD, r"n\.?\s?[°º]\.?\s?(?=\d)|nº\.?\s?(?=\d)", "{.number_sign}", "°º")


def _phone(match: re.Match[str], scan: Scan) -> tuple[str, int]:
    said = scan.grammar.phone(re.findall(r"\+?\d+", match[0]))
    extension = _EXTENSION.match(scan.text, match.end())
    if not extension or extension[1].lower() not in scan.table.extension_words:
        return said, match.end()
    return f"{said}, {scan.table.extension} {scan.grammar.digits(extension[2])}", extension.end()


def _announced_phone(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    return _phone(match, scan) if scan.announced(romance(scan).lists.phone_words) else None


@ROMANCE_RULES.rule(
    "acronym", WORD, r"(?P<numeral>[ivxlcdm]{1,9})(?:-(?P<last>(?-i:[IVX]{1,5})))?(?![\w'-])", "IVXLCDM"
)
def _roman(match: re.Match[str], scan: Scan) -> str | None:
    """Read the numeral of "chapter IV" and "Louis XIV"."""
    numeral, before = match["numeral"], scan.written_before()
    spelled = numeral in scan.table.acronyms_spelled
    if not numeral.isupper() or spelled or not roman(numeral) or scan.shouted:
        return None
    after = _NOUN_AFTER.match(scan.text, match.end())
    lists = romance(scan).lists
    noun_after = after[1].lower() if after and not match["last"] else ""
    counted = noun_after in lists.ordinal_nouns and (len(numeral) > 1 or numeral in _SINGLE)
    if counted or (len(numeral) > 1 and noun_after in lists.chapters):
        gender = romance(scan).gender(noun_after, several=False)
        return scan.grammar.ordinal(roman(numeral), gender)  # "XX secolo"
    if (dated := _MONTH_AFTER.match(scan.text, match.end())) and dated[1].lower() in scan.table.months:
        return scan.grammar.day(roman(numeral))  # the street "via XX Settembre"
    if not before:
        return None
    noun = before.lower().rstrip(".")
    noun = scan.before if scan.before in romance(scan).lists.chapters else noun
    long = (not before.isupper() or len(before) > _SHORTEST_WORD) and not {*numeral} - _SINGLE  # "GLOBAL II"
    named = before[0].isupper() and long and len(numeral) > 1 and noun not in scan.table.openers
    numbered = noun in romance(scan).lists.chapters and (len(numeral) > 1 or numeral in _SINGLE)
    if match["last"]:  # "classi I-III"
        first, last = (romance(scan).roman(roman(one), noun) for one in (numeral, match["last"]))
        return f"{first} {scan.table.to} {last}" if numbered and roman(match["last"]) else None
    value = roman(numeral)
    said = scan.grammar.cardinal(value) if named and before.isupper() else romance(scan).roman(value, noun)
    return said if named or numbered else None


@ROMANCE_RULES.rule("version", DIGIT, r"\d{1,3}(?:\.\d{1,2}(?!\d)){2,5}(?!\w)", ".")
def _version(match: re.Match[str], scan: Scan) -> str | None:
    """Read "2.0.1", whose dots are said as dots; "12.03.26" is a date."""
    parts = match[0].split(".")
    if len(parts) == 3 and len(parts[2]) == 2 and 1 <= int(parts[1]) <= MONTHS:  # noqa: PLR2004
        return None
    return f" {scan.table.dot} ".join(map(scan.grammar.whole, parts))


ROMANCE_RULES.extend(NUMBERS)
