"""Compute samples from the spectrum and the pitch of each frame.

The spectrum of a frame is the sum of three parts, as in hibari-tts (Apache-2.0), which documents the formula: pulses at
the pitch, filtered by a magnitude and a phase; noise with a magnitude; and a rest with magnitude and phase. An inverse
Fourier transform of each frame and an overlapping addition give the samples.
"""

from functools import cache
from math import pi
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from herald.speech.model import Floats, Noise

if TYPE_CHECKING:
    from numpy.typing import NDArray

type Complexes = NDArray[np.complex64]

RATE = 24_000
HOP = 300
"""Samples per frame."""
BINS = 601
BEFORE, AFTER = 1, 2
"""Frames around a span that its samples depend on."""

_WINDOW_SIZE = 2 * (BINS - 1)
_OVERLAP = _WINDOW_SIZE // HOP
_LOWEST_PITCH = 40.0
"""Hz. Frames below are unvoiced."""
_HIGHEST_HARMONIC = 11_000.0
"""Highest frequency, in Hz, of the pulses that the models were trained with."""
_VOICED_BINS = round(_HIGHEST_HARMONIC * _WINDOW_SIZE / RATE) + 3
_LOUDEST = np.float32(7)
"""Limit of the log magnitudes."""
_NEAR_PULSE = 2e-3
_HALF_POWER = np.float32(np.log(2) / 2)


class Spectrum(NamedTuple):
    """Frames of a spectrum, each part of the shape (frames, BINS): log magnitudes and phases."""

    pulses: Floats
    pulses_phase: Floats
    """Before tanh; in units of pi after it."""
    noise: Floats
    rest: Floats
    rest_phase: Floats


class Vocoder:
    """Computes the samples of one utterance. `pitch` has a frequency in Hz for each frame, 0 where it is unvoiced."""

    def __init__(self, pitch: Floats, *, factor: float = 1.0, noise: float = 1.0, seed: int = 0) -> None:
        """`factor` changes the pitch, `noise` the magnitude of the noise."""
        self._frames = len(pitch)
        self._voiced = pitch > _LOWEST_PITCH
        # One value per sample, interpolated between the middles of frames.
        at = (np.arange(len(pitch) * HOP, dtype=np.float32) + np.float32(0.5)) / HOP - np.float32(0.5)
        self._hertz = np.interp(at, np.arange(len(pitch)), pitch).astype(np.float32) * np.float32(factor)
        # Double precision, as the phase of a long utterance has thousands of turns.
        self._turns = np.cumsum(np.maximum(self._hertz, _LOWEST_PITCH), dtype=np.float64) / RATE
        self._changes_pitch = factor != 1
        self._deviation = np.float32(noise)
        self._seed = seed

    def samples(self, spectrum: Spectrum, start: int, end: int) -> Floats:
        """Return the samples of frames `start` to `end`; the spectrum also has the frames around them, if any."""
        first, last = max(0, start - BEFORE), min(self._frames, end + AFTER)
        # Real and imaginary parts have the deviation 1; the noise of a frame is the same in each span.
        drawn = Noise(self._seed).flat((last - first, 2 * BINS), skipped=first * 2 * BINS)
        noise = (drawn * self._deviation).view(np.complex64)
        frames = _polar(spectrum.rest, spectrum.rest_phase)
        if self._changes_pitch:
            # In voiced frames, the phases of the rest fit only the original pitch, so it is replaced by noise.
            rows = self._voiced[first:last]
            frames[rows] = noise[rows] * np.exp(spectrum.rest[rows] - _HALF_POWER)
        frames += noise * np.exp(np.minimum(spectrum.noise, _LOUDEST))
        self._add_pulses(frames, spectrum, first)
        waves = np.fft.irfft(frames, _WINDOW_SIZE, axis=1) * _window()
        return _overlap_add(waves, first, start, end)

    def _add_pulses(self, frames: Complexes, spectrum: Spectrum, first: int) -> None:
        near = self._voiced.copy()  # frames whose window contains a pulse
        for distance in (1, 2):
            near[distance:] |= self._voiced[:-distance]
            near[:-distance] |= self._voiced[distance:]
        rows = np.flatnonzero(near[first : first + len(frames)])
        if not len(rows):
            return
        half = _WINDOW_SIZE // 2
        begin, end = (first + rows[0]) * HOP - half, (first + rows[-1]) * HOP + half
        pulses = self._pulses(max(0, begin), min(len(self._turns), end))
        pulses = np.pad(pulses, (max(0, -begin), max(0, end - len(self._turns))))
        windows = np.lib.stride_tricks.sliding_window_view(pulses, _WINDOW_SIZE)[(rows - rows[0]) * HOP]
        harmonics = np.fft.rfft(windows * (_window() / HOP), axis=1)[:, :_VOICED_BINS]
        magnitudes, phases = spectrum.pulses[rows, :_VOICED_BINS], spectrum.pulses_phase[rows, :_VOICED_BINS]
        frames[rows, :_VOICED_BINS] += harmonics * _polar(magnitudes, np.tanh(phases) * np.float32(pi))

    def _pulses(self, begin: int, end: int) -> Floats:
        """Return a train of pulses: the sum of all harmonics' cosines, as a Dirichlet kernel."""
        hertz = self._hertz[begin:end]
        voiced = hertz > _LOWEST_PITCH
        angle = ((self._turns[begin:end] % 1) * (2 * pi)).astype(np.float32)
        count = np.floor(np.float32(_HIGHEST_HARMONIC) / np.maximum(hertz, np.float32(_LOWEST_PITCH))) + np.float32(0.5)
        below = 2 * np.sin(angle / 2)
        at_pulse = np.abs(below) <= _NEAR_PULSE
        below[at_pulse] = 1
        kernel: Floats = np.where(at_pulse, count, np.sin(count * angle) / below) - np.float32(0.5)
        kernel[~voiced] = 0
        return kernel


def _polar(log_magnitude: Floats, phase: Floats) -> Complexes:
    polar = np.empty(log_magnitude.shape, np.complex64)
    magnitude = np.exp(np.minimum(log_magnitude, _LOUDEST))
    np.multiply(np.cos(phase), magnitude, out=polar.real)
    np.multiply(np.sin(phase), magnitude, out=polar.imag)
    return polar


@cache
def _window() -> Floats:
    """Return a periodic Hann window."""
    return (0.5 - 0.5 * np.cos(2 * pi * np.arange(_WINDOW_SIZE) / _WINDOW_SIZE)).astype(np.float32)


def _overlap_add(waves: Floats, first: int, start: int, end: int) -> Floats:
    """Add overlapping frames, and divide by the sum of the squared windows, which is smaller at the edges."""
    blocks = np.zeros((len(waves) + _OVERLAP - 1, HOP), np.float32)
    weights = np.zeros_like(blocks)
    squares = np.square(_window()).reshape(_OVERLAP, HOP)
    for part in range(_OVERLAP):
        blocks[part : part + len(waves)] += waves[:, part * HOP : (part + 1) * HOP]
        weights[part : part + len(waves)] += squares[part]
    # Block `_OVERLAP / 2` begins in the middle of the first frame.
    wanted = slice(start - first + _OVERLAP // 2, end - first + _OVERLAP // 2)
    samples = blocks[wanted] / np.maximum(weights[wanted], np.float32(1e-6))
    return samples.reshape(-1).astype(np.float32, copy=False)
