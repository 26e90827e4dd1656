"""Change the tone of speech, as an equalizer does."""

import numpy as np

from herald.speech.model import Floats
from herald.speech.voices.mixes import BANDS, Tone

_TAIL = 0.04
"""Seconds of the filter's response, which would otherwise wrap around from the end to the beginning."""


def with_tone(samples: Floats, tone: Tone, rate: int) -> Floats:
    """Return samples in a tone, of the same length and level. The filter has no delay."""
    size = len(samples) + round(_TAIL * rate)
    frequencies = np.maximum(np.fft.rfftfreq(size, 1 / rate), 1)
    gains = np.interp(np.log(frequencies), np.log(BANDS), tone)
    shaped = np.fft.irfft(np.fft.rfft(samples, size) * 10 ** (gains / 20), size)[: len(samples)]
    level = np.linalg.norm(samples) / max(float(np.linalg.norm(shaped)), 1e-9)
    limited: Floats = np.clip(shaped * level, -1, 1).astype(np.float32)
    return limited
