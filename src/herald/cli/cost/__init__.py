"""herald cost: estimate monthly costs. The price lists are imported only when it runs."""

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
  herald cost --messages-a-month 0                      costs of an idle deployment, by item
  herald cost --length 200 --plot costs.svg
  herald cost --set region=eu-central-1 --set gigabyte_month=0.0245

Prices are those of us-east-1, without discounts, with and without the AWS free tier; --prices lists them.
docs/costs.md documents the formulas and assumptions."""


def add(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "cost",
        help="estimate monthly costs, and compare them with Polly, ElevenLabs and OpenAI",
        description="Estimate the monthly costs of Herald in AWS by item, and compare them with other services.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_speech(parser)
    _add_deployment(parser)
    group = parser.add_argument_group("output")
    group.add_argument("--plot", metavar="FILE", help="also plot costs by messages per month, to a .svg or .png file")
    group.add_argument("--prices", action="store_true", help="list the prices and their sources instead")
    parser.set_defaults(run=_cost)


def _add_speech(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("messages")
    group.add_argument(
        "--route",
        choices=["realtime", "queue", "batch", "gpu"],
        default="queue",
        help="realtime: synchronous requests; queue, gpu: jobs; batch: one per month (default: %(default)s)",
    )
    group.add_argument(
        "--messages-a-month", type=_from(0, 10**9), default=10_000, metavar="N", help="default: %(default)s"
    )
    group.add_argument(
        "--length",
        type=_from(1, _MOST_CHARACTERS),
        default=300,
        metavar="N",
        help="characters per message (default: %(default)s)",
    )
    group.add_argument(
        "--share-remembered",
        type=_share,
        default=0.0,
        metavar="PART",
        help="cache hit rate, of a batch's sentences or of jobs' messages: 0 to 1 (default: 0)",
    )
    group.add_argument(
        "--format", default="mp3", metavar="FORMAT", help="mp3, opus, flac, wav, ulaw ... (default: %(default)s)"
    )


def _add_deployment(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("deployment")
    group.add_argument(
        "--memory",
        type=_from(*_LAMBDA_MEMORY),
        metavar="MB",
        help="memory of the synthesizing function (default: 3008 for realtime, else 1769)",
    )
    group.add_argument("--architecture", choices=["x86_64", "arm64"], default="x86_64", help="default: %(default)s")
    group.add_argument(
        "--profile",
        choices=["small", "production"],
        default="small",
        help="the template's Profile (default: %(default)s)",
    )
    group.add_argument(
        "--keep-warm",
        choices=["off", "ping", "snapshot"],
        default="off",
        help="the template's KeepWarm, against cold starts of the speech function (default: %(default)s)",
    )
    group.add_argument("--streamed", action="store_true", help="realtime through the Function URL, not the HTTP API")
    group.add_argument(
        "--retention-days",
        type=_from(1, _MOST_DAYS),
        default=90,
        metavar="N",
        help="retention of audio files (default: %(default)s)",
    )
    group.add_argument(
        "--egress",
        choices=["none", "internet", "cloudfront"],
        default="none",
        help="how each file leaves AWS, once (default: %(default)s, not counted)",
    )
    group.add_argument(
        "--set", action="append", default=[], metavar="NAME=DOLLARS", help="override a price; repeatable, see --prices"
    )


def _from(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"'{text}' is not an integer from {least:,} to {most:,}")
        return int(text)

    return parse


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 0 to 1")
    return share


def _cost(options: argparse.Namespace) -> None:
    from herald.cli.cost.show import show  # noqa: PLC0415  a tenth of a second, not needed by --help

    show(options)
