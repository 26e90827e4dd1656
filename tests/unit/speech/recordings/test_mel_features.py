"""Mel spectra: their bands, their levels and their times."""

import numpy as np
import pytest

from herald.speech.recordings.recognizers import MELS, log_mels, mel_filters
from herald.speech.recordings.recording import RATE

FINE = 1 << 15
"""Samples of a spectrum that is fine enough to measure the filters."""
PEAKS = np.array(mel_filters(FINE)).argmax(axis=1) * RATE / FINE
"""The frequencies of the bands in Hz."""


def tone(frequency, *, seconds=1.0, peak=0.5):
    return (peak * np.sin(2 * np.pi * frequency * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def test_bands_are_linear_below_1000_hz_and_logarithmic_above():
    """Slaney's scale: 15 mels of 200/3 Hz, then 27 mels for each factor of 6.4; MELS + 2 edges divide it equally."""
    step = (15 + 27 * np.log(RATE / 2 / 1_000) / np.log(6.4)) / (MELS + 1)
    low, high = PEAKS[PEAKS < 1_000], PEAKS[PEAKS > 1_000]
    assert np.diff(low) == pytest.approx(step * 200 / 3, abs=1)
    assert high[1:] / high[:-1] == pytest.approx(6.4 ** (step / 27), rel=1e-3)
    assert len(PEAKS) == MELS


def test_bands_have_equal_areas():
    """So white noise has the same level in each band, however wide it is."""
    assert mel_filters(FINE).sum(axis=1) * RATE / FINE == pytest.approx(1, rel=1e-3)


@pytest.mark.parametrize("frequency", [300, 1_000, 3_000, 7_000])
def test_a_tone_is_loudest_in_its_band(frequency):
    mels = log_mels(tone(frequency))
    assert set(mels.argmax(axis=1)) == {np.abs(PEAKS - frequency).argmin()}


def test_levels_are_logarithms_of_powers():
    loud, soft = log_mels(tone(1_000)), log_mels(tone(1_000, peak=0.05))
    assert (loud - soft).max(axis=1) == pytest.approx(2, abs=0.01)


def test_silence_has_the_lowest_level():
    assert log_mels(np.zeros(RATE, np.float32)) == pytest.approx(-10)


@pytest.mark.parametrize(("samples", "rows"), [(0, 1), (100, 1), (512, 1), (671, 1), (672, 2), (RATE, 97)])
def test_there_is_a_row_for_each_hundredth_of_a_second(samples, rows):
    assert log_mels(np.ones(samples, np.float32)).shape == (rows, MELS)


def test_a_row_is_that_of_its_time():
    samples = np.concatenate([np.zeros(RATE // 2, np.float32), tone(1_000, seconds=0.5)])
    heard = log_mels(samples).max(axis=1) > 0
    assert not heard[:46].any()
    assert heard[51:].all()
