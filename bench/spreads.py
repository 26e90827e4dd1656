"""Medians and spreads of rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

type Row = dict[str, Any]


@dataclass(frozen=True)
class Spread:
    """A median with its quartiles, and the values they were made of."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle."""
        return median(self.values)

    @property
    def quartiles(self) -> tuple[float, float]:
        """The values below and above which a quarter lies."""
        if len(self.values) == 1:
            return self.values[0], self.values[0]
        low, _, high = quantiles(self.values, n=4, method="inclusive")
        return low, high


def where(rows: Iterable[Row], **wanted: Any) -> list[Row]:  # noqa: ANN401  whatever rows hold
    """The rows that have these values."""
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def spread(rows: Iterable[Row], value: Callable[[Row], float]) -> Spread:
    """A value of each row."""
    return Spread(tuple(value(row) for row in rows))


def ratios(ours: list[Row], theirs: list[Row], value: Callable[[Row], float]) -> Spread:
    """A value of ours over theirs, round by round."""
    other = {row["round"]: value(row) for row in theirs}
    return Spread(tuple(value(row) / other[row["round"]] for row in ours))
