"""Herald's default voice."""

from pathlib import Path

from bench.engines.herald import Engine as Herald
from bench.files import default_voice
from herald.speech.voice import Voice


class Engine(Herald):
    """The default voice of Herald; it streams like every other."""

    def __init__(self, files: Path, threads: int) -> None:
        self._voice = Voice.load(default_voice(files), threads=threads)
        self.rate = self._voice.sample_rate
