"""State machines that wait for a job: what they are told when it ends."""

from decimal import Decimal
from typing import Protocol, Self

from pydantic import BaseModel, ConfigDict

from herald.jobs.job import Job, JobError
from herald.jobs.states import State

SILENT = JobError(code="gpu_silent", message="The GPU did not answer in time.")


class JobEnd(BaseModel):
    """How a job ended. Anything else that a state machine knows instead, as a timeout, is read as silence."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    state: State = State.FAILED
    price: Decimal = Decimal(0)
    milliseconds: int = 0
    """From its beginning to its end."""
    error: JobError | None = SILENT

    @classmethod
    def of(cls, job: Job) -> Self:
        """The end of a job."""
        begun, ended = job.begun_at or job.created_at, job.ended_at or job.updated_at
        milliseconds = max(0, round((ended - begun).total_seconds() * 1000))
        return cls(state=job.state, price=job.price or Decimal(0), milliseconds=milliseconds, error=job.error)


class Tasks(Protocol):
    """Whoever waits, by the token that he gave."""

    def tell(self, token: str, end: JobEnd) -> None:
        """Tell an end, once: late and repeated ones are heard by nobody. Unavailable where that cannot be done now."""
        ...
