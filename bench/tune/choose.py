"""Price of a message at each memory size, and the cheapest, the fastest and the balanced size."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles

from bench.limit import share_of
from bench.spreads import Row, where
from herald.jobs.job_price import Deployment, PriceList
from herald.pricing.prices import Architecture
from herald.pricing.resources import Usage, memory

WEIGHT = 0.5
"""Default balancedWeight of AWS Lambda Power Tuning: 0 selects the fastest, 1 the cheapest size."""
_STEPS = 20


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


@dataclass(frozen=True, kw_only=True)
class Point:
    """A text at a memory size; times in seconds."""

    megabytes: int
    text: str
    warm: tuple[float, ...]
    cold: tuple[float, ...] = ()
    """Cold starts; empty if not measured."""
    used: float = 0.0
    """Measured share of processors, warm."""

    @property
    def seconds(self) -> float:
        """Median of the warm calls."""
        return median(self.warm)

    @property
    def billed(self) -> int:
        """Billed milliseconds of a warm call."""
        return math.ceil(self.seconds * 1000)

    @property
    def allowed(self) -> float:
        """Allocated share of processors."""
        return share_of(self.megabytes)

    def dollars(self, architecture: Architecture = "x86_64") -> float:
        """Return the price of a warm call in US dollars, including the request."""
        prices = PriceList(deployment=Deployment(architecture=architecture))
        return float(prices.total(memory(self.seconds, self.megabytes) + Usage(function_call=1)))


def points(rows: list[Row]) -> list[Point]:
    """Group the rows by text and size."""
    found = sorted({(row["text"], row["megabytes"]) for row in rows})
    return [_point(where(rows, text=text, megabytes=megabytes)) for text, megabytes in found]


def _point(rows: list[Row]) -> Point:
    warm, cold = where(rows, start="warm"), where(rows, start="cold")
    return Point(
        megabytes=rows[0]["megabytes"],
        text=rows[0]["text"],
        warm=tuple(row["seconds"] for row in warm),
        cold=tuple(row["seconds"] for row in cold),
        used=median(row["cpu"] / row["seconds"] for row in warm),
    )


def of_text(curve: Sequence[Point], text: str) -> list[Point]:
    """Return the points of a text, by increasing memory."""
    return sorted((point for point in curve if point.text == text), key=lambda point: point.megabytes)


def sizes_of(curve: Sequence[Point]) -> list[int]:
    """Return the measured sizes."""
    return sorted({point.megabytes for point in curve})


def texts_of(curve: Sequence[Point]) -> list[str]:
    """Return the measured texts, shortest first."""
    return sorted({point.text for point in curve}, key=lambda text: max(one.seconds for one in of_text(curve, text)))


def values(curve: Sequence[Point], weight: float) -> dict[int, float]:
    """Return weight * price / max price + (1 - weight) * latency / max latency per size, averaged over the texts.

    The formula of AWS Lambda Power Tuning's balanced strategy.
    """
    of_texts = [_values(of_text(curve, text), weight) for text in texts_of(curve)]
    return {megabytes: fmean(one[megabytes] for one in of_texts) for megabytes in of_texts[0]}


def _values(curve: list[Point], weight: float) -> dict[int, float]:
    highest, slowest = max(one.dollars() for one in curve), max(one.seconds for one in curve)
    return {one.megabytes: weight * one.dollars() / highest + (1 - weight) * one.seconds / slowest for one in curve}


def best(curve: Sequence[Point], weight: float = WEIGHT) -> int:
    """Return the balanced size, with the smallest value; the fastest for weight 0, the cheapest for 1."""
    found = values(curve, weight)
    return min(found, key=lambda megabytes: found[megabytes])


def weights_for(curve: Sequence[Point], megabytes: int) -> tuple[float, float] | None:
    """Return the range of weights, in steps of 0.05, for which a size is the best; None if there is none."""
    found = [step / _STEPS for step in range(_STEPS + 1) if best(curve, step / _STEPS) == megabytes]
    return (found[0], found[-1]) if found else None


def compare(curve: Sequence[Point], one: int, other: int) -> tuple[float, float]:
    """Return the ratios of latency and price of one size to another, averaged over the texts."""
    by_size = [{point.megabytes: point for point in of_text(curve, text)} for text in texts_of(curve)]
    latency = fmean(points[one].seconds / points[other].seconds for points in by_size)
    return latency, fmean(points[one].dollars() / points[other].dollars() for points in by_size)
