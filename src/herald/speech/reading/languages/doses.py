"""Rules for doses of medicines, shared by Spanish, Italian and Portuguese: "875/125 mg", "120/80 mmHg", "3x/día"."""

import re
from math import gcd

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import words

_HIGHEST_PART = 10
"""Maximum denominator of a fraction of a tablet or a gram: "1/2 mg", but "5/160 mg" are two substances."""
_REPEATED = Lazy(r"\s?/\s?(?P<unit>[^\W\d_]{1,8})(?!\w)")
_PRICES = words("gratis grátis meia inteira media entera intero ridotto")
"""Words after a price and a slash that mean another price, not a unit."""
DOSES = Rules()


@DOSES.rule("measure", DIGIT, r"(?P<first>\d{2,3})/(?P<last>\d{1,3})(?![\w/]|[.,]\d)(?P<unit>\s?mm\s?Hg(?!\w))?", "/")
def _blood_pressure(match: re.Match[str], scan: Scan) -> str | None:
    """Read "120/80 mmHg" and "tensión 12/8"."""
    if not match["unit"] and not scan.announced(scan.table.pressure_words):
        return None
    said = f"{scan.grammar.whole(match['first'])} {scan.table.over} {scan.grammar.whole(match['last'])}"
    return f"{said} {scan.table.units['mmHg'][1]}" if match["unit"] else said


@DOSES.rule(
    "measure",
    DIGIT,
    r"(?P<first><num>)\s?/\s?(?P<last><num>)(?:\s?/\s?(?P<third><num>))?\s?(?P<unit>(?-i:mg|mcg|µg|g|UI))(?!\w)",
    "/",
)
def _substances(match: re.Match[str], scan: Scan) -> str | None:
    """Read "875/125 mg": two substances of a medicine."""
    first, last = match["first"], match["last"]
    if first.isdigit() and last.isdigit() and not match["third"]:
        above, below = int(first), int(last)
        if above < below <= _HIGHEST_PART and gcd(above, below) == 1:
            return None
    parts = [scan.grammar.number(part) for part in (first, last, match["third"]) if part]
    return f" {scan.table.slash} ".join(parts) + f" {scan.table.units[match['unit']][1]}"


@DOSES.rule(
    "measure",
    DIGIT,
    r"(?P<amount><num>)\s?(?P<unit>(?-i:mg|mcg|µg|g|UI|ml))\s?/\s?(?P<volume><num>)\s?"
    r"(?P<in>(?-i:mg|mcg|µg|UI|ml|mL|l|g|h))(?!\w)",
    "/",
)
def _concentration(match: re.Match[str], scan: Scan) -> str:
    """Read "250 mg/5 ml", "5 ml/8 h" and the two substances of "500 mg/125 mg"."""
    table = scan.table
    last = scan.grammar.counted(match["volume"], *table.units[match["in"]])
    word = table.every if match["in"] == "h" else table.slash if match["in"] == match["unit"] else table.per
    return f"{scan.grammar.counted(match['amount'], *table.units[match['unit']])} {word} {last}"


@DOSES.rule("measure", SIGN, r"/\s?(?P<number>\d{1,2})\s?h(?:rs?|s|oras?)?(?!\w)", "/")
def _every(match: re.Match[str], scan: Scan) -> str | None:
    """Read "1 comp./8 h"."""
    if scan.kind not in {"measure", "word"}:
        return None
    return f"{scan.table.every} {scan.grammar.counted(str(int(match['number'])), *scan.table.units['h'])}"


@DOSES.rule("number", DIGIT, r"\d{1,2}-0-\d{1,2}(?:-\d{1,2})?(?![\w-])", "-")
def _times_of_day(match: re.Match[str], scan: Scan) -> str:
    """Read "6-0-14": a dose in the morning, at noon and at night."""
    return ", ".join(scan.grammar.whole(part) for part in match[0].split("-"))


# Spell the "INR" of a blood test; rupees come in larger amounts.
DOSES.phrase("acronym", WORD, r"(?-i:INR)(?=:?\s(?:d[ei]\s)?\d{1,2}(?:[.,]\d)?(?!\d))", "I N R")


@DOSES.rule(
    "number",
    DIGIT,
    r"(?P<number>\d{1,3})\s?(?:(?:(?-i:v)|veces|vezes|volte)\.?(?=\s?/)|(?=/\s?d(?:ie|ì)(?!\w))"
    r"|x(?!\w|\s?\d))",
    "xX/",
)
def _times(match: re.Match[str], scan: Scan) -> tuple[str, int]:
    """Read "3x/día", "2 v/die" and "12x de R$ 99"."""
    said = scan.grammar.counted(match["number"], *scan.table.times)
    repeated = _REPEATED.match(scan.text, match.end())
    unit = scan.table.per_units.get(repeated["unit"].lower()) if repeated else None
    return (f"{said} {scan.grammar.per(unit)}", repeated.end()) if repeated and unit else (said, match.end())


@DOSES.rule("number", DIGIT, r"(?P<number>\d{1,3})\s?x\s?(?=<num>\s?[€$])", "xX")
def _payments(match: re.Match[str], scan: Scan) -> str:
    """Read the "36 x" of "36 x 41,90 €"."""
    joins = scan.table.times[1] if scan.table.language == "pt" else scan.table.by
    return f"{scan.grammar.whole(match['number'])} {joins}"


# Read "0,80 €/30 min".
_EACH = r"/(?=\d{1,3}\s?(?:min|h|d|d[ií]as?|kg|gr?|ml|km|pers(?:onas)?)(?!\w))"
DOSES.phrase("word", SIGN, _EACH, "{.every}", "/", after=("money",))


@DOSES.rule("word", SIGN, r"/\s?(?P<unit>[^\W\d_]{3,12})(?!\w)(?:\.(?=\s(?-i:[a-z])))?", "/")
def _repeated(match: re.Match[str], scan: Scan) -> str | None:
    """Read the end of "2 comprimidos/día"."""
    unit = scan.table.per_units.get(match["unit"].lower())
    paid = scan.kind in ("money", "measure")
    if paid and not unit and match["unit"].islower() and match["unit"] not in _PRICES:
        unit = match["unit"]  # "12 €/aluno"
    kinds = [token.kind for token in scan.tokens[-2:]]
    nouns = (["number", "word"], ["fraction", "word"], ["money", "word"], ["measure", "abbreviation"])
    counted = kinds[-1:] == ["measure"] or kinds in nouns
    return scan.grammar.per(unit) if unit and (counted or paid) else None


@DOSES.rule("word", WORD, r"x(?=\s?(?:R\$|[€$])?\s?\d|(?P<noun>\s[^\W\d_]{3}))", "x")
def _by(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "x" of "5 cm x 3 cm", "1 comp. x 7 días" and "5 € x persona"."""
    if match["noun"] and scan.tokens and scan.tokens[-1].kind not in ("measure", "money", "percent"):
        return None
    return scan.table.by if scan.before and match[0] == "x" else None


@DOSES.rule("abbreviation", WORD, r"(?P<first>[^\W\d_])\.\s?(?P<last>[^\W\d_])\.(?!\w)|(?-i:VO|IM|IV|EV|SC)(?!\w)")
def _route(match: re.Match[str], scan: Scan) -> str | None:
    """Read the route of a medicine: "v.o.", and "VO" after an amount."""
    if match["first"]:
        return scan.table.routes.get(match["first"] + match["last"])
    amount = scan.tokens and (scan.tokens[-1].kind == "measure" or scan.before.endswith(("gotas", "gocce")))
    return scan.table.routes.get(match[0].lower()) if amount else None
