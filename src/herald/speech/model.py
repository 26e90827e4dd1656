"""Runs a prepared voice: phoneme ids in, samples out, in chunks that can be sent before the rest exists.

The flow and the decoder are convolutional: a frame of their output depends on a limited number of frames around it, the
part's reach. A chunk computed with that much context on both sides equals the same frames of a one-shot run.
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
"""Frames of the first chunks, where somebody waits: little work for the first sound, and time for what follows."""
LARGEST_CHUNK = 256
"""Frames of a chunk, at most: larger ones fall out of the processor's cache."""
WORTH_A_CUT = 96
"""Frames from which the decoder's work is cut in two, so that two processors can share it."""
WORTH_A_CUT_FOR_THE_FLOW = 256

type Span = tuple[int, int]
"""Start and end in frames, the end exclusive."""
type SideBySide = Callable[[Callable[[Span], Floats], list[Span]], Iterable[Floats]]
"""As the built-in map, or the map of an executor."""


def cut(start: int, end: int, *, worth: int) -> list[Span]:
    """Even parts of some frames: one below what is `worth` a cut, else an even number of them.

    Where the cuts are never depends on the number of threads, so that the same text gives the same samples.
    """
    frames = end - start
    parts = 1 if frames < worth else 2 * -(-frames // (2 * LARGEST_CHUNK))
    return list(pairwise(start + frames * part // parts for part in range(parts + 1))) if frames else []


class Scales(NamedTuple):
    """How a voice varies: the noise of its sound, the length of its phonemes, the noise of their lengths."""

    noise: float
    length: float
    duration_noise: float


class Reach(NamedTuple):
    """Frames on each side that a frame of a part's output depends on."""

    flow: int
    decoder: int


class Utterance(NamedTuple):
    """What the encoder made of one sentence.

    `prior` is (1, channels, frames); `ends` the frame at which each phoneme id ends; `speaker` the speaker's embedding,
    where the voice has several.
    """

    prior: Floats
    ends: Frames
    speaker: Floats | None

    @property
    def frames(self) -> int:
        """Length in frames."""
        return int(self.prior.shape[2])


def session_options(threads: int) -> onnxruntime.SessionOptions:
    """Options that load fast and leave the processor alone while there is nothing to do."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors; its warnings are about its own optimiser
    # Shapes change from run to run; a plan for each of them costs more than it gives.
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


class Model:
    """The three parts of a voice, loaded from its folder. It may be used by several threads at once."""

    def __init__(self, folder: Path, *, reach: Reach, threads: int) -> None:
        self._reach = reach
        # Two threads of the encoder give the numbers of one; more would round differently. Flow and decoder are shared
        # out span by span, which spares the processors the many short waits that sharing each operator would bring.
        self._encoder = _load(folder / "encoder.onnx", min(threads, 2))
        # Needed only when the encoder has spoken. Begun before it, they would take the processors from it.
        self._flow = Begun(partial(_load, folder / "flow.onnx", threads=1))
        self._decoder = Begun(partial(_load, folder / "decoder.onnx", threads=1))

    def encode(
        self, ids: list[int], *, scales: Scales, speed: float = 1.0, speaker: int | None = None, seed: int = 0
    ) -> Utterance:
        """Encode one sentence of phoneme ids; the same arguments give the same prior."""
        noise = Noise(seed)
        given: dict[str, Any] = {
            "ids": np.array([ids], np.int64),
            "lengths": np.array([len(ids)], np.int64),
            "scales": np.array([scales.noise, scales.length, scales.duration_noise], np.float32),
            "noise": noise.draw((1, 2, len(ids))),
            "speaker_id": np.array([speaker or 0], np.int64),
        }
        made = self._run(self._encoder, given)
        ends = _ends(made["durations"].ravel(), speed)
        counts = np.diff(ends, prepend=0)
        mean = np.repeat(made["mean"], counts, axis=2)
        deviation = np.repeat(np.exp(made["log_deviation"]), counts, axis=2)
        # The prior of VITS, sampled: mean + deviation * noise * scale.
        return Utterance(
            mean + deviation * noise.draw(mean.shape) * np.float32(scales.noise), ends, made.get("speaker")
        )

    def decode(self, utterance: Utterance, *, soon: bool, side_by_side: SideBySide = map) -> Iterator[Floats]:
        """Yield the samples of an utterance in chunks, the first ones small if it is due `soon`."""
        done, latent = 0, utterance.prior[:, :, :0]
        for size in FIRST_CHUNKS if soon else ():
            if utterance.frames - done < 4 * size:
                break
            ahead = min(done + size + self._reach.decoder, utterance.frames)
            latent = np.concatenate([latent, self._latent(utterance, (latent.shape[2], ahead))], axis=2)
            yield self._samples(latent, utterance.speaker, (done, done + size))
            done += size
        spans = cut(latent.shape[2], utterance.frames, worth=WORTH_A_CUT_FOR_THE_FLOW)
        latent = np.concatenate([latent, *side_by_side(partial(self._latent, utterance), spans)], axis=2)
        spans = cut(done, utterance.frames, worth=WORTH_A_CUT)
        yield from side_by_side(partial(self._samples, latent, utterance.speaker), spans)

    def latent(self, prior: Floats, speaker: Floats | None) -> Floats:
        """Run the flow over frames of the prior, without regard to what stands beside them."""
        return self._run(self._flow.result(), {"prior": prior, "speaker": speaker})["latent"]

    def samples(self, latent: Floats, speaker: Floats | None) -> Floats:
        """Run the decoder over latent frames, without regard to what stands beside them."""
        return self._run(self._decoder.result(), {"latent": latent, "speaker": speaker})["samples"].ravel()

    def _latent(self, utterance: Utterance, span: Span) -> Floats:
        """The latent frames of a span, computed with as much around them as they depend on."""
        context = _context(span, self._reach.flow, utterance.frames)
        return self.latent(utterance.prior[:, :, context.taken], utterance.speaker)[:, :, context.kept]

    def _samples(self, latent: Floats, speaker: Floats | None, span: Span) -> Floats:
        """The samples of a span, computed with as much around it as they depend on."""
        context = _context(span, self._reach.decoder, latent.shape[2])
        frames = latent[:, :, context.taken]
        samples = self.samples(frames, speaker)
        hop = len(samples) // frames.shape[2]
        return samples[context.kept.start * hop : context.kept.stop * hop]

    @staticmethod
    def _run(session: onnxruntime.InferenceSession, given: dict[str, Any]) -> dict[str, Floats]:
        wanted = {value.name: given[value.name] for value in session.get_inputs()}
        names = [value.name for value in session.get_outputs()]
        return dict(zip(names, session.run(names, wanted), strict=True))


def _load(part: Path, threads: int) -> onnxruntime.InferenceSession:
    options = session_options(threads)
    # Encoder and flow were optimised when the voice was prepared; the decoder is laid out for this very processor.
    levels = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if part.stem == "decoder" else levels.ORT_DISABLE_ALL
    try:
        return onnxruntime.InferenceSession(part, options, ["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no nearer base
        raise VoiceNotPrepared(f"{part} cannot be loaded: {error}") from error


def _ends(frames: Floats, speed: float) -> Frames:
    """The frame at which each phoneme id ends, from the frames that each one lasts at the voice's own speed.

    The model rounds every duration up to whole frames, by which speech that it is told to speak fast stays slow.
    """
    ends = np.rint(np.cumsum(frames, dtype=np.float64) / speed).astype(np.int64)
    return np.maximum(ends, 1)


class _Context(NamedTuple):
    """Which frames to take for a chunk with its context, and which of the result to keep."""

    taken: slice
    kept: slice


def _context(span: Span, reach: int, frames: int) -> _Context:
    start, end = span
    first, last = max(0, start - reach), min(frames, end + reach)
    return _Context(slice(first, last), slice(start - first, end - first))
