"""What the one who waits is told."""

import sys
import time
from collections.abc import Callable

_BEGAN = time.monotonic()


class Failure(Exception):
    """Something the reader can mend; the message says how."""


def say(what: str) -> None:
    """Write a line with the time since the start."""
    minutes, seconds = divmod(int(time.monotonic() - _BEGAN), 60)
    sys.stdout.write(f"[{minutes}:{seconds:02d}] {what}\n")
    sys.stdout.flush()


def told(work: Callable[[], None]) -> int:
    """Do the work of a command; its exit status. Failures are told in words."""
    try:
        work()
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted; nothing was written.\n")
        return 130
    return 0
