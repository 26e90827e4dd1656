"""Progress messages and errors of the benchmarks."""

import sys
import time
from collections.abc import Callable

_BEGAN = time.monotonic()


class Failure(Exception):
    """An error that the user can fix; the message states how."""


def say(what: str) -> None:
    """Print a line with the time since the start."""
    minutes, seconds = divmod(int(time.monotonic() - _BEGAN), 60)
    sys.stdout.write(f"[{minutes}:{seconds:02d}] {what}\n")
    sys.stdout.flush()


def exit_status(work: Callable[[], None]) -> int:
    """Run a command and return its exit status; print the message of a Failure."""
    try:
        work()
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted; nothing was written.\n")
        return 130
    return 0
