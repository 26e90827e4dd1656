"""What a batch came to, from the results of its items."""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict

from herald.jobs.batches.batch import Batch
from herald.jobs.batches.counts import Counts
from herald.jobs.batches.report import ItemResult
from herald.jobs.batches.sla import Sla
from herald.jobs.batches.states import BatchState
from herald.jobs.others import POLLY, READ_ON, SERVICES

_FROZEN = ConfigDict(frozen=True, extra="ignore")
_MICROSECONDS = 1_000_000


@dataclass(kw_only=True)
class Totals:
    """Adds up results, in any order; holds 8 bytes of each."""

    states: Counter[str] = field(default_factory=Counter)
    microseconds: int = 0
    """Of audio: whole numbers add up to the same in any order."""
    bytes: int = 0
    characters: int = 0
    """Of items that are done."""
    hits: int = 0
    price: Decimal = Decimal(0)
    milliseconds: array[int] = field(default_factory=lambda: array("Q"))

    @classmethod
    def of(cls, results: Iterable[ItemResult]) -> Self:
        """Of all results, one for each item."""
        totals = cls()
        for result in results:
            totals.add(result)
        return totals

    def add(self, result: ItemResult) -> None:
        """Count one more."""
        self.states[result.state] += 1
        self.price += result.price
        if result.state == "done":
            self.microseconds += round(result.seconds * _MICROSECONDS)
            self.bytes += result.bytes
            self.characters += result.characters
            self.hits += result.hit
            self.milliseconds.append(result.milliseconds)

    def counts(self, planned: Counts) -> Counts:
        """How the rows of a plan ended; ValueError where there are more ends than items."""
        ends = {"done": self.states["done"], "failed": self.states["failed"], "cancelled": self.states["cancelled"]}
        return Counts(rows=planned.rows, row_errors=planned.row_errors, **ends)


class Milliseconds(BaseModel):
    """How long making a file took; None where none was made."""

    model_config = _FROZEN

    p50: int | None
    p95: int | None

    @classmethod
    def of(cls, values: array[int]) -> Self:
        """The nearest rank: half, or 95 %, of the files took no longer."""
        ranked = sorted(values)
        at = {name: -(-len(ranked) * percent // 100) - 1 for name, percent in (("p50", 50), ("p95", 95))}
        return cls(**{name: ranked[place] if ranked else None for name, place in at.items()})


class Price(BaseModel):
    """What it cost, in US dollars."""

    model_config = _FROZEN

    total_usd: float
    per_file_usd: float | None
    """None where there is no file."""


class Polly(BaseModel):
    """What Amazon Polly asks for the characters of the files."""

    model_config = _FROZEN

    standard_usd: float
    neural_usd: float
    source: str = POLLY
    read_on: date = READ_ON

    @classmethod
    def of(cls, characters: int) -> Self:
        """For so many characters."""
        return cls(
            standard_usd=float(SERVICES["polly_standard"].price(characters)),
            neural_usd=float(SERVICES["polly_neural"].price(characters)),
        )


class Run(BaseModel):
    """What differs when the same batch runs again: it is another time, and the files are there."""

    model_config = _FROZEN

    batch: str
    created_at: datetime
    ended_at: datetime | None
    seconds: float | None
    """From its beginning to its end."""
    hits: int
    """Files that were there already."""
    milliseconds: Milliseconds
    price: Price
    sla: Sla


class Summary(BaseModel):
    """The end of a batch in numbers. All but `run` is the same for the same batch."""

    model_config = _FROZEN

    name: str
    state: BatchState
    counts: Counts
    audio_seconds: float
    bytes: int
    characters: int
    """Of the files."""
    polly: Polly
    run: Run

    @classmethod
    def of(cls, batch: Batch, totals: Totals, now: datetime) -> Self:
        """Of a batch that has ended, as its results say."""
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
    files = totals.states["done"]
    return Run(
        batch=batch.id,
        created_at=batch.created_at,
        ended_at=batch.ended_at,
        seconds=_seconds(batch.begun_at, batch.ended_at),
        hits=totals.hits,
        milliseconds=Milliseconds.of(totals.milliseconds),
        price=Price(total_usd=float(totals.price), per_file_usd=float(totals.price / files) if files else None),
        sla=Sla.of(batch, now),
    )


def _seconds(begun: datetime | None, ended: datetime | None) -> float | None:
    return max(0.0, (ended - begun).total_seconds()) if begun and ended else None
