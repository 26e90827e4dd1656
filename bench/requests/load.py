"""Requests at scheduled times, independent of earlier responses (no coordinated omission)."""

import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from time import monotonic

from bench.requests.environment import Event, Handled

_LEAD = 0.5
"""Seconds before the first request."""


@dataclass(frozen=True)
class Request:
    """The result of a request; times in seconds."""

    number: int
    environment: int
    late: float
    """From its arrival to its response, including the wait for an environment."""
    handled: Handled


def arrivals(rate: float, seconds: float, seed: int = 1) -> Iterator[float]:
    """Yield random arrival times, as of independent callers (a Poisson process)."""
    chance, at = random.Random(seed), 0.0  # noqa: S311  not security-relevant
    while (at := at + chance.expovariate(rate)) < seconds:
        yield at


def send(environments: Sequence[Connection], times: Iterator[float], event: Callable[[int], Event]) -> list[Request]:
    """Send a request at each time, to an idle environment or as soon as one becomes idle."""
    start = monotonic() + _LEAD
    due = deque((number, start + at) for number, at in enumerate(times))
    idle, busy = list(environments), dict[Connection, tuple[int, float]]()
    done: list[Request] = []
    while due or busy:
        while due and idle and due[0][1] <= monotonic():
            number, at = due.popleft()
            environment = idle.pop()  # the most recently used one, as on Lambda
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
