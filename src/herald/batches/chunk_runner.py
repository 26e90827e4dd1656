"""Process the chunks of a batch, and before them the packs of sentences that several items share.

A retry reuses the files that an earlier attempt stored.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

from herald.batches.archive import ChunkArchives
from herald.batches.batch import Batch, BatchState
from herald.batches.batch_files import BatchFiles
from herald.batches.batch_ports import BatchTable, ItemSpeaker, Objects, PackSpeaker
from herald.batches.chunk_items import ChunkItems, TimeLeft
from herald.batches.item_price import ItemPrices, ItemWork
from herald.batches.items import ChunkNote, ChunkTotals, Item, ItemResult
from herald.batches.shared_sentences import NO_PACKS, PackNote, SharedBefore, SharedPack
from herald.errors import MalformedMessage, Unavailable
from herald.jobs.job import State
from herald.jobs.job_messages import SILENT, JobEnd
from herald.jobs.ports import AudioStore
from herald.pricing.resources import LOOKUP_READS

type ItemWatch = Callable[[Batch, list[ItemResult]], None]
"""Called with the new results of a chunk once they are stored, to record metrics."""


@dataclass(kw_only=True)
class ChunkRunner:
    """Processes chunks and stores their results."""

    table: BatchTable
    objects: Objects
    audio: AudioStore
    speaker: ItemSpeaker
    prices: ItemPrices
    watch: ItemWatch | None = None
    stopping: Callable[[], bool] = bool
    """Returns whether this process is about to end, so that an item without enough time left is left to a retry."""

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
        if not is_running(batch, note.run):
            return ChunkTotals()
        if folder.has_results(note):
            self._count_again(folder, batch, note)
            return ChunkTotals()
        items = folder.items(note)
        chunk = ChunkItems(
            batch=batch,
            note=note,
            audio=self.audio,
            speaker=self.speaker,
            prices=self.prices,
            stopping=self.stopping,
            done=_done_before(folder, note),
            shared=shared,
            spoken=0 if note.chunk or note.run else shared.spoken,
        )
        if batch.order.delivery == "zip":
            self._prepare_archives(chunk, items, earlier=folder.partial(note) if retried else [])
        try:
            results = [
                *chunk.results(
                    items, time_left=time_left, is_current=lambda: is_running(batch_of(self.table, note), note.run)
                )
            ]
        except Unavailable:
            with suppress(Unavailable):  # without these results, the next attempt starts from the beginning
                if partial := chunk.interrupt():
                    folder.put_partial(note, partial)
            raise
        if chunk.failures and not last:
            raise chunk.failures[0]
        gained = ChunkTotals.of(chunk.new, spoken=chunk.spoken, reused=chunk.reused)
        return self._store(batch, note, results, new=chunk.new, gained=gained)

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
        key = end.audio_key or item.audio_key
        file = self.audio.find(key, keeper=batch.keeper) if end.state is State.DONE else None
        if end.state is State.CANCELLED:
            result = ItemResult.unspoken(item)
        elif file:
            result = ItemResult.done(item, file, end.price)
        else:
            result = ItemResult.failed(item, end.error or SILENT, end.price)
        if end.state is not State.CANCELLED:
            result = result.model_copy(update={"milliseconds": end.milliseconds})
        return self._store(batch, note, [result], new=[result], gained=ChunkTotals.of([result]))

    def _prepare_archives(self, chunk: ChunkItems, items: list[Item], *, earlier: Iterable[ItemResult]) -> None:
        """Find the results that need no synthesis: those of an earlier attempt, and an archive of all other items."""
        archives = ChunkArchives(
            tenant=chunk.batch.tenant, keeper=chunk.batch.keeper, audio=self.audio, read=self.objects.read
        )
        chunk.found = {result.line: result for result in earlier if result.state == "done"}
        chunk.archives, chunk.looks_up, chunk.lookups = archives, False, LOOKUP_READS
        unfinished = [item for item in items if item.line not in chunk.done and item.line not in chunk.found]
        for line, result in archives.find_existing(unfinished).items():
            work = ItemWork(seconds=0, lookups=chunk.lookups)
            chunk.lookups = 0  # one for the whole archive
            price = self.prices.item(work, items=chunk.note.items, shared=chunk.shared.price)
            chunk.found[line] = result.model_copy(update={"price": price})

    def _store(
        self, batch: Batch, note: ChunkNote, results: list[ItemResult], *, new: list[ItemResult], gained: ChunkTotals
    ) -> ChunkTotals:
        """Store the results of a chunk, and count those that are new."""
        folder = BatchFiles.of(self.objects, batch)
        if not folder.put_results(note, results):
            # Another attempt wrote the results, or this one did and the response was lost. Count them once.
            self._count_again(folder, batch, note)
            return ChunkTotals()
        self.table.add_totals(batch, note.run, note.chunk, gained)
        if self.watch and note.route != "gpu":  # a GPU item's job has its own metrics
            self.watch(batch, new)
        return gained


def batch_of(table: BatchTable, note: ChunkNote | PackNote) -> Batch:
    """Return the batch of a chunk; raise MalformedMessage if the tenant has no such batch."""
    batch = table.document(note.batch)
    if batch is None or batch.tenant != note.tenant:
        raise MalformedMessage("The chunk belongs to a batch that does not exist.")
    return batch


def is_running(batch: Batch, run: int) -> bool:
    """Return whether a run of a batch is still in progress."""
    return batch.state is BatchState.SPEAKING and batch.redrives == run


def _done_before(folder: BatchFiles, note: ChunkNote) -> dict[int, ItemResult]:
    """Return the results of earlier runs that are done, by line."""
    earlier = folder.results(note.chunk, note.run - 1) if note.run else None
    return {result.line: result for result in earlier or () if result.state == "done"}


@dataclass(kw_only=True)
class PackRunner:
    """Synthesizes packs. If a pack is missing, the chunks synthesize its sentences."""

    table: BatchTable
    objects: Objects
    audio: AudioStore
    speaker: PackSpeaker
    prices: ItemPrices

    def speak(self, note: PackNote, *, time_left: TimeLeft) -> SharedPack:
        """Store a pack, unless it exists or the files of the batch do. Raise the errors of ChunkRunner.speak."""
        started = perf_counter()
        batch = batch_of(self.table, note)
        folder = BatchFiles.of(self.objects, batch)
        first = folder.first_item()
        if not is_running(batch, 0) or first is None:
            return SharedPack()
        work = ItemWork(seconds=0.0, lookups=LOOKUP_READS)
        if self.audio.find(first.audio_key, keeper=batch.keeper):
            return SharedPack(price=str(self.prices.pack(work)))
        sentences = folder.sentences(note)
        spoken = self.speaker.speak_pack(note.key, sentences, tenant=batch.tenant, time_left=time_left)
        work = ItemWork(seconds=perf_counter() - started, lookups=LOOKUP_READS, sentences=spoken.traffic)
        return SharedPack(key=spoken.key, price=str(self.prices.pack(work)), spoken=spoken.spoken)
