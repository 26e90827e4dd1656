"""Load the models of a store on demand."""

from contextlib import AbstractContextManager
from functools import partial

from gpu.device import Device
from gpu.engines import CLONING_ENGINES, SpeakingModel, load
from gpu.model_cache import ModelCache, TimeLeft
from gpu.objects import Objects
from gpu.store import Store, size_of
from herald.errors import EngineNotInstalled, UnknownVoice
from herald.speech.voices.catalog import VoiceInfo


class Models:
    """Finds voices, and caches up to `memory` bytes of their loaded models. Thread-safe."""

    def __init__(self, store: Store, objects: Objects, *, device: Device, memory: int) -> None:
        self._store = store
        self._objects = objects
        self._device = device
        self._loaded: ModelCache[SpeakingModel] = ModelCache(memory)

    @property
    def loaded(self) -> list[str]:
        """The voices whose models are loaded."""
        return self._loaded.names

    def find(self, voice: str) -> VoiceInfo:
        """Return a voice with its files on this machine; raise UnknownVoice, VoiceNotPrepared or EngineNotInstalled."""
        try:
            return self._store.find(voice)
        except UnknownVoice:
            if voice not in CLONING_ENGINES:
                raise
            raise EngineNotInstalled(
                f"The container has no model '{voice}' for cloned voices. gpu/README.md describes how to get and pack "
                "one; the method 'matched' does not need it.",
                param="voice",
            ) from None

    def borrow(self, info: VoiceInfo, time_left: TimeLeft) -> AbstractContextManager[SpeakingModel]:
        """Return a context with the loaded model of a voice, as ModelCache.borrow does."""
        loading = partial(load, info.engine, info.path, self._device, self._objects)
        return self._loaded.borrow(info.id, size=size_of(info), load=loading, time_left=time_left)
