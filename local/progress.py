"""Progress messages and errors of `make run`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Failure(Exception):
    """An error that the user can fix; the message states how."""


@contextmanager
def step(what: str) -> Iterator[None]:
    """Print the name of a step, and its duration when it is done."""
    print(f"==> {what}", end=" ", flush=True)
    begin = time.perf_counter()
    try:
        yield
    except BaseException:
        print()
        raise
    print(f"({time.perf_counter() - begin:.1f} s)")


def tail(text: str, lines: int = 25) -> str:
    """Return the last lines of a log."""
    return "\n".join(text.splitlines()[-lines:])
