"""Runs a prepared voice: phoneme ids in, samples out, in chunks that can be sent before the rest exists.

The flow and the decoder are convolutional: a frame of their output depends on a limited number of frames around it, the
part's reach. A chunk computed with that much context on both sides equals the same frames of a one-shot run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from herald.errors import VoiceNotPrepared

type Floats = NDArray[np.float32]

FIRST_CHUNK = 24
"""Frames of the first chunk, where somebody waits for it."""
LARGEST_CHUNK = 256
"""Frames of a chunk, at most: larger ones fall out of the processor's cache."""


def chunks(frames: int, *, soon: bool) -> list[tuple[int, int]]:
    """Where to cut an utterance, as (start, end) in frames: evenly, but with a small chunk in front if due `soon`."""
    start = FIRST_CHUNK if soon and frames >= 2 * FIRST_CHUNK else 0
    pieces = -(-(frames - start) // LARGEST_CHUNK)
    borders = [start + (frames - start) * piece // pieces for piece in range(pieces + 1)]
    return list(pairwise([0, *borders] if start else borders))


@dataclass(frozen=True, kw_only=True)
class Scales:
    """How a voice varies: the noise of its sound, the length of its phonemes, the noise of their lengths."""

    noise: float
    length: float
    duration_noise: float


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Frames on each side that a frame of a part's output depends on."""

    flow: int
    decoder: int


@dataclass(frozen=True)
class Utterance:
    """What the encoder made of one sentence.

    `prior` is (1, channels, frames); `ends` the frame at which each phoneme id ends; `speaker` the speaker's embedding,
    where the voice has several.
    """

    prior: Floats
    ends: NDArray[np.int64]
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
    # Planning the reuse of memory over 2,000 small nodes takes most of the loading, and saves nothing here.
    options.enable_mem_reuse = False
    # Shapes change from run to run; a plan for each of them costs more than it gives.
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


class Model:
    """The three parts of a voice, loaded from its folder. It may be used by several threads at once."""

    def __init__(self, folder: Path, *, reach: Reach, threads: int) -> None:
        self._reach = reach
        # More threads would round differently, and these two gain little from them. The decoder has most of the work.
        self._encoder = _load(folder / "encoder.onnx", threads=1)
        self._flow = _load(folder / "flow.onnx", threads=1)
        self._decoder = _load(folder / "decoder.onnx", threads)

    def encode(
        self, ids: list[int], *, scales: Scales, speed: float = 1.0, speaker: int | None = None, seed: int = 0
    ) -> Utterance:
        """Encode one sentence of phoneme ids; the same arguments give the same prior."""
        noise = np.random.Generator(np.random.SFC64(seed))
        given: dict[str, Any] = {
            "ids": np.array([ids], np.int64),
            "lengths": np.array([len(ids)], np.int64),
            "scales": np.array([scales.noise, scales.length, scales.duration_noise], np.float32),
            "noise": noise.standard_normal((1, 2, len(ids)), np.float32),
            "speaker_id": np.array([speaker or 0], np.int64),
        }
        made = self._run(self._encoder, given)
        ends = _ends(made["durations"].ravel(), speed)
        counts = np.diff(ends, prepend=0)
        mean = np.repeat(made["mean"], counts, axis=2)
        deviation = np.repeat(np.exp(made["log_deviation"]), counts, axis=2)
        # The prior of VITS, sampled: mean + deviation * noise * scale.
        sampled = noise.standard_normal(mean.shape, np.float32)
        return Utterance(mean + deviation * sampled * np.float32(scales.noise), ends, made.get("speaker"))

    def decode(self, utterance: Utterance, *, soon: bool) -> Iterator[Floats]:
        """Yield the samples of an utterance in chunks, the first one small if it is due `soon`."""
        latent = _Window(utterance.frames)
        for start, end in chunks(utterance.frames, soon=soon):
            self._flow_up_to(utterance, latent, end + self._reach.decoder)
            yield self._decoded(utterance, latent, start, end)

    def latent(self, prior: Floats, speaker: Floats | None) -> Floats:
        """Run the flow over frames of the prior, without regard to what stands beside them."""
        return self._run(self._flow, {"prior": prior, "speaker": speaker})["latent"]

    def samples(self, latent: Floats, speaker: Floats | None) -> Floats:
        """Run the decoder over latent frames, without regard to what stands beside them."""
        return self._run(self._decoder, {"latent": latent, "speaker": speaker})["samples"].ravel()

    def _flow_up_to(self, utterance: Utterance, latent: "_Window", end: int) -> None:
        end = min(end, utterance.frames)
        if end <= latent.end:
            return
        context = _context(latent.end, end, self._reach.flow, utterance.frames)
        made = self.latent(utterance.prior[:, :, context.taken], utterance.speaker)
        latent.append(made[:, :, context.kept])

    def _decoded(self, utterance: Utterance, latent: "_Window", start: int, end: int) -> Floats:
        context = _context(start, end, self._reach.decoder, utterance.frames)
        frames = latent.frames(context.taken)
        samples = self.samples(frames, utterance.speaker)
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


def _ends(frames: Floats, speed: float) -> NDArray[np.int64]:
    """The frame at which each phoneme id ends, from the frames that each one lasts at the voice's own speed.

    The model rounds every duration up to whole frames, by which speech that it is told to speak fast stays slow.
    """
    ends = np.rint(np.cumsum(frames, dtype=np.float64) / speed).astype(np.int64)
    return np.maximum(ends, 1)


@dataclass(frozen=True)
class _Context:
    """Which frames to take for a chunk with its context, and which of the result to keep."""

    taken: slice
    kept: slice


def _context(start: int, end: int, reach: int, frames: int) -> _Context:
    first, last = max(0, start - reach), min(frames, end + reach)
    return _Context(slice(first, last), slice(start - first, end - first))


class _Window:
    """The latent frames made so far."""

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self._made: Floats | None = None
        self.end = 0

    def append(self, made: Floats) -> None:
        if self._made is None:
            self._made = np.empty((1, made.shape[1], self._frames), np.float32)
        self._made[:, :, self.end : self.end + made.shape[2]] = made
        self.end += made.shape[2]

    def frames(self, taken: slice) -> Floats:
        if self._made is None or taken.stop > self.end:
            raise ValueError(f"frames up to {taken.stop} are not made yet, only {self.end}")
        return self._made[:, :, taken]
