"""Synthesize the utterances of a text in parallel, and return them in order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np

from herald.speech.memory import SOUND, Memory, Sentences
from herald.speech.model import Floats, Frames, Scales, SideBySide
from herald.speech.pack import Pack
from herald.speech.parallel import Threads, in_order
from herald.speech.recall import Said, SentenceCache

PARAGRAPH_PAUSE = 0.5
"""Seconds of silence between paragraphs, in addition to the quarter of a second at the end of each sentence."""
_KNEE = np.float32(0.8)
"""Fraction of full scale above which the limiter works; with a constant gain, loud speech may exceed it."""
_SEED = 0
"""Seed of each sentence's noise; constant, so that a sentence sounds the same in every context."""

type Phones = tuple[str, ...]
"""The phonemes of an utterance; empty for a pause."""


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


class Speaking:
    """Synthesis with one voice, speed and speaker."""

    def __init__(  # noqa: PLR0913  settings of the sound and of its computation
        self, pack: Pack, model: SpeechModel, *, speed: float, speaker: int, threads: int, memory: Memory | None = None
    ) -> None:
        self._pack = pack
        self._model = model
        self._encode = partial(model.encode, scales=pack.scales, speed=speed, speaker=speaker, seed=_SEED)
        self._recall = SentenceCache(
            memory,
            about=lambda: [SOUND, pack.voice.checksum, pack.scales, pack.gain, float(speed), speaker],
            hop=pack.hop,
        )
        self._ahead = threads + 1
        self._threads = Threads(threads)

    def end(self) -> None:
        """Wait for running work and cancel the rest."""
        self._threads.end()

    def parts(self, utterances: Sequence[Phones], *, soon: bool) -> Iterator[Part]:
        """Yield the utterances in order; with `soon`, compute the first one ahead of the others, in small chunks."""
        if not soon:
            yield from self._in_order(utterances, share=len(set(utterances)) == 1)
            return
        encoded = self._encode(self._pack.phonemes.to_ids(utterances[0]))
        chunks = self._chunks(encoded, soon=True, side_by_side=self._threads.map)
        yield Part([next(chunks)], utterances[0], encoded.ends, Sentences(spoken=1))
        rest = self._in_order(utterances[1:], share=False)  # starts before the first utterance is complete
        yield Part(chunks)
        yield from rest

    def _in_order(self, utterances: Sequence[Phones], *, share: bool) -> Iterator[Part]:
        """Synthesize each distinct utterance once; with `share`, parallelize within an utterance, else across them."""
        distinct = list(dict.fromkeys(utterances))
        if share:
            made: Iterator[Part] = map(partial(self._whole, side_by_side=self._threads.map), distinct)
        else:
            made = in_order(self._threads.pool, self._whole, distinct, ahead=self._ahead)
        return _repeated(utterances, made)

    def _whole(self, utterance: Phones, *, side_by_side: SideBySide = map) -> Part:
        if not utterance:
            return Part([np.zeros(int(PARAGRAPH_PAUSE * self._pack.voice.sample_rate), np.float32)])
        ids = self._pack.phonemes.to_ids(utterance)
        said, sentences = self._recall.said(ids, partial(self._say, ids, side_by_side))
        return Part([said.samples], utterance, said.ends, sentences)

    def _say(self, ids: list[int], side_by_side: SideBySide) -> Said:
        encoded = self._encode(ids)
        chunks = self._chunks(encoded, soon=False, side_by_side=side_by_side)
        return Said(np.concatenate(list(chunks)), encoded.ends)

    def _chunks(self, encoded: Any, *, soon: bool, side_by_side: SideBySide) -> Iterator[Floats]:  # noqa: ANN401
        for samples in self._model.decode(encoded, soon=soon, side_by_side=side_by_side):
            yield _limited(samples * np.float32(self._pack.gain))


def _repeated(utterances: Sequence[Phones], made: Iterator[Part]) -> Iterator[Part]:
    """Yield a part for each utterance, given those of the distinct utterances."""
    left = Counter(utterances)
    kept: dict[Phones, Part] = {}
    for utterance in utterances:
        part = kept.pop(utterance, None) or next(made)
        left[utterance] -= 1
        if left[utterance]:
            kept[utterance] = part._replace(sentences=Sentences(reused=int(bool(utterance))))
        yield part


def _limited(samples: Floats) -> Floats:
    """Apply a soft limiter in place: compress samples above the knee with tanh, so that none reaches full scale."""
    over = np.abs(samples) - _KNEE
    loud = over > 0
    room = np.float32(1 - _KNEE)
    samples[loud] = np.sign(samples[loud]) * (_KNEE + room * np.tanh(over[loud] / room))
    return samples
