"""When the metrics of batches are measured; herald.handlers.measures has their names."""

from collections.abc import Iterable
from datetime import datetime

from herald.handlers.measures import (
    BATCH_DONE,
    BATCH_IN_SLA,
    FAILED_COST,
    HIT,
    PAST_DEADLINE,
    ROW_ERRORS,
    SENTENCES_REUSED,
    SENTENCES_SPOKEN,
    file_made,
)
from herald.handlers.meter import Meter
from herald.jobs.batches.record import Gained, Record
from herald.jobs.batches.report import ItemResult
from herald.jobs.batches.sla import Sla
from herald.jobs.batches.states import BatchState


def items_ended(meter: Meter, batch: Record, results: Iterable[ItemResult], now: datetime) -> None:
    """Items of a batch were spoken, or could not be."""
    for result in results:
        if result.state == "done":
            file_made(meter, "item", result.price, characters=result.characters, audio_seconds=result.seconds)
            meter.add(HIT, int(result.hit), kind="item")
        elif result.state == "failed":
            meter.add(FAILED_COST, float(result.price), kind="item")
    if batch.order.deadline and now > batch.order.deadline:
        meter.add(PAST_DEADLINE, 1, kind="item")


def chunk_spoken(meter: Meter, gained: Gained) -> None:
    """A chunk took so many sentences."""
    meter.add(SENTENCES_SPOKEN, gained.spoken)
    meter.add(SENTENCES_REUSED, gained.reused)


def batch_ended(meter: Meter, batch: Record) -> None:
    """A batch ended. One that its owner has cancelled broke no promise."""
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
