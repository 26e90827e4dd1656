"""Synthesize texts into files with the voices of a catalogue, and cache the loaded voices."""

from collections import OrderedDict
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from herald.speech.audio.codings import SentenceCoder
from herald.speech.audio.encoding import FileEncoder, StreamEncoder
from herald.speech.audio.formats import AudioFormat, bytes_per_second, find_format
from herald.speech.audio_chunk import AudioChunk, join
from herald.speech.limits import Limits
from herald.speech.memory import Memory, Sentences
from herald.speech.pauses import Pauses
from herald.speech.reading.markup import TextFormat
from herald.speech.spoken_words import SpokenWord, shifted
from herald.speech.voice import Voice
from herald.speech.voices.catalog import Catalog, VoiceInfo

if TYPE_CHECKING:
    from herald.speech.lexicons.lexicon import Lexicon
    from herald.speech.marks import JoinedMarker, Mark, Marker
    from herald.speech.reading import Reading

type Cast = Mapping[str, tuple[str, str | None]]
"""The voice, and the speaker or None, of each name in a document."""
_MAX_LOADED_VOICES = 4
"""Maximum number of loaded voices; one of medium quality needs about 70 MB."""


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A synthesized file: its bytes, format, sample rate in Hz, duration in seconds, and cache statistics."""

    file: bytes
    format: AudioFormat
    sample_rate: int
    seconds: float
    sentences: Sentences
    voices: Mapping[str, VoiceInfo] = field(default_factory=dict)
    """The voices that were used, by id, as the catalogue described them when they were loaded."""


@dataclass(frozen=True)
class Piece:
    """Part of a streamed file, with the marks of words that begin in it or later. One of the two may be empty."""

    data: bytes
    marks: "tuple[Mark, ...]" = ()
    words: tuple[SpokenWord, ...] = ()
    """The spoken words, if marks were requested."""


class Stream:
    """A file that is synthesized while it is sent.

    `sample_rate` is in Hz; `seconds` is the duration of the file so far.
    """

    def __init__(
        self,
        chunks: Generator[AudioChunk],
        encoder: StreamEncoder,
        *,
        audio_format: AudioFormat,
        marker: "Marker | JoinedMarker | None",
        limits: Limits,
    ) -> None:
        self.format = audio_format
        self.sample_rate = encoder.sample_rate
        self.seconds = 0.0
        self._chunks = chunks
        self._encoder = encoder
        self._marker = marker
        self._limits = limits

    @property
    def readings(self) -> "Sequence[Reading]":
        """The readings of the text, one per part with its own voice; none without marks, or if espeak-ng reads it."""
        return self._marker.readings if self._marker else ()

    def pieces(self) -> Generator[Piece]:
        """Synthesize and yield the file lazily. Call this once; closing the generator stops the synthesis.

        Raise OutOfTime or AudioTooLarge when a limit is exceeded.
        """
        size = 0
        words: list[SpokenWord] = []
        with closing(self._chunks) as chunks:
            for chunk in chunks:
                data = self._encoder.add(chunk)
                self.seconds = self._encoder.seconds
                spoken = shifted(chunk.words, self._encoder.shift) if self._marker else []
                marks = self._marker.add(spoken) if self._marker else ()
                words += spoken
                size += len(data)
                self._limits.check(size)
                if data or marks:
                    yield Piece(data, tuple(marks), tuple(words))
                    words = []
        if tail := self._encoder.close():
            yield Piece(tail, words=tuple(words))


class _SpokenPart(NamedTuple):
    """A text with its voice."""

    voice: Voice
    info: VoiceInfo
    """The voice as in the catalogue. If it is not prepared, its checksum differs from that of the prepared files."""
    speaker: str | None
    text: str


def _chunks(  # noqa: PLR0913  settings of the sound
    parts: Sequence[_SpokenPart],
    *,
    speed: float,
    memory: Memory | None,
    limits: Limits,
    pauses: Pauses,
    text_format: TextFormat,
    lexicons: Sequence["Lexicon"],
    low_latency: bool = False,
    coder: SentenceCoder | None = None,
) -> Generator[AudioChunk]:
    """Return the chunks of all parts, at the highest sample rate of their voices.

    The `coder` is used only if all voices have the same rate: otherwise, their audio is resampled first.
    """
    sources = []
    one_rate = len({part.voice.sample_rate for part in parts}) == 1
    for number, part in enumerate(parts):
        part_pauses = pauses._replace(lead_in=pauses.paragraph) if number else pauses
        if number < len(parts) - 1:
            part_pauses = part_pauses._replace(tail=0.0)
        chunks = part.voice.stream(
            part.text,
            speed=speed,
            speaker=part.speaker,
            memory=memory,
            limits=limits,
            low_latency=low_latency and not number,
            pauses=part_pauses,
            text_format=text_format,
            lexicons=lexicons,
            coder=coder if one_rate else None,
        )
        sources.append((chunks, part.voice.sample_rate))
    if len(sources) == 1:
        return sources[0][0]
    return join(sources, max(rate for _, rate in sources))


def _marker(
    parts: Sequence[_SpokenPart], text_format: TextFormat, lexicons: Sequence["Lexicon"]
) -> "Marker | JoinedMarker":
    markers = [part.voice.marker(part.text, text_format=text_format, lexicons=lexicons) for part in parts]
    if len(markers) == 1:
        return markers[0]
    from herald.speech.marks import JoinedMarker  # noqa: PLC0415  needed only for marks

    return JoinedMarker(markers)


class Engine:
    """Synthesizes texts; loads voices on first use. Thread-safe."""

    def __init__(
        self, catalog: Catalog, *, threads: int, audio_per_second: Callable[[str], float] = lambda _: float("inf")
    ) -> None:
        """`audio_per_second` returns the speed of an engine, to reject texts that are too long.

        The argument is the name of the engine, as in VoiceInfo, the speed in seconds of audio per second.
        """
        self.catalog = catalog
        catalog.removed = self._forget
        self._threads = threads
        self._audio_per_second = audio_per_second
        self._voices: OrderedDict[Path, Voice] = OrderedDict()
        self._loading = Lock()

    def _loaded(self, info: VoiceInfo) -> Voice:
        with self._loading:  # load a voice once, even if several threads request it
            if info.path not in self._voices:
                self._voices[info.path] = Voice.load(info.path, threads=self._threads)
            self._voices.move_to_end(info.path)
            if len(self._voices) > _MAX_LOADED_VOICES:
                self._voices.popitem(last=False)
            return self._voices[info.path]

    def _forget(self, path: Path) -> None:
        """Unload a voice whose files are being removed; mapped files would keep their disk space."""
        with self._loading:
            self._voices.pop(path, None)

    def speak(  # noqa: PLR0913  each parameter changes the file
        self,
        text: str,
        *,
        voice: str,
        speaker: str | None = None,
        speed: float = 1.0,
        format: str = "mp3",  # noqa: A002  named as in OpenAI's API
        sample_rate: int | None = None,
        pauses: Pauses = Pauses(),  # noqa: B008  immutable
        text_format: TextFormat = "plain",
        lexicons: Sequence["Lexicon"] = (),
        cast: Cast = MappingProxyType({}),
        memory: Memory | None = None,
        time_left: Callable[[], float] = lambda: float("inf"),
        max_bytes: float = float("inf"),
    ) -> Spoken:
        """Synthesize a text into a file. Sentences found in `memory` are reused; the bytes are the same without it.

        Raise InvalidInput for invalid text or options. Raise TooLongToSpeak or TooLargeToSpeak before synthesis if it
        is estimated to take longer than `time_left()` seconds or to exceed `max_bytes`; raise OutOfTime or
        AudioTooLarge when it does exceed a limit. `cast` has the voice and speaker of each name in SSML's <voice>.
        """
        audio_format, parts = find_format(format), self._parts(text, text_format, voice, speaker, cast)
        voice_rate = max(part.voice.sample_rate for part in parts)
        rate = audio_format.rate_for(sample_rate, voice_rate)
        limits = self._limits(parts, time_left, max_bytes, bytes_per_second(audio_format, rate))
        chunks = _chunks(
            parts,
            speed=speed,
            memory=memory,
            limits=limits,
            pauses=pauses,
            text_format=text_format,
            lexicons=lexicons,
            coder=SentenceCoder(coding_name=audio_format.coding, rate=rate, voice_rate=voice_rate),
        )
        encoder = FileEncoder(audio_format, voice_rate=voice_rate, rate=rate)
        sentences = Sentences()
        with closing(chunks):
            for chunk in chunks:
                encoder.add(chunk)
                limits.check(encoder.size)
                sentences += chunk.sentences
            file = encoder.close()
        limits.check(len(file))
        return Spoken(
            file=file,
            format=audio_format,
            sample_rate=rate,
            seconds=encoder.seconds,
            sentences=sentences,
            voices={part.info.id: part.info for part in parts},
        )

    def _parts(
        self, text: str, text_format: TextFormat, voice: str, speaker: str | None, cast: Cast
    ) -> list[_SpokenPart]:
        """Return the parts of a text with their voices. Only an SSML document with <voice> elements has several."""
        documents: Sequence[tuple[str | None, str]] = [(None, text)]
        if text_format == "ssml" and cast:
            from herald.speech.ssml.voice_changes import voice_parts  # noqa: PLC0415  needed only for several voices

            documents = voice_parts(text)
        parts = []
        for name, document in documents:
            voice_id, part_speaker = (voice, speaker) if name is None else cast[name]
            info = self.catalog.ready(voice_id)
            parts.append(_SpokenPart(self._loaded(info), info, part_speaker, document))
        return parts

    def _limits(
        self, parts: Sequence[_SpokenPart], time_left: Callable[[], float], max_bytes: float, size: float
    ) -> Limits:
        speed = min(self._audio_per_second(part.voice.info.engine) for part in parts)
        return Limits(time_left=time_left, max_bytes=max_bytes, bytes_per_second=size, audio_per_second=speed)

    def stream(  # noqa: PLR0913  as above
        self,
        text: str,
        *,
        voice: str,
        speaker: str | None = None,
        speed: float = 1.0,
        format: str = "mp3",  # noqa: A002  named as in OpenAI's API
        sample_rate: int | None = None,
        pauses: Pauses = Pauses(),  # noqa: B008  immutable
        text_format: TextFormat = "plain",
        lexicons: Sequence["Lexicon"] = (),
        cast: Cast = MappingProxyType({}),
        marks: bool = False,
        time_left: Callable[[], float] = lambda: float("inf"),
        max_bytes: float = float("inf"),
    ) -> Stream:
        """Synthesize a text into a streamed file, with little latency before the first piece.

        The audio equals that of `speak`; the header of the file has no length. The call, not the first piece, raises
        InvalidInput, also for estimates above the limits.
        """
        audio_format, parts = find_format(format), self._parts(text, text_format, voice, speaker, cast)
        voice_rate = max(part.voice.sample_rate for part in parts)
        encoder = StreamEncoder(format, voice_rate=voice_rate, sample_rate=sample_rate)
        limits = self._limits(parts, time_left, max_bytes, bytes_per_second(audio_format, encoder.sample_rate))
        chunks = _chunks(
            parts,
            speed=speed,
            memory=None,
            limits=limits,
            low_latency=True,
            pauses=pauses,
            text_format=text_format,
            lexicons=lexicons,
        )
        return Stream(
            chunks,
            encoder,
            audio_format=audio_format,
            marker=_marker(parts, text_format, lexicons) if marks else None,
            limits=limits,
        )
