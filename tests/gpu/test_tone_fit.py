"""The tone of a sample: found again, limited, and independent of level and pauses."""

import numpy as np
import pytest

from gpu.tone_fit import band_levels, fit_tone
from herald.speech.kokoro.kokoro_model import apply_tone
from herald.speech.kokoro.kokoro_speakers import BANDS
from herald.speech.recordings.recording import RATE

TONE = tuple(gain for gain in (-3, 2, 0, 4, -1, -4, 1, 3, 0, -2, 2, 0) for _ in range(3))


@pytest.fixture(scope="module")
def noise():
    """Return three seconds of noise with the slope of speech, and a pause in between."""
    random = np.random.default_rng(3).standard_normal(3 * RATE)
    spectrum = np.fft.rfft(random) / np.maximum(np.fft.rfftfreq(len(random), 1 / RATE), 100)
    samples = np.fft.irfft(spectrum)
    samples[RATE : 2 * RATE] *= 0.001
    return (0.1 * samples / np.abs(samples).max()).astype(np.float32)


def test_a_tone_is_found_again(noise):
    assert fit_tone(apply_tone(noise, TONE, RATE), noise) == pytest.approx(TONE, abs=1)


def test_of_equal_sounds_the_tone_is_flat(noise):
    assert fit_tone(0.2 * noise, noise) == (0,) * len(BANDS)


def test_pauses_do_not_count(noise):
    assert band_levels(np.concatenate([noise, np.zeros(RATE, np.float32)])) == pytest.approx(
        band_levels(noise), abs=0.3
    )


def test_gains_are_limited(noise):
    telephone = apply_tone(apply_tone(noise, (*[0] * 30, *[-12] * 6), RATE), (*[0] * 30, *[-12] * 6), RATE)
    gains = fit_tone(telephone, noise)
    assert gains[-5:] == (-9,) * 5
    assert max(gains) <= 9
