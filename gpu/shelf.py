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
class _Place[Model]:
    """A slot, reserved before its model is loaded; `model` is None until then."""

    size: int
    model: Model | None = None
    users: int = 0


class Shelf[Model]:
    """Caches models up to a total of `limit` bytes. Models in use are not evicted. Thread-safe."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._places: OrderedDict[str, _Place[Model]] = OrderedDict()
        self._changed = threading.Condition()

    @property
    def names(self) -> list[str]:
        """The loaded models, the most recently used last."""
        with self._changed:
            return [name for name, place in self._places.items() if place.model is not None]

    @property
    def size(self) -> int:
        """Total bytes, including reservations."""
        return sum(place.size for place in self._places.values())

    @contextmanager
    def borrow(self, name: str, *, size: int, load: Callable[[], Model], time_left: TimeLeft) -> Iterator[Model]:
        """Yield a model, loaded if necessary; it is not evicted during the block.

        Wait while another thread loads it, or while models in use fill the memory. Raise ModelTooLarge if it exceeds
        the limit, OutOfTime when `time_left` reaches 0. Do not nest calls in one thread: two threads could deadlock.
        """
        place = self._take(name, size, time_left)
        try:
            yield place.model if place.model is not None else self._fill(place, load())
        finally:
            self._give_back(name, place)

    def _take(self, name: str, size: int, time_left: TimeLeft) -> _Place[Model]:
        """Return a slot with its model, or an empty one that only the caller may fill."""
        if size > self._limit:
            raise ModelTooLarge(f"The model {name} has {size} bytes; the limit of all models is {self._limit}.")
        with self._changed:
            while not (self._ready(name) or self._make_room(name, size)):
                if time_left() <= 0:
                    raise OutOfTime("No memory became available for the model within the time limit.")
                self._changed.wait(_POLL_SECONDS)
            place = self._places.setdefault(name, _Place(size))
            place.users += 1
            self._places.move_to_end(name)
            return place

    def _fill(self, place: _Place[Model], model: Model) -> Model:
        with self._changed:
            place.model = model
            self._changed.notify_all()
        return model

    def _ready(self, name: str) -> bool:
        place = self._places.get(name)
        return place is not None and place.model is not None

    def _make_room(self, name: str, size: int) -> bool:
        """Evict idle models if that makes room for a new one; return whether it fits."""
        if name in self._places:  # another thread is loading it
            return False
        idle = [(name, place.size) for name, place in self._places.items() if not place.users]
        if self.size - sum(bytes_ for _, bytes_ in idle) + size > self._limit:
            return False
        for other, _ in idle:
            if self.size + size <= self._limit:
                break
            del self._places[other]
        return True

    def _give_back(self, name: str, place: _Place[Model]) -> None:
        with self._changed:
            place.users -= 1
            if place.model is None:  # loading failed; the next caller tries again
                del self._places[name]
            self._changed.notify_all()
