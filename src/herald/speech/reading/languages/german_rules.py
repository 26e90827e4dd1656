"""Rules of German alone: "12,50 Euro", "1,5 Mio. km", "3:1", "Hauptstr. 5"; and those of its dates and ordinals."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.languages.german_dates import GERMAN_DATES
from herald.speech.reading.languages.german_ordinals import ORDINALS
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule, Rules
from herald.speech.reading.rules.money import per_unit

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

SHORT_WORDS = frozenset({"so", "x"})
"""Lower-case words at which one of these rules may begin."""
_SHORTEST, _LONGEST = 7, 15
"""Digits of a telephone number."""
_HOURS, _MINUTES = 24, 59
_MINUS = r"(?P<minus>[-−])?"
GERMAN_RULES = Rules([*GERMAN_DATES, *ORDINALS])


@GERMAN_RULES.rule(
    "phone",
    (DIGIT, SIGN),
    r"\(?0\d{1,5}\)?(?:\s?[/–-]\s?|\s)\d{2,8}(?:(?:\s?[/–-]\s?|\s)\d{1,8}){0,5}(?![\w]|[.,:]\d)",
    needs="0",
)
def _phone(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "0341 / 12 34 56 - 78"."""
    groups = re.findall(r"\d+", re.sub(r"\s(?=\d$)", "", match[0]))  # "0800 123 456 7"
    return scan.grammar.phone(groups) if _SHORTEST <= sum(map(len, groups)) <= _LONGEST else None


@GERMAN_RULES.rule(
    "money",
    (DIGIT, SIGN),
    rf"{_MINUS}(?:(?P<foreign>\d{{1,6}}\.\d{{2}})|(?P<number><num>)(?:,[-–—]{{1,2}})?)\s?"
    r"(?P<symbol>Euro|Dollar|Franken|Pfund|Cent|Ct\.?|EUR|CHF|USD|[€$£])(?![\w$€£])",
)
def _amount(match: re.Match[str], scan: "Scan") -> tuple[str, int] | None:
    """Read "12,50 Euro", "5,- €", "12.50 €" and "2 bis 3 Euro" by its last part."""
    currency = scan.table.currencies.get(match["symbol"]) or scan.table.currencies.get(match["symbol"].title())
    if currency is None:
        return None
    number = match["number"] if match["number"] else match["foreign"].replace(".", ",")
    said = scan.grammar.money(number, currency)
    per, end = per_unit(scan, match.end())
    return (f"{scan.table.minus} {said}" if match["minus"] else said) + per, end


def _large(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "1,5 Mio." and "1,5 Mio. km"."""
    magnitude = scan.table.magnitudes.get(match["magnitude"].lower())
    unit = scan.table.units.get(match["unit"] or "")
    if not magnitude or (match["unit"] and not unit):
        return None
    said = f"{scan.grammar.multiplier(match['number'])} {magnitude[0 if scan.grammar.is_one(match['number']) else 1]}"
    said = f"{said} {unit[1]}" if unit else said
    return f"{scan.table.minus} {said}" if match["minus"] else said


GERMAN_RULES.extend(
    [
        Rule(
            "measure",
            (DIGIT, SIGN),
            rf"{_MINUS}(?P<number><num>)\s?(?P<magnitude>[^\W\d_]{{3,10}}\.?)\s(?P<unit>°?[^\W\d_]{{1,5}}(?:/[a-z]{{1,3}})?)(?!\w)",
            _large,
        ),
        Rule(
            "number",
            (DIGIT, SIGN),
            rf"{_MINUS}(?P<number><num>)\s?(?P<magnitude>Mio|Mrd|Bio|Tsd)(?P<unit>)(?!\.?\s?[€$£]|\.?\s(?:EUR|USD|CHF)|\w)\.?",
            _large,
        ),
    ]
)


@GERMAN_RULES.rule("number", (DIGIT,), r"(?P<number>\d{1,4})er(?=-?\W|n\W|\Z)", needs="eE")
def _decade(match: re.Match[str], scan: "Scan") -> str:
    """Read "1990er", "90er" and "2er"."""
    return f"{scan.grammar.year(match['number'])}er"


@GERMAN_RULES.rule("number", (DIGIT,), r"(?P<number><num>)\s?[x×](?=\s[^\W\d_])", needs="xX×")
def _times(match: re.Match[str], scan: "Scan") -> str:
    """Read "1x täglich"."""
    return scan.grammar.counted(match["number"], "mal", "mal")


@GERMAN_RULES.rule("range", (DIGIT,), r"(?P<first>\d{1,3}):(?P<last>\d{1,3})(?![\w:]|[.,]\d)", needs=":")
def _score(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "3:1" and, after a word such as "gewann", "21:19"."""
    clock = int(match["first"]) <= _HOURS and int(match["last"]) <= _MINUTES and len(match["last"]) == 2  # noqa: PLR2004
    if clock and scan.last_word() not in scan.table.score_words:
        return None
    return f"{scan.grammar.whole(match['first'])} zu {scan.grammar.whole(match['last'])}"


@GERMAN_RULES.rule(
    "measure",
    (DIGIT, SIGN),
    rf"{_MINUS}(?:(?P<whole>\d{{1,6}})\s)?(?P<numerator>\d{{1,3}})/(?P<denominator>\d{{1,3}})\s?(?P<unit>[^\W\d_]{{1,5}})(?!\w)\.?",
    needs="/",
)
def _part(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "1/2 l" and "1 1/2 Std."."""
    unit = scan.table.units.get(match["unit"]) or scan.table.units.get(match["unit"].lower())
    if not unit or not int(match["denominator"]):
        return None
    said = scan.grammar.fraction(match["whole"] or "", match["numerator"], match["denominator"])
    said = f"{said} {unit[1 if match['whole'] or int(match['numerator']) > 1 else 0]}"
    return f"{scan.table.minus} {said}" if match["minus"] else said


@GERMAN_RULES.rule("version", (DIGIT,), r"\d{1,4}\.\d{1,2}(?![\w.:,/-]\d|\w|\s?[%€$£])", needs=".")
def _dotted_number(match: re.Match[str], scan: "Scan") -> str:
    """Read "3.12" with its dot, as in the version of a program."""
    return f" {scan.table.dot} ".join(scan.grammar.whole(part) for part in match[0].split("."))


@GERMAN_RULES.rule("address", (WORD,), r"(?P<name>[^\W\d_]{2,30}(?:-[^\W\d_]{2,30}){0,4}-?)str\.(?!\w)", needs=".")
def _street(match: re.Match[str], scan: "Scan") -> str:
    """Read "Hauptstr. 5"; of "Berliner Str." the table knows the abbreviation."""
    name = match["name"].replace("-", " ")
    return f"{name}Straße" if name.endswith(" ") else f"{name}straße"


@GERMAN_RULES.rule(
    "abbreviation", (WORD,), r"(?P<first>[^\W\d_]{2,20})(?P<dot>\.?)-(?P<last>[^\W\d_]{2,5})\.(?!\w)", needs="."
)
def _joined(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "Tel.-Nr." and "Kunden-Nr."."""
    first = scan.table.abbreviations.get(f"{match['first'].lower()}.") if match["dot"] else match["first"]
    last = match["last"].lower()
    second = scan.table.before_number.get(f"{last}.") or scan.table.abbreviations.get(f"{last}.")
    return f"{first} {second}" if first and second else None


@GERMAN_RULES.rule("word", (WORD,), r"x(?=\s\d)")
def _by(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the "x" of "5 cm x 3 cm"."""
    return scan.table.by if scan.tokens and scan.tokens[-1].kind in ("measure", "number") else None


@GERMAN_RULES.rule("word", (WORD,), r"so(?=\s\d+(?!\d|[.:]\d|\.\s|\s?Uhr))")
def _so(match: re.Match[str], scan: "Scan") -> str:
    """Read the word "so" before a number that is no date or time: "So 20 Leute"."""
    return match[0]
