"""How long a job and its file live, changed afterwards: kept, or deleted in time.

The job's row is what was asked for; its file and its own expiry follow it. A file may be several jobs': it is kept as
long as one asks for it, so only a job that alone had it kept may let it go again (AudioStore.expire).
"""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from herald.errors import AudioGone, BrokenInstallation, Unavailable, UnknownJob
from herald.jobs.job import AudioFile, Job, Retention
from herald.jobs.ports import AudioStore, Clock, JobTable
from herald.jobs.states import State

_ATTEMPTS = 4


class RetentionRequest(BaseModel):
    """The body of PUT /v1/jobs/{id}/retention."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    retention: Retention = Field(description="`keep` exempts the job and its file from deletion, `expire` ends that.")


def is_settled(job: Job) -> bool:
    """Whether a job that is done lives as long as it is asked to; one that was asked while it ended may not yet."""
    return job.state is not State.DONE or (job.retention == "keep") == (job.expires_at is None)


class Retaining:
    """Keeps jobs, or lets them go. Asked twice, it is the same as once."""

    def __init__(self, *, table: JobTable, audio: AudioStore, clock: Clock, retention: timedelta) -> None:
        self._table = table
        self._audio = audio
        self._clock = clock
        self._retention = retention

    def ask(self, job: Job, retention: Retention) -> Job:
        """Write down how long a job is to live, and settle it if it is done; else the process that ends it does so.

        UnknownJob for one whose time is over: it only waits to be deleted. AudioGone where there is no file to keep.
        """
        if job.expires_at and job.expires_at <= self._clock():
            raise _gone()
        if retention == "keep" and job.state is State.DONE and not self._audio.find(job.audio_key):
            raise _audio_gone()
        asked = self._table.amend(job.id, {"retention": retention})
        if asked is None:
            raise _gone()
        return self.settle(asked)

    def settle(self, job: Job) -> Job:
        """Have the file and the expiry of a job that is done follow its row; others need nothing."""
        for _ in range(_ATTEMPTS):
            if job.state is not State.DONE:
                return job
            file = self._moved(job)
            # Where another caller asked for something else meanwhile, the row decides.
            changes = {"audio": file, "expires_at": self._expiry(job)}
            settled = self._table.amend(job.id, changes, retention=job.retention)
            if settled:
                return settled
            job = self._table.get(job.id) or job
        raise Unavailable("Several change the retention of this job at this moment. Try again.")

    def _moved(self, job: Job) -> AudioFile:
        """Return the file where the job's retention wants it; AudioGone where it cannot be kept any more."""
        if job.keeper is None:
            return self._audio.expire(job.audio_key, by=job.id) or _file_of(job)
        if kept := self._audio.find(job.audio_key, keeper=job.keeper):
            return kept
        raise _audio_gone()

    def _expiry(self, job: Job) -> datetime | None:
        """Who lets a kept job go has it for the whole time once more, as its file."""
        return None if job.retention == "keep" else job.expires_at or self._clock() + self._retention


def _file_of(job: Job) -> AudioFile:
    if job.audio is None:
        raise BrokenInstallation("A job that is done has no file in its row.")
    return job.audio


def _audio_gone() -> AudioGone:
    return AudioGone("The job's file was deleted or damaged. Send the text again to have it spoken anew.")


def _gone() -> UnknownJob:
    return UnknownJob("There is no job of that id.")
