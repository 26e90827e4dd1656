"""Herald."""

from collections.abc import Callable
from pathlib import Path

from bench.files import herald_voice
from herald.speech.voice import Voice


class Engine:
    """A voice of Herald's own."""

    def __init__(self, files: Path, threads: int) -> None:
        self._voice = Voice.load(herald_voice(files), threads=threads)
        self.rate = self._voice.sample_rate

    def speak(self, text: str, heard: Callable[[int], None]) -> None:
        """Stream a text."""
        for chunk in self._voice.stream(text):
            heard(len(chunk.samples))

    def whole(self, text: str) -> int:
        """Speak a text at once."""
        return len(self._voice.synthesize(text).samples)
