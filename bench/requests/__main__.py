"""200 submissions per second to the api function, for a minute: `make bench-requests`.

Runs the function's handler with its real AWS clients, in as many processes as Lambda would have environments, against a
stand-in for AWS. Fails if p99 in the handler exceeds 150 ms, on any error, or if memory grows by 5 %.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import uuid4

from bench import ROOT
from bench.machine import processors
from bench.measure import function_environment
from bench.progress import Failure, say
from bench.requests import environment
from bench.requests.aws import at, stand_in
from bench.requests.environment import Event
from bench.requests.load import Request, arrivals, send

LAYER = ROOT / ".local" / "build" / "VoiceLayer"
MOST_MILLISECONDS = 150
"""Limit of p99 in the handler. The wait for an environment is reported, but depends on this machine."""
MOST_GROWTH = 0.05
_ACCEPTED = 202
_WARM = 200
"""Warm-up requests per environment."""
_SETTLED = 500
"""Requests per environment after which its memory must not grow."""
_PROCESSES = get_context("spawn")
_CALLER = {
    "tenant": "acme",
    "key": "benchmark123",
    "tier": "standard",
    "scopes": "speech jobs batches",
    "characters_a_day": "",
    "requests_a_second": "",
}


def submission(number: int) -> Event:
    """Return an event of the HTTP API with a unique text, so that each is a new job."""
    return {
        "version": "2.0",
        "routeKey": "POST /v1/jobs",
        "rawPath": "/v1/jobs",
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "idempotency-key": uuid4().hex},
        "requestContext": {
            "requestId": uuid4().hex,
            "stage": "$default",
            "http": {"method": "POST", "path": "/v1/jobs"},
            "authorizer": {"lambda": _CALLER},
        },
        "body": f'{{"input": "Appointment {number} is confirmed for Monday morning at nine.", "use_case": "alert"}}',
        "isBase64Encoded": False,
    }


def variables(layer: Path, address: str) -> dict[str, str]:
    """Return the function's environment variables, with AWS at `address`."""
    return (
        function_environment(layer, 512)
        | at(address)
        | {
            "POWERTOOLS_SERVICE_NAME": "api",
            "HERALD_ACCOUNT": "123456789012",
            "HERALD_BATCH_CONCURRENCY": "2",
            "HERALD_STREAM_URL": "",
            "HERALD_WEBHOOK_HOSTS": "",
            "HERALD_STANDARD_QUEUE": f"{address}/123456789012/standard",
            "HERALD_VIP_QUEUE": f"{address}/123456789012/vip",
        }
    )


@contextmanager
def environments(count: int, settings: dict[str, str]) -> Iterator[list[Connection]]:
    """Yield connections to `count` warm environments of the function."""
    with ExitStack() as stack:
        pipes = [_PROCESSES.Pipe() for _ in range(count)]
        for _, theirs in pipes:
            process = _PROCESSES.Process(target=environment.run, args=(theirs, settings), daemon=True)
            process.start()
            stack.callback(process.join)
            stack.callback(process.terminate)
            theirs.close()
        connections = [ours for ours, _ in pipes]
        for number in range(_WARM):
            for one in connections:
                one.send(submission(-number))
            statuses = {one.recv().status for one in connections}
            if statuses != {_ACCEPTED}:
                raise Failure(f"The function returned {statuses} instead of {_ACCEPTED}.")
        yield connections


def measure(*, rate: float, seconds: float, count: int, service_seconds: float) -> dict[str, Any]:
    """Run the load test and return its summary."""
    with stand_in(service_seconds) as address, environments(count, variables(LAYER, address)) as team:
        say(f"{count} environments are warm; {rate:g} submissions a second for {seconds:g} s")
        done = send(team, arrivals(rate, seconds), submission)
    return summary(done)


def summary(done: Sequence[Request]) -> dict[str, Any]:
    """Summarize a run: milliseconds, errors, and the largest growth of an environment's memory."""
    late = _milliseconds(request.late for request in done)
    handler = _milliseconds(request.handled.ended - request.handled.began for request in done)
    of_each = [
        [one.handled for one in done if one.environment == number] for number in {one.environment for one in done}
    ]
    cpu = sum(some[-1].cpu - some[0].cpu for some in of_each)
    grown = [some[-1].memory / some[_SETTLED].memory - 1 for some in of_each if len(some) > _SETTLED]
    return {
        "requests": len(done),
        "errors": sum(request.handled.status != _ACCEPTED for request in done),
        "from arrival": late,
        "in the handler": handler,
        "cpu": cpu / len(done) * 1000,
        "memory": max(some[-1].memory for some in of_each) / 2**20,
        "growth": max(grown, default=0.0),
    }


def _milliseconds(seconds: Iterator[float]) -> dict[str, float]:
    values = sorted(seconds)
    cuts = quantiles(values, n=100)
    return {"p50": cuts[49] * 1000, "p95": cuts[94] * 1000, "p99": cuts[98] * 1000, "max": values[-1] * 1000}


def report_lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield the summary as lines of text."""
    yield f"{datetime.now(UTC):%Y-%m-%d}, {processors()} processors"
    yield f"{found['requests']:,} submissions, {found['errors']} errors"
    for name in ("from arrival", "in the handler"):
        yield f"{name}: " + ", ".join(f"{key} {value:.1f} ms" for key, value in found[name].items())
    yield f"CPU: {found['cpu']:.1f} ms per submission"
    yield f"memory of an environment: {found['memory']:.0f} MB at most, growth {found['growth']:.1%}"


def is_met(found: dict[str, Any]) -> bool:
    """Return whether a run is within the limits."""
    handler: float = found["in the handler"]["p99"]
    return handler < MOST_MILLISECONDS and not found["errors"] and found["growth"] < MOST_GROWTH


def main() -> None:
    """Parse the command line and run the load test."""
    parser = argparse.ArgumentParser(prog="python -m bench.requests", description=__doc__.partition("\n")[0])
    parser.add_argument("--rate", type=float, default=200, help="submissions per second (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="duration (default: %(default)s)")
    parser.add_argument("--environments", type=int, default=4, help="processes (default: %(default)s)")
    parser.add_argument(
        "--service", type=float, default=1, help="response time of AWS in milliseconds (default: %(default)s)"
    )
    options = parser.parse_args()
    found = measure(
        rate=options.rate,
        seconds=options.seconds,
        count=options.environments,
        service_seconds=options.service / 1000,
    )
    for line in report_lines(found):
        say(line)
    if not is_met(found):
        sys.exit("The limits are exceeded.")


if __name__ == "__main__":
    main()
