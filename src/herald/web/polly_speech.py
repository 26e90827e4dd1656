"""The endpoint of Amazon Polly's SynthesizeSpeech, for the functions with an engine: audio and speech marks.

Marks are one JSON object a line, in order of time: https://docs.aws.amazon.com/polly/latest/dg/output.html
"""

import json
import re
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from itertools import accumulate, chain, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from herald.errors import NotRealtime
from herald.jobs.script import Script
from herald.runtime.container import Dependencies
from herald.speech import engine
from herald.speech.reading import Reading, Token
from herald.speech.spoken_words import SpokenWord, visemes
from herald.web.exchange import Exchange, Reply
from herald.web.polly_errors import request_id_of
from herald.web.polly_requests import MEDIA_TYPES, SPEECH_CHARACTERS, PollyRequest, parse_polly_request
from herald.web.polly_routes import polly_voices
from herald.web.speech_routes import Audio, SpeechRoutes, file_bytes, primed

if TYPE_CHECKING:
    from herald.speech.marks import Mark


_ORDER = ("sentence", "ssml", "word", "viseme")
"""Order of the marks of one moment."""
_SILENT = frozenset({"break", "bleep"})
"""Kinds of tokens of an SSML document in whose time no word is spoken."""
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।]+[\"'”’)\]]*(?=\s|$)|\n\s*\n")  # noqa: RUF001  other scripts


class _Span(NamedTuple):
    start: int
    end: int


def mark_lines(
    text: str,
    marks: Sequence["Mark"],
    words: Sequence[SpokenWord],
    *,
    types: Collection[str],
    readings: Sequence[Reading],
) -> str:
    """Return the marks of a text as lines.

    `marks` are those of its written words, `words` what is spoken; `readings` are those that were spoken, if Herald
    reads the language. Offsets are bytes of the text in UTF-8; times are milliseconds.
    """
    makers: dict[str, Callable[[], Iterator[tuple[float, str, _Span | None]]]] = {
        "sentence": lambda: _spoken_sentences(text, marks, readings),
        "ssml": lambda: _places(chain.from_iterable(reading.tokens for reading in readings), marks),
        "word": lambda: _words(text, marks),
        "viseme": lambda: ((viseme.start, viseme.value, None) for viseme in visemes(words)),
    }
    offsets = [0, *accumulate(len(character.encode()) for character in text)]
    found: list[dict[str, Any]] = []
    for kind in _ORDER:
        for seconds, value, span in makers[kind]() if kind in types else ():
            place = {"start": offsets[span.start], "end": offsets[span.end]} if span else {}
            found.append({"time": round(seconds * 1000), "type": kind, **place, "value": value})
    found.sort(key=lambda mark: (mark["time"], _ORDER.index(mark["type"])))
    return "".join(json.dumps(mark, ensure_ascii=False, separators=(",", ":")) + "\n" for mark in found)


def _words(text: str, marks: Sequence["Mark"]) -> Iterator[tuple[float, str, _Span]]:
    for mark in marks:
        yield mark.start, text[mark.text_start : mark.text_end], _Span(mark.text_start, mark.text_end)


def _places(tokens: Iterable[Token], marks: Sequence["Mark"]) -> Iterator[tuple[float, str, _Span]]:
    """Yield the marks of a document, each with its time in seconds, name and span: where the next word begins.

    Before a break, and at the end, it is where the word before ends.
    """
    left = deque(sorted(marks, key=lambda mark: mark.text_start))
    ended = 0.0
    waiting: list[Token] = []
    for token in tokens:
        if token.kind == "mark":
            waiting.append(token)
            continue
        while left and left[0].text_start < token.start:
            ended = left.popleft().end
        if token.spoken or token.kind in _SILENT:
            start = left[0].start if left and token.spoken else ended
            yield from ((start, token.words, _Span(token.start, token.end)) for token in waiting)
            waiting = []
    ended = left[-1].end if left else ended
    yield from ((ended, token.words, _Span(token.start, token.end)) for token in waiting)


def _spoken_sentences(
    text: str, marks: Sequence["Mark"], readings: Sequence[Reading]
) -> Iterator[tuple[float, str, _Span]]:
    """Yield the sentences in which a word is spoken, each with its start in seconds and its span."""
    left = iter(sorted(marks, key=lambda mark: mark.text_start))
    mark = next(left, None)
    for span in _sentences(text, readings):
        start = None
        while mark is not None and mark.text_start < span.end:
            start = mark.start if start is None else start
            mark = next(left, None)
        if start is not None:
            yield start, text[span.start : span.end], span


def _sentences(text: str, readings: Sequence[Reading]) -> Iterator[_Span]:
    for sentence in chain.from_iterable(reading.sentences() for reading in readings):
        if said := [token for token in sentence if token.kind != "mark" and token.kind not in _SILENT]:
            yield _Span(said[0].start, said[-1].end)
    if readings:
        return
    ends = [0, *(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]
    for begin, end in pairwise(ends):
        start = begin + len(text[begin:end]) - len(text[begin:end].lstrip())
        if start < end:
            yield _Span(start, start + len(text[start:end].rstrip()))


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
            lines = mark_lines(
                line.text,
                [mark for marks, _ in found for mark in marks],
                [word for _, words in found for word in words],
                types=request.speech_mark_types,
                readings=made.readings,
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
