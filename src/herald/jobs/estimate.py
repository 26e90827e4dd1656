"""How long speaking will take, and how large the file will be, told from the script: for a price before the work."""

from collections.abc import Sequence
from itertools import pairwise

from herald.jobs.script import Script
from herald.speech.audio.formats import FORMATS

CHARACTERS_PER_SECOND = 18.9
"""English at speed 1: 2,464 characters in 130.58 s; docs/performance.md, "page"."""
ENCODING_SECONDS = 0.005
"""Of a processor for a second of mp3: 56 ms for 11.7 s."""
SENTENCE_CHARACTERS = 50
"""Of a sentence of examples/appointments.txt: 199.7 characters are four."""
SENTENCE_BYTES = 88_200
"""That a remembered second takes: 22,050 Hz, float32."""
S3_READ_SECONDS, S3_WRITE_SECONDS = 0.04, 0.08
"""Until S3 has answered. Assumed: docs/costs.md tells what hangs on it."""
COLD_START_SECONDS = 2.0
"""Assumed: 0.7 s of it is measured (docs/tuning.md), fetching the code is not."""
GPU_REAL_TIME_FACTOR = 0.03
"""Seconds of a GPU for a second of audio. Assumed, not measured on the instances that AWS rents out."""

_SPEEDS = ((0, 0.0), (512, 5.75), (1_024, 11.31), (1_769, 19.92), (2_048, 20.70), (3_008, 29.06))
"""Seconds of audio that a function of so many MB speaks in a second: 7.41 s by the times of docs/performance.md,
"Memory, latency and price", long sentence. More memory was not measured; arm64 neither, and is taken for as fast."""
_SIZES = {
    "mp3": ((8_000, 3_496.0), (16_000, 5_655.0), (22_050, 7_313.0), (48_000, 10_553.0)),
    "opus": ((8_000, 2_690.0), (16_000, 3_474.0), (24_000, 4_603.0), (48_000, 7_693.0)),
    "flac": ((8_000, 10_111.0), (16_000, 18_214.0), (22_050, 22_116.0), (48_000, 26_640.0)),
}
"""Bytes for a second of speech at so many Hz, where they depend on what is said: measured on 14.5 s of
en_US-joe-medium, on 2026-11-22."""
_BYTES_PER_SAMPLE = {"PCM_16": 2, "ULAW": 1, "ALAW": 1}


def audio_seconds(script: Script) -> float:
    """How long the audio will last."""
    return script.characters / CHARACTERS_PER_SECOND / script.speed


def speaking_seconds(audio: float, megabytes: int) -> float:
    """How long a function of so much memory takes to speak so many seconds of audio."""
    return audio / _between(_SPEEDS, megabytes)


def gpu_seconds(audio: float) -> float:
    """How long a GPU takes to speak so many seconds of audio."""
    return audio * GPU_REAL_TIME_FACTOR


def file_bytes(script: Script, audio: float) -> int:
    """How large the file of so many seconds of audio will be."""
    rate, made = script.sample_rate, FORMATS[script.response_format]
    sizes = _SIZES.get(made.name)
    return round(audio * (_between(sizes, rate) if sizes else rate * _BYTES_PER_SAMPLE[made.coding]))


def _between(points: Sequence[tuple[int, float]], at: int) -> float:
    """The value at a place on the straight lines between points; beyond the last one, its value."""
    for (low, least), (high, most) in pairwise(points):
        if at <= high:
            return least + (most - least) * (at - low) / (high - low)
    return points[-1][1]
