"""Roman numerals, and the parts of telephone numbers."""

from herald.speech.reading.patterns import Lazy

_NUMERAL = Lazy(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}

_THREE_DIGITS = (
    *("21", "22", "23", "24", "25", "26", "29", "35", "37", "38", "42", "50", "59", "67", "68", "69"),
    *("80", "85", "87", "88", "96", "97", "99"),
)
"""What codes of three digits begin with."""


def roman(numeral: str) -> int:
    """Return the value of a Roman numeral in capitals, or 0 if it isn't one."""
    if not _NUMERAL.fullmatch(numeral):
        return 0
    values = [_VALUES[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-one if one < after else one for one, after in zip(values, following, strict=True))


def country_code(number: str) -> tuple[str, str]:
    """Return the code of a country and the rest of a number without its "+"."""
    size = 1 if number[0] in "17" else 3 if number.startswith(_THREE_DIGITS) else 2
    return number[:size], number[size:]


def in_threes(digits: str) -> list[str]:
    """Return long groups of digits in parts of three, the last one of up to four."""
    parts = []
    while len(digits) > 4:  # noqa: PLR2004
        parts.append(digits[:3])
        digits = digits[3:]
    return [*parts, digits] if digits else parts
