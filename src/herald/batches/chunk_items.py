"""Process the items of a chunk one by one, while the files of earlier items are stored."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

from herald.batches.archive import ChunkArchives, member_name
from herald.batches.batch import Batch
from herald.batches.batch_ports import NO_TRAFFIC, ItemSpeaker, Traffic
from herald.batches.item_price import ItemPrices, ItemWork
from herald.batches.items import ChunkNote, Item, ItemResult
from herald.batches.shared_sentences import NO_PACKS, SharedBefore
from herald.errors import InvalidInput, OutOfTime, TooLongToSpeak, Unavailable, UnreadableRow
from herald.jobs.completion import to_job_error
from herald.jobs.job_price import STORING
from herald.jobs.ports import AudioStore, Stored
from herald.jobs.script import audio_key
from herald.pricing.resources import LOOKUP_READS

type TimeLeft = Callable[[], float]

_MARGIN = 10.0
"""Seconds reserved for storing the last file and the results."""
_CHECK_EVERY = 2.0
"""Seconds between two checks for cancellation."""
type _Ending = Callable[[], ItemResult]
"""Waits until an item's file is stored, and returns its result."""


@dataclass(frozen=True, kw_only=True)
class _Begun:
    """An item whose file is being stored, or exists."""

    storing: Future[Stored]
    traffic: Traffic = NO_TRAFFIC
    repeated: bool = False
    """Whether the file is that of an earlier item of the chunk."""
    lookups: int = 0


@dataclass(kw_only=True)
class ChunkItems:
    """The items of a chunk, and their state while they are processed."""

    batch: Batch
    note: ChunkNote
    audio: AudioStore
    speaker: ItemSpeaker
    prices: ItemPrices
    stopping: Callable[[], bool]
    """Returns whether this process is about to end, so that an item without enough time left is left to a retry."""
    done: dict[int, ItemResult]
    """Results of earlier runs that are done, by line."""
    found: dict[int, ItemResult] = field(default_factory=dict)
    """Results of this run that need no synthesis, by line: from an existing archive, or from an earlier attempt."""
    shared: SharedBefore = NO_PACKS
    archives: ChunkArchives | None = None
    """Set for the delivery `zip`."""
    looks_up: bool = True
    """Whether to look up the next item's file before its synthesis: it is the first one, or the previous one existed.

    A lookup of a missing file takes more time than the synthesis, and the write of the file detects an existing one.
    """
    lookups: int = 0
    """Lookups of files that no item has been charged for yet."""
    new: list[ItemResult] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    spoken: int = 0
    reused: int = 0
    _worked: bool = False
    """Whether this attempt has spent time on synthesis, so that a retry gives the next item more time."""
    _knows_shared: bool = False
    """Whether the packs were read."""
    _storing: dict[str, Future[Stored]] = field(default_factory=dict)
    """The files of this attempt by the planned keys of their items, without those in archives."""
    _endings: deque[_Ending] = field(default_factory=deque)
    """The items whose results were not yielded."""

    def results(
        self, items: list[Item], *, time_left: TimeLeft, is_current: Callable[[], bool]
    ) -> Iterator[ItemResult]:
        """Yield the results in order. Files are stored while the next items are synthesized, archives at the end.

        `is_current` returns whether the chunk's run is still in progress. If not, the remaining items are not
        synthesized.

        Raise Unavailable if a service fails or the time limit is reached.
        """
        with ThreadPoolExecutor(STORING, thread_name_prefix="store") as pool:
            checked, current = perf_counter(), True
            for item in items:
                if perf_counter() - checked > _CHECK_EVERY:
                    checked, current = perf_counter(), current and is_current()
                self._endings.append(self._process(item, time_left, pool, current=current))
                if self.archives is None and len(self._endings) > STORING:
                    yield self._endings.popleft()()
            if self.archives:
                self.archives.close()
            while self._endings:
                yield self._endings.popleft()()

    def interrupt(self) -> list[ItemResult]:
        """Close the archives, and return the results so far, from which the next attempt can continue."""
        if self.archives is None:
            return []
        self.archives.close()
        return [ending() for ending in self._endings]

    def _process(self, item: Item, time_left: TimeLeft, pool: ThreadPoolExecutor, *, current: bool) -> _Ending:
        """Return the known result of an item, or synthesize it and begin to store its file."""
        if earlier := self.done.get(item.line):
            return partial(_same, earlier)
        if found := self.found.get(item.line):
            self.new.append(found)
            return partial(_same, found)
        if not current:
            return partial(_same, ItemResult.unspoken(item))
        started = perf_counter()
        try:
            begun = self._begin(item, lambda: time_left() - _MARGIN, pool)
        except Unavailable:
            raise  # the next item would fail too; a retry reuses the stored files
        except Exception as error:  # noqa: BLE001  one item must not stop the others
            begun = _Begun(storing=Future())
            begun.storing.set_exception(error)
        return partial(self._result, item, begun, perf_counter() - started)

    def _begin(self, item: Item, time_left: TimeLeft, pool: ThreadPoolExecutor) -> _Begun:
        """Find the file of an item, or synthesize it and begin to store it."""
        keeper, script = self.batch.keeper, item.script
        lookups, self.lookups = self.lookups, 0
        if storing := self._storing.get(item.audio_key):
            return _Begun(storing=storing, repeated=True)
        if self.looks_up:
            if existing := self.audio.find(item.audio_key, keeper=keeper):
                found: Future[Stored] = Future()
                found.set_result(Stored(existing, existed=True))
                return _Begun(storing=found, lookups=LOOKUP_READS)
            self.looks_up, lookups = False, LOOKUP_READS
        traffic = NO_TRAFFIC
        if not self._knows_shared:
            self._knows_shared = True
            traffic = self.speaker.learn(self.shared.keys, tenant=self.batch.tenant)
        try:
            fresh = not self._worked
            speech = self.speaker.speak(script, tenant=self.batch.tenant, time_left=time_left)
        except (OutOfTime, TooLongToSpeak) as error:
            self._worked = self._worked or isinstance(error, OutOfTime)
            if fresh and not self.stopping():  # it had the full time of an attempt; a retry cannot give it more
                raise
            raise Unavailable(
                "The time limit was reached before the end of the chunk. A retry continues with the remaining items."
            ) from None
        self._worked = True
        self.spoken += speech.spoken
        self.reused += speech.reused
        # The planned key, unless this function has another version of the voice or of Herald than the planner.
        key = audio_key(script, self.batch.tenant, speech.file.voices)
        if self.archives:
            storing = self.archives.add(item, speech.file, key)
        else:
            storing = pool.submit(self.audio.put, speech.file.file, speech.file.stored_at(key), keeper=keeper)
            self._storing[item.audio_key] = storing
        return _Begun(storing=storing, traffic=traffic + speech.traffic, lookups=lookups)

    def _result(self, item: Item, begun: _Begun, seconds: float) -> ItemResult:
        """Wait for an item's file. `seconds` is the time that it has taken so far."""
        started, stored_bytes = perf_counter(), 0
        try:
            stored = begun.storing.result()
            is_hit = begun.repeated or stored.existed
            stored_bytes = 0 if is_hit else stored.file.bytes
            self.looks_up = self.looks_up or stored.existed
            name = member_name(item) if self.archives else None
            result = ItemResult.done(item, stored.file, hit=is_hit, member=name)
        except Unavailable:
            raise
        except (InvalidInput, UnreadableRow) as error:
            result = ItemResult.failed(item, to_job_error(error))
        except Exception as error:  # noqa: BLE001  one item must not stop the others
            self.failures.append(error)
            result = ItemResult.failed(item, to_job_error(error))
        seconds += perf_counter() - started
        place = self.archives.places.get(item.line) if self.archives else None
        seconds += place.seconds if place else 0.0
        work = ItemWork(
            seconds=seconds,
            lookups=begun.lookups,
            stored_bytes=stored_bytes,
            archive_bytes=place.archive_bytes if place else 0,
            members_bytes=place.members_bytes if place else 0,
            keep=self.batch.order.retention == "keep",
            sentences=begun.traffic,
        )
        price = self.prices.item(work, items=self.note.items, shared=self.shared.price)
        timed = result.model_copy(update={"milliseconds": round(seconds * 1000), "price": price})
        self.new.append(timed)
        return timed


def _same(result: ItemResult) -> ItemResult:
    return result
