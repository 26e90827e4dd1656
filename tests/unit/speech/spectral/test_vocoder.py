"""Samples have the pitch and the spectrum that the frames ask for, in one run or in chunks."""

import numpy as np
import pytest

from herald.speech.prepare.finishing import signal_to_noise
from herald.speech.spectral.vocoder import AFTER, BEFORE, BINS, HOP, RATE, Spectrum, Vocoder

FRAMES = 120
SILENT = -40.0


def spectrum(*, pulses=SILENT, noise=SILENT, rest=SILENT):
    flat = [np.full((FRAMES, BINS), level, np.float32) for level in (pulses, 0, noise, rest, 0)]
    return Spectrum(*flat)


def strongest(samples, below):
    middle = samples[20 * HOP : 100 * HOP]
    levels = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    return np.argmax(levels[: int(below * len(middle) / RATE)]) * RATE / len(middle)


@pytest.mark.parametrize(("pitch", "factor"), [(150, 1.0), (190, 0.5)])
def test_voiced_frames_have_their_pitch(pitch, factor):
    vocoder = Vocoder(np.full(FRAMES, pitch, np.float32), factor=factor)
    samples = vocoder.samples(spectrum(pulses=0.0), 0, FRAMES)
    assert samples.shape == (FRAMES * HOP,)
    assert strongest(samples, below=1.5 * pitch * factor) == pytest.approx(pitch * factor, rel=0.02)


def test_unvoiced_frames_have_no_pulses():
    samples = Vocoder(np.zeros(FRAMES, np.float32)).samples(spectrum(pulses=0.0), 0, FRAMES)
    assert np.abs(samples).max() < 1e-6


def test_noise_has_the_level_of_its_magnitude_and_depends_on_the_seed():
    one, same, other = (
        Vocoder(np.zeros(FRAMES, np.float32), seed=seed).samples(spectrum(noise=0.0), 0, FRAMES) for seed in (1, 1, 2)
    )
    louder = Vocoder(np.zeros(FRAMES, np.float32), seed=1, noise=2.0).samples(spectrum(noise=0.0), 0, FRAMES)
    np.testing.assert_array_equal(one, same)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.05
    assert louder.std() == pytest.approx(2 * one.std(), rel=0.01)


def test_chunks_join_to_the_whole():
    random = np.random.default_rng(0)
    pitch = np.where(np.arange(FRAMES) % 40 < 25, 180, 0).astype(np.float32)
    frames = Spectrum(*(random.normal(-2, 0.5, (FRAMES, BINS)).astype(np.float32) for _ in Spectrum._fields))
    vocoder = Vocoder(pitch)
    whole = vocoder.samples(frames, 0, FRAMES)
    parts = []
    for start, end in ((0, 1), (1, 30), (30, 90), (90, FRAMES)):
        first, last = max(0, start - BEFORE), min(FRAMES, end + AFTER)
        parts.append(vocoder.samples(Spectrum(*(part[first:last] for part in frames)), start, end))
    assert signal_to_noise(whole, np.concatenate(parts)) > 100
