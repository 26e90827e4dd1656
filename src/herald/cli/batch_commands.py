"""herald batch: send manifests to a deployment, watch batches, download their audio."""

import json
import uuid
from collections.abc import Callable
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from herald.cli.batch_options import local_file, order_options, request_of
from herald.cli.parameters import json_option, url_option
from herald.errors import InvalidManifest, counted

if TYPE_CHECKING:
    from herald.cli.batch_transfer import Following

_ITEM_STATES = ("done", "failed", "waiting", "cancelled", "row_error")
_PAGE = 100


def watch_options[F: Callable[..., Any]](command: F) -> F:
    """Add the options --watch and --download."""
    download = click.option(
        "-d",
        "--download",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help="watch, then download results.csv and the audio files; rerun to resume",
    )
    watch = click.option("-w", "--watch", is_flag=True, help="show progress until the batch ends")
    return watch(download(command))


id_argument = click.argument("batch_id", metavar="ID")


@click.group()
def batch() -> None:
    """Synthesize one audio file per row of a manifest, with a deployment in AWS or the local stack of 'make run'."""


@batch.command(
    short_help="Check and submit a manifest with a template.",
    epilog='Example: herald batch send people.csv --template "Hello {first_name}." --watch --download messages. '
    "Exit status: 3 if the watched batch failed or was cancelled; 130 after Ctrl-C, which does not stop the batch.",
)
@order_options
@click.option("--check/--no-check", default=True, help="check the manifest first, and send nothing that would fail")
@watch_options
@url_option
@json_option
def send(
    manifest: str,
    *,
    check: bool,
    watch: bool,
    download: Path | None,
    url: str | None,
    as_json: bool,
    **order: Any,  # noqa: ANN401
) -> int:
    """Check and submit a manifest and a template; print the batch id or, with --watch, the result.

    MANIFEST is CSV or a worksheet (.xlsx) whose header names the fields of the template, or JSONL: a local file,
    - for standard input, or s3://BUCKET/TENANT/key in a bucket that Herald may read. The columns id, voice, format
    and text are read by Herald itself.
    """
    from herald.cli.api_client import BATCHES
    from herald.cli.batch_transfer import upload_and_start

    body = request_of(manifest, **order)
    following = _following(url, download, as_json=as_json)
    if download:
        following.claim(download, batch_id=None)
    if manifest.startswith("s3://"):
        created = following.api.post(BATCHES, body, key=uuid.uuid4().hex)
    else:
        with local_file(manifest) as file:
            file.open("rb").close()  # report an unreadable file before a batch is created
            if check:
                _check_first(following, file, body, quiet=watch or download is not None)
            created = following.api.post(BATCHES, body, key=uuid.uuid4().hex)
            created = upload_and_start(following, file, created)
    if watch or download:
        following.note(f"{created['id']}: {created['name']}")
        return following.watch(created["id"])
    command = following.command("status", created["id"], "--watch")
    following.note(f"The batch is being processed. Watch it: {command}")
    print(json.dumps(created, indent=2) if as_json else created["id"])
    return 0


@batch.command(
    short_help="Show what a batch would say and cost, without submitting it.",
    epilog='Example: herald batch check people.csv --template "Hello {first_name}." '
    "Exit status: 3 if the batch would fail; 0 if it would not, even if some rows are invalid.",
)
@order_options
@url_option
@json_option
def check(manifest: str, *, url: str | None, as_json: bool, **order: Any) -> int:  # noqa: ANN401
    """Show what a batch would say, its invalid rows, its price and its time, without sending it.

    MANIFEST is a local file, or - for standard input; the options are those of herald batch send.
    """
    from herald.cli.batch_display import preview as formatted
    from herald.cli.batch_transfer import NOT_DONE
    from herald.cli.manifest_check import preview

    if manifest.startswith("s3://"):
        raise click.UsageError("Only a local file can be checked. Download the manifest from S3 first.")
    with local_file(manifest) as file:
        shown = preview(_following(url).api, file, request_of(manifest, **order))
    print(json.dumps(shown, indent=2) if as_json else formatted(shown))
    return NOT_DONE if shown["error"] else 0


@batch.command("list")
@click.option("-l", "--limit", type=click.IntRange(min=1), default=20, metavar="N", help="maximum number")
@url_option
@json_option
def list_batches(limit: int, url: str | None, *, as_json: bool) -> None:
    """List the newest batches."""
    from herald.cli.api_client import BATCHES
    from herald.cli.terminal import print_table

    pages = _following(url).api.pages(BATCHES, limit=min(limit, _PAGE))
    batches = list(islice(chain.from_iterable(pages), limit))
    if as_json:
        print(json.dumps(batches, indent=2))
        return
    rows = [(one["id"], one["state"], f"{one['counts']['rows']:,}", one["created_at"], one["name"]) for one in batches]
    print_table(("BATCH", "STATE", "ROWS", "CREATED", "NAME"), *rows)


@batch.command()
@id_argument
@watch_options
@url_option
@json_option
def status(batch_id: str, *, watch: bool, download: Path | None, url: str | None, as_json: bool) -> int:
    """Show the status of a batch."""
    following = _following(url, download, as_json=as_json)
    if watch or download:
        return following.watch(batch_id)
    following.show(following.get(batch_id))
    return 0


@batch.command()
@id_argument
@click.option("--state", type=click.Choice(_ITEM_STATES), help="only rows in this state")
@click.option("-l", "--limit", type=click.IntRange(min=1), metavar="N", help="maximum number (default: all)")
@url_option
@click.option("--json", "as_json", is_flag=True, help="print the API's JSON, with the link to each file")
def items(batch_id: str, *, state: str | None, limit: int | None, url: str | None, as_json: bool) -> None:
    """List the rows of a batch with their results."""
    from herald.cli.api_client import BATCHES, resource_path
    from herald.cli.batch_display import item_row
    from herald.cli.terminal import print_table

    path = resource_path(BATCHES, batch_id, "items")
    found = islice(chain.from_iterable(_following(url).api.pages(path, state=state, limit=_PAGE)), limit)
    if as_json:
        for item in found:
            print(json.dumps(item))
    else:
        print_table(("LINE", "ID", "STATE", "SECONDS", "PRICE", "ERROR"), *map(item_row, found))


@batch.command()
@id_argument
@url_option
@json_option
def cancel(batch_id: str, *, url: str | None, as_json: bool) -> None:
    """Cancel a batch; finished files are kept."""
    from herald.cli.api_client import BATCHES, resource_path

    cancelled = _following(url).api.delete(resource_path(BATCHES, batch_id))
    print(json.dumps(cancelled, indent=2) if as_json else f"{cancelled['id']}: {cancelled['state']}")


@batch.command()
@id_argument
@watch_options
@url_option
@json_option
def redrive(batch_id: str, *, watch: bool, download: Path | None, url: str | None, as_json: bool) -> int:
    """Retry the failed and unfinished rows of a batch."""
    from herald.cli.api_client import BATCHES, resource_path

    following = _following(url, download, as_json=as_json)
    started = following.api.post(resource_path(BATCHES, batch_id, "redrive"))
    if watch or download:
        return following.watch(batch_id)
    print(json.dumps(started, indent=2) if as_json else f"{started['id']}: {started['state']}")
    return 0


def _following(url: str | None, download: Path | None = None, *, as_json: bool = False) -> "Following":
    """Return a client of the deployment; its modules take half a second to import."""
    from herald.cli.batch_transfer import Following

    return Following.of(url, download, as_json=as_json)


def _check_first(following: "Following", manifest: Path, body: dict[str, Any], *, quiet: bool) -> None:
    """Print what the check of a manifest found; raise InvalidManifest if the batch would fail.

    `quiet` omits the invalid rows, which watching shows.
    """
    from herald.cli.batch_display import estimate, preview_fault
    from herald.cli.batch_transfer import MOST_SHOWN
    from herald.cli.manifest_check import preview

    shown = preview(following.api, manifest, body)
    error = shown["error"]
    for remark in shown["remarks"]:
        following.note(remark)
    if error or not quiet:
        for row in shown["errors"][:MOST_SHOWN]:
            following.note(preview_fault(row))
        if (hidden := shown["row_errors"] - MOST_SHOWN) > 0:
            following.note(f"... and {hidden:,} more")
    if error:
        raise InvalidManifest(f"{error['message']} ({error['code']}) Nothing was sent.", code=error["code"])
    following.note(
        f"{manifest.name}: {counted(shown['rows'], 'row')}, {shown['row_errors']:,} invalid; {estimate(shown)}"
    )
