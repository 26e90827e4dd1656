"""The verdict on a batch's deadline, and the EventBridge event of its end."""

from datetime import datetime, timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from herald.batches.batch import ENDS, Batch, BatchState, Counts
from herald.jobs.job import JobError

type Verdict = Literal["none", "unknown", "on_track", "at_risk", "met", "missed"]
VERSION = 1


class Sla(BaseModel):
    """A verdict, and its reason in words."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    verdict: Verdict
    reason: str

    @classmethod
    def of(cls, batch: Batch, now: datetime) -> Self:
        """Return the verdict for a batch at the time `now`."""
        deadline = batch.order.deadline
        if deadline is None:
            return cls(verdict="none", reason="The batch has no deadline.")
        if batch.ended_at is not None and batch.state is not BatchState.DONE:
            return cls(verdict="missed", reason=f"The batch ended as {batch.state.value}.")
        if batch.ended_at is not None and batch.ended_at > deadline:
            return cls(verdict="missed", reason=f"Done {_length(batch.ended_at - deadline)} after the deadline.")
        if batch.ended_at is not None:
            return cls(verdict="met", reason=f"Done {_length(deadline - batch.ended_at)} before the deadline.")
        if now > deadline:
            return cls(verdict="missed", reason=f"Not done, {_length(now - deadline)} after the deadline.")
        return cls._in_progress(batch.expected_end(now), deadline)

    @classmethod
    def _in_progress(cls, expected: datetime | None, deadline: datetime) -> Self:
        if expected is None:
            return cls(verdict="unknown", reason="No items have finished yet; no estimate is available.")
        if expected > deadline:
            return cls(verdict="at_risk", reason=f"Expected {_length(expected - deadline)} after the deadline.")
        return cls(verdict="on_track", reason=f"Expected {_length(deadline - expected)} before the deadline.")


def _length(time: timedelta) -> str:
    """Format a duration as H:MM:SS."""
    return str(timedelta(seconds=round(time.total_seconds())))


class BatchEnded(BaseModel):
    """The event's `detail`. It contains no text of the manifest.

    Later versions may add fields; existing fields keep their meaning.
    """

    model_config = ConfigDict(frozen=True)

    version: int = VERSION
    id: str
    tenant: str
    name: str
    state: BatchState
    """done, failed or cancelled."""
    use_case: str
    counts: Counts
    created_at: datetime
    begun_at: datetime | None
    ended_at: datetime
    deadline: datetime | None
    sla: Sla
    redrives: int
    """Each redrive leads to another event."""
    price_usd: float
    error: JobError | None
    metadata: dict[str, str]
    webhook_url: str | None

    @property
    def detail_type(self) -> str:
        """The event's DetailType: herald.batch.done, herald.batch.failed or herald.batch.cancelled."""
        return f"herald.batch.{self.state.value}"

    @classmethod
    def of(cls, batch: Batch) -> Self:
        """Return the event of an ended batch; raise ValueError if it has not ended."""
        if batch.state not in ENDS or batch.ended_at is None:
            raise ValueError(f"A batch in state {batch.state.value} has not ended.")
        copied = {"id", "tenant", "state", "counts", "created_at", "begun_at", "ended_at", "redrives", "error"}
        return cls(
            **{name: getattr(batch, name) for name in copied},
            name=batch.order.name,
            use_case=batch.order.use_case,
            deadline=batch.order.deadline,
            metadata=batch.order.metadata,
            webhook_url=batch.order.webhook_url,
            sla=Sla.of(batch, batch.ended_at),
            price_usd=float(batch.price),
        )
