"""speech: synthesizes a short text in real time and returns it in one response."""

import os
import random
from functools import cache
from time import perf_counter
from typing import Any

from aws_lambda_powertools.event_handler import Response

from herald.errors import InvalidRequest
from herald.jobs.job_request import JobRequest, SpeechRequest
from herald.runtime import snapstart
from herald.runtime.container import Dependencies
from herald.runtime.function import Event
from herald.runtime.settings import HTTP, JOBS, LINKS, PRICES, ROUTING, Settings
from herald.web import realtime
from herald.web.http import HttpFunction, body_of, headers_of
from herald.web.job_routes import accepted, prefers_a_job, take
from herald.web.realtime import Made, Realtime

PING: Event = {"ping": True}
"""Event of the KeepWarm schedule in template.yaml."""
_MARGIN = 3.0
"""Seconds reserved for the response after synthesis and encoding."""
_BASE64 = 3 / 4
"""Audio bytes per byte of base64."""


class SpeechFunction(HttpFunction):
    """The function with its engine, created once per process."""

    def __init__(self, settings: Settings) -> None:
        self._parts = Dependencies(settings, interactive=True, unreadable=self.row_unreadable, watch=self.job_ended)
        super().__init__(self._parts.quotas, settings.cors_origins)
        self._settings = settings
        self.realtime = Realtime(self._parts)
        self.app.post("/v1/audio/speech")(self._answer)

    def warm(self) -> None:
        """Load the default voice and all code that synthesis and quotas need."""
        self.realtime.warm()
        _ = self._parts.clients.dynamodb

    def keep_warm(self) -> None:
        """Handle a ping: warm up a new process for the next request. Pings are not counted as requests."""
        if self.cold:
            self.warm()
            self.cold = False

    def _answer(self) -> Response[Any]:
        event = self.app.current_event
        headers = headers_of(event)
        request = self.realtime.read(body_of(event), headers)
        if prefers_a_job(headers):
            return self._job(request, headers)
        self.realtime.check(request)
        started = perf_counter()
        with self.realtime.spending(self.caller, request):
            made, media_type, body = self._spoken(request)
        seconds = perf_counter() - started
        restored = self.cold and self._settings.from_snapshot
        price = self._parts.prices.realtime(self.seconds, len(body), restored=restored)
        realtime.count(self.meter, request, made, seconds, price)
        self.annotate(voice=self.realtime.voice(request))
        self.logger.info("spoken", **realtime.told(request, made, seconds))
        shown = self.realtime.headers(request, made) | {
            "X-Herald-Audio-Seconds": f"{made.seconds:.3f}",
            "X-Herald-Price": f"{price:.9f}",
        }
        return Response(status_code=200, content_type=media_type, body=body, headers=shown)

    def _job(self, request: SpeechRequest, headers: dict[str, str]) -> Response[Any]:
        if request.stream_format == "sse":
            raise InvalidRequest("A job produces a file, not events. Remove stream_format.", param="stream_format")
        job = take(JobRequest.of(request), self.caller, headers, self._parts)
        self.about(job=job.id)
        return accepted(job, self._parts, **{"Preference-Applied": "respond-async"})

    def _spoken(self, request: SpeechRequest) -> tuple[Made, str, bytes | str]:
        """Return the synthesized audio, the response's media type and its body; the body of events is text."""
        if request.stream_format == "sse":
            most = self._settings.max_answer_bytes
            answer = self.realtime.stream(request, time_left=self._time_left, max_bytes=most * _BASE64)
            events = realtime.collect(answer, time_left=self._time_left, max_bytes=most)
            return answer.made, answer.media_type, events.decode()
        spoken = self.realtime.speak(request, time_left=self._time_left)
        return spoken, spoken.format.media_type, spoken.file

    def _time_left(self) -> float:
        milliseconds: int = self.app.lambda_context.get_remaining_time_in_millis()
        return milliseconds / 1000 - _MARGIN


@cache
def _function() -> SpeechFunction:
    return SpeechFunction(Settings.read(os.environ, HTTP, ROUTING, JOBS, PRICES, LINKS))


def handler(event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
    """Handle POST /v1/audio/speech, or a ping of the KeepWarm schedule."""
    if event == PING:
        _function().keep_warm()
        return {}
    return _function()(event, context)


# The snapshot includes the loaded voice. It also includes the random state, so each restored environment reseeds.
snapstart.register(before_snapshot=lambda: _function().warm(), after_restore=random.seed)
