"""What commands show: tables, and how far they are."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager


def table(*rows: Sequence[str]) -> None:
    """Print rows in columns, the first row being their names."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@contextmanager
def progress(name: str) -> Iterator[Callable[[int, int], None]]:
    """Show on standard error how far a download is, given bytes: a line that moves on a terminal, else one line."""
    shown = ""

    def report(done: int, total: int) -> None:
        nonlocal shown
        line = _line(name, done, total)
        if line != shown:
            print(line, end="", file=sys.stderr, flush=True)
            shown = line

    try:
        yield report
    finally:
        if shown:
            print(file=sys.stderr)


def _line(name: str, done: int, total: int) -> str:
    if not sys.stderr.isatty():
        return f"{name}: fetching {total / 1e6:.1f} MB"
    ending = ", preparing" if done == total else ""
    return f"\r{name}: {done / 1e6:.1f} of {total / 1e6:.1f} MB ({done * 100 // total} %){ending}"
