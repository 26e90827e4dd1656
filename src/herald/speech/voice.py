"""A voice that speaks: text in, audio out, whole or chunk by chunk."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from herald.errors import InvalidRequest, NothingToSpeak, OutOfTime, UnknownSpeaker
from herald.speech.limits import Limits, estimate_text, estimate_utterances
from herald.speech.memory import Memory, Sentences
from herald.speech.model import Floats, Model
from herald.speech.pack import Pack
from herald.speech.phonemes import Phonemes, SpokenWord
from herald.speech.speaking import Part, Phones, Speaking
from herald.speech.text import speakable
from herald.speech.voices.catalog import DEFAULT_VOICE, Catalog, VoiceInfo

if TYPE_CHECKING:
    from herald.speech.marks import Mark, Marker

SLOWEST, FASTEST = 0.25, 4.0
"""Limits of `speed`, as in OpenAI's API."""


@dataclass(frozen=True)
class AudioChunk:
    """A piece of speech: mono float32 `samples` in [-1, 1], at `sample_rate` Hz."""

    samples: Floats
    sample_rate: int
    words: tuple[SpokenWord, ...] = ()
    """The words of each utterance that begins with this chunk; times count from the beginning of the stream."""
    sentences: Sentences = field(default_factory=Sentences)
    """How those utterances came."""

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

    def synthesize(
        self,
        text: str,
        *,
        speed: float = 1.0,
        speaker: str | int | None = None,
        memory: Memory | None = None,
        time_left: Callable[[], float] = lambda: float("inf"),
    ) -> Audio:
        """Speak a text. The same text, voice and settings give the same samples.

        `speed` is 0.25 to 4.0, 1.0 the voice's own; `speaker` the name or number of one of a multi-speaker voice's
        speakers. What `memory` knows is not spoken again, by which neither samples nor marks change. InvalidInput for
        what cannot be spoken; OutOfTime once `time_left()` is below 0 seconds.
        """
        chunks = []
        with closing(self._speak(text, speed=speed, speaker=speaker, memory=memory, soon=False)) as speaking:
            for chunk in speaking:
                chunks.append(chunk)
                if time_left() < 0:
                    raise OutOfTime(
                        "Speaking this text takes longer than a caller may wait. Send it in parts.", param="input"
                    )
        return Audio(
            np.concatenate([chunk.samples for chunk in chunks]),
            self.sample_rate,
            tuple(word for chunk in chunks for word in chunk.words),
            sum((chunk.sentences for chunk in chunks), Sentences()),
            partial(_marks, self._pack.phonemes, text),
        )

    def stream(self, text: str, *, speed: float = 1.0, speaker: str | int | None = None) -> Generator[AudioChunk]:
        """Speak a text chunk by chunk, the first one soon; whoever leaves early closes it, which ends the work.

        Joined, they are what `synthesize` gives, but for differences that 16 bits cannot hold. Bad input is refused
        here, not with the first chunk.
        """
        return self._speak(text, speed=speed, speaker=speaker, soon=True)

    def chunks(  # noqa: PLR0913  as for _speak
        self, text: str, *, speed: float, speaker: str | None, memory: Memory | None, limits: Limits, soon: bool = False
    ) -> Generator[AudioChunk]:
        """Speak a text chunk by chunk, if by an estimate that stays within the limits.

        TooLargeToSpeak or TooLongToSpeak is raised here, before anything is computed; the caller checks the limits
        between the chunks. What `memory` knows takes no time, so that only the size is estimated then.
        """
        return self._speak(text, speed=speed, speaker=speaker, memory=memory, soon=soon, limits=limits)

    def marker(self, text: str) -> "Marker":
        """What finds the marks of a text in the words that `stream` tells of."""
        from herald.speech.marks import Marker  # noqa: PLC0415  whoever asks for no marks need not wait for it

        phonemes = self._pack.phonemes
        sounds = [sound for utterance in phonemes.utterances(speakable(text)) for sound in phonemes.sounds(utterance)]
        return Marker(text, sounds, phonemes.sentences)

    def _speak(  # noqa: PLR0913  what decides the sound, and how much of it there may be
        self,
        text: str,
        *,
        speed: float,
        speaker: str | int | None,
        soon: bool,
        memory: Memory | None = None,
        limits: Limits = Limits(),  # noqa: B008  frozen
    ) -> Generator[AudioChunk]:
        if not SLOWEST <= speed <= FASTEST:
            raise InvalidRequest(f"speed goes from {SLOWEST} to {FASTEST}.", param="speed")
        composed = speakable(text)
        limits.check_estimate(estimate_text(composed, self._pack.phonemes, speed=speed))
        utterances = [tuple(utterance) for utterance in self._pack.phonemes.utterances(composed)]
        estimate = estimate_utterances(utterances, speed=speed)
        limits.check_estimate(estimate._replace(computed=0) if memory else estimate)
        if not utterances:
            raise NothingToSpeak(
                "There is nothing to speak: nothing in the text has a sound in this voice.", param="input"
            )
        speaking = Speaking(
            self._pack,
            self._model,
            speed=speed,
            speaker=self._speaker(speaker),
            threads=self._threads,
            memory=memory,
        )
        return self._chunks(speaking, utterances, soon=soon)

    def _chunks(self, speaking: Speaking, utterances: Sequence[Phones], *, soon: bool) -> Generator[AudioChunk]:
        handed_out = 0
        try:
            for part in speaking.parts(utterances, soon=soon):
                words, sentences = self._words(part, begin=handed_out / self.sample_rate), part.sentences
                for samples in part.chunks:
                    yield AudioChunk(samples, self.sample_rate, words, sentences)
                    words, sentences = (), Sentences()
                    handed_out += len(samples)
        finally:  # whoever listens may leave at any chunk
            speaking.end()

    def _words(self, part: Part, *, begin: float) -> tuple[SpokenWord, ...]:
        if part.ends is None:
            return ()
        ends = part.ends * (self._pack.hop / self.sample_rate)
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


def default_voice(*, threads: int = 2) -> Voice:
    """The voice that is there without any installation: en_US-joe-medium."""
    return Voice.load(Catalog().find(DEFAULT_VOICE).path, threads=threads)
