"""The job service: accept, find, list, cancel and retry jobs."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from herald.clock import Clock
from herald.errors import (
    AudioTooLarge,
    BrokenInstallation,
    GpuNotDeployed,
    IdempotencyKeyReused,
    JobNotFailed,
    JobStarted,
    Unavailable,
    UnknownJob,
    UnreadableRow,
)
from herald.jobs.completion import Completion
from herald.jobs.job import Job, State, id_for, new_id
from herald.jobs.job_price import LARGEST_FILE, audio_seconds, file_bytes
from herald.jobs.job_request import JobRequest
from herald.jobs.lexicon_service import LexiconService
from herald.jobs.ports import AudioStore, JobFilter, JobQueues, JobTable, Page
from herald.jobs.resolve import Resolver, names_custom_voice
from herald.jobs.routing import Decision
from herald.jobs.script import Script, audio_key, fingerprint
from herald.jobs.webhook_address import WebhookHosts

if TYPE_CHECKING:
    from herald.jobs.custom_voice_records import CustomVoice


@dataclass(frozen=True, kw_only=True)
class ServiceConfig(Resolver):
    """The settings of a deployment: its voices, its limits, its retention period, its prices and its webhooks."""

    retention: timedelta
    expected_price: Callable[[Script, Decision], Decimal]
    """Returns the expected price of a script on a route in US dollars."""
    webhooks: WebhookHosts = field(default_factory=WebhookHosts)
    custom_voices: "Callable[[str], Iterable[CustomVoice]]" = lambda _: ()
    """Returns the custom voices of a tenant."""

    def for_tenant(self, tenant: str) -> Self:
        """Return the settings with the custom voices of a tenant."""
        return self.with_custom(self.custom_voices(tenant))

    def for_request(self, request: JobRequest, tenant: str) -> Self:
        """Return the settings for a request: with the custom voices of its tenant, which are read if it names one."""
        return self.for_tenant(tenant) if names_custom_voice(request) else self


@dataclass(kw_only=True)
class JobService:
    """Manages the jobs of tenants. A job is stored before it is acknowledged."""

    config: ServiceConfig
    table: JobTable
    audio: AudioStore
    queues: JobQueues
    completion: Completion
    lexicons: LexiconService
    clock: Clock

    def submit(
        self,
        request: JobRequest,
        *,
        tenant: str,
        key: str | None = None,
        repeated: Callable[[], object] = bool,
        unsure: Callable[[Job], object] = bool,
    ) -> Job:
        """Accept a job, or return the existing one for the tenant's Idempotency-Key `key`.

        Raise InvalidInput for a request that can never be spoken, and IdempotencyKeyReused if the key was used for a
        different request. `repeated` is called if an existing job is returned, and `unsure` before Unavailable is
        raised although the job may have been stored.
        """
        job = self._build(request, tenant, key)
        stored = self._store(job, unsure)
        if stored.fingerprint != job.fingerprint:
            raise IdempotencyKeyReused("The Idempotency-Key was already used for a different request. Use a new key.")
        while stored.created_at != job.created_at:
            if stored.state is not State.DONE or self.audio.find(stored.audio_key, keeper=stored.keeper):
                repeated()
                return stored
            # The file was deleted or damaged. Repeated requests return the same replacement as long as its file exists.
            changes = {"id": id_for(tenant, f"anew {stored.id}"), "retry_of": stored.id}
            stored = self._store(job.model_copy(update=changes), unsure)
        return self.dispatch(stored)

    def is_payable(self, job: Job, *, key: str | None) -> bool:
        """Return whether a job has to be paid for, because `submit` stored it although it raised Unavailable.

        A job without an Idempotency-Key is cancelled if it has not begun: its caller received an error, and cannot
        retrieve the job.
        """
        stored = self.table.get(job.id)
        if stored is None or stored.created_at != job.created_at:
            return False
        if key is not None:
            return True
        return stored.state is not State.CANCELLED and self.completion.cancel(stored) is None

    def find(self, job_id: str, *, tenant: str) -> Job:
        """Return a job of the tenant.

        Raise UnknownJob if the job does not exist or belongs to another tenant, and UnreadableRow if the row of a job
        of the tenant cannot be read.
        """
        try:
            job = self.table.get(job_id)
        except UnreadableRow as error:
            if error.tenant == tenant:
                raise
            job = None
        if job is None or job.tenant != tenant:
            raise UnknownJob("There is no job with that id.")
        return job

    def list(self, job_filter: JobFilter, *, tenant: str) -> Page:
        """Return the tenant's jobs, newest first."""
        return self.table.page(tenant, job_filter)

    def cancel(self, job_id: str, *, tenant: str) -> Job:
        """Cancel a job; raise JobStarted if it has begun. Idempotent."""
        job = self.find(job_id, tenant=tenant)
        cancelled = self.completion.cancel(job) or self.find(job_id, tenant=tenant)
        if cancelled.state is not State.CANCELLED:
            raise JobStarted(f"The job is {cancelled.state.value}, so it can no longer be cancelled.")
        return cancelled

    def retry(self, job_id: str, *, tenant: str) -> Job:
        """Retry a failed job as a new job. Idempotent: a repeated call returns the same new job.

        Raise JobNotFailed for a job in another state, or whose recordings were refused, and GpuNotDeployed if it needs
        a GPU and none is deployed.
        """
        failed = self.find(job_id, tenant=tenant)
        if failed.state is not State.FAILED:
            raise JobNotFailed(f"The job is {failed.state.value}. Only a failed job can be retried.")
        if failed.error and failed.error.code == "voice_refused":
            raise JobNotFailed("The recordings of the voice were refused, and would be again. Send other recordings.")
        if failed.route == "gpu" and not self.config.policy.gpu:
            raise GpuNotDeployed("The job needs the GPU, which is not deployed (template parameter GpuImage).")
        if failed.route == "kokoro" and not self.config.policy.kokoro_megabytes:
            raise GpuNotDeployed(
                "Kokoro on CPU, which the job needs, is not deployed (template parameter KokoroMemorySize)."
            )
        now = self.clock()
        retried = Job(
            **failed.model_dump(
                exclude={
                    "id", "state", "created_at", "updated_at", "begun_at", "ended_at", "expires_at", "attempts",
                    "worker", "lease_until", "gpu", "fault", "price", "error", "published", "retry_of", "task_token",
                    "webhook",
                }
            ),
            id=id_for(tenant, f"retry of {failed.id}"),
            state=State.ACCEPTED,
            created_at=now,
            updated_at=now,
            expires_at=now + self.config.retention,
            retry_of=failed.id,
        )  # fmt: skip
        return self.accept(retried)

    def accept(self, job: Job) -> Job:
        """Store and send a job that was built elsewhere. Idempotent."""
        stored = self._store(job)
        return self.dispatch(stored) if stored.created_at == job.created_at else stored

    def _store(self, job: Job, unsure: Callable[[Job], object] = bool) -> Job:
        """Store a job, completed if its file exists, and return its row.

        If the service did not respond, check whether the write succeeded.
        """
        offered = self._from_cache(job)
        try:
            return self.table.add(offered)
        except Unavailable:
            found = None
            with suppress(Unavailable):
                found = self.table.get(job.id)
            if found is None or found.is_expired(job.created_at):
                unsure(offered)
                raise
            return found

    def _build(self, request: JobRequest, tenant: str, key: str | None) -> Job:
        now = self.clock()
        if request.webhook_url is not None:
            self.config.webhooks.check(request.webhook_url)
        lexicons = self.lexicons.chosen(tenant, request.lexicons)
        config = self.config.for_request(request, tenant)
        script, decision = config.resolve(request, waiting=False, lexicons=lexicons)
        engine = config.voices[script.lines[0].voice].engine
        if file_bytes(script, audio_seconds(script, engine)) > LARGEST_FILE:
            raise AudioTooLarge(
                f"The file would exceed {LARGEST_FILE >> 20} MB. Use mp3 or opus, a lower sample_rate, or send the "
                "text in parts.",
                param="response_format",
            )
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
            audio_key=audio_key(script, tenant, config.voices),
            use_case=request.use_case,
            retention=request.retention,
            metadata=request.metadata,
            webhook_url=request.webhook_url,
            created_at=now,
            updated_at=now,
            expires_at=now + config.retention,
            price_expected=config.expected_price(script, decision),
        )

    def _from_cache(self, job: Job) -> Job:
        """Return the job, completed if its file already exists."""
        # The file is kept once the row is stored: nothing would release that of a process that ended in between.
        audio = self.audio.find(job.audio_key)
        return self.completion.completed_from_cache(job, audio) if audio else job

    def dispatch(self, job: Job) -> Job:
        """Send a stored job to its queue, or publish its end if its file existed when it was accepted."""
        if job.ended:
            return job if job.published else self.completion.announce(job)
        # The job is stored: if the queue is unavailable, the sweeper sends it later.
        with suppress(Unavailable, BrokenInstallation):
            self.queues.send(job)
            queued = self.table.move(job.id, State.QUEUED, at=self.clock(), only_from={State.ACCEPTED})
            return queued or self.table.get(job.id) or job  # `queued` is None if a worker has already claimed the job
        return job
