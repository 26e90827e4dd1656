"""The report of a batch: the result of each row, streamed as CSV and as JSONL, and the summary of all results."""

import csv
import io
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from herald.batches.batch import Batch, BatchState, Counts
from herald.batches.batch_events import Sla
from herald.batches.items import Item, ItemResult
from herald.batches.rows import RowError
from herald.pricing.prices import POLLY, READ_ON, SERVICES

_FROZEN = ConfigDict(frozen=True, extra="ignore")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""First characters of cells that a spreadsheet may evaluate, including full-width forms:
https://owasp.org/www-community/attacks/CSV_Injection"""
_PIECE = 1 << 16
_MICROSECONDS = 1_000_000

type ItemState = Literal["waiting", "done", "failed", "cancelled", "row_error"]


class ReportLine(BaseModel):
    """A line of the report: the state of a row of the manifest. An item may be waiting while the batch is speaking."""

    model_config = _FROZEN

    line: int
    id: str | None
    state: ItemState
    key: str | None = None
    """Key of the file in the audio bucket, or of the archive that contains it."""
    member: str | None = None
    """Name of the file in the archive."""
    seconds: float | None = None
    bytes: int | None = None
    price_usd: float | None = None
    hit: bool | None = None
    milliseconds: int | None = None
    code: str | None = None
    message: str | None = None

    @classmethod
    def of(cls, end: ItemResult | RowError | Item) -> Self:
        """Return the line of a result, of an invalid row, or of an item without a result."""
        if isinstance(end, Item):
            return cls(line=end.line, id=end.id, state="waiting")
        if isinstance(end, RowError):
            return cls(line=end.line, id=end.id, state="row_error", code=end.code, message=end.message)
        file = end.model_dump(include={"key", "member", "seconds", "bytes", "hit", "milliseconds"}) if end.key else {}
        return cls(
            line=end.line,
            id=end.id,
            state=end.state,
            price_usd=float(end.price),
            code=end.error and end.error.code,
            message=end.error and end.error.message,
            **file,
        )


def to_jsonl(ends: Iterable[ItemResult | RowError]) -> Iterator[bytes]:
    """Yield the report as JSONL, in pieces of about 64 KiB."""
    held = bytearray()
    for end in ends:
        held += f"{ReportLine.of(end).model_dump_json()}\n".encode()
        if len(held) >= _PIECE:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def to_csv(ends: Iterable[ItemResult | RowError]) -> Iterator[bytes]:
    """Yield the report as CSV (RFC 4180), in pieces of about 64 KiB. Cells that look like formulas are escaped."""
    written = io.StringIO()
    # Quote every cell: spreadsheets in some locales also split at a semicolon.
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(ReportLine.model_fields)
    for end in ends:
        writer.writerow([_cell(value) for _, value in ReportLine.of(end)])
        if written.tell() >= _PIECE:
            yield written.getvalue().encode()
            written.seek(0)
            written.truncate()
    if rest := written.getvalue():
        yield rest.encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return format(Decimal(str(value)), "f")
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULAS) else str(value)


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


class RunSummary(BaseModel):
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
    run: RunSummary

    @classmethod
    def of(cls, batch: Batch, totals: Totals, now: datetime) -> Self:
        """Return the summary of an ended batch from the totals of its results."""
        files, begun, ended = totals.states["done"], batch.begun_at, batch.ended_at
        run = RunSummary(
            batch=batch.id,
            created_at=batch.created_at,
            ended_at=ended,
            seconds=max(0.0, (ended - begun).total_seconds()) if begun and ended else None,
            hits=totals.hits,
            milliseconds=Milliseconds.of(totals.milliseconds),
            price=Price(total_usd=float(totals.price), per_file_usd=float(totals.price / files) if files else None),
            sla=Sla.of(batch, now),
        )
        return cls(
            name=batch.order.name,
            state=batch.state,
            counts=batch.counts,
            audio_seconds=totals.microseconds / _MICROSECONDS,
            bytes=totals.bytes,
            characters=totals.characters,
            polly=Polly.of(totals.characters),
            run=run,
        )
