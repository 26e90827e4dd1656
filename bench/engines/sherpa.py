"""sherpa-onnx with the same graph, espeak-ng data and scales; the voice's scales are its defaults."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sherpa_onnx import OfflineTts, OfflineTtsConfig, OfflineTtsModelConfig, OfflineTtsVitsModelConfig

from bench.files import espeak_data, sherpa_files

_CONTINUE = 1


class Engine:
    """A voice of sherpa-onnx, which calls back after each sentence."""

    def __init__(self, files: Path, threads: int) -> None:
        model, tokens = sherpa_files(files)
        vits = OfflineTtsVitsModelConfig(model=str(model), tokens=str(tokens), data_dir=str(espeak_data()))
        self._tts = OfflineTts(OfflineTtsConfig(model=OfflineTtsModelConfig(vits=vits, num_threads=threads)))
        self.rate = self._tts.sample_rate

    def speak(self, text: str, on_samples: Callable[[int], None]) -> None:
        """Synthesize a text sentence by sentence."""

        def report(samples: Any, _: float) -> int:  # noqa: ANN401  an array; numpy is not imported just for its type
            on_samples(len(samples))
            return _CONTINUE

        self._tts.generate(text, 0, 1.0, report)
