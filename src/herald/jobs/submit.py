"""The desk: takes requests for jobs, tells about jobs, cancels them, tries failed ones again."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from herald.errors import (
    AudioTooLarge,
    BrokenInstallation,
    GpuNotDeployed,
    JobBegun,
    JobNotFailed,
    KeyReused,
    Unavailable,
    UnknownJob,
    UnreadableRow,
)
from herald.jobs.content import audio_key, fingerprint
from herald.jobs.endings import Endings
from herald.jobs.estimate import LARGEST_FILE, audio_seconds, file_bytes
from herald.jobs.job import Job, id_for, new_id
from herald.jobs.ports import AudioStore, Clock, JobQueues, JobTable, Page, Wanted
from herald.jobs.request import JobRequest
from herald.jobs.route import Decision, Policy, decide_request
from herald.jobs.script import Script
from herald.jobs.states import State
from herald.jobs.voices import VoiceNames
from herald.speech.voices.catalog import VoiceInfo

type Expectation = Callable[[Script, Decision], Decimal]
"""Price in US dollars that a script is expected to have on a route."""


@dataclass(frozen=True, kw_only=True)
class House:
    """What a deployment is like: its voices, its rules, how long it keeps what it spoke."""

    names: VoiceNames
    voices: Mapping[str, VoiceInfo]
    policy: Policy
    retention: timedelta
    expectation: Expectation


class Desk:
    """Takes jobs for a tenant. What it has accepted is written down before it says so."""

    def __init__(  # noqa: PLR0913  each a thing of its own
        self, *, house: House, table: JobTable, audio: AudioStore, queues: JobQueues, endings: Endings, clock: Clock
    ) -> None:
        self._house = house
        self._table = table
        self._audio = audio
        self._queues = queues
        self._endings = endings
        self._clock = clock

    def submit(
        self,
        request: JobRequest,
        *,
        tenant: str,
        key: str | None = None,
        repeated: Callable[[], object] = bool,
        unsure: Callable[[Job], object] = bool,
    ) -> Job:
        """Accept a job, or answer with the one that the tenant's Idempotency-Key `key` stands for.

        InvalidInput for what could never be spoken; KeyReused if the key stands for another request. `repeated` is
        called if an older job is the answer; `unsure` before Unavailable is raised although the job may be written.
        """
        job = self._new(request, tenant, key)
        there = self._added(self._with_file(job), unsure)
        if there.fingerprint != job.fingerprint:
            raise KeyReused("This Idempotency-Key was used for another request. Choose a new one.")
        if there.created_at != job.created_at:
            repeated()
            return there
        return self._on_its_way(there)

    def stands(self, job: Job, *, key: str | None) -> bool:
        """Whether a job that `submit` was unsure of is one that is done and paid.

        One that was written without an Idempotency-Key is cancelled if it is not too late: its caller was told that it
        failed, and has no way to ask for it again.
        """
        there = self._table.get(job.id)
        if there is None or there.created_at != job.created_at:
            return False
        if key is not None:
            return True
        return there.state is not State.CANCELLED and self._endings.cancelled(there) is None

    def find(self, job_id: str, *, tenant: str) -> Job:
        """Return a job of the tenant; UnknownJob for one that does not exist and for another tenant's alike.

        UnreadableRow for a job of the tenant that cannot be read.
        """
        try:
            job = self._table.get(job_id)
        except UnreadableRow as error:
            if error.tenant == tenant:
                raise
            job = None
        if job is None or job.tenant != tenant:
            raise UnknownJob("There is no job of that id.")
        return job

    def list(self, wanted: Wanted, *, tenant: str) -> Page:
        """Return the tenant's jobs, newest first."""
        return self._table.page(tenant, wanted)

    def cancel(self, job_id: str, *, tenant: str) -> Job:
        """Cancel a job that has not begun; JobBegun for one that has. Cancelling twice is the same as once."""
        job = self.find(job_id, tenant=tenant)
        cancelled = self._endings.cancelled(job) or self.find(job_id, tenant=tenant)
        if cancelled.state is not State.CANCELLED:
            raise JobBegun(f"The job is {cancelled.state.value}: it is too late to cancel it.")
        return cancelled

    def retry(self, job_id: str, *, tenant: str) -> Job:
        """Try a failed job again, as a new one; asked twice, it is the same new one."""
        failed = self.find(job_id, tenant=tenant)
        if failed.state is not State.FAILED:
            raise JobNotFailed(f"The job is {failed.state.value}; only one that failed can be tried again.")
        if failed.route == "gpu" and not self._house.policy.gpu:
            raise GpuNotDeployed("The job needs the GPU, which is not deployed (template parameter GpuImage).")
        return self.take(self._copy(failed))

    def take(self, job: Job) -> Job:
        """Accept a job that is made already; asked twice, it is the same one."""
        there = self._table.add(self._with_file(job))
        return self._on_its_way(there) if there.created_at == job.created_at else there

    def _added(self, job: Job, unsure: Callable[[Job], object]) -> Job:
        """The job as it is written now; if no answer came, look whether it was written."""
        try:
            return self._table.add(job)
        except Unavailable:
            there = None
            with suppress(Unavailable):
                there = self._table.get(job.id)
            if there is None:
                unsure(job)
                raise
            return there

    def _new(self, request: JobRequest, tenant: str, key: str | None) -> Job:
        house, now = self._house, self._clock()
        script, decision = decide_request(request, house.names, house.voices, house.policy, waiting=False)
        _check_size(script)
        return Job(
            id=id_for(tenant, key) if key else new_id(now),
            tenant=tenant,
            state=State.ACCEPTED,
            tier=request.priority or "standard",
            route=decision.route,
            reason=decision.reason,
            script=script,
            fingerprint=fingerprint(request),
            voice=", ".join(script.voices),
            response_format=script.response_format,
            characters=script.characters,
            audio_key=audio_key(script, tenant, house.voices),
            use_case=request.use_case,
            retention=request.retention,
            metadata=request.metadata,
            created_at=now,
            updated_at=now,
            expires_at=now + house.retention,
            price_expected=house.expectation(script, decision),
        )

    def _copy(self, failed: Job) -> Job:
        now = self._clock()
        return Job(
            **failed.model_dump(
                exclude={
                    "id", "state", "created_at", "updated_at", "begun_at", "ended_at", "expires_at", "attempts",
                    "worker", "lease_until", "gpu", "fault", "price", "error", "told", "retry_of", "task_token",
                }
            ),
            id=id_for(failed.tenant, f"retry of {failed.id}"),
            state=State.ACCEPTED,
            created_at=now,
            updated_at=now,
            expires_at=now + self._house.retention,
            retry_of=failed.id,
        )  # fmt: skip

    def _with_file(self, job: Job) -> Job:
        """The job as it is if its file is there already: done."""
        audio = self._audio.find(job.audio_key)
        return self._endings.born_done(job, audio) if audio else job

    def _on_its_way(self, job: Job) -> Job:
        if job.ended:
            if not job.told:
                self._endings.announce(job)
            return job
        # It is written down: where the queue does not answer, the sweeper asks it again.
        with suppress(Unavailable, BrokenInstallation):
            self._queues.send(job)
            return self._table.move(job.id, State.QUEUED, at=self._clock(), only_from={State.ACCEPTED}) or job
        return job


def _check_size(script: Script) -> None:
    if file_bytes(script, audio_seconds(script)) > LARGEST_FILE:
        raise AudioTooLarge(
            f"The file would have over {LARGEST_FILE >> 20} MB. Ask for mp3 or opus, for a lower sample_rate, or send "
            "the text in parts.",
            param="response_format",
        )
