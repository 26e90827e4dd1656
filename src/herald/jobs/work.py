"""The worker: speaks one job of a queue, at most once at a time, and leaves nothing half-done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from herald.errors import InvalidInput, OutOfTime, TooLongToSpeak, UnreadableRow
from herald.jobs.endings import MOST_ATTEMPTS, NO_GPU, Endings, fault_of
from herald.jobs.heartbeat import LEASE, Heartbeat
from herald.jobs.job import AudioFile, Job, JobError
from herald.jobs.messages import JobMessage
from herald.jobs.ports import AudioStore, Clock, JobQueues, JobTable, Speaker, SpokenFile, Tags
from herald.jobs.script import Script
from herald.jobs.states import State

type TimeLeft = Callable[[], float]

_MARGIN = 3.0
_MARGIN_PER_CHARACTER = 0.001
"""Seconds for encoding and storing, once the speaking is done."""


@dataclass(frozen=True, kw_only=True)
class Later:
    """The message comes back after some seconds."""

    seconds: float


LATER_READABLE = Later(seconds=900)
"""For a message whose job's row cannot be read: after a rollback, the newer version may be back by then.

The message comes back as often as its queue allows, then dies; the row stays, and the sweeper sends it again.
"""


def tags_of(job: Job) -> Tags:
    """The tags of a job's file."""
    return Tags(tenant=job.tenant, use_case=job.use_case, retention=job.retention, keeper=job.id)


def text_of(job: Job) -> Script:
    """What a job says; InvalidInput where that is gone, which only happens to jobs that have ended."""
    if job.script is None:
        raise InvalidInput("The job has no text any more.", code="text_gone")
    return job.script


def is_held(job: Job, at: datetime) -> bool:
    """Whether somebody works on a job, as far as its lease tells."""
    return job.lease_until is not None and job.lease_until > at


def until_free(job: Job, at: datetime) -> Later:
    """When to look again at a job that somebody else holds."""
    left = (job.lease_until - at).total_seconds() if job.lease_until else 0.0
    return Later(seconds=max(left, 0.0) + 1.0)


def is_worn_out(job: Job, at: datetime) -> bool:
    """Whether a job was tried as often as it may be, and nobody is at the last try."""
    return job.attempts >= MOST_ATTEMPTS and not is_held(job, at)


class Worker:
    """Speaks the jobs of the queues."""

    def __init__(  # noqa: PLR0913  each a thing of its own
        self,
        *,
        table: JobTable,
        audio: AudioStore,
        queues: JobQueues,
        speaker: Speaker,
        endings: Endings,
        clock: Clock,
        gpu: bool,
        not_renewed: Callable[[Exception], object] = bool,
    ) -> None:
        """Take the ports; `not_renewed` hears why a lease was not renewed. The next heartbeat tries again."""
        self._table = table
        self._audio = audio
        self._queues = queues
        self._speaker = speaker
        self._endings = endings
        self._clock = clock
        self._gpu = gpu
        self._not_renewed = not_renewed

    def work(self, message: JobMessage, *, name: str, time_left: TimeLeft, fresh: bool) -> Later | None:
        """Speak a message's job as the worker `name`; None once the message is no longer needed.

        `fresh` tells that this invocation has done nothing else, so that more time is nowhere to be had. Whatever is
        raised may go better another time; the job is then free for the next worker.
        """
        try:
            job = self._table.get(message.job)
        except UnreadableRow:
            return LATER_READABLE
        if job is None or job.ended or job.tenant != message.tenant:
            return None
        now = self._clock()
        if job.route == "gpu":  # handed over, perhaps by one who died before saying so
            self._send_to_gpu(job)
            return None
        if is_worn_out(job, now):
            self._endings.given_up(job)
            return None
        held = self._table.claim(job.id, State.SPEAKING, worker=name, at=now, until=now + _lease(time_left))
        if held is None:
            return self._busy(job.id)
        try:
            with Heartbeat(lambda: self._renew(job.id, name, time_left), failed=self._not_renewed):
                return self._speak(held, time_left, fresh=fresh)
        except Exception as error:
            self._release(held, {"fault": fault_of(error)})
            raise

    def _renew(self, job_id: str, name: str, time_left: TimeLeft) -> None:
        now = self._clock()
        self._table.renew(job_id, worker=name, at=now, until=now + _lease(time_left))

    def _busy(self, job_id: str) -> Later | None:
        job = self._table.get(job_id)
        return None if job is None or job.ended else until_free(job, self._clock())

    def _speak(self, job: Job, time_left: TimeLeft, *, fresh: bool) -> Later | None:
        if there := self._audio.find(job.audio_key):
            # At the first attempt somebody else's work; at a later one our own, from before the worker died.
            self._endings.done(job, there, hit=job.attempts == 1)
            return None
        margin = _MARGIN + job.characters * _MARGIN_PER_CHARACTER
        try:
            spoken = self._speaker.speak(text_of(job), time_left=lambda: time_left() - margin)
        except (OutOfTime, TooLongToSpeak):
            return self._hand_over(job) if fresh else self._again(job)
        except InvalidInput as error:
            self._endings.failed(job, fault_of(error))
            return None
        stored = self._audio.put(spoken.file, _described(job, spoken), tags_of(job))
        self._endings.done(job, stored, processing_seconds=spoken.processing_seconds)
        return None

    def _again(self, job: Job) -> Later:
        # To come last in a batch is no failed try, and none that may be counted against the job.
        self._release(job, {"attempts": job.attempts - 1})
        return Later(seconds=0)

    def _hand_over(self, job: Job) -> Later | None:
        if not self._gpu:
            why = "Speaking the text takes longer than a worker has. Send it in parts, or deploy the GPU (GpuImage)."
            self._endings.failed(job, JobError(code="text_too_long", message=why))
            return None
        reason = f"{job.characters} characters take longer than a worker has: the GPU speaks them."
        # Tries on another processor count anew.
        moved = self._release(job, {"route": "gpu", "reason": reason, "attempts": 0})
        if moved is None:
            return self._busy(job.id)
        self._send_to_gpu(moved)
        return None

    def _send_to_gpu(self, job: Job) -> None:
        if self._gpu:
            self._queues.send(job)
        else:
            self._endings.failed(job, NO_GPU)

    def _release(self, job: Job, changes: Mapping[str, Any]) -> Job | None:
        """Let others have the job; None where it is not ours any more."""
        free = {"lease_until": None, "worker": None, **changes}
        return self._table.move(job.id, State.QUEUED, at=self._clock(), worker=job.worker, changes=free)


def _lease(time_left: TimeLeft) -> timedelta:
    """Return how long a worker holds a job from now on: no longer than it lives."""
    return min(LEASE, timedelta(seconds=max(time_left(), 1.0)))


def _described(job: Job, spoken: SpokenFile) -> AudioFile:
    return AudioFile(
        key=job.audio_key,
        seconds=spoken.seconds,
        bytes=len(spoken.file),
        sample_rate=spoken.sample_rate,
        media_type=spoken.media_type,
    )
