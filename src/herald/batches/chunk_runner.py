"""Process the chunks of a batch: synthesize the items one by one, and store their files meanwhile.

A retry reuses the files that an earlier attempt stored.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

from herald.batches.batch import Batch, BatchState
from herald.batches.batch_files import BatchFiles
from herald.batches.batch_ports import BatchTable, ItemSpeaker, Objects
from herald.batches.chunk_archives import ChunkArchives, member_name, unfinished
from herald.batches.item_price import NO_TRAFFIC, ItemPrices, ItemWork, Traffic
from herald.batches.items import ChunkNote, ChunkTotals, Item, ItemResult
from herald.batches.shared_sentences import NO_PACKS, PackNote, SharedBefore
from herald.errors import InvalidInput, MalformedMessage, OutOfTime, TooLongToSpeak, Unavailable, UnreadableRow
from herald.jobs.completion import to_job_error
from herald.jobs.job import State
from herald.jobs.job_messages import SILENT, JobEnd
from herald.jobs.job_price import STORING
from herald.jobs.ports import AudioStore, Stored
from herald.pricing.resources import LOOKUP_READS

type TimeLeft = Callable[[], float]
type ItemWatch = Callable[[Batch, list[ItemResult]], None]
"""Called with the new results of a chunk once they are stored, to record metrics."""

_MARGIN = 10.0
"""Seconds reserved for storing the last file and the results."""
_CHECK_EVERY = 2.0
"""Seconds between two checks for cancellation."""
type _Ending = Callable[[], ItemResult]
"""Waits until an item's file is stored, and returns its result."""


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
    looks: bool = True
    """Whether to look for the next item's file before its synthesis: it is the first one, or the last one existed.

    A lookup of a file that does not exist costs more time than the synthesis, and storing finds those that do.
    """
    lookups: int = 0
    """Lookups of files that no item has paid for."""
    storing: dict[str, Future[Stored]] = field(default_factory=dict)
    """The files of this attempt by their keys."""
    archives: ChunkArchives | None = None
    """With the delivery zip."""
    shared: SharedBefore = NO_PACKS
    knows_shared: bool = False
    """Whether the packs were read."""
    found: dict[int, ItemResult] = field(default_factory=dict)
    """Results of this run that need no synthesis, by line: of an archive that exists, or of an attempt before."""


@dataclass(kw_only=True)
class ChunkRunner:
    """Processes chunks and stores their results."""

    table: BatchTable
    objects: Objects
    audio: AudioStore
    speaker: ItemSpeaker
    prices: ItemPrices
    watch: ItemWatch | None = None

    def speak(
        self,
        note: ChunkNote,
        *,
        last: bool,
        time_left: TimeLeft,
        retried: bool = False,
        shared: SharedBefore = NO_PACKS,
    ) -> ChunkTotals:
        """Synthesize a chunk and store its results; do nothing if its run is over.

        `retried`: whether this is not the first attempt.

        An unexpected error of one item does not stop the others. It is raised after them, so that the chunk is retried;
        in the `last` attempt it is stored as the item's result.

        Raise Unavailable if a service fails or the time limit is reached, so that a retry continues; an item that does
        not fit into a whole attempt fails. Raise MalformedMessage if the tenant has no such batch.
        """
        batch = batch_of(self.table, note)
        folder = BatchFiles.of(self.objects, batch)
        if not is_current(batch, note):
            return ChunkTotals()
        if folder.has_results(note):
            self._count_again(folder, batch, note)
            return ChunkTotals()
        chunk = _Chunk(batch, note, _done_before(folder, note), shared=shared)
        if not (note.chunk or note.run):
            chunk.spoken += shared.spoken
        items = folder.items(note)
        if batch.order.delivery == "zip":
            self._prepare_archives(chunk, folder, items, retried=retried)
        results = [*self._results(chunk, folder, items, time_left)]
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
        batch = batch_of(self.table, note)
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

    def _prepare_archives(self, chunk: _Chunk, folder: BatchFiles, items: list[Item], *, retried: bool) -> None:
        """Find what needs no synthesis: results of an attempt before, and an archive of all other items."""
        archives = ChunkArchives(
            tenant=chunk.batch.tenant, keeper=chunk.batch.keeper, audio=self.audio, read=self.objects.read
        )
        earlier = folder.partial(chunk.note) if retried else []
        chunk.found = {one.line: one for one in earlier if one.state == "done"}
        chunk.archives, chunk.looks, chunk.lookups = archives, False, LOOKUP_READS
        for line, result in archives.existing(unfinished(items, chunk.done.keys() | chunk.found.keys())).items():
            work = ItemWork(seconds=0, lookups=chunk.lookups)
            chunk.lookups = 0  # one for the whole archive
            price = self.prices.item(work, items=chunk.note.items, shared=chunk.shared.price)
            chunk.found[line] = result.model_copy(update={"price": price})

    def _results(
        self, chunk: _Chunk, folder: BatchFiles, items: list[Item], time_left: TimeLeft
    ) -> Iterator[ItemResult]:
        """Yield the results in order. Files are stored while the next items are synthesized, archives after them."""
        with ThreadPoolExecutor(STORING, thread_name_prefix="store") as pool:
            endings: deque[_Ending] = deque()
            try:
                for ending in self._endings(chunk, items, time_left, pool):
                    endings.append(ending)
                    if chunk.archives is None and len(endings) > STORING:
                        yield endings.popleft()()
            except Unavailable:
                self._save_partial(chunk, folder, endings)
                raise
            if chunk.archives:
                chunk.archives.close()
            while endings:
                yield endings.popleft()()

    def _save_partial(self, chunk: _Chunk, folder: BatchFiles, endings: Iterable[_Ending]) -> None:
        """Store the archive so far and its results, if a service allows it: the next attempt continues there."""
        if chunk.archives is None:
            return
        with suppress(Unavailable):
            chunk.archives.close()
            folder.put_partial(chunk.note, [ending() for ending in endings])

    def _endings(
        self, chunk: _Chunk, items: list[Item], time_left: TimeLeft, pool: ThreadPoolExecutor
    ) -> Iterator[_Ending]:
        checked, current = perf_counter(), True
        for item in items:
            if perf_counter() - checked > _CHECK_EVERY:
                checked, current = (
                    perf_counter(),
                    current and is_current(batch_of(self.table, chunk.note), chunk.note),
                )
            if earlier := chunk.done.get(item.line):
                yield partial(_same, earlier)
            elif found := chunk.found.get(item.line):
                chunk.new.append(found)
                yield partial(_same, found)
            elif current:
                yield self._ending(chunk, item, time_left, pool)
            else:
                yield partial(_same, ItemResult.unspoken(item))

    def _ending(self, chunk: _Chunk, item: Item, time_left: TimeLeft, pool: ThreadPoolExecutor) -> _Ending:
        """Synthesize an item and begin to store its file."""
        started = perf_counter()
        try:
            begun = self._begun(chunk, item, lambda: time_left() - _MARGIN, pool)
        except Unavailable:
            raise  # the next item would fail too; a retry reuses the stored files
        except Exception as error:  # noqa: BLE001  one item must not stop the others
            begun = _Begun(storing=Future())
            begun.storing.set_exception(error)
        return partial(self._result, chunk, item, begun, perf_counter() - started)

    def _begun(self, chunk: _Chunk, item: Item, time_left: TimeLeft, pool: ThreadPoolExecutor) -> "_Begun":
        keeper, script = chunk.batch.keeper, item.script
        lookups, chunk.lookups = chunk.lookups, 0
        storing = None if chunk.archives else chunk.storing.get(item.audio_key)
        if storing:
            return _Begun(storing=storing, known=True)
        if chunk.looks:
            if existing := self.audio.find(item.audio_key, keeper=keeper):
                found: Future[Stored] = Future()
                found.set_result(Stored(existing, existed=True))
                return _Begun(storing=found, known=True, lookups=LOOKUP_READS)
            chunk.looks, lookups = False, LOOKUP_READS
        traffic = NO_TRAFFIC
        if not chunk.knows_shared:
            chunk.knows_shared = True
            traffic = self.speaker.learn(chunk.shared.keys, tenant=chunk.batch.tenant)
        try:
            fresh = not chunk.worked
            speech = self.speaker.speak(script, tenant=chunk.batch.tenant, time_left=time_left)
        except (OutOfTime, TooLongToSpeak) as error:
            chunk.worked = chunk.worked or isinstance(error, OutOfTime)
            if fresh:  # the item had the full time of an attempt; a retry cannot give it more
                raise
            raise Unavailable(
                "The time limit was reached before the end of the chunk. A retry will continue."
            ) from None
        chunk.worked = True
        chunk.spoken += speech.spoken
        chunk.reused += speech.reused
        if chunk.archives:
            storing = chunk.archives.add(item, speech.file)
        else:
            file = speech.file
            storing = pool.submit(self.audio.put, file.file, file.stored_at(item.audio_key), keeper=keeper)
            chunk.storing[item.audio_key] = storing
        return _Begun(storing=storing, traffic=traffic + speech.traffic, lookups=lookups)

    def _result(self, chunk: _Chunk, item: Item, begun: "_Begun", seconds: float) -> ItemResult:
        """Wait for an item's file. `seconds` is the time that it has taken so far."""
        started, stored_bytes = perf_counter(), 0
        try:
            stored = begun.storing.result()
            is_hit = begun.known or stored.existed
            stored_bytes = 0 if is_hit else stored.file.bytes
            chunk.looks = chunk.looks or stored.existed
            name = member_name(item) if chunk.archives else None
            result = ItemResult.done(item, stored.file, hit=is_hit, member=name)
        except Unavailable:
            raise
        except (InvalidInput, UnreadableRow) as error:
            result = ItemResult.failed(item, to_job_error(error))
        except Exception as error:  # noqa: BLE001  one item must not stop the others
            chunk.failures.append(error)
            result = ItemResult.failed(item, to_job_error(error))
        seconds += perf_counter() - started
        place = chunk.archives.places.get(item.line) if chunk.archives else None
        seconds += place.seconds if place else 0.0
        work = ItemWork(
            seconds=seconds,
            lookups=begun.lookups,
            stored_bytes=stored_bytes,
            archive_bytes=place.archive_bytes if place else 0,
            members_bytes=place.members_bytes if place else 0,
            keep=chunk.batch.order.retention == "keep",
            sentences=begun.traffic,
        )
        price = self.prices.item(work, items=chunk.note.items, shared=chunk.shared.price)
        timed = result.model_copy(update={"milliseconds": round(seconds * 1000), "price": price})
        chunk.new.append(timed)
        return timed

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


@dataclass(frozen=True, kw_only=True)
class _Begun:
    """An item whose file is being stored, or exists."""

    storing: Future[Stored]
    traffic: Traffic = NO_TRAFFIC
    known: bool = False
    """Whether the file existed, or belongs to an earlier item of the chunk."""
    lookups: int = 0


def _same(result: ItemResult) -> ItemResult:
    return result


def batch_of(table: BatchTable, note: ChunkNote | PackNote) -> Batch:
    """Return the batch of a chunk; raise MalformedMessage if the tenant has no such batch."""
    batch = table.document(note.batch)
    if batch is None or batch.tenant != note.tenant:
        raise MalformedMessage("The chunk belongs to a batch that does not exist.")
    return batch


def is_current(batch: Batch, note: ChunkNote) -> bool:
    """Return whether the chunk's run is still in progress."""
    return is_running(batch, note.run)


def is_running(batch: Batch, run: int) -> bool:
    """Return whether a run of a batch is still in progress."""
    return batch.state is BatchState.SPEAKING and batch.redrives == run


def _done_before(folder: BatchFiles, note: ChunkNote) -> dict[int, ItemResult]:
    """Return the results of earlier runs that are done, by line."""
    earlier = folder.results(note.chunk, note.run - 1) if note.run else None
    return {result.line: result for result in earlier or () if result.state == "done"}
