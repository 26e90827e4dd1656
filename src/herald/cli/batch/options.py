"""Command-line options of herald batch. HTTP modules are imported only when a command runs, to keep --help fast."""

import argparse
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from herald.cli import Commands

VARIABLE = "HERALD_URL"
"""Environment variable with the API's address."""
KEY = "HERALD_KEY"
"""Environment variable with the API key."""
FORMATS = ("csv", "jsonl")
"""Formats of manifests."""
_ITEM_STATES = ("done", "failed", "waiting", "cancelled", "row_error")
_CLOCK = re.compile(r"\d\d:\d\d")

type Run = Callable[[argparse.Namespace], int | None]


def add_send(commands: "Commands") -> None:
    """Add the send command to the parser."""
    parser = commands.add_parser(
        "send",
        help="submit a manifest and a template",
        description="Submit a manifest: CSV whose header names the fields of the template, or JSONL. The columns id, "
        "voice, format and text are read by Herald itself. Prints the batch id; with --watch, the result.",
        epilog='Example: herald batch send people.csv --template "Hello {first_name}." --watch --download messages. '
        "Exit status: 3 if the watched batch failed or was cancelled; 130 after Ctrl-C, which does not stop the batch.",
    )
    parser.add_argument(
        "manifest", help="a .csv or .jsonl file, or s3://BUCKET/TENANT/key in a bucket that Herald may read"
    )
    template = parser.add_mutually_exclusive_group()
    template.add_argument(
        "-t", "--template", metavar="TEXT", help="for example 'Hello {first_name}.' (default: the text column)"
    )
    template.add_argument("--template-file", metavar="FILE", type=Path, help="read the template from a file")
    _add_speech(parser)
    _add_handling(parser)
    add_watching(parser)
    add_url(parser)
    parser.set_defaults(run=_send)


def add_others(commands: "Commands") -> None:
    """Add the other commands to the parser."""
    listing = _command(commands, "list", "list the newest batches", _managed("show_list"), named=False)
    listing.add_argument(
        "-l", "--limit", type=_count, default=20, metavar="N", help="maximum number (default: %(default)s)"
    )
    status = _command(commands, "status", "show the status of a batch", _managed("status"))
    status.add_argument("--json", action="store_true", help="print the API's JSON")
    add_watching(status)
    items = _command(commands, "items", "list the rows of a batch with their results", _managed("items"))
    items.add_argument("--state", choices=_ITEM_STATES, help="only rows in this state")
    items.add_argument("-l", "--limit", type=_count, metavar="N", help="maximum number (default: all)")
    items.add_argument("--json", action="store_true", help="print the API's JSON, with the link to each file")
    _command(commands, "cancel", "cancel a batch; finished files are kept", _managed("cancel"))
    add_watching(_command(commands, "redrive", "retry failed and unfinished rows", _managed("redrive")))


def _command(commands: "Commands", name: str, does: str, run: Run, *, named: bool = True) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
    if named:
        parser.add_argument("id", help="batch id, for example batch_01a2...")
    add_url(parser)
    parser.set_defaults(run=run)
    return parser


def _add_speech(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("speech options")
    group.add_argument("-v", "--voice", help="a voice listed by GET /v1/voices (default: the deployment's)")
    group.add_argument(
        "-f", "--format", dest="response_format", metavar="FORMAT", help="mp3, opus, flac, wav, ulaw ... (default: mp3)"
    )
    group.add_argument("-r", "--sample-rate", type=int, metavar="HZ", help="default: the voice's own")
    group.add_argument("--speed", type=float, help="0.25 to 4.0 (default: 1.0)")


def _add_handling(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("processing options")
    group.add_argument("-n", "--name", help="display name (default: the manifest's file name)")
    group.add_argument("-u", "--use-case", metavar="TAG", help="tag stored with each file, for example welcome-message")
    group.add_argument(
        "--deadline", type=_time, metavar="TIME", help="12:00, or 2027-01-31T12:00 with an optional UTC offset"
    )
    group.add_argument("--priority", choices=["standard", "vip"], help="vip is not queued behind standard")
    group.add_argument("--retention", choices=["expire", "keep"], help="keep: the files do not expire")
    group.add_argument(
        "--tolerate",
        type=float,
        dest="tolerated_failure_percent",
        metavar="PERCENT",
        help="percentage of invalid or failed rows that the batch tolerates (default: 5)",
    )
    group.add_argument("--max-concurrency", type=int, metavar="N", help="maximum number of concurrent functions")
    group.add_argument(
        "--items-per-child", type=int, metavar="N", help="messages per function invocation (default: 25)"
    )
    group.add_argument(
        "-m",
        "--metadata",
        action="append",
        type=_pair,
        metavar="NAME=VALUE",
        help="returned with the batch; repeatable",
    )
    group.add_argument("--manifest-format", choices=FORMATS, help="default: from the manifest's extension, else csv")


def add_watching(parser: argparse.ArgumentParser) -> None:
    """Add the options --watch and --download."""
    group = parser.add_argument_group("results")
    group.add_argument("-w", "--watch", action="store_true", help="show progress until the batch ends")
    group.add_argument(
        "-d",
        "--download",
        type=Path,
        metavar="FOLDER",
        help="watch, then download results.csv and the audio files; rerun to resume",
    )


def add_url(parser: argparse.ArgumentParser) -> None:
    """Add the --url option."""
    parser.add_argument(
        "--url",
        metavar="URL",
        help=f"address of Herald, the stack's output ApiUrl (default: {VARIABLE}, else the local stack of make run); "
        f"{KEY} sets its key",
    )


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not an integer of 1 or more")
    return int(text)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME=VALUE, for example campaign=spring")
    return name, value


def _time(text: str) -> str:
    """Return a time in ISO 8601 with its offset. Local time by default; a clock time means its next occurrence."""
    now = datetime.now().astimezone()
    try:
        if _CLOCK.fullmatch(text):
            today = datetime.combine(now, time.fromisoformat(text)).astimezone()
            return (today if today > now else today + timedelta(days=1)).isoformat()
        return datetime.fromisoformat(text).astimezone().isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not a time, for example 12:00 or 2027-01-31T12:00+01:00"
        ) from None


def _send(options: argparse.Namespace) -> int:
    from herald.cli.batch.send import send  # noqa: PLC0415  HTTP, 25 ms

    return send(options)


def _managed(name: str) -> Run:
    def run(options: argparse.Namespace) -> int | None:
        from herald.cli.batch import manage  # noqa: PLC0415  HTTP, 25 ms

        act: Run = getattr(manage, name)
        return act(options)

    return run
