"""The vectors of a mix at every pitch, and the targets that they are compared with."""

import numpy as np
import pytest

from gpu.matching import targets_of, vectors_of
from herald.speech.recordings.recording import RATE


def vector(samples):
    """Return the spectrum by thirds of an octave, of length 1."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    octaves = np.log2(np.maximum(1, np.fft.rfftfreq(len(samples), 1 / RATE)))
    bands, _ = np.histogram(octaves, bins=np.arange(6, 13, 1 / 24), weights=power)
    smooth = np.convolve(np.sqrt(bands), np.hanning(9), "same")
    return (smooth / np.linalg.norm(smooth)).astype(np.float32)


def voice(pitch):
    """Return a second of harmonics of 140 Hz times the pitch, with an envelope that moves with it."""
    time = np.arange(RATE) / RATE
    tones = [np.sin(2 * np.pi * 140 * pitch * n * time) * np.exp(-(((n - 6) / 4) ** 2)) for n in range(1, 16)]
    return (0.1 * np.sum(tones, axis=0)).astype(np.float32)


@pytest.mark.parametrize("step", [-3, -1, 0, 2, 3])
def test_a_sample_is_most_like_the_same_voice_at_its_pitch(step):
    likeness = targets_of(voice(1.0375**step), vector) @ vectors_of(voice(1), vector)
    assert likeness.shape == (7,)
    assert likeness.argmax() == step + 3
    assert likeness.max() == pytest.approx(1, abs=0.02)
