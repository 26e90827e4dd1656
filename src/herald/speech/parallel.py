"""Run work in threads, with results in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Executor


class BackgroundCall[Result]:
    """A call running in its own thread."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._work = work
        self._error: Exception | None = None
        self._thread = Thread(target=self._run)
        self._thread.start()

    def result(self) -> Result:
        """Wait for the call; return its result or raise its exception."""
        self._thread.join()
        if self._error:
            raise self._error
        return self._result

    def _run(self) -> None:
        try:
            self._result = self._work()
        except Exception as error:  # noqa: BLE001  raised by result()
            self._error = error


class Threads:
    """A thread pool, created on first use; the first audio is computed without it."""

    def __init__(self, count: int) -> None:
        self._count = count

    @cached_property
    def pool(self) -> "Executor":
        """The executor, created on first use."""
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  not needed for the first audio

        return ThreadPoolExecutor(self._count)

    def map[Item, Result](self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the result of `work` for each item, in order."""
        return self.pool.map(work, items)

    def end(self) -> None:
        """Wait for running work and cancel the rest."""
        if "pool" in vars(self):
            self.pool.shutdown(cancel_futures=True)


def map_in_order[Item, Result](
    pool: "Executor", work: Callable[[Item], Result], items: Iterable[Item], *, ahead: int
) -> Iterator[Result]:
    """Submit the first `ahead` items at once, and another as each result is consumed; yield results in order."""
    left = iter(items)
    pending = deque(pool.submit(work, item) for item in islice(left, ahead))

    def results() -> Iterator[Result]:
        while pending:
            result = pending.popleft().result()
            pending.extend(pool.submit(work, item) for item in islice(left, 1))
            yield result

    return results()
