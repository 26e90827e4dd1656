"""Work done side by side, its results in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from itertools import islice


def in_order[Item, Result](
    pool: Executor, work: Callable[[Item], Result], items: Iterable[Item], *, ahead: int
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
