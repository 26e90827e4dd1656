"""Rules of German alone: "12,50 Euro", "1,5 Mio. km", "3:1", "Hauptstr. 5"; and those of its dates and ordinals."""

import re
from typing import TYPE_CHECKING

from herald.speech.reading.languages.german_codes import GERMAN_CODES
from herald.speech.reading.languages.german_dates import GERMAN_DATES
from herald.speech.reading.languages.german_ordinals import DATIVE, ORDINALS, ending_of
from herald.speech.reading.languages.german_short_forms import SHORT_FORMS
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rule, Rules
from herald.speech.reading.rules.money import per_unit
from herald.speech.reading.structure import pause

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

SHORT_WORDS = frozenset({"f", "li", "re", "so", "x", "xx", "xxx", "xxxx"})
"""Lower-case words at which one of these rules may begin."""
_HOURS, _MINUTES = 24, 59
_NUMBERED = frozenset(["linie", "bus", "gleis", "gate", "zimmer", "raum", "nr", "nummer", "tram", "zug", "schalter"])
"""Words whose number belongs to them: "Linie 5 - 10 Minuten Verspätung"."""
_MINUS = r"(?P<minus>[-−])?"
GERMAN_RULES = Rules([*GERMAN_DATES, *ORDINALS, *GERMAN_CODES, *SHORT_FORMS])


@GERMAN_RULES.rule(
    "money",
    (DIGIT, SIGN),
    rf"{_MINUS}(?:(?P<foreign>\d{{1,6}}\.\d{{2}})|(?P<number><num>)(?:,[-–—]{{1,2}})?"
    r"(?:\s?(?P<magnitude>Mio|Mrd|Bio|Tsd|Millionen|Million|Milliarden|Milliarde)\.?)?)\s?"
    r"(?P<symbol>Euro|Dollar|Franken|Pfund|Cent|Ct\.?|EUR|CHF|USD|[€$£])(?![\w$€£])",
)
def _amount(match: re.Match[str], scan: "Scan") -> tuple[str, int] | None:
    """Read "12,50 Euro", "5,- €", "12.50 €" and "2 bis 3 Euro" by its last part."""
    currency = scan.table.currencies.get(match["symbol"]) or scan.table.currencies.get(match["symbol"].title())
    if currency is None:
        return None
    number = match["number"] if match["number"] else match["foreign"].replace(".", ",")
    said = scan.grammar.money(number, currency, (match["magnitude"] or "").lower())
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


@GERMAN_RULES.rule("range", (DIGIT,), r"(?P<first><num>)\s[-–—]\s(?=(?P<last><num>)\s?[€%$°A-Za-zÄÖÜäöü])", needs="-–—")
def _spaced_range(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the beginning of "5 - 10 Minuten"."""
    first, last = (float(".".join(scan.grammar.parts(match[name]))) for name in ("first", "last"))
    if first >= last or scan.last_word() in _NUMBERED or scan.names_code():
        return None
    return f"{scan.grammar.number(match['first'])} {scan.table.to}"


@GERMAN_RULES.rule("symbol", (SIGN,), r"\+(?=\d{1,6}(?:,\d{1,3})?\s?(?:[^\W\d_]|[€%°]))", needs="+")
def _plus(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the sign of "+15 Min."."""
    return None if scan.text[match.start() - 1 : match.start()].isalnum() else scan.table.plus


@GERMAN_RULES.rule("number", (DIGIT,), r"(?P<number>\d{1,4})er(?=-?\W|n\W|\Z)", needs="eE")
def _decade(match: re.Match[str], scan: "Scan") -> str:
    """Read "1990er", "90er" and "2er"."""
    return f"{scan.grammar.year(match['number'])}er"


@GERMAN_RULES.rule("number", (DIGIT,), r"(?P<number><num>)\s?[x×](?=\s[^\W\d_])", needs="xX×")
def _times(match: re.Match[str], scan: "Scan") -> str:
    """Read "1x täglich"."""
    return scan.grammar.counted(match["number"], "mal", "mal")


@GERMAN_RULES.rule("range", (DIGIT,), r"(?P<first>\d{1,3}):(?P<last>\d{1,3}(?:\.\d{3})?)(?![\w:]|[.,]\d)", needs=":")
def _score(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "3:1" and, after a word such as "gewann", "21:19"."""
    last = match["last"]
    clock = int(match["first"]) <= _HOURS and len(last) == 2 and int(last) <= _MINUTES  # noqa: PLR2004
    if clock and scan.last_word() not in scan.table.score_words:
        return None
    return f"{scan.grammar.whole(match['first'])} zu {scan.grammar.number(last)}"


@GERMAN_RULES.rule(
    "fraction", (DIGIT,), r"(?P<whole>\d{1,4})\s{0,2}½(?:\s{1,2}(?P<unit>[^\W\d_]{1,5})(?!\w)\.?)?", needs="½"
)
def _and_half(match: re.Match[str], scan: "Scan") -> tuple[str, int]:
    """Read "2 ½ Std."."""
    unit = scan.table.units.get(match["unit"] or "") or scan.table.units.get((match["unit"] or "").lower())
    said = scan.grammar.fraction(match["whole"], "1", "2")
    return (f"{said} {unit[1]}", match.end()) if unit else (said, scan.text.index("½", match.start()) + 1)


_HALVES = {
    "er": ("ein halber", "einem halben"),
    "es": ("ein halbes", "einem halben"),
    "e": ("eine halbe", "einer halben"),
}
"""By the ending of an adjective before the noun; the second after a preposition with the dative."""


@GERMAN_RULES.rule("fraction", (DIGIT, SIGN), r"(?:1/2|½)(?=\s{0,2}(?P<noun>[^\W\d_]{1,24}\.?))", needs="/½")
def _half(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the number of "1/2 Tablette" and "½ l"."""
    written = match["noun"]
    names = next(
        (scan.table.units[key] for key in (written, written.lower(), written.rstrip(".")) if key in scan.table.units),
        None,
    )
    if not names and not written[0].isupper():
        return None
    return _HALVES[ending_of(names[0] if names else written)][scan.before in DATIVE]


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


@GERMAN_RULES.rule("word", (WORD,), r"x(?=\s\d)")
def _by(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the "x" of "5 cm x 3 cm"."""
    return scan.table.by if scan.tokens and scan.tokens[-1].kind in ("measure", "number", "money") else None


@GERMAN_RULES.rule("symbol", (SIGN,), r"[-–=]{1,2}>", needs=">")
def _arrow(match: re.Match[str], scan: "Scan") -> str:
    """Read an arrow as a pause; it is no comparison."""
    pause(scan, match.start(), match.end(), ",")
    return ""


@GERMAN_RULES.rule("symbol", (SIGN,), r"-(?=\d{1,4}(?!\d))", needs="-")
def _extension(_: re.Match[str], scan: "Scan") -> str | None:
    """Leave out the dash of "Durchwahl -12" and "Fax: -99"."""
    return "" if scan.last_word() in ("durchwahl", "dw", "fax", "tel", "telefon") else None


@GERMAN_RULES.rule("money", (SIGN,), r"[,.][-–—]{1,2}(?![\w-])", needs="-–—")
def _no_cents(_: re.Match[str], scan: "Scan") -> str | None:
    """Leave out the dash of "EUR 45,-"."""
    return "" if scan.tokens and scan.tokens[-1].kind == "money" else None


@GERMAN_RULES.rule("measure", (DIGIT,), r"(?P<number><num>)\s?U/min(?!\w)\.?", needs="/")
def _turns(match: re.Match[str], scan: "Scan") -> str:
    return f"{scan.grammar.counted(match['number'], 'Umdrehung', 'Umdrehungen')} pro Minute"


@GERMAN_RULES.rule("measure", (DIGIT,), r"(?P<number><num>)\s?(?:\"|'')(?=[\s,;.!?)-]|\Z)", needs="\"'")
def _inches(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "55 Zoll" of a screen; a quotation that ends with a number has its opening mark before."""
    quoted = scan.text[max(0, match.start() - 200) : match.start()].count('"') % 2
    return None if quoted else scan.grammar.counted(match["number"], *scan.table.units["in."])


@GERMAN_RULES.rule("measure", (DIGIT,), r"<num>(?:\s?[x×]\s?<num>){2,3}\s?(?P<unit>[cdmk]?m|Zoll)(?!\w)", needs="xX×")
def _sizes(match: re.Match[str], scan: "Scan") -> str | None:
    """Read "60 x 85 x 55 cm"."""
    sizes = re.split(r"\s?[x×]\s?", match[0].removesuffix(match["unit"]).rstrip())
    unit = scan.table.units.get(match["unit"], (match["unit"],) * 2)[1]
    return f" {scan.table.by} ".join(map(scan.grammar.number, sizes)) + f" {unit}"


_SIZED = r"(?P<number><num>)-(?P<unit>[^\W\d_]{1,5}|[€%])-(?=(?-i:[A-ZÄÖÜ][a-zäöü]))"


@GERMAN_RULES.rule("measure", (DIGIT,), _SIZED, needs="-")
def _sized(match: re.Match[str], scan: "Scan") -> str | None:
    """Read the beginning of "500-g-Packung" and "10-€-Gutschein"."""
    unit = scan.table.units.get(match["unit"])
    name = unit[1] if unit else scan.table.symbols.get(match["unit"])
    return f"{scan.grammar.number(match['number'])} {name}" if name else None


@GERMAN_RULES.rule("word", (WORD,), r"so(?=\s\d+(?!\d|[.:]\d|\.\s|\s?Uhr))")
def _so(match: re.Match[str], scan: "Scan") -> str:
    """Read the word "so" before a number that is no date or time: "So 20 Leute"."""
    return match[0]
