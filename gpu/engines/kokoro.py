"""Kokoro-82M, with Herald's own engine, and Japanese."""

from pathlib import Path

from gpu.device import Device
from gpu.objects import Objects
from gpu.phonemes import phonemize
from herald.speech.kokoro.kokoro_model import MODEL, Kokoro, check_packed


def load(folder: Path, device: Device, _: Objects) -> Kokoro:
    """Load a model packed by gpu.pack; raise VoiceNotPrepared if it is incomplete."""
    check_packed(folder)
    return Kokoro(folder, device.session(folder / MODEL), phonemize)
