"""speech: speaks a short text while the caller waits."""

import os
import random
from functools import cache
from time import perf_counter
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.metrics import MetricUnit

from herald.errors import AudioTooLarge, NotRealtime
from herald.handlers import snapstart
from herald.handlers.http import Event, HttpFunction, body_of, headers_of, tenant_of
from herald.handlers.jobs import accepted, prefers_a_job
from herald.handlers.parts import Parts
from herald.handlers.settings import Settings
from herald.jobs.request import JobRequest, SpeechRequest, idempotency_key, parse_speech_request
from herald.jobs.route import decide_request, gpu_needs
from herald.speech.engine import Engine, Spoken, threads_for

_MARGIN = 3.0
"""Seconds that encoding and answering take at most, once the speaking is done."""
_WARM_UP = "Ready."


class SpeechFunction(HttpFunction):
    """The function with its engine: made once, used by every event."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._names = settings.voice_names
        self._parts = Parts(settings, somebody_waits=True)
        self.engine = Engine(self._parts.catalog, threads=threads_for(settings.memory_megabytes))
        self.app.post("/v1/audio/speech")(self._answer)

    def warm(self) -> None:
        """Load the default voice, and all code that speaking needs."""
        self.engine.speak(_WARM_UP, voice=self._settings.default_voice)

    def _answer(self) -> Response[Any]:
        event = self.app.current_event
        headers = headers_of(event)
        most = self._settings.max_job_characters
        request = parse_speech_request(body_of(event), headers, max_characters=most)
        if prefers_a_job(headers):
            job = self._parts.desk.submit(JobRequest.of(request), tenant=tenant_of(event), key=idempotency_key(headers))
            return accepted(job, self._parts, **{"Preference-Applied": "respond-async"})
        self._check_realtime(request)
        choice = self._names.choose(request.voice)
        started = perf_counter()
        spoken = self.engine.speak(
            request.input,
            voice=choice.voice,
            speaker=choice.speaker,
            speed=request.speed,
            format=request.response_format,
            sample_rate=request.sample_rate,
            time_left=self._time_left,
        )
        self._count(request, spoken, perf_counter() - started)
        if len(spoken.file) > self._settings.max_answer_bytes:
            raise AudioTooLarge(
                f"The audio has {len(spoken.file)} bytes, and an answer holds {self._settings.max_answer_bytes}. "
                "Ask for mp3 or opus, for a lower sample_rate, or send the text in parts.",
                param="response_format",
            )
        return Response(
            status_code=200,
            content_type=spoken.format.media_type,
            body=spoken.file,
            headers={
                "X-Herald-Voice": str(choice),
                "X-Herald-Characters": str(len(request.input)),
                "X-Herald-Audio-Seconds": f"{spoken.seconds:.3f}",
                "X-Herald-Sample-Rate": str(spoken.sample_rate),
                "X-Herald-Route": "realtime",
            },
        )

    def _check_realtime(self, request: SpeechRequest) -> None:
        house = self._parts.house
        asked = JobRequest.of(request)
        script, decision = decide_request(asked, house.names, house.voices, house.policy, waiting=True)
        if decision.route != "realtime":
            needs = gpu_needs(script, house.voices, house.policy)
            raise NotRealtime(
                f"{decision.reason} Send the same body to POST /v1/jobs, or with the header Prefer: respond-async.",
                param=needs[0].param if needs else "input",
            )

    def _time_left(self) -> float:
        milliseconds: int = self.app.lambda_context.get_remaining_time_in_millis()
        return milliseconds / 1000 - _MARGIN

    def _count(self, request: SpeechRequest, spoken: Spoken, seconds: float) -> None:
        self.metrics.add_metric("Characters", MetricUnit.Count, len(request.input))
        self.metrics.add_metric("AudioSeconds", MetricUnit.Seconds, spoken.seconds)
        self.metrics.add_metric("SynthesisTime", MetricUnit.Milliseconds, seconds * 1000)
        self.logger.info(
            "spoken",
            characters=len(request.input),
            audio_seconds=round(spoken.seconds, 3),
            format=spoken.format.name,
            sample_rate=spoken.sample_rate,
            real_time_factor=round(seconds / spoken.seconds, 4),
        )


@cache
def _function() -> SpeechFunction:
    return SpeechFunction(Settings.read(os.environ))


def handler(event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
    """Answer POST /v1/audio/speech."""
    return _function()(event, context)


# A snapshot is taken with the voice loaded. Every environment restored from it would go on with the same random state.
snapstart.register(before_snapshot=lambda: _function().warm(), after_restore=random.seed)
