"""herald batch: send manifests to a deployment, watch batches, download their audio."""

import json
import uuid
from collections.abc import Callable
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from herald.cli.parameters import Number, deadline, json_option, pair, pause_option, text_format_option, url_option

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
    epilog='Example: herald batch send people.csv --template "Hello {first_name}." --watch --download messages. '
    "Exit status: 3 if the watched batch failed or was cancelled; 130 after Ctrl-C, which does not stop the batch."
)
@click.argument("manifest")
@click.option("-t", "--template", metavar="TEXT", help="such as 'Hello {first_name}.' (default: the text column)")
@click.option("--template-file", type=click.Path(path_type=Path), metavar="FILE", help="read the template from a file")
@click.option("-v", "--voice", help="a voice listed by GET /v1/voices (default: the deployment's)")
@click.option("-f", "--format", "response_format", metavar="FORMAT", help="mp3, opus, flac, wav ... (default: mp3)")
@click.option("-r", "--sample-rate", type=int, metavar="HZ", help="default: the voice's own")
@click.option("--speed", type=float, help="0.25 to 4.0 (default: 1.0)")
@text_format_option
@pause_option
@click.option("-n", "--name", help="display name (default: the manifest's file name)")
@click.option("-u", "--use-case", metavar="TAG", help="tag stored with each file, for example welcome-message")
@click.option("--deadline", type=deadline, metavar="TIME", help="12:00, or 2027-01-31T12:00 with optional UTC offset")
@click.option("--priority", type=click.Choice(["standard", "vip"]), help="vip is not queued behind standard")
@click.option("--retention", type=click.Choice(["expire", "keep"]), help="keep: the files do not expire")
@click.option(
    "--tolerate",
    "tolerated_failure_percent",
    type=Number(),
    metavar="PERCENT",
    help="percentage of invalid or failed rows that the batch tolerates (default: 5)",
)
@click.option("--max-concurrency", type=int, metavar="N", help="maximum number of concurrent functions")
@click.option("--items-per-child", type=int, metavar="N", help="messages per function invocation (default: 25)")
@click.option(
    "-m", "--metadata", multiple=True, type=pair, metavar="NAME=VALUE", help="returned with the batch; repeatable"
)
@click.option(
    "--manifest-format", type=click.Choice(["csv", "jsonl"]), help="default: from the manifest's extension, else csv"
)
@watch_options
@url_option
@json_option
def send(manifest: str, *, watch: bool, download: Path | None, url: str | None, as_json: bool, **order: Any) -> int:  # noqa: ANN401
    """Submit a manifest and a template; print the batch id or, with --watch, the result.

    MANIFEST is CSV whose header names the fields of the template, or JSONL: a local file, or s3://BUCKET/TENANT/key in
    a bucket that Herald may read. The columns id, voice, format and text are read by Herald itself.
    """
    from herald.cli.api_client import BATCHES
    from herald.cli.batch_transfer import upload_and_start

    body = _order(manifest, **order)
    following = _following(url, download, as_json=as_json)
    if download:
        following.claim(download, batch_id=None)
    in_s3 = manifest.startswith("s3://")
    if not in_s3:
        Path(manifest).open("rb").close()  # report an unreadable file before a batch is created
    created = following.api.post(BATCHES, body, key=uuid.uuid4().hex)
    if not in_s3:
        created = upload_and_start(following, Path(manifest), created)
    if watch or download:
        following.note(f"{created['id']}: {created['name']}")
        return following.watch(created["id"])
    command = following.command("status", created["id"], "--watch")
    following.note(f"The batch is being processed. Watch it: {command}")
    print(json.dumps(created, indent=2) if as_json else created["id"])
    return 0


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


def _order(manifest: str, *, template_file: Path | None, **options: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the request body with the given options only; the service applies its own defaults."""
    from herald.cli.text_files import read_text

    if template_file and options["template"] is not None:
        raise click.UsageError("--template and --template-file exclude each other.")
    if template_file:
        options["template"] = read_text(template_file).rstrip("\r\n")
    options["metadata"] = dict(options["metadata"]) or None
    options["name"] = options["name"] or Path(manifest).stem
    if manifest.startswith("s3://"):
        options["manifest"] = manifest
    else:
        by_ending = "jsonl" if Path(manifest).suffix.lower() in {".jsonl", ".ndjson"} else "csv"
        options["manifest_format"] = options["manifest_format"] or by_ending
    return {name: value for name, value in options.items() if value is not None}
