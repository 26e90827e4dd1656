"""speak_items: speaks a chunk of a batch, each sentence once."""

import os
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from herald.handlers.batch_parts import BatchParts
from herald.handlers.events import EventFunction
from herald.handlers.http import Event
from herald.handlers.settings import Settings
from herald.handlers.speaker import spoken
from herald.jobs.batches.folder import Note
from herald.jobs.batches.ports import SpokenItem
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


class RememberingSpeaker:
    """Speaks items with the engine of this function, and what was said before from memory."""

    def __init__(self, engine: Engine, memory: Callable[[str], Memory]) -> None:
        self._engine = engine
        self._memory = memory

    def speak(self, script: Script, *, tenant: str, time_left: Callable[[], float]) -> SpokenItem:
        """Speak a script of one line."""
        file, sentences = spoken(self._engine, script, time_left=time_left, memory=self._memory(tenant))
        return SpokenItem(file=file, spoken=sentences.spoken, reused=sentences.reused)


class SpeakItemsFunction(EventFunction):
    """The task of a child of the map. The engine is made once, and its memory outlives the chunk."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        parts = BatchParts(self.parts)
        engine = Engine(Catalog(settings.layer_folders), threads=threads_for(settings.memory_megabytes))
        # The tenants whose turn was last: what one has said is never looked for under another's name.
        memory = lru_cache(_TENANTS)(lambda tenant: LocalMemory(_SENTENCES // _TENANTS, outer=parts.sentences(tenant)))
        self._speaking = parts.speaking(RememberingSpeaker(engine, memory))

    def hear(self, event: Event, context: Any) -> Event:  # noqa: ANN401
        """Speak a chunk, or write down what became of the GPU's."""
        note = Note.model_validate(event["note"])
        self.logger.append_keys(batch=note.batch, tenant=note.tenant, run=note.run, chunk=note.chunk)

        def time_left() -> float:
            milliseconds: int = context.get_remaining_time_in_millis()
            return milliseconds / 1000

        if "end" in event:
            gained = self._speaking.record(note, JobEnd.model_validate(event["end"]))
        else:
            last = event["retries"] >= ATTEMPTS - 1
            gained = self._speaking.speak(note, last=last, time_left=time_left)
        for name, count in (("ItemsDone", gained.done), ("ItemsFailed", gained.failed)):
            self.metrics.add_metric(name, MetricUnit.Count, count)
        self.logger.info("spoken", **gained.model_dump(mode="json", exclude={"price"}))
        return {"done": gained.done, "failed": gained.failed}


@cache
def _function() -> SpeakItemsFunction:
    return SpeakItemsFunction(Settings.read(os.environ))


def handler(event: Event, context: Any) -> Event | None:  # noqa: ANN401  the runtime's own context
    """Speak one chunk."""
    return _function()(event, context)
