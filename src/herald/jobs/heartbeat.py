"""Heartbeats: a worker renews its lease periodically, so that its death is detected within about two minutes."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from types import TracebackType
from typing import Self

LEASE = timedelta(seconds=60)
"""How long a worker holds a claimed job. Renewed with every beat."""
HIDDEN_SECONDS = 75
"""The visibility timeout that every beat sets. It outlasts the lease: when the message of a dead worker returns, the
job is free."""
EVERY_SECONDS = 20.0
"""The interval between beats. Two may fail before a lease ends."""
_JOIN_SECONDS = 1.0
"""How long to wait on exit for a beat that is in progress."""


class Heartbeat:
    """A context manager that calls `beat` periodically in a thread, and `failed` with any exception that it raises."""

    def __init__(
        self,
        beat: Callable[[], object],
        *,
        failed: Callable[[Exception], object],
        every: float | None = None,
        at_once: bool = False,
    ) -> None:
        """Set the callbacks and the interval `every` in seconds. `at_once` adds a first beat on entry."""
        self._beat = beat
        self._failed = failed
        self._every = EVERY_SECONDS if every is None else every
        self._at_once = at_once
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join(_JOIN_SECONDS)

    def _run(self) -> None:
        if self._at_once:
            self._beat_once()
        while not self._stopped.wait(self._every):
            self._beat_once()

    def _beat_once(self) -> None:
        try:
            self._beat()
        except Exception as error:  # noqa: BLE001  a failed beat must not stop the following ones
            self._failed(error)
