"""Rules for letters and bills, shared by Spanish, Italian and Portuguese: "Estimado/a", "cuota 3/12", "03/2026"."""

import re

from herald.speech.reading.grammar import MONTHS, Date
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.rules.dates import said_date
from herald.speech.reading.rules.numbers import in_groups
from herald.speech.reading.scanner import Scan
from herald.speech.reading.structure import quoted
from herald.speech.reading.table import words

_LONGEST_QUOTATION = 400
"""Characters before a number that are searched for the start of a quotation."""
_THIS_CENTURY = 50
"""Lower years of two digits are in this century."""
_LONGEST_READ = 4
"""Minimum digits of a number before a year that is read digit by digit: "n.º 1183/2026"."""
_TAKES_A = tuple("rnlzs")
"""Last letters of masculine nouns whose feminine adds an "a": "doctor/a"."""
_PLURAL_ARTICLES = words("los gli i os dos aos nos")
_INCLUDED = words("compreso escluso excluido excluído gratuito incluido incluso incluído libero straordinario")
_COUNTS = Lazy(r"\s(?!de|di|é|è|da)[a-zà-ÿ]")
_HOURS_AFTER = Lazy(r",?\s\d{1,2}(?:[.:]\d\d)?\s?[-–]\s?\d{1,2}(?:[.:]\d\d)?(?![\w/]|\s?[€$%])")
_LIMITS = frozenset({"máximo", "mínimo", "massimo", "minimo"})
_FEMININE = ("a", "gem", "dad", "dade", "tà", "ión", "ção")


def inflect_adjective(words: str, kind: str, scan: Scan) -> str:
    """Inflect abbreviated adjectives, such as "máx.", in the gender of the preceding noun: "temp. máx."."""
    if words in ("descuento", "desconto") and scan.kind == "percent":
        return f"de {words}"
    if words in _INCLUDED and scan.table.language == "it":
        ending = "a" if scan.before.endswith("ione") else scan.before[-1:]
        return words[:-1] + (ending if ending in ("a", "e", "i") else "o")
    if words in _INCLUDED:
        return words[:-1] + ("as" if scan.before.endswith("as") else "os" if scan.before.endswith("s") else "o")
    if kind not in ("abbreviation", "label") or words not in _LIMITS or not scan.before.endswith(("as", *_FEMININE)):
        return words
    return f"{words[:-1]}{'as' if scan.before.endswith('as') else 'a'}"


def _feminine(word: str, ending: str) -> str | None:
    """Return the feminine of a noun or an adjective, or None if an ending such as "as" doesn't fit."""
    if ending[0] == "e":
        return f"{word[:-1]}e" if word.endswith("i") else None
    plural = ending.endswith("s")
    if word.endswith(("os", "es")) and plural:
        stem = word[:-2]
    elif word.endswith(("o", "e")) and not plural:
        stem = word[:-1]
    elif word.endswith(_TAKES_A) and not plural:
        stem = word
    else:
        return None
    return stem + ending


FORMS = Rules()


@FORMS.rule(
    "word", WORD, r"(?P<word>[^\W\d_]{3,20})(?:/(?P<ending>a|as|e)(?![\w/'.-])|\((?P<bracketed>a|as|e)\)(?!\w))", "/("
)
def _either(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Estimado/a" and "Prezado(a)" as scan.table.both forms."""
    word, ending = match["word"], (match["ending"] or match["bracketed"]).lower()
    if word.isupper():
        word = word.lower()
    other = _feminine(word, ending)
    if other is None:
        return None
    several = ending in {"as", "e"}
    return f"{word} {scan.table.both[several]} {other[0].lower()}{other[1:]}"


@FORMS.rule("date", WORD, r"(?P<name>[^\W\d_]{3,5})/(?=(?P<next>[^\W\d_]{3,5})(?!\w))", "/")
def _listed_weekday(match: re.Match[str], scan: Scan) -> str | None:
    """Read "lun/mié/vie"."""
    weekday, short = scan.table.weekday_short.get(match["name"].lower()), scan.table.weekday_short
    return f"{scan.table.weekdays[weekday]}," if weekday is not None and match["next"].lower() in short else None


@FORMS.rule(
    "abbreviation",
    WORD,
    r"(?P<first>[^\W\d_]{2,5})\.?(?:/(?P<second>[^\W\d_]{2,5}(?:\.[^\W\d_]{2,4})?)|/?\(?(?P<ending>a)\)?)(?!\w)\.?",
    "/(",
)
def _titles(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Sr./Sra." and "Dr(a)."."""
    if "/" not in match[0] and "(" not in match[0]:
        return None
    first = match["first"].lower()
    second = (match["second"] or f"{first}a").lower()
    names = scan.table.abbreviations
    one, other = names.get(f"{first}."), names.get(f"{second}.") or names.get(second)
    return f"{one} {scan.table.both[0]} {other}" if one and other else None


@FORMS.rule("abbreviation", WORD, r"(?P<name>[^\W\d_]{1,2}/)(?=[^\W\d_]{2})", "/")
def _attached(match: re.Match[str], scan: Scan) -> str | None:
    """Read "s/intereses" and "p/cancelar"."""
    return scan.table.chat.get(match["name"].lower())


# Read "+/- 3".
FORMS.phrase("symbol", SIGN, r"\+\s?/?\s?[-−]\s?(?=\d)", "{.plus_minus}", "+")


@FORMS.rule("measure", DIGIT, r"(?:(?P<first>\d{1,3})[-–])?(?P<minutes>\d{1,3})'(?!['\"\w]|\s\d\d(?:\"|''))", "'")
def _minutes(match: re.Match[str], scan: Scan) -> str:
    """Read "tra 25'" and "25-30'"."""
    first = f"{scan.grammar.whole(match['first'])} {scan.table.to} " if match["first"] else ""
    return first + scan.grammar.counted(match["minutes"], *scan.table.units["min"])


@FORMS.rule("label", WORD, r"km\.?(?=\s\d{1,3}(?!\d))", "kK")
def _kilometres(match: re.Match[str], scan: Scan) -> str | None:
    """Read "entre los km 21 y 27"."""
    return scan.table.units["km"][1] if scan.last_word() in ("los", "os", "nos", "i", "ai", "dai") else None


@FORMS.rule("symbol", SIGN, r"[<>]\s?(?=(?:[€$£]|R\$)?\s?\d)", "<>")
def _more(match: re.Match[str], scan: Scan) -> str | None:
    """Read the sign of "pedidos > 50 €" as "more than"; between two numbers it is mathematics."""
    after_number = scan.before and scan.tokens[-1].kind in {"number", "measure", "money", "percent"}
    arrow = scan.text[match.start() - 1 : match.start()] in ("-", "=", "<", ">") and match.start()
    return None if after_number or arrow else scan.table.more if match[0][0] == ">" else scan.table.less


@FORMS.rule("measure", DIGIT, r"(?P<number>\d{1,3}(?:[.,]\d{1,2})?)\"(?!\w)", '"')
def _inches(match: re.Match[str], scan: Scan) -> str | None:
    r"""Read "TV de 55\" LG"; unless the mark closes a quotation."""
    if quoted(scan.text, match.start(), _LONGEST_QUOTATION):
        return None
    return scan.grammar.counted(match["number"].replace(".", scan.table.decimal_mark), *scan.table.units['"'])


@FORMS.rule("range", DIGIT, r"(?P<first>\d{1,3})\s?[-–]\s?(?P<last>\d{1,3})(?![\w-]|[.,/]\d|\s?[€$£%°º])", "-–")
def _another_score(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "6-3" of "6-4, 7-5 y 6-3"."""
    again = scan.announced(scan.table.score_words) or any(token.kind == "range" for token in scan.tokens[-3:])
    if not again or int(match["first"]) <= int(match["last"]):
        return None
    return f"{scan.grammar.whole(match['first'])} {scan.table.to} {scan.grammar.whole(match['last'])}"


@FORMS.rule(
    "code", DIGIT, r"(?!0)\d{1,4}/(?:0\d{2,9}|\d{7,10})(?:/\d{1,4})?(?![\w/])|\d{1,4}/\d{4,10}/\d{1,4}(?![\w/])", "/"
)
def _account(match: re.Match[str], scan: Scan) -> str:
    """Read "28/12345678/90" digit by digit."""
    return f" {scan.table.slash} ".join(in_groups(part, scan) for part in match[0].split("/"))


@FORMS.rule(
    "word",
    WORD,
    r"(?P<one>el|los|il|lo|i|gli|un|os?|dos?|aos?|nos?)[/(](?P<other>las?|le|una|as?|das?|às?|nas?)\)?(?![\w/])",
    "/(",
)
def _articles(match: re.Match[str], scan: Scan) -> str:
    """Read "el/la" and "os(as)"."""
    return f"{match['one']} {scan.table.both[match['one'].lower() in _PLURAL_ARTICLES]} {match['other']}"


@FORMS.rule("date", WORD, r"(?P<name>[^\W\d_]{3,10})\.?(?:/|-(?=20))(?P<year>(?:20)?\d\d)(?![\w/-])", "/-")
def _month_of_year(match: re.Match[str], scan: Scan) -> str | None:
    """Read "jan/26" and "ago-2026"."""
    month = scan.grammar.month_numbers.get(match["name"].lower())
    year = match["year"] if len(match["year"]) > 2 else f"20{match['year']}"  # noqa: PLR2004
    return scan.grammar.date(Date(None, month, year)) if month else None


@FORMS.rule("date", DIGIT, r"1[º°o]/(?P<month>0?[1-9]|1[0-2])(?:/(?P<year>\d{4}|\d\d))?(?![\w/])", "/")
def _first(match: re.Match[str], scan: Scan) -> str:
    """Read "1º/12"."""
    return scan.grammar.date(Date(1, int(match["month"]), match["year"], day_first=True))


@FORMS.rule("date", DIGIT, r"(?P<day>\d{1,2})\.(?P<month>0[1-9]|1[0-2])(?!\w|\.\w|,\d|\s?[€$%])", ".")
def _dotted_date(match: re.Match[str], scan: Scan) -> str | None:
    """Read "entro il 31.12" and "de 05.12", which is not a decimal."""
    zero = match["day"][0] == "0" and scan.last_word() in ("de", "di", "del", "em", "el", "desde", "até")
    return said_date(match, scan) if zero or scan.last_word() in scan.table.date_words else None


@FORMS.rule("abbreviation", WORD, r"(?:(?-i:[A-Z])\.){2,5}(?=\s(?-i:[a-z])\.)", ".")
def _before_abbreviation(match: re.Match[str], scan: Scan) -> str:
    """Read the "D.P.R." of "D.P.R. n. 445", whose letters end before the next abbreviation."""
    known = scan.table.abbreviations.get(match[0].lower())
    return known or scan.grammar.spelled(match[0].replace(".", ""))


@FORMS.rule("number", DIGIT, r"(?P<first>\d{1,3}[.,]\d{1,2})/(?P<last>\d{1,4})(?![\w/]|[.,]\d)", "/")
def _mark(match: re.Match[str], scan: Scan) -> str:
    """Read the mark "7,5/10"."""
    first = match["first"].replace(".", scan.table.decimal_mark).replace(",", scan.table.decimal_mark)
    return f"{scan.grammar.number(first)} {scan.table.out_of} {scan.grammar.whole(match['last'])}"


@FORMS.rule("number", DIGIT, r"(?P<first>\d{1,3})/(?P<last>\d{1,3})(?![\w/]|[.,-]\d)", "/")
def _instalment(match: re.Match[str], scan: Scan) -> str | None:
    """Read "cuota 3/12"."""
    if scan.last_word() not in scan.table.instalments or int(match["first"]) > int(match["last"]):
        return None
    return f"{scan.grammar.whole(match['first'])} {scan.table.of} {scan.grammar.whole(match['last'])}"


@FORMS.rule("date", DIGIT, r"(?P<month>0?[1-9]|1[0-2])/(?P<year>(?:20)?[2-4]\d)(?![\w/-]|[.,]\d)", "/")
def _expiry(match: re.Match[str], scan: Scan) -> str | None:
    """Read "caduca 03/27" and "válida hasta 11/2028"."""
    sure = len(match["month"]) == 2 and "24" <= match["year"] <= "32"  # noqa: PLR2004
    if not (sure and not _COUNTS.match(scan.after(match))) and not scan.announced(scan.table.expiry_words):
        return None
    year = match["year"] if len(match["year"]) > 2 else f"20{match['year']}"  # noqa: PLR2004
    return scan.grammar.date(Date(None, int(match["month"]), year))


@FORMS.rule("code", DIGIT, r"(?P<number>\d{1,6}|\d{1,2}\.\d{3})/(?P<year>(?:19|20)?\d\d)(?![\w/-]|[.,]\d)", "/")
def _of_year(match: re.Match[str], scan: Scan) -> str | None:
    """Read "03/2026" as a month, and "39/2015" as the number and year of a law or a reference."""
    number, year = match["number"], match["year"]
    if scan.announced(scan.table.law_words):
        year = f"20{year}" if len(year) == 2 and int(year) < _THIS_CENTURY else year  # noqa: PLR2004
        said = scan.grammar.year(year)
        of_year = "dell'" if scan.table.language == "it" and said[0] in "ou" else f"{scan.table.of_year} "
        return f"{scan.grammar.number(number)} {of_year}{said}"
    if len(year) == 2:  # noqa: PLR2004
        return None
    if scan.before == scan.table.number_sign:
        code = len(number) >= _LONGEST_READ or number[0] == "0"
        return None if code else f"{scan.grammar.whole(number)} {scan.table.slash} {scan.grammar.year(year)}"
    if len(number) == 2 and number[0] in "01" and 1 <= int(number) <= 12:  # noqa: PLR2004
        return scan.grammar.date(Date(None, int(number), year))
    if scan.names_code():
        return None
    return f"{scan.grammar.number(number)} {scan.table.slash} {scan.grammar.year(year)}"


@FORMS.rule(
    "date",
    WORD,
    r"(?P<name>[^\W\d_]{3,5})(?:(?=,?\s(?P<day>\d{1,2})(?P<mark>[/:](?P<rest>\d{1,2}))?"
    r"(?:[º°]?\s(?:de\s)?(?P<month>[^\W\d_]{3,12}))?)|(?=(?:,|\s[aeyo]|\sou)\s(?P<next>[^\W\d_]{3,5})(?!\w))|(?!\w))",
)
def _weekday(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "jue" of "jue 5 feb" and "sáb 10-14 h"; "mar", which is a word, only before a date or a time."""
    name, short = match["name"].lower(), scan.table.weekday_short
    weekday = short.get(name)
    if weekday is None:
        return None
    if not match["day"] and scan.text.startswith(".", match.end()):
        return None  # an abbreviation
    if not match["day"]:
        # "vie, sáb y dom"
        joined = bool(scan.tokens) and scan.tokens[-1].words in (",", "e", "y", "o", "ou", "a")
        before = scan.tokens[-2].words if joined and len(scan.tokens) > 1 else ""
        listed = (match["next"] or "").lower() in short or before in scan.table.weekdays
        return scan.table.weekdays[weekday] if listed else None
    dated = (match["month"] or "").lower() in scan.grammar.month_numbers or (match["mark"] or "").startswith(":")
    dated = dated or _HOURS_AFTER.match(scan.text, match.end()) is not None
    rest = match["rest"] or ""
    sure = rest and (rest[0] == "0" or match["day"][0] == "0" or int(match["day"]) > MONTHS or int(rest) > MONTHS - 2)
    after_article = match["mark"] and scan.last_word() in scan.table.date_words
    certain = name not in scan.table.weekday_words or dated or sure or after_article
    return scan.table.weekdays[weekday] if certain else None


@FORMS.rule(
    "label", WORD, r"(?P<name>[^\W\d_]{2,5}\.)(?=\s?(?-i:[B-DF-HJ-NP-XZ](?![\w.])|A(?=\s?[,;)\n-]|\s*\Z)))", "."
)
def _before_letter(match: re.Match[str], scan: Scan) -> str | None:
    """Read "esc. B" and "int. A,", where the letter of a part of a building is not a word."""
    return scan.table.before_number.get(match["name"].lower())
