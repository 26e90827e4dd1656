"""Audio as samples: a piece of a stream, or a whole text with its marks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from herald.speech.memory import Sentences
from herald.speech.model import Floats
from herald.speech.spoken_words import SpokenWord

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
    """Whether the chunk is the silence between sentences."""
    encoded: "Encoded | None" = None
    """An encoded sentence, instead of samples."""

    @property
    def seconds(self) -> float:
        """Its duration in seconds."""
        return (self.encoded.voiced if self.encoded else len(self.samples)) / self.sample_rate

    def parts(self) -> "Iterable[AudioChunk]":
        """Return the chunk in parts, each a pause or without one."""
        return [self]


@dataclass(frozen=True)
class Audio(AudioChunk):
    """The audio of a complete text."""

    marks_of: "Callable[[tuple[SpokenWord, ...]], list[Mark]]" = field(default=lambda _: [], repr=False)
    pauses: tuple[tuple[int, int], ...] = ()
    """The first sample of each pause between sentences, and the one after its end."""

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
