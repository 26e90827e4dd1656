"""A heartbeat: what a worker repeats while it works, so that others learn within a minute or two that it died."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from types import TracebackType
from typing import Self

LEASE = timedelta(seconds=60)
"""How long a claimed job stays its worker's; renewed with every beat."""
HIDDEN_SECONDS = 75
"""How long SQS hides a message from each beat on: when a dead worker's message comes back, its lease is over."""
EVERY_SECONDS = 20.0
"""Between two beats: two of them may fail before a lease ends."""
_LONGEST_WAIT = 1.0
"""Seconds to wait at the end for a beat that is under way."""


class Heartbeat:
    """Calls `beat` in a thread, every so many seconds until the block is left; `failed` hears of what it raises."""

    def __init__(
        self,
        beat: Callable[[], object],
        *,
        failed: Callable[[Exception], object],
        every: float | None = None,
        at_once: bool = False,
    ) -> None:
        """Take what to call; `at_once` calls it a first time when the block is entered."""
        self._beat = beat
        self._failed = failed
        self._every = EVERY_SECONDS if every is None else every
        self._at_once = at_once
        self._over = Event()
        self._thread = Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join(_LONGEST_WAIT)

    def _run(self) -> None:
        if self._at_once:
            self._try()
        while not self._over.wait(self._every):
            self._try()

    def _try(self) -> None:
        try:
            self._beat()
        except Exception as error:  # noqa: BLE001  a beat that fails must not end those after it
            self._failed(error)
