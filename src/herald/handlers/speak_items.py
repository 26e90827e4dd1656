"""speak_items: speaks a chunk of a batch, each sentence once."""

import os
from collections.abc import Callable
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from herald.handlers.batch_measures import chunk_spoken, items_ended
from herald.handlers.batch_parts import BatchParts
from herald.handlers.events import EventFunction
from herald.handlers.function import Event
from herald.handlers.settings import PRICES, Settings
from herald.handlers.speaker import spoken
from herald.jobs.batches.folder import Note
from herald.jobs.batches.ports import SpokenItem
from herald.jobs.batches.prices import Traffic
from herald.jobs.batches.record import Record
from herald.jobs.batches.report import ItemResult
from herald.jobs.estimate import audio_per_second
from herald.jobs.script import Script
from herald.jobs.tasks import JobEnd
from herald.speech.engine import Engine, threads_for
from herald.speech.memory import LocalMemory, Memory
from herald.speech.voices.catalog import Catalog

_SENTENCES = 256 << 20
"""Bytes of sentences that are kept here, some 50 minutes of speech."""
_TENANTS = 4
ATTEMPTS = 5
"""How often the state machine tries a chunk."""


class CountingMemory:
    """Counts what is asked of another memory, which costs money."""

    def __init__(self, outer: Memory) -> None:
        self._outer = outer
        self._lock = Lock()
        self.traffic = Traffic()

    def get(self, key: str, /) -> bytes | None:
        """What the other has."""
        self._count(Traffic(read=1))
        return self._outer.get(key)

    def put(self, key: str, value: bytes, /) -> None:
        """Give it to the other."""
        self._count(Traffic(written=1, bytes=len(value)))
        self._outer.put(key, value)

    def _count(self, traffic: Traffic) -> None:
        with self._lock:
            self.traffic += traffic


class RememberingSpeaker:
    """Speaks items with the engine of this function, and what was said before from memory."""

    def __init__(self, engine: Engine, bucket: Callable[[str], Memory]) -> None:
        self._engine = engine
        self._bucket = bucket
        # The tenants whose turn was last: what one has said is never looked for under another's name.
        self._memory = lru_cache(_TENANTS)(self._new_memory)

    def speak(self, script: Script, *, tenant: str, time_left: Callable[[], float]) -> SpokenItem:
        """Speak a script of one line."""
        memory, bucket = self._memory(tenant)
        before = bucket.traffic
        file, sentences = spoken(self._engine, script, time_left=time_left, memory=memory)
        traffic = bucket.traffic - before
        return SpokenItem(file=file, spoken=sentences.spoken, reused=sentences.reused, traffic=traffic)

    def _new_memory(self, tenant: str) -> tuple[LocalMemory, CountingMemory]:
        """The memory here, and the bucket's behind it."""
        bucket = CountingMemory(self._bucket(tenant))
        return LocalMemory(_SENTENCES // _TENANTS, outer=bucket), bucket


class SpeakItemsFunction(EventFunction):
    """The task of a child of the map. The engine is made once, and its memory outlives the chunk."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        parts = BatchParts(self.parts)
        megabytes = settings.memory_megabytes
        engine = Engine(
            Catalog(settings.layer_folders),
            threads=threads_for(megabytes),
            audio_per_second=audio_per_second(megabytes),
        )
        self._speaking = parts.speaking(RememberingSpeaker(engine, parts.sentences), self._items_ended)

    def hear(self, event: Event, context: Any) -> Event:  # noqa: ANN401
        """Speak a chunk, or write down what became of the GPU's."""
        note = Note.model_validate(event["note"])
        self.logger.append_keys(batch=note.batch, tenant=note.tenant, run=note.run, chunk=note.chunk)
        self.annotate(batch=note.batch)

        def time_left() -> float:
            milliseconds: int = context.get_remaining_time_in_millis()
            return milliseconds / 1000

        if "end" in event:
            gained = self._speaking.record(note, JobEnd.model_validate(event["end"]))
        else:
            last = event["retries"] >= ATTEMPTS - 1
            gained = self._speaking.speak(note, last=last, time_left=time_left)
        chunk_spoken(self.meter, gained)
        self.logger.info("spoken", **gained.model_dump(mode="json", exclude={"price"}))
        return {"done": gained.done, "failed": gained.failed}

    def _items_ended(self, batch: Record, results: list[ItemResult]) -> None:
        items_ended(self.meter, batch, results, self.parts.clock())


@cache
def _function() -> SpeakItemsFunction:
    return SpeakItemsFunction(Settings.read(os.environ, PRICES, {"table", "bucket"}))


def handler(event: Event, context: Any) -> Event | None:  # noqa: ANN401  the runtime's own context
    """Speak one chunk."""
    return _function()(event, context)
