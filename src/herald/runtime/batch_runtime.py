"""The dependencies and metrics of the batch functions, in addition to those of all functions."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property

from herald.aws.audio_store import S3Sentences
from herald.aws.batch_table import DynamoBatchTable
from herald.aws.messaging import StepFunctionsMachine
from herald.aws.object_store import S3Objects
from herald.batches.batch import Batch, BatchState
from herald.batches.batch_events import Sla
from herald.batches.batch_ports import ItemSpeaker, PackSpeaker
from herald.batches.batch_service import BatchService
from herald.batches.chunk_runner import ChunkRunner, ItemWatch
from herald.batches.finalizer import BatchWatch, Finalizer
from herald.batches.gpu_items import GpuItems
from herald.batches.item_price import ItemPrices
from herald.batches.items import ChunkTotals, ItemResult
from herald.batches.pack_runner import PackRunner
from herald.batches.run_planner import RunPlanner
from herald.runtime.container import Dependencies
from herald.runtime.metrics import BATCH_DONE, BATCH_IN_SLA, PAST_DEADLINE, ROW_ERRORS, Meter, file_failed, file_made


class BatchDependencies:
    """The dependencies of one function, built lazily."""

    def __init__(self, parts: Dependencies, watch: BatchWatch | None = None) -> None:
        self._parts = parts
        self._watch = watch

    @cached_property
    def table(self) -> DynamoBatchTable:
        """The table of batches."""
        parts = self._parts
        return DynamoBatchTable(parts.clients.dynamodb, table=parts.settings.table, unreadable=parts.unreadable)

    @cached_property
    def objects(self) -> S3Objects:
        """The store of batch files."""
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
        return StepFunctionsMachine(self._parts.clients.stepfunctions, machine=self._parts.settings.batch_machine)

    @cached_property
    def finalizer(self) -> Finalizer:
        """Completes batches."""
        parts = self._parts
        return Finalizer(
            table=self.table,
            objects=self.objects,
            events=parts.bus,
            clock=parts.clock,
            ledger=parts.ledger,
            watch=self._watch,
        )

    @cached_property
    def batch_service(self) -> BatchService:
        """The service that accepts batches."""
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
    def planning(self) -> RunPlanner:
        """Plans batches."""
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
        """Creates jobs of items that need the GPU."""
        parts = self._parts
        return GpuItems(
            config=parts.service_config,
            batches=self.table,
            objects=self.objects,
            jobs=parts.job_service,
            tasks=parts.tasks,
            clock=parts.clock,
        )

    def speaking(
        self, speaker: ItemSpeaker, watch: ItemWatch | None = None, *, stopping: Callable[[], bool] = bool
    ) -> ChunkRunner:
        """Return the processor of chunks, which synthesizes items with `speaker`."""
        return ChunkRunner(
            table=self.table,
            objects=self.objects,
            audio=self._parts.audio,
            speaker=speaker,
            prices=self.item_prices,
            watch=watch,
            stopping=stopping,
        )

    def packing(self, speaker: PackSpeaker) -> PackRunner:
        """Return the processor of packs, which synthesizes their sentences with `speaker`."""
        return PackRunner(
            table=self.table, objects=self.objects, audio=self._parts.audio, speaker=speaker, prices=self.item_prices
        )

    @cached_property
    def item_prices(self) -> ItemPrices:
        """The prices of items."""
        return ItemPrices(prices=self._parts.prices)

    def sentences(self, tenant: str) -> S3Sentences:
        """Return the cache of the sentences synthesized for a tenant."""
        return S3Sentences(self._parts.clients.s3, bucket=self._parts.settings.bucket, tenant=tenant)


def items_ended(meter: Meter, batch: Batch, results: Iterable[ItemResult], now: datetime) -> None:
    """Record the results of a batch's items in metrics: done, failed, past the deadline."""
    for result in results:
        if result.state == "done":
            file_made(meter, "item", result.price, characters=result.characters, audio_seconds=result.seconds)
            meter.note(hits=int(result.hit))
        elif result.state == "failed":
            file_failed(meter, result.price)
    if batch.order.deadline and now > batch.order.deadline:
        meter.add(PAST_DEADLINE, 1, kind="item")


def chunk_spoken(meter: Meter, gained: ChunkTotals) -> None:
    """Record how many sentences of a chunk were synthesized and how many were reused."""
    meter.note(sentences_spoken=gained.spoken, sentences_reused=gained.reused)


def batch_ended(meter: Meter, batch: Batch) -> None:
    """Record the end of a batch. A cancelled batch counts neither as done nor as late."""
    if not batch.redrives:
        meter.add(ROW_ERRORS, batch.counts.row_errors)
    if batch.state is BatchState.CANCELLED:
        return
    meter.add(BATCH_DONE, int(batch.state is BatchState.DONE))
    verdict = Sla.of(batch, batch.updated_at).verdict
    if verdict in {"met", "missed"}:
        meter.add(BATCH_IN_SLA, int(verdict == "met"))
    if verdict == "missed":
        meter.add(PAST_DEADLINE, 1, kind="item")
