"""Finishing: the report, the end, and telling it. Done twice, it is the same; what the results say is the truth."""

import heapq
from collections.abc import Callable, Iterator

from herald.errors import BrokenMessage
from herald.jobs.batches.ends import ends_of
from herald.jobs.batches.folder import Folder
from herald.jobs.batches.ports import BatchEvents, BatchTable, Objects
from herald.jobs.batches.record import Record
from herald.jobs.batches.report import ItemResult, to_csv, to_jsonl
from herald.jobs.batches.rows import RowError
from herald.jobs.batches.states import BatchState
from herald.jobs.batches.summary import Summary, Totals
from herald.jobs.job import JobError
from herald.jobs.ports import Clock

type BatchWatch = Callable[[Record], None]
"""Hears of a batch that has ended here, once for each run."""

_STOPPED = JobError(
    code="execution_failed",
    message="The state machine gave up. Its execution's history tells why; mend that, and redrive the batch.",
)


class Finishing:
    """Ends batches."""

    def __init__(
        self,
        *,
        table: BatchTable,
        objects: Objects,
        events: BatchEvents,
        clock: Clock,
        watch: BatchWatch | None = None,
    ) -> None:
        self._watch = watch
        self._table = table
        self._objects = objects
        self._events = events
        self._clock = clock

    def finish(self, batch_id: str, tenant: str, *, run: int, stopped: bool) -> Record:
        """End a run of a batch; `stopped` where the state machine could not do all of it."""
        batch = self._table.get(batch_id)
        if batch is None or batch.tenant != tenant:
            raise BrokenMessage("The batch is none that is known.")
        if batch.redrives != run or (batch.ended and batch.told):
            return batch
        folder = Folder.of(self._objects, batch)
        totals = self._report(folder, batch)
        ended = self._table.change(batch_id, lambda batch: self._ended(batch, totals, stopped=stopped))
        summary = Summary.of(ended, totals, self._clock()).model_dump_json(indent=2)
        folder.put_report("summary", [summary.encode() + b"\n"])
        told = self.tell(ended)
        if self._watch:
            self._watch(told)
        return told

    def tell(self, batch: Record) -> Record:
        """Tell the end of a batch to everybody who listens."""
        self._events.publish_batch(batch)
        return self._table.change(batch.id, lambda batch: batch.model_copy(update={"told": True}))

    def _report(self, folder: Folder, batch: Record) -> Totals:
        """Write what became of each row, and add it up."""
        totals = Totals()

        def counted(results: Iterator[ItemResult]) -> Iterator[ItemResult]:
            for result in results:
                totals.add(result)
                yield result

        folder.put_report("jsonl", to_jsonl(_by_line(counted(ends_of(folder, batch)), folder, batch)))
        folder.put_report("csv", to_csv(_by_line(ends_of(folder, batch), folder, batch)))
        return totals

    def _ended(self, batch: Record, totals: Totals, *, stopped: bool) -> Record:
        counts, now = totals.counts(batch.counts), self._clock()
        heard = batch.model_copy(update={"audio_seconds": totals.microseconds / 1_000_000})
        if batch.ended:
            return heard.model_copy(update={"counts": counts.closed(), "price": totals.price})
        if stopped or batch.state is not BatchState.SPEAKING:
            return heard.moved(BatchState.FAILED, at=now, error=_STOPPED, counts=counts, price=totals.price)
        return heard.finished(counts, at=now, price=totals.price)


def _by_line(results: Iterator[ItemResult], folder: Folder, batch: Record) -> Iterator[ItemResult | RowError]:
    """Results and row errors as they stand in the manifest; items of the GPU may come a little before their place."""
    # A plan that was not finished is not the batch's.
    errors = (error for _, error in folder.row_errors()) if batch.counts.row_errors else iter(())
    return heapq.merge(results, errors, key=lambda end: end.line)
