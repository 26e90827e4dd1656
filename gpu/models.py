"""The models of a store, loaded while they are used."""

from contextlib import AbstractContextManager
from functools import partial

from gpu.device import Device
from gpu.engines import LEARNERS, SpeakingModel, load
from gpu.objects import Objects
from gpu.shelf import Shelf, TimeLeft
from gpu.store import Store, size_of
from herald.errors import EngineNotInstalled, UnknownVoice
from herald.speech.voices.catalog import VoiceInfo


class Models:
    """Finds voices and lends their loaded models, up to `memory` bytes at a time. Thread-safe."""

    def __init__(self, store: Store, objects: Objects, *, device: Device, memory: int) -> None:
        self._store = store
        self._objects = objects
        self._device = device
        self._shelf: Shelf[SpeakingModel] = Shelf(memory)

    @property
    def loaded(self) -> list[str]:
        """The voices whose models are loaded."""
        return self._shelf.names

    def find(self, voice: str) -> VoiceInfo:
        """Return a voice with its files on this machine; raise UnknownVoice, VoiceNotPrepared or EngineNotInstalled."""
        try:
            return self._store.find(voice)
        except UnknownVoice:
            if voice not in LEARNERS:
                raise
            raise EngineNotInstalled(
                f"There is no model '{voice}' for cloned voices here. gpu/README.md says how to get and pack one; the "
                "method 'matched' needs none.",
                param="voice",
            ) from None

    def borrow(self, info: VoiceInfo, time_left: TimeLeft) -> AbstractContextManager[SpeakingModel]:
        """Lend the model of a voice, as Shelf.borrow does."""
        loading = partial(load, info.engine, info.path, self._device, self._objects)
        return self._shelf.borrow(info.id, size=size_of(info), load=loading, time_left=time_left)
