"""LRU cache of loaded models with a memory limit."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from herald.errors import ModelTooLarge, OutOfTime

_POLL_SECONDS = 1.0
"""Seconds between checks of the time limit while waiting for memory."""


type TimeLeft = Callable[[], float]
"""Returns the seconds left for a request; 0 if its response is no longer needed."""


@dataclass
class _Slot[Model]:
    """A slot, reserved before its model is loaded; `model` is None until then."""

    size: int
    model: Model | None = None
    users: int = 0


class ModelCache[Model]:
    """Caches models up to a total of `limit` bytes. Models in use are not evicted. Thread-safe."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._slots: OrderedDict[str, _Slot[Model]] = OrderedDict()
        self._changed = threading.Condition()

    @property
    def names(self) -> list[str]:
        """The names of the loaded models, the most recently used last."""
        with self._changed:
            return [name for name, slot in self._slots.items() if slot.model is not None]

    @property
    def size(self) -> int:
        """Total bytes, including reservations."""
        return sum(slot.size for slot in self._slots.values())

    @contextmanager
    def borrow(self, name: str, *, size: int, load: Callable[[], Model], time_left: TimeLeft) -> Iterator[Model]:
        """Yield a model, loaded if necessary; it is not evicted during the block.

        Wait while another thread loads it, or while models in use fill the memory. Raise ModelTooLarge if it exceeds
        the limit, OutOfTime when `time_left` reaches 0. Do not nest calls in one thread: two threads could deadlock.
        """
        slot = self._acquire(name, size, time_left)
        try:
            yield slot.model if slot.model is not None else self._fill(slot, load())
        finally:
            self._release(name, slot)

    def _acquire(self, name: str, size: int, time_left: TimeLeft) -> _Slot[Model]:
        """Return a slot with its model, or an empty one that only the caller may fill."""
        if size > self._limit:
            raise ModelTooLarge(f"The model {name} has {size} bytes; the limit of all models is {self._limit}.")
        with self._changed:
            while not (self._is_loaded(name) or self._make_room(name, size)):
                if time_left() <= 0:
                    raise OutOfTime("No memory became available for the model within the time limit.")
                self._changed.wait(_POLL_SECONDS)
            slot = self._slots.setdefault(name, _Slot(size))
            slot.users += 1
            self._slots.move_to_end(name)
            return slot

    def _fill(self, slot: _Slot[Model], model: Model) -> Model:
        with self._changed:
            slot.model = model
            self._changed.notify_all()
        return model

    def _is_loaded(self, name: str) -> bool:
        slot = self._slots.get(name)
        return slot is not None and slot.model is not None

    def _make_room(self, name: str, size: int) -> bool:
        """Evict idle models if that makes room for a new one; return whether it fits."""
        if name in self._slots:  # another thread is loading it
            return False
        idle = [(name, slot.size) for name, slot in self._slots.items() if not slot.users]
        if self.size - sum(idle_size for _, idle_size in idle) + size > self._limit:
            return False
        for other, _ in idle:
            if self.size + size <= self._limit:
                break
            del self._slots[other]
        return True

    def _release(self, name: str, slot: _Slot[Model]) -> None:
        with self._changed:
            slot.users -= 1
            if slot.model is None:  # loading failed; the next caller tries again
                del self._slots[name]
            self._changed.notify_all()
