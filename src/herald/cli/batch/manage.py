"""herald batch list, status, items, cancel, redrive."""

import argparse
import json
from itertools import chain, islice

from herald.cli.batch import show
from herald.cli.batch.address import api_of
from herald.cli.batch.watch import watch
from herald.cli.http import BATCHES, Json, batch_path
from herald.cli.screen import table

_PAGE = 100


def show_list(options: argparse.Namespace) -> None:
    """Print the newest batches."""
    pages = api_of(options).pages(BATCHES, limit=min(options.limit, _PAGE))
    batches = islice(chain.from_iterable(pages), options.limit)
    rows = [(one["id"], one["state"], f"{one['counts']['rows']:,}", one["created_at"], one["name"]) for one in batches]
    table(("BATCH", "STATE", "ROWS", "CREATED", "NAME"), *rows)


def status(options: argparse.Namespace) -> int:
    """Print the status of a batch, or watch it; return the exit status."""
    api = api_of(options)
    if options.watch or options.download:
        return watch(api, options.id, options)
    batch = api.get(batch_path(options.id))
    print(json.dumps(batch, indent=2) if options.json else show.summary(batch))
    return 0


def items(options: argparse.Namespace) -> None:
    """Print the rows of a batch."""
    pages = api_of(options).pages(batch_path(options.id, "items"), state=options.state, limit=_PAGE)
    found = islice(chain.from_iterable(pages), options.limit)
    if options.json:
        for item in found:
            print(json.dumps(item))
    else:
        table(("LINE", "ID", "STATE", "SECONDS", "PRICE", "ERROR"), *map(_row, found))


def _row(item: Json) -> tuple[str, ...]:
    error = f"{item['error']['message']} ({item['error']['code']})" if item["error"] else ""
    seconds = "" if item["seconds"] is None else f"{item['seconds']:.1f}"
    price = "" if item["price"] is None else show.dollars(item["price"])
    return str(item["line"]), item["id"] or "", item["state"], seconds, price, error


def cancel(options: argparse.Namespace) -> None:
    """Cancel a batch."""
    batch = api_of(options).delete(batch_path(options.id))
    print(f"{batch['id']}: {batch['state']}")


def redrive(options: argparse.Namespace) -> int:
    """Retry the failed and unfinished rows of a batch; return the exit status."""
    api = api_of(options)
    batch = api.post(batch_path(options.id, "redrive"))
    if options.watch or options.download:
        return watch(api, options.id, options)
    print(f"{batch['id']}: {batch['state']}")
    return 0
