"""The endpoints of ElevenLabs' text-to-speech: audio, and audio with the time of each character."""

import json
from base64 import b64encode
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from herald.errors import InvalidSsml, NotRealtime
from herald.jobs.script import Script
from herald.runtime.container import Dependencies
from herald.speech import engine
from herald.speech.engine import Piece
from herald.speech.ssml.document import refuse
from herald.web.dialect import Endpoint
from herald.web.elevenlabs_requests import ParsedSpeech, parse_elevenlabs_request
from herald.web.elevenlabs_routes import SPEECH_PATH
from herald.web.exchange import Exchange, Reply
from herald.web.http_rules import warning
from herald.web.speech_routes import Audio, SpeechRoutes, file_bytes, primed

if TYPE_CHECKING:
    from herald.speech.marks import Mark

_LINES = "application/json"
"""The media type of a stream of JSON objects, as ElevenLabs names it."""
_BASE64 = 3 / 4


class ElevenLabsSpeechRoutes:
    """The endpoints of text-to-speech."""

    def __init__(self, parts: Dependencies, speech: SpeechRoutes) -> None:
        self._parts = parts
        self._speech = speech
        self.streaming: dict[str, Endpoint] = {
            f"POST {SPEECH_PATH}": self.stream,
            f"POST {SPEECH_PATH}/stream": self.stream,
            f"POST {SPEECH_PATH}/with-timestamps": self.timed,
            f"POST {SPEECH_PATH}/stream/with-timestamps": self.timed_stream,
        }
        self.buffered: dict[str, Endpoint] = {
            f"POST {SPEECH_PATH}": self.whole,
            f"POST {SPEECH_PATH}/stream": self.whole,
            f"POST {SPEECH_PATH}/with-timestamps": self.timed,
            f"POST {SPEECH_PATH}/stream/with-timestamps": self.timed_lines,
        }
        """The same paths, with the whole response at once."""

    def whole(self, exchange: Exchange) -> Reply:
        """Return the audio as a file."""
        script, parsed = self._read(exchange)
        return _as_elevenlabs(self._speech.file(script, exchange), parsed.without_effect, script, exchange)

    def stream(self, exchange: Exchange) -> Reply:
        """Return the audio as a stream, once its first part is ready."""
        script, parsed = self._read(exchange)

        def begin() -> tuple[engine.Stream, str, Generator[bytes]]:
            made = self._speech.begin(script, exchange)
            return made, made.format.media_type, primed(file_bytes(made.pieces()))

        return _as_elevenlabs(self._speech.flow(script, exchange, begin), parsed.without_effect, script, exchange)

    def timed(self, exchange: Exchange) -> Reply:
        """Return the audio in base64, and the time of each character."""
        script, parsed = self._read(exchange)

        def make() -> tuple[Audio, str, str]:
            made = self._speech.begin(script, exchange, marks=True, max_bytes=exchange.most_bytes * _BASE64)
            pieces = list(made.pieces())
            timing = CharacterTimes(parsed.text, parsed.places)
            timed = timing.alignment(
                [mark for piece in pieces for mark in piece.marks], ends=True, seconds=made.seconds
            )
            return made, _LINES, _line(b"".join(piece.data for piece in pieces), timed)

        return _as_elevenlabs(self._speech.complete(script, exchange, make), parsed.without_effect, script, exchange)

    def timed_lines(self, exchange: Exchange) -> Reply:
        """Return the lines of `timed_stream` at once."""
        script, parsed = self._read(exchange)

        def make() -> tuple[Audio, str, str]:
            made = self._speech.begin(script, exchange, marks=True, max_bytes=exchange.most_bytes * _BASE64)
            return (
                made,
                _LINES,
                b"".join(_lines(made, CharacterTimes(parsed.text, parsed.places))).decode(),
            )

        return _as_elevenlabs(self._speech.complete(script, exchange, make), parsed.without_effect, script, exchange)

    def timed_stream(self, exchange: Exchange) -> Reply:
        """Return a stream of lines, each with a part of the audio and the times of the characters spoken in it."""
        script, parsed = self._read(exchange)

        def begin() -> tuple[engine.Stream, str, Generator[bytes]]:
            made = self._speech.begin(script, exchange, marks=True)
            return (
                made,
                _LINES,
                primed(_lines(made, CharacterTimes(parsed.text, parsed.places))),
            )

        return _as_elevenlabs(self._speech.flow(script, exchange, begin), parsed.without_effect, script, exchange)

    def _read(self, exchange: Exchange) -> tuple[Script, ParsedSpeech]:
        settings = self._parts.settings
        parsed = parse_elevenlabs_request(
            exchange.body,
            exchange.request.headers,
            exchange.request.parameters,
            voice=exchange.id,
            names=settings.voice_names,
            most=settings.max_characters,
        )
        try:
            return self._speech.resolve(parsed.job, exchange), parsed
        except InvalidSsml as error:  # its place is that in the document to which the text was translated
            refuse(parsed.text, parsed.places[error.at], error.fault)
        except NotRealtime as error:
            error.message = (
                "The voice speaks in jobs, not in real time. Send the text to POST /v1/jobs "
                '({"input": TEXT, "voice": VOICE_ID}, with the header Authorization: Bearer KEY), or use another voice.'
            )
            raise


class CharacterTimes:
    """The times of a text's characters, from those of its words: within a word, each takes an equal part.

    `places` are the positions in the text of those that marks have.
    """

    def __init__(self, text: str, places: Sequence[int]) -> None:
        self._text = text
        self._places = places
        self._at = 0
        """The first character without a time yet."""
        self._now = 0.0

    def alignment(self, marks: Sequence["Mark"], *, ends: bool, seconds: float) -> dict[str, Any] | None:
        """Return the alignment of the next words, with the characters before them; None without any.

        `ends`: also of the rest of the text, which ends after `seconds`.
        """
        starts: list[float] = []
        stops: list[float] = []
        first = self._at
        for mark in marks:
            self._fill(self._places[mark.text_start], mark.start, starts, stops)
            self._fill(self._places[mark.text_end], mark.end, starts, stops, begin=mark.start)
        if ends:
            self._fill(len(self._text), max(seconds, self._now), starts, stops)
        if not starts:
            return None
        return {
            "characters": list(self._text[first : self._at]),
            "character_start_times_seconds": starts,
            "character_end_times_seconds": stops,
        }

    def _fill(
        self, to: int, until: float, starts: list[float], stops: list[float], *, begin: float | None = None
    ) -> None:
        """Add the characters up to `to`, which end at `until`."""
        count, begin = to - self._at, self._now if begin is None else begin
        for number in range(count):
            starts.append(round(begin + (until - begin) * number / count, 3))
            stops.append(round(begin + (until - begin) * (number + 1) / count, 3))
        if count > 0:
            self._at = to
        self._now = max(self._now, until)


def _lines(made: engine.Stream, timing: CharacterTimes) -> Generator[bytes]:
    pieces: Generator[Piece] = made.pieces()
    with closing(pieces):
        for piece in pieces:
            timed = timing.alignment(piece.marks, ends=False, seconds=made.seconds)
            yield _line(piece.data, timed).encode() + b"\n"
    if rest := timing.alignment((), ends=True, seconds=made.seconds):
        yield _line(b"", rest).encode() + b"\n"


def _line(data: bytes, timed: dict[str, Any] | None) -> str:
    shown = {"audio_base64": b64encode(data).decode(), "alignment": timed, "normalized_alignment": timed}
    return json.dumps(shown, separators=(",", ":"))


def _as_elevenlabs(reply: Reply, unused: list[str], script: Script, exchange: Exchange) -> Reply:
    reply.headers |= {"character-cost": str(script.characters), "request-id": exchange.request.id} | warning(unused)
    return reply
