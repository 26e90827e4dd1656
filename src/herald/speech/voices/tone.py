"""The tone of a voice: gains of bands of frequency, as of an equalizer."""

import numpy as np

from herald.speech.model import Floats

BANDS = (125, 250, 500, 800, 1200, 1800, 2600, 3600, 5000, 6800)
"""Centres of the bands in Hz. Between them, decibels are interpolated by the logarithm of the frequency."""
MOST_GAIN = 12
"""In dB. More amplifies noise."""
_TAIL = 0.02
"""Seconds in which the filter has decayed by 60 dB."""

type Tone = tuple[int, ...]
"""The gain of each of BANDS in dB."""


def with_tone(samples: Floats, tone: Tone, rate: int) -> Floats:
    """Return samples in a tone, of the same length and level. The filter has no delay."""
    size = len(samples) + round(2 * _TAIL * rate)
    frequencies = np.maximum(np.fft.rfftfreq(size, 1 / rate), 1)
    gains = np.interp(np.log(frequencies), np.log(BANDS), tone)
    shaped = np.fft.irfft(np.fft.rfft(samples, size) * 10 ** (gains / 20), size)[: len(samples)]
    level = np.linalg.norm(samples) / max(float(np.linalg.norm(shaped)), 1e-9)
    limited: Floats = np.clip(shaped * level, -1, 1).astype(np.float32)
    return limited
