"""Estimated sizes of audio files, by format and sample rate."""

from collections.abc import Sequence
from itertools import pairwise

from herald.speech.audio.formats import AudioFormat

_SIZES = {
    "mp3": ((12_000, 4_000.0), (16_000, 6_000.0), (24_000, 6_000.0), (32_000, 12_000.0), (48_000, 12_000.0)),
    "opus": ((8_000, 2_690.0), (16_000, 3_474.0), (24_000, 4_603.0), (48_000, 7_693.0)),
    "flac": ((8_000, 10_111.0), (16_000, 18_214.0), (22_050, 22_116.0), (48_000, 26_640.0)),
}
"""(Hz, bytes per second of speech) of the formats whose size depends on the audio, measured on 14.5 s of
en_US-joe-medium, 2026-11-22; and of MP3, whose bit rate is constant."""
_BYTES_PER_SAMPLE = {"PCM_16": 2, "ULAW": 1, "ALAW": 1}


def bytes_per_second(made: AudioFormat, sample_rate: int) -> float:
    """Return the bytes per second of speech in a format."""
    sizes = _SIZES.get(made.name)
    return interpolated(sizes, sample_rate) if sizes else sample_rate * _BYTES_PER_SAMPLE[made.coding]


def interpolated(points: Sequence[tuple[int, float]], at: int) -> float:
    """Interpolate linearly between points (x, y); beyond the first and the last point return their y."""
    if at <= points[0][0]:
        return points[0][1]
    for (low, least), (high, most) in pairwise(points):
        if at <= high:
            return least + (most - least) * (at - low) / (high - low)
    return points[-1][1]
