"""api: everything that needs no engine. Takes jobs and batches, lists voices, tells its health, answers the rest."""

import os
from functools import cache
from typing import Any

from herald import __version__
from herald.errors import VoiceNotPrepared
from herald.handlers.batches import BatchPaths
from herald.handlers.http import Event, HttpFunction
from herald.handlers.jobs import JobPaths
from herald.handlers.parts import Parts
from herald.handlers.settings import Settings
from herald.jobs.voices import VoiceNames
from herald.speech.voices.catalog import VoiceInfo


class ApiFunction(HttpFunction):
    """The function with its catalogue: made once, used by every event."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._names = settings.voice_names
        parts = Parts(settings, somebody_waits=True)
        self._catalog = parts.catalog
        JobPaths(self, parts)
        BatchPaths(self, parts)
        self.app.get("/v1/voices")(self._voices)
        self.app.get("/health")(self._health)

    def _voices(self) -> dict[str, Any]:
        return {"object": "list", "data": [describe(info, self._names) for info in self._catalog.voices.values()]}

    def _health(self) -> dict[str, Any]:
        default = self._names.default
        if default not in self._catalog.voices:
            raise VoiceNotPrepared(f"The default voice, {default}, is not in the voice layer.")
        return {"status": "ok", "version": __version__, "default_voice": default}


def describe(info: VoiceInfo, names: VoiceNames) -> dict[str, Any]:
    """A voice as the API shows it."""
    return {
        "id": info.id,
        "object": "voice",
        "language": info.language,
        "language_name": info.language_name,
        "engine": info.engine,
        "sample_rate": info.sample_rate,
        "quality": info.quality,
        "licence": info.licence,
        "needs_gpu": info.needs_gpu,
        "speakers": list(info.speakers),
        "aliases": names.others(info.id),
    }


@cache
def _function() -> ApiFunction:
    return ApiFunction(Settings.read(os.environ))


def handler(event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
    """Answer every path but POST /v1/audio/speech."""
    return _function()(event, context)
