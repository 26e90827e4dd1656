"""A job: one text, or one dialogue, to one file."""

import re
import secrets
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from herald.jobs.script import Script
from herald.jobs.states import ENDS, State

type Tier = Literal["vip", "standard"]
type Route = Literal["realtime", "queue", "gpu"]
type Retention = Literal["expire", "keep"]

# A row of a later version may say more.
_FROZEN = ConfigDict(extra="ignore", frozen=True)


_ID = re.compile(r"job_[0-9a-f]{32}")


class AudioFile(BaseModel):
    """A stored file."""

    model_config = _FROZEN

    key: str
    """Its key in the audio bucket."""
    seconds: float
    bytes: int
    sample_rate: int
    media_type: str


class JobError(BaseModel):
    """Why a job failed."""

    model_config = _FROZEN

    code: str
    message: str
    """For a person, without any of the text."""


class GpuCall(BaseModel):
    """A call of the asynchronous endpoint: S3 addresses of where its answer will be, one way or the other."""

    model_config = _FROZEN

    output: str
    failure: str


class Job(BaseModel):
    """Everything that is known about a job. Times are in UTC, money in US dollars."""

    model_config = _FROZEN

    id: str
    tenant: str
    state: State
    tier: Tier = "standard"
    route: Route
    reason: str
    """Why it went that way, in words."""
    script: Script | None
    """What to say; gone once it has been said."""
    fingerprint: str
    """SHA-256 of the request, to tell a repeated one from another under the same Idempotency-Key."""
    voice: str
    response_format: str
    characters: int
    audio_key: str
    """Where the file is, or will be."""
    use_case: str = "other"
    retention: Retention = "expire"
    metadata: dict[str, str] = Field(default_factory=dict)
    batch: str | None = None
    task_token: str | None = None
    """Of the state machine that waits for its end."""
    retry_of: str | None = None
    """The failed job that this one tries again."""

    created_at: AwareDatetime
    updated_at: AwareDatetime
    begun_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    """When the job and its file are deleted; None: never."""

    attempts: int = 0
    """How often it was tried on its present route; being put off is no try."""
    worker: str | None = None
    """Who works on it, or did last."""
    lease_until: AwareDatetime | None = None
    """Until when nobody else begins; a worker that died leaves it to the next."""
    gpu: GpuCall | None = None
    fault: JobError | None = None
    """What went wrong in the last attempt that will be, or was, tried again."""

    hit: bool = False
    """Whether the file was there already."""
    audio: AudioFile | None = None
    price_expected: Decimal
    price: Decimal | None = None
    error: JobError | None = None
    told: bool = True
    """Whether its end has been published; True as long as there is none."""

    @property
    def ended(self) -> bool:
        """Whether it is done, failed or cancelled."""
        return self.state in ENDS

    @property
    def keeper(self) -> str | None:
        """The id for which the file is kept; None where the file expires."""
        return self.id if self.retention == "keep" else None

    @property
    def waited(self) -> float:
        """Seconds from acceptance until work began; clocks that disagree make it 0 rather than less."""
        return max(0.0, ((self.begun_at or self.updated_at) - self.created_at).total_seconds())


def new_id(now: datetime) -> str:
    """An id for a job, sorted by time: milliseconds since 1970 in 12 hexadecimal digits, and 80 random bits."""
    return f"job_{int(now.timestamp() * 1000):012x}{secrets.token_hex(10)}"


def is_id(text: str) -> bool:
    """Whether a text could be the id of a job."""
    return _ID.fullmatch(text) is not None


def id_for(tenant: str, idempotency_key: str) -> str:
    """The one id that a tenant's Idempotency-Key stands for."""
    return f"job_{sha256(f'{tenant}\0{idempotency_key}'.encode()).hexdigest()[:32]}"


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)
