"""Process the chunks of a batch: synthesize the items one by one, or submit an item to the GPU as a job.

A retry reuses the files that an earlier attempt stored.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from time import perf_counter

from herald.batches.batch import Batch, BatchState
from herald.batches.batch_files import BatchFiles
from herald.batches.batch_ports import BatchTable, ItemSpeaker, Objects
from herald.batches.item_price import NO_TRAFFIC, ItemPrices, ItemWork, Traffic
from herald.batches.items import ChunkNote, ChunkTotals, Item, ItemResult
from herald.clock import Clock
from herald.errors import InvalidInput, MalformedMessage, OutOfTime, TooLongToSpeak, Unavailable, UnreadableRow
from herald.jobs.completion import to_job_error
from herald.jobs.job import Job, State, id_for
from herald.jobs.job_messages import SILENT, JobEnd
from herald.jobs.job_service import JobService, ServiceConfig
from herald.jobs.ports import AudioStore, Tasks
from herald.jobs.resolve import Decision

type TimeLeft = Callable[[], float]
type ItemWatch = Callable[[Batch, list[ItemResult]], None]
"""Called with the new results of a chunk once they are stored, to record metrics."""

_DECISION = Decision(route="gpu", reason="The batch item needs the GPU.")
_MARGIN = 10.0
"""Seconds reserved for storing the last file and the results."""
_CHECK_EVERY = 2.0
"""Seconds between two checks for cancellation."""


@dataclass
class _Chunk:
    """The state of a chunk while it is processed."""

    batch: Batch
    note: ChunkNote
    done: dict[int, ItemResult]
    """Results of earlier runs that are done, by line."""
    new: list[ItemResult] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    spoken: int = 0
    reused: int = 0
    worked: bool = False
    """Whether this attempt has spent time on synthesis, so that a retry gives the next item more time."""


@dataclass(kw_only=True)
class ChunkRunner:
    """Processes chunks and stores their results."""

    table: BatchTable
    objects: Objects
    audio: AudioStore
    speaker: ItemSpeaker
    prices: ItemPrices
    watch: ItemWatch | None = None

    def speak(self, note: ChunkNote, *, last: bool, time_left: TimeLeft) -> ChunkTotals:
        """Synthesize a chunk and store its results; do nothing if its run is over.

        An unexpected error of one item does not stop the others. It is raised after them, so that the chunk is retried;
        in the `last` attempt it is stored as the item's result.

        Raise Unavailable if a service fails or the time limit is reached, so that a retry continues; an item that does
        not fit into a whole attempt fails. Raise MalformedMessage if the tenant has no such batch.
        """
        batch = _batch_of(self.table, note)
        folder = BatchFiles.of(self.objects, batch)
        if not _is_current(batch, note):
            return ChunkTotals()
        if folder.has_results(note):
            self._count_again(folder, batch, note)
            return ChunkTotals()
        chunk = _Chunk(batch, note, _done_before(folder, note))
        items = folder.items(note)
        results = [*self._results(chunk, items, time_left)]
        if chunk.failures and not last:
            raise chunk.failures[0]
        return self._stored(folder, chunk, results)

    def _count_again(self, folder: BatchFiles, batch: Batch, note: ChunkNote) -> None:
        """Count a finished chunk, in case the attempt that finished it died before counting."""
        done = _done_before(folder, note)
        results = folder.results(note.chunk, note.run) or []
        gained = ChunkTotals.of(result for result in results if result.line not in done)
        self.table.add_totals(batch, note.run, note.chunk, gained)

    def record(self, note: ChunkNote, end: JobEnd) -> ChunkTotals:
        """Store the result of a GPU item from the end of its job. Idempotent."""
        batch = _batch_of(self.table, note)
        folder = BatchFiles.of(self.objects, batch)
        (item,) = folder.items(note)
        file = self.audio.find(item.audio_key, keeper=batch.keeper) if end.state is State.DONE else None
        if end.state is State.CANCELLED:
            result = ItemResult.unspoken(item)
        elif file:
            result = ItemResult.done(item, file, end.price)
        else:
            result = ItemResult.failed(item, end.error or SILENT, end.price)
        if end.state is not State.CANCELLED:
            result = result.model_copy(update={"milliseconds": end.milliseconds})
        return self._stored(folder, _Chunk(batch, note, {}, new=[result]), [result])

    def _results(self, chunk: _Chunk, items: list[Item], time_left: TimeLeft) -> Iterator[ItemResult]:
        checked, current = perf_counter(), True
        for item in items:
            if perf_counter() - checked > _CHECK_EVERY:
                checked, current = (
                    perf_counter(),
                    current and _is_current(_batch_of(self.table, chunk.note), chunk.note),
                )
            if earlier := chunk.done.get(item.line):
                yield earlier
            elif current:
                yield self._result(chunk, item, time_left, fresh=not chunk.worked)
            else:
                yield ItemResult.unspoken(item)

    def _result(self, chunk: _Chunk, item: Item, time_left: TimeLeft, *, fresh: bool) -> ItemResult:
        started = perf_counter()
        try:
            result = self._spoken(chunk, item, lambda: time_left() - _MARGIN, started, fresh=fresh)
        except Unavailable:
            raise  # the next item would fail too; a retry reuses the stored files
        except (InvalidInput, UnreadableRow) as error:
            result = ItemResult.failed(item, to_job_error(error), self._price(chunk, started))
        except Exception as error:  # noqa: BLE001  one item must not stop the others
            chunk.failures.append(error)
            result = ItemResult.failed(item, to_job_error(error), self._price(chunk, started))
        timed = result.model_copy(update={"milliseconds": round((perf_counter() - started) * 1000)})
        chunk.new.append(timed)
        return timed

    def _spoken(self, chunk: _Chunk, item: Item, time_left: TimeLeft, started: float, *, fresh: bool) -> ItemResult:
        keeper, script = chunk.batch.keeper, item.script
        if existing := self.audio.find(item.audio_key, keeper=keeper):
            return ItemResult.done(item, existing, self._price(chunk, started), hit=True)
        try:
            speech = self.speaker.speak(script, tenant=chunk.batch.tenant, time_left=time_left)
        except (OutOfTime, TooLongToSpeak) as error:
            chunk.worked = chunk.worked or isinstance(error, OutOfTime)
            if fresh:  # the item had the full time of an attempt; a retry cannot give it more
                raise
            raise Unavailable(
                "The time limit was reached before the end of the chunk. A retry will continue."
            ) from None
        chunk.worked = True
        stored = self.audio.put(speech.file.file, speech.file.stored_at(item.audio_key), keeper=keeper)
        chunk.spoken += speech.spoken
        chunk.reused += speech.reused
        return ItemResult.done(item, stored, self._price(chunk, started, stored.bytes, speech.traffic))

    def _price(self, chunk: _Chunk, started: float, stored_bytes: int = 0, sentences: Traffic = NO_TRAFFIC) -> Decimal:
        work = ItemWork(
            seconds=perf_counter() - started,
            stored_bytes=stored_bytes,
            keep=chunk.batch.order.retention == "keep",
            sentences=sentences,
        )
        return self.prices.item(work, items=chunk.note.items)

    def _stored(self, folder: BatchFiles, chunk: _Chunk, results: list[ItemResult]) -> ChunkTotals:
        gained = ChunkTotals.of(chunk.new, spoken=chunk.spoken, reused=chunk.reused)
        if not folder.put_results(chunk.note, results):
            # The results exist: written by another attempt, or by this one if the response was lost. Count them once.
            self._count_again(folder, chunk.batch, chunk.note)
            return ChunkTotals()
        self.table.add_totals(chunk.batch, chunk.note.run, chunk.note.chunk, gained)
        if self.watch and chunk.note.route != "gpu":  # a GPU item's job has its own metrics
            self.watch(chunk.batch, chunk.new)
        return gained


def _batch_of(table: BatchTable, note: ChunkNote) -> Batch:
    batch = table.document(note.batch)
    if batch is None or batch.tenant != note.tenant:
        raise MalformedMessage("The chunk belongs to a batch that does not exist.")
    return batch


def _is_current(batch: Batch, note: ChunkNote) -> bool:
    """Return whether the chunk's run is still in progress."""
    return batch.state is BatchState.SPEAKING and batch.redrives == note.run


def _done_before(folder: BatchFiles, note: ChunkNote) -> dict[int, ItemResult]:
    """Return the results of earlier runs that are done, by line."""
    earlier = folder.results(note.chunk, note.run - 1) if note.run else None
    return {result.line: result for result in earlier or () if result.state == "done"}


@dataclass(kw_only=True)
class GpuItems:
    """Submits batch items as GPU jobs."""

    config: ServiceConfig
    batches: BatchTable
    objects: Objects
    jobs: JobService
    tasks: Tasks
    clock: Clock

    def submit(self, note: ChunkNote, token: str) -> None:
        """Submit the chunk's single item as a job; complete the task as cancelled if its run is over.

        Idempotent: the job id derives from the task token. Raise MalformedMessage if the tenant has no such batch.
        """
        batch = _batch_of(self.batches, note)
        if not _is_current(batch, note):
            self.tasks.complete(token, JobEnd(state=State.CANCELLED, error=None))
            return
        (item,) = BatchFiles.of(self.objects, batch).items(note)
        now, script = self.clock(), item.script
        job = Job(
            id=id_for(batch.tenant, token),
            tenant=batch.tenant,
            state=State.ACCEPTED,
            tier=batch.order.priority or "standard",
            route=_DECISION.route,
            reason=_DECISION.reason,
            script=script,
            fingerprint=f"{batch.id}/{item.line}",
            voice=", ".join(script.voices),
            response_format=item.response_format,
            characters=item.characters,
            audio_key=item.audio_key,
            use_case=batch.order.use_case,
            retention=batch.order.retention,
            batch=batch.id,
            task_token=token,
            created_at=now,
            updated_at=now,
            expires_at=now + self.config.retention,
            price_expected=self.config.expected_price(script, _DECISION),
        )
        self.jobs.take(job)
