"""The results of a batch's items, in plan order: all of them for the report, or a page, followed by row errors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, zip_longest

from herald.batches.batch import Batch, BatchState
from herald.batches.batch_files import BatchFiles, read_ahead
from herald.batches.items import ChunkNote, Item, ItemResult
from herald.batches.report import ItemState, ReportLine
from herald.errors import InvalidCursor
from herald.jobs.job import JobError

_NOT_SPOKEN = JobError(
    code="not_spoken",
    message="The item's chunk was attempted several times and never finished. Redrive the batch.",
)
_CHUNKS = 32
"""Most chunks that are read for a page. A selective filter gives a short page with a cursor, not a slow response."""
_PLACE = re.compile(r"(?P<kind>[ie])(?P<at>[1-9]\d{0,14}|0)(?:\.(?P<index>[1-9]\d{0,3}))?", re.ASCII)

type _Placed = tuple[str, ReportLine | None]
"""The cursor after an item, and the item; or None with the cursor at which reading stopped for this page."""


def results_of(folder: BatchFiles, batch: Batch) -> Iterator[ItemResult]:
    """Yield the result of every item of a batch that has ended or is about to. Chunks are read concurrently."""

    def read(note: ChunkNote) -> list[ItemResult]:
        results = folder.results(note.chunk, batch.redrives)
        return results or [end_without_result(item, batch) for item in folder.items(note)]

    for results in read_ahead(read, folder.all_notes(batch.chunks)):
        yield from results


def end_without_result(item: Item, batch: Batch) -> ItemResult:
    """Return the result of an item whose chunk has no results: cancelled, or failed with `not_spoken`."""
    unspoken = ItemResult.unspoken(item)
    if batch.state is BatchState.CANCELLED or batch.speaking_at is None:
        return unspoken
    return unspoken.model_copy(update={"state": "failed", "error": _NOT_SPOKEN})


@dataclass(kw_only=True)
class ItemPage:
    """Items, and the cursor of the next page; None on the last page."""

    items: list[ReportLine] = field(default_factory=list)
    cursor: str | None = None


def page_of(folder: BatchFiles, batch: Batch, *, limit: int, cursor: str | None, state: ItemState | None) -> ItemPage:
    """Return a page of up to `limit` items of one state, or of all; raise InvalidCursor for an invalid cursor."""
    found, after = ItemPage(), None
    for place, item in _items_after(folder, batch, cursor, state, limit):
        if item is None:
            found.cursor = after if len(found.items) == limit else place
            return found
        if state not in {None, item.state}:
            continue
        if len(found.items) == limit:
            found.cursor = after
            return found
        found.items.append(item)
        after = place
    return found


def _items_after(
    folder: BatchFiles, batch: Batch, cursor: str | None, state: ItemState | None, limit: int
) -> Iterator[_Placed]:
    """Yield the items after a cursor, of at most _CHUNKS chunks, then row errors if the filter admits them."""
    kind, at, index = _parse_cursor(folder, batch, cursor)
    if kind == "i" and state != "row_error":
        last = min(at + _CHUNKS, batch.chunks)
        # Usually all items are done. Other filters may find few, so that all chunks are read at once.
        wanted = index + limit + 1 if state in {None, "done"} else 0
        yield from _items(folder, batch, range(at, last), index, wanted)
        if last < batch.chunks:
            yield f"i{last}", None
            return
    if state in {None, "row_error"} and batch.counts.row_errors:
        for place, error in folder.row_errors(at if kind == "e" else 0):
            yield f"e{place}", ReportLine.of(error)


def _parse_cursor(folder: BatchFiles, batch: Batch, cursor: str | None) -> tuple[str, int, int]:
    """Parse a cursor: ("i", chunk, index) for an item, ("e", byte offset, 0) for a row error.

    Raise InvalidCursor unless a page of this batch can have ended there.
    """
    if cursor is None:
        return "i", 0, 0
    if place := _PLACE.fullmatch(cursor):
        kind, at, index = place["kind"], int(place["at"]), int(place["index"] or 0)
        if kind == "e":
            is_valid = index == 0 < at and batch.counts.row_errors > 0 and folder.begins_row_error(at)
        elif index == 0:
            is_valid = 0 < at < batch.chunks
        else:
            notes = folder.notes(at, 1) if at < batch.chunks else []
            is_valid = bool(notes) and index <= notes[0].items
        if is_valid:
            return kind, at, index
    raise InvalidCursor(
        "Invalid cursor for this list. Send the next_cursor of the previous page unchanged.", param="cursor"
    )


def _items(folder: BatchFiles, batch: Batch, chunks: range, index: int, wanted: int) -> Iterator[_Placed]:
    """Yield the items of chunks, from `index` of the first one on. Chunks beyond `wanted` items are read last."""

    def read(note: ChunkNote) -> list[ReportLine]:
        items = folder.items(note)
        results: list[ItemResult] | list[None] = folder.results(note.chunk, batch.redrives) or []
        if not results and batch.ended:
            results = [end_without_result(item, batch) for item in items]
        return [ReportLine.of(result or item) for item, result in zip_longest(items, results)]

    notes = folder.notes(chunks.start, len(chunks)) if chunks else []
    before = sum(items < wanted for items in accumulate((note.items for note in notes), initial=0))
    for part in (notes[:before], notes[before:]):
        for note, items in zip(part, read_ahead(read, part), strict=True):
            for at, item in enumerate(items):
                if note.chunk > chunks.start or at >= index:
                    yield f"i{note.chunk}.{at + 1}", item
