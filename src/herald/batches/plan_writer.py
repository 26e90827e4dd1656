"""The files of a plan, as they are written."""

from collections.abc import Iterable, Sequence

from pydantic import BaseModel

from herald.batches.batch_ports import Write
from herald.batches.chunking import Block
from herald.batches.items import ChunkNote, Item
from herald.batches.rows import RowError


class PlanWriter:
    """Writes a plan: its items, its invalid rows, and at its end the notes of its chunks."""

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
    return "".join(f"{one.model_dump_json()}\n" for one in models).encode()
