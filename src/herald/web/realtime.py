"""Real-time synthesis, independent of how the response is sent: whole or as a stream."""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from herald.auth.caller import Caller
from herald.auth.quotas import Charge
from herald.errors import AudioTooLarge, NotRealtime, OutOfTime, TooLarge
from herald.jobs.job_price import audio_per_second
from herald.jobs.job_request import JobRequest, SpeechRequest, parse_speech_request
from herald.runtime import measures
from herald.runtime.container import Dependencies
from herald.runtime.meter import Meter
from herald.speech.audio.formats import AudioFormat
from herald.speech.engine import Engine, Piece, Spoken, threads_for
from herald.speech.limits import Limits
from herald.web import sse

_WARM_UP = "Ready."
_OWED = (OutOfTime, AudioTooLarge)
"""Errors found during synthesis, which are charged. Refusals by an estimate (TooLongToSpeak, TooLargeToSpeak) compute
nothing and are not charged."""


_JOB = "Or submit it as a job to POST /v1/jobs."
_JOB_OR_STREAM = "Or submit it as a job to POST /v1/jobs, or send it to the streaming URL."


class Made(Protocol):
    """Audio, complete or in progress: its format, sample rate in Hz, and length in seconds so far."""

    @property
    def format(self) -> AudioFormat: ...  # noqa: D102
    @property
    def sample_rate(self) -> int: ...  # noqa: D102
    @property
    def seconds(self) -> float: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A response whose first part is ready. The rest is synthesized while `body` is read."""

    made: Made
    media_type: str
    body: Generator[bytes]


class Realtime:
    """Real-time synthesis of speech requests. Thread-safe."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts
        self._names = parts.settings.voice_names
        self.engine = Engine(
            parts.catalog,
            threads=threads_for(parts.settings.memory_megabytes),
            audio_per_second=audio_per_second(parts.settings.memory_megabytes),
        )

    def warm(self) -> None:
        """Load the default voice and all code that synthesis needs."""
        self.engine.speak(_WARM_UP, voice=self._names.default)

    def read(self, body: bytes, headers: Mapping[str, str]) -> SpeechRequest:
        """Return the request in a body. Raises InvalidInput if it is invalid."""
        return parse_speech_request(body, headers, max_characters=self._parts.settings.max_job_characters)

    def check(self, request: SpeechRequest) -> None:
        """Raise NotRealtime if a request must be a job."""
        resolver = self._parts.house
        script, decision = resolver.resolve(JobRequest.of(request), waiting=True)
        if decision.route != "realtime":
            needs = resolver.gpu_needs(script)
            raise NotRealtime(
                f"{decision.reason} Send the same body to POST /v1/jobs, or with the header Prefer: respond-async.",
                param=needs[0].param if needs else "input",
            )

    def spending(self, caller: Caller, request: SpeechRequest) -> AbstractContextManager[Charge]:
        """Charge the characters of a request that is answered whole; refund them if it fails."""
        return self._parts.quotas.spending(caller, len(request.input), owed=_OWED)

    def reserving(self, caller: Caller, request: SpeechRequest) -> AbstractContextManager[Charge]:
        """Charge the characters of a streamed request. Whatever ends the stream must keep the charge."""
        return self._parts.quotas.reserving(caller, len(request.input), owed=_OWED)

    def speak(self, request: SpeechRequest, *, time_left: Callable[[], float]) -> Spoken:
        """Synthesize the whole text, within `time_left()` seconds and the maximum response size.

        Raises the errors of Engine.speak.
        """
        most = self._parts.settings.max_answer_bytes
        with _suggesting(_JOB_OR_STREAM):
            return self.engine.speak(request.input, **self._options(request), time_left=time_left, max_bytes=most)

    def stream(
        self, request: SpeechRequest, *, time_left: Callable[[], float], max_bytes: float = float("inf")
    ) -> Answer:
        """Start synthesis and return once the first part is ready. Raises the errors of Engine.stream."""
        with _suggesting(_JOB):
            stream = self.engine.stream(
                request.input, **self._options(request), marks=request.marks, time_left=time_left, max_bytes=max_bytes
            )
        events = request.stream_format == "sse"
        pieces = stream.pieces()
        body = sse.events(pieces, characters=len(request.input)) if events else _bytes(pieces)
        media_type = sse.MEDIA_TYPE if events else stream.format.media_type
        return Answer(made=stream, media_type=media_type, body=_primed(body))

    def headers(self, request: SpeechRequest, made: Made) -> dict[str, str]:
        """Return the headers of every response with audio."""
        return {
            "X-Herald-Voice": self.voice(request),
            "X-Herald-Characters": str(len(request.input)),
            "X-Herald-Sample-Rate": str(made.sample_rate),
            "X-Herald-Route": "realtime",
        }

    def voice(self, request: SpeechRequest) -> str:
        """Return the name of the voice for a request: `voice` or `voice:speaker`."""
        return str(self._names.choose(request.voice))

    def _options(self, request: SpeechRequest) -> dict[str, Any]:
        choice = self._names.choose(request.voice)
        return {
            "voice": choice.voice,
            "speaker": choice.speaker,
            "speed": request.speed,
            "format": request.response_format,
            "sample_rate": request.sample_rate,
        }


@contextmanager
def _suggesting(alternative: str) -> Iterator[None]:
    """Append an alternative to the message of a TooLarge error."""
    try:
        yield
    except TooLarge as error:
        error.message = f"{error.message} {alternative}"
        raise


def _bytes(pieces: Generator[Piece]) -> Generator[bytes]:
    with closing(pieces):
        for piece in pieces:
            yield piece.data


def _primed(body: Generator[bytes]) -> Generator[bytes]:
    """Advance a generator to its first part, so that errors surface before the response headers are sent."""
    first = next(body)

    def whole() -> Generator[bytes]:
        with closing(body):
            yield first
            yield from body

    return whole()


def collect(answer: Answer, *, time_left: Callable[[], float], max_bytes: float) -> bytes:
    """Return the whole body of an answer. Raises OutOfTime or AudioTooLarge when a limit is exceeded."""
    limits = Limits(time_left=time_left, max_bytes=max_bytes)
    whole = bytearray()
    with closing(answer.body):
        for part in answer.body:
            whole += part
            limits.check(len(whole))
    return bytes(whole)


def count(meter: Meter, request: SpeechRequest, made: Made, seconds: float, price: Decimal) -> None:
    """Record the metrics of synthesized audio; `seconds` is the synthesis time, `price` is in US dollars."""
    measures.file_made(meter, "realtime", price, characters=len(request.input), audio_seconds=made.seconds)
    measures.spoken(meter, "realtime", seconds, made.seconds)


def told(request: SpeechRequest, made: Made, seconds: float) -> dict[str, Any]:
    """Return the log fields of synthesized audio, without its text; `seconds` is the synthesis time."""
    return {
        "characters": len(request.input),
        "audio_seconds": round(made.seconds, 3),
        "format": made.format.name,
        "sample_rate": made.sample_rate,
        "real_time_factor": round(seconds / made.seconds, 4),
    }
