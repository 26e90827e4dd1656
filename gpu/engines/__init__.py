"""The engines. A new one is a module here with a `load`, and its name in ENGINES: what the cards of its voices say."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol

from gpu.device import Device
from herald.speech.model import Floats

ENGINES = ("piper", "kokoro", "clone")


class SpeakingModel(Protocol):
    """A loaded model. Several threads may use it at once."""

    sample_rate: int
    """Hz of what it makes."""

    def speak(self, text: str, *, speaker: str | None, language: str | None, speed: float) -> Iterator[Floats]:
        """Mono samples in [-1, 1], piece by piece. The same arguments give the same samples."""
        ...


def load(engine: str, folder: Path, device: Device) -> SpeakingModel:
    """Load a model from its folder. An engine is imported when its first model is."""
    model: SpeakingModel = import_module(f"gpu.engines.{engine}").load(folder, device)
    return model
