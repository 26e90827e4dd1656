"""The engines. An engine is a module with a `load` function; ENGINES lists the names that cards may use."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol

from gpu.device import Device
from herald.speech.model import Floats

ENGINES = ("piper", "spectral", "kokoro", "clone")


class SpeakingModel(Protocol):
    """A loaded model. Implementations must be thread-safe."""

    sample_rate: int
    """Sample rate of its audio in Hz."""

    def speak(self, text: str, *, speaker: str | None, language: str | None, speed: float) -> Iterator[Floats]:
        """Yield mono samples in [-1, 1]. Deterministic: the same arguments give the same samples."""
        ...


def load(engine: str, folder: Path, device: Device) -> SpeakingModel:
    """Load a model from its folder; import its engine on first use."""
    model: SpeakingModel = import_module(f"gpu.engines.{engine}").load(folder, device)
    return model
