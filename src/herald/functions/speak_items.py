"""speak_items: synthesizes a chunk of a batch, each distinct sentence once."""

import os
from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import Any

from herald.batches.batch_ports import SpokenItem
from herald.batches.item_price import Traffic
from herald.batches.items import ChunkNote
from herald.jobs.job_messages import JobEnd
from herald.jobs.script import Script
from herald.runtime.batch_runtime import BatchDependencies, chunk_spoken, items_ended
from herald.runtime.function import Event, EventFunction, Handler, seconds_left
from herald.runtime.script_speaker import ScriptSpeaker
from herald.runtime.settings import PRICES, Settings
from herald.speech.memory import LocalMemory, Memory

_SENTENCES = 256 << 20
"""Bytes of sentences cached in memory, about 50 minutes of speech."""
_TENANTS = 4
ATTEMPTS = 8
"""Number of attempts that the state machine makes for a chunk."""


class CountingMemory:
    """Counts the reads and writes of another memory, which are billed."""

    def __init__(self, outer: Memory) -> None:
        self._outer = outer
        self._lock = Lock()
        self.traffic = Traffic()

    def get(self, key: str, /) -> bytes | None:
        """Return a value of the other memory, or None."""
        self._count(Traffic(read=1))
        return self._outer.get(key)

    def put(self, key: str, value: bytes, /) -> None:
        """Store a value in the other memory."""
        self._count(Traffic(written=1, bytes=len(value)))
        self._outer.put(key, value)

    def _count(self, traffic: Traffic) -> None:
        with self._lock:
            self.traffic += traffic


class CachingSpeaker:
    """Synthesizes items with this function's engine, reusing sentences that were synthesized before."""

    def __init__(self, speaker: ScriptSpeaker, bucket: Callable[[str], Memory]) -> None:
        self._speaker = speaker
        self._bucket = bucket
        # One cache per recent tenant, so that a tenant's sentences are never reused for another.
        self._memory = lru_cache(_TENANTS)(self._new_memory)

    def speak(self, script: Script, *, tenant: str, time_left: Callable[[], float]) -> SpokenItem:
        """Synthesize a script of one line."""
        memory, bucket = self._memory(tenant)
        before = bucket.traffic
        file, sentences = self._speaker.speak_from_memory(script, time_left=time_left, memory=memory)
        traffic = bucket.traffic - before
        return SpokenItem(file=file, spoken=sentences.spoken, reused=sentences.reused, traffic=traffic)

    def _new_memory(self, tenant: str) -> tuple[LocalMemory, CountingMemory]:
        """Return a tenant's cache in memory, and the counted cache in the bucket behind it."""
        bucket = CountingMemory(self._bucket(tenant))
        return LocalMemory(_SENTENCES // _TENANTS, outer=bucket), bucket


class SpeakItemsFunction(EventFunction):
    """The task of the map state. The engine is created once, and its cache outlives the chunk."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        parts = BatchDependencies(self.parts)
        speaker = CachingSpeaker(ScriptSpeaker.of(self.parts), parts.sentences)
        self._speaking = parts.speaking(
            speaker, lambda batch, results: items_ended(self.meter, batch, results, self.parts.clock())
        )

    def handle_event(self, event: Event, context: Any) -> Event:  # noqa: ANN401
        """Synthesize a chunk, or record the result of a job that the GPU processed."""
        note = ChunkNote.model_validate(event["note"])
        self.logger.append_keys(batch=note.batch, tenant=note.tenant, run=note.run, chunk=note.chunk)
        self.annotate(batch=note.batch)
        if "end" in event:
            gained = self._speaking.record(note, JobEnd.model_validate(event["end"]))
        else:
            last = event["retries"] >= ATTEMPTS - 1
            gained = self._speaking.speak(
                note, last=last, time_left=seconds_left(context), retried=event["retries"] > 0
            )
        chunk_spoken(self.meter, gained)
        self.logger.info("spoken", **gained.model_dump(mode="json", exclude={"price"}))
        return {"done": gained.done, "failed": gained.failed}


handler = Handler(lambda: SpeakItemsFunction(Settings.read(os.environ, PRICES, {"table", "bucket"})))
