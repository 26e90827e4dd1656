"""The messages about a job: its queue message, the result of its state machine's task, and the event of its end."""

from datetime import datetime
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from herald.auth.caller import Tier
from herald.errors import MalformedMessage
from herald.jobs.job import ENDS, Job, JobError, Route, State

MESSAGE_VERSION = 1
SILENT = JobError(code="gpu_silent", message="The GPU did not respond in time. Retry the job.")
SOURCE = "herald"
VERSION = 1


class JobMessage(BaseModel):
    """A reference to a job to process."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    version: int = MESSAGE_VERSION
    job: str
    tenant: str

    @classmethod
    def parse(cls, body: str) -> "JobMessage":
        """Parse a message; raise MalformedMessage if it is malformed or of a different version."""
        try:
            message = cls.model_validate_json(body)
        except ValidationError as error:
            raise MalformedMessage(
                f"The queue message is malformed: {error.error_count()} validation errors."
            ) from None
        if message.version != MESSAGE_VERSION:
            raise MalformedMessage(
                f"The queue message has version {message.version}; this worker supports version {MESSAGE_VERSION}."
            )
        return message


class JobEnd(BaseModel):
    """The end of a job. An output without these fields, such as that of a timeout, is read as `gpu_silent`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    state: State = State.FAILED
    price: Decimal = Decimal(0)
    milliseconds: int = 0
    """From the beginning of the work to the end of the job."""
    error: JobError | None = SILENT
    audio_key: str | None = None
    """The key of the file. Earlier versions did not state it."""

    @classmethod
    def of(cls, job: Job) -> Self:
        """Return the end of a job."""
        begun, ended = job.begun_at or job.created_at, job.ended_at or job.updated_at
        milliseconds = max(0, round((ended - begun).total_seconds() * 1000))
        return cls(
            state=job.state,
            price=job.price or Decimal(0),
            milliseconds=milliseconds,
            error=job.error,
            audio_key=job.audio_key,
        )


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
    webhook_url: str | None

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
        converted = {"version", "format", "audio", "price_usd"}
        return cls(
            **{name: getattr(job, name) for name in cls.model_fields if name not in converted},
            format=job.response_format,
            audio=audio,
            price_usd=None if job.price is None else float(job.price),
        )
