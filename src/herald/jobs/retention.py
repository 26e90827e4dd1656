"""Changes of the retention of jobs and their files.

The row of the job records the requested retention; the file and the expiry follow it. A file may be shared by several
jobs, and is kept as long as one of them asks for it. So only its last keeper may release it (AudioStore.expire).
"""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from herald.clock import Clock
from herald.errors import AudioGone, BrokenInstallation, Unavailable, UnknownJob
from herald.jobs.job import AudioFile, Job, Retention
from herald.jobs.job_states import State
from herald.jobs.ports import AudioStore, JobTable

_ATTEMPTS = 4


class RetentionRequest(BaseModel):
    """The body of PUT /v1/jobs/{id}/retention."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    retention: Retention = Field(
        description="`keep` exempts the job and its file from deletion; `expire` ends the exemption."
    )


def is_settled(job: Job) -> bool:
    """Return whether the expiry of a finished job matches its retention.

    It does not if the retention changed while the job was being ended.
    """
    return job.state is not State.DONE or (job.retention == "keep") == (job.expires_at is None)


class RetentionService:
    """Changes the retention of jobs. All methods are idempotent."""

    def __init__(self, *, table: JobTable, audio: AudioStore, clock: Clock, retention: timedelta) -> None:
        self._table = table
        self._audio = audio
        self._clock = clock
        self._retention = retention

    def ask(self, job: Job, retention: Retention) -> Job:
        """Record the retention of a job, and apply it if the job is done.

        Otherwise, the process that ends the job applies it. Raise UnknownJob for an expired job that is not deleted
        yet, and AudioGone if there is no file to keep.
        """
        if job.expires_at and job.expires_at <= self._clock():
            raise _gone()
        if retention == "keep" and job.state is State.DONE and not self._audio.find(job.audio_key):
            raise _audio_gone()
        recorded = self._table.amend(job.id, {"retention": retention})
        if recorded is None:
            raise _gone()
        return self.settle(recorded)

    def settle(self, job: Job) -> Job:
        """Apply the recorded retention to the file and the expiry of a finished job, and return the job.

        A job that is not done is returned unchanged. Raise AudioGone if there is no file to keep.
        """
        for _ in range(_ATTEMPTS):
            if job.state is not State.DONE:
                return job
            file = self._move_file(job)
            # A job that is no longer kept lives for the full retention period again.
            expiry = None if job.retention == "keep" else job.expires_at or self._clock() + self._retention
            # If another request changed the retention meanwhile, the row decides.
            changes = {"audio": file, "expires_at": expiry}
            settled = self._table.amend(job.id, changes, retention=job.retention)
            if settled:
                return settled
            job = self._table.get(job.id) or job
        raise Unavailable("The retention of the job is being changed concurrently. Try again.")

    def _move_file(self, job: Job) -> AudioFile:
        """Move the file to match the retention, and return it; raise AudioGone if it does not exist any more."""
        if job.keeper is None:
            file = self._audio.expire(job.audio_key, by=job.id) or job.audio
            if file is None:
                raise BrokenInstallation("The row of a finished job has no file. Repair the row.")
            return file
        if kept := self._audio.find(job.audio_key, keeper=job.keeper):
            return kept
        raise _audio_gone()


def _audio_gone() -> AudioGone:
    return AudioGone("The file of the job was deleted or damaged. Send the text again to create a new one.")


def _gone() -> UnknownJob:
    return UnknownJob("There is no job with that id.")
