"""Terminal output: tables and progress."""

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

_CLEAR = "\r\x1b[K"
_BAR = 24
_LOG_INTERVAL = 15.0
"""Seconds between status lines when standard error is not a terminal."""


def table(*rows: Sequence[str]) -> None:
    """Print rows in columns, the header first."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


class Status:
    """A status line on standard error: rewritten in place on a terminal, else printed every _LOG_INTERVAL seconds."""

    def __init__(self) -> None:
        self._shown = ""
        self._due = 0.0

    def __enter__(self) -> "Status":
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown and sys.stderr.isatty():
            print(file=sys.stderr)

    def show(self, line: str, *, now: bool = False) -> None:
        """Replace the status line; `now` prints it at once even without a terminal."""
        if line == self._shown:
            return
        if sys.stderr.isatty():
            most = shutil.get_terminal_size().columns - 1
            print(f"{_CLEAR}{line[:most]}", end="", file=sys.stderr, flush=True)
        elif now or monotonic() >= self._due:
            self._due = monotonic() + _LOG_INTERVAL
            print(line, file=sys.stderr, flush=True)
        self._shown = line

    def say(self, text: str) -> None:
        """Print a permanent line."""
        clear = _CLEAR if self._shown and sys.stderr.isatty() else ""
        print(f"{clear}{text}", file=sys.stderr, flush=True)
        self._shown = ""


def bar(part: float) -> str:
    """Return a progress bar for a fraction from 0 to 1: "[######..................]  25 %"."""
    full = int(part * _BAR)
    return f"[{'#' * full}{'.' * (_BAR - full)}] {part * 100:3.0f} %"


@contextmanager
def progress(name: str, doing: str = "fetching") -> Iterator[Callable[[int, int], None]]:
    """Show a transfer's progress on standard error; yield a function to call with the bytes done and in total."""
    shown = ""

    def report(done: int, total: int) -> None:
        nonlocal shown
        line = _line(name, doing, done, total)
        if line != shown:
            print(line, end="", file=sys.stderr, flush=True)
            shown = line

    try:
        yield report
    finally:
        if shown:
            print(file=sys.stderr)


def _line(name: str, doing: str, done: int, total: int) -> str:
    if not sys.stderr.isatty():
        return f"{name}: {doing} {total / 1e6:.1f} MB"
    ending = ", preparing" if done == total and doing == "fetching" else ""
    return f"\r{name}: {done / 1e6:.1f} of {total / 1e6:.1f} MB ({done * 100 // total} %){ending}"
