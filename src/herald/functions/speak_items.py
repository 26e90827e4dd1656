"""speak_items: synthesizes a chunk of a batch, or a pack of sentences that several rows share."""

import os
from collections.abc import Callable
from typing import Any

from herald.batches.items import ChunkNote
from herald.batches.shared_sentences import PackNote, SharedBefore, SharedPack
from herald.jobs.job_messages import JobEnd
from herald.runtime.batch_runtime import BatchDependencies
from herald.runtime.caching_speaker import CachingSpeaker
from herald.runtime.container import Dependencies
from herald.runtime.function import Event, EventFunction, Handler, seconds_left
from herald.runtime.metrics import record_chunk, record_items
from herald.runtime.script_speaker import ScriptSpeaker
from herald.runtime.settings import PRICES, Settings

ATTEMPTS = 8
"""Number of attempts that the state machine makes for a chunk."""


class SpeakItemsFunction(EventFunction):
    """The task of the map state. The engine is created once, and its cache outlives the chunk."""

    def __init__(
        self,
        settings: Settings,
        *,
        speaker: Callable[[Dependencies], ScriptSpeaker] | None = None,
        stopping: Callable[[], bool] = bool,
    ) -> None:
        """`speaker` creates the speaker that synthesizes the items; by default, one with this function's engine."""
        super().__init__(settings, stopping=stopping)
        parts = BatchDependencies(self.parts)
        inner = (speaker or ScriptSpeaker.of)(self.parts)
        caching = CachingSpeaker(inner, parts.sentences, is_costly=parts.item_prices.is_costly)
        self._packs = parts.pack_runner(caching)
        self._chunks = parts.chunk_runner(
            caching,
            lambda batch, results: record_items(self.meter, batch, results, self.parts.clock()),
            stopping=stopping,
        )

    def handle_event(self, event: Event, context: Any) -> Event:  # noqa: ANN401
        """Synthesize a chunk or a pack, or record the result of a job that the GPU processed."""
        if "pack" in event:
            return self._pack(PackNote.model_validate(event["pack"]), context)
        note = ChunkNote.model_validate(event["note"])
        self.logger.append_keys(batch=note.batch, tenant=note.tenant, run=note.run, chunk=note.chunk)
        self.annotate(batch=note.batch)
        if "end" in event:
            gained = self._chunks.record(note, JobEnd.model_validate(event["end"]))
        else:
            last = event["retries"] >= ATTEMPTS - 1
            # An execution that an earlier version started has no packs.
            packs = [SharedPack.model_validate(pack) for pack in event.get("shared", ())]
            gained = self._chunks.speak(
                note,
                last=last,
                time_left=seconds_left(context),
                retried=event["retries"] > 0 or event.get("redelivered", False),
                shared=SharedBefore(packs, event.get("items", 1)),
            )
        record_chunk(self.meter, gained)
        self.logger.info("spoken", **gained.model_dump(mode="json", exclude={"price"}))
        return {"done": gained.done, "failed": gained.failed}

    def _pack(self, note: PackNote, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
        self.logger.append_keys(batch=note.batch, tenant=note.tenant, pack=note.pack)
        self.annotate(batch=note.batch)
        spoken = self._packs.speak(note, time_left=seconds_left(context))
        self.logger.info("spoken", sentences=spoken.spoken)
        return spoken.model_dump(mode="json")


handler = Handler(lambda: SpeakItemsFunction(Settings.read(os.environ, PRICES, {"table", "bucket"})))
