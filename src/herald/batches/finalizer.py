"""Finish a batch: write the report, set the end state, publish the event.

Idempotent. Counts and price come from the stored results, not from the running totals.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from herald.batches.batch import Batch, BatchState
from herald.batches.batch_files import BatchFiles
from herald.batches.batch_ports import BatchEvents, BatchTable, Objects
from herald.batches.item_results import results_of
from herald.batches.items import ItemResult
from herald.batches.report import Summary, Totals, to_csv, to_jsonl
from herald.batches.rows import RowError
from herald.clock import Clock
from herald.errors import MalformedMessage
from herald.jobs.job import JobError
from herald.jobs.ports import Spend

type BatchWatch = Callable[[Batch], None]
"""Called with the ended batch, once for each run, to record metrics."""

_STOPPED = JobError(
    code="execution_failed",
    message="The state machine's execution failed. Find the cause in its history, fix it, and redrive the batch.",
)


@dataclass(kw_only=True)
class Finalizer:
    """Ends the runs of batches."""

    table: BatchTable
    objects: Objects
    events: BatchEvents
    clock: Clock
    watch: BatchWatch | None = None

    def finish(self, batch_id: str, tenant: str, *, run: int, stopped: bool) -> Batch:
        """End a run of a batch and return the batch; `stopped` if the execution failed before all chunks ran.

        Raise MalformedMessage if the tenant has no such batch.
        """
        batch = self.table.get(batch_id)
        if batch is None or batch.tenant != tenant:
            raise MalformedMessage("The message names a batch that does not exist.")
        if batch.redrives != run or (batch.ended and batch.published):
            return batch
        folder = BatchFiles.of(self.objects, batch)
        totals = _write_report(folder, batch)

        def ended(batch: Batch) -> Batch:
            counts = totals.counts(batch.counts)
            batch = batch.model_copy(update={"audio_seconds": totals.microseconds / 1_000_000})
            if batch.ended:
                return batch.model_copy(update={"counts": counts.closed(), "price": totals.price})
            # If every item is done, the execution failed after the work, and there is nothing to redrive.
            if batch.state is not BatchState.SPEAKING or (stopped and counts.failed + counts.cancelled):
                sums = {"counts": counts, "price": totals.price}
                return batch.moved(BatchState.FAILED, at=self.clock(), error=_STOPPED, **sums)
            return batch.finished(counts, at=self.clock(), price=totals.price)

        batch = self.table.change(batch_id, ended)
        summary = Summary.of(batch, totals, self.clock()).model_dump_json(indent=2)
        folder.put_report("summary", [summary.encode() + b"\n"])
        published = self.publish(batch)
        if self.watch:
            self.watch(published)
        return published

    def publish(self, batch: Batch) -> Batch:
        """Publish the end of a batch, record that it was published, and add its price to the tenant's spend."""
        self.events.publish_batch(batch)

        def published(batch: Batch) -> Batch:
            return batch.model_copy(update={"published": True, "counted_price": batch.price})

        def spend(before: Batch, after: Batch) -> Spend | None:
            uncounted = after.price - before.counted_price  # of a redrive, only what it added
            return Spend(after.tenant, uncounted, after.ended_at or self.clock()) if uncounted > 0 else None

        return self.table.change(batch.id, published, spend)


def _write_report(folder: BatchFiles, batch: Batch) -> Totals:
    """Write the report as JSONL and CSV, and return the totals of its results."""
    totals = Totals()

    def counted(results: Iterator[ItemResult]) -> Iterator[ItemResult]:
        for result in results:
            totals.add(result)
            yield result

    folder.put_report("jsonl", to_jsonl(_by_line(counted(results_of(folder, batch)), folder, batch)))
    folder.put_report("csv", to_csv(_by_line(results_of(folder, batch), folder, batch)))
    return totals


def _by_line(results: Iterator[ItemResult], folder: BatchFiles, batch: Batch) -> Iterator[ItemResult | RowError]:
    """Merge results and row errors in manifest order. GPU items may appear slightly before their line."""
    # A plan that was never completed leaves a file of row errors that does not count.
    errors = (error for _, error in folder.row_errors()) if batch.counts.row_errors else iter(())
    return heapq.merge(results, errors, key=lambda end: end.line)
