"""Synthesize the utterances of a text in parallel, and return them in order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from herald.speech.memory import SOUND, Memory, Sentences
from herald.speech.model import Floats, Frames, Scales, SideBySide
from herald.speech.pack import Pack
from herald.speech.parallel import Threads, in_order
from herald.speech.pauses import Pauses, is_join
from herald.speech.recall import Said, SentenceCache

if TYPE_CHECKING:
    from herald.speech.audio.codings import Encoded, SentenceCoder

_KNEE = np.float32(0.8)
"""Fraction of full scale above which the limiter works; with a constant gain, loud speech may exceed it."""
_SEED = 0
"""Seed of each sentence's noise; constant, so that a sentence sounds the same in every context."""

_SENTENCE_ENDS = ".?!"

type Phones = tuple[str, ...]
"""The phonemes of an utterance; empty between paragraphs."""


class Alone(NamedTuple):
    """An utterance between pauses so long that it is encoded by itself."""

    phones: Phones


type Step = Phones | Alone | float
"""An utterance, or seconds of silence."""


class SpeechModel(Protocol):
    """The model of a voice. An encoded utterance is of the model's own kind; its `ends` are those of the ids."""

    def encode(self, ids: list[int], *, scales: Scales, speed: float, speaker: int | None, seed: int) -> Any:  # noqa: ANN401
        """Encode one sentence of phoneme ids."""
        ...

    def decode(self, utterance: Any, /, *, soon: bool, side_by_side: SideBySide) -> Iterator[Floats]:  # noqa: ANN401
        """Yield the samples of an utterance in chunks."""
        ...


class Part(NamedTuple):
    """Chunks of samples. The other fields are set in the first part of an utterance only."""

    chunks: Iterable[Floats]
    utterance: Phones = ()
    ends: Frames | None = None
    sentences: Sentences = Sentences()
    is_pause: bool = False
    encoded: "Encoded | None" = None
    """An encoded utterance, instead of chunks."""


class Speaking:
    """Synthesis with one voice, speed and speaker."""

    def __init__(  # noqa: PLR0913  settings of the sound and of its computation
        self,
        pack: Pack,
        model: SpeechModel,
        *,
        speed: float,
        speaker: int,
        threads: int,
        pauses: Pauses,
        memory: Memory | None = None,
        coder: "SentenceCoder | None" = None,
    ) -> None:
        """With a `coder`, sentences that are encoded by themselves have their frames instead of samples."""
        self._coder = coder
        self._pack = pack
        self._model = model
        self._encode = partial(model.encode, scales=pack.scales, speed=speed, speaker=speaker, seed=_SEED)
        self._recall = SentenceCache(
            memory,
            about=lambda: [SOUND, pack.voice.checksum, pack.scales, pack.gain, float(speed), speaker],
            hop=pack.hop,
        )
        self._pauses = pauses
        self._ahead = threads + 1
        self._threads = Threads(threads)

    def end(self) -> None:
        """Wait for running work and cancel the rest."""
        self._threads.end()

    def parts(self, utterances: Sequence[Phones], *, soon: bool) -> Iterator[Part]:
        """Yield utterances and pauses in order; with `soon`, the first utterance is computed first, in small chunks."""
        steps: list[Step] = list(_steps(utterances, self._pauses))
        if self._coder:
            steps = list(self._with_alone(steps))
        if not soon:
            yield from self._in_order(steps, share=len(set(utterances)) == 1)
            return
        encoded = self._encode(self._pack.phonemes.to_ids(utterances[0]))
        chunks = self._chunks(encoded, soon=True, side_by_side=self._threads.map)
        first = next(chunks)
        yield self._silence(self._pauses.lead_in)
        yield Part([first], utterances[0], encoded.ends, Sentences(spoken=1))
        rest = self._in_order(steps[2:], share=False)  # starts before the first utterance is complete
        yield Part(chunks)
        yield from rest

    def _in_order(self, steps: Sequence[Step], *, share: bool) -> Iterator[Part]:
        """Synthesize each distinct utterance once; with `share`, parallelize within an utterance, else across them."""
        distinct = list(dict.fromkeys(steps))
        if share:
            made: Iterator[Part] = map(partial(self._whole, side_by_side=self._threads.map), distinct)
        else:
            made = in_order(self._threads.pool, self._whole, distinct, ahead=self._ahead)
        return _repeated(steps, made)

    def _silence(self, seconds: float) -> Part:
        return Part([np.zeros(self._samples(seconds), np.float32)], is_pause=True)

    def _samples(self, seconds: float) -> int:
        return int(seconds * self._pack.voice.sample_rate)

    def _with_alone(self, steps: Sequence[Step]) -> Iterator[Step]:
        """Yield the steps, with the utterances that FileEncoder encodes by themselves as such."""
        rate = self._pack.voice.sample_rate

        def joins(step: Step | None) -> bool:
            return step is None or (isinstance(step, float) and is_join(self._samples(step), rate))

        for at, step in enumerate(steps):
            following = steps[at + 1] if at + 1 < len(steps) else None
            is_alone = not isinstance(step, float) and (at == 1 or joins(steps[at - 1])) and joins(following)
            yield Alone(step) if is_alone and not isinstance(step, Alone | float) else step

    def _whole(self, utterance: Step, *, side_by_side: SideBySide = map) -> Part:
        if isinstance(utterance, float):
            return self._silence(utterance)
        phones = utterance.phones if isinstance(utterance, Alone) else utterance
        ids = self._pack.phonemes.to_ids(phones)
        if isinstance(utterance, Alone) and self._coder:
            sentence, sentences = self._recall.encoded(ids, self._coder, partial(self._say, ids, side_by_side))
            return Part((), phones, sentence.ends, sentences, encoded=sentence.encoded)
        said, sentences = self._recall.said(ids, partial(self._say, ids, side_by_side))
        return Part([said.samples], phones, said.ends, sentences)

    def _say(self, ids: list[int], side_by_side: SideBySide) -> Said:
        encoded = self._encode(ids)
        chunks = self._chunks(encoded, soon=False, side_by_side=side_by_side)
        return Said(np.concatenate(list(chunks)), encoded.ends)

    def _chunks(self, encoded: Any, *, soon: bool, side_by_side: SideBySide) -> Iterator[Floats]:  # noqa: ANN401
        for samples in self._model.decode(encoded, soon=soon, side_by_side=side_by_side):
            yield _limited(samples * np.float32(self._pack.gain))


def _steps(utterances: Sequence[Phones], pauses: Pauses) -> Iterator[Phones | float]:
    """Yield the utterances with the silence around them. The first step is the lead-in, the second an utterance."""
    yield float(pauses.lead_in)
    for utterance, following in zip(utterances, [*utterances[1:], None], strict=True):
        if not utterance:
            yield float(pauses.paragraph)
            continue
        yield utterance
        if following and utterance[-1] in _SENTENCE_ENDS and pauses.sentence:
            yield float(pauses.sentence)
    if pauses.tail:
        yield float(pauses.tail)


def silence(utterances: Sequence[Phones], pauses: Pauses) -> float:
    """Return the seconds of all pauses."""
    return sum(step for step in _steps(utterances, pauses) if isinstance(step, float))


def _repeated(steps: Sequence[Step], made: Iterator[Part]) -> Iterator[Part]:
    """Yield a part for each step, given those of the distinct steps."""
    left = Counter(steps)
    kept: dict[Step, Part] = {}
    for step in steps:
        part = kept.pop(step, None) or next(made)
        left[step] -= 1
        if left[step]:
            kept[step] = part._replace(sentences=Sentences(reused=int(not isinstance(step, float))))
        yield part


def _limited(samples: Floats) -> Floats:
    """Apply a soft limiter in place: compress samples above the knee with tanh, so that none reaches full scale."""
    over = np.abs(samples) - _KNEE
    loud = over > 0
    room = np.float32(1 - _KNEE)
    samples[loud] = np.sign(samples[loud]) * (_KNEE + room * np.tanh(over[loud] / room))
    return samples
