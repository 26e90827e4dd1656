"""Synthesize the utterances of a text in parallel, and return them in order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from herald.speech.memory import SOUND, Memory, Sentences
from herald.speech.model import Floats, Frames, ParallelMap, Sound
from herald.speech.pack import Pack
from herald.speech.parallel import Threads, map_in_order
from herald.speech.pauses import Pauses, is_join
from herald.speech.sentence_cache import SentenceCache, Synthesized
from herald.speech.utterances import Break, Phones, Step, Styled, phones_of

if TYPE_CHECKING:
    from herald.speech.audio.codings import Encoded, SentenceCoder

_KNEE = np.float32(0.8)
"""Fraction of full scale above which the limiter works; with a constant gain, loud speech may exceed it."""
_SEED = 0
"""Seed of each sentence's noise; constant, so that a sentence sounds the same in every context."""

_SENTENCE_ENDS = ".?!"
_QUIET = np.float32(0.008)
"""Amplitude below which samples next to a break are silence, -42 dBFS."""
_CHANGE = 0.005
"""Seconds before and after a word within which its volume changes."""

_TONE_HZ, _TONE_LEVEL, _TONE_EDGE = 1_000, 0.15, 0.04
"""Pitch and amplitude of a bleep, and the seconds of silence around it."""


class Standalone(NamedTuple):
    """An utterance between pauses that are long enough to encode it separately."""

    phones: Phones


type Timed = Step | Standalone | float
"""An utterance or a break, or seconds of silence in addition to the voice's own."""


class SpeechModel(Protocol):
    """The model of a voice. Each model has its own type of encoded utterance; `ends` of it are the ends of the ids."""

    def encode(
        self, ids: list[int], sound: Sound, /, *, rates: Floats | None = None, pitches: Floats | None = None
    ) -> Any:  # noqa: ANN401
        """Encode one sentence of phoneme ids; `rates` and `pitches` are factors for each id."""
        ...

    def decode(self, utterance: Any, /, *, low_latency: bool, parallel_map: ParallelMap) -> Iterator[Floats]:  # noqa: ANN401
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
    lead: float = 0.0
    """Seconds omitted at the start of the utterance."""


class Synthesis:
    """Synthesizes utterances with one voice, speed and speaker."""

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
        """With a `coder`, standalone sentences are returned as frames instead of samples."""
        self._coder = coder
        self._pack = pack
        self._model = model
        self._sound = Sound(pack.scales, speed, speaker, _SEED)
        self._cache = SentenceCache(
            memory,
            settings=lambda: [SOUND, pack.voice.checksum, pack.scales, pack.gain, float(speed), speaker],
            hop=pack.hop,
        )
        self._pauses = pauses
        self._ahead = threads + 1
        self._threads = Threads(threads)

    def end(self) -> None:
        """Wait for running work and cancel the rest."""
        self._threads.end()

    def parts(self, utterances: Sequence[Step], *, low_latency: bool) -> Iterator[Part]:
        """Yield utterances and pauses in order; with `low_latency`, compute the first one first, in small chunks."""
        steps: list[Timed] = list(_steps(utterances, self._pauses))
        if self._coder:
            steps = list(self._mark_standalone(steps))
        if not low_latency or not phones_of(steps[1]):
            yield from self._in_order(steps, share=len(set(utterances)) == 1)
            return
        phones = phones_of(steps[1])
        encoded = self._encode(steps[1])
        chunks = self._chunks(encoded, low_latency=True, parallel_map=self._threads.map)
        if steps[2:3] and isinstance(steps[2], Break):
            chunks = trim_tail(chunks)
        if isinstance(steps[1], Styled):  # after the cut, because soft speech would count as silence
            chunks = self._apply_volumes(chunks, steps[1], encoded.ends)
        first = next(chunks, np.empty(0, np.float32))
        yield self._silence(self._pauses.lead_in)
        yield Part([first], phones, encoded.ends, Sentences(spoken=1))
        rest = self._in_order(steps[1:], share=False, skipped=1)  # starts before the first utterance is complete
        yield Part(chunks)
        yield from rest

    def _in_order(self, steps: Sequence[Timed], *, share: bool, skipped: int = 0) -> Iterator[Part]:
        """Return the parts of all but the first `skipped` steps. Next to breaks, silence is removed from sounds."""
        parts = self._synthesize(steps[skipped:], share=share)
        numbers = range(skipped, len(steps))
        return (self._finish(part, steps, number) for number, part in zip(numbers, parts, strict=True))

    def _finish(self, part: Part, steps: Sequence[Timed], number: int) -> Part:
        """Return the part of a step with its volume, and without silence next to a break."""
        step = steps[number]
        if part.ends is None:
            return part
        begins = number > 0 and isinstance(steps[number - 1], Break)
        ends = number + 1 < len(steps) and isinstance(steps[number + 1], Break)
        first, lead = 0, 0.0
        chunks: Iterable[Floats] = part.chunks
        if begins or ends:
            samples = np.concatenate(list(chunks))
            first, last = find_sound(samples)
            first, last = first if begins else 0, last if ends else len(samples)
            lead = first / self._pack.voice.sample_rate
            chunks = [samples[first:last]]
        if isinstance(step, Styled):
            chunks = self._apply_volumes(chunks, step, part.ends, begin=first)
        return part._replace(chunks=chunks, lead=lead)

    def _apply_volumes(
        self, chunks: Iterable[Floats], step: Styled, ends: Frames, *, begin: int = 0
    ) -> Iterator[Floats]:
        """Yield the samples of an utterance from sample `begin` on, with the volume of each phoneme."""
        volumes = np.array(self._pack.phonemes.spread(step.phones, step.volumes), np.float32)
        changes = np.flatnonzero(np.diff(volumes))
        edge = int(_CHANGE * self._pack.voice.sample_rate)
        at = np.maximum.accumulate(((ends[changes] * self._pack.hop)[:, None] + np.array([-edge, edge])).ravel())
        values = np.stack([volumes[changes], volumes[changes + 1]], axis=1).ravel()
        for samples in chunks:
            if len(changes):
                gains = np.interp(np.arange(begin, begin + len(samples)), at, values).astype(np.float32)
            else:
                gains = np.full(len(samples), volumes[0], np.float32)
            begin += len(samples)
            yield _limit(samples * gains) if volumes.max() > 1 else samples * gains

    def _synthesize(self, steps: Sequence[Timed], *, share: bool) -> Iterator[Part]:
        """Synthesize each distinct utterance once; with `share`, parallelize within an utterance, else across them."""
        distinct = list(dict.fromkeys(steps))
        if share:
            parts: Iterator[Part] = map(partial(self._synthesize_step, parallel_map=self._threads.map), distinct)
        else:
            parts = map_in_order(self._threads.pool, self._synthesize_step, distinct, ahead=self._ahead)
        return _repeat(steps, parts)

    def _silence(self, seconds: float) -> Part:
        return Part([np.zeros(self._samples(seconds), np.float32)], is_pause=True)

    def _samples(self, seconds: float) -> int:
        return int(seconds * self._pack.voice.sample_rate)

    def _mark_standalone(self, steps: Sequence[Timed]) -> Iterator[Timed]:
        """Yield the steps; mark the utterances that FileEncoder encodes separately."""
        rate = self._pack.voice.sample_rate

        def joins(step: Timed | None) -> bool:
            return step is None or (isinstance(step, float) and is_join(self._samples(step), rate))

        for at, step in enumerate(steps):
            following = steps[at + 1] if at + 1 < len(steps) else None
            is_standalone = not isinstance(step, float) and (at == 1 or joins(steps[at - 1])) and joins(following)
            yield (
                Standalone(step)
                if is_standalone and isinstance(step, tuple) and not isinstance(step, Standalone)
                else step
            )

    def _synthesize_step(self, step: Timed, *, parallel_map: ParallelMap = map) -> Part:
        if isinstance(step, float):
            return self._silence(step)
        if isinstance(step, Break):
            return self._tone(step.seconds) if step.tone else self._silence(step.seconds)._replace(is_pause=False)
        phones = step.phones if isinstance(step, Standalone) else phones_of(step)
        ids = self._pack.phonemes.to_ids(phones)
        if isinstance(step, Standalone) and self._coder:
            coded, sentences = self._cache.encoded_sentence(
                ids, self._coder, partial(self._synthesize_sentence, phones, parallel_map)
            )
            return Part((), phones, coded.ends, sentences, encoded=coded.encoded)
        style = (step.rates, step.pitches) if isinstance(step, Styled) else ()
        spoken = step if isinstance(step, Styled) else phones
        sentence, sentences = self._cache.sentence(
            ids, partial(self._synthesize_sentence, spoken, parallel_map), style=style
        )
        return Part([sentence.samples], phones, sentence.ends, sentences)

    def _tone(self, seconds: float) -> Part:
        rate = self._pack.voice.sample_rate
        tone = _TONE_LEVEL * np.sin(2 * np.pi * _TONE_HZ / rate * np.arange(int(seconds * rate)))
        edge = np.zeros(int(_TONE_EDGE * rate))
        return Part([np.concatenate([edge, tone, edge]).astype(np.float32)])

    def _encode(self, step: Timed) -> Any:  # noqa: ANN401  as the model's
        phones = phones_of(step)
        ids = self._pack.phonemes.to_ids(phones)
        if not isinstance(step, Styled):
            return self._model.encode(ids, self._sound)
        spread = self._pack.phonemes.spread
        return self._model.encode(
            ids,
            self._sound,
            rates=np.array(spread(phones, step.rates), np.float32),
            pitches=np.array(spread(phones, step.pitches), np.float32),
        )

    def _synthesize_sentence(self, step: Timed, parallel_map: ParallelMap) -> Synthesized:
        encoded = self._encode(step)
        chunks = self._chunks(encoded, low_latency=False, parallel_map=parallel_map)
        return Synthesized(np.concatenate(list(chunks)), encoded.ends)

    def _chunks(self, encoded: Any, *, low_latency: bool, parallel_map: ParallelMap) -> Iterator[Floats]:  # noqa: ANN401
        for samples in self._model.decode(encoded, low_latency=low_latency, parallel_map=parallel_map):
            yield _limit(samples * np.float32(self._pack.gain))


def _steps(utterances: Sequence[Step], pauses: Pauses) -> Iterator[Timed]:
    """Yield the utterances and breaks with the silence around them; first the lead-in, which a break may replace."""
    opening = utterances[0].seconds if isinstance(utterances[0], Break) else 0.0
    yield max(0.0, float(pauses.lead_in) - opening)
    for utterance, following in zip(utterances, [*utterances[1:], None], strict=True):
        if utterance == ():  # never before a break
            yield float(pauses.paragraph)
            continue
        yield utterance
        phones = phones_of(utterance)
        if phones and following and phones_of(following) and phones[-1] in _SENTENCE_ENDS and pauses.sentence:
            yield float(pauses.sentence)
    if pauses.tail:
        yield float(pauses.tail)


def total_silence(utterances: Sequence[Step], pauses: Pauses) -> float:
    """Return the seconds of all pauses and breaks."""
    steps = _steps(utterances, pauses) if utterances else iter(())
    return sum(step if isinstance(step, float) else step.seconds for step in steps if isinstance(step, float | Break))


def find_sound(samples: Floats) -> tuple[int, int]:
    """Return the start and end of the sound in samples; (0, 0) for silence."""
    loud = np.flatnonzero(np.abs(samples) > _QUIET)
    return (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, 0)


def trim_tail(chunks: Iterable[Floats]) -> Iterator[Floats]:
    """Yield chunks of samples without the silence at the end of the last one."""
    held: list[Floats] = []
    for samples in chunks:
        _, last = find_sound(samples)
        if last:
            yield np.concatenate([*held, samples[:last]])
            held = []
        held.append(samples[last:])


def _repeat(steps: Sequence[Timed], parts: Iterator[Part]) -> Iterator[Part]:
    """Yield a part for each step, given those of the distinct steps."""
    left = Counter(steps)
    kept: dict[Timed, Part] = {}
    for step in steps:
        part = kept.pop(step, None) or next(parts)
        left[step] -= 1
        if left[step]:
            kept[step] = part._replace(sentences=Sentences(reused=int(bool(phones_of(step)))))
        yield part


def _limit(samples: Floats) -> Floats:
    """Apply a soft limiter in place: compress samples above the knee with tanh, so that none reaches full scale."""
    over = np.abs(samples) - _KNEE
    loud = over > 0
    room = np.float32(1 - _KNEE)
    samples[loud] = np.sign(samples[loud]) * (_KNEE + room * np.tanh(over[loud] / room))
    return samples
