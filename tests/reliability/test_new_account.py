"""A new AWS account allows ten concurrent executions: with the default parameters a campaign leaves some for callers.

A separate stack, whose emulator throttles the eleventh call like Lambda. No concurrency is reserved: an account must
keep 100 unreserved, so with a limit of up to 100 it cannot reserve any.
"""

import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from local import ROOT
from local.deploy import BUILD, sam_environment, sam_program
from local.process import free_port
from local.stack import Stack
from tests.support.batch_runs import SHORT, Sent, people
from tests.support.deployed_stack import deployed
from tests.template.template import PARAMETERS

LIMIT = 10
ROWS = 200
CALLS = 20
CALLERS = 2
JOBS = 6
LONGEST = 240
WORKERS = sum(int(PARAMETERS[f"{kind}Concurrency"]["Default"]) for kind in ("Standard", "Vip", "MaxBatch"))


@pytest.fixture(scope="module")
def account():
    home = Stack(ROOT / ".local" / "new-account", account_concurrency=LIMIT, parameters="Profile=dev EnableStream=true")
    home.down()
    try:
        yield from deployed(home.up(free_port()))
    finally:
        home.down()


def speak(deployed, number):
    """Return the status and seconds of a synchronous call."""
    began = time.monotonic()
    answer = deployed.http.post("/v1/audio/speech", json={"input": f"Call number {number}.", "response_format": "ulaw"})
    return answer.status_code, time.monotonic() - began


def test_a_campaign_leaves_room_for_callers(account, figures):
    assert WORKERS + CALLERS <= LIMIT
    with ThreadPoolExecutor(CALLERS) as pool:
        warm = list(
            pool.map(lambda number: speak(account, -number), range(CALLERS))
        )  # load the voice before the campaign
    began = time.monotonic()
    batch = Sent(account, people(ROWS), template=f"New account. {SHORT}", response_format="ulaw")
    tiers = ("vip", "standard")
    jobs = [account.post(input=f"New account, job {number}.", priority=tiers[number % 2]) for number in range(JOBS)]
    with ThreadPoolExecutor(CALLERS) as pool:
        answers = list(pool.map(lambda number: speak(account, number), range(CALLS)))
    running = batch.get()["state"]
    ended = batch.ended(LONGEST)
    rows = account.all_ended([job["id"] for job in jobs])
    seconds = time.monotonic() - began

    assert Counter(status for status, _ in warm + answers) == {200: CALLERS + CALLS}
    assert (ended["state"], ended["counts"]["done"]) == ("done", ROWS)
    assert Counter(row.state for row in rows.values()) == {"done": JOBS}
    figures.append(
        f"account limit {LIMIT}: a batch of {ROWS} rows, {JOBS} jobs and {CALLS} calls by {CALLERS} callers in "
        f"{seconds:.0f} s, no 5xx; slowest call {max(taken for _, taken in answers):.1f} s; "
        f"after the calls the batch was {running}; {throttled(account)} calls of Lambda refused"
    )


def throttled(deployed):
    """Return the number of throttled calls from the emulator's metric."""
    found = deployed.aws("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda", MetricName="Throttles", Statistics=["Sum"], Period=3600,
        StartTime=time.time() - 3600, EndTime=time.time() + 60,
    )  # fmt: skip
    return int(sum(point["Sum"] for point in found["Datapoints"]))


def test_the_guided_deployment_works_with_enter_alone(account, tmp_path):
    config = tmp_path / "samconfig.toml"
    config.write_text((ROOT / "samconfig.toml").read_text().replace('stack_name = "herald"', 'stack_name = "enter"'))
    command = [sam_program(), "deploy", "--guided", "--template-file", BUILD / "template.yaml", "--config-file", config]
    done = subprocess.run(
        command,
        input="\n" * 100,
        env=sam_environment(account.stack.aws_endpoint_url, tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (stack,) = account.aws("cloudformation").describe_stacks(StackName="enter")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
    assert "StreamUrl" not in outputs
    health = httpx.get(f"{account.stack.aws_endpoint_url}/_aws/execute-api/{outputs['ApiId']}/health", timeout=60)
    assert health.status_code == 200
