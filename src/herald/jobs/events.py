"""What everybody who listens is told when a job ends: the `detail` of an EventBridge event."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from herald.jobs.job import Job, JobError, Route, Tier
from herald.jobs.states import ENDS, State

SOURCE = "herald"
VERSION = 1


class EventAudio(BaseModel):
    """The file of a job that is done. No link: GET /v1/jobs/{id} signs one for whoever may have it."""

    model_config = ConfigDict(frozen=True)

    key: str
    """Its key in the audio bucket."""
    seconds: float
    bytes: int
    media_type: str


class JobEnded(BaseModel):
    """The end of a job, without any of its text. A later version may say more; what is here keeps its meaning."""

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
    """The failed job that this one tried again."""
    created_at: datetime
    begun_at: datetime | None
    ended_at: datetime
    attempts: int
    characters: int
    voice: str
    format: str
    audio: EventAudio | None
    hit: bool
    """Whether the file was there already."""
    price_usd: float | None
    error: JobError | None

    @property
    def detail_type(self) -> str:
        """The name of the event, to filter by: herald.job.done, herald.job.failed or herald.job.cancelled."""
        if self.state not in ENDS:
            raise ValueError(f"A job that is {self.state.value} has not ended.")
        return f"herald.job.{self.state.value}"

    @classmethod
    def of(cls, job: Job) -> Self:
        """The event of a job that has ended."""
        audio = job.audio and EventAudio(**job.audio.model_dump(include=set(EventAudio.model_fields)))
        own = {"version", "format", "audio", "price_usd"}
        return cls(
            **{name: getattr(job, name) for name in cls.model_fields if name not in own},
            format=job.response_format,
            audio=audio,
            price_usd=None if job.price is None else float(job.price),
        )
