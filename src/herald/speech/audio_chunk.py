"""Audio as samples, a piece of a stream or a whole text with its marks; and joining the audio of several voices."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from herald.speech.audio.codings import Resampler
from herald.speech.memory import Sentences
from herald.speech.model import Floats
from herald.speech.spoken_words import SpokenWord, shifted

if TYPE_CHECKING:
    from herald.speech.audio.codings import Encoded
    from herald.speech.marks import Mark


@dataclass(frozen=True)
class AudioChunk:
    """A piece of speech: mono float32 `samples` in [-1, 1], at `sample_rate` Hz."""

    samples: Floats
    sample_rate: int
    words: tuple[SpokenWord, ...] = ()
    """The words of the utterances that start with this chunk; times are seconds from the start of the stream."""
    sentences: Sentences = field(default_factory=Sentences)
    """Cache statistics of those utterances."""
    pause: bool = False
    """Whether sentences are encoded by themselves before and after this silence; always so at the start of a voice."""
    encoded: "Encoded | None" = None
    """An encoded sentence, instead of samples."""

    @property
    def seconds(self) -> float:
        """Its duration in seconds."""
        return (self.encoded.voice_length if self.encoded else len(self.samples)) / self.sample_rate

    def parts(self) -> "Iterable[AudioChunk]":
        """Return the parts of the chunk: sentences, and the pauses between them."""
        return [self]


@dataclass(frozen=True)
class Audio(AudioChunk):
    """The audio of a complete text."""

    marks_of: "Callable[[tuple[SpokenWord, ...]], list[Mark]]" = field(default=lambda _: [], repr=False)
    pauses: tuple[tuple[int, int], ...] = ()
    """The first sample of each pause that separates encoded sentences, and the one after its end."""

    @classmethod
    def of(cls, chunks: Sequence[AudioChunk], marks_of: "Callable[[tuple[SpokenWord, ...]], list[Mark]]") -> "Audio":
        """Return the audio of a text in chunks of samples."""
        ends = accumulate(len(chunk.samples) for chunk in chunks)
        return cls(
            np.concatenate([chunk.samples for chunk in chunks]),
            chunks[0].sample_rate,
            tuple(word for chunk in chunks for word in chunk.words),
            sum((chunk.sentences for chunk in chunks), Sentences()),
            marks_of=marks_of,
            pauses=tuple(
                (end - len(chunk.samples), end) for chunk, end in zip(chunks, ends, strict=True) if chunk.pause
            ),
        )

    @cached_property
    def marks(self) -> "list[Mark]":
        """The time of each word of the text. Computed on first access."""
        return self.marks_of(self.words)

    def parts(self) -> Iterable[AudioChunk]:
        """Yield the sentences and the pauses between them."""
        at = 0
        for start, end in self.pauses:
            if start > at:
                yield AudioChunk(self.samples[at:start], self.sample_rate)
            yield AudioChunk(self.samples[start:end], self.sample_rate, pause=True)
            at = end
        if at < len(self.samples) or not self.pauses:
            yield AudioChunk(self.samples[at:], self.sample_rate)


def join(parts: Sequence[tuple[Generator[AudioChunk], int]], rate: int) -> Generator[AudioChunk]:
    """Yield the chunks of all parts in order, resampled from the rate of each part to `rate`, both in Hz."""
    position = 0
    for chunks, own_rate in parts:
        resampled = chunks if own_rate == rate else _resample(chunks, own_rate, rate)
        start = position / rate
        with closing(chunks), closing(resampled):
            for chunk in resampled:
                position += chunk.encoded.voice_length if chunk.encoded else len(chunk.samples)
                yield replace(chunk, words=tuple(shifted(chunk.words, start)))


def _resample(chunks: Iterable[AudioChunk], own_rate: int, rate: int) -> Generator[AudioChunk]:
    """Yield chunks at another rate. Pauses remain pauses, so that sentences are still encoded separately."""
    resampler = Resampler(own_rate, rate)
    for chunk in chunks:
        if not chunk.pause:
            yield replace(chunk, samples=resampler.resample(chunk.samples), sample_rate=rate)
            continue
        if len(rest := resampler.flush()):
            yield AudioChunk(rest, rate)
        resampler = Resampler(own_rate, rate)
        silence = np.zeros(round(len(chunk.samples) * rate / own_rate), np.float32)
        yield replace(chunk, samples=silence, sample_rate=rate)
    if len(rest := resampler.flush()):
        yield AudioChunk(rest, rate)
