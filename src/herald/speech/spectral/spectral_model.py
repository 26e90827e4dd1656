"""Run the model of a spectral voice: phoneme ids in, samples out, in chunks for streaming.

The encoder runs once per sentence, and so does the melody, which predicts pitch and energy. The decoder is
convolutional: it computes the spectrum of frames from a few surrounding frames. The graph is quantized with scales that
depend on all frames of a run. A sentence is therefore always cut at the same positions, streamed or not, with any
number of threads.
"""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from herald.speech.model import Floats, Frames, ParallelMap, Reach, Sound, Span, load_part, run_part
from herald.speech.parallel import BackgroundCall
from herald.speech.spectral.vocoder import AFTER, BEFORE, BINS, Spectrum, Vocoder

_FIRST_CHUNK = 64
"""Frames of the first chunk of a long sentence, 0.8 seconds: small, for low latency."""
_LARGEST_CHUNK = 400
_FRAMES_PER_LENGTH = 2
"""The encoder's unit of duration is two frames."""
_LONGEST_LEAD = 3
"""Units of silence before a sentence. The models predict about 14, a third of a second, which would delay a stream."""
_BISECTIONS = 12
"""Steps of the bisection that finds the factor for all durations, to a precision of 0.05 %."""
_EARLY = 2
"""Frames by which a sound begins before its id."""
_SILENCE = 0.0
"""Predicted energy below which a frame is silent, about -60 dBFS."""
_LONG_SILENCE = 4
"""Frames of silence at the end of an id that do not belong to its sound."""


class SpectralUtterance(NamedTuple):
    """A sentence before its decoding: features of each frame, and the frame at which each id's sound ends."""

    text: Floats
    pitch: Floats
    energy: Floats
    ends: Frames
    vocoder: Vocoder

    @property
    def frames(self) -> int:
        """Length in frames."""
        return int(self.text.shape[2])


class SpectralModel:
    """The three parts of a voice, loaded from its folder. Thread-safe.

    Each runs on one thread, because they gain little from more: sentences and chunks are computed side by side.
    """

    def __init__(self, folder: Path, *, reach: Reach, pitch: float = 1.0) -> None:
        """`pitch` is a factor of the pitch that the model predicts."""
        self._reach = reach
        self._pitch = pitch
        self._encoder = load_part(folder / "encoder.onnx", threads=1)
        self._melody = BackgroundCall(partial(load_part, folder / "melody.onnx", threads=1))
        self._decoder = BackgroundCall(partial(load_part, folder / "decoder.onnx", threads=1))

    def encode(
        self, ids: list[int], sound: Sound, *, rates: Floats | None = None, pitches: Floats | None = None
    ) -> SpectralUtterance:
        """Encode one sentence of phoneme ids. Deterministic for a given seed.

        `rates` divide the durations of the ids; `pitches` are factors for the pitch that the model predicts.
        """
        outputs = run_part(self._encoder, {"ids": np.array([ids], np.int64)})
        lengths = outputs["lengths_of_ids"].ravel() * np.float32(sound.scales.length)
        lengths[0] = min(lengths[0], _LONGEST_LEAD)
        if rates is None:
            counts = _units(lengths, sound.speed)
        else:
            counts = np.ones(len(ids), np.int64)
            for rate in set(rates.tolist()):  # np.unique needs numpy.ma, which the layer lacks
                counts[rates == rate] = _units(lengths[rates == rate], sound.speed * rate)
        melody = run_part(self._melody.result(), {"melody_frames": np.repeat(outputs["melody"], counts, axis=2)})
        counts *= _FRAMES_PER_LENGTH
        if pitches is not None:
            melody["pitch"] = melody["pitch"] * np.repeat(pitches, counts)
        return SpectralUtterance(
            text=np.repeat(outputs["text"], counts, axis=2),
            pitch=melody["pitch"],
            energy=melody["energy"],
            ends=_ends_of_sounds(np.cumsum(counts), melody["energy"][0]),
            vocoder=Vocoder(melody["pitch"][0], factor=self._pitch, noise=sound.scales.noise, seed=sound.seed),
        )

    def decode(
        self, utterance: SpectralUtterance, *, low_latency: bool, parallel_map: ParallelMap = map
    ) -> Iterator[Floats]:
        """Yield the samples of an utterance in chunks; with `low_latency`, the first one before the others start."""
        spans = chunks_of(utterance.frames)
        if low_latency:
            yield self._samples(utterance, spans.pop(0))
        yield from parallel_map(partial(self._samples, utterance), spans)

    def spectrum(self, utterance: SpectralUtterance, start: int, end: int) -> Spectrum:
        """Run the decoder for some frames of an utterance."""
        first, last = max(0, start - self._reach.decoder), min(utterance.frames, end + self._reach.decoder)
        inputs = {
            "text_frames": utterance.text[:, :, first:last],
            "pitch": utterance.pitch[:, first:last],
            "energy": utterance.energy[:, first:last],
        }
        rows = run_part(self._decoder.result(), inputs)["spectrum"][0, start - first : end - first]
        return Spectrum(*(rows[:, at : at + BINS] for at in range(0, len(Spectrum._fields) * BINS, BINS)))

    def _samples(self, utterance: SpectralUtterance, span: Span) -> Floats:
        start, end = span
        spectrum = self.spectrum(utterance, max(0, start - BEFORE), min(utterance.frames, end + AFTER))
        return utterance.vocoder.samples(spectrum, start, end)


def _units(lengths: Floats, speed: float) -> Frames:
    """Return the duration of each id: whole units, at least one, whose sum is that at speed 1 divided by `speed`.

    Most ids last one to five units, so rounding each quotient separately would change the sum by 10 %.
    """
    counts = np.maximum(np.rint(lengths), 1)
    if speed != 1:
        wanted = counts.sum() / speed
        low, high = 0.0, 2 / speed
        for _ in range(_BISECTIONS):
            factor = (low + high) / 2
            counts = np.maximum(np.rint(lengths * factor), 1)
            low, high = (factor, high) if counts.sum() < wanted else (low, factor)
    return counts.astype(np.int64)


def _ends_of_sounds(ends: Frames, energy: Floats) -> Frames:
    """Return the frame at which the sound of each id ends; the silence of a pause belongs to the last id before it.

    The models put most of a pause into the last sound of a sentence.
    """
    ends_of_sounds = np.maximum(ends - _EARLY, 1)
    numbers = np.arange(len(energy))
    last_loud = np.maximum.accumulate(np.where(energy > _SILENCE, numbers, 0)) + 1
    quiet_from = last_loud[ends_of_sounds - 1]
    ends_of_sounds = np.where(ends_of_sounds - quiet_from > _LONG_SILENCE, quiet_from, ends_of_sounds)
    ends_of_sounds[-1] = ends[-1]
    return np.maximum.accumulate(ends_of_sounds)


def chunks_of(frames: int) -> list[Span]:
    """Return the chunks of a sentence: a small one first, the others about equal; a single one of a short sentence."""
    if frames < 4 * _FIRST_CHUNK:
        return [(0, frames)]
    left = frames - _FIRST_CHUNK
    parts = -(-left // _LARGEST_CHUNK)
    return [(0, _FIRST_CHUNK), *pairwise(_FIRST_CHUNK + left * part // parts for part in range(parts + 1))]
