"""Watches a batch to its end: how far it is, which rows are wrong, what it came to."""

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
"""The exit status where a batch that was watched failed or was cancelled."""
MOST_SHOWN = 20
_MOST_PAGES = 20
_FIRST_PAUSE, _LONGEST_PAUSE, _SLOWER = 0.5, 5.0, 1.3
"""Seconds between two looks, and how that grows."""
_LOOKS_FOR_REPORT = 100
"""At a batch that has ended: its report is written then."""


@contextmanager
def advised(advice: str, *, about: type[HeraldError] = HeraldError) -> Iterator[None]:
    """Tell whoever stops this command, or meets an error, how to go on."""
    try:
        yield
    except (about, KeyboardInterrupt):
        print(f"\n{advice}", file=sys.stderr)
        raise


def watch(api: Api, batch_id: str, options: argparse.Namespace) -> int:
    """Watch a batch, print its summary, download it if asked to; the exit status."""
    advice = f"The batch goes on without this command. Watch it: {command(options, 'status', batch_id, '--watch')}"
    with advised(advice, about=Unavailable), Status() as status:
        batch = _ended(api, batch_id, status)
        _tell(api, batch, "failed", batch["counts"]["failed"], status)
    print(show.summary(batch), flush=True)
    if folder := options.download:
        with advised(f"Fetch the rest: {command(options, 'status', batch_id, '--download', str(folder))}"):
            download(api, batch, folder)
    return 0 if batch["state"] == "done" else NOT_DONE


def _ended(api: Api, batch_id: str, status: Status) -> Json:
    """The batch when it has ended, with its report."""
    pause, told, looks = _FIRST_PAUSE, False, 0
    while True:
        batch = api.get(batch_path(batch_id))
        state = batch["state"]
        status.show(show.line(batch), now=state in ENDS)
        if not told and state not in {"created", "planning"}:
            _tell(api, batch, "row_error", batch["counts"]["row_errors"], status)
            told = True
        looks += state in ENDS
        if looks and (batch["report"] or not batch["begun_at"] or looks > _LOOKS_FOR_REPORT):
            return batch
        sleep(pause)
        pause = min(pause * _SLOWER, _LONGEST_PAUSE)


def _tell(api: Api, batch: Json, state: str, count: int, status: Status) -> None:
    """Print the first rows that are wrong, or failed, and how many more there are."""
    if not count:
        return
    # A page has only what was found in a part of the batch: maybe nothing.
    pages = islice(api.pages(batch_path(batch["id"], "items"), state=state, limit=MOST_SHOWN), _MOST_PAGES)
    rows = [*islice(chain.from_iterable(pages), MOST_SHOWN)]
    for row in rows:
        status.say(show.wrong(row))
    if count > len(rows):
        status.say(f"... and {count - len(rows):,} more: they are all in the report")
