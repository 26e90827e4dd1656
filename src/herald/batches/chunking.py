"""Join the blocks of items of a plan into chunks of equal expected time, and write the files of the plan."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pydantic import BaseModel

from herald.batches.archive import EXPECTED_ARCHIVE_BYTES
from herald.batches.batch_ports import Write
from herald.batches.items import ChunkNote, Item, ItemRoute
from herald.batches.rows import RowError
from herald.jobs.job_price import JOINING_SECONDS

MOST_SECONDS = 270.0
"""Most expected processor seconds of a chunk, if no sentence is shared: a third of the function's 15 minutes."""
LEAST_SECONDS = 10.0
"""Expected seconds of the shortest chunk: a child execution costs as much as three seconds of a function."""
MOST_ITEMS = 500
"""Most items of a chunk, so that the counts of a batch change often enough."""
_CHUNKS_EACH = 4
"""Chunks per concurrent function, so that all functions end at about the same time."""


class Block(NamedTuple):
    """Consecutive items of the same route, as a part of the file of all items."""

    route: ItemRoute
    items: int
    size: int
    """Bytes in the file of items."""
    seconds: float
    """Expected processor seconds, if no sentence is shared."""
    audio_bytes: int
    """Expected size of the files in an archive; 0 without archives."""


class Work(NamedTuple):
    """The expected work of a plan's items on the CPU."""

    items: int
    seconds: float
    """Processor seconds, if no sentence is shared."""
    new: float = 1.0
    """The share of the text that no other row contains, so that chunks have to synthesize it."""

    @property
    def total(self) -> float:
        """Expected processor seconds of all items."""
        return self.of(self.items, self.seconds)

    def of(self, items: int, seconds: float) -> float:
        """Return the expected processor seconds of `items` that would take `seconds` without shared sentences."""
        return seconds * self.new + items * JOINING_SECONDS

    def chunk_seconds(self, concurrency: int) -> float:
        """Return the expected seconds of a chunk."""
        return max(LEAST_SECONDS, self.total / (concurrency * _CHUNKS_EACH))

    def chunk_items(self, concurrency: int) -> int:
        """Return the number of items of a chunk, if all items are equally long."""
        return max(1, min(MOST_ITEMS, int(self.chunk_seconds(concurrency) / self.total * self.items)))


def work_of(blocks: Iterable[Block], new: float) -> Work:
    """Return the work of the blocks for the CPU."""
    spoken = [block for block in blocks if block.route == "queue"]
    return Work(sum(block.items for block in spoken), sum(block.seconds for block in spoken), new)


def joined(blocks: Iterable[Block], work: Work, seconds: float) -> Iterator[Block]:
    """Yield chunks of about `seconds` expected seconds, joined from consecutive blocks. A GPU item stays alone."""
    held: Block | None = None
    for block in blocks:
        if held and (block.route != "queue" or not _fits(held, block, work, seconds)):
            yield held
            held = None
        if block.route != "queue":
            yield block
        else:
            held = _sum(held, block) if held else block
    if held:
        yield held


def _fits(held: Block, block: Block, work: Work, seconds: float) -> bool:
    both = _sum(held, block)
    return (
        both.items <= MOST_ITEMS
        and both.seconds <= MOST_SECONDS
        and both.audio_bytes <= EXPECTED_ARCHIVE_BYTES
        and work.of(both.items, both.seconds) <= seconds
    )


def _sum(first: Block, second: Block) -> Block:
    return Block(
        first.route,
        first.items + second.items,
        first.size + second.size,
        first.seconds + second.seconds,
        first.audio_bytes + second.audio_bytes,
    )


class PlanWriter:
    """Writes a plan: its items, its invalid rows, and finally the notes of its chunks."""

    def __init__(self, tenant: str, batch: str, *, items: Write, notes: Write, errors: Write) -> None:
        self._tenant, self._batch = tenant, batch
        self._items, self._notes, self._errors = items, notes, errors

    def add(self, part: Sequence[Item] | RowError) -> int:
        """Write items or an invalid row; return the bytes that were added to the file of items."""
        if isinstance(part, RowError):
            self._errors(part.model_dump_json().encode() + b"\n")
            return 0
        body = json_lines(part)
        self._items(body)
        return len(body)

    def put_chunks(self, chunks: Iterable[Block]) -> int:
        """Write the notes of chunks, which together contain all items in order; return their number."""
        count = place = 0
        for chunk in chunks:
            note = ChunkNote(
                batch=self._batch,
                tenant=self._tenant,
                chunk=count,
                route=chunk.route,
                items=chunk.items,
                start=place,
                size=chunk.size,
            )
            self._notes(note.line())
            count, place = count + 1, place + chunk.size
        return count


def json_lines(models: Iterable[BaseModel]) -> bytes:
    """Return models as lines of JSON."""
    return "".join(f"{model.model_dump_json()}\n" for model in models).encode()
