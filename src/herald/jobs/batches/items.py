"""What a plan is made of: items, and chunks of them, as they are written down between the functions."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, PrivateAttr

from herald.errors import UnreadableRow
from herald.jobs.batches.rows import RowError
from herald.jobs.script import Line, Script

_FROZEN = ConfigDict(frozen=True, extra="ignore")

type ItemRoute = Literal["queue", "gpu"]


class Item(BaseModel):
    """A row that will be spoken: all that decides how its file sounds, and where that is.

    A field unknown here may change the sound, so an item with one cannot be read, let alone spoken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int
    """Where its row begins in the manifest."""
    id: str
    text: str
    voice: str
    speaker: str | None
    response_format: str
    sample_rate: int
    speed: float
    route: ItemRoute
    audio_key: str
    characters: int

    @property
    def script(self) -> Script:
        """What is spoken."""
        line = Line(text=self.text, voice=self.voice, speaker=self.speaker)
        return Script(
            lines=(line,), response_format=self.response_format, sample_rate=self.sample_rate, speed=self.speed
        )


class UnreadableItem(Item):
    """Stands in the place of an item that cannot be read, so that the others of its chunk keep theirs."""

    @classmethod
    def at(cls, line: int, row_id: str, error: UnreadableRow, route: ItemRoute) -> "UnreadableItem":
        """Return the stand-in for an item of a line of the manifest."""
        self = cls.model_construct(
            line=line, id=row_id, text="", voice="", speaker=None, response_format="", sample_rate=0, speed=1.0,
            route=route, audio_key="", characters=0,
        )  # fmt: skip
        self._error = error
        return self

    _error: UnreadableRow = PrivateAttr()

    @property
    def script(self) -> Script:
        """Raise why it cannot be read."""
        raise self._error


class ChunkNote(BaseModel):
    """What the distributed map tells a child: which chunk to speak."""

    model_config = _FROZEN

    batch: str
    tenant: str
    chunk: int
    route: ItemRoute
    items: int


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """Items that one child speaks, all by one route."""

    number: int
    """From 0."""
    items: list[Item]

    def note(self, *, batch: str, tenant: str) -> ChunkNote:
        """What the map is told of it."""
        route = self.items[0].route
        return ChunkNote(batch=batch, tenant=tenant, chunk=self.number, route=route, items=len(self.items))


@dataclass(kw_only=True)
class Tally:
    """What a plan has come to."""

    row_errors: int = 0
    items: int = 0
    chunks: int = 0
    characters: int = 0

    @property
    def rows(self) -> int:
        """All that were read."""
        return self.row_errors + self.items

    def add(self, part: Chunk | RowError) -> None:
        """Count what the plan gave."""
        if isinstance(part, RowError):
            self.row_errors += 1
        else:
            self.chunks += 1
            self.items += len(part.items)
            self.characters += sum(item.characters for item in part.items)
