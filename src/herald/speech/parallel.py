"""Work done side by side, its results in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Executor


class Begun[Result]:
    """Work that was begun in a thread of its own."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._work = work
        self._error: Exception | None = None
        self._thread = Thread(target=self._run)
        self._thread.start()

    def result(self) -> Result:
        """Wait for it; raise what it raised."""
        self._thread.join()
        if self._error:
            raise self._error
        return self._made

    def _run(self) -> None:
        try:
            self._made = self._work()
        except Exception as error:  # noqa: BLE001  raised where the result is asked for
            self._error = error


class Threads:
    """Threads that work side by side. There are none before there is work: the first sound is made without them."""

    def __init__(self, count: int) -> None:
        self._count = count

    @cached_property
    def pool(self) -> "Executor":
        """The threads, and what hands out work to them."""
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  nor need that sound wait for its modules

        return ThreadPoolExecutor(self._count)

    def map[Item, Result](self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results of some work on each item, in order."""
        return self.pool.map(work, items)

    def end(self) -> None:
        """Wait for the work that was begun, and do no more."""
        if "pool" in vars(self):
            self.pool.shutdown(cancel_futures=True)


def in_order[Item, Result](
    pool: "Executor", work: Callable[[Item], Result], items: Iterable[Item], *, ahead: int
) -> Iterator[Result]:
    """Begin work on the first `ahead` items at once, and on each further one as a result is taken."""
    left = iter(items)
    begun = deque(pool.submit(work, item) for item in islice(left, ahead))

    def results() -> Iterator[Result]:
        while begun:
            result = begun.popleft().result()
            begun.extend(pool.submit(work, item) for item in islice(left, 1))
            yield result

    return results()
