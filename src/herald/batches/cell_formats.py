"""The value of an Excel cell as a text, as its number format shows it: ECMA-376, part 1, sections 18.8.30 and 18.18.22.

A date or time is written as 2026-04-03, 14:30 or both, whatever its format: texts are read in many languages, and each
reads this form. Digits are not grouped, and the decimal sign is a point.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache

_BUILT_IN = {
    1: "0", 2: "0.00", 3: "0", 4: "0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "0", 38: "0",
    39: "0.00", 40: "0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
}  # fmt: skip
"""The relevant ones of the formats that a workbook does not have to list."""
_DATES = frozenset({*range(27, 37), *range(50, 59)})
"""Formats of East Asian dates."""
_PIECES = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<sign>.)', re.DOTALL)
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


class Epoch(Enum):
    """The day 0 of a workbook."""

    SINCE_1900 = datetime(1899, 12, 30)
    SINCE_1904 = datetime(1904, 1, 1)


@dataclass(frozen=True, kw_only=True)
class NumberFormat:
    """One section of a number format."""

    before: str = ""
    after: str = ""
    decimals: int | None = None
    """Digits after the point; None for as many as the number has."""
    digits: int = 1
    """At least as many digits before the point."""
    is_percent: bool = False
    has_date: bool = False
    has_time: bool = False
    is_elapsed: bool = False


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
        shown = parse_format("yyyy-mm-dd" if format_id in _DATES and not code else code, _sign(number))
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
        return f"{at:%Y-%m-%d} {clock}" if shown.has_time else f"{at:%Y-%m-%d}"


def _sign(number: Decimal) -> int:
    return (number > 0) - (number < 0)


def _number(number: Decimal, shown: NumberFormat) -> str:
    if shown.is_percent:
        number *= 100
    text = _general(abs(number)) if shown.decimals is None else f"{abs(number):.{shown.decimals}f}"
    whole, point, rest = text.partition(".")
    text = whole.zfill(shown.digits) + point + rest
    minus = "-" if number < 0 and text.strip("0.") else ""
    return f"{minus}{shown.before}{text}{'%' if shown.is_percent else ''}{shown.after}".strip()


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
def parse_format(code: str, sign: int) -> NumberFormat:
    """Return the section of a number format for numbers of a sign: -1, 0 or 1."""
    if len(code) > _LONGEST_FORMAT or code.casefold() in {"", "general", "@"}:
        return NumberFormat()
    sections: list[list[tuple[str, str]]] = [[]]
    for piece in _PIECES.finditer(code):
        kind = piece.lastgroup or ""
        if piece["sign"] == ";":
            sections.append([])
        elif kind:
            sections[-1].append((kind, piece[kind]))
    at = {-1: 1, 0: 2, 1: 0}[sign]
    shown = _section(sections[at] if at < len(sections) else sections[0])
    # A section of words only, such as "-" for zero, does not show the number.
    return shown or _section(sections[0]) or NumberFormat()


def _section(pieces: list[tuple[str, str]]) -> NumberFormat | None:
    """Return a section, or None if it has no place for digits. The minus sign and brackets of a loss are left out."""
    signs = "".join(text for kind, text in pieces if kind == "sign").casefold()
    brackets = {text.casefold() for kind, text in pieces if kind == "bracket"}
    is_elapsed = any(text and not text.strip(text[0]) and text[0] in "hms" for text in brackets)
    if is_elapsed or any(letter in signs for letter in "ydhs") or ("m" in signs and "general" not in signs):
        return NumberFormat(
            has_date=not is_elapsed and ("y" in signs or "d" in signs or not set("hs") & set(signs)),
            has_time=is_elapsed or bool(set("hs") & set(signs)),
            is_elapsed=is_elapsed,
        )
    if any(mark in signs for mark in ("general", "@", "e+", "e-", "/")):
        return NumberFormat()
    if not set("0#") & set(signs):
        return None
    before, after, digits = "", "", ""
    for kind, text in pieces:
        if kind == "sign" and text in "0#?.,%":
            digits += text
            continue
        literal = _currency(text) if kind == "bracket" else "" if kind == "sign" and text in "-+()" else text
        if digits.strip("%"):
            after += literal
        else:
            before += literal
    whole, point, rest = digits.strip("%").partition(".")
    return NumberFormat(
        before=before,
        after=after,
        decimals=None if not point and "," not in whole and "0" not in whole else sum(sign in "0?" for sign in rest),
        digits=max(1, whole.count("0")),
        is_percent="%" in digits,
    )


def _currency(bracket: str) -> str:
    """Return the sign of [$€-407]; "" for a colour or a condition."""
    return bracket[1:].partition("-")[0] if bracket.startswith("$") else ""
