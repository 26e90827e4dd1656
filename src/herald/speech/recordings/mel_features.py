"""Mel spectra as the speaker encoder was trained with: librosa's defaults, without librosa."""

import numpy as np

from herald.speech.model import Floats
from herald.speech.recordings.recording import RATE

MELS = 40
_FFT, _WINDOW, _HOP = 512, 400, 160
_LINEAR_STEP, _LOG_FROM = 200 / 3, 1000.0
_LOG_STEP = np.log(6.4) / 27
"""Slaney's scale, as in his Auditory Toolbox: linear below 1,000 Hz, logarithmic above."""
_FLOOR = 1e-10


def log_mels(samples: Floats) -> Floats:
    """Return the logarithms of mel powers, a row of MELS for each hundredth of a second."""
    padded = np.pad(samples, (0, max(0, _FFT - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP]
    margin = (_FFT - _WINDOW) // 2
    window = np.pad(np.hamming(_WINDOW + 1)[:-1], margin)
    power = np.abs(np.fft.rfft(frames * window)) ** 2
    return np.log10(power @ mel_filters(_FFT).T + _FLOOR).astype(np.float32)


def mel_filters(fft: int) -> Floats:
    """Return triangular filters of equal area, one row for each of MELS bands, for spectra of `fft` samples."""
    top = _LOG_FROM / _LINEAR_STEP + np.log(RATE / 2 / _LOG_FROM) / _LOG_STEP
    mels = np.linspace(0, top, MELS + 2)
    knee = _LOG_FROM / _LINEAR_STEP
    edges = np.where(mels < knee, mels * _LINEAR_STEP, _LOG_FROM * np.exp(_LOG_STEP * (mels - knee)))
    bins = np.fft.rfftfreq(fft, 1 / RATE)
    slopes = edges[:, None] - bins[None, :]
    widths = np.diff(edges)[:, None]
    triangles = np.maximum(0, np.minimum(-slopes[:-2] / widths[:-1], slopes[2:] / widths[1:]))
    filters: Floats = (triangles * (2 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)
    return filters
