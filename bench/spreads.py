"""Medians and quartiles of rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

type Row = dict[str, Any]


@dataclass(frozen=True)
class Spread:
    """Values with their median and quartiles."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median of the values."""
        return median(self.values)

    @property
    def quartiles(self) -> tuple[float, float]:
        """The lower and upper quartiles."""
        if len(self.values) == 1:
            return self.values[0], self.values[0]
        low, _, high = quantiles(self.values, n=4, method="inclusive")
        return low, high


def where(rows: Iterable[Row], **wanted: Any) -> list[Row]:  # noqa: ANN401  values of any type
    """Return the rows with these values."""
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def spread(rows: Iterable[Row], value: Callable[[Row], float]) -> Spread:
    """Return the spread of a value over the rows."""
    return Spread(tuple(value(row) for row in rows))


def ratios(ours: list[Row], theirs: list[Row], value: Callable[[Row], float]) -> Spread:
    """Return the ratios of a value, ours to theirs, per round."""
    other = {row["round"]: value(row) for row in theirs}
    return Spread(tuple(value(row) / other[row["round"]] for row in ours))
