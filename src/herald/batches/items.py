"""The parts of a plan and its results, as stored between functions: items, chunks of items, results of items."""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from herald.batches.rows import RowError
from herald.errors import UnreadableRow
from herald.jobs.job import AudioFile, JobError
from herald.jobs.request_fields import USUAL_PAUSES, PauseSettings, are_usual
from herald.jobs.script import Cast, LexiconReference, Line, Script, is_empty, is_plain
from herald.speech.reading.markup import TextFormat

_FROZEN = ConfigDict(frozen=True, extra="ignore")

NOTE_BYTES = 256
"""Length of a line of chunks.jsonl: note number n starts at byte n * NOTE_BYTES."""

SPOKEN_FIELDS = ("response_format", "sample_rate", "speed", "text_format", "cast", "pause", "lexicons")
"""Fields that an item has in common with its script."""
_FREE = Decimal(0)


def _is_missing(value: object) -> bool:
    return value is None


type ItemRoute = Literal["queue", "gpu"]

type ResultState = Literal["done", "failed", "cancelled"]


class Item(BaseModel):
    """A valid row, with everything that determines its audio and the key of its file.

    Unknown fields are rejected: a field of a newer version may change the audio.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int
    """Line of the manifest on which the row begins, from 1."""
    id: str
    text: str
    voice: str
    speaker: str | None
    response_format: str
    sample_rate: int
    speed: float
    text_format: TextFormat = Field(default="plain", exclude_if=is_plain)
    cast: Cast = Field(default={}, exclude_if=is_empty)
    pause: PauseSettings = Field(default=USUAL_PAUSES, exclude_if=are_usual)
    lexicons: tuple[LexiconReference, ...] = Field(default=(), exclude_if=is_empty)
    route: ItemRoute
    audio_key: str
    characters: int

    @property
    def script(self) -> Script:
        """The script to synthesize."""
        line = Line(text=self.text, voice=self.voice, speaker=self.speaker)
        return Script(lines=(line,), **{name: getattr(self, name) for name in SPOKEN_FIELDS})


class UnreadableItem(Item):
    """Placeholder for an unreadable item, so that the other items of the chunk keep their position."""

    @classmethod
    def at(cls, line: int, row_id: str, error: UnreadableRow, route: ItemRoute) -> "UnreadableItem":
        """Return the placeholder for the item on a line of the manifest."""
        self = cls.model_construct(
            line=line, id=row_id, text="", voice="", speaker=None, response_format="", sample_rate=0, speed=1.0,
            route=route, audio_key="", characters=0,
        )  # fmt: skip
        self._error = error
        return self

    _error: UnreadableRow = PrivateAttr()

    @property
    def script(self) -> Script:
        """Raise the UnreadableRow error of the item."""
        raise self._error


class ChunkNote(BaseModel):
    """The input of a child execution: a chunk of items with the same route, and their byte range in items.jsonl."""

    model_config = _FROZEN

    batch: str
    tenant: str
    chunk: int
    """From 0."""
    route: ItemRoute
    items: int
    run: int = 0
    start: int
    size: int

    def line(self) -> bytes:
        """Return the line of chunks.jsonl, padded to NOTE_BYTES."""
        return self.model_dump_json().encode().ljust(NOTE_BYTES - 1) + b"\n"


@dataclass(kw_only=True)
class Tally:
    """Totals of a plan."""

    row_errors: int = 0
    items: int = 0
    chunks: int = 0
    characters: int = 0
    remarks: list[str] = dataclass_field(default_factory=list)
    """Notes about how the manifest was read, if that may be unexpected."""

    @property
    def rows(self) -> int:
        """All rows of the manifest."""
        return self.row_errors + self.items

    def add(self, part: list[Item] | RowError) -> None:
        """Add one part of the plan: a chunk or an invalid row."""
        if isinstance(part, RowError):
            self.row_errors += 1
        else:
            self.chunks += 1
            self.items += len(part)
            self.characters += sum(item.characters for item in part)


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
    member: str | None = Field(default=None, exclude_if=_is_missing)
    """Name of the file in the archive `key`; None if it is a file of its own."""
    hit: bool = False
    """Whether the file already existed."""
    milliseconds: int = Field(default=0, ge=0)
    """Processing time."""
    error: JobError | None = None

    @classmethod
    def done(
        cls, item: Item, file: AudioFile, price: Decimal = _FREE, *, hit: bool = False, member: str | None = None
    ) -> Self:
        """Return the result of an item with its file, or `member` of an archive; `hit` if it already existed."""
        return cls(
            line=item.line,
            id=item.id,
            state="done",
            characters=item.characters,
            key=file.key,
            seconds=file.seconds,
            bytes=file.bytes,
            price=price,
            member=member,
            hit=hit,
        )

    @classmethod
    def failed(cls, item: Item, error: JobError, price: Decimal = _FREE) -> Self:
        """Return the result of an item that failed."""
        return cls(line=item.line, id=item.id, state="failed", characters=item.characters, price=price, error=error)

    @classmethod
    def unspoken(cls, item: Item) -> Self:
        """Return the result of an item that was not processed before its batch ended."""
        return cls(line=item.line, id=item.id, state="cancelled", characters=item.characters)


class ChunkTotals(BaseModel):
    """The amounts that chunks add to a batch's totals. The price is in US dollars."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    done: int = 0
    failed: int = 0
    price: Decimal = Decimal(0)
    audio_milliseconds: int = 0
    spoken: int = 0
    """Sentences that were synthesized."""
    reused: int = 0
    """Sentences that came from the cache."""

    @classmethod
    def of(cls, results: Iterable[ItemResult], *, spoken: int = 0, reused: int = 0) -> Self:
        """Return the gains of a chunk from its new results."""
        results = [*results]
        return cls(
            done=sum(result.state == "done" for result in results),
            failed=sum(result.state == "failed" for result in results),
            price=sum((result.price for result in results), Decimal(0)),
            audio_milliseconds=sum(round(result.seconds * 1000) for result in results),
            spoken=spoken,
            reused=reused,
        )
