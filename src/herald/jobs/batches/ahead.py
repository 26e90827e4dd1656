"""Calls that wait for a service, several at once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

_AT_ONCE = 16


def ahead[Given, Got](call: Callable[[Given], Got], given: Iterable[Given], at_once: int = _AT_ONCE) -> Iterator[Got]:
    """What `call` gives for each, in order; few are called before they are needed."""
    waiting: deque[Future[Got]] = deque()
    with ThreadPoolExecutor(at_once) as pool:
        for one in given:
            waiting.append(pool.submit(call, one))
            if len(waiting) == 2 * at_once:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
