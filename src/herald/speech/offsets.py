"""Offsets in a text: in characters, as Python counts, or in UTF-16 units, as JavaScript, Java and C# count."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

type Offsets = Literal["characters", "utf16"]

_LAST_OF_ONE_UNIT = "\uffff"


def offsets_of(text: str, unit: Offsets) -> Sequence[int]:
    """Return the offset of each character of a text, and of its end, in a unit."""
    if unit == "characters" or not text or max(text) <= _LAST_OF_ONE_UNIT:
        return range(len(text) + 1)
    return [*accumulate((2 if one > _LAST_OF_ONE_UNIT else 1 for one in text), initial=0)]
