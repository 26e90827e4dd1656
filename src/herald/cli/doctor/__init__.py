"""herald doctor: check a deployment from its credentials to its audio, with advice for each failure."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from herald.cli import Commands

CHECKS = (
    "credentials", "stack", "functions", "concurrency", "gpu-quota", "alarms", "key", "health", "no-key", "speech",
    "stream", "job", "batch", "gpu",
)  # fmt: skip
"""In the order in which they run."""


def add(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "doctor",
        help="check a deployment, with advice for each failure",
        description="Check a deployment as its operator: credentials, account limits, the stack and, with a temporary "
        "key, each route to audio: synchronous, streaming, a job, a batch of three rows, the GPU. It synthesizes "
        "about 250 characters and may start a GPU instance. The exit status is 1 if a check fails.",
    )
    parser.add_argument(
        "--stack", metavar="STACK", help="the deployment (default: the local stack of 'make run', else herald)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--skip",
        action="append",
        choices=CHECKS,
        default=[],
        metavar="CHECK",
        help=f"skip a check; repeatable: {', '.join(CHECKS)}",
    )
    parser.add_argument(
        "--timeout", type=_seconds, default=600.0, metavar="SECONDS", help="for all checks together (default: 600)"
    )
    parser.set_defaults(run=_run)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 86_400:  # noqa: PLR2004  a day
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds from 1 to 86400")
    return seconds


def _run(options: argparse.Namespace) -> int:
    from herald.cli.deployment import explained  # noqa: PLC0415  AWS, 100 ms
    from herald.cli.doctor.examine import examine, subject_of  # noqa: PLC0415
    from herald.cli.doctor.report import as_json, line  # noqa: PLC0415

    with explained("herald doctor"):
        subject = subject_of(options.stack, seconds=options.timeout)
        print(f"Checking {subject.deployment.place}.", file=sys.stderr)
        show = (lambda _: None) if options.json else (lambda result: print(line(result), flush=True))
        results = examine(subject, skip=options.skip, report=show)
    if options.json:
        print(as_json(subject.deployment.place, results))
    return int(any(result.status == "fail" for result in results))
