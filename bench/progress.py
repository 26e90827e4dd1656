"""What the one who waits is told."""

import sys
import time

_BEGAN = time.monotonic()


class Failure(Exception):
    """Something the reader can mend; the message says how."""


def say(what: str) -> None:
    """Write a line with the time since the start."""
    minutes, seconds = divmod(int(time.monotonic() - _BEGAN), 60)
    sys.stdout.write(f"[{minutes}:{seconds:02d}] {what}\n")
    sys.stdout.flush()
