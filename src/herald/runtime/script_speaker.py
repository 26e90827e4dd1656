"""Synthesize scripts with the engine of this process."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from herald.jobs.job_price import LARGEST_FILE
from herald.jobs.ports import SpokenFile
from herald.jobs.script import LexiconReference, Script, Voices
from herald.pricing.pace import audio_per_second, threads_for
from herald.runtime.container import Dependencies
from herald.speech.engine import Engine, Stream
from herald.speech.lexicons import Lexicon
from herald.speech.memory import Memory, Sentences

_WARM_UP = "Ready."


class ScriptSpeaker:
    """Synthesizes scripts of one line: requests in real time, jobs and items of batches. Thread-safe."""

    def __init__(self, engine: Engine, lexicon: Callable[[LexiconReference], Lexicon]) -> None:
        """`lexicon` returns the content of a version."""
        self.engine = engine
        self._lexicon = lexicon

    @classmethod
    def of(cls, parts: Dependencies) -> "ScriptSpeaker":
        """Return a speaker with an engine for the memory of this function."""
        megabytes = parts.settings.memory_megabytes
        return cls(
            Engine(
                parts.catalog,
                threads=threads_for(megabytes),
                audio_per_second=lambda engine: audio_per_second(engine, megabytes),
            ),
            parts.lexicons.content,
        )

    def warm(self, voice: str) -> None:
        """Load a voice and all code that synthesis needs."""
        for format_name in ("mp3", "opus"):  # each loads a library of its own
            self.engine.speak(_WARM_UP, voice=voice, format=format_name)

    def speak(self, script: Script, *, time_left: Callable[[], float], max_bytes: float = LARGEST_FILE) -> SpokenFile:
        """Return the audio file of a script. Raise the errors of Engine.speak."""
        return self.speak_from_memory(script, time_left=time_left, max_bytes=max_bytes)[0]

    def speak_from_memory(
        self,
        script: Script,
        *,
        time_left: Callable[[], float],
        memory: Memory | None = None,
        max_bytes: float = LARGEST_FILE,
    ) -> tuple[SpokenFile, Sentences]:
        """Return the file, reusing sentences in `memory`, and how many sentences were synthesized and reused."""
        started = perf_counter()
        spoken = self.engine.speak(**self._settings(script), memory=memory, time_left=time_left, max_bytes=max_bytes)
        file = SpokenFile(
            file=spoken.file,
            seconds=spoken.seconds,
            sample_rate=spoken.sample_rate,
            media_type=spoken.format.media_type,
            processing_seconds=perf_counter() - started,
            voices=self._voices(script, spoken.voices),
        )
        return file, spoken.sentences

    def _voices(self, script: Script, spoken: Voices) -> Voices:
        """Return all voices of a script, including those for which a document has no text."""
        unused = script.voice_ids - spoken.keys()
        return {**spoken, **{name: self.engine.catalog.find(name) for name in unused}}

    def stream(
        self, script: Script, *, marks: bool, time_left: Callable[[], float], max_bytes: float = float("inf")
    ) -> Stream:
        """Return a stream of a file that is synthesized while it is sent. Raise the errors of Engine.stream."""
        return self.engine.stream(**self._settings(script), marks=marks, time_left=time_left, max_bytes=max_bytes)

    def _settings(self, script: Script) -> dict[str, Any]:
        """Return the arguments of Engine.speak and Engine.stream for a script."""
        (line,) = script.lines
        return {
            "text": line.text,
            "voice": line.voice,
            "speaker": line.speaker,
            "speed": script.speed,
            "format": script.response_format,
            "sample_rate": script.sample_rate,
            "pauses": script.pause.seconds,
            "text_format": script.text_format,
            "lexicons": [self._lexicon(reference) for reference in script.lexicons],
            "cast": {name: (member.voice, member.speaker) for name, member in script.cast.items()},
        }
