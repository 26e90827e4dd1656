"""The summary of a batch, computed from the results of its items."""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict

from herald.batches.batch import Batch
from herald.batches.batch_states import BatchState
from herald.batches.counts import Counts
from herald.batches.report import ItemResult
from herald.batches.sla import Sla
from herald.pricing.competitors import POLLY, READ_ON, SERVICES

_FROZEN = ConfigDict(frozen=True, extra="ignore")
_MICROSECONDS = 1_000_000


@dataclass(kw_only=True)
class Totals:
    """Sums over results, independent of their order. Takes 8 bytes of memory per finished item."""

    states: Counter[str] = field(default_factory=Counter)
    microseconds: int = 0
    """Duration of the audio; an integer, so that the sum does not depend on the order."""
    bytes: int = 0
    characters: int = 0
    """Total of items that are done."""
    hits: int = 0
    price: Decimal = Decimal(0)
    milliseconds: array[int] = field(default_factory=lambda: array("Q"))

    @classmethod
    def of(cls, results: Iterable[ItemResult]) -> Self:
        """Return the totals of `results`, which contains one result for each item."""
        totals = cls()
        for result in results:
            totals.add(result)
        return totals

    def add(self, result: ItemResult) -> None:
        """Add a result."""
        self.states[result.state] += 1
        self.price += result.price
        if result.state == "done":
            self.microseconds += round(result.seconds * _MICROSECONDS)
            self.bytes += result.bytes
            self.characters += result.characters
            self.hits += result.hit
            self.milliseconds.append(result.milliseconds)

    def counts(self, planned: Counts) -> Counts:
        """Return the planned counts with the actual results; raise ValueError for more results than items."""
        results = {"done": self.states["done"], "failed": self.states["failed"], "cancelled": self.states["cancelled"]}
        return Counts(rows=planned.rows, row_errors=planned.row_errors, **results)


class Milliseconds(BaseModel):
    """Percentiles of the processing time per file; None without files."""

    model_config = _FROZEN

    p50: int | None
    p95: int | None

    @classmethod
    def of(cls, values: array[int]) -> Self:
        """Compute percentiles by the nearest-rank method."""
        ranked = sorted(values)
        at = {name: -(-len(ranked) * percent // 100) - 1 for name, percent in (("p50", 50), ("p95", 95))}
        return cls(**{name: ranked[place] if ranked else None for name, place in at.items()})


class Price(BaseModel):
    """Cost of a batch, in US dollars."""

    model_config = _FROZEN

    total_usd: float
    per_file_usd: float | None
    """None without files."""


class Polly(BaseModel):
    """Price of the same characters at Amazon Polly, in US dollars."""

    model_config = _FROZEN

    standard_usd: float
    neural_usd: float
    source: str = POLLY
    read_on: date = READ_ON

    @classmethod
    def of(cls, characters: int) -> Self:
        """Return the prices for a number of characters."""
        return cls(
            standard_usd=float(SERVICES["polly_standard"].price(characters)),
            neural_usd=float(SERVICES["polly_neural"].price(characters)),
        )


class Run(BaseModel):
    """The values that differ when the same batch runs again: times, cache hits and the price."""

    model_config = _FROZEN

    batch: str
    created_at: datetime
    ended_at: datetime | None
    seconds: float | None
    """Duration from the start of planning to the end."""
    hits: int
    """Files that already existed."""
    milliseconds: Milliseconds
    price: Price
    sla: Sla


class Summary(BaseModel):
    """The totals of an ended batch. All fields except `run` are reproducible for the same request."""

    model_config = _FROZEN

    name: str
    state: BatchState
    counts: Counts
    audio_seconds: float
    bytes: int
    characters: int
    """Total of the finished items."""
    polly: Polly
    run: Run

    @classmethod
    def of(cls, batch: Batch, totals: Totals, now: datetime) -> Self:
        """Return the summary of an ended batch from the totals of its results."""
        return cls(
            name=batch.order.name,
            state=batch.state,
            counts=batch.counts,
            audio_seconds=totals.microseconds / _MICROSECONDS,
            bytes=totals.bytes,
            characters=totals.characters,
            polly=Polly.of(totals.characters),
            run=_run(batch, totals, now),
        )


def _run(batch: Batch, totals: Totals, now: datetime) -> Run:
    files, begun, ended = totals.states["done"], batch.begun_at, batch.ended_at
    seconds = max(0.0, (ended - begun).total_seconds()) if begun and ended else None
    return Run(
        batch=batch.id,
        created_at=batch.created_at,
        ended_at=batch.ended_at,
        seconds=seconds,
        hits=totals.hits,
        milliseconds=Milliseconds.of(totals.milliseconds),
        price=Price(total_usd=float(totals.price), per_file_usd=float(totals.price / files) if files else None),
        sla=Sla.of(batch, now),
    )
