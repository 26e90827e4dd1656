"""Choose the tone that gives a voice the timbre of a sample, by comparing long-term average spectra."""

import numpy as np

from herald.speech.kokoro.kokoro_speakers import BANDS, Tone
from herald.speech.model import Floats
from herald.speech.recordings.recording import RATE

_MAX_GAIN = 9
"""Maximum gain in dB. Higher gains did not make voices more similar, and would copy the faults of a poor microphone."""
_FRAME, _STEP = 512, 160
_QUIETEST = 25
"""Frames that are more decibels quieter than the loud ones are not speech."""
_NARROW = 0.5
"""A band whose weights add up to less contains hardly any frequency of the spectrum."""


def fit_tone(sample: Floats, spoken: Floats) -> Tone:
    """Return the gains, in whole decibels, that give `spoken` the spectrum of `sample`. Both have RATE."""
    difference = band_levels(sample) - band_levels(spoken)
    gains = np.clip(np.rint(difference - difference.mean()), -_MAX_GAIN, _MAX_GAIN)
    return tuple(map(int, gains))


def band_levels(samples: Floats) -> Floats:
    """Return the mean level of speech in each of BANDS, in dB."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_STEP] * np.hanning(_FRAME)
    power = np.abs(np.fft.rfft(frames)) ** 2
    loudness = power.sum(axis=1)
    speech = power[loudness >= np.percentile(loudness, 95) * 10 ** (-_QUIETEST / 10)]
    levels: Floats = np.float32(10) * np.log10((speech @ _weights()).mean(axis=0, dtype=np.float32) + 1e-12)
    return levels


def _weights() -> Floats:
    """Return a column for each band: a triangle over the logarithm, between the centres of the neighbouring bands.

    The lowest bands are narrower than the resolution; each has the nearest frequency instead.
    """
    octaves = np.log2(np.maximum(np.fft.rfftfreq(_FRAME, 1 / RATE), 1))
    centres = np.log2(BANDS)
    distances = np.abs(octaves[:, np.newaxis] - centres) / (centres[1] - centres[0])
    triangles = np.maximum(1 - distances, 0)
    nearest = distances == distances.min(axis=0)
    weights = np.where(triangles.sum(axis=0) < _NARROW, nearest, triangles)
    shares: Floats = (weights / weights.sum(axis=0)).astype(np.float32)
    return shares
