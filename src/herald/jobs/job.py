"""Jobs: one text or dialogue, synthesized into one file.

accepted ──> queued ──> speaking ──────────> done
                 │  <── (released) ─────┘    failed
                 └────> waiting_for_gpu ──>  done, failed
cancelled: only from accepted and queued. done, failed and cancelled are final.
"""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from herald.auth.caller import Tier
from herald.jobs.script import Script

# A newer version may have added fields.
_FROZEN = ConfigDict(extra="ignore", frozen=True)
_ID = re.compile(r"job_[0-9a-f]{32}")

type Route = Literal["realtime", "queue", "kokoro", "gpu"]
type Retention = Literal["expire", "keep"]


class State(StrEnum):
    """The state of a job."""

    ACCEPTED = "accepted"
    """Stored, but not queued yet."""
    QUEUED = "queued"
    SPEAKING = "speaking"
    WAITING_FOR_GPU = "waiting_for_gpu"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDS = frozenset({State.DONE, State.FAILED, State.CANCELLED})
"""Final states."""
CANCELLABLE = frozenset({State.ACCEPTED, State.QUEUED})
"""States before any work. The job can still be cancelled."""

MOVES: Mapping[State, frozenset[State]] = {
    # A worker may receive the message before its sender records `queued`, so accepted has the same successors.
    State.ACCEPTED: frozenset(State) - {State.ACCEPTED},
    State.QUEUED: frozenset(State) - {State.ACCEPTED},
    # To itself: another worker continues after one died.
    State.SPEAKING: frozenset({State.SPEAKING, State.QUEUED, State.DONE, State.FAILED}),
    State.WAITING_FOR_GPU: frozenset({State.WAITING_FOR_GPU, State.QUEUED, State.DONE, State.FAILED}),
    State.DONE: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}
"""The allowed successors of each state."""

DUE_AFTER: Mapping[State, timedelta] = {
    State.ACCEPTED: timedelta(minutes=1),
    State.QUEUED: timedelta(hours=12),
    # Since the last heartbeat (herald.jobs.job_worker). By then, the message of a dead worker has returned.
    State.SPEAKING: timedelta(minutes=3),
    State.WAITING_FOR_GPU: timedelta(minutes=30),
    # The end is published immediately; this covers a process that died before doing so.
    State.DONE: timedelta(minutes=1),
    State.FAILED: timedelta(minutes=1),
    State.CANCELLED: timedelta(minutes=1),
}
"""The time since its last move after which a job is due for the sweeper."""


def sources(to: State) -> frozenset[State]:
    """Return the states from which a job may move to `to`."""
    return frozenset(state for state, targets in MOVES.items() if to in targets)


class AudioFile(BaseModel):
    """A stored file."""

    model_config = _FROZEN

    key: str
    """The S3 key in the audio bucket."""
    seconds: float
    bytes: int
    sample_rate: int
    media_type: str


class JobError(BaseModel):
    """Why a job failed."""

    model_config = _FROZEN

    code: str
    message: str
    """Human-readable. Never contains any of the customer's text."""


class GpuCall(BaseModel):
    """A call of the asynchronous endpoint: the S3 addresses of its response and of its failure."""

    model_config = _FROZEN

    output: str
    failure: str
    endpoint: str = ""
    """The name of the endpoint. Earlier versions did not state it, and had an endpoint of another name."""


class WebhookOutcome(BaseModel):
    """The result of the latest attempt to send the webhook of a job or batch."""

    model_config = _FROZEN

    message: str
    """Its `webhook-id`. A batch sends another webhook after each redrive."""
    run: int = 0
    """The number of redrives before that webhook; 0 for a job."""
    state: Literal["delivered", "retrying", "failed"]
    attempts: int
    at: AwareDatetime
    status: int | None = None
    """The status of the response, if there was one."""
    error: JobError | None = None


class Job(BaseModel):
    """A job. Times are in UTC, prices in US dollars."""

    model_config = _FROZEN

    id: str
    tenant: str
    state: State
    tier: Tier = "standard"
    route: Route
    reason: str
    """The reason for the route, human-readable."""
    script: Script | None
    """The text and its settings. Removed once the job is done or cancelled."""
    fingerprint: str
    """SHA-256 of the request, to detect the reuse of an Idempotency-Key for a different request."""
    voice: str
    response_format: str
    characters: int
    audio_key: str
    """The S3 key of the file, whether or not it exists yet. It changes if the job is processed with another version of
    the voice or of Herald than it was accepted with."""
    use_case: str = "other"
    retention: Retention = "expire"
    metadata: dict[str, str] = Field(default_factory=dict)
    webhook_url: str | None = None
    """The URL to which a webhook is sent when the job ends."""
    webhook: WebhookOutcome | None = None
    batch: str | None = None
    task_token: str | None = None
    """The token of the state machine's task that the end of the job completes."""
    enrols: str | None = None
    """The id of the tenant's custom voice that the job makes. Its file is the preview."""
    retry_of: str | None = None
    """The id of the job that this one retries or replaces."""

    created_at: AwareDatetime
    updated_at: AwareDatetime
    begun_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    """When the job and its file are deleted. None: never."""

    attempts: int = 0
    """Attempts on the current route. A postponed message does not count."""
    worker: str | None = None
    """The current or last worker."""
    lease_until: AwareDatetime | None = None
    """The time until which no other worker may claim the job. The lease of a dead worker expires."""
    gpu: GpuCall | None = None
    fault: JobError | None = None
    """The error of the last attempt that is retried."""

    hit: bool = False
    """Whether the file existed before the job, so that nothing was synthesized."""
    audio: AudioFile | None = None
    price_expected: Decimal
    price: Decimal | None = None
    error: JobError | None = None
    published: bool = True
    """Whether the end has been published. True while the job has not ended."""

    @property
    def ended(self) -> bool:
        """Return whether the job is done, failed or cancelled."""
        return self.state in ENDS

    @property
    def keeper(self) -> str | None:
        """Return the id under which the file is kept, or None if the file expires.

        The files of a batch have one keeper, whether its child or its job on the GPU stores them.
        """
        return (self.batch or self.id) if self.retention == "keep" else None

    def is_expired(self, at: datetime) -> bool:
        """Return whether the job counts as deleted. DynamoDB deletes expired rows up to days late."""
        return self.expires_at is not None and self.expires_at <= at

    @property
    def waited(self) -> float:
        """Return the seconds from acceptance until work began, at least 0 despite clock skew."""
        return max(0.0, ((self.begun_at or self.updated_at) - self.created_at).total_seconds())


def new_id(now: datetime) -> str:
    """Return a new job id that sorts by time: milliseconds since 1970 in 12 hexadecimal digits, and 80 random bits."""
    return f"job_{int(now.timestamp() * 1000):012x}{secrets.token_hex(10)}"


def is_id(text: str) -> bool:
    """Return whether a text has the format of a job id."""
    return _ID.fullmatch(text) is not None


def id_for(tenant: str, idempotency_key: str) -> str:
    """Return the job id that a tenant's Idempotency-Key maps to."""
    return f"job_{sha256(f'{tenant}\0{idempotency_key}'.encode()).hexdigest()[:32]}"
