"""The engines. An engine is a module with a `load` function; ENGINES lists the names that cards may use."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol, runtime_checkable

from gpu.device import Device
from gpu.objects import Objects
from herald.speech.model import Floats

ENGINES = ("piper", "spectral", "kokoro", "pocket")
CLONING_ENGINES = frozenset({"pocket"})
"""Engines whose models clone voices: each is a CloningModel."""


class SpeakingModel(Protocol):
    """A loaded model. Implementations must be thread-safe."""

    sample_rate: int
    """Sample rate of its audio in Hz."""

    def speak(self, text: str, *, speaker: str | None, language: str | None, speed: float) -> Iterator[Floats]:
        """Yield mono samples in [-1, 1]. Deterministic: the same arguments give the same samples."""
        ...


@runtime_checkable
class CloningModel(SpeakingModel, Protocol):
    """A model that clones a voice from a recording. Its speakers are the addresses of the data of cloned voices."""

    def clone(self, samples: Floats) -> bytes:
        """Return the data of the voice in mono samples at `sample_rate`."""
        ...


def load(engine: str, folder: Path, device: Device, objects: Objects) -> SpeakingModel:
    """Load a model from its folder; import its engine on first use. Models that clone read voices from `objects`."""
    model: SpeakingModel = import_module(f"gpu.engines.{engine}").load(folder, device, objects)
    return model
