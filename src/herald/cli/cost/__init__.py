"""herald cost: what a month would cost. Names nothing of the prices before it runs: the other commands need none."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from herald.cli import Commands

_MOST_CHARACTERS, _MOST_DAYS = 1_000_000, 3_650
_LAMBDA_MEMORY = (128, 10_240)
_EPILOG = """examples:
  herald cost --messages-a-month 100000 --length 200
  herald cost --route batch --messages-a-month 5000 --length 200 --share-remembered 0.9
  herald cost --route realtime --memory 1769 --architecture arm64 --keep-warm snapshot --egress internet
  herald cost --messages-a-month 0                      what an idle deployment costs, item by item
  herald cost --length 200 --plot costs.svg
  herald cost --set region=eu-central-1 --set gigabyte_month=0.0245

Prices are those of us-east-1, without discounts, with and without AWS's free tier; --prices lists them. docs/costs.md
has the formulas and the assumptions."""


def add(commands: "Commands") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "cost",
        help="tell what a month would cost, beside Polly, ElevenLabs and OpenAI",
        description="Tell what a Herald in AWS would cost a month, by what, and beside other services.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_speech(parser)
    _add_deployment(parser)
    group = parser.add_argument_group("what is shown")
    group.add_argument("--plot", metavar="FILE", help="draw costs over messages a month, too: a .svg or .png file")
    group.add_argument("--prices", action="store_true", help="list the prices instead, each with its source")
    parser.set_defaults(run=_cost)


def _add_speech(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is spoken")
    group.add_argument(
        "--route",
        choices=["realtime", "queue", "batch", "gpu"],
        default="queue",
        help="realtime: answers at once; queue, gpu: jobs; batch: one a month (default: %(default)s)",
    )
    group.add_argument(
        "--messages-a-month", type=_from(0, 10**9), default=10_000, metavar="N", help="default: %(default)s"
    )
    group.add_argument(
        "--length",
        type=_from(1, _MOST_CHARACTERS),
        default=300,
        metavar="N",
        help="characters of a message (default: %(default)s)",
    )
    group.add_argument(
        "--share-remembered",
        type=_share,
        default=0.0,
        metavar="PART",
        help="of a batch's sentences, of jobs the messages, that were spoken before: 0 to 1 (default: 0)",
    )
    group.add_argument(
        "--format", default="mp3", metavar="FORMAT", help="mp3, opus, flac, wav, ulaw ... (default: %(default)s)"
    )


def _add_deployment(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how it is deployed")
    group.add_argument(
        "--memory",
        type=_from(*_LAMBDA_MEMORY),
        metavar="MB",
        help="of the function that speaks (default: 3008 for realtime, else 1769)",
    )
    group.add_argument("--architecture", choices=["x86_64", "arm64"], default="x86_64", help="default: %(default)s")
    group.add_argument(
        "--profile", choices=["small", "production"], default="small", help="as the template's (default: %(default)s)"
    )
    group.add_argument(
        "--keep-warm",
        choices=["off", "ping", "snapshot"],
        default="off",
        help="how cold starts of the speech function are avoided, as the template's KeepWarm (default: %(default)s)",
    )
    group.add_argument("--streamed", action="store_true", help="realtime through the Function URL, not the HTTP API")
    group.add_argument(
        "--retention-days",
        type=_from(1, _MOST_DAYS),
        default=90,
        metavar="N",
        help="for which files are kept (default: %(default)s)",
    )
    group.add_argument(
        "--egress",
        choices=["none", "internet", "cloudfront"],
        default="none",
        help="by which way each file leaves AWS, once (default: %(default)s, not counted)",
    )
    group.add_argument(
        "--set", action="append", default=[], metavar="NAME=DOLLARS", help="another price; repeatable, see --prices"
    )


def _from(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"'{text}' is no number from {least:,} to {most:,}")
        return int(text)

    return parse


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no part from 0 to 1")
    return share


def _cost(options: argparse.Namespace) -> None:
    from herald.cli.cost.show import show  # noqa: PLC0415  a tenth of a second that --help need not wait for

    show(options)
