"""The end of a worker process: SIGTERM, and the time that is left after it."""

import signal
from collections.abc import Callable
from threading import Event
from time import monotonic

DRAIN_SECONDS = 25.0
"""Seconds that a job in progress has after SIGTERM, less than Kubernetes' default of 30 until SIGKILL."""


class Shutdown:
    """A request to end this process. The job in progress may still end within the drain time."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._requested = Event()
        self._deadline = float("inf")

    def on_signals(self) -> None:
        """Request the end on SIGTERM and SIGINT. Only the main thread can call this."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.request())

    def request(self) -> None:
        """Start to drain. Later requests do not extend the drain time."""
        if not self.requested():
            self._deadline = self._clock() + DRAIN_SECONDS
            self._requested.set()

    def requested(self) -> bool:
        """Return whether the process shall end."""
        return self._requested.is_set()

    def wait(self, seconds: float) -> None:
        """Wait, but not longer than until the end is requested."""
        self._requested.wait(seconds)

    def seconds_left(self) -> float:
        """Return the seconds until the end of the drain time: infinite before the end is requested."""
        return self._deadline - self._clock()
