"""Synthesize jobs with Kokoro's voices on CPU."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from time import perf_counter

from herald.errors import UnknownVoice, VoiceNotPrepared
from herald.jobs.job_price import LARGEST_FILE
from herald.jobs.ports import Speaker, SpokenFile
from herald.jobs.script import LexiconReference, Script
from herald.pricing.pace import audio_per_second, threads_for
from herald.runtime.container import Dependencies
from herald.speech.kokoro import kokoro_engine
from herald.speech.kokoro.kokoro_model import Kokoro
from herald.speech.lexicons import Lexicon
from herald.speech.voices.catalog import Catalog, VoiceInfo


class KokoroSpeaker(Speaker):
    """Synthesizes scripts of one line. One model is kept in memory. Thread-safe."""

    def __init__(self, catalog: Catalog, lexicon: Callable[[LexiconReference], Lexicon], *, megabytes: int) -> None:
        """`lexicon` returns the content of a version."""
        self._catalog = catalog
        self._lexicon = lexicon
        self._megabytes = megabytes
        self._loading = Lock()
        self._loaded: tuple[Path, Kokoro] | None = None
        catalog.removed = self._forget

    @classmethod
    def of(cls, parts: Dependencies) -> "KokoroSpeaker":
        """Return a speaker for the memory of this function."""
        return cls(parts.catalog, parts.lexicons.content, megabytes=parts.settings.memory_megabytes)

    def speak(self, script: Script, *, time_left: Callable[[], float]) -> SpokenFile:
        """Return the audio file of a script. Raise VoiceNotPrepared if the model is not published."""
        (line,) = script.lines
        started = perf_counter()
        info = self._ready(line.voice)
        spoken = kokoro_engine.speak(
            self._model(info),
            line.text,
            speaker=line.speaker,
            language=line.language,
            speed=script.speed,
            format=script.response_format,
            sample_rate=script.sample_rate,
            text_format=script.text_format,
            lexicons=[self._lexicon(reference) for reference in script.lexicons],
            time_left=time_left,
            max_bytes=LARGEST_FILE,
            audio_per_second=audio_per_second("kokoro", self._megabytes),
        )
        return SpokenFile(
            file=spoken.file,
            seconds=spoken.seconds,
            sample_rate=spoken.sample_rate,
            media_type=spoken.format.media_type,
            processing_seconds=perf_counter() - started,
            voices={line.voice: info},
        )

    def _ready(self, voice: str) -> VoiceInfo:
        try:
            return self._catalog.ready(voice)
        except UnknownVoice:
            raise VoiceNotPrepared(
                f"The model of the voice {voice} is not published. Pack it (gpu/README.md), then run "
                f"'herald voices publish .local/models/{voice}'."
            ) from None

    def _model(self, info: VoiceInfo) -> Kokoro:
        with self._loading:
            if self._loaded is None or self._loaded[0] != info.path:
                self._loaded = None  # two would not fit into the memory
                self._loaded = (info.path, kokoro_engine.load(info.path, threads_for(self._megabytes)))
            return self._loaded[1]

    def _forget(self, path: Path) -> None:
        with self._loading:
            if self._loaded and self._loaded[0] == path:
                self._loaded = None
