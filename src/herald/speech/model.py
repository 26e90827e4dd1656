"""Run the model of a prepared voice: phoneme ids in, samples out, in chunks for streaming.

The flow and the decoder are convolutional: each frame of their output depends on a limited number of frames around it,
the reach. A chunk computed with that much context on both sides equals the same frames of a one-shot run.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import onnxruntime

from herald.errors import VoiceNotPrepared
from herald.speech.noise import Noise
from herald.speech.parallel import Begun

if TYPE_CHECKING:
    from numpy.typing import NDArray

type Floats = NDArray[np.float32]
type Frames = NDArray[np.int64]

FIRST_CHUNKS = (8, 48)
"""Frames of the first chunks of a stream: small for low latency, then long enough to cover the next computation."""
LARGEST_CHUNK = 256
"""Maximum frames per chunk; larger chunks exceed the processor's cache."""
MIN_SPLIT_DECODER = 96
"""Minimum frames for which the decoder's work is divided between two processors."""
MIN_SPLIT_FLOW = 256

type Span = tuple[int, int]
"""Start and end in frames, the end exclusive."""
type SideBySide = Callable[[Callable[[Span], Floats], list[Span]], Iterable[Floats]]
"""The built-in map, or that of an executor."""


def cut(start: int, end: int, *, worth: int) -> list[Span]:
    """Divide frames into equal spans: a single one below `worth` frames, else an even number.

    The cuts do not depend on the number of threads, so that the same text gives the same samples.
    """
    frames = end - start
    parts = 1 if frames < worth else 2 * -(-frames // (2 * LARGEST_CHUNK))
    return list(pairwise(start + frames * part // parts for part in range(parts + 1))) if frames else []


class Scales(NamedTuple):
    """VITS inference scales: noise of the prior, length of phonemes, noise of the durations."""

    noise: float
    length: float
    duration_noise: float


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
        self._flow = Begun(partial(load_part, folder / "flow.onnx", threads=1))
        self._decoder = Begun(partial(load_part, folder / "decoder.onnx", threads=1, optimize=True))

    def encode(  # noqa: PLR0913  settings of the sound
        self,
        ids: list[int],
        *,
        scales: Scales,
        speed: float = 1.0,
        speaker: int | None = None,
        seed: int = 0,
        rates: Floats | None = None,
        pitches: Floats | None = None,
    ) -> Utterance:
        """Encode one sentence of phoneme ids. Deterministic for a given seed; `speed` divides the durations.

        So does the rate of each id. These voices have no pitch that could be changed.
        """
        del pitches
        noise = Noise(seed)
        given: dict[str, Any] = {
            "ids": np.array([ids], np.int64),
            "lengths": np.array([len(ids)], np.int64),
            "scales": np.array([scales.noise, scales.length, scales.duration_noise], np.float32),
            "noise": noise.draw((1, 2, len(ids))),
            "speaker_id": np.array([speaker or 0], np.int64),
        }
        made = run_part(self._encoder, given)
        durations = made["durations"].ravel()
        ends = _ends(durations if rates is None else durations / rates, speed)
        counts = np.diff(ends, prepend=0)
        mean = np.repeat(made["mean"], counts, axis=2)
        deviation = np.repeat(np.exp(made["log_deviation"]), counts, axis=2)
        # The prior of VITS, sampled: mean + deviation * noise * scale.
        return Utterance(
            mean + deviation * noise.draw(mean.shape) * np.float32(scales.noise), ends, made.get("speaker")
        )

    def decode(self, utterance: Utterance, *, soon: bool, side_by_side: SideBySide = map) -> Iterator[Floats]:
        """Yield the samples of an utterance in chunks; with `soon`, small ones first."""
        done, latent = 0, utterance.prior[:, :, :0]
        for size in FIRST_CHUNKS if soon else ():
            if utterance.frames - done < 4 * size:
                break
            ahead = min(done + size + self._reach.decoder, utterance.frames)
            latent = np.concatenate([latent, self._latent(utterance, (latent.shape[2], ahead))], axis=2)
            yield self._samples(latent, utterance.speaker, (done, done + size))
            done += size
        spans = cut(latent.shape[2], utterance.frames, worth=MIN_SPLIT_FLOW)
        latent = np.concatenate([latent, *side_by_side(partial(self._latent, utterance), spans)], axis=2)
        spans = cut(done, utterance.frames, worth=MIN_SPLIT_DECODER)
        yield from side_by_side(partial(self._samples, latent, utterance.speaker), spans)

    def latent(self, prior: Floats, speaker: Floats | None) -> Floats:
        """Run the flow on frames of the prior, without context."""
        return run_part(self._flow.result(), {"prior": prior, "speaker": speaker})["latent"]

    def samples(self, latent: Floats, speaker: Floats | None) -> Floats:
        """Run the decoder on latent frames, without context."""
        return run_part(self._decoder.result(), {"latent": latent, "speaker": speaker})["samples"].ravel()

    def _latent(self, utterance: Utterance, span: Span) -> Floats:
        """Return the latent frames of a span, computed with the flow's reach as context."""
        context = _context(span, self._reach.flow, utterance.frames)
        return self.latent(utterance.prior[:, :, context.taken], utterance.speaker)[:, :, context.kept]

    def _samples(self, latent: Floats, speaker: Floats | None, span: Span) -> Floats:
        """Return the samples of a span, computed with the decoder's reach as context."""
        context = _context(span, self._reach.decoder, latent.shape[2])
        frames = latent[:, :, context.taken]
        samples = self.samples(frames, speaker)
        hop = len(samples) // frames.shape[2]
        return samples[context.kept.start * hop : context.kept.stop * hop]


def run_part(session: onnxruntime.InferenceSession, given: dict[str, Any]) -> dict[str, Floats]:
    """Run a part of a model with those of the given tensors that it takes; return its outputs by name."""
    wanted = {value.name: given[value.name] for value in session.get_inputs()}
    names = [value.name for value in session.get_outputs()]
    return dict(zip(names, session.run(names, wanted), strict=True))


def load_part(part: Path, threads: int, *, optimize: bool = False) -> onnxruntime.InferenceSession:
    """Load a part of a model. Parts are optimized during preparation; `optimize` adds what depends on the processor."""
    options = session_options(threads)
    levels = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if optimize else levels.ORT_DISABLE_ALL
    try:
        return onnxruntime.InferenceSession(part, options, ["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no common base class
        raise VoiceNotPrepared(f"{part} cannot be loaded: {error}") from error


def _ends(frames: Floats, speed: float) -> Frames:
    """Return the frame at which each phoneme id ends, given their durations in frames at normal speed.

    The speed is applied here, not by the model, which rounds each duration up and so would keep fast speech too slow.
    """
    ends = np.rint(np.cumsum(frames, dtype=np.float64) / speed).astype(np.int64)
    return np.maximum(ends, 1)


class _Context(NamedTuple):
    """The frames to compute for a chunk, including its context, and the part of the result to keep."""

    taken: slice
    kept: slice


def _context(span: Span, reach: int, frames: int) -> _Context:
    start, end = span
    first, last = max(0, start - reach), min(frames, end + reach)
    return _Context(slice(first, last), slice(start - first, end - first))
