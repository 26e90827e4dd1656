"""Watch a batch to its end: its progress, its invalid rows and its summary."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from time import sleep

from herald.cli.batch import show
from herald.cli.batch.address import command
from herald.cli.batch.download import download
from herald.cli.http import Api, Json, batch_path
from herald.cli.screen import Status
from herald.errors import HeraldError, Unavailable

ENDS = ("done", "failed", "cancelled")
NOT_DONE = 3
"""Exit status if the watched batch failed or was cancelled."""
MOST_SHOWN = 20
_MOST_PAGES = 20
_FIRST_PAUSE, _LONGEST_PAUSE, _SLOWER = 0.5, 5.0, 1.3
"""Seconds between polls, and the factor by which the pause grows."""
_REPORT_POLLS = 100
"""Polls of an ended batch; its report is written after its end."""


@contextmanager
def advised(advice: str, *, about: type[HeraldError] = HeraldError) -> Iterator[None]:
    """Print advice if the block is interrupted or raises an error of the type `about`."""
    try:
        yield
    except (about, KeyboardInterrupt):
        print(f"\n{advice}", file=sys.stderr)
        raise


def watch(api: Api, batch_id: str, options: argparse.Namespace) -> int:
    """Watch a batch, print its summary, download it with --download; return the exit status."""
    advice = f"The batch continues without this command. Watch it: {command(options, 'status', batch_id, '--watch')}"
    with advised(advice, about=Unavailable), Status() as status:
        batch = _ended(api, batch_id, status)
        _print_rows(api, batch, "failed", batch["counts"]["failed"], status)
    print(show.summary(batch), flush=True)
    if folder := options.download:
        with advised(f"Resume the download: {command(options, 'status', batch_id, '--download', str(folder))}"):
            download(api, batch, folder)
    return 0 if batch["state"] == "done" else NOT_DONE


def _ended(api: Api, batch_id: str, status: Status) -> Json:
    """Poll until the batch has ended and its report is written; return the batch."""
    pause, announced, polls = _FIRST_PAUSE, False, 0
    while True:
        batch = api.get(batch_path(batch_id))
        state = batch["state"]
        status.show(show.line(batch), now=state in ENDS)
        if not announced and state not in {"created", "planning"}:
            _print_rows(api, batch, "row_error", batch["counts"]["row_errors"], status)
            announced = True
        polls += state in ENDS
        if polls and (batch["report"] or not batch["begun_at"] or polls > _REPORT_POLLS):
            return batch
        sleep(pause)
        pause = min(pause * _SLOWER, _LONGEST_PAUSE)


def _print_rows(api: Api, batch: Json, state: str, count: int, status: Status) -> None:
    """Print the first rows in a state, and how many more there are."""
    if not count:
        return
    # A page covers one part of the batch and may be empty.
    pages = islice(api.pages(batch_path(batch["id"], "items"), state=state, limit=MOST_SHOWN), _MOST_PAGES)
    rows = [*islice(chain.from_iterable(pages), MOST_SHOWN)]
    for row in rows:
        status.say(show.wrong(row))
    if count > len(rows):
        status.say(f"... and {count - len(rows):,} more; see the report for all of them")
