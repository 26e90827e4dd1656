"""A voice that speaks: text in, audio out, whole or chunk by chunk."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from herald.errors import InvalidRequest, NothingToSpeak, UnknownSpeaker
from herald.speech.model import Floats, Model, Utterance
from herald.speech.pack import Pack
from herald.speech.parallel import Threads, in_order
from herald.speech.phonemes import Phonemes, SpokenWord
from herald.speech.text import speakable
from herald.speech.voices.catalog import DEFAULT_VOICE, Catalog, VoiceInfo

if TYPE_CHECKING:
    from herald.speech.marks import Mark

type Encode = Callable[[list[int]], Utterance]

SLOWEST, FASTEST = 0.25, 4.0
"""Limits of `speed`, as in OpenAI's API."""
PARAGRAPH_PAUSE = 0.5
"""Seconds of silence between paragraphs, beside the quarter of one that every sentence ends with."""
_KNEE = np.float32(0.8)
"""Part of full scale above which peaks are bent. One gain for the voice means that a shout may get there."""
_SEED = 0
"""Every sentence draws its noise from this seed, so that it sounds the same wherever it stands."""


@dataclass(frozen=True)
class AudioChunk:
    """A piece of speech: mono float32 `samples` in [-1, 1], at `sample_rate` Hz."""

    samples: Floats
    sample_rate: int
    words: tuple[SpokenWord, ...] = ()
    """The words of each utterance that begins with this chunk; times count from the beginning of the stream."""

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.samples) / self.sample_rate


@dataclass(frozen=True)
class Audio(AudioChunk):
    """A whole piece of speech."""

    marks_of: "Callable[[tuple[SpokenWord, ...]], list[Mark]]" = field(default=lambda _: [], repr=False)

    @cached_property
    def marks(self) -> "list[Mark]":
        """When each word of the text is spoken. Worked out when first asked for."""
        return self.marks_of(self.words)


class Voice:
    """A prepared voice, ready to speak. It may be used by several threads at once."""

    def __init__(self, pack: Pack, *, threads: int) -> None:
        self._pack = pack
        self._threads = threads
        self._model = Model(pack.voice.path, reach=pack.reach, threads=threads)
        pack.phonemes.load()  # while flow and decoder do

    @classmethod
    def load(cls, path: Path | str, *, threads: int = 2) -> "Voice":
        """Load a voice from its prepared folder, or from the .onnx file of a Piper voice, which is prepared first.

        `threads` is the number that share the work of one synthesis. VoiceNotPrepared or UnsupportedVoice where the
        path holds no voice that Herald can run.
        """
        path = Path(path)
        return cls(Pack.read(path if path.is_dir() else _prepared(path)), threads=threads)

    @property
    def info(self) -> VoiceInfo:
        """What the voice is."""
        return self._pack.voice

    @property
    def sample_rate(self) -> int:
        """Samples per second of the audio that it makes."""
        return self._pack.voice.sample_rate

    def synthesize(self, text: str, *, speed: float = 1.0, speaker: str | int | None = None) -> Audio:
        """Speak a text. The same text, voice and settings give the same samples.

        `speed` is 0.25 to 4.0, 1.0 the voice's own; `speaker` the name or number of one of a multi-speaker voice's
        speakers. InvalidInput for what cannot be spoken.
        """
        chunks = list(self._speak(text, speed=speed, speaker=speaker, soon=False))
        return Audio(
            np.concatenate([chunk.samples for chunk in chunks]),
            self.sample_rate,
            tuple(word for chunk in chunks for word in chunk.words),
            partial(_marks, self._pack.phonemes, text),
        )

    def stream(self, text: str, *, speed: float = 1.0, speaker: str | int | None = None) -> Iterator[AudioChunk]:
        """Speak a text chunk by chunk, the first one soon.

        Joined, they are what `synthesize` gives, but for differences that 16 bits cannot hold. Bad input is refused
        here, not with the first chunk.
        """
        return self._speak(text, speed=speed, speaker=speaker, soon=True)

    def _speak(self, text: str, *, speed: float, speaker: str | int | None, soon: bool) -> Iterator[AudioChunk]:
        if not SLOWEST <= speed <= FASTEST:
            raise InvalidRequest(f"speed goes from {SLOWEST} to {FASTEST}.", param="speed")
        utterances = list(self._pack.phonemes.utterances(speakable(text)))
        if not utterances:
            raise NothingToSpeak(
                "There is nothing to speak: nothing in the text has a sound in this voice.", param="input"
            )
        encode = partial(
            self._model.encode, scales=self._pack.scales, speed=speed, speaker=self._speaker(speaker), seed=_SEED
        )
        return self._chunks(utterances, encode, soon=soon)

    def _chunks(self, utterances: list[list[str]], encode: Encode, *, soon: bool) -> Iterator[AudioChunk]:
        threads = Threads(self._threads)
        handed_out = 0
        try:
            for part in self._parts(threads, utterances, encode, soon=soon):
                words = self._words(part, begin=handed_out / self.sample_rate)
                for samples in part.chunks:
                    yield AudioChunk(_limited(samples * np.float32(self._pack.gain)), self.sample_rate, words)
                    words = ()
                    handed_out += len(samples)
        finally:  # whoever listens may leave at any chunk
            threads.end()

    def _parts(self, threads: Threads, utterances: list[list[str]], encode: Encode, *, soon: bool) -> Iterator["_Part"]:
        """Speak utterances side by side, in order.

        An only one is shared out within itself, and the first one of all where it is due `soon`, before the others.
        """

        def whole(utterance: list[str]) -> _Part:
            if not utterance:
                return _Part([np.zeros(int(PARAGRAPH_PAUSE * self.sample_rate), np.float32)])
            encoded = encode(self._pack.phonemes.to_ids(utterance))
            return _Part(list(self._model.decode(encoded, soon=False)), utterance, encoded)

        alone = soon or len(utterances) == 1
        if alone:
            encoded = encode(self._pack.phonemes.to_ids(utterances[0]))
            chunks = self._model.decode(encoded, soon=soon, side_by_side=threads.map)
            yield _Part([next(chunks)], utterances[0], encoded)
        left = utterances[1:] if alone else utterances
        rest = in_order(threads.pool, whole, left, ahead=self._threads + 1) if left else ()
        if alone:
            yield _Part(chunks)
        yield from rest

    def _words(self, part: "_Part", *, begin: float) -> tuple[SpokenWord, ...]:
        if part.encoded is None:
            return ()
        ends = part.encoded.ends * (self._pack.hop / self.sample_rate)
        return tuple(self._pack.phonemes.words(part.utterance, ends.tolist(), begin=begin))

    def _speaker(self, speaker: str | int | None) -> int:
        speakers = self.info.speakers
        if speaker is None:
            return self._pack.default_speaker
        number = speakers.get(speaker) if isinstance(speaker, str) else speaker
        if number is None or number not in speakers.values():
            there = ", ".join(list(speakers)[:20]) or "none: it has one speaker only"
            raise UnknownSpeaker(f"The voice {self.info.id} has no such speaker. Speakers: {there}.", param="voice")
        return number


def _marks(phonemes: Phonemes, text: str, words: tuple[SpokenWord, ...]) -> "list[Mark]":
    from herald.speech.marks import mark  # noqa: PLC0415  whoever asks for no marks need not wait for it

    return mark(text, words, phonemes.sentences)


def _prepared(model: Path) -> Path:
    from herald.speech.prepare import prepared  # noqa: PLC0415  whoever has prepared voices need not wait for it

    return prepared(model)


class _Part(NamedTuple):
    """Chunks of samples; for the first ones of an utterance also what it is and how it was encoded."""

    chunks: Iterable[Floats]
    utterance: Sequence[str] = ()
    encoded: Utterance | None = None


def _limited(samples: Floats) -> Floats:
    """Bend what is above the knee, smoothly, so that nothing reaches full scale; the rest stays as it is."""
    over = np.abs(samples) - _KNEE
    loud = over > 0
    room = np.float32(1 - _KNEE)
    samples[loud] = np.sign(samples[loud]) * (_KNEE + room * np.tanh(over[loud] / room))
    return samples


def default_voice(*, threads: int = 2) -> Voice:
    """The voice that is there without any installation: en_US-joe-medium."""
    return Voice.load(Catalog().find(DEFAULT_VOICE).path, threads=threads)
