"""What the one who waits is told."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Failure(Exception):
    """Something the reader can mend; the message says how."""


@contextmanager
def step(what: str) -> Iterator[None]:
    """Print what is done now, and after it how many seconds it took."""
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
