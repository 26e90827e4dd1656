"""The value of an Excel cell as a text, as its number format shows it: ECMA-376, part 1, sections 18.8.30 and 18.18.22.

A date is written as 2026-04-03, a month as 04/2026 and a time as 14:30, whatever its format: texts are read in many
languages, and each reads these forms. Digits are not grouped. The decimal mark is a point until the language of the row
is known.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import Enum
from functools import cached_property, lru_cache
from itertools import chain, zip_longest
from operator import eq, ge, gt, le, lt, ne

from herald.batches.rows import DecimalText

_BUILT_IN = {
    1: "0", 2: "0.00", 3: "0", 4: "0.00", 5: "0", 6: "0", 7: "0.00", 8: "0.00", 9: "0%", 10: "0.00%",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm", 37: "0", 38: "0", 39: "0.00", 40: "0.00", 41: "0", 42: "0", 43: "0.00", 44: "0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
}  # fmt: skip
"""The relevant formats that a workbook does not have to list. The currency of some depends on the reader."""
_DATES = frozenset({*range(27, 37), *range(50, 59)})
"""Formats of East Asian dates."""
_PIECES = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<sign>.)', re.DOTALL)
_CONDITION = re.compile(r"(<>|[<>]=?|=)(-?\d+(?:\.\d+)?)")
_COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
_LONGEST_FORMAT = 255
"""As in Excel."""
_DAY_SECONDS, _HOUR, _MINUTE = 86_400, 3_600, 60
_LEAP_BUG = 60
"""Day that Excel counts as 29 February 1900, which did not exist."""
_LAST_DAY = 2_958_466
"""The first day of the year 10000."""
_EXACT = 10**15
"""Numbers with more digits are not exact in Excel."""
_MOST_DIGITS = 30
_WIDE, _EXCEL = Context(prec=1_000), Context(prec=15, rounding=ROUND_HALF_UP)
"""For numbers with more digits than the usual context has, and with the digits that Excel keeps."""
_DIGIT, _POINT, _GENERAL = "\0", "\1", "\2"
"""Places in a layout: of a digit, of the decimal mark, and of a number without a format. XML has no such characters."""


class Epoch(Enum):
    """The day 0 of a workbook."""

    SINCE_1900 = datetime(1899, 12, 30)
    SINCE_1904 = datetime(1904, 1, 1)


@dataclass(frozen=True, kw_only=True)
class NumberFormat:
    """One section of a number format."""

    layout: str = _GENERAL
    """The literals of the section, with its places."""
    least_digits: int = 1
    """Digits before the decimal mark, at least."""
    least_decimals: int = 0
    thousands: int = 0
    """How often the number is divided by a thousand."""
    condition: tuple[str, Decimal] | None = None
    """A comparison that decides whether the section is used, such as <=9999999."""
    has_date: bool = False
    day: str = "%Y-%m-%d"
    """How a date is written: a month and year have no day."""
    has_time: bool = False
    is_elapsed: bool = False

    @cached_property
    def sides(self) -> tuple[str, str, Decimal]:
        """The layout before and after the decimal mark, and the last place: 0.01."""
        before, _, after = self.layout.partition(_POINT)
        return before, after, Decimal(1).scaleb(-after.count(_DIGIT))

    @cached_property
    def exponent(self) -> int:
        """The power of ten by which the number is multiplied."""
        return 2 * self.layout.count("%") - 3 * self.thousands


@dataclass(kw_only=True)
class CellFormats:
    """The number formats of a workbook."""

    epoch: Epoch
    codes: dict[int, str] = field(default_factory=dict)
    """Formats of the workbook by their number."""
    styles: list[int] = field(default_factory=list)
    """Numbers of the formats by style."""

    def text(self, kind: str, raw: str, style: int) -> str:
        """Return the value of a cell of a type other than text, as its format shows it."""
        if kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        if kind == "d":
            return raw.removesuffix("T00:00:00").replace("T", " ")
        if kind != "n":
            return raw  # an error such as #N/A
        number = Decimal(raw.strip())
        if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
            return raw
        format_id = self.styles[style] if style < len(self.styles) else 0
        code = self.codes.get(format_id) or _BUILT_IN.get(format_id, "")
        shown = _chosen(parse_format("yyyy-mm-dd" if format_id in _DATES and not code else code), number)
        if shown.has_date or shown.has_time:
            return self._time(number, shown)
        return _number(number, shown)

    def _time(self, days: Decimal, shown: NumberFormat) -> str:
        seconds = int((days * _DAY_SECONDS).to_integral_value())
        if not 0 <= days < _LAST_DAY:
            return _general(days)
        if shown.is_elapsed:
            return _clock(seconds)
        if self.epoch is Epoch.SINCE_1900 and days < _LEAP_BUG and shown.has_date:
            seconds += _DAY_SECONDS
        at = self.epoch.value + timedelta(seconds=seconds)
        clock = _clock(seconds % _DAY_SECONDS)
        if not shown.has_date:
            return clock
        return f"{at:{shown.day}} {clock}" if shown.has_time else f"{at:{shown.day}}"


def _chosen(sections: tuple[NumberFormat | None, ...], number: Decimal) -> NumberFormat:
    """Return the section for a number, or the first one if that section shows nothing."""
    last = len(sections) - 1
    usual = (">=" if last == 1 else ">", "<")
    for at, section in enumerate(sections):
        comparison, limit = section.condition if section and section.condition else (usual[at] if at < last else "", 0)
        if not comparison or _COMPARE[comparison](number, limit):
            return section or sections[0] or NumberFormat()
    return NumberFormat()


def _number(number: Decimal, shown: NumberFormat) -> str:
    if shown.exponent:
        number = number.scaleb(shown.exponent)
    if _GENERAL in shown.layout:
        text = shown.layout.replace(_GENERAL, _general(abs(number)))
    elif _DIGIT in shown.layout:
        text = _laid_out(abs(number), shown)
    else:
        return shown.layout.strip()
    minus = "-" if number < 0 and not {*text}.isdisjoint("123456789") else ""
    text = f"{minus}{text.strip()}"
    return DecimalText(text) if {_GENERAL, _POINT} & {*shown.layout} else text


def _laid_out(number: Decimal, shown: NumberFormat) -> str:
    """Return a positive number with its digits in their places, rounded as in Excel: 0.125 is 0.13."""
    before, after, place = shown.sides
    rounded = _EXCEL.plus(number).quantize(place, ROUND_HALF_UP, _WIDE)
    whole, _, fraction = f"{rounded:f}".partition(".")
    whole = whole.zfill(shown.least_digits)
    fraction = fraction[: shown.least_decimals] + fraction[shown.least_decimals :].rstrip("0")
    more = len(whole) - before.count(_DIGIT)  # the first place has all digits that have none of their own
    text = _filled(before, [whole[: more + 1], *whole[more + 1 :]] if more > 0 else [*[""] * -more, *whole])
    return text + ("." if fraction else "") + _filled(after, [*fraction])


def _filled(layout: str, digits: list[str]) -> str:
    """Return a layout with a text in each of its places; the last ones may have none."""
    places = _DIGIT * layout.count(_DIGIT)
    if places in layout:
        return layout.replace(places, "".join(digits), 1) if places else layout
    return "".join(chain.from_iterable(zip_longest(layout.split(_DIGIT), digits, fillvalue="")))


def _general(number: Decimal) -> str:
    """Return a number with up to 15 digits, as Excel keeps them."""
    value = float(number)
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return f"{Decimal(f'{value:.15g}'):f}"


def _clock(seconds: int) -> str:
    clock = f"{seconds // _HOUR:02}:{seconds % _HOUR // _MINUTE:02}"
    return f"{clock}:{seconds % _MINUTE:02}" if seconds % _MINUTE else clock


@lru_cache(maxsize=1_024)
def parse_format(code: str) -> tuple[NumberFormat | None, ...]:
    """Return the sections of a number format for numbers; None for one that shows nothing."""
    if len(code) > _LONGEST_FORMAT or code.casefold() in {"", "general", "@"}:
        return (NumberFormat(),)
    sections: list[list[tuple[str, str]]] = [[]]
    for piece in _PIECES.finditer(code):
        kind = piece.lastgroup or ""
        if piece["sign"] == ";":
            sections.append([])
        elif kind:
            sections[-1].append((kind, piece[kind]))
    first = _section(sections[0], is_loss=False)
    by_sign = not (first and first.condition)
    return (first, *(_section(pieces, is_loss=by_sign and at == 0) for at, pieces in enumerate(sections[1:3])))


def _section(pieces: list[tuple[str, str]], *, is_loss: bool) -> NumberFormat | None:
    """Return a section, or None if it shows neither a number nor a word, such as "-" for zero."""
    signs = "".join(text for kind, text in pieces if kind == "sign").casefold()
    brackets = [text.casefold() for kind, text in pieces if kind == "bracket"]
    condition = next((found.groups() for text in brackets if (found := _CONDITION.fullmatch(text))), None)
    compared = (condition[0], Decimal(condition[1])) if condition else None
    is_elapsed = any(text and not text.strip(text[0]) and text[0] in "hms" for text in brackets)
    if is_elapsed or any(letter in signs for letter in "ydhs") or ("m" in signs and "general" not in signs):
        has_day = "d" in signs or "y" not in signs or bool(set("hs") & set(signs))
        return NumberFormat(
            condition=compared,
            day="%Y-%m-%d" if has_day else "%m/%Y" if "m" in signs else "%Y",
            has_date=not is_elapsed and ("y" in signs or "d" in signs or not set("hs") & set(signs)),
            has_time=is_elapsed or bool(set("hs") & set(signs)),
            is_elapsed=is_elapsed,
        )
    if any(mark in signs for mark in ("@", "e+", "e-")) or ("/" in signs and set("0#?") & set(signs)):
        return NumberFormat(condition=compared)
    layout = marks = ""
    for kind, text in pieces:
        if kind == "sign" and text in "0#?,.":
            marks += text
            layout += _DIGIT if text in "0#?" else _POINT if text == "." and _POINT not in layout else ""
        elif not is_loss or text not in {*"-()"}:  # the minus sign and brackets of a loss are left out
            layout += _currency(text) if kind == "bracket" else text
    if "general" in signs:
        return NumberFormat(
            condition=compared, layout=re.sub("general", _GENERAL, layout, count=1, flags=re.IGNORECASE)
        )
    if not set("0#") & set(marks):
        return NumberFormat(condition=compared, layout=layout) if any(map(str.isalpha, layout)) else None
    whole, _, decimals = marks.partition(".")
    digits = whole.replace(",", "")
    return NumberFormat(
        condition=compared,
        layout=layout if digits else layout.replace(_POINT, _DIGIT + _POINT, 1),
        least_digits=len(digits) - digits.index("0") if "0" in digits else 1,
        least_decimals=decimals.rfind("0") + 1,
        thousands=len(whole) - len(whole.rstrip(",")) + decimals.count(","),
    )


def _currency(bracket: str) -> str:
    """Return the sign of [$€-407]; "" for a colour or a condition."""
    return bracket[1:].partition("-")[0] if bracket.startswith("$") else ""
