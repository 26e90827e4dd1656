"""The dependencies of the batch functions, in addition to those of all functions; created on first use like them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from herald.aws.audio_store import S3Sentences
    from herald.aws.batch_messaging import EventBridgeBatchEvents, StepFunctionsMachine
    from herald.aws.batch_table import DynamoBatchTable
    from herald.aws.object_store import S3Objects
    from herald.batches.batch_ports import ItemSpeaker, PackSpeaker
    from herald.batches.batch_service import BatchService
    from herald.batches.chunk_runner import ChunkRunner, ItemWatch, PackRunner
    from herald.batches.finalizer import BatchWatch, Finalizer
    from herald.batches.gpu_items import GpuItems
    from herald.batches.item_price import ItemPrices
    from herald.batches.run_planner import RunPlanner
    from herald.runtime.container import Dependencies


class BatchDependencies:
    """The dependencies of one function, built lazily."""

    def __init__(self, parts: Dependencies, watch: BatchWatch | None = None) -> None:
        self._parts = parts
        self._watch = watch

    @cached_property
    def table(self) -> DynamoBatchTable:
        """The table of batches."""
        from herald.aws.batch_table import DynamoBatchTable

        parts = self._parts
        return DynamoBatchTable(parts.clients.dynamodb, table=parts.settings.table, unreadable=parts.unreadable)

    @cached_property
    def objects(self) -> S3Objects:
        """The store of batch files."""
        from herald.aws.object_store import S3Objects

        parts = self._parts
        settings = parts.settings
        return S3Objects(
            parts.clients.s3,
            bucket=settings.bucket,
            account=settings.account,
            links=parts.links,
            unreadable=parts.unreadable,
        )

    @cached_property
    def machine(self) -> StepFunctionsMachine:
        """The state machine."""
        from herald.aws.batch_messaging import StepFunctionsMachine

        return StepFunctionsMachine(self._parts.clients.stepfunctions, machine=self._parts.settings.batch_machine)

    @cached_property
    def events(self) -> EventBridgeBatchEvents:
        """The event bus that the ends of batches are published on."""
        from herald.aws.batch_messaging import EventBridgeBatchEvents

        return EventBridgeBatchEvents(self._parts.bus)

    @cached_property
    def finalizer(self) -> Finalizer:
        """Ends batches."""
        from herald.batches.finalizer import Finalizer

        parts = self._parts
        return Finalizer(
            table=self.table,
            objects=self.objects,
            events=self.events,
            clock=parts.clock,
            watch=self._watch,
        )

    @cached_property
    def batch_service(self) -> BatchService:
        """The service that accepts batches."""
        from herald.batches.batch_service import BatchService

        parts = self._parts
        return BatchService(
            config=parts.service_config,
            max_characters=parts.settings.max_job_characters,
            table=self.table,
            objects=self.objects,
            machine=self.machine,
            finalizer=self.finalizer,
            lexicons=parts.lexicons,
            clock=parts.clock,
        )

    @cached_property
    def run_planner(self) -> RunPlanner:
        """Plans the runs of batches."""
        from herald.batches.run_planner import RunPlanner

        parts = self._parts
        return RunPlanner(
            config=parts.service_config,
            table=self.table,
            objects=self.objects,
            max_characters=parts.settings.max_job_characters,
            max_concurrency=parts.settings.batch_concurrency,
            quotas=parts.quotas,
            lexicons=parts.lexicons,
            clock=parts.clock,
        )

    @cached_property
    def gpu_items(self) -> GpuItems:
        """Creates the jobs of items that need the GPU."""
        from herald.batches.gpu_items import GpuItems

        parts = self._parts
        return GpuItems(
            batches=self.table,
            objects=self.objects,
            jobs=parts.job_service,
            tasks=parts.tasks,
            clock=parts.clock,
        )

    def chunk_runner(
        self, speaker: ItemSpeaker, watch: ItemWatch | None = None, *, stopping: Callable[[], bool] = bool
    ) -> ChunkRunner:
        """Return the processor of chunks, which synthesizes items with `speaker`."""
        from herald.batches.chunk_runner import ChunkRunner

        return ChunkRunner(
            table=self.table,
            objects=self.objects,
            audio=self._parts.audio,
            speaker=speaker,
            prices=self.item_prices,
            watch=watch,
            stopping=stopping,
        )

    def pack_runner(self, speaker: PackSpeaker) -> PackRunner:
        """Return the processor of packs, which synthesizes their sentences with `speaker`."""
        from herald.batches.chunk_runner import PackRunner

        return PackRunner(
            table=self.table, objects=self.objects, audio=self._parts.audio, speaker=speaker, prices=self.item_prices
        )

    @cached_property
    def item_prices(self) -> ItemPrices:
        """The prices of items."""
        from herald.batches.item_price import ItemPrices

        return ItemPrices(prices=self._parts.prices)

    def sentences(self, tenant: str) -> S3Sentences:
        """Return the cache of the sentences synthesized for a tenant."""
        from herald.aws.audio_store import S3Sentences

        return S3Sentences(self._parts.clients.s3, bucket=self._parts.settings.bucket, tenant=tenant)
