"""piper-tts, as it comes but for the number of threads."""

from collections.abc import Callable
from pathlib import Path

import onnxruntime
from piper import PiperVoice

from bench.files import piper_model


def _limit_threads(threads: int) -> None:
    """Let every session have so many threads: piper-tts asks for none and gets as many as there are processors."""
    plain = onnxruntime.SessionOptions

    def limited() -> onnxruntime.SessionOptions:
        options = plain()
        options.intra_op_num_threads = threads
        return options

    onnxruntime.SessionOptions = limited


class Engine:
    """A voice of piper-tts, which yields sentence by sentence."""

    def __init__(self, _: Path, threads: int) -> None:
        _limit_threads(threads)
        self._voice = PiperVoice.load(piper_model())
        self.rate = self._voice.config.sample_rate

    def speak(self, text: str, heard: Callable[[int], None]) -> None:
        """Speak a text sentence by sentence."""
        for chunk in self._voice.synthesize(text):
            heard(len(chunk.audio_float_array))

    def whole(self, text: str) -> int:
        """Speak a text at once."""
        return sum(len(chunk.audio_float_array) for chunk in self._voice.synthesize(text))
