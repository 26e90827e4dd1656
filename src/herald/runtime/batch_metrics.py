"""What the batch functions record in metrics."""

from collections.abc import Iterable
from datetime import datetime

from herald.batches.batch import Batch, BatchState
from herald.batches.batch_events import Sla
from herald.batches.items import ChunkTotals, ItemResult
from herald.runtime.metrics import BATCH_DONE, BATCH_IN_SLA, PAST_DEADLINE, ROW_ERRORS, Meter, file_failed, file_made


def items_ended(meter: Meter, batch: Batch, results: Iterable[ItemResult], now: datetime) -> None:
    """Record the results of a batch's items in metrics: done, failed, past the deadline."""
    for result in results:
        if result.state == "done":
            file_made(meter, "item", result.price, characters=result.characters, audio_seconds=result.seconds)
            meter.note(hits=int(result.hit))
        elif result.state == "failed":
            file_failed(meter, result.price)
    if batch.order.deadline and now > batch.order.deadline:
        meter.add(PAST_DEADLINE, 1, kind="item")


def chunk_spoken(meter: Meter, gained: ChunkTotals) -> None:
    """Record how many sentences of a chunk were synthesized and how many were reused."""
    meter.note(sentences_spoken=gained.spoken, sentences_reused=gained.reused)


def batch_ended(meter: Meter, batch: Batch) -> None:
    """Record the end of a batch. A cancelled batch counts neither as done nor as late."""
    if not batch.redrives:
        meter.add(ROW_ERRORS, batch.counts.row_errors)
    if batch.state is BatchState.CANCELLED:
        return
    meter.add(BATCH_DONE, int(batch.state is BatchState.DONE))
    verdict = Sla.of(batch, batch.updated_at).verdict
    if verdict in {"met", "missed"}:
        meter.add(BATCH_IN_SLA, int(verdict == "met"))
    if verdict == "missed":
        meter.add(PAST_DEADLINE, 1, kind="item")
