"""Codes of countries in telephone numbers (E.164)."""

_THREE_DIGITS = (
    *("21", "22", "23", "24", "25", "26", "29", "35", "37", "38", "42", "50", "59", "67", "68", "69"),
    *("80", "85", "87", "88", "96", "97", "99"),
)
"""What codes of three digits begin with."""


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
