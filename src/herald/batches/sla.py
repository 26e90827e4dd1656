"""Whether a batch meets its deadline."""

from datetime import datetime, timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from herald.batches.batch import Batch
from herald.batches.batch_states import BatchState

type Verdict = Literal["none", "unknown", "on_track", "at_risk", "met", "missed"]


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
        if batch.ended_at is not None:
            return cls._at_end(batch, batch.ended_at - deadline)
        if now > deadline:
            return cls(verdict="missed", reason=f"Not done, {_length(now - deadline)} after the deadline.")
        return cls._in_progress(batch.expected_end(now), deadline)

    @classmethod
    def _at_end(cls, batch: Batch, late: timedelta) -> Self:
        if batch.state is not BatchState.DONE:
            return cls(verdict="missed", reason=f"The batch ended as {batch.state.value}.")
        if late > timedelta():
            return cls(verdict="missed", reason=f"Done {_length(late)} after the deadline.")
        return cls(verdict="met", reason=f"Done {_length(-late)} before the deadline.")

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
