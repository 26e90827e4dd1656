"""Speaking while the caller waits: all of it but the way in which the answer is sent, whole or as a stream."""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from herald.errors import AudioTooLarge, NotRealtime, OutOfTime, TooLarge
from herald.handlers import measures, sse
from herald.handlers.meter import Meter
from herald.handlers.parts import Parts
from herald.jobs.caller import Caller
from herald.jobs.estimate import audio_per_second
from herald.jobs.quotas import Charge
from herald.jobs.request import JobRequest, SpeechRequest, parse_speech_request
from herald.jobs.route import decide_request, gpu_needs
from herald.speech.audio.formats import AudioFormat
from herald.speech.engine import Engine, Piece, Spoken, threads_for
from herald.speech.limits import Limits

_WARM_UP = "Ready."
_OWED = (OutOfTime, AudioTooLarge)
"""Errors found while speaking: what was computed is paid. Refusals by an estimate (TooLongToSpeak, TooLargeToSpeak)
compute nothing, and cost nothing."""


_JOB = "Or send it as a job, to POST /v1/jobs."
_JOB_OR_STREAM = "Or send it as a job, to POST /v1/jobs, or to the streaming URL."


class Made(Protocol):
    """Audio that was spoken, or is: its format, its Hz, and how many seconds there are of it."""

    @property
    def format(self) -> AudioFormat: ...  # noqa: D102
    @property
    def sample_rate(self) -> int: ...  # noqa: D102
    @property
    def seconds(self) -> float: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer of which the beginning is there, and the rest is spoken as `body` is read."""

    made: Made
    media_type: str
    body: Generator[bytes]


class Realtime:
    """Speaks what callers wait for. It may be used by several threads at once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._names = parts.settings.voice_names
        self.engine = Engine(
            parts.catalog,
            threads=threads_for(parts.settings.memory_megabytes),
            audio_per_second=audio_per_second(parts.settings.memory_megabytes),
        )

    def warm(self) -> None:
        """Load the default voice, and all code that speaking needs."""
        self.engine.speak(_WARM_UP, voice=self._names.default)

    def read(self, body: bytes, headers: Mapping[str, str]) -> SpeechRequest:
        """The request in a body; InvalidInput for whatever is wrong with it."""
        return parse_speech_request(body, headers, max_characters=self._parts.settings.max_job_characters)

    def check(self, request: SpeechRequest) -> None:
        """NotRealtime for what can only be a job."""
        house = self._parts.house
        asked = JobRequest.of(request)
        script, decision = decide_request(asked, house.names, house.voices, house.policy, waiting=True)
        if decision.route != "realtime":
            needs = gpu_needs(script, house.voices, house.policy)
            raise NotRealtime(
                f"{decision.reason} Send the same body to POST /v1/jobs, or with the header Prefer: respond-async.",
                param=needs[0].param if needs else "input",
            )

    def spending(self, caller: Caller, request: SpeechRequest) -> AbstractContextManager[Charge]:
        """Count the characters of a request that is answered as a whole; give them back if it fails."""
        return self._parts.quotas.spending(caller, len(request.input), owed=_OWED)

    def reserving(self, caller: Caller, request: SpeechRequest) -> AbstractContextManager[Charge]:
        """Count the characters of a request that is streamed; whoever ends the stream keeps the charge."""
        return self._parts.quotas.reserving(caller, len(request.input), owed=_OWED)

    def speak(self, request: SpeechRequest, *, time_left: Callable[[], float]) -> Spoken:
        """Speak all of it within `time_left()` seconds and the size of an answer, or refuse it: see Engine.speak."""
        most = self._parts.settings.max_answer_bytes
        with _pointing(_JOB_OR_STREAM):
            return self.engine.speak(request.input, **self._how(request), time_left=time_left, max_bytes=most)

    def stream(
        self, request: SpeechRequest, *, time_left: Callable[[], float], max_bytes: float = float("inf")
    ) -> Answer:
        """Speak the beginning of it. What cannot be spoken, or not within the limits, is refused here."""
        with _pointing(_JOB):
            stream = self.engine.stream(
                request.input, **self._how(request), marks=request.marks, time_left=time_left, max_bytes=max_bytes
            )
        events = request.stream_format == "sse"
        pieces = stream.pieces()
        body = sse.events(pieces, characters=len(request.input)) if events else _bytes(pieces)
        media_type = sse.MEDIA_TYPE if events else stream.format.media_type
        return Answer(made=stream, media_type=media_type, body=_begun(body))

    def headers(self, request: SpeechRequest, made: Made) -> dict[str, str]:
        """What every answer with audio carries."""
        return {
            "X-Herald-Voice": self.voice(request),
            "X-Herald-Characters": str(len(request.input)),
            "X-Herald-Sample-Rate": str(made.sample_rate),
            "X-Herald-Route": "realtime",
        }

    def voice(self, request: SpeechRequest) -> str:
        """The voice that speaks it."""
        return str(self._names.choose(request.voice))

    def _how(self, request: SpeechRequest) -> dict[str, Any]:
        choice = self._names.choose(request.voice)
        return {
            "voice": choice.voice,
            "speaker": choice.speaker,
            "speed": request.speed,
            "format": request.response_format,
            "sample_rate": request.sample_rate,
        }


@contextmanager
def _pointing(where: str) -> Iterator[None]:
    """Add to a refusal where the text can be sent instead."""
    try:
        yield
    except TooLarge as error:
        error.message = f"{error.message} {where}"
        raise


def _bytes(pieces: Generator[Piece]) -> Generator[bytes]:
    with closing(pieces):
        for piece in pieces:
            yield piece.data


def _begun(body: Generator[bytes]) -> Generator[bytes]:
    """The same, its first part made already: what fails there fails before an answer has begun."""
    first = next(body)

    def whole() -> Generator[bytes]:
        with closing(body):
            yield first
            yield from body

    return whole()


def collect(answer: Answer, *, time_left: Callable[[], float], max_bytes: float) -> bytes:
    """Return all of an answer's body; OutOfTime or AudioTooLarge once a limit is passed."""
    limits = Limits(time_left=time_left, max_bytes=max_bytes)
    whole = bytearray()
    with closing(answer.body):
        for part in answer.body:
            whole += part
            limits.check(len(whole))
    return bytes(whole)


def count(meter: Meter, request: SpeechRequest, made: Made, seconds: float, price: Decimal) -> None:
    """Measure what was spoken, the `seconds` that it took, and what it costs."""
    measures.file_made(meter, "realtime", price, characters=len(request.input), audio_seconds=made.seconds)
    measures.spoken(meter, "realtime", seconds, made.seconds)


def told(request: SpeechRequest, made: Made, seconds: float) -> dict[str, Any]:
    """What a log tells of what was spoken, and of the `seconds` that it took: no word of the text."""
    return {
        "characters": len(request.input),
        "audio_seconds": round(made.seconds, 3),
        "format": made.format.name,
        "sample_rate": made.sample_rate,
        "real_time_factor": round(seconds / made.seconds, 4),
    }
