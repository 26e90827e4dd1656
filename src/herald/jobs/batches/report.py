"""The report of a batch: what became of each row, as CSV and as JSONL, written as a stream."""

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from herald.jobs.batches.items import Item
from herald.jobs.batches.rows import RowError
from herald.jobs.job import JobError

_FROZEN = ConfigDict(frozen=True, extra="ignore")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a cell begins that a spreadsheet may run: https://owasp.org/www-community/attacks/CSV_Injection, with the
full-width forms."""
_PIECE = 1 << 16

type ResultState = Literal["done", "failed", "cancelled"]


class ItemResult(BaseModel):
    """What became of an item."""

    model_config = _FROZEN

    line: int
    id: str
    state: ResultState
    """cancelled: not spoken before the batch ended."""
    characters: int
    key: str | None = None
    """Of its file in the audio bucket."""
    seconds: float = Field(default=0.0, ge=0)
    """Of audio."""
    bytes: int = Field(default=0, ge=0)
    price: Decimal = Decimal(0)
    hit: bool = False
    """Whether the file was there already."""
    milliseconds: int = Field(default=0, ge=0)
    """That making it took."""
    error: JobError | None = None

    @classmethod
    def unspoken(cls, item: Item) -> Self:
        """For an item that has no result when its batch ends."""
        return cls(line=item.line, id=item.id, state="cancelled", characters=item.characters)


class ReportLine(BaseModel):
    """A line of the report: one for each row of the manifest."""

    model_config = _FROZEN

    line: int
    id: str | None
    state: ResultState | Literal["row_error"]
    key: str | None = None
    """Of the file in the audio bucket."""
    seconds: float | None = None
    bytes: int | None = None
    price_usd: float | None = None
    hit: bool | None = None
    milliseconds: int | None = None
    code: str | None = None
    message: str | None = None

    @classmethod
    def of(cls, end: ItemResult | RowError) -> Self:
        """The line of a result, or of a row that could not be spoken."""
        if isinstance(end, RowError):
            return cls(line=end.line, id=end.id, state="row_error", code=end.code, message=end.message)
        file = end.model_dump(include={"key", "seconds", "bytes", "hit", "milliseconds"}) if end.key else {}
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
    """The report as JSONL, in pieces."""
    yield from _pieces(ReportLine.of(end).model_dump_json() + "\n" for end in ends)


def to_csv(ends: Iterable[ItemResult | RowError]) -> Iterator[bytes]:
    """The report as CSV (RFC 4180), in pieces; no cell is a formula."""
    yield from _pieces(_csv_lines(ends))


def _csv_lines(ends: Iterable[ItemResult | RowError]) -> Iterator[str]:
    written = io.StringIO()
    # Everything in quotes: what parts cells elsewhere, as ; does, parts none here.
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(ReportLine.model_fields)
    for end in ends:
        writer.writerow([_cell(value) for _, value in ReportLine.of(end)])
        yield written.getvalue()
        written.seek(0)
        written.truncate()
    yield written.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return format(Decimal(str(value)), "f")
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULAS) else str(value)


def _pieces(texts: Iterable[str]) -> Iterator[bytes]:
    held = bytearray()
    for text in texts:
        held += text.encode()
        if len(held) >= _PIECE:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)
