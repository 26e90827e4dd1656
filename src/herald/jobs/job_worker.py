"""Process the jobs of the CPU queues, each by one worker at a time.

A worker holds a job by a lease that its heartbeat renews, so that a dead worker is detected within about two minutes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import uniform
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

from herald.clock import Clock
from herald.errors import InvalidInput, OutOfTime, TooLongToSpeak, UnreadableRow
from herald.jobs.completion import MAX_ATTEMPTS, NO_GPU, Completion, to_job_error
from herald.jobs.job import Job, JobError, State
from herald.jobs.job_messages import JobMessage
from herald.jobs.ports import AudioStore, JobQueues, JobTable, Speaker, SpokenFile
from herald.jobs.request_fields import are_usual
from herald.jobs.script import Script, audio_key

_BASE_SECONDS = 2.0
_MAX_SECONDS = 300.0
LEASE = timedelta(seconds=60)
"""The time for which a worker holds a claimed job. Every beat renews it."""
HIDDEN_SECONDS = 75
"""The visibility timeout that every beat sets. It outlasts the lease: when the message of a dead worker returns, the
job is free."""
EVERY_SECONDS = 20.0
"""The interval between beats. Two may fail before a lease ends."""
_LAST_LEASE_GRACE = timedelta(minutes=10)
"""The time after the lease of its last attempt for which a job may still be in progress: clocks may differ by as much,
and renewals may fail for as long. Earlier attempts need no grace, because the next one only repeats their work."""
_JOIN_SECONDS = 1.0
"""The time to wait on exit for a beat that is in progress."""
_MARGIN = 3.0
_MARGIN_PER_CHARACTER = 0.001
"""Seconds reserved for encoding and storing after the synthesis."""

type TimeLeft = Callable[[], float]


def backoff(attempt: int) -> float:
    """Return the seconds to wait after attempt number `attempt`, which counts from 1.

    The upper bound quadruples with each attempt, up to 5 minutes, so that five attempts span an outage of a minute. The
    delay is random between half the bound and the bound ("equal jitter"), so that retries do not arrive together; see
    "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    bound = min(_BASE_SECONDS * 4.0 ** min(attempt - 1, 9), _MAX_SECONDS)
    return uniform(bound / 2, bound)  # noqa: S311  not used for security


class Heartbeat:
    """A context manager that calls `beat` periodically in a thread, and `failed` with any exception that it raises."""

    def __init__(
        self,
        beat: Callable[[], object],
        *,
        failed: Callable[[Exception], object],
        every: float | None = None,
        at_once: bool = False,
    ) -> None:
        """Set the callbacks and the interval `every` in seconds. `at_once` adds a first beat on entry."""
        self._beat = beat
        self._failed = failed
        self._every = EVERY_SECONDS if every is None else every
        self._at_once = at_once
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join(_JOIN_SECONDS)

    def _run(self) -> None:
        is_first = self._at_once
        while is_first or not self._stopped.wait(self._every):
            is_first = False
            try:
                self._beat()
            except Exception as error:  # noqa: BLE001  a failed beat must not stop the following ones
                self._failed(error)


@dataclass(frozen=True, kw_only=True)
class Postpone:
    """The result for a message that has to be received again after some seconds."""

    seconds: float


LATER_READABLE = Postpone(seconds=900)
"""For the message of a job with an unreadable row: after a rollback, the newer version may be deployed again by then.

The message is received again until its deliveries are exhausted. The row stays, and the sweeper sends a new message.
"""


def text_of(job: Job) -> Script:
    """Return the script of a job; raise InvalidInput if it was removed, which happens only to jobs that have ended."""
    if job.script is None:
        raise InvalidInput("The text of the job was removed when the job ended.", code="text_gone")
    return job.script


def held_until(job: Job) -> datetime | None:
    """Return the end of the job's lease, plus a grace period if it is the last one; None if no worker holds the job."""
    is_last = job.attempts >= MAX_ATTEMPTS
    return job.lease_until + _LAST_LEASE_GRACE if job.lease_until and is_last else job.lease_until


def is_held(job: Job, at: datetime) -> bool:
    """Return whether a worker may be processing the job."""
    end = held_until(job)
    return end is not None and end > at


def until_lease_expires(job: Job, at: datetime) -> Postpone:
    """Return a Postpone until a second after no worker holds the job."""
    end = held_until(job)
    left = (end - at).total_seconds() if end else 0.0
    return Postpone(seconds=max(left, 0.0) + 1.0)


def give_up_unless_held(job: Job, completion: Completion, at: datetime) -> Job | Postpone:
    """End a job without attempts left and return it, or Postpone if a worker may be processing it."""
    if is_held(job, at):
        return until_lease_expires(job, at)
    return completion.give_up(job) or Postpone(seconds=1)


@dataclass(kw_only=True)
class Worker:
    """Synthesizes the jobs of the CPU queues."""

    table: JobTable
    audio: AudioStore
    queues: JobQueues
    speaker: Speaker
    completion: Completion
    clock: Clock
    gpu: bool
    not_renewed: Callable[[Exception], object] = bool
    """Called with the error if a lease could not be renewed."""
    stopping: Callable[[], bool] = bool
    """Returns whether this process is about to end, so that a job without enough time left is released, not failed."""

    def work(self, message: JobMessage, *, name: str, time_left: TimeLeft, fresh: bool) -> Postpone | None:
        """Process the job of a message as the worker `name`.

        Return None once the message is no longer needed, or Postpone to receive it again. `fresh` means that this
        invocation has processed nothing else, so no other invocation would have more time. Any exception may be
        temporary; the job has then been released for another attempt.
        """
        try:
            job = self.table.get(message.job)
        except UnreadableRow:
            return LATER_READABLE
        if job is None or job.ended or job.tenant != message.tenant:
            return None
        now = self.clock()
        if job.route == "gpu":  # rerouted, perhaps by a worker that died before sending it
            self._send_to_gpu(job)
            return None
        if job.attempts >= MAX_ATTEMPTS:
            ended = give_up_unless_held(job, self.completion, now)
            return ended if isinstance(ended, Postpone) else None
        held = self.table.claim(job.id, State.SPEAKING, worker=name, at=now, until=now + _lease(time_left))
        if held is None:
            return self._until_released(job.id)

        def renew() -> None:
            now = self.clock()
            self.table.renew(message.job, worker=name, at=now, until=now + _lease(time_left))

        try:
            with Heartbeat(renew, failed=self.not_renewed):
                return self._speak(held, time_left, fresh=fresh)
        except Exception as error:
            self._release(held, {"fault": to_job_error(error)})
            raise

    def _until_released(self, job_id: str) -> Postpone | None:
        """Return a Postpone until another worker no longer holds the job, or None if the job has ended."""
        job = self.table.get(job_id)
        return None if job is None or job.ended else until_lease_expires(job, self.clock())

    def _speak(self, job: Job, time_left: TimeLeft, *, fresh: bool) -> Postpone | None:
        if existing := self.audio.find(job.audio_key, keeper=job.keeper):
            # At the first attempt, another job stored the file. Later, an earlier attempt may have stored it and died.
            self.completion.complete(job, existing, hit=job.attempts == 1)
            return None
        margin = _MARGIN + job.characters * _MARGIN_PER_CHARACTER
        try:
            spoken = self.speaker.speak(text_of(job), time_left=lambda: time_left() - margin)
        except (OutOfTime, TooLongToSpeak):
            if fresh and not self.stopping():
                return self._move_to_gpu(job)
            # Earlier messages used up the time, or the process is about to end. The job did not fail, so the attempt
            # does not count.
            self._release(job, {"attempts": job.attempts - 1})
            return Postpone(seconds=0)
        except InvalidInput as error:
            self.completion.fail(job, to_job_error(error))
            return None
        keyed = self._update_key(job, spoken)
        if keyed is None:
            return self._until_released(job.id)
        stored = self.audio.put(spoken.file, spoken.stored_at(keyed.audio_key), keeper=job.keeper).file
        self.completion.complete(keyed, stored, processing_seconds=spoken.processing_seconds)
        return None

    def _update_key(self, job: Job, spoken: SpokenFile) -> Job | None:
        """Return the job with the key of the synthesized file, or None if this worker no longer holds the job.

        The key changes if this worker has another version of the voice or of Herald than the function that accepted the
        job. It is recorded before the file is stored, so that another attempt finds the file.
        """
        key = audio_key(text_of(job), job.tenant, spoken.voices)
        if key == job.audio_key:
            return job
        noted = self.table.note(job.id, worker=job.worker or "", changes={"audio_key": key})
        return job.model_copy(update={"audio_key": key}) if noted else None

    def _move_to_gpu(self, job: Job) -> Postpone | None:
        script = text_of(job)
        unsupported = script.text_format == "ssml" or not are_usual(script.pause)
        if unsupported or not self.gpu:
            advice = ""
            if self.gpu:
                advice = f", or {'as plain text' if script.text_format == 'ssml' else 'without `pause`'}"
            elif not unsupported:
                advice = ", or deploy the GPU (GpuImage)"
            message = f"The text takes longer to speak than a worker may run. Send it in parts{advice}."
            self.completion.fail(job, JobError(code="text_too_long", message=message))
            return None
        reason = f"The GPU is required: {job.characters} characters take longer to speak than a worker may run."
        # Attempts are counted separately for each route.
        moved = self._release(job, {"route": "gpu", "reason": reason, "attempts": 0})
        if moved is None:
            return self._until_released(job.id)
        self._send_to_gpu(moved)
        return None

    def _send_to_gpu(self, job: Job) -> None:
        if self.gpu:
            self.queues.send(job)
        else:
            self.completion.fail(job, NO_GPU)

    def _release(self, job: Job, changes: Mapping[str, Any]) -> Job | None:
        """Release the job for other workers. Return None if this worker no longer holds it."""
        free = {"lease_until": None, "worker": None, **changes}
        return self.table.move(job.id, State.QUEUED, at=self.clock(), worker=job.worker, changes=free)


def _lease(time_left: TimeLeft) -> timedelta:
    """Return the lease of a job that is claimed now, which is limited by the time that the worker may run."""
    return min(LEASE, timedelta(seconds=max(time_left(), 1.0)))
