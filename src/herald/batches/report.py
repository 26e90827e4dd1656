"""The report of a batch: the result of each row, streamed as CSV and as JSONL."""

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from herald.batches.item import Item
from herald.batches.manifest_row import RowError
from herald.jobs.job import JobError

_FROZEN = ConfigDict(frozen=True, extra="ignore")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""First characters of cells that a spreadsheet may evaluate, including full-width forms:
https://owasp.org/www-community/attacks/CSV_Injection"""
_PIECE = 1 << 16

type ResultState = Literal["done", "failed", "cancelled"]


class ItemResult(BaseModel):
    """The result of an item."""

    model_config = _FROZEN

    line: int
    id: str
    state: ResultState
    """`cancelled` if the item was not synthesized before the batch ended."""
    characters: int
    key: str | None = None
    """Key of the file in the audio bucket."""
    seconds: float = Field(default=0.0, ge=0)
    """Duration of the audio."""
    bytes: int = Field(default=0, ge=0)
    price: Decimal = Decimal(0)
    hit: bool = False
    """Whether the file already existed."""
    milliseconds: int = Field(default=0, ge=0)
    """Processing time."""
    error: JobError | None = None

    @classmethod
    def unspoken(cls, item: Item) -> Self:
        """Return the result of an item that was not processed before its batch ended."""
        return cls(line=item.line, id=item.id, state="cancelled", characters=item.characters)


class ReportLine(BaseModel):
    """A line of the report. Each row of the manifest has one."""

    model_config = _FROZEN

    line: int
    id: str | None
    state: ResultState | Literal["row_error"]
    key: str | None = None
    """Key of the file in the audio bucket."""
    seconds: float | None = None
    bytes: int | None = None
    price_usd: float | None = None
    hit: bool | None = None
    milliseconds: int | None = None
    code: str | None = None
    message: str | None = None

    @classmethod
    def of(cls, end: ItemResult | RowError) -> Self:
        """Return the line of a result or of an invalid row."""
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
    """Yield the report as JSONL, in pieces of about 64 KiB."""
    yield from _pieces(ReportLine.of(end).model_dump_json() + "\n" for end in ends)


def to_csv(ends: Iterable[ItemResult | RowError]) -> Iterator[bytes]:
    """Yield the report as CSV (RFC 4180), in pieces of about 64 KiB. Cells that look like formulas are escaped."""
    yield from _pieces(_csv_lines(ends))


def _csv_lines(ends: Iterable[ItemResult | RowError]) -> Iterator[str]:
    written = io.StringIO()
    # Quote every cell: spreadsheets in some locales also split at a semicolon.
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
