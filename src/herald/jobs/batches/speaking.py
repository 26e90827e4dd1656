"""Speaking: one chunk of a batch, item after item. What was stored before a process died is found by the next one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from time import perf_counter

from herald.errors import BrokenMessage, InvalidInput, OutOfTime, TooLongToSpeak, Unavailable, UnreadableRow
from herald.jobs.batches.folder import Folder, Note
from herald.jobs.batches.items import Item
from herald.jobs.batches.ports import BatchTable, ItemSpeaker, Objects
from herald.jobs.batches.prices import NO_TRAFFIC, ItemPrices, ItemWork, Traffic
from herald.jobs.batches.record import Gained, Record
from herald.jobs.batches.report import ItemResult
from herald.jobs.batches.states import BatchState
from herald.jobs.endings import fault_of
from herald.jobs.job import AudioFile, JobError
from herald.jobs.ports import AudioStore, Tags
from herald.jobs.states import State
from herald.jobs.tasks import SILENT, JobEnd

type TimeLeft = Callable[[], float]
type ItemWatch = Callable[[Record, list[ItemResult]], None]
"""Hears of items that were spoken here, or could not be, once they are written down."""

_MARGIN = 10.0
"""Seconds for storing the last file and writing down the results."""
_LOOK_EVERY = 2.0
"""Seconds between two looks whether the batch was cancelled."""


@dataclass
class _Chunk:
    """The items of a chunk on their way."""

    batch: Record
    note: Note
    done: dict[int, ItemResult]
    """By line: what earlier runs have spoken."""
    new: list[ItemResult] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    spoken: int = 0
    reused: int = 0
    worked: bool = False
    """Whether something was computed in this attempt, so that another attempt has more time."""


class Speaking:
    """Speaks chunks."""

    def __init__(  # noqa: PLR0913  each a thing of its own
        self,
        *,
        table: BatchTable,
        objects: Objects,
        audio: AudioStore,
        speaker: ItemSpeaker,
        prices: ItemPrices,
        watch: ItemWatch | None = None,
    ) -> None:
        self._watch = watch
        self._table = table
        self._objects = objects
        self._audio = audio
        self._speaker = speaker
        self._prices = prices

    def speak(self, note: Note, *, last: bool, time_left: TimeLeft) -> Gained:
        """Speak a chunk, if its batch still wants that.

        A fault in one item keeps no other from being spoken; it is raised after them, at the `last` attempt written
        down. A service that does not answer ends the attempt.
        """
        batch = self._batch(note)
        folder = Folder.of(self._objects, batch)
        if not self._wanted(batch, note):
            return Gained()
        if folder.has_results(note):
            self._count_again(folder, batch, note)
            return Gained()
        chunk = _Chunk(batch, note, self._before(folder, note))
        items = folder.items(note)
        results = [*self._results(chunk, items, time_left)]
        if chunk.failures and not last:
            raise chunk.failures[0]
        return self._written(folder, chunk, results)

    def _count_again(self, folder: Folder, batch: Record, note: Note) -> None:
        """Count a chunk that was spoken before: whoever did so may have died before it counted."""
        before = self._before(folder, note)
        results = folder.results(note.chunk, note.run) or []
        gained = Gained.of(result for result in results if result.line not in before)
        self._table.gain(batch, note.run, note.chunk, gained)

    def record(self, note: Note, end: JobEnd) -> Gained:
        """Write down what became of an item that the GPU was to speak."""
        batch = self._batch(note)
        folder = Folder.of(self._objects, batch)
        (item,) = folder.items(note)
        chunk = _Chunk(batch, note, {})
        chunk.new.append(self._ended(item, end))
        return self._written(folder, chunk, chunk.new)

    def _batch(self, note: Note) -> Record:
        batch = self._table.document(note.batch)
        if batch is None or batch.tenant != note.tenant:
            raise BrokenMessage("The chunk is of no batch that is known.")
        return batch

    @staticmethod
    def _wanted(batch: Record, note: Note) -> bool:
        return batch.state is BatchState.SPEAKING and batch.redrives == note.run

    @staticmethod
    def _before(folder: Folder, note: Note) -> dict[int, ItemResult]:
        earlier = folder.results(note.chunk, note.run - 1) if note.run else None
        return {result.line: result for result in earlier or () if result.state == "done"}

    def _results(self, chunk: _Chunk, items: list[Item], time_left: TimeLeft) -> Iterator[ItemResult]:
        looked, wanted = perf_counter(), True
        for item in items:
            if perf_counter() - looked > _LOOK_EVERY:
                looked, wanted = perf_counter(), wanted and self._wanted(self._batch(chunk.note), chunk.note)
            if before := chunk.done.get(item.line):
                yield before
            elif wanted:
                yield self._result(chunk, item, time_left, fresh=not chunk.worked)
            else:
                yield ItemResult.unspoken(item)

    def _result(self, chunk: _Chunk, item: Item, time_left: TimeLeft, *, fresh: bool) -> ItemResult:
        started = perf_counter()
        try:
            result = self._spoken(chunk, item, lambda: time_left() - _MARGIN, started, fresh=fresh)
        except Unavailable:
            raise  # the next item would meet the same: whoever tries again finds what is stored
        except (InvalidInput, UnreadableRow) as error:
            result = self._failed(chunk, item, error, started)
        except Exception as error:  # noqa: BLE001  whatever is wrong with one item, the others have their turn
            chunk.failures.append(error)
            result = self._failed(chunk, item, error, started)
        timed = result.model_copy(update={"milliseconds": round((perf_counter() - started) * 1000)})
        chunk.new.append(timed)
        return timed

    def _spoken(self, chunk: _Chunk, item: Item, time_left: TimeLeft, started: float, *, fresh: bool) -> ItemResult:
        order, script = chunk.batch.order, item.script
        if there := self._audio.find(item.audio_key):
            if order.retention == "keep":
                self._audio.keep(there.key, by=chunk.batch.id)
            return _done(item, there, self._price(chunk, started), hit=True)
        try:
            said = self._speaker.speak(script, tenant=chunk.batch.tenant, time_left=time_left)
        except (OutOfTime, TooLongToSpeak) as error:
            chunk.worked = chunk.worked or isinstance(error, OutOfTime)
            if fresh:  # it had all the time that there is
                raise
            raise Unavailable("The time was over before the chunk was spoken. Another attempt goes on.") from None
        chunk.worked = True
        made = AudioFile(
            key=item.audio_key,
            seconds=said.file.seconds,
            bytes=len(said.file.file),
            sample_rate=said.file.sample_rate,
            media_type=said.file.media_type,
        )
        tags = Tags(
            tenant=chunk.batch.tenant, use_case=order.use_case, retention=order.retention, keeper=chunk.batch.id
        )
        stored = self._audio.put(said.file.file, made, tags)
        chunk.spoken += said.spoken
        chunk.reused += said.reused
        return _done(item, stored, self._price(chunk, started, stored.bytes, said.traffic))

    def _failed(self, chunk: _Chunk, item: Item, error: Exception, started: float) -> ItemResult:
        return _failed(item, fault_of(error), self._price(chunk, started))

    def _price(self, chunk: _Chunk, started: float, stored_bytes: int = 0, sentences: Traffic = NO_TRAFFIC) -> Decimal:
        work = ItemWork(
            seconds=perf_counter() - started,
            stored_bytes=stored_bytes,
            keep=chunk.batch.order.retention == "keep",
            sentences=sentences,
        )
        return self._prices.item(work, items=chunk.note.items)

    def _ended(self, item: Item, end: JobEnd) -> ItemResult:
        if end.state is State.CANCELLED:
            return ItemResult.unspoken(item)
        there = self._audio.find(item.audio_key) if end.state is State.DONE else None
        result = _done(item, there, end.price) if there else _failed(item, end.error or SILENT, end.price)
        return result.model_copy(update={"milliseconds": end.milliseconds})

    def _written(self, folder: Folder, chunk: _Chunk, results: list[ItemResult]) -> Gained:
        gained = Gained.of(chunk.new, spoken=chunk.spoken, reused=chunk.reused)
        if not folder.put_results(chunk.note, results):
            # Another attempt did it, or this one, if the answer to its write was lost: either way, it counts once.
            self._count_again(folder, chunk.batch, chunk.note)
            return Gained()
        self._table.gain(chunk.batch, chunk.note.run, chunk.note.chunk, gained)
        if self._watch and chunk.note.route != "gpu":  # that one's job was heard of
            self._watch(chunk.batch, chunk.new)
        return gained


def _done(item: Item, file: AudioFile, price: Decimal, *, hit: bool = False) -> ItemResult:
    return ItemResult(
        line=item.line,
        id=item.id,
        state="done",
        characters=item.characters,
        key=file.key,
        seconds=file.seconds,
        bytes=file.bytes,
        price=price,
        hit=hit,
    )


def _failed(item: Item, error: JobError, price: Decimal) -> ItemResult:
    return ItemResult(line=item.line, id=item.id, state="failed", characters=item.characters, price=price, error=error)
