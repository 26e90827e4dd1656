"""POST /v1/audio/speech: a text is resolved to a script, synthesized, and returned whole or as a stream."""

import json
from base64 import b64encode
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from decimal import Decimal
from time import perf_counter
from typing import TYPE_CHECKING, Any

from herald.errors import AudioTooLarge, HeraldError, InvalidRequest, NotRealtime, OutOfTime, TooLarge
from herald.jobs.job_request import JobRequest, SpeechRequest, parse_speech_request
from herald.jobs.ports import SpokenFile
from herald.jobs.script import Script
from herald.runtime import metrics
from herald.runtime.container import Dependencies
from herald.runtime.script_speaker import ScriptSpeaker
from herald.speech import engine
from herald.speech.engine import Piece
from herald.speech.limits import Limits
from herald.speech.text import offsets_of, speakable, valid
from herald.web.error_replies import error_body
from herald.web.exchange import Exchange, Reply, Stream
from herald.web.http_rules import prefers_a_job, warning
from herald.web.job_routes import accepted_reply, create_job

if TYPE_CHECKING:
    from herald.speech.marks import Mark


EVENTS = "text/event-stream"


def file_bytes(pieces: Generator[Piece]) -> Generator[bytes]:
    """Yield the parts of a file."""
    with closing(pieces):
        for piece in pieces:
            yield piece.data


def events(pieces: Generator[Piece], *, characters: int, offsets: Sequence[int]) -> Generator[bytes]:
    """Yield the events of a text: each piece's marks and audio, then a final event with the usage.

    `offsets` are those to send for each character of the text, and for its end. One token is one character, the unit of
    quotas; audio counts no tokens.
    """
    with closing(pieces):
        for piece in pieces:
            marks = {"type": "herald.speech.marks", "marks": [_shown(mark, offsets) for mark in piece.marks]}
            audio = {"type": "speech.audio.delta", "audio": b64encode(piece.data).decode()}
            yield (event(marks) if piece.marks else b"") + (event(audio) if piece.data else b"")
    usage = {"input_tokens": characters, "output_tokens": 0, "total_tokens": characters}
    yield event({"type": "speech.audio.done", "usage": usage})


def _shown(mark: "Mark", offsets: Sequence[int]) -> dict[str, Any]:
    return asdict(mark) | {"text_start": offsets[mark.text_start], "text_end": offsets[mark.text_end]}


def event(fields: Mapping[str, Any]) -> bytes:
    """Encode one event. It has no `event:` field: OpenAI's clients read the type from the data."""
    return b"data: " + json.dumps(fields, separators=(",", ":")).encode() + b"\n\n"


def error_event(error: Mapping[str, Any]) -> bytes:
    """Encode the final event of a stream that failed; `error` is an error body."""
    return event({"type": "error", **error})


def primed(body: Generator[bytes]) -> Generator[bytes]:
    """Advance a body to its first part, so that errors surface before the response headers are sent."""
    first = next(body)

    def whole() -> Generator[bytes]:
        with closing(body):
            yield first
            yield from body

    return whole()


def collect(body: Generator[bytes], *, time_left: Callable[[], float], max_bytes: float) -> bytes:
    """Return a whole body. Raises OutOfTime or AudioTooLarge when a limit is exceeded."""
    limits = Limits(time_left=time_left, max_bytes=max_bytes)
    whole = bytearray()
    with closing(body):
        for part in body:
            whole += part
            limits.check(len(whole))
    return bytes(whole)


_OWED = (OutOfTime, AudioTooLarge)
"""Errors found during synthesis, which are charged. Refusals by an estimate (TooLongToSpeak, TooLargeToSpeak) compute
nothing and are not charged."""
_BASE64 = 3 / 4
"""Audio bytes per byte of base64."""
_JOB = "Or submit it as a job to POST /v1/jobs."
_JOB_OR_STREAM = "Or submit it as a job to POST /v1/jobs, or send it to the streaming URL."


type Audio = engine.Stream | SpokenFile
"""Synthesized audio, in progress or complete."""


class SpeechRoutes:
    """The endpoint of POST /v1/audio/speech, with one reply for each way to send it. Thread-safe."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts
        self.speaker = ScriptSpeaker.of(parts)

    def warm(self) -> None:
        """Load the default voice and all code that synthesis needs."""
        self.speaker.warm(self._parts.settings.default_voice)

    def whole(self, exchange: Exchange) -> Reply:
        """Return the audio, or a job if the request prefers one."""
        request = self._read(exchange)
        if prefers_a_job(exchange.request.headers):
            if request.stream_format == "sse":
                raise InvalidRequest("A job produces a file, not events. Remove stream_format.", param="stream_format")
            job = create_job(JobRequest.of(request), exchange, self._parts)
            exchange.about(job=job.id)
            return accepted_reply(job, self._parts, **{"Preference-Applied": "respond-async"})
        script = self.resolve(JobRequest.of(request), exchange)
        if request.stream_format == "sse":
            most = exchange.most_bytes

            def events() -> tuple[Audio, str, bytes | str]:
                audio, media_type, parts = self._start(request, script, exchange, max_bytes=most * _BASE64)
                return audio, media_type, collect(parts, time_left=exchange.time_left, max_bytes=most).decode()

            reply = self.complete(script, exchange, events)
        else:
            reply = self.file(script, exchange)
        reply.headers |= warning(request.without_effect)
        return reply

    def file(self, script: Script, exchange: Exchange) -> Reply:
        """Return the audio of a script as a file."""

        def make() -> tuple[Audio, str, bytes]:
            with _suggesting(_JOB_OR_STREAM):
                audio = self.speaker.speak(script, time_left=exchange.time_left, max_bytes=exchange.most_bytes)
            return audio, audio.media_type, audio.file

        return self.complete(script, exchange, make)

    def complete(self, script: Script, exchange: Exchange, make: Callable[[], tuple[Audio, str, bytes | str]]) -> Reply:
        """Synthesize a script: `make` returns the audio, the media type and the body. It is charged and recorded."""
        started = perf_counter()
        with self._parts.quotas.reserving(exchange.caller, script.characters, owed=_OWED) as charge:
            audio, media_type, body = make()
        seconds = perf_counter() - started
        price = self._price(exchange, len(body))
        charge.keep(price)
        self._record(exchange, script, audio, seconds, price)
        headers = {"X-Herald-Audio-Seconds": f"{audio.seconds:.3f}", "X-Herald-Price": f"{price:.9f}"}
        return Reply(body=body, media_type=media_type, headers=_headers(script, audio) | headers)

    def stream(self, exchange: Exchange) -> Reply:
        """Return the audio as a stream, once its first part is ready."""
        request = self._read(exchange)
        script = self.resolve(JobRequest.of(request), exchange)

        def failed(error: HeraldError) -> bytes:
            return error_event(error_body(error)) if request.stream_format == "sse" else b""

        reply = self.flow(script, exchange, lambda: self._start(request, script, exchange), failed=failed)
        reply.headers |= warning(request.without_effect)
        return reply

    def flow(
        self,
        script: Script,
        exchange: Exchange,
        begin: Callable[[], tuple[engine.Stream, str, Generator[bytes]]],
        *,
        failed: Callable[[HeraldError], bytes] = lambda _: b"",
    ) -> Reply:
        """Return a stream: `begin` returns the audio, the media type and the parts. It is charged and recorded.

        `failed` returns the last part of a stream that fails.
        """
        # Whatever ends the stream keeps the charge; an error before its beginning refunds it.
        with self._parts.quotas.reserving(exchange.caller, script.characters, owed=_OWED) as charge:
            audio, media_type, parts = begin()
        exchange.meter.add(metrics.FIRST_AUDIO, exchange.seconds * 1000)

        def ended(ending: str, seconds: float, size: int) -> None:
            price = self._price(exchange, size, streamed=True)
            charge.keep(price)  # only now: it would delay the first audio
            self._record(exchange, script, audio, seconds, price, ending=ending)

        body = Stream(parts=parts, failed=failed, ended=ended)
        return Reply(body=body, media_type=media_type, headers=_headers(script, audio))

    def begin(
        self, script: Script, exchange: Exchange, *, marks: bool = False, max_bytes: float = float("inf")
    ) -> engine.Stream:
        """Return the audio of a script, which is synthesized while it is read."""
        with _suggesting(_JOB):
            return self.speaker.stream(script, marks=marks, time_left=exchange.time_left, max_bytes=max_bytes)

    def resolve(self, request: JobRequest, exchange: Exchange) -> Script:
        """Return the script of a request. Raises NotRealtime if it must be a job."""
        config = self._parts.service_config.for_request(request, exchange.caller.tenant)
        for line in request.lines:
            # Refused before the first call to AWS: what is wrong with any lexicon. Only lexicons have words for signs.
            (valid if line.input.strip() and request.lexicons != [] else speakable)(line.input)
            config.find_voice(line.voice or request.voice)
        lexicons = self._parts.lexicons.chosen(exchange.caller.tenant, request.lexicons)
        script, decision = config.resolve(request, waiting=True, lexicons=lexicons)
        if decision.route != "realtime":
            raise NotRealtime(
                f"{decision.reason} At the HTTP API (ApiUrl), send the same body to POST /v1/jobs, or to this path "
                "with the header Prefer: respond-async.",
                param="voice" if config.voices[script.lines[0].voice].needs_gpu else "input",
            )
        return script

    def _read(self, exchange: Exchange) -> SpeechRequest:
        most = self._parts.settings.max_job_characters
        return parse_speech_request(exchange.body, exchange.request.headers, max_characters=most)

    def _start(
        self, request: SpeechRequest, script: Script, exchange: Exchange, *, max_bytes: float = float("inf")
    ) -> tuple[engine.Stream, str, Generator[bytes]]:
        """Return a stream whose first part is ready, its media type, and its parts."""
        audio = self.begin(script, exchange, marks=request.marks, max_bytes=max_bytes)
        if request.stream_format == "sse":
            offsets = offsets_of(script.lines[0].text, request.offsets)
            parts = events(audio.pieces(), characters=script.characters, offsets=offsets)
            return audio, EVENTS, primed(parts)
        return audio, audio.format.media_type, primed(file_bytes(audio.pieces()))

    def _price(self, exchange: Exchange, size: int, *, streamed: bool = False) -> Decimal:
        """Return the price of a response of `size` bytes that is complete now, in US dollars."""
        restored = exchange.cold and self._parts.settings.from_snapshot
        return self._parts.prices.realtime(exchange.seconds, size, streamed=streamed, restored=restored)

    def _record(
        self,
        exchange: Exchange,
        script: Script,
        audio: Audio,
        seconds: float,
        price: Decimal,
        **more: Any,  # noqa: ANN401  as for log
    ) -> None:
        """Record synthesized audio in metrics, log and trace; `seconds` is the synthesis time."""
        characters = script.characters
        metrics.record_file(exchange.meter, "realtime", price, characters=characters, audio_seconds=audio.seconds)
        metrics.record_synthesis(exchange.meter, "realtime", seconds, audio.seconds)
        exchange.annotate(voice=str(script.lines[0]))
        exchange.log(
            "spoken",
            **more,
            characters=characters,
            audio_seconds=round(audio.seconds, 3),
            format=script.response_format,
            sample_rate=audio.sample_rate,
            real_time_factor=round(seconds / audio.seconds, 4),
        )


def _headers(script: Script, audio: Audio) -> dict[str, str]:
    return {
        "X-Herald-Voice": str(script.lines[0]),
        "X-Herald-Characters": str(script.characters),
        "X-Herald-Sample-Rate": str(audio.sample_rate),
        "X-Herald-Route": "realtime",
        "AI-Disclosure": "mode=machine-generated",  # draft-abaris-aicdh-01
    }


@contextmanager
def _suggesting(alternative: str) -> Iterator[None]:
    """Append an alternative to the message of a TooLarge error."""
    try:
        yield
    except TooLarge as error:
        error.message = f"{error.message} {alternative}"
        raise
