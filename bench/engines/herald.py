"""Herald."""

from collections.abc import Callable
from pathlib import Path

from bench.files import herald_voice
from herald.speech.voice import Voice


class Engine:
    """A voice of Herald."""

    def __init__(self, files: Path, threads: int) -> None:
        self._voice = Voice.load(herald_voice(files), threads=threads)
        self.rate = self._voice.sample_rate

    def speak(self, text: str, on_samples: Callable[[int], None]) -> None:
        """Stream a text."""
        for chunk in self._voice.stream(text):
            on_samples(len(chunk.samples))

    def whole(self, text: str) -> int:
        """Synthesize a text at once."""
        return len(self._voice.synthesize(text).samples)
