"""How long speaking will take, and how large the file will be, told from the script: for a price before the work."""

from herald.jobs.script import Script
from herald.speech.audio.formats import FORMATS
from herald.speech.audio.sizes import bytes_per_second, interpolated

CHARACTERS_PER_SECOND = 18.9
"""English at speed 1: 2,464 characters in 130.58 s; docs/performance.md, "page"."""
ENCODING_SECONDS = 0.005
"""Of a processor for a second of mp3: 56 ms for 11.7 s."""
LARGEST_FILE = 200 << 20
"""Bytes that the functions through which a file passes have memory for."""
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


def audio_seconds(script: Script) -> float:
    """How long the audio will last."""
    return script.characters / CHARACTERS_PER_SECOND / script.speed


def speaking_seconds(audio: float, megabytes: int) -> float:
    """How long a function of so much memory takes to speak so many seconds of audio."""
    return audio / audio_per_second(megabytes)


def audio_per_second(megabytes: int) -> float:
    """Return the seconds of audio that a function of so much memory computes in a second."""
    return interpolated(_SPEEDS, megabytes)


def gpu_seconds(audio: float) -> float:
    """How long a GPU takes to speak so many seconds of audio."""
    return audio * GPU_REAL_TIME_FACTOR


def file_bytes(script: Script, audio: float) -> int:
    """How large the file of so many seconds of audio will be."""
    return round(audio * bytes_per_second(FORMATS[script.response_format], script.sample_rate))
