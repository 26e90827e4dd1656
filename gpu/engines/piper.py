"""Piper voices, with Herald's own engine. They run on the CPU even if there is a GPU; they are fast enough."""

from collections.abc import Iterator
from pathlib import Path

from gpu.device import Device
from gpu.objects import Objects
from herald.speech.model import Floats
from herald.speech.voice import Voice


class Piper:
    """A prepared Piper voice."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self.sample_rate = voice.sample_rate

    def speak(self, text: str, *, speaker: str | None, language: str | None, speed: float) -> Iterator[Floats]:  # noqa: ARG002  a voice has one language
        """Yield mono samples in chunks."""
        for chunk in self._voice.stream(text, speed=speed, speaker=speaker):
            yield chunk.samples


def load(folder: Path, device: Device, _: Objects) -> Piper:
    """Load a voice prepared by `herald voices build`."""
    return Piper(Voice.load(folder, threads=device.threads))
