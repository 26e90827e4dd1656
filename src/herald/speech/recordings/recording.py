"""Read recordings, in any format that libsndfile decodes, as mono samples at RATE, and measure their levels."""

import hashlib
import io
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import soundfile
import soxr

from herald.errors import UnreadableRecording
from herald.speech.model import Floats

_FRAME, _HOP = 0.025, 0.010
"""Seconds."""
_LOUD, _QUIET = 95, 10
"""Percentiles of the frame levels that are the level of speech, and of pauses between and within words."""
_BELOW_SPEECH, _ABOVE_NOISE = 25.0, 6.0
"""A frame is speech if it is at most this many dB below the loud frames, and this many dB above the noise."""
_SILENT = 1e-10
"""Power of -100 dB, added so that digital silence has a level."""
_AT_PEAK, _FLAT = 0.99, 3
"""Clipped samples are at least this fraction of the peak, and at least this many are consecutive."""


class Levels(NamedTuple):
    """Measurements of a recording. Levels are in dB, relative to full scale."""

    speech_seconds: float
    """Duration of the frames that are as loud as speech."""
    speech_db: float
    """Level of speech."""
    noise_below_db: float
    """How much quieter the noise is than the speech."""
    clipped: float
    """Share of samples that are clipped."""


def measure(samples: Floats, rate: int, clipped: float) -> Levels:
    """Return the levels of mono samples; `clipped` was measured before they were resampled."""
    frame, hop = round(rate * _FRAME), round(rate * _HOP)
    if len(samples) < frame:
        return Levels(0.0, -100.0, 0.0, clipped)
    centred = samples.astype(np.float64) - samples.mean()
    sums = np.concatenate([[0.0], np.cumsum(centred**2)])
    starts = np.arange(0, len(samples) - frame + 1, hop)
    levels = 10 * np.log10(np.maximum(sums[starts + frame] - sums[starts], 0) / frame + _SILENT)
    loud, quiet = np.percentile(levels, (_LOUD, _QUIET))
    is_speech = (levels > loud - _BELOW_SPEECH) & (levels > quiet + _ABOVE_NOISE)
    return Levels(float(is_speech.sum() * _HOP), float(loud), float(loud - quiet), clipped)


def clipped_share(samples: Floats) -> float:
    """Return the share of samples in runs at the peak, which result from the limits of a recorder."""
    magnitudes = np.abs(samples)
    peak = magnitudes.max(initial=0.0)
    if peak == 0:
        return 0.0
    at_peak = np.concatenate([[False], magnitudes >= _AT_PEAK * peak, [False]])
    edges = np.flatnonzero(np.diff(at_peak.astype(np.int8)))
    lengths = edges[1::2] - edges[::2]
    return float(lengths[lengths >= _FLAT].sum() / len(samples))


RATE = 16_000
"""Sample rate in Hz of the models that transcribe and compare recordings."""
FORMATS = "WAV, FLAC, MP3 and Ogg (Opus or Vorbis)"
_LOWEST_RATE, _HIGHEST_RATE = 8_000, 96_000
_MOST_CHANNELS = 2


@dataclass(frozen=True)
class Recording:
    """A recording, or its first seconds."""

    samples: Floats
    """Mono, with RATE."""
    levels: Levels
    digest: str
    """SHA-256 of the file, in hexadecimal digits."""

    @property
    def seconds(self) -> float:
        """The duration."""
        return len(self.samples) / RATE


def read_recording(data: bytes, *, longest: float) -> Recording:
    """Return the recording in a file, at most its first `longest` seconds; raise UnreadableRecording."""
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            rate, channels = file.samplerate, file.channels
            if not _LOWEST_RATE <= rate <= _HIGHEST_RATE or channels > _MOST_CHANNELS:
                raise UnreadableRecording(
                    f"It has {rate} Hz and {channels} channels. Record with {_LOWEST_RATE} to {_HIGHEST_RATE} Hz, "
                    "mono or stereo."
                )
            sound = file.read(round(longest * rate), dtype="float32", always_2d=True)
    except soundfile.SoundFileError as error:
        raise UnreadableRecording(f"It is damaged or not one of {FORMATS}.") from error
    if not np.isfinite(sound).all():
        raise UnreadableRecording("It contains samples that are not numbers. Export it again.")
    mono: Floats = sound.mean(axis=1)
    if rate != RATE:
        mono = soxr.resample(mono, rate, RATE)
    clipped = max((clipped_share(sound[:, channel]) for channel in range(channels)), default=0.0)
    return Recording(mono, measure(mono, RATE, clipped), hashlib.sha256(data).hexdigest())
