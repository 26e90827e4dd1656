"""Terminal output: tables and progress."""

import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

_WIDEST = 100_000
"""Columns of a table; the terminal wraps longer lines, so that copied text is complete."""
_LOG_INTERVAL = 15.0
"""Seconds between status lines when standard error is not a terminal."""
_MEGABYTE = 1e6


def print_table(header: Sequence[str], *rows: Sequence[str], numbers: Collection[int] = ()) -> None:
    """Print rows in columns below a header; the columns at the indexes `numbers` are right-aligned."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for at, name in enumerate(header):
        table.add_column(Text(name), justify="right" if at in numbers else "left", no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console(file=sys.stdout, width=_WIDEST)
    with console.capture() as printed:
        console.print(table)
    print("\n".join(line.rstrip() for line in printed.get().splitlines()))


class Status:
    """Progress on standard error: a live bar on a terminal, else a line every _LOG_INTERVAL seconds."""

    def __init__(self, *, time_left: bool = False) -> None:
        self._console = Console(stderr=True)
        self._is_live = self._console.is_terminal and not self._console.is_dumb_terminal
        columns: list[ProgressColumn] = [
            BarColumn(24),
            TaskProgressColumn(),
            TextColumn("{task.description}", markup=False),
        ]
        columns += [TimeRemainingColumn()] * time_left
        self._progress = Progress(*columns, console=self._console, auto_refresh=False)
        self._task = self._progress.add_task("", total=1.0, visible=False)
        self._shown = ""
        self._due = 0.0

    def __enter__(self) -> "Status":
        if self._is_live:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_live:
            self._progress.stop()

    def show(self, line: str, part: float, *, now: bool = False) -> None:
        """Replace the status: a line, and a fraction from 0 to 1. `now` prints it at once even without a terminal."""
        if self._is_live:
            self._progress.update(self._task, completed=part, description=line, visible=True, refresh=True)
        elif line != self._shown and (now or monotonic() >= self._due):
            self._due = monotonic() + _LOG_INTERVAL
            print(f"{part:4.0%}  {line}", file=sys.stderr, flush=True)
        self._shown = line

    def say(self, text: str) -> None:
        """Print a permanent line above the status."""
        if self._is_live:
            self._console.print(Text(text), soft_wrap=True)
        else:
            print(text, file=sys.stderr, flush=True)


@contextmanager
def transfer_progress(name: str, doing: str = "fetching") -> Iterator[Callable[[int, int], None]]:
    """Show a transfer's progress on standard error; yield a function to call with the bytes done and in total."""
    last = ""

    with Status() as status:

        def report(done: int, total: int) -> None:
            nonlocal last
            size = f"{total / _MEGABYTE:.1f} MB"
            if not sys.stderr.isatty():
                line = f"{name}: {doing} {size}"
                if line != last:
                    status.say(line)
            else:
                ending = ", preparing" if done == total and doing == "fetching" else ""
                line = f"{name}: {done / _MEGABYTE:.1f} of {size}{ending}"
                status.show(line, done / total if total else 1.0)
            last = line

        yield report
