"""What the work on jobs needs from outside: herald.aws has the real ones, tests have simple and failing ones.

All raise herald.errors.Unavailable where a service does not answer, or not now, and UnreadableRow for a stored row that
is damaged or of a newer version.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from herald.errors import UnreadableRow
from herald.jobs.job import AudioFile, GpuCall, Job, JobError, Retention
from herald.jobs.script import Script
from herald.jobs.states import State

type Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which of a tenant's jobs to list; None is any."""

    limit: int = 20
    cursor: str | None = None
    state: State | None = None
    use_case: str | None = None
    batch: str | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Jobs, newest first, and where to go on; None at the end."""

    jobs: list[Job]
    cursor: str | None


class JobTable(Protocol):
    """Rows of jobs. Every change is one conditional write, so that two who try at once cannot both succeed.

    Each write that changes the state also sets `updated_at`, and when the sweeper should look (LOOK_AFTER); a job that
    has ended and was told is not looked at again.
    """

    def add(self, job: Job) -> Job:
        """Write a new job, or leave the one that has its id: return what is there now."""
        ...

    def get(self, job_id: str) -> Job | None:
        """Return the newest row of that id (a consistent read), or None; UnreadableRow where it cannot be read."""
        ...

    def claim(self, job_id: str, to: State, *, worker: str, at: datetime, until: datetime) -> Job | None:
        """Begin work: move to SPEAKING or WAITING_FOR_GPU, count an attempt, hold the job until `until`.

        Return the job, or None where its state forbids it, or another one holds it whose lease has not ended at `at`,
        or where a call of the endpoint is under way (`gpu`). Sets `begun_at` if it is the first time.
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
        changes: Mapping[str, Any] | None = None,
    ) -> Job | None:
        """Move a job along the diagram and set fields of it (a value None removes the field).

        Return the new row, or None where the job is missing, or is in no state that may become `to` (and, if given, is
        one of `only_from`), or is not held by `worker`, if given. The first move to an end wins: it sets `ended_at`
        to `at`, but never before `begun_at` or `created_at`.
        """
        ...

    def renew(self, job_id: str, *, worker: str, at: datetime, until: datetime) -> bool:
        """Hold a job longer, and let the sweeper look later; False where `worker` does not hold it any more."""
        ...

    def note(self, job_id: str, *, worker: str, changes: Mapping[str, Any]) -> bool:
        """Set fields without a move, if `worker` still holds the job and it has not ended; tell whether."""
        ...

    def amend(self, job_id: str, changes: Mapping[str, Any], *, retention: Retention | None = None) -> Job | None:
        """Set fields in whatever state a job is (None removes a field), if its retention is the given one.

        Return the new row, or None where the job is missing, or its retention is another.
        """
        ...

    def told(self, job_id: str) -> None:
        """Record that the job's end has been published."""
        ...

    def look_again(self, job_id: str, at: datetime) -> None:
        """Let the sweeper look at a job again at a later time, unless it has ended meanwhile."""
        ...

    def page(self, tenant: str, wanted: "Wanted") -> Page:
        """Return a tenant's jobs, newest first, without rows that cannot be read.

        InvalidCursor for a cursor that no list gave.
        """
        ...

    def due(self, before: datetime, limit: int) -> Iterable[Job | UnreadableRow]:
        """Return the jobs that are due for the sweeper, the longest due first.

        An UnreadableRow stands in the place of each row that cannot be read, so that it holds up no other.
        """
        ...


class AudioStore(Protocol):
    """Files of audio, by their content's key. A file that is kept is another one than the same file that expires.

    `keeper` is the id of the job or the batch that has a file kept; without one, the file expires.
    """

    def find(self, key: str, *, keeper: str | None = None) -> AudioFile | None:
        """Return the stored file, or None where there is none, or not as it was written.

        An expiring one that would be deleted soon is renewed; a kept one remembers its keeper.
        """
        ...

    def put(self, file: bytes, audio: AudioFile, *, keeper: str | None = None) -> AudioFile:
        """Store a file, unless it is there: return the one that is there."""
        ...

    def expire(self, key: str, *, by: str) -> AudioFile | None:
        """Return the file as it expires, its time beginning now; delete the kept one if only `by` had it kept."""
        ...


class JobQueues(Protocol):
    """Where jobs wait: vip, standard, gpu."""

    def send(self, job: Job, *, delay: float = 0) -> None:
        """Queue a job by its route and tier, fair by tenant; nobody receives it for `delay` seconds (at most 900)."""
        ...


class Events(Protocol):
    """Where the end of a job is told."""

    def publish(self, job: Job) -> None:
        """Tell that a job ended; its state names the event."""
        ...


class GpuEndpoint(Protocol):
    """The asynchronous endpoint."""

    def invoke(self, job: Job) -> GpuCall:
        """Hand a job's script over. EndpointRefused where asking again cannot help."""
        ...

    def answer(self, call: GpuCall) -> bytes | None:
        """The container's answer, once it is there."""
        ...

    def failure(self, call: GpuCall) -> JobError | None:
        """What the container says went wrong, once it does; its code is one of ours or `gpu_failed`."""
        ...


@dataclass(frozen=True, kw_only=True)
class SpokenFile:
    """A file that was spoken: its bytes and what they are, and what it took."""

    file: bytes
    seconds: float
    sample_rate: int
    media_type: str
    processing_seconds: float


class Speaker(Protocol):
    """Whoever speaks a script with one line."""

    def speak(self, script: Script, *, time_left: Callable[[], float]) -> SpokenFile:
        """InvalidInput for what cannot be spoken; OutOfTime once `time_left()` is below 0 seconds."""
        ...
