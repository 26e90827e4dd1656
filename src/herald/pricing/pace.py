"""The speed of each engine on processors like Lambda's, for expected prices and durations.

Lambda guarantees AVX2, so all values were measured without AVX-512. arm64 was not measured, and is assumed to be as
fast as x86_64.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MEGABYTES_PER_PROCESSOR = 1_769
"""AWS Lambda Developer Guide, "Configure Lambda function memory"."""
GPU_REAL_TIME_FACTOR = 0.03
"""Seconds of GPU time for a second of audio. Assumed, not measured on the instance types of AWS."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """The speed of an engine on CPU, and of its voices."""

    processor_seconds: float
    """Seconds that one processor takes for a second of audio, encoded as mp3."""
    second_processor: float
    """The work that a second processor does, as a fraction of that of the first. More processors were not measured."""
    characters: float
    """Characters of English text per second of audio at speed 1."""
    source: str

    def audio_per_second(self, megabytes: int) -> float:
        """Return the seconds of audio that a function with `megabytes` of memory synthesizes in a second."""
        share = min(megabytes / MEGABYTES_PER_PROCESSOR, 2.0)
        return (min(share, 1.0) + max(share - 1.0, 0.0) * self.second_processor) / self.processor_seconds


DEFAULT_ENGINE: Final = "spectral"
"""The engine of the default voice."""
PACES: Mapping[str, Pace] = {
    DEFAULT_ENGINE: Pace(
        processor_seconds=0.040,
        second_processor=0.30,
        characters=16.8,
        source="performance.md, long sentence: 350 ms for 8.74 s at 1,769 MB, 290 ms at 3,008 MB; page: 146.99 s",
    ),
    "piper": Pace(
        processor_seconds=0.130,
        second_processor=0.65,
        characters=18.3,
        source="en_US-joe-medium, measured 2026-11-27 with one thread and with two: 0.98 s and 0.65 s for 7.70 s; "
        "page: 134.99 s",
    ),
    "kokoro": Pace(
        processor_seconds=1.25,
        second_processor=0.60,
        characters=18.7,
        source="int8, af_heart, measured 2026-11-27 with AVX2: long sentence of 8.49 s at 1.25 s per second with one "
        "thread, 0.78 with two",
    ),
}
"""By the engine of a voice."""


def threads_for(megabytes: int) -> int:
    """Return the number of threads for a Lambda function of this memory: its vCPUs, rounded, at least one."""
    return max(1, round(megabytes / MEGABYTES_PER_PROCESSOR))


def pace_of(engine: str) -> Pace:
    """Return the pace of an engine. An unknown engine is assumed to be as slow as Piper."""
    return PACES.get(engine, PACES["piper"])


def text_seconds(characters: int, engine: str, speed: float) -> float:
    """Return the estimated seconds of audio of a text."""
    return characters / pace_of(engine).characters / speed


def audio_per_second(engine: str, megabytes: int) -> float:
    """Return the seconds of audio that an engine synthesizes in a second, in a function with `megabytes` of memory."""
    return pace_of(engine).audio_per_second(megabytes)


def speaking_seconds(audio: float, engine: str, megabytes: int) -> float:
    """Return the seconds that a function with `megabytes` of memory takes for `audio` seconds of audio."""
    return audio / audio_per_second(engine, megabytes)


def gpu_seconds(audio: float) -> float:
    """Return the seconds of GPU time for `audio` seconds of audio."""
    return audio * GPU_REAL_TIME_FACTOR
