"""Run the checks in order within a common time limit, and revoke the temporary key at the end."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from time import perf_counter

from herald.auth.api_keys import KeyRing
from herald.aws.key_table import DynamoKeys
from herald.aws.stacks import Inspection
from herald.cli.deployment import find_deployment
from herald.cli.doctor import CHECKS, account, service
from herald.cli.doctor.report import CheckFailed, CheckSkipped, Result
from herald.cli.doctor.subject import Subject
from herald.cli.doctor.web import UrllibWeb
from herald.clock import utc_now
from herald.errors import HeraldError

type Report = Callable[[Result], object]


@dataclass(frozen=True, kw_only=True)
class Check:
    """A check, with advice for its failure and the checks that must pass before it runs."""

    run: Callable[[Subject], str]
    """Return the finding; raise CheckFailed, CheckSkipped or a HeraldError."""
    advice: str
    needs: tuple[str, ...] = ()


_ALL: dict[str, Check] = {
    "credentials": Check(run=account.credentials, advice=account.SIGN_IN),
    "stack": Check(run=account.stack, advice=account.NAME_THE_STACK, needs=("credentials",)),
    "functions": Check(run=account.functions, advice=account.ALLOW_READING, needs=("stack",)),
    "concurrency": Check(run=account.concurrency, advice=account.ALLOW_READING, needs=("stack",)),
    "gpu-quota": Check(run=account.gpu_quota, advice=account.ALLOW_READING, needs=("stack",)),
    "alarms": Check(run=account.alarms, advice=account.ALLOW_READING, needs=("stack",)),
    "key": Check(run=account.make_key, advice=account.ALLOW_KEYS, needs=("stack",)),
    "health": Check(run=service.health, advice=service.LOOK_AT_LOGS, needs=("stack",)),
    "no-key": Check(run=service.no_key, advice=service.LOOK_AT_LOGS, needs=("health",)),
    "speech": Check(run=service.speech, advice=service.LOOK_AT_LOGS, needs=("key", "health")),
    "stream": Check(run=service.stream, advice=service.LOOK_AT_LOGS, needs=("key",)),
    "job": Check(run=service.job, advice=service.LOOK_AT_LOGS, needs=("key", "health")),
    "batch": Check(run=service.batch, advice=service.LOOK_AT_LOGS, needs=("key", "health")),
    "gpu": Check(run=service.gpu, advice=service.LOOK_AT_LOGS, needs=("key", "health")),
}


def subject_of(stack: str | None, *, seconds: float) -> Subject:
    """Return the deployment to check, with a limit in seconds for all checks."""
    deployment = find_deployment(stack)
    return Subject(
        deployment=deployment,
        inspection=Inspection(deployment.clients, deployment.stack),
        web=UrllibWeb(),
        keys=lambda: KeyRing(
            DynamoKeys(deployment.clients.dynamodb, table=deployment.resource("KeyTable")), clock=utc_now
        ),
        seconds=seconds,
    )


def examine(subject: Subject, *, skip: Collection[str], report: Report) -> Sequence[Result]:
    """Run all checks except those in `skip`; call `report` with each result as soon as it exists."""
    results: dict[str, Result] = {}

    def add(result: Result) -> None:
        results[result.check] = result
        report(result)

    try:
        for name in CHECKS:
            add(_result(name, subject, results, skip))
    finally:
        if subject.key:
            add(_revoke_key(subject, subject.key[0].id))
    return list(results.values())


def _result(name: str, subject: Subject, before: dict[str, Result], skip: Collection[str]) -> Result:
    check = _ALL[name]
    started = perf_counter()
    try:
        _check_needs(name, check, subject, before, skip)
        detail = check.run(subject)
    except CheckSkipped as skipped:
        return Result(check=name, status="skip", detail=str(skipped))
    except CheckFailed as failed:
        return Result(check=name, status="fail", detail=failed.detail, advice=failed.advice)
    except HeraldError as error:
        return Result(check=name, status="fail", detail=error.message, advice=check.advice)
    return Result(check=name, status="pass", detail=detail, seconds=round(perf_counter() - started, 3))


def _check_needs(name: str, check: Check, subject: Subject, before: dict[str, Result], skip: Collection[str]) -> None:
    if name in skip:
        raise CheckSkipped("skipped by --skip")
    if lacking := [need for need in check.needs if before[need].status != "pass"]:
        raise CheckSkipped(f"requires {', '.join(lacking)} to pass")
    if subject.time_left() <= 0:
        raise CheckFailed("the time limit was reached", f"Raise --timeout above {subject.seconds:.0f}.")


def _revoke_key(subject: Subject, key: str) -> Result:
    try:
        subject.keys().revoke(key)
    except HeraldError as error:
        again = f"herald keys revoke {key} --stack {subject.deployment.stack}; otherwise it expires in an hour."
        return Result(check="key-removed", status="fail", detail=error.message, advice=again)
    return Result(check="key-removed", status="pass", detail=f"key {key} is revoked")
