"""What everybody who listens is told when a batch ends: the `detail` of an EventBridge event."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from herald.jobs.batches.batch import Batch
from herald.jobs.batches.counts import Counts
from herald.jobs.batches.sla import Sla
from herald.jobs.batches.states import ENDS, BatchState
from herald.jobs.job import JobError

VERSION = 1


class BatchEnded(BaseModel):
    """The end of a batch, without any of its texts. A later version may say more; what is here keeps its meaning."""

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
    """After each redrive there is another end."""
    price_usd: float
    error: JobError | None
    metadata: dict[str, str]

    @property
    def detail_type(self) -> str:
        """The name of the event, to filter by: herald.batch.done, herald.batch.failed or herald.batch.cancelled."""
        if self.state not in ENDS:
            raise ValueError(f"A batch that is {self.state.value} has not ended.")
        return f"herald.batch.{self.state.value}"

    @classmethod
    def of(cls, batch: Batch) -> Self:
        """The event of a batch that has ended; ValueError for one that has not."""
        if batch.ended_at is None:
            raise ValueError(f"A batch that is {batch.state.value} has not ended.")
        same = {"id", "tenant", "state", "counts", "created_at", "begun_at", "ended_at", "redrives", "error"}
        return cls(
            **{name: getattr(batch, name) for name in same},
            name=batch.order.name,
            use_case=batch.order.use_case,
            deadline=batch.order.deadline,
            metadata=batch.order.metadata,
            sla=Sla.of(batch, batch.ended_at),
            price_usd=float(batch.price),
        )
