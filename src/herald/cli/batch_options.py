"""The options of a batch, and the request body that they make."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from herald.cli.parameters import (
    Number,
    deadline,
    input_type_option,
    lexicon_names_option,
    pair,
    pause_option,
    text_format_option,
)

FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "xlsx"}
"""Formats of manifests by the extension; of others, the content decides."""
STANDARD_INPUT = "-"


def order_options[F: Callable[..., Any]](command: F) -> F:
    """Add the manifest and the options of a batch, named as the fields of the API's requests."""
    for add in (
        click.option(
            "--manifest-format",
            type=click.Choice(["csv", "jsonl", "xlsx"]),
            help="default: from the manifest's extension or content",
        ),
        click.option(
            "-m",
            "--metadata",
            multiple=True,
            type=pair,
            metavar="NAME=VALUE",
            help="returned with the batch; repeatable",
        ),
        click.option("--webhook-url", metavar="URL", help="receives a signed webhook when the batch ends"),
        click.option(
            "--items-per-child",
            type=int,
            metavar="N",
            help="maximum number of rows per child execution, 1 to 500 (default: chosen by expected time)",
        ),
        click.option("--max-concurrency", type=int, metavar="N", help="maximum number of concurrent functions"),
        click.option(
            "--tolerate",
            "tolerated_failure_percent",
            type=Number(0, 100),
            metavar="PERCENT",
            help="percentage of invalid or failed rows that the batch tolerates (default: 5)",
        ),
        click.option(
            "--delivery",
            type=click.Choice(["files", "zip"]),
            help="zip: one archive for each group of rows, which costs less (default: files)",
        ),
        click.option("--retention", type=click.Choice(["expire", "keep"]), help="keep: the files do not expire"),
        click.option("--priority", type=click.Choice(["standard", "vip"]), help="shown in reports and events"),
        click.option(
            "--deadline", type=deadline, metavar="TIME", help="12:00, or 2027-01-31T12:00 with optional UTC offset"
        ),
        click.option("-u", "--use-case", metavar="TAG", help="tag stored with each file, for example welcome-message"),
        click.option("-n", "--name", help="display name (default: the manifest's file name)"),
        pause_option,
        lexicon_names_option,
        input_type_option,
        text_format_option,
        click.option("--speed", type=float, help="0.25 to 4.0 (default: 1.0)"),
        click.option("-r", "--sample-rate", type=int, metavar="HZ", help="default: the voice's own"),
        click.option(
            "-f", "--format", "response_format", metavar="FORMAT", help="mp3, opus, flac, wav ... (default: mp3)"
        ),
        click.option("-v", "--voice", help="a voice listed by GET /v1/voices (default: the deployment's)"),
        click.option(
            "--template-file", type=click.Path(path_type=Path), metavar="FILE", help="read the template from a file"
        ),
        click.option(
            "-t", "--template", metavar="TEXT", help="such as 'Hello {first_name}.' (default: the text column)"
        ),
        click.argument("manifest"),
    ):
        command = add(command)
    return command


@contextmanager
def local_file(manifest: str) -> Iterator[Path]:
    """Yield the path of a local manifest. Of a stream, it is that of a copy: a manifest is checked, then sent."""
    if not _is_stream(manifest):
        yield Path(manifest)
        return
    if manifest == STANDARD_INPUT and sys.stdin.isatty():
        print("Type the manifest, then press Ctrl-D.", file=sys.stderr)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "manifest"
        with file.open("wb") as opened, click.open_file(manifest, "rb") as source:
            shutil.copyfileobj(source, opened)
        yield file


def _is_stream(manifest: str) -> bool:
    """Return whether a manifest can be read only once: standard input, or a pipe such as that of a shell's <(...)."""
    return manifest == STANDARD_INPUT or Path(manifest).is_fifo()


def request_of(manifest: str, *, template_file: Path | None, **options: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the request body with the given options only; the service applies its own defaults."""
    from herald.cli.text_files import read_text

    if template_file and options["template"] is not None:
        raise click.UsageError("--template and --template-file exclude each other.")
    if template_file:
        options["template"] = read_text(template_file).rstrip("\r\n")
    options["metadata"] = dict(options["metadata"]) or None
    stem = Path(manifest).stem.encode(errors="replace").decode()  # file names may have bytes that are not UTF-8
    options["name"] = options["name"] or ("manifest" if _is_stream(manifest) else stem)
    if manifest.startswith("s3://"):
        options["manifest"] = manifest
    else:
        by_ending = FORMATS.get(Path(manifest).suffix.lower())
        options["manifest_format"] = options["manifest_format"] or by_ending
    return {name: value for name, value in options.items() if value is not None}
