"""piper-tts with its defaults, except for the number of threads."""

from collections.abc import Callable
from pathlib import Path
from time import process_time

import numpy as np
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

    def files(self, texts: list[str]) -> dict[str, float]:
        """Synthesize texts as files; return CPU seconds: of the synthesis, and of each format with Herald's encoder."""
        from herald.speech import encode  # noqa: PLC0415  not a part of piper-tts
        from herald.speech.voice import AudioChunk  # noqa: PLC0415

        cpu = dict.fromkeys(("synthesis", "mp3", "opus", "audio"), 0.0)
        for text in texts:
            began = process_time()
            samples = np.concatenate([chunk.audio_float_array for chunk in self._voice.synthesize(text)])
            cpu["synthesis"] += process_time() - began
            cpu["audio"] += len(samples) / self.rate
            for name in ("mp3", "opus"):
                began = process_time()
                encode(AudioChunk(samples.astype(np.float32), self.rate), name)
                cpu[name] += process_time() - began
        return cpu
