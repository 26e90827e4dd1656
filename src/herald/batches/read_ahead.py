"""Ordered read-ahead for blocking calls."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

_AT_ONCE = 16


def ahead[Argument, Result](
    call: Callable[[Argument], Result], arguments: Iterable[Argument], at_once: int = _AT_ONCE
) -> Iterator[Result]:
    """Yield `call(argument)` for each argument, in order.

    `at_once` threads make the calls, at most 2 * `at_once` of them ahead of the consumer. An exception of a call is
    raised when its result is due.
    """
    pending: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(at_once) as pool:
        for argument in arguments:
            pending.append(pool.submit(call, argument))
            if len(pending) == 2 * at_once:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
