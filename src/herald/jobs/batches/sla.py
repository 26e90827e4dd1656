"""Whether a batch keeps its deadline."""

from datetime import datetime, timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from herald.jobs.batches.batch import Batch
from herald.jobs.batches.states import BatchState

type Verdict = Literal["none", "unknown", "on_track", "at_risk", "met", "missed"]


class Sla(BaseModel):
    """A verdict, and why, for a person to read."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    verdict: Verdict
    reason: str

    @classmethod
    def of(cls, batch: Batch, now: datetime) -> Self:
        """How a batch stands to its deadline."""
        deadline = batch.order.deadline
        if deadline is None:
            return cls(verdict="none", reason="No deadline was asked for.")
        if batch.ended_at is not None:
            return cls._at_end(batch, batch.ended_at - deadline)
        if now > deadline:
            return cls(verdict="missed", reason=f"Not done, {_length(now - deadline)} after the deadline.")
        return cls._on_the_way(batch.expected_end(now), deadline)

    @classmethod
    def _at_end(cls, batch: Batch, late: timedelta) -> Self:
        if batch.state is not BatchState.DONE:
            return cls(verdict="missed", reason=f"The batch was not done: it is {batch.state.value}.")
        if late > timedelta():
            return cls(verdict="missed", reason=f"Done {_length(late)} after the deadline.")
        return cls(verdict="met", reason=f"Done {_length(-late)} before the deadline.")

    @classmethod
    def _on_the_way(cls, expected: datetime | None, deadline: datetime) -> Self:
        if expected is None:
            return cls(verdict="unknown", reason="Nothing is spoken yet by which to tell.")
        if expected > deadline:
            return cls(verdict="at_risk", reason=f"Expected {_length(expected - deadline)} after the deadline.")
        return cls(verdict="on_track", reason=f"Expected {_length(deadline - expected)} before the deadline.")


def _length(time: timedelta) -> str:
    """As 1:02:03."""
    return str(timedelta(seconds=round(time.total_seconds())))
