"""Run the model of a prepared voice: phoneme ids in, samples out, in chunks for streaming.

The flow and the decoder are convolutional: each frame of their output depends on a limited number of frames around it,
the reach. A chunk computed with that much context on both sides equals the same frames of a one-shot run.

The noise is reproducible from a seed. numpy.random is not used, because importing it (mostly the cryptography for
seeding) takes a tenth of the time until the first audio.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import onnxruntime

from herald.errors import VoiceNotPrepared
from herald.speech.parallel import BackgroundCall

if TYPE_CHECKING:
    from numpy.typing import NDArray

type Floats = NDArray[np.float32]
type Frames = NDArray[np.int64]
type Bits = NDArray[np.uint64]

FIRST_CHUNKS = (8, 48)
"""Frames of the first chunks of a stream: small for low latency, then long enough to cover the next computation."""
LARGEST_CHUNK = 256
"""Maximum frames per chunk; larger chunks exceed the processor's cache."""
MIN_SPLIT_DECODER = 96
"""Minimum frames for which the decoder's work is divided between two processors."""
MIN_SPLIT_FLOW = 256

type Span = tuple[int, int]
"""Start and end in frames, the end exclusive."""
type ParallelMap = Callable[[Callable[[Span], Floats], list[Span]], Iterable[Floats]]
"""The built-in map, or the map of an executor."""


def cut(start: int, end: int, *, min_split: int) -> list[Span]:
    """Divide frames into equal spans: a single one below `min_split` frames, else an even number.

    The cuts do not depend on the number of threads, so that the same text gives the same samples.
    """
    frames = end - start
    parts = 1 if frames < min_split else 2 * -(-frames // (2 * LARGEST_CHUNK))
    return list(pairwise(start + frames * part // parts for part in range(parts + 1))) if frames else []


_STEP = np.uint64(0x9E3779B97F4A7C15)
_SHIFTS_AND_FACTORS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
    (np.uint64(31), np.uint64(1)),
)
_HALF = np.uint64(32)
_PER_WORD = 4
"""16-bit numbers in a 64-bit one."""


class Noise:
    """Generates random numbers from one seed."""

    def __init__(self, seed: int) -> None:
        self._next = (seed << int(_HALF)) + 1  # not 0, which the mixing function maps to 0

    def draw(self, shape: tuple[int, ...]) -> Floats:
        """Return float32 numbers of the given shape, with mean 0 and standard deviation 1 (Box and Muller, 1958)."""
        count = prod(shape)
        bits = self._bits(-(-count // 2))
        uniform = (bits >> _HALF).astype(np.float32), bits.astype(np.uint32).astype(np.float32)
        radius = np.sqrt(np.float32(-2) * np.log((uniform[0] + np.float32(1)) * np.float32(2**-32)))
        angle = uniform[1] * np.float32(2 * np.pi / 2**32)
        return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])[:count].reshape(shape)

    def flat(self, shape: tuple[int, int], *, skipped: int) -> Floats:
        """Return uniformly distributed float32 numbers with mean 0 and standard deviation 1; skip `skipped` numbers.

        They take a tenth of the time of `draw`, and sound the same if many are added, as in a Fourier transform.
        """
        count = prod(shape)
        before = skipped % _PER_WORD
        self._next += skipped // _PER_WORD
        numbers = self._bits(-(-(before + count) // _PER_WORD)).view(np.int16)[before : before + count]
        return (numbers * np.float32(3**0.5 / 2**15)).reshape(shape)

    def _bits(self, count: int) -> Bits:
        """Return the next 64-bit random numbers (SplitMix64: Steele, Lea and Flood, 2014)."""
        bits = np.arange(self._next, self._next + count, dtype=np.uint64) * _STEP
        self._next += count
        for shift, factor in _SHIFTS_AND_FACTORS:
            bits = (bits ^ (bits >> shift)) * factor
        return bits


class Scales(NamedTuple):
    """VITS inference scales: noise of the prior, length of phonemes, noise of the durations."""

    noise: float
    length: float
    duration_noise: float


class Sound(NamedTuple):
    """The settings that, with the phonemes, determine the sound of a sentence. `speed` divides the durations."""

    scales: Scales
    speed: float = 1.0
    speaker: int = 0
    seed: int = 0


class Reach(NamedTuple):
    """Frames of context on each side that a frame of the flow's or decoder's output depends on."""

    flow: int
    decoder: int


class Utterance(NamedTuple):
    """The encoder's output for one sentence.

    `prior` has the shape (1, channels, frames). `ends` is the frame at which each phoneme id ends. `speaker` is the
    speaker's embedding, or None for single-speaker voices.
    """

    prior: Floats
    ends: Frames
    speaker: Floats | None

    @property
    def frames(self) -> int:
        """Length in frames."""
        return int(self.prior.shape[2])


def session_options(threads: int) -> onnxruntime.SessionOptions:
    """Return session options for fast loading, without busy waiting."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only; the warnings concern onnxruntime's own optimizer
    # Shapes differ in each run; planning memory for each costs more than it saves.
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


class Model:
    """The three parts of a voice, loaded from its folder. Thread-safe."""

    def __init__(self, folder: Path, *, reach: Reach, threads: int) -> None:
        self._reach = reach
        # With two threads the encoder's results equal those of one; with more they are rounded differently. Flow and
        # decoder are parallelized by span instead of by operator, which avoids many short waits.
        self._encoder = load_part(folder / "encoder.onnx", min(threads, 2))
        # Not needed before the encoder has finished. Started after it, so as not to slow down its loading.
        self._flow = BackgroundCall(partial(load_part, folder / "flow.onnx", threads=1))
        self._decoder = BackgroundCall(partial(load_part, folder / "decoder.onnx", threads=1, optimize=True))

    def encode(
        self,
        ids: list[int],
        sound: Sound,
        *,
        rates: Floats | None = None,
        pitches: Floats | None = None,  # noqa: ARG002  these voices have no pitch that could be changed
    ) -> Utterance:
        """Encode one sentence of phoneme ids. Deterministic for a given seed; rates divide the durations."""
        noise, scales = Noise(sound.seed), sound.scales
        inputs: dict[str, Any] = {
            "ids": np.array([ids], np.int64),
            "lengths": np.array([len(ids)], np.int64),
            "scales": np.array([scales.noise, scales.length, scales.duration_noise], np.float32),
            "noise": noise.draw((1, 2, len(ids))),
            "speaker_id": np.array([sound.speaker], np.int64),
        }
        outputs = run_part(self._encoder, inputs)
        durations = outputs["durations"].ravel()
        ends = _ends(durations if rates is None else durations / rates, sound.speed)
        counts = np.diff(ends, prepend=0)
        mean = np.repeat(outputs["mean"], counts, axis=2)
        deviation = np.repeat(np.exp(outputs["log_deviation"]), counts, axis=2)
        # The prior of VITS, sampled: mean + deviation * noise * scale.
        return Utterance(
            mean + deviation * noise.draw(mean.shape) * np.float32(scales.noise), ends, outputs.get("speaker")
        )

    def decode(self, utterance: Utterance, *, low_latency: bool, parallel_map: ParallelMap = map) -> Iterator[Floats]:
        """Yield the samples of an utterance in chunks; with `low_latency`, small ones first."""
        decoded, latent = 0, utterance.prior[:, :, :0]
        for size in FIRST_CHUNKS if low_latency else ():
            if utterance.frames - decoded < 4 * size:
                break
            ahead = min(decoded + size + self._reach.decoder, utterance.frames)
            latent = np.concatenate([latent, self._latent(utterance, (latent.shape[2], ahead))], axis=2)
            yield self._samples(latent, utterance.speaker, (decoded, decoded + size))
            decoded += size
        spans = cut(latent.shape[2], utterance.frames, min_split=MIN_SPLIT_FLOW)
        latent = np.concatenate([latent, *parallel_map(partial(self._latent, utterance), spans)], axis=2)
        spans = cut(decoded, utterance.frames, min_split=MIN_SPLIT_DECODER)
        yield from parallel_map(partial(self._samples, latent, utterance.speaker), spans)

    def latent(self, prior: Floats, speaker: Floats | None) -> Floats:
        """Run the flow on frames of the prior, without context."""
        return run_part(self._flow.result(), {"prior": prior, "speaker": speaker})["latent"]

    def samples(self, latent: Floats, speaker: Floats | None) -> Floats:
        """Run the decoder on latent frames, without context."""
        return run_part(self._decoder.result(), {"latent": latent, "speaker": speaker})["samples"].ravel()

    def _latent(self, utterance: Utterance, span: Span) -> Floats:
        """Return the latent frames of a span, computed with the flow's reach as context."""
        context = _context(span, self._reach.flow, utterance.frames)
        return self.latent(utterance.prior[:, :, context.computed], utterance.speaker)[:, :, context.kept]

    def _samples(self, latent: Floats, speaker: Floats | None, span: Span) -> Floats:
        """Return the samples of a span, computed with the decoder's reach as context."""
        context = _context(span, self._reach.decoder, latent.shape[2])
        frames = latent[:, :, context.computed]
        samples = self.samples(frames, speaker)
        hop = len(samples) // frames.shape[2]
        return samples[context.kept.start * hop : context.kept.stop * hop]


def run_part(session: onnxruntime.InferenceSession, tensors: dict[str, Any]) -> dict[str, Floats]:
    """Run a part of a model with those `tensors` that are its inputs; return its outputs by name."""
    inputs = {value.name: tensors[value.name] for value in session.get_inputs()}
    names = [value.name for value in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs), strict=True))


def load_part(part: Path, threads: int, *, optimize: bool = False) -> onnxruntime.InferenceSession:
    """Load a part of a model. Parts are optimized in preparation; `optimize` adds processor-specific optimizations."""
    options = session_options(threads)
    levels = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if optimize else levels.ORT_DISABLE_ALL
    try:
        return onnxruntime.InferenceSession(part, options, ["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no common base class
        raise VoiceNotPrepared(f"{part} cannot be loaded: {error}") from error


def _ends(frames: Floats, speed: float) -> Frames:
    """Return the frame at which each phoneme id ends, given their durations in frames at normal speed.

    The speed is not applied by the model, which rounds each duration up, so that fast speech would be too slow.
    """
    ends = np.rint(np.cumsum(frames, dtype=np.float64) / speed).astype(np.int64)
    return np.maximum(ends, 1)


class _Context(NamedTuple):
    """The frames to compute for a chunk, including its context, and the part of the result to keep."""

    computed: slice
    kept: slice


def _context(span: Span, reach: int, frames: int) -> _Context:
    start, end = span
    first, last = max(0, start - reach), min(frames, end + reach)
    return _Context(slice(first, last), slice(start - first, end - first))
