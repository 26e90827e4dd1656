"""herald batch send: creates a batch, uploads its manifest, starts it."""

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
    """Send it; the exit status."""
    api = api_of(options)
    with Status() as status:
        batch = _started(api, options, status)
        if not (options.watch or options.download):
            status.say(f"It is being spoken. Watch it: {command(options, 'status', batch['id'], '--watch')}")
            print(batch["id"])
            return 0
        status.say(f"{batch['id']}: {batch['name']}")
    return watch(api, batch["id"], options)


def _started(api: Api, options: argparse.Namespace, status: Status) -> Json:
    """The batch, created and with its manifest, as it was answered."""
    in_s3 = options.manifest.startswith("s3://")
    if not in_s3:
        Path(options.manifest).open("rb").close()  # what cannot be read is to be told before there is a batch
    batch = api.post(BATCHES, _order(options), key=uuid.uuid4().hex)
    if in_s3:
        return batch
    with advised(f"The batch was not started. Cancel it: {command(options, 'cancel', batch['id'])}"):
        _upload(Path(options.manifest), batch["upload"], status)
        return api.post(batch_path(batch["id"], "start"))


def _order(options: argparse.Namespace) -> Json:
    """The body of the request: what was asked for, and nothing else, as the service knows its defaults."""
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
        why = f"{file.name} has {size:,} bytes; a manifest may have {form['max_bytes']:,}. Send it in parts."
        raise InvalidManifest(why, code="manifest_too_large")

    def report(done: int) -> None:
        part = done / size if size else 1.0
        status.show(f"{bar(part)}  uploading {file.name}: {done / _MEGABYTE:.1f} of {size / _MEGABYTE:.1f} MB")

    upload(file, form["url"], form["fields"], report)
