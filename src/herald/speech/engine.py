"""Speaks texts into files with any voice of a catalogue, and keeps the voices that are in use."""

from collections.abc import Callable, Generator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from herald.speech.audio.encoding import FileEncoder
from herald.speech.audio.formats import AudioFormat, find_format
from herald.speech.audio.sizes import bytes_per_second
from herald.speech.audio.streaming import StreamEncoder
from herald.speech.limits import Limits
from herald.speech.memory import Memory, Sentences
from herald.speech.voice import AudioChunk, Voice
from herald.speech.voices.catalog import Catalog

if TYPE_CHECKING:
    from herald.speech.marks import Mark, Marker

_VOICES_KEPT = 4
"""Loaded voices kept at once; a medium one takes about 70 MB."""
_MEGABYTES_PER_PROCESSOR = 1_769  # AWS Lambda Developer Guide, "Configure Lambda function memory"


def threads_for(memory_megabytes: int) -> int:
    """Threads that a Lambda function of this memory has processors for, rounded to the nearest, at least one."""
    return max(1, round(memory_megabytes / _MEGABYTES_PER_PROCESSOR))


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A file that was spoken: its bytes, its format, Hz, and how many seconds it lasts, how its sentences came."""

    file: bytes
    format: AudioFormat
    sample_rate: int
    seconds: float
    sentences: Sentences


@dataclass(frozen=True)
class Piece:
    """A piece of a file, and the marks of words that are spoken in it or after it; one of both may be empty."""

    data: bytes
    marks: "tuple[Mark, ...]" = ()


class Stream:
    """A file that is spoken while it is sent: its format, Hz, and the `seconds` that were made of it so far."""

    def __init__(
        self,
        chunks: Generator[AudioChunk],
        encoder: StreamEncoder,
        *,
        made: AudioFormat,
        marker: "Marker | None",
        limits: Limits,
    ) -> None:
        self.format = made
        self.sample_rate = encoder.sample_rate
        self.seconds = 0.0
        self._chunks = chunks
        self._encoder = encoder
        self._marker = marker
        self._limits = limits

    def pieces(self) -> Generator[Piece]:
        """Speak, each piece when it is asked for; to be called once. Closing what it gives ends the work.

        OutOfTime or AudioTooLarge once a limit is passed.
        """
        size = 0
        with closing(self._chunks) as chunks:
            for chunk in chunks:
                self.seconds += chunk.seconds
                marks = self._marker.hear(chunk.words) if self._marker else ()
                data = self._encoder.write(chunk.samples)
                size += len(data)
                self._limits.check(size)
                if data or marks:
                    yield Piece(data, tuple(marks))
        if tail := self._encoder.close():
            yield Piece(tail)


class Engine:
    """Loads voices when they are first asked for, and speaks. It may be used by several threads at once."""

    def __init__(self, catalog: Catalog, *, threads: int, audio_per_second: float = float("inf")) -> None:
        """`audio_per_second`: seconds of audio computed in a second here, by which texts are refused as too long."""
        self.catalog = catalog
        self._threads = threads
        self._audio_per_second = audio_per_second
        self._voice = lru_cache(_VOICES_KEPT)(self._load)
        self._loading = Lock()

    def _ready(self, voice: str) -> Voice:
        with self._loading:  # else those who wait for a voice would each load one
            return self._voice(voice)

    def _load(self, voice: str) -> Voice:
        return Voice.load(self.catalog.find(voice).path, threads=self._threads)

    def speak(  # noqa: PLR0913  one for each thing that changes the file
        self,
        text: str,
        *,
        voice: str,
        speaker: str | None = None,
        speed: float = 1.0,
        format: str = "mp3",  # noqa: A002  OpenAI's word
        sample_rate: int | None = None,
        memory: Memory | None = None,
        time_left: Callable[[], float] = lambda: float("inf"),
        max_bytes: float = float("inf"),
    ) -> Spoken:
        """Speak a text into a file. What `memory` knows is not spoken again, by which no byte changes.

        InvalidInput for what cannot be spoken. TooLongToSpeak or TooLargeToSpeak before anything is computed, if it
        would take longer than `time_left()` seconds or make a file over `max_bytes`; OutOfTime or AudioTooLarge once
        speaking and encoding have passed a limit.
        """
        made, speaking = find_format(format), self._ready(voice)
        rate = made.rate_for(sample_rate, speaking.sample_rate)
        limits = self._limits(time_left, max_bytes, bytes_per_second(made, rate))
        chunks = speaking.chunks(text, speed=speed, speaker=speaker, memory=memory, limits=limits)
        encoder = FileEncoder(made, voice_rate=speaking.sample_rate, rate=rate)
        seconds, sentences = 0.0, Sentences()
        with closing(chunks), ExitStack() as stack:
            stack.callback(encoder.discard)
            for chunk in chunks:
                encoder.write(chunk.samples)
                limits.check(encoder.size)
                seconds += chunk.seconds
                sentences += chunk.sentences
            file = encoder.close()
        limits.check(len(file))
        return Spoken(file=file, format=made, sample_rate=rate, seconds=seconds, sentences=sentences)

    def _limits(self, time_left: Callable[[], float], max_bytes: float, size: float) -> Limits:
        return Limits(
            time_left=time_left, max_bytes=max_bytes, bytes_per_second=size, audio_per_second=self._audio_per_second
        )

    def stream(  # noqa: PLR0913  as above
        self,
        text: str,
        *,
        voice: str,
        speaker: str | None = None,
        speed: float = 1.0,
        format: str = "mp3",  # noqa: A002  OpenAI's word
        sample_rate: int | None = None,
        marks: bool = False,
        time_left: Callable[[], float] = lambda: float("inf"),
        max_bytes: float = float("inf"),
    ) -> Stream:
        """Speak a text into a file piece by piece, the first one soon.

        Joined, the pieces are the sound of `speak`, in a file that does not tell its length. InvalidInput for what
        cannot be spoken, or not within the limits by an estimate, is raised here, not with the first piece.
        """
        made, speaking = find_format(format), self._ready(voice)
        encoder = StreamEncoder(format, voice_rate=speaking.sample_rate, sample_rate=sample_rate)
        limits = self._limits(time_left, max_bytes, bytes_per_second(made, encoder.sample_rate))
        chunks = speaking.chunks(text, speed=speed, speaker=speaker, memory=None, limits=limits, soon=True)
        return Stream(chunks, encoder, made=made, marker=speaking.marker(text) if marks else None, limits=limits)
