"""Requests that come when they come, and not when the one before is answered (no coordinated omission)."""

import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from time import monotonic

from bench.requests.environment import Event, Handled

_LEAD = 0.5
"""Seconds from the order to the first request."""


@dataclass(frozen=True)
class Request:
    """What became of one request; times in seconds."""

    number: int
    environment: int
    late: float
    """From when it came to the end of its answer, with its wait for an environment."""
    handled: Handled


def arrivals(rate: float, seconds: float, seed: int = 1) -> Iterator[float]:
    """When requests come: by chance, as from callers who know nothing of each other (a Poisson process)."""
    chance, at = random.Random(seed), 0.0  # noqa: S311  nothing secret
    while (at := at + chance.expovariate(rate)) < seconds:
        yield at


def send(environments: Sequence[Connection], times: Iterator[float], event: Callable[[int], Event]) -> list[Request]:
    """Send a request at each of the times, to an environment that is idle, or as soon as one is."""
    start = monotonic() + _LEAD
    due = deque((number, start + at) for number, at in enumerate(times))
    idle, busy = list(environments), dict[Connection, tuple[int, float]]()
    done: list[Request] = []
    while due or busy:
        while due and idle and due[0][1] <= monotonic():
            number, at = due.popleft()
            environment = idle.pop()  # the one that was idle last, as Lambda does
            environment.send(event(number))
            busy[environment] = number, at
        pause = max(0.0, due[0][1] - monotonic()) if due and idle else None
        for one in wait(list(busy), pause):
            assert isinstance(one, Connection)  # noqa: S101  for the types
            number, at = busy.pop(one)
            handled: Handled = one.recv()
            done.append(Request(number, environments.index(one), handled.ended - at, handled))
            idle.append(one)
    return done
