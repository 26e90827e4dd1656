"""Results of all items of a batch, in plan order, including items of chunks that never finished."""

from collections.abc import Iterator

from herald.batches.batch_files import BatchFiles, Note
from herald.batches.batch_record import Record
from herald.batches.batch_states import BatchState
from herald.batches.item import Item
from herald.batches.planner import all_notes
from herald.batches.read_ahead import ahead
from herald.batches.report import ItemResult
from herald.jobs.job import JobError

_NOT_SPOKEN = JobError(
    code="not_spoken",
    message="The item's chunk was attempted several times and never finished. Redrive the batch.",
)


def results_of(folder: BatchFiles, batch: Record) -> Iterator[ItemResult]:
    """Yield the result of every item of a batch that has ended or is about to. Chunks are read concurrently."""

    def read(note: Note) -> list[ItemResult]:
        results = folder.results(note.chunk, batch.redrives)
        return results or [end_without_result(item, batch) for item in folder.items(note)]

    for results in ahead(read, all_notes(folder, batch.chunks)):
        yield from results


def end_without_result(item: Item, batch: Record) -> ItemResult:
    """Return the result of an item whose chunk has no results: cancelled, or failed with `not_spoken`."""
    unspoken = ItemResult.unspoken(item)
    if batch.state is BatchState.CANCELLED or batch.speaking_at is None:
        return unspoken
    return unspoken.model_copy(update={"state": "failed", "error": _NOT_SPOKEN})
