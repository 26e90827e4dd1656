"""The tone of a voice: its gains, its level and its edges."""

import numpy as np
import pytest

from herald.speech.kokoro.kokoro_model import apply_tone
from herald.speech.kokoro.kokoro_speakers import BANDS

RATE = 24_000
FLAT = (0,) * len(BANDS)


def waves(*frequencies):
    time = np.arange(RATE) / RATE
    return 0.1 * np.sum([np.sin(2 * np.pi * one * time) for one in frequencies], axis=0).astype(np.float32)


def decibels(samples, frequency):
    """Return the level of a frequency of a second of samples."""
    return 20 * np.log10(np.abs(np.fft.rfft(samples))[frequency] + 1e-12)


@pytest.mark.parametrize("band", range(len(BANDS)))
def test_a_band_is_amplified_relative_to_another(band):
    here, there = round(BANDS[band]), round(BANDS[(band + 18) % len(BANDS)])
    wide = tuple(6 * (abs(number - band) <= 2) for number in range(len(BANDS)))
    shaped = apply_tone(waves(here, there), wide, RATE)
    assert decibels(shaped, here) - decibels(shaped, there) == pytest.approx(6, abs=0.2)


def test_gains_between_bands_are_interpolated():
    middle = round((BANDS[24] * BANDS[25]) ** 0.5)
    tone = (*FLAT[:23], 10, 8, 4, 2, *FLAT[27:])
    shaped = apply_tone(waves(middle, 125), tone, RATE)
    assert decibels(shaped, middle) - decibels(shaped, 125) == pytest.approx(6, abs=0.3)


def test_without_gains_nothing_changes():
    plain = waves(200, 3_000)
    assert apply_tone(plain, FLAT, RATE) == pytest.approx(plain, abs=1e-6)


@pytest.mark.parametrize("length", [1, 7, 480, 24_001])
def test_the_length_and_the_level_are_kept(length):
    plain = 0.1 * np.random.default_rng(1).standard_normal(length).astype(np.float32)
    shaped = apply_tone(plain, (12, -12) * 18, RATE)
    assert (shaped.shape, shaped.dtype) == (plain.shape, np.float32)
    assert np.linalg.norm(shaped) == pytest.approx(np.linalg.norm(plain), rel=1e-4)


def test_silence_stays_silent():
    assert not apply_tone(np.zeros(100, np.float32), (12,) * len(BANDS), RATE).any()


def test_peaks_are_limited():
    shaped = apply_tone(np.sign(waves(125)), (-12, *FLAT[1:]), RATE)
    assert np.abs(shaped).max() <= 1


def test_the_filter_has_no_delay():
    click = np.zeros(4_001, np.float32)
    click[2_000] = 1
    shaped = apply_tone(click, (-6, 3, 0, 5, -4, 2, 0, -8, 6) * 4, RATE)
    assert np.abs(shaped).argmax() == 2_000
    assert shaped[2_000:] == pytest.approx(shaped[2_000::-1], abs=2e-3), "it is symmetrical"
