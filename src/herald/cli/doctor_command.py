"""herald doctor: check a deployment from its credentials to its audio, with advice for each failure."""

import json
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Literal

import click

from herald.cli.parameters import Number, json_option, stack_option
from herald.errors import HeraldError

if TYPE_CHECKING:
    from herald.cli.doctor_subject import Subject

CHECKS = (
    "credentials", "stack", "functions", "concurrency", "gpu-quota", "alarms", "key", "health", "no-key", "speech",
    "stream", "job", "batch", "gpu",
)  # fmt: skip
"""In the order in which they run."""


@click.command()
@stack_option
@json_option
@click.option(
    "--skip",
    type=click.Choice(CHECKS),
    multiple=True,
    metavar="CHECK",
    help=f"skip a check; repeatable: {', '.join(CHECKS)}",
)
@click.option("--timeout", type=Number(1, 86_400), default=600.0, metavar="SECONDS", help="for all checks together")
def doctor(stack: str | None, *, as_json: bool, skip: tuple[str, ...], timeout: float) -> int:
    """Check a deployment as its operator.

    It checks credentials, account limits, the stack and, with a temporary key, each route to audio: synchronous,
    streaming, a job, a batch of three rows, the GPU. It synthesizes about 250 characters and may start a GPU instance.
    The exit status is 1 if a check fails.
    """
    from herald.cli.deployment import explained

    with explained("herald doctor"):
        subject = subject_of(stack, seconds=timeout)
        print(f"Checking {subject.deployment.place}.", file=sys.stderr)
        results = examine(subject, skip=skip, report=(lambda _: None) if as_json else _print_result)
    passed = not any(result.status == "fail" for result in results)
    if as_json:
        checks = [asdict(one) for one in results]
        print(json.dumps({"deployment": subject.deployment.place, "passed": passed, "checks": checks}, indent=2))
    return int(not passed)


@dataclass(frozen=True, kw_only=True)
class Result:
    """The result of one check."""

    check: str
    status: Literal["pass", "fail", "skip"]
    detail: str
    advice: str = ""
    """How to fix a failure."""
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Check:
    """A check, with advice for its failure and the checks that must pass before it runs."""

    run: "Callable[[Subject], str]"
    """Return the finding; raise CheckFailed, CheckSkipped or a HeraldError."""
    advice: str
    needs: tuple[str, ...] = ()


def all_checks() -> dict[str, Check]:
    """Return the checks by name; their modules need AWS and HTTP."""
    from herald.cli import doctor_checks as checks

    return {
        "credentials": Check(run=checks.credentials, advice=checks.SIGN_IN),
        "stack": Check(run=checks.stack, advice=checks.NAME_THE_STACK, needs=("credentials",)),
        "functions": Check(run=checks.functions, advice=checks.ALLOW_READING, needs=("stack",)),
        "concurrency": Check(run=checks.concurrency, advice=checks.ALLOW_READING, needs=("stack",)),
        "gpu-quota": Check(run=checks.gpu_quota, advice=checks.ALLOW_READING, needs=("stack",)),
        "alarms": Check(run=checks.alarms, advice=checks.ALLOW_READING, needs=("stack",)),
        "key": Check(run=checks.make_key, advice=checks.ALLOW_KEYS, needs=("stack",)),
        "health": Check(run=checks.health, advice=checks.LOOK_AT_LOGS, needs=("stack",)),
        "no-key": Check(run=checks.no_key, advice=checks.LOOK_AT_LOGS, needs=("health",)),
        "speech": Check(run=checks.speech, advice=checks.LOOK_AT_LOGS, needs=("key", "health")),
        "stream": Check(run=checks.stream, advice=checks.LOOK_AT_LOGS, needs=("key",)),
        "job": Check(run=checks.job, advice=checks.LOOK_AT_LOGS, needs=("key", "health")),
        "batch": Check(run=checks.batch, advice=checks.LOOK_AT_LOGS, needs=("key", "health")),
        "gpu": Check(run=checks.gpu, advice=checks.LOOK_AT_LOGS, needs=("key", "health")),
    }


def subject_of(stack: str | None, *, seconds: float) -> "Subject":
    """Return the deployment to check, with a limit in seconds for all checks."""
    from herald.auth.api_keys import KeyRing
    from herald.aws.key_table import DynamoKeys
    from herald.aws.stacks import Inspection
    from herald.cli.deployment import find_deployment
    from herald.cli.doctor_subject import HttpWeb, Subject
    from herald.clock import utc_now

    deployment = find_deployment(stack)
    return Subject(
        deployment=deployment,
        inspection=Inspection(deployment.clients, deployment.stack),
        web=HttpWeb(),
        keys=lambda: KeyRing(
            DynamoKeys(deployment.clients.dynamodb, table=deployment.resource("KeyTable")), clock=utc_now
        ),
        seconds=seconds,
    )


def examine(subject: "Subject", *, skip: Collection[str], report: Callable[[Result], object]) -> Sequence[Result]:
    """Run all checks except those in `skip`, then revoke the temporary key.

    Call `report` with each result as soon as it exists.
    """
    results: dict[str, Result] = {}
    checks = all_checks()

    def add(result: Result) -> None:
        results[result.check] = result
        report(result)

    try:
        for name in CHECKS:
            add(run_check(name, checks[name], subject, results, skip))
    finally:
        if subject.key:
            add(revoke_key(subject, subject.key[0].id))
    return list(results.values())


def run_check(name: str, check: Check, subject: "Subject", before: dict[str, Result], skip: Collection[str]) -> Result:
    """Run one check, unless it is skipped or one that it needs did not pass."""
    from herald.cli.deployment import fault_of
    from herald.cli.doctor_subject import CheckFailed, CheckSkipped

    lacking = [need for need in check.needs if before[need].status != "pass"]
    if name in skip or lacking:
        reason = "skipped by --skip" if name in skip else f"requires {', '.join(lacking)} to pass"
        return Result(check=name, status="skip", detail=reason)
    if subject.time_left() <= 0:
        advice = f"Raise --timeout above {subject.seconds:.0f}."
        return Result(check=name, status="fail", detail="the time limit was reached", advice=advice)
    started = perf_counter()
    try:
        detail = check.run(subject)
    except CheckSkipped as skipped:
        return Result(check=name, status="skip", detail=str(skipped))
    except CheckFailed as failed:
        return Result(check=name, status="fail", detail=failed.detail, advice=failed.advice)
    except HeraldError as error:
        return Result(check=name, status="fail", detail=fault_of(error), advice=check.advice)
    return Result(check=name, status="pass", detail=detail, seconds=round(perf_counter() - started, 3))


def revoke_key(subject: "Subject", key: str) -> Result:
    """Revoke the temporary key."""
    try:
        subject.keys().revoke(key)
    except HeraldError as error:
        again = f"herald keys revoke {key} --stack {subject.deployment.stack}; otherwise it expires in an hour."
        return Result(check="key-removed", status="fail", detail=error.message, advice=again)
    return Result(check="key-removed", status="pass", detail=f"key {key} is revoked")


def _print_result(result: Result) -> None:
    """Print a result as a line of text; a failure has a second line with advice."""
    print(f"{result.status}  {result.check:<12} {result.detail}", flush=True)
    if result.advice:
        print(f"      {'':<12} Fix: {result.advice}", flush=True)
