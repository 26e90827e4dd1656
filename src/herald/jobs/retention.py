"""How long a job and its file live, changed afterwards: kept, or deleted in time.

The job's row is what was asked for; the file's tag and the row's own expiry follow it. A file may be several jobs': it
is kept as long as one asks for it, so only whoever alone had it kept may let it go again (AudioStore.expire).
"""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from herald.errors import Unavailable, UnknownJob
from herald.jobs.job import Job, Retention
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
        """Write down how long a job is to live, and settle it if it is done; else whoever ends it does so.

        UnknownJob for one whose time is over already: it only waits to be deleted, and its file may be gone.
        """
        if job.expires_at and job.expires_at <= self._clock():
            raise _gone()
        asked = self._table.amend(job.id, {"retention": retention})
        if asked is None:
            raise _gone()
        return self.settle(asked)

    def settle(self, job: Job) -> Job:
        """Have the file and the expiry of a job that is done follow its row; others need nothing."""
        for _ in range(_ATTEMPTS):
            if job.state is not State.DONE:
                return job
            self._tag(job)
            # Whoever asked for something else meanwhile may have tagged before us: the last word is the row's.
            settled = self._table.amend(job.id, {"expires_at": self._expiry(job)}, retention=job.retention)
            if settled:
                return settled
            job = self._table.get(job.id) or job
        raise Unavailable("Several change the retention of this job at this moment. Try again.")

    def _tag(self, job: Job) -> None:
        if job.retention == "keep":
            self._audio.keep(job.audio_key, by=job.id)
        else:
            self._audio.expire(job.audio_key, by=job.id)

    def _expiry(self, job: Job) -> datetime | None:
        """Who lets a kept job go has it for the whole time once more, as its file."""
        return None if job.retention == "keep" else job.expires_at or self._clock() + self._retention


def _gone() -> UnknownJob:
    return UnknownJob("There is no job of that id.")
