"""sherpa-onnx, with the same graph, the same espeak-ng data and the voice's own scales, which are its defaults too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sherpa_onnx import OfflineTts, OfflineTtsConfig, OfflineTtsModelConfig, OfflineTtsVitsModelConfig

from bench.files import espeak_data, sherpa_files

_GO_ON = 1


class Engine:
    """A voice of sherpa-onnx, which calls back after each sentence."""

    def __init__(self, files: Path, threads: int) -> None:
        model, tokens = sherpa_files(files)
        vits = OfflineTtsVitsModelConfig(model=str(model), tokens=str(tokens), data_dir=str(espeak_data()))
        self._tts = OfflineTts(OfflineTtsConfig(model=OfflineTtsModelConfig(vits=vits, num_threads=threads)))
        self.rate = self._tts.sample_rate

    def speak(self, text: str, heard: Callable[[int], None]) -> None:
        """Speak a text sentence by sentence."""

        def tell(samples: Any, _: float) -> int:  # noqa: ANN401  an array; numpy is not imported for its name
            heard(len(samples))
            return _GO_ON

        self._tts.generate(text, 0, 1.0, tell)
