"""Price of a message at each memory size, and the knee of the curve."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.limit import share_of
from bench.spreads import Row, spread, where
from herald.pricing.prices import US_EAST_1

SIZES = (512, 1024, 1769, 2048, 3008, 5307)
_TEMPLATE = Path(__file__).parents[1] / "template.yaml"
DEFAULT = int(re.findall(r"SpeechMemorySize:.*?Default: (\d+)", _TEMPLATE.read_text(), re.DOTALL)[0])
"""SpeechMemorySize of template.yaml."""


@dataclass(frozen=True)
class Point:
    """A text at a memory size, warm."""

    megabytes: int
    text: str
    seconds: float
    share: float
    """Measured share of processors."""

    @property
    def dollars(self) -> float:
        """Price of a message in US dollars. Lambda rounds up to the millisecond."""
        billed = math.ceil(self.seconds * 1000) / 1000
        memory = self.megabytes / 1024 * float(US_EAST_1.gigabyte_second("x86_64"))
        return billed * memory + float(US_EAST_1.function_call)

    @property
    def allowed(self) -> float:
        """Allocated share of processors."""
        return share_of(self.megabytes)


def points(rows: list[Row]) -> list[Point]:
    """Return the medians of the memory rows by text and size."""
    found = sorted({(row["text"], row["megabytes"]) for row in rows})
    return [_point(where(rows, text=text, megabytes=megabytes)) for text, megabytes in found]


def _point(rows: list[Row]) -> Point:
    seconds = spread(rows, lambda row: row["seconds"]).median
    share = spread(rows, lambda row: row["cpu"] / row["seconds"]).median
    return Point(rows[0]["megabytes"], rows[0]["text"], seconds, share)


def knee(curve: Iterable[Point]) -> int:
    """Return the size with the smallest product of latency and price; beyond it, 1 % of speed costs more than 1 %."""
    products: dict[int, float] = {}
    for point in curve:
        products[point.megabytes] = products.get(point.megabytes, 1) * point.seconds * point.dollars
    return min(products, key=lambda megabytes: products[megabytes])
