"""Estimates from a script of the synthesis time and the file size, for prices and limits before the work."""

from herald.jobs.script import Script
from herald.speech.audio.formats import FORMATS
from herald.speech.audio.sizes import bytes_per_second, interpolated

CHARACTERS_PER_SECOND = 18.9
"""Of English at speed 1: 2,464 characters in 130.58 s; docs/performance.md, "page"."""
ENCODING_SECONDS = 0.005
"""Processor time to encode a second of mp3: 56 ms for 11.7 s."""
LARGEST_FILE = 200 << 20
"""In bytes. The functions that handle a file have enough memory for this size."""
SENTENCE_CHARACTERS = 50
"""The mean length of a sentence: 199.7 characters in the four of examples/appointments.txt."""
SENTENCE_BYTES = 88_200
"""The size of a second of cached audio: 22,050 Hz, float32."""
S3_READ_SECONDS, S3_WRITE_SECONDS = 0.04, 0.08
"""The latency of S3. Assumed; docs/costs.md explains what depends on it."""
COLD_START_SECONDS = 2.0
"""Assumed. 0.7 s of it is measured (docs/tuning.md); loading the code is not."""
GPU_REAL_TIME_FACTOR = 0.03
"""Seconds of GPU time for a second of audio. Assumed, not measured on the instance types of AWS."""

_SPEEDS = ((0, 0.0), (512, 5.75), (1_024, 11.31), (1_769, 19.92), (2_048, 20.70), (3_008, 29.06))
"""Seconds of audio that a function with a given memory in MB synthesizes in a second: the 7.41 s of the long sentence
divided by the times in docs/performance.md, "Memory, latency and price". More memory was not measured. arm64 was not
measured either, and is assumed to be as fast."""


def audio_seconds(script: Script) -> float:
    """Return the estimated duration of the audio in seconds."""
    return script.characters / CHARACTERS_PER_SECOND / script.speed


def speaking_seconds(audio: float, megabytes: int) -> float:
    """Return the seconds that a function with `megabytes` of memory takes for `audio` seconds of audio."""
    return audio / audio_per_second(megabytes)


def audio_per_second(megabytes: int) -> float:
    """Return the seconds of audio that a function with `megabytes` of memory synthesizes in a second."""
    return interpolated(_SPEEDS, megabytes)


def gpu_seconds(audio: float) -> float:
    """Return the seconds of GPU time for `audio` seconds of audio."""
    return audio * GPU_REAL_TIME_FACTOR


def file_bytes(script: Script, audio: float) -> int:
    """Return the estimated size in bytes of the file for `audio` seconds of audio."""
    return round(audio * bytes_per_second(FORMATS[script.response_format], script.sample_rate))
