"""Speaks texts into files with any voice of a catalogue, and keeps the voices that are in use."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from herald.speech.audio.encoding import encode
from herald.speech.audio.formats import AudioFormat, find_format
from herald.speech.memory import Memory, Sentences
from herald.speech.voice import Voice
from herald.speech.voices.catalog import Catalog

_VOICES_KEPT = 4
"""Loaded voices kept at once; a medium one takes about 70 MB."""
_MEGABYTES_PER_PROCESSOR = 1_769  # AWS Lambda Developer Guide, "Configure Lambda function memory"


def threads_for(memory_megabytes: int) -> int:
    """Threads that a Lambda function of this memory has processors for, rounded to the nearest, at least one."""
    return max(1, round(memory_megabytes / _MEGABYTES_PER_PROCESSOR))


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A file that was spoken: its bytes, its format, Hz, and how many seconds it lasts, how its sentences came."""

    file: bytes
    format: AudioFormat
    sample_rate: int
    seconds: float
    sentences: Sentences


class Engine:
    """Loads voices when they are first asked for, and speaks."""

    def __init__(self, catalog: Catalog, *, threads: int) -> None:
        self.catalog = catalog
        self._threads = threads
        self._voice = lru_cache(_VOICES_KEPT)(self._load)

    def _load(self, voice: str) -> Voice:
        return Voice.load(self.catalog.find(voice).path, threads=self._threads)

    def speak(  # noqa: PLR0913  one for each thing that changes the file
        self,
        text: str,
        *,
        voice: str,
        speaker: str | None = None,
        speed: float = 1.0,
        format: str = "mp3",  # noqa: A002  OpenAI's word
        sample_rate: int | None = None,
        memory: Memory | None = None,
        time_left: Callable[[], float] = lambda: float("inf"),
    ) -> Spoken:
        """Speak a text into a file. What `memory` knows is not spoken again, by which no byte changes.

        InvalidInput for what cannot be spoken; OutOfTime once `time_left()` is below 0 seconds.
        """
        made, speaking = find_format(format), self._voice(voice)
        rate = made.rate_for(sample_rate, speaking.sample_rate)
        audio = speaking.synthesize(text, speed=speed, speaker=speaker, memory=memory, time_left=time_left)
        return Spoken(
            file=encode(audio, format, sample_rate=rate),
            format=made,
            sample_rate=rate,
            seconds=audio.seconds,
            sentences=audio.sentences,
        )
