"""What a message costs at each memory size, and which size is the cheapest, the fastest, and the balanced one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles

from bench.limit import share_of
from bench.spreads import Row, where
from herald.jobs.price import Deployment, PriceList
from herald.jobs.prices import Architecture
from herald.jobs.usage import Usage, memory

WEIGHT = 0.5
"""balancedWeight of AWS Lambda Power Tuning, unless one sets it: 0 is for the fastest, 1 for the cheapest."""
_STEPS = 20


def p95(values: Sequence[float]) -> float:
    """The value below which 95 in 100 lie."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


@dataclass(frozen=True, kw_only=True)
class Point:
    """One text at one memory size; times in seconds."""

    megabytes: int
    text: str
    warm: tuple[float, ...]
    cold: tuple[float, ...] = ()
    """Empty where no start was measured."""
    used: float = 0.0
    """Processors' worth of time that it really got, warm."""

    @property
    def seconds(self) -> float:
        """Of a warm answer, the median."""
        return median(self.warm)

    @property
    def billed(self) -> int:
        """Milliseconds of a warm answer that Lambda bills."""
        return math.ceil(self.seconds * 1000)

    @property
    def allowed(self) -> float:
        """Processors' worth of time that it may get."""
        return share_of(self.megabytes)

    def dollars(self, architecture: Architecture = "x86_64") -> float:
        """Price of a warm call, request included."""
        prices = PriceList(deployment=Deployment(architecture=architecture))
        return float(prices.total(memory(self.seconds, self.megabytes) + Usage(function_call=1)))


def points(rows: list[Row]) -> list[Point]:
    """The rows together, by text and size."""
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
    """The points of one text, from the least memory up."""
    return sorted((point for point in curve if point.text == text), key=lambda point: point.megabytes)


def sizes_of(curve: Sequence[Point]) -> list[int]:
    """The sizes that were measured."""
    return sorted({point.megabytes for point in curve})


def texts_of(curve: Sequence[Point]) -> list[str]:
    """The texts that were spoken, the shortest first."""
    return sorted({point.text for point in curve}, key=lambda text: max(one.seconds for one in of_text(curve, text)))


def values(curve: Sequence[Point], weight: float) -> dict[int, float]:
    """Weight x price / highest price + (1 - weight) x latency / longest latency of each size, the mean over texts."""
    of_texts = [_values(of_text(curve, text), weight) for text in texts_of(curve)]
    return {megabytes: fmean(one[megabytes] for one in of_texts) for megabytes in of_texts[0]}


def _values(curve: list[Point], weight: float) -> dict[int, float]:
    dearest, slowest = max(one.dollars() for one in curve), max(one.seconds for one in curve)
    return {one.megabytes: weight * one.dollars() / dearest + (1 - weight) * one.seconds / slowest for one in curve}


def best(curve: Sequence[Point], weight: float = WEIGHT) -> int:
    """The size with the least value: the balanced one; the fastest with a weight of 0, the cheapest with 1."""
    found = values(curve, weight)
    return min(found, key=lambda megabytes: found[megabytes])


def weights_for(curve: Sequence[Point], megabytes: int) -> tuple[float, float] | None:
    """The least and the greatest weight, in steps of 0.05, with which a size is the best; None for none."""
    found = [step / _STEPS for step in range(_STEPS + 1) if best(curve, step / _STEPS) == megabytes]
    return (found[0], found[-1]) if found else None


def compare(curve: Sequence[Point], one: int, other: int) -> tuple[float, float]:
    """Latency and price of a size over those of another, the mean over texts."""
    by_size = [{point.megabytes: point for point in of_text(curve, text)} for text in texts_of(curve)]
    latency = fmean(points[one].seconds / points[other].seconds for points in by_size)
    return latency, fmean(points[one].dollars() / points[other].dollars() for points in by_size)
