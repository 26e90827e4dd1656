"""The interfaces that jobs depend on. herald.aws implements them; tests have fakes, some of which inject faults.

All methods raise herald.errors.Unavailable if a service does not respond or throttles, and UnreadableRow for a stored
row that is damaged or was written by a newer version.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from herald.errors import UnreadableRow
from herald.jobs.custom_voices import CustomSpeech
from herald.jobs.job import AudioFile, GpuCall, Job, JobError, Retention, State
from herald.jobs.job_messages import JobEnd
from herald.jobs.script import Script, Voices


@dataclass(frozen=True, kw_only=True)
class JobFilter:
    """The filter of a job list. None matches any value."""

    limit: int = 20
    cursor: str | None = None
    state: State | frozenset[State] | None = None
    """One state, or several of which any matches."""
    use_case: str | None = None
    batch: str | None = None

    def has_state(self, job: Job) -> bool:
        """Return whether the state of a job matches."""
        return self.state is None or job.state in (self.state if isinstance(self.state, frozenset) else {self.state})


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of jobs, newest first, with the cursor of the next page, or None at the end."""

    jobs: list[Job]
    cursor: str | None


class JobTable(Protocol):
    """Storage of jobs. Every change is one conditional write, so that of two concurrent changes only one succeeds.

    Each write that changes the state also sets `updated_at` and when the job is due for the sweeper (DUE_AFTER). A job
    whose end has been published is never due again.
    """

    def add(self, job: Job) -> Job:
        """Store a new job, unless its id exists; return the stored job.

        An existing job is replaced if it has expired, and is neither SPEAKING nor WAITING_FOR_GPU.
        """
        ...

    def get(self, job_id: str) -> Job | None:
        """Return the job by a consistent read, or None; raise UnreadableRow if its row cannot be read."""
        ...

    def claim(self, job_id: str, to: State, *, worker: str, at: datetime, until: datetime) -> Job | None:
        """Claim a job: move it to SPEAKING or WAITING_FOR_GPU, count an attempt, and hold it until `until`.

        Return the job, or None if its state does not allow the move, if another worker holds a lease that has not
        expired at `at`, or if a call of the endpoint is in progress (`gpu`). The first claim sets `begun_at`.
        """
        ...

    def move(  # noqa: PLR0913  the parts of one conditional write
        self,
        job_id: str,
        to: State,
        *,
        at: datetime,
        only_from: Collection[State] = (),
        worker: str | None = None,
        unchanged: Job | None = None,
        changes: Mapping[str, Any] | None = None,
    ) -> Job | None:
        """Move a job to another state and set fields of it. The value None removes a field.

        Return the new row. Return None if the job does not exist, if its state does not allow the move or is not in
        `only_from` (if given), if the job is not held by `worker` (if given), or if its worker, lease or attempts are
        no longer those of `unchanged` (if given). The first move to an end wins. It sets `published` to False and
        `ended_at` to `at`, but never before `begun_at` or `created_at`.
        """
        ...

    def renew(self, job_id: str, *, worker: str, at: datetime, until: datetime) -> bool:
        """Extend a lease, and postpone the sweeper accordingly; return False if `worker` no longer holds the job."""
        ...

    def note(self, job_id: str, *, worker: str, changes: Mapping[str, Any]) -> bool:
        """Set fields without changing the state, if `worker` still holds the job and it has not ended.

        Return whether the fields were set.
        """
        ...

    def amend(self, job_id: str, changes: Mapping[str, Any], *, retention: Retention | None = None) -> Job | None:
        """Set fields in any state, if the retention is the given one. The value None removes a field.

        Return the new row, or None if the job does not exist or has a different retention.
        """
        ...

    def mark_published(self, job_id: str, spend: "Spend | None" = None) -> bool:
        """Record that the end of the job has been published, and add its price to the spend of the tenant's day.

        Both are written, or neither. Return False if that had been recorded before.
        """
        ...

    def postpone_check(self, job_id: str, at: datetime) -> None:
        """Set the time at which a job is due for the sweeper, unless it has ended."""
        ...

    def page(self, tenant: str, job_filter: "JobFilter") -> Page:
        """Return a tenant's jobs, newest first. Unreadable rows are skipped.

        Raise InvalidCursor for a cursor that no list request returned.
        """
        ...

    def due(self, before: datetime, limit: int) -> Iterable[Job | UnreadableRow]:
        """Return up to `limit` jobs that are due for the sweeper, the longest overdue first.

        An unreadable row is returned as an UnreadableRow, so that it does not block the others.
        """
        ...


class Spend(NamedTuple):
    """The price of work that ended, in US dollars. It belongs to the day of its end in UTC."""

    tenant: str
    price: Decimal
    at: datetime


class Stored(NamedTuple):
    """A file in the store, and whether it was there before."""

    file: AudioFile
    existed: bool


class AudioStore(Protocol):
    """Storage of audio files, by content key. Kept files are stored separately from those that expire.

    `keeper` is the id of the job or batch for which a file is kept. Without one, the file expires. The first keeper has
    a copy of its own; all others share another one, which is never released.
    """

    def find(self, key: str, *, keeper: str | None = None) -> AudioFile | None:
        """Return the stored file, or None if it does not exist or is damaged.

        A file that would expire before a job of today is renewed. A kept file is associated with its keeper.
        """
        ...

    def put(self, file: bytes, audio: AudioFile, *, keeper: str | None = None) -> Stored:
        """Store a file, unless it exists; then renew it as `find` does. Return the stored file."""
        ...

    def expire(self, key: str, *, by: str) -> AudioFile | None:
        """Return the file after restarting its expiry, and release its first kept copy if that is kept for `by`."""
        ...


class JobQueues(Protocol):
    """The queues of jobs: vip, standard, kokoro and gpu."""

    def send(self, job: Job, *, delay: float = 0) -> None:
        """Send a job to the queue of its route and tier, with its tenant as fairness group.

        The message becomes visible after `delay` seconds, at most 900.
        """
        ...


class Events(Protocol):
    """Publishes the ends of jobs."""

    def publish(self, job: Job) -> None:
        """Publish that a job ended. Its state determines the event name."""
        ...


class GpuEndpoint(Protocol):
    """The asynchronous GPU endpoint."""

    name: str

    def invoke(self, job: Job, custom: CustomSpeech) -> GpuCall:
        """Submit a job's script with its tenant's custom voices; raise EndpointRefused if a retry cannot help."""
        ...

    def response(self, call: GpuCall) -> bytes | None:
        """Return the response of the container, or None if it does not exist yet."""
        ...

    def failure(self, call: GpuCall) -> JobError | None:
        """Return the failure that the container reported, or None; its code is one of Herald's, or `gpu_failed`."""
        ...


@dataclass(frozen=True, kw_only=True)
class SpokenFile:
    """A synthesized file: its bytes, its metadata, and the processing time."""

    file: bytes
    seconds: float
    sample_rate: int
    media_type: str
    processing_seconds: float
    voices: Voices
    """The voices of the script by id, in the versions that were used. They may differ from those at its acceptance."""

    def stored_at(self, key: str) -> AudioFile:
        """Return the description of the file under its S3 key."""
        return AudioFile(
            key=key,
            seconds=self.seconds,
            bytes=len(self.file),
            sample_rate=self.sample_rate,
            media_type=self.media_type,
        )


class Speaker(Protocol):
    """Speaks scripts of a single line."""

    def speak(self, script: Script, *, time_left: Callable[[], float]) -> SpokenFile:
        """Synthesize a script.

        Raise InvalidInput for a script that cannot be spoken, and OutOfTime once `time_left()` is below 0 seconds.
        """
        ...


class Tasks(Protocol):
    """The tasks of state machines that wait for jobs."""

    def complete(self, token: str, end: JobEnd) -> None:
        """Report the end of a job. Late and repeated reports have no effect.

        Raise Unavailable if the service does not respond.
        """
        ...
