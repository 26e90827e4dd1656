"""api: every path that needs no speech engine, such as jobs, batches, voices, usage, health and this API's docs."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response

from herald import __version__
from herald.clock import utc_now
from herald.errors import VoiceNotPrepared
from herald.jobs.voice_names import VoiceNames
from herald.runtime.container import Dependencies
from herald.runtime.function import Event
from herald.runtime.settings import HTTP, JOBS, LINKS, MANIFESTS, PRICES, ROUTING, Settings
from herald.speech.voices.catalog import VoiceInfo
from herald.web.batch_routes import BatchPaths
from herald.web.etags import conditional
from herald.web.http import HttpFunction, headers_of
from herald.web.job_routes import JobPaths
from herald.web.schemas import service_schemas as shapes
from herald.web.usage_routes import UsagePath


class ApiFunction(HttpFunction):
    """The function with its voice catalog, created once per process."""

    def __init__(self, settings: Settings) -> None:
        parts = Dependencies(settings, interactive=True, unreadable=self.row_unreadable, watch=self.job_ended)
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
        from herald.web.openapi.served import served  # noqa: PLC0415  60 ms that other requests should not pay

        event = self.app.current_event
        return served(event.path, headers_of(event))


def describe(info: VoiceInfo, names: VoiceNames) -> dict[str, Any]:
    """Return a voice as the API presents it."""
    voice = shapes.Voice(
        id=info.id,
        language=info.language,
        language_name=info.language_name,
        languages=list(info.languages),
        engine=info.engine,
        sample_rate=info.sample_rate,
        quality=info.quality,
        licence=info.licence,
        data_licence=info.data_licence,
        commercial_use=info.commercial,
        gender=info.gender,
        age=info.age,
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
