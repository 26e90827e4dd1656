"""hibari-tts as it comes, whose model Herald's default voice is made from."""

from collections.abc import Callable
from pathlib import Path

from hibari import Hibari


class Engine:
    """The voice of hibari-tts, which streams by sentence."""

    def __init__(self, _: Path, threads: int) -> None:
        self._voice = Hibari(threads=threads)
        self.rate = self._voice.sample_rate

    def speak(self, text: str, on_samples: Callable[[int], None]) -> None:
        """Synthesize a text sentence by sentence."""
        for samples in self._voice.stream(text, seed=0):
            on_samples(len(samples))

    def whole(self, text: str) -> int:
        """Synthesize a text at once."""
        return len(self._voice(text, seed=0))
