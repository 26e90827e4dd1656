"""The endpoint of Amazon Polly's SynthesizeSpeech, for the functions with an engine: audio and speech marks."""

from collections.abc import Generator
from typing import Any

from herald.errors import NotRealtime
from herald.jobs.script import Script
from herald.runtime.container import Dependencies
from herald.speech import engine
from herald.web.audio_body import file_bytes, primed
from herald.web.exchange import Exchange, Reply
from herald.web.polly_errors import request_id_of
from herald.web.polly_marks import lines_of
from herald.web.polly_requests import MEDIA_TYPES, SPEECH_CHARACTERS, PollyRequest, parse_polly_request
from herald.web.polly_routes import polly_voices
from herald.web.speech_routes import Audio, SpeechRoutes


class PollySpeechRoutes:
    """The endpoint of SynthesizeSpeech, for the functions with an engine."""

    def __init__(self, parts: Dependencies, speech: SpeechRoutes) -> None:
        self._parts = parts
        self._speech = speech

    def whole(self, exchange: Exchange) -> Reply:
        """Return the audio as a file, or the speech marks."""
        request, script = self._read(exchange)
        if request.output_format == "json":
            return self._marks(request, script, exchange)
        return _as_polly(self._speech.file(script, exchange), request, script, exchange)

    def stream(self, exchange: Exchange) -> Reply:
        """Return the audio as a stream, once its first part is ready, or the speech marks."""
        request, script = self._read(exchange)
        if request.output_format == "json":
            return self._marks(request, script, exchange)

        def begin() -> tuple[engine.Stream, str, Generator[bytes]]:
            made = self._speech.begin(script, exchange)
            return made, made.format.media_type, primed(file_bytes(made.pieces()))

        return _as_polly(self._speech.flow(script, exchange, begin), request, script, exchange)

    def _marks(self, request: PollyRequest, script: Script, exchange: Exchange) -> Reply:
        """Return the speech marks, for which the audio is made and charged, as at Polly."""
        (line,) = script.lines

        def make() -> tuple[Audio, str, str]:
            made = self._speech.begin(script, exchange, marks=True)
            found = [(piece.marks, piece.words) for piece in made.pieces()]
            lines = lines_of(
                line.text,
                [mark for marks, _ in found for mark in marks],
                [word for _, words in found for word in words],
                types=request.speech_mark_types,
                language=self._parts.service_config.voices[line.voice].language,
                ssml=script.text_format == "ssml",
            )
            return made, MEDIA_TYPES["json"], lines

        return _as_polly(self._speech.complete(script, exchange, make), request, script, exchange)

    def _read(self, exchange: Exchange) -> tuple[PollyRequest, Script]:
        most = min(SPEECH_CHARACTERS, self._parts.settings.max_characters)
        request = parse_polly_request(exchange.body, exchange.request.headers, most=most)
        try:
            return request, self._speech.resolve(request.job_request(polly_voices(self._parts)), exchange)
        except NotRealtime as error:
            error.message = (
                "The voice speaks in jobs, not in real time. Use StartSpeechSynthesisTask, or another VoiceId."
            )
            raise


def _as_polly(reply: Reply, request: PollyRequest, script: Script, exchange: Exchange) -> Reply:
    reply.media_type = MEDIA_TYPES.get(request.output_format, reply.media_type)
    headers: dict[str, Any] = {"x-amzn-RequestCharacters": str(script.characters)}
    reply.headers |= headers | request_id_of(exchange)
    return reply
