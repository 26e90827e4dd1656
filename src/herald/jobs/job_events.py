"""The `detail` of the EventBridge event that is published when a job ends."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from herald.auth.caller import Tier
from herald.jobs.job import Job, JobError, Route
from herald.jobs.job_states import ENDS, State

SOURCE = "herald"
VERSION = 1


class EventAudio(BaseModel):
    """The file of a finished job. It has no link: GET /v1/jobs/{id} signs one for an authorized caller."""

    model_config = ConfigDict(frozen=True)

    key: str
    """The S3 key in the audio bucket."""
    seconds: float
    bytes: int
    media_type: str


class JobEnded(BaseModel):
    """The end of a job, without any of its text.

    Later versions may add fields; the meaning of existing fields does not change.
    """

    model_config = ConfigDict(frozen=True)

    version: int = VERSION
    id: str
    tenant: str
    state: State
    """done, failed or cancelled."""
    route: Route
    tier: Tier
    use_case: str
    batch: str | None
    retry_of: str | None
    """The id of the failed job that this one retried."""
    created_at: datetime
    begun_at: datetime | None
    ended_at: datetime
    attempts: int
    characters: int
    voice: str
    format: str
    audio: EventAudio | None
    hit: bool
    """Whether the file existed before the job, so that nothing was synthesized."""
    price_usd: float | None
    error: JobError | None

    @property
    def detail_type(self) -> str:
        """Return the detail type, to filter by: herald.job.done, herald.job.failed or herald.job.cancelled.

        Raise ValueError for a job that has not ended.
        """
        if self.state not in ENDS:
            raise ValueError(f"The job has not ended: it is {self.state.value}.")
        return f"herald.job.{self.state.value}"

    @classmethod
    def of(cls, job: Job) -> Self:
        """Return the event for a job that has ended."""
        audio = job.audio and EventAudio(**job.audio.model_dump(include=set(EventAudio.model_fields)))
        own = {"version", "format", "audio", "price_usd"}
        return cls(
            **{name: getattr(job, name) for name in cls.model_fields if name not in own},
            format=job.response_format,
            audio=audio,
            price_usd=None if job.price is None else float(job.price),
        )
