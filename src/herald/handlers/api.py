"""api: every path that needs no speech engine, such as jobs, batches, voices, usage, health and this API's docs."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response

from herald import __version__
from herald.errors import VoiceNotPrepared
from herald.handlers.batches import BatchPaths
from herald.handlers.etags import conditional
from herald.handlers.function import Event
from herald.handlers.http import HttpFunction, headers_of
from herald.handlers.jobs import JobPaths
from herald.handlers.parts import Parts
from herald.handlers.settings import HTTP, JOBS, LINKS, MANIFESTS, PRICES, ROUTING, Settings
from herald.handlers.shapes import house as shapes
from herald.handlers.usage import UsagePath
from herald.jobs.job import utc_now
from herald.jobs.voices import VoiceNames
from herald.speech.voices.catalog import VoiceInfo


class ApiFunction(HttpFunction):
    """The function with its voice catalog, created once per process."""

    def __init__(self, settings: Settings) -> None:
        parts = Parts(settings, somebody_waits=True, unreadable=self.row_unreadable, watch=self.job_ended)
        super().__init__(parts.quotas, settings.cors_origins)
        self._names = settings.voice_names
        self._catalog = parts.catalog
        self._link_seconds = settings.link_seconds
        JobPaths(self, parts)
        BatchPaths(self, parts)
        UsagePath(self, parts)
        self.app.get("/v1/voices")(self._voices)
        self.app.get("/health")(self._health)
        self.app.get("/openapi.json")(self._description)
        self.app.get("/docs")(self._description)

    def _voices(self) -> Response[Any]:
        voices = [describe(info, self._names) for info in self._catalog.voices.values()]
        shown = {"object": "list", "data": voices}
        headers = headers_of(self.app.current_event)
        return conditional(shown, headers, now=utc_now(), link_seconds=self._link_seconds)

    def _health(self) -> dict[str, Any]:
        default = self._names.default
        if default not in self._catalog.voices:
            raise VoiceNotPrepared(
                f"The default voice {default} is not in the voice layer. Build and deploy the layer with it."
            )
        return shapes.Health(version=__version__, default_voice=default).model_dump()

    def _description(self) -> Response[Any]:
        from herald.handlers.openapi.served import served  # noqa: PLC0415  60 ms that other requests should not pay

        event = self.app.current_event
        return served(event.path, headers_of(event))


def describe(info: VoiceInfo, names: VoiceNames) -> dict[str, Any]:
    """Return a voice as the API presents it."""
    voice = shapes.Voice(
        id=info.id,
        language=info.language,
        language_name=info.language_name,
        engine=info.engine,
        sample_rate=info.sample_rate,
        quality=info.quality,
        licence=info.licence,
        needs_gpu=info.needs_gpu,
        speakers=list(info.speakers),
        aliases=names.others(info.id),
    )
    return voice.model_dump()


@cache
def _function() -> ApiFunction:
    return ApiFunction(Settings.read(os.environ, HTTP, ROUTING, JOBS, MANIFESTS, PRICES, LINKS, {"batch_machine"}))


def handler(event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
    """Handle every route but POST /v1/audio/speech."""
    return _function()(event, context)
