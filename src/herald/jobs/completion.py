"""End jobs exactly once, publish their ends, and change their retention.

The row of a job records the requested retention, which is then applied to the file and its expiry. Several jobs may
share a file, which is kept as long as one of them requires it. So only its last keeper may release it
(AudioStore.expire).
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from herald.clock import Clock
from herald.errors import AudioGone, BrokenInstallation, Unavailable, UnknownJob, UnreadableRow, to_herald_error
from herald.jobs.job import AudioFile, Job, JobError, Retention, State
from herald.jobs.job_messages import JobEnd
from herald.jobs.ports import AudioStore, Events, JobTable, Spend, Tasks

_ATTEMPTS = 4
MAX_ATTEMPTS = 5
"""The attempts at a job on one route. Equals maxReceiveCount of its queue."""
NO_GPU = JobError(
    code="gpu_not_deployed",
    message="The GPU that this job needs is no longer deployed. Deploy it (GpuImage), then retry the job.",
)
NO_KOKORO = JobError(
    code="gpu_not_deployed",
    message="Kokoro on CPU, which this job needs, is no longer deployed. Deploy it (KokoroMemorySize), then retry.",
)
_AFTER_END = timedelta(days=1)
"""How long a job exists after its end at least, however late that is."""
_RELEASED = {"lease_until": None, "worker": None, "gpu": None}

type Pricing = Callable[[Job, AudioFile | None, float], Decimal]
"""Computes the price of a job in US dollars from its file and the seconds of synthesis (0: the file was cached)."""
type JobWatch = Callable[[Job, float], None]
"""Called once for each job that this process ended, with the seconds of synthesis."""


class RetentionRequest(BaseModel):
    """The body of PUT /v1/jobs/{id}/retention."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    retention: Retention = Field(
        description="`keep` exempts the job and its file from deletion; `expire` ends the exemption."
    )


def is_settled(job: Job) -> bool:
    """Return whether the expiry of a finished job matches its retention, which may have changed at the same time."""
    return job.state is not State.DONE or (job.retention == "keep") == (job.expires_at is None)


@dataclass(kw_only=True)
class RetentionService:
    """Changes the retention of jobs. All methods are idempotent."""

    table: JobTable
    audio: AudioStore
    clock: Clock
    retention: timedelta

    def change(self, job: Job, retention: Retention) -> Job:
        """Record the retention of a job, and apply it if the job is done.

        Otherwise, the process that ends the job applies it. Raise UnknownJob for an expired job that is not deleted
        yet, and AudioGone if there is no file to keep.
        """
        if job.is_expired(self.clock()):
            raise _gone()
        if retention == "keep" and job.state is State.DONE and not self.audio.find(job.audio_key, keeper=job.keeper):
            raise _audio_gone()
        recorded = self.table.amend(job.id, {"retention": retention})
        if recorded is None:
            raise _gone()
        return self.apply(recorded)

    def apply(self, job: Job) -> Job:
        """Apply the recorded retention to the file and the expiry of a finished job, and return the job.

        A job that is not done is returned unchanged. Raise AudioGone if there is no file to keep.
        """
        for _ in range(_ATTEMPTS):
            if job.state is not State.DONE:
                if job.begun_at and not job.keeper:  # its worker may have kept a file, and died
                    self.audio.expire(job.audio_key, by=job.id)
                return job
            if job.keeper:
                file = self.audio.find(job.audio_key, keeper=job.keeper)
            else:
                file = self.audio.expire(job.audio_key, by=job.id) or job.audio
            if file is None and job.keeper:
                raise _audio_gone()
            if file is None:
                raise BrokenInstallation("The row of a finished job has no file. Repair the row.")
            # A job that is no longer kept lives for the full retention period again.
            expiry = None if job.retention == "keep" else job.expires_at or self.clock() + self.retention
            # If another request changed the retention meanwhile, the row decides.
            changes = {"audio": file, "expires_at": expiry}
            settled = self.table.amend(job.id, changes, retention=job.retention)
            if settled:
                return settled
            job = self.table.get(job.id) or job
        raise Unavailable("The retention of the job is being changed concurrently. Try again.")


def _audio_gone() -> AudioGone:
    return AudioGone("The file of the job was deleted or damaged. Send the text again to create a new one.")


def _gone() -> UnknownJob:
    return UnknownJob("There is no job with that id.")


def to_job_error(error: BaseException) -> JobError:
    """Return an error as it is stored in a job's row; see `to_herald_error`."""
    fault = to_herald_error(error)
    return JobError(code=fault.code, message=fault.message)


@dataclass(kw_only=True)
class Completion:
    """Ends jobs. The first end wins; later ones change nothing and are not announced."""

    table: JobTable
    audio: AudioStore
    events: Events
    pricing: Pricing
    clock: Clock
    retention: RetentionService
    tasks: Tasks | None = None
    watch: JobWatch | None = None
    enrolment_ended: Callable[[Job], object] | None = None
    """Called at least once at the end of a job that enrols a voice."""

    def completed_from_cache(self, job: Job, audio: AudioFile) -> Job:
        """Return a new job, not yet stored, as completed with a file that already exists.

        The caller stores the job and then announces it, which keeps the file if the job asks for it.
        """
        price = self.pricing(job, audio, 0.0)
        changes = {"state": State.DONE, "ended_at": job.created_at, "script": None, "published": False}
        changes |= {"audio": audio, "hit": True, "price": price, "price_expected": price}
        return job.model_copy(update=changes)

    def complete(self, job: Job, audio: AudioFile, *, processing_seconds: float = 0.0, hit: bool = False) -> Job | None:
        """End a job whose file is stored under its `audio_key`. Return it, or None if it had already ended."""
        price = self.pricing(job, audio, processing_seconds)
        # The text is no longer needed. The key may differ from the one that was expected when the job was accepted.
        changes = {
            "audio": audio,
            "audio_key": job.audio_key,
            "hit": hit,
            "price": price,
            "script": None,
            "fault": None,
        }
        ended = self._end(job, State.DONE, changes | _retention_changes(job), processing_seconds)
        if ended is None:
            self.release_unused(job)
        return ended

    def fail(self, job: Job, error: JobError) -> Job | None:
        """End a job that cannot be completed. Return it, or None if it had already ended."""
        return self._end(job, State.FAILED, self._failure(job, error))

    def give_up(self, job: Job) -> Job | None:
        """End a job that has no attempts left. Return it, or None if it had ended, or a worker changed it meanwhile.

        If its file is stored, only the last write had failed, and the job is done. Otherwise, it fails.
        """
        if existing := self.audio.find(job.audio_key, keeper=job.keeper):
            return self.complete(job, existing)
        message = f"The job was attempted {job.attempts} times and will not be retried."
        if job.fault:
            message += f" The last error: {job.fault.message} ({job.fault.code})"
        failure = self._failure(job, JobError(code="too_many_attempts", message=message))
        return self._end(job, State.FAILED, failure, unchanged=job)

    def cancel(self, job: Job) -> Job | None:
        """Cancel a job that has not begun. Return it, or None if it has begun or ended."""
        return self._end(job, State.CANCELLED, {"script": None})

    def release_unused(self, job: Job) -> None:
        """Release the file that was kept for a job, unless its row keeps it.

        The row may belong to another request, or the job may have ended without the file of a worker that died or was
        too slow. Nothing else would release such a file. If a service is unavailable, the file stays.
        """
        if job.keeper != job.id:
            return
        with suppress(Unavailable, UnreadableRow):
            row = self.table.get(job.id)
            used = None if row is None or row.state in {State.FAILED, State.CANCELLED} else (row.audio_key, row.keeper)
            if used != (job.audio_key, job.keeper):
                self.audio.expire(job.audio_key, by=job.id)

    def announce(self, job: Job, seconds: float = 0.0) -> Job:
        """Announce a job that has just ended, and notify `watch`, which is called only once for each job."""
        if self.watch:
            self.watch(job, seconds)
        return self.publish(job)

    def publish(self, job: Job) -> Job:
        """Publish the end of a job and return it, with its retention applied.

        If a service is unavailable, the sweeper repeats it; the end itself is final.
        """
        with suppress(Unavailable):
            if job.state is not State.DONE and job.begun_at:
                self.release_unused(job)
            if not is_settled(job):  # the file existed, or the retention changed while the job was being ended
                with suppress(AudioGone):
                    job = self.retention.apply(job)
            if job.enrols and self.enrolment_ended:
                self.enrolment_ended(job)
            if job.task_token and self.tasks:
                self.tasks.complete(job.task_token, JobEnd.of(job))
            self.events.publish(job)
            # The price of a batch contains those of its items.
            price = None if job.task_token else job.price
            spend = Spend(job.tenant, price, job.ended_at or self.clock()) if price else None
            self.table.mark_published(job.id, spend)
        return job

    def _failure(self, job: Job, error: JobError) -> dict[str, object]:
        return {"error": error, "price": self.pricing(job, None, 0.0)}

    def _end(
        self, job: Job, state: State, changes: dict[str, object], seconds: float = 0.0, *, unchanged: Job | None = None
    ) -> Job | None:
        now = self.clock()
        expiry = {"expires_at": max(job.expires_at, now + _AFTER_END)} if job.expires_at else {}
        changes = _RELEASED | expiry | changes
        ended = self.table.move(job.id, state, at=now, changes=changes, unchanged=unchanged)
        if ended:
            self.announce(ended, seconds)
        return ended


def _retention_changes(job: Job) -> dict[str, object]:
    """Return the change that exempts a finished job from expiry, if its retention is `keep`.

    Jobs that are not done expire, whatever their retention.
    """
    return {"expires_at": None} if job.retention == "keep" else {}
