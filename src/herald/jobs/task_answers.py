"""The notification of state machines that wait for the end of a job."""

from decimal import Decimal
from typing import Protocol, Self

from pydantic import BaseModel, ConfigDict

from herald.jobs.job import Job, JobError
from herald.jobs.job_states import State

SILENT = JobError(code="gpu_silent", message="The GPU did not answer in time.")


class JobEnd(BaseModel):
    """The end of a job. Anything else in its place, such as a timeout, is read as `gpu_silent`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    state: State = State.FAILED
    price: Decimal = Decimal(0)
    milliseconds: int = 0
    """From the beginning of the work to the end of the job."""
    error: JobError | None = SILENT

    @classmethod
    def of(cls, job: Job) -> Self:
        """Return the end of a job."""
        begun, ended = job.begun_at or job.created_at, job.ended_at or job.updated_at
        milliseconds = max(0, round((ended - begun).total_seconds() * 1000))
        return cls(state=job.state, price=job.price or Decimal(0), milliseconds=milliseconds, error=job.error)


class Tasks(Protocol):
    """The waiting state machines, by task token."""

    def tell(self, token: str, end: JobEnd) -> None:
        """Report the end of a job. Late and repeated reports have no effect.

        Raise Unavailable if the service does not respond.
        """
        ...
