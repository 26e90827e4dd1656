"""What became of each item of a batch, in the order of its plan, whether or not its chunk came to an end."""

from collections.abc import Iterator

from herald.jobs.batches.ahead import ahead
from herald.jobs.batches.folder import Folder, Note
from herald.jobs.batches.items import Item
from herald.jobs.batches.planning import all_notes
from herald.jobs.batches.record import Record
from herald.jobs.batches.report import ItemResult
from herald.jobs.batches.states import BatchState
from herald.jobs.job import JobError

_LEFT = JobError(
    code="not_spoken",
    message="Its chunk was tried several times and never came to an end. Redrive the batch.",
)


def ends_of(folder: Folder, batch: Record) -> Iterator[ItemResult]:
    """The results of all items of a batch that has ended, or is about to; several chunks are read at once."""

    def read(note: Note) -> list[ItemResult]:
        results = folder.results(note.chunk, batch.redrives)
        return results or [end_without_result(item, batch) for item in folder.items(note)]

    for results in ahead(read, all_notes(folder, batch.chunks)):
        yield from results


def end_without_result(item: Item, batch: Record) -> ItemResult:
    """How an item ended that nobody wrote down."""
    unspoken = ItemResult.unspoken(item)
    if batch.state is BatchState.CANCELLED or batch.speaking_at is None:
        return unspoken
    return unspoken.model_copy(update={"state": "failed", "error": _LEFT})
