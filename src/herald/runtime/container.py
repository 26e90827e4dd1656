"""The dependencies of the functions, created on first use.

Each property imports the modules that it needs. Only modules that every function uses are imported at the top, so that
a cold start loads only the models of the function's own work. A test lists them for each function.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from herald.aws.clients import Clients
from herald.aws.dynamo import UnreadableHandler, ignore_unreadable
from herald.clock import utc_now

if TYPE_CHECKING:
    from herald.auth.authenticator import Authenticator
    from herald.auth.quotas import Quotas
    from herald.aws.audio_store import S3AudioStore
    from herald.aws.custom_voice_storage import AwsCustomVoiceStore
    from herald.aws.job_table import DynamoJobTable
    from herald.aws.lexicon_store import AwsLexiconStore
    from herald.aws.links import Links, Slot
    from herald.aws.messaging import EventBridgeEvents, SqsJobQueues, StepFunctionsTasks
    from herald.aws.usage_rows import SpendTable
    from herald.jobs.completion import Completion, JobWatch, RetentionService
    from herald.jobs.custom_voice_records import CustomVoice
    from herald.jobs.enrolment_work import EnrolmentWork
    from herald.jobs.gpu_work import GpuWork
    from herald.jobs.job import Job
    from herald.jobs.job_price import PriceList
    from herald.jobs.job_service import JobService, ServiceConfig
    from herald.jobs.lexicon_service import LexiconService
    from herald.jobs.voice_service import VoiceService
    from herald.runtime.settings import Settings
    from herald.speech.voices.catalog import Catalog

_INTERACTIVE: dict[str, Any] = {"attempts": 3, "read_seconds": 2}
"""For interactive requests: calls to an unresponsive service fail before the function's own timeout."""
_BACKGROUND: dict[str, Any] = {"attempts": 5, "read_seconds": 10}
"""For background work: if 30% of calls are throttled, 5 attempts all fail for 2 calls in 1,000 (0.3^5 = 0.0024)."""


class Dependencies:
    """The dependencies of one function, configured by its settings."""

    clock = staticmethod(utc_now)

    def __init__(
        self,
        settings: Settings,
        *,
        interactive: bool,
        unreadable: UnreadableHandler = ignore_unreadable,
        watch: JobWatch | None = None,
    ) -> None:
        """Store the callbacks: `unreadable` is called for rows that cannot be read, `watch` for jobs that end here.

        `interactive` selects short timeouts and few retries of calls to AWS, for interactive requests.
        """
        self._watch = watch
        self.unreadable = unreadable
        self.settings = settings
        self.clients = Clients(**(_INTERACTIVE if interactive else _BACKGROUND))

    @cached_property
    def catalog(self) -> Catalog:
        """The voices of the layer and the published voices."""
        from herald.aws.voice_store import S3Voices
        from herald.speech.voices.remote import RemoteCatalog

        source = S3Voices(self.clients, bucket=self.settings.bucket)
        return RemoteCatalog(self.settings.layer_folders, source=source, cache=Path(gettempdir()) / "herald-voices")

    @cached_property
    def table(self) -> DynamoJobTable:
        """The table of jobs."""
        from herald.aws.job_table import DynamoJobTable, TextStore

        texts = TextStore(self.clients.s3, bucket=self.settings.bucket)
        return DynamoJobTable(self.clients.dynamodb, table=self.settings.table, texts=texts, unreadable=self.unreadable)

    @cached_property
    def authenticator(self) -> Authenticator:
        """Authenticates callers, without a cache."""
        from herald.auth.authenticator import Authenticator
        from herald.aws.key_table import DynamoKeys
        from herald.runtime.tokens import issuer_of

        keys = DynamoKeys(self.clients.dynamodb, table=self.settings.key_table, unreadable=self.unreadable)
        return Authenticator(keys, clock=self.clock, tokens=issuer_of(self.settings))

    @cached_property
    def quotas(self) -> Quotas:
        """Rate limits and quotas of callers."""
        from herald.auth.quotas import Quotas
        from herald.aws.usage_counters import DynamoCounters

        counters = DynamoCounters(self.clients, table=self.settings.key_table, unreadable=self.unreadable)
        return Quotas(counters, clock=self.clock)

    @cached_property
    def lexicon_store(self) -> AwsLexiconStore:
        """The store of lexicons."""
        from herald.aws.lexicon_store import AwsLexiconStore

        settings = self.settings
        return AwsLexiconStore(
            self.clients, table=settings.key_table, bucket=settings.bucket, unreadable=self.unreadable
        )

    @cached_property
    def lexicons(self) -> LexiconService:
        """The lexicons of tenants."""
        from herald.jobs.lexicon_service import LexiconService

        return LexiconService(store=self.lexicon_store, clock=self.clock)

    @cached_property
    def custom_voice_store(self) -> AwsCustomVoiceStore:
        """The store of tenants' custom voices."""
        from herald.aws.custom_voice_storage import AwsCustomVoiceStore

        settings = self.settings
        return AwsCustomVoiceStore(
            self.clients, table=settings.key_table, bucket=settings.bucket, unreadable=self.unreadable
        )

    def custom_voices(self, tenant: str) -> list[CustomVoice]:
        """Return the custom voices of a tenant."""
        return self.custom_voice_store.voices(tenant).all_voices()

    @cached_property
    def voice_service(self) -> VoiceService:
        """The service of tenants' custom voices."""
        from herald.jobs.voice_service import VoiceService

        return VoiceService(store=self.custom_voice_store, jobs=self.job_service, quotas=self.quotas, clock=self.clock)

    @cached_property
    def enrolments(self) -> EnrolmentWork:
        """Prepares and completes jobs that make or use custom voices."""
        from herald.jobs.enrolment_work import EnrolmentWork

        return EnrolmentWork(store=self.custom_voice_store, clock=self.clock)

    def _enrolment_ended(self, job: Job) -> None:
        self.enrolments.record_end(job)

    @cached_property
    def audio(self) -> S3AudioStore:
        """The store of audio files."""
        from herald.aws.audio_store import S3AudioStore

        return S3AudioStore(self.clients.s3, bucket=self.settings.bucket, clock=self.clock)

    @cached_property
    def links(self) -> Links:
        """Signed links to audio files and reports."""
        from herald.aws.links import CdnLinks, S3Links

        settings = self.settings
        if not settings.link_domain:
            return S3Links(self.clients.s3, bucket=settings.bucket)
        keys: dict[Slot, str] = {"A": settings.link_key_a, "B": settings.link_key_b}
        return CdnLinks(
            self.clients, domain=settings.link_domain, secret=settings.link_secret, keys=keys, clock=self.clock
        )

    @cached_property
    def retention_service(self) -> RetentionService:
        """Retention of jobs and their files."""
        from herald.jobs.completion import RetentionService

        return RetentionService(table=self.table, audio=self.audio, clock=self.clock, retention=self.settings.retention)

    @cached_property
    def queues(self) -> SqsJobQueues:
        """The queues of jobs."""
        from herald.aws.messaging import SqsJobQueues

        settings = self.settings
        return SqsJobQueues(
            self.clients.sqs,
            standard=settings.standard_queue,
            vip=settings.vip_queue,
            gpu=settings.gpu_queue or None,
            kokoro=settings.kokoro_queue or None,
        )

    @cached_property
    def completion(self) -> Completion:
        """Completes, fails and cancels jobs."""
        from herald.jobs.completion import Completion

        return Completion(
            table=self.table,
            audio=self.audio,
            events=self.bus,
            pricing=self.prices.actual,
            clock=self.clock,
            tasks=self.tasks,
            retention=self.retention_service,
            watch=self._watch,
            enrolment_ended=self._enrolment_ended if self.settings.key_table else None,
        )

    @cached_property
    def spend(self) -> SpendTable:
        """The spend of tenants: the prices of their jobs and batches by day."""
        from herald.aws.usage_rows import SpendTable

        return SpendTable(self.clients.dynamodb, table=self.settings.table, unreadable=self.unreadable)

    @cached_property
    def bus(self) -> EventBridgeEvents:
        """The event bus that the ends of jobs and batches are published on."""
        from herald.aws.messaging import EventBridgeEvents

        return EventBridgeEvents(self.clients.events, bus=self.settings.bus)

    @cached_property
    def tasks(self) -> StepFunctionsTasks:
        """The state machine's callback tasks, completed by jobs."""
        from herald.aws.messaging import StepFunctionsTasks

        return StepFunctionsTasks(self.clients)

    @cached_property
    def gpu(self) -> GpuWork:
        """Submission of jobs to the GPU endpoint, and handling of its results."""
        from herald.aws.gpu_endpoint import SageMakerEndpoint
        from herald.jobs.gpu_work import GpuWork

        endpoint = SageMakerEndpoint(
            self.clients.sagemaker,
            self.clients.s3,
            endpoint=self.settings.gpu_endpoint,
            bucket=self.settings.bucket,
            lexicon=self.lexicons.content,
        )
        return GpuWork(
            table=self.table,
            audio=self.audio,
            queues=self.queues,
            endpoint=endpoint,
            completion=self.completion,
            enrolments=self.enrolments,
            clock=self.clock,
        )

    @cached_property
    def prices(self) -> PriceList:
        """The prices of this deployment."""
        from herald.jobs.custom_voices import is_custom
        from herald.jobs.job_price import Deployment, PriceList
        from herald.jobs.routing import KOKORO
        from herald.pricing.prices import US_EAST_1
        from herald.speech.voices.catalog import engine_of

        settings = self.settings
        deployment = Deployment(
            architecture=settings.architecture,
            speech_megabytes=settings.speech_megabytes,
            worker_megabytes=settings.worker_megabytes,
            kokoro_megabytes=settings.kokoro_megabytes or Deployment.kokoro_megabytes,
            retention=settings.retention,
            infrequent_after=settings.infrequent_after,
            gpu_concurrency=settings.gpu_concurrency,
        )
        return PriceList(
            deployment=deployment,
            prices=US_EAST_1.changed(settings.prices),
            engine_of=lambda voice: KOKORO if is_custom(voice) else engine_of(voice, self.catalog.local),
        )

    @cached_property
    def service_config(self) -> ServiceConfig:
        """The voices, routing policy and limits of this deployment."""
        from herald.jobs.job_service import ServiceConfig
        from herald.jobs.routing import Policy

        settings = self.settings
        policy = Policy(
            realtime_characters=settings.max_characters,
            longform_characters=settings.longform_characters,
            gpu=settings.gpu,
            kokoro_megabytes=settings.kokoro_megabytes,
        )
        return ServiceConfig(
            names=settings.voice_names,
            voices=self.catalog.voices,
            policy=policy,
            retention=settings.retention,
            expected_price=self.prices.expected,
            webhooks=settings.webhooks,
            custom_voices=self.custom_voices,
        )

    @cached_property
    def job_service(self) -> JobService:
        """The service that accepts jobs."""
        from herald.jobs.job_service import JobService

        return JobService(
            config=self.service_config,
            table=self.table,
            audio=self.audio,
            queues=self.queues,
            completion=self.completion,
            lexicons=self.lexicons,
            clock=self.clock,
        )

    def queue_url(self, arn: str) -> str:
        """Return the URL of a queue of this deployment by its ARN."""
        return f"{self.settings.standard_queue.rpartition('/')[0]}/{arn.rpartition(':')[2]}"
