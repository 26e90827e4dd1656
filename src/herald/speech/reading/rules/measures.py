"""Numbers with units, percentages, temperatures and dimensions."""

import re

from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.scanner import Scan

_UNIT = r"(?P<unit>(?:sq|cu|fl)\.? [a-z]{1,2}\.?|[°º]?[^\W\d_]{1,5}\.?|[°º])"
_PER = Lazy(r"\s?/\s?([^\W\d_]{1,8})(?P<power>\^?[23])?(?!\w)")
_GOES_ON = Lazy(r"\.(?:,|\s[a-z\d])")
"""Text after an abbreviated unit within a sentence."""
_UNIT_AFTER = Lazy(r"\s?([^\W\d_]{1,3})(?!\w)")
_WITHIN = Lazy(r"\.\)(?!\s[A-Z]|\Z)|\.\s(?:[a-z(=@$£]|\+\s|\d{1,2}\s?(?:in|oz|mins?|secs?)\b|\d[\d.]{0,6}%)")
"""Text after a unit with a dot that the table lists without the dot, within a sentence."""
_ENDS = Lazy(r"\s*(?:[,;)]|\Z)|\s?[x×]\s?\d|\s\(\d")
_AFTER_PER = frozenset({"km", "kg", "mg", "ml", "cm", "lb", "oz", "gal"})
"""Lower-case units after "per"; other words may not be units."""
BETWEEN_SIDES = Lazy(r"\s?[x×]\s?", re.IGNORECASE)
"""The separator of "40x30 cm"."""
_NUMBER_PREFIX = r"(?P<before>[-+−])?(?:(?P<first><num>)(?P<join>[-–]\s?|\s[-–]\s|\s?[x×]\s?))?(?P<number><num>)"


def _unit(scan: Scan, unit: str, *, apart: bool, spaced: bool = False) -> tuple[str, str] | None:
    table = scan.table
    if scan.shouted and unit.isupper() and unit.lower() in table.common_capitals:
        return None  # "DE 1 A 31"
    refused = table.units_attached if apart else frozenset[str]() if spaced else table.units_apart
    if " " in unit:
        unit = unit.replace(".", "")
    if unit.rstrip(".") in refused:
        return None
    return table.units.get(unit) or (table.units.get(unit.lower()) if len(unit) > 1 else None)


def powered(scan: Scan, names: tuple[str, str], power: str | None) -> tuple[str, str]:
    """Return the names of a unit with "^2" or "^3" after it."""
    word = {"2": scan.table.square, "3": scan.table.cubic}.get((power or "").lstrip("^"))
    return scan.grammar.powered(names, word) if word else names


MEASURES = Rules()


@MEASURES.rule("measure", WORD, r"(?P<unit>[^\W\d_]{1,4})(?P<power>\^[23])?(?!\w|['-]\w|\s\d)")
def _unit_alone(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read the unit of "7 million km", "1/2 kg" and "per kWh"."""
    # "2 million in cash" has no inches.
    apart = scan.text[match.end() : match.end() + 1] != "."
    names = _unit(scan, match["unit"], apart=apart) if scan.counts else None
    if not names:
        return None
    last = scan.tokens[-1]
    per = last.words == scan.table.per
    if per and (len(match["unit"]) == 1 or (match["unit"].islower() and match["unit"] not in _AFTER_PER)):
        return None  # "por mi parte" has no miles
    one = per or (last.kind == "fraction" and scan.table.symbols["&"] not in last.words.split(" "))
    dotted = _GOES_ON.match(scan.text, match.end())
    return powered(scan, names, match["power"])[0 if one else 1], match.end() + bool(dotted)


@MEASURES.rule("percent", DIGIT + SIGN, _NUMBER_PREFIX + r"\s?(?P<sign>[%‰¢])(?!\w)", "%‰¢")
def _signed(match: re.Match[str], scan: Scan) -> str:
    return _prefixed(match, scan, scan.grammar.counted(match["number"], *scan.table.after_number[match["sign"]]))


@MEASURES.rule(
    "measure", DIGIT + SIGN, _NUMBER_PREFIX + rf"(?P<space>[ -]?){_UNIT}(?P<power>\^[23]|[23])?(?!\w|['-]\w|\.[^\W\d_])"
)
def _measure(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    unit, end = match["unit"], match.end()
    # "8 x 11 in", "6 ft 2 in": the preceding measure makes it a unit.
    ends = _ENDS.match(scan.after(match))
    apart = match["space"] == " " and not match["first"] and not ends and scan.kind != "measure"
    names = _unit(scan, unit, apart=apart, spaced=match["space"] == " ")
    if not names and unit.endswith("."):
        unit, end = unit[:-1], end - 1
        names = _unit(scan, unit, apart=apart, spaced=match["space"] == " ")
        end += bool(names and (unit.islower() or unit[1:].islower()) and _WITHIN.match(scan.text, end))
    if not names:
        return None
    names = powered(scan, names, match["power"])
    said = scan.grammar.counted(match["number"], *names)
    if match["space"] == "-":
        said = f"{scan.grammar.number(match['number'])} {names[0]}"
    per = _PER.match(scan.text, end)
    below = _unit(scan, per[1], apart=False) if per else None
    if per and (below or per[1].lower() in scan.table.per_units):
        one = below[0] if below else scan.table.per_units[per[1].lower()]
        said += f" {scan.grammar.per(powered(scan, (one, one), per['power'])[0])}"
        dotted = scan.text.startswith(".", per.end()) and f"{per[1].lower()}." in scan.table.abbreviations
        end = per.end() + dotted
    return _prefixed(match, scan, said), end


def _prefixed(match: re.Match[str], scan: Scan, said: str) -> str:
    if match["first"]:
        word = scan.table.by if match["join"].strip().lower() in "x×" else scan.table.to
        said = f"{scan.grammar.number(match['first'])} {word} {said}"
    # The second half of "5kg-10kg".
    joins = match["before"] not in ("+", None) and scan.text[match.start() - 1 : match.start()].strip(" (=:")
    return f"{scan.table.to} {said}" if joins else scan.grammar.signed(match["before"], said)


@MEASURES.rule("measure", DIGIT, rf"(?P<number><num>)/{_UNIT}(?P<power>\^?[23])?(?!\w)", "/")
def _per_unit(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    names, end = _unit(scan, match["unit"], apart=False), match.end()
    if not names and match["unit"].endswith("."):
        names, end = _unit(scan, match["unit"][:-1], apart=False), end - 1
    if not names:
        return None
    return f"{scan.grammar.number(match['number'])} {scan.table.per} {powered(scan, names, match['power'])[0]}", end


@MEASURES.rule(
    "measure",
    DIGIT,
    r"(?P<feet>\d{1,2})'\s?(?:(?P<inches>\d{1,2}(?:\.\d)?)(?:\"|'')(?!\w)|(?=\s*(?:x|×|tall|wide|long|high|deep|by)\b))",
    "'",
)
def _feet(match: re.Match[str], scan: Scan) -> str | None:
    if not {"ft", "in."} <= scan.table.units.keys():
        return None
    feet = scan.grammar.counted(match["feet"], *scan.table.units["ft"])
    return f"{feet} {scan.grammar.counted(match['inches'], *scan.table.units['in.'])}" if match["inches"] else feet


@MEASURES.rule("measure", DIGIT, r"<num>(?:\s?[x×]\s?<num>){1,3}(?![\d^])", "xX×")
def _dimensions(match: re.Match[str], scan: Scan) -> str | tuple[str, int] | None:
    """Read "40x30x20 cm", whose unit is read once."""
    *before, last = BETWEEN_SIDES.split(match[0])
    unit = _UNIT_AFTER.match(scan.text, match.end())
    names = _unit(scan, unit[1], apart=True) if unit else None
    said = f" {scan.table.by} ".join(scan.grammar.number(one) for one in before)
    if not names and scan.text[match.end() : match.end() + 1].isalnum():
        return None
    if not unit or not names:
        return f"{said} {scan.table.by} {scan.grammar.number(last)}"
    return f"{said} {scan.table.by} {scan.grammar.counted(last, *names)}", unit.end()
