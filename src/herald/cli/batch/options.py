"""What can be asked of herald batch. Names no module that speaks HTTP before a command runs: the others need none."""

import argparse
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from herald.cli import Commands

VARIABLE = "HERALD_URL"
"""The environment's name for the address."""
KEY = "HERALD_KEY"
"""The environment's name for the key."""
FORMATS = ("csv", "jsonl")
"""Of manifests."""
_ITEM_STATES = ("done", "failed", "waiting", "cancelled", "row_error")
_CLOCK = re.compile(r"\d\d:\d\d")

type Run = Callable[[argparse.Namespace], int | None]


def add_send(commands: "Commands") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "send",
        help="send a manifest, and a template, to be spoken",
        description="Send a manifest: CSV whose header names the fields of the template, or JSONL. Its columns id, "
        "voice, format and text are for Herald. Prints the id of the batch; with --watch, how it went.",
        epilog='As in: herald batch send people.csv --template "Hello {first_name}." --watch --download messages. '
        "Exit status: 3 if the batch that was watched failed or was cancelled; 130 after Ctrl-C: the batch goes on.",
    )
    parser.add_argument(
        "manifest", help="a file, .csv or .jsonl, or s3://BUCKET/TENANT/key in a bucket that Herald may read"
    )
    said = parser.add_mutually_exclusive_group()
    said.add_argument("-t", "--template", metavar="TEXT", help="as 'Hello {first_name}.' (default: the column text)")
    said.add_argument("--template-file", metavar="FILE", type=Path, help="read the template from a file")
    _add_speech(parser)
    _add_handling(parser)
    add_watching(parser)
    add_url(parser)
    parser.set_defaults(run=_send)


def add_others(commands: "Commands") -> None:
    """Describe the commands."""
    listing = _command(commands, "list", "list the newest batches", _managed("show_list"), named=False)
    listing.add_argument("-l", "--limit", type=_count, default=20, metavar="N", help="how many (default: %(default)s)")
    status = _command(commands, "status", "tell how a batch stands", _managed("status"))
    status.add_argument("--json", action="store_true", help="print it as the API tells it")
    add_watching(status)
    items = _command(commands, "items", "list the rows of a batch, with what became of each", _managed("items"))
    items.add_argument("--state", choices=_ITEM_STATES, help="only these")
    items.add_argument("-l", "--limit", type=_count, metavar="N", help="how many (default: all)")
    items.add_argument("--json", action="store_true", help="print each as the API tells it, with the link to its file")
    _command(commands, "cancel", "end a batch; what is spoken stays", _managed("cancel"))
    add_watching(_command(commands, "redrive", "speak again what failed or was left", _managed("redrive")))


def _command(commands: "Commands", name: str, does: str, run: Run, *, named: bool = True) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
    if named:
        parser.add_argument("id", help="as batch_01a2...")
    add_url(parser)
    parser.set_defaults(run=run)
    return parser


def _add_speech(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how it sounds")
    group.add_argument("-v", "--voice", help="of GET /v1/voices (default: the deployment's)")
    group.add_argument(
        "-f", "--format", dest="response_format", metavar="FORMAT", help="mp3, opus, flac, wav, ulaw ... (default: mp3)"
    )
    group.add_argument("-r", "--sample-rate", type=int, metavar="HZ", help="default: the voice's own")
    group.add_argument("--speed", type=float, help="0.25 to 4.0 (default: 1.0)")


def _add_handling(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how it is handled")
    group.add_argument("-n", "--name", help="for people (default: the manifest's)")
    group.add_argument("-u", "--use-case", metavar="TAG", help="a tag on each file, as welcome-message")
    group.add_argument(
        "--deadline", type=_time, metavar="TIME", help="as 12:00, or 2027-01-31T12:00 with or without zone"
    )
    group.add_argument("--priority", choices=["standard", "vip"], help="vip does not wait behind standard")
    group.add_argument("--retention", choices=["expire", "keep"], help="keep exempts the files from expiry")
    group.add_argument(
        "--tolerate",
        type=float,
        dest="tolerated_failure_percent",
        metavar="PERCENT",
        help="rows that may be bad or fail before the batch has failed (default: 5)",
    )
    group.add_argument("--max-concurrency", type=int, metavar="N", help="most functions that speak at once")
    group.add_argument(
        "--items-per-child", type=int, metavar="N", help="messages that one of them speaks (default: 25)"
    )
    group.add_argument(
        "-m",
        "--metadata",
        action="append",
        type=_pair,
        metavar="NAME=VALUE",
        help="given back with the batch; repeatable",
    )
    group.add_argument("--manifest-format", choices=FORMATS, help="default: by the manifest's ending, else csv")


def add_watching(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    group = parser.add_argument_group("what comes of it")
    group.add_argument("-w", "--watch", action="store_true", help="show how far it is, until it ends")
    group.add_argument(
        "-d",
        "--download",
        type=Path,
        metavar="FOLDER",
        help="watch it, then fetch results.csv and the files; again, it goes on where it stopped",
    )


def add_url(parser: argparse.ArgumentParser) -> None:
    """Describe the option."""
    parser.add_argument(
        "--url",
        metavar="URL",
        help=f"where Herald is, the stack's output ApiUrl (default: {VARIABLE}, else what make run started here); "
        f"the key for it is in {KEY}",
    )


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 on")
    return int(text)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{text}' is no pair, as campaign=spring")
    return name, value


def _time(text: str) -> str:
    """A time with its zone; without one it is of this machine, and without a day the next such time."""
    now = datetime.now().astimezone()
    try:
        if _CLOCK.fullmatch(text):
            today = datetime.combine(now, time.fromisoformat(text)).astimezone()
            return (today if today > now else today + timedelta(days=1)).isoformat()
        return datetime.fromisoformat(text).astimezone().isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no time, as 12:00 or 2027-01-31T12:00+01:00") from None


def _send(options: argparse.Namespace) -> int:
    from herald.cli.batch.send import send  # noqa: PLC0415  HTTP, 25 ms

    return send(options)


def _managed(name: str) -> Run:
    def run(options: argparse.Namespace) -> int | None:
        from herald.cli.batch import manage  # noqa: PLC0415  the same

        act: Run = getattr(manage, name)
        return act(options)

    return run
