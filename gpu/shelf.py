"""Loaded models within a limit of memory: those least recently used make room for others."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from herald.errors import ModelTooLarge, OutOfTime

_LOOK_AGAIN = 1.0
"""Seconds after which who waits looks whether he still has time."""


@dataclass
class _Place[Model]:
    """A model's place, taken before it is loaded: `model` is None until it is."""

    size: int
    model: Model | None = None
    users: int = 0


class Shelf[Model]:
    """Keeps models of a `limit` of bytes together. One that is in use stays."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._places: OrderedDict[str, _Place[Model]] = OrderedDict()
        self._changed = threading.Condition()

    @property
    def names(self) -> list[str]:
        """The models that are loaded, the one used last at the end."""
        with self._changed:
            return [name for name, place in self._places.items() if place.model is not None]

    @property
    def size(self) -> int:
        """Bytes that are taken."""
        return sum(place.size for place in self._places.values())

    @contextmanager
    def borrow(
        self, name: str, *, size: int, load: Callable[[], Model], time_left: Callable[[], float]
    ) -> Iterator[Model]:
        """A model, loaded if it is not here; it stays until given back.

        Waits while others load it, or use all the memory. ModelTooLarge where it never fits, OutOfTime when `time_left`
        is over. Whoever holds one model must not ask for a second: two that do so might wait for each other.
        """
        place = self._take(name, size, time_left)
        try:
            yield place.model if place.model is not None else self._fill(place, load())
        finally:
            self._give_back(name, place)

    def _take(self, name: str, size: int, time_left: Callable[[], float]) -> _Place[Model]:
        """A place, with its model in it or for the caller alone to fill."""
        if size > self._limit:
            raise ModelTooLarge(f"The model {name} takes {size} bytes; all together may take {self._limit}.")
        with self._changed:
            while not (self._ready(name) or self._make_room(name, size)):
                if time_left() <= 0:
                    raise OutOfTime("There was no memory for the model in time.")
                self._changed.wait(_LOOK_AGAIN)
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
        """Whether a new model fits, once others have gone; nothing goes where that would not be enough."""
        if name in self._places:  # somebody is loading it
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
            if place.model is None:  # loading failed; the next one tries for himself
                del self._places[name]
            self._changed.notify_all()
