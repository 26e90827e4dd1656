"""herald batch send: create a batch, upload its manifest and start it."""

import argparse
import uuid
from pathlib import Path
from typing import Any

from herald.cli.batch.address import api_of, command
from herald.cli.batch.watch import advised, watch
from herald.cli.http import BATCHES, Api, Json, batch_path, upload
from herald.cli.screen import Status, bar
from herald.errors import InvalidManifest

_ASKED = ("template", "voice", "response_format", "sample_rate", "speed", "use_case", "retention", "priority")
_LIMITS = ("deadline", "tolerated_failure_percent", "max_concurrency", "items_per_child")
_MEGABYTE = 1e6


def send(options: argparse.Namespace) -> int:
    """Send a manifest and return the exit status."""
    api = api_of(options)
    with Status() as status:
        batch = _started(api, options, status)
        if not (options.watch or options.download):
            status.say(f"The batch is being processed. Watch it: {command(options, 'status', batch['id'], '--watch')}")
            print(batch["id"])
            return 0
        status.say(f"{batch['id']}: {batch['name']}")
    return watch(api, batch["id"], options)


def _started(api: Api, options: argparse.Namespace, status: Status) -> Json:
    """Create the batch, upload its manifest if it is a local file, and return the API's response."""
    in_s3 = options.manifest.startswith("s3://")
    if not in_s3:
        Path(options.manifest).open("rb").close()  # report an unreadable file before a batch is created
    batch = api.post(BATCHES, _order(options), key=uuid.uuid4().hex)
    if in_s3:
        return batch
    with advised(f"The batch was not started. Cancel it: {command(options, 'cancel', batch['id'])}"):
        _upload(Path(options.manifest), batch["upload"], status)
        return api.post(batch_path(batch["id"], "start"))


def _order(options: argparse.Namespace) -> Json:
    """Return the request body with the given options only; the service applies its own defaults."""
    asked: dict[str, Any] = {name: getattr(options, name) for name in (*_ASKED, *_LIMITS)}
    if options.template_file:
        asked["template"] = options.template_file.read_text(encoding="utf-8").rstrip("\r\n")
    asked["metadata"] = dict(options.metadata) if options.metadata else None
    asked["name"] = options.name or Path(options.manifest).stem
    if options.manifest.startswith("s3://"):
        asked |= {"manifest": options.manifest, "manifest_format": options.manifest_format}
    else:
        asked["manifest_format"] = _format(options)
    return {name: value for name, value in asked.items() if value is not None}


def _format(options: argparse.Namespace) -> str:
    by_ending = "jsonl" if Path(options.manifest).suffix.lower() in {".jsonl", ".ndjson"} else "csv"
    return options.manifest_format or by_ending


def _upload(file: Path, form: Json, status: Status) -> None:
    size = file.stat().st_size
    if size > form["max_bytes"]:
        why = f"{file.name} has {size:,} bytes; the limit is {form['max_bytes']:,}. Split it into several batches."
        raise InvalidManifest(why, code="manifest_too_large")

    def report(done: int) -> None:
        part = done / size if size else 1.0
        status.show(f"{bar(part)}  uploading {file.name}: {done / _MEGABYTE:.1f} of {size / _MEGABYTE:.1f} MB")

    upload(file, form["url"], form["fields"], report)
