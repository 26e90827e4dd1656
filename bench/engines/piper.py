"""piper-tts with its defaults, except for the number of threads."""

from collections.abc import Callable
from pathlib import Path

import onnxruntime
from piper import PiperVoice

from bench.files import piper_model


def _limit_threads(threads: int) -> None:
    """Set the number of threads of every session; piper-tts does not, so that its default is all processors."""
    plain = onnxruntime.SessionOptions

    def limited() -> onnxruntime.SessionOptions:
        options = plain()
        options.intra_op_num_threads = threads
        return options

    onnxruntime.SessionOptions = limited


class Engine:
    """A voice of piper-tts, which streams by sentence."""

    def __init__(self, _: Path, threads: int) -> None:
        _limit_threads(threads)
        self._voice = PiperVoice.load(piper_model())
        self.rate = self._voice.config.sample_rate

    def speak(self, text: str, on_samples: Callable[[int], None]) -> None:
        """Synthesize a text sentence by sentence."""
        for chunk in self._voice.synthesize(text):
            on_samples(len(chunk.audio_float_array))

    def whole(self, text: str) -> int:
        """Synthesize a text at once."""
        return sum(len(chunk.audio_float_array) for chunk in self._voice.synthesize(text))
