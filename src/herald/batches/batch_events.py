"""The EventBridge event for the end of a batch."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from herald.batches.batch import Batch
from herald.batches.batch_states import ENDS, BatchState
from herald.batches.counts import Counts
from herald.batches.sla import Sla
from herald.jobs.job import JobError

VERSION = 1


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

    @property
    def detail_type(self) -> str:
        """The event's DetailType: herald.batch.done, herald.batch.failed or herald.batch.cancelled."""
        if self.state not in ENDS:
            raise ValueError(f"A batch in state {self.state.value} has not ended.")
        return f"herald.batch.{self.state.value}"

    @classmethod
    def of(cls, batch: Batch) -> Self:
        """Return the event of an ended batch; raise ValueError if it has not ended."""
        if batch.ended_at is None:
            raise ValueError(f"A batch in state {batch.state.value} has not ended.")
        copied = {"id", "tenant", "state", "counts", "created_at", "begun_at", "ended_at", "redrives", "error"}
        return cls(
            **{name: getattr(batch, name) for name in copied},
            name=batch.order.name,
            use_case=batch.order.use_case,
            deadline=batch.order.deadline,
            metadata=batch.order.metadata,
            sla=Sla.of(batch, batch.ended_at),
            price_usd=float(batch.price),
        )
