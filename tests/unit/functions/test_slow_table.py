"""Exactly the accepted requests are counted while DynamoDB is slow. Each environment is a separate process."""

import multiprocessing
from collections import Counter
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest

from herald.auth import quotas
from herald.aws.clients import Clients, Endpoint
from herald.runtime.container import Dependencies
from herald.runtime.settings import Settings
from tests.support.moto_cloud import variables
from tests.support.slow_table import slow_table

TEXT = "Guten Tag."
QUOTA = {"tenant": "acme", "key": "aaaaaaaaaaaa", "characters_a_day": "1000"}
ENVIRONMENTS, POSTS = 25, 8
LATE_SECONDS, ONE_IN = 3, 10
LONGEST = 120
"""Maximum seconds of the whole test."""


@pytest.fixture
def table(cloud, monkeypatch):
    """DynamoDB over HTTP, with the clients of interactive functions."""
    with slow_table(late=LATE_SECONDS, every=ONE_IN) as table:
        session = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
        clients = Clients(attempts=3, read_seconds=2, endpoint=Endpoint(endpoint_url=table.url, session=session))
        for service in ("s3", "sqs", "events", "stepfunctions"):
            vars(clients)[service] = getattr(cloud.clients, service)
        _ = clients.dynamodb
        monkeypatch.setattr("herald.runtime.container.Clients", lambda **_: clients)
        yield table


def environment(http, pipe):
    """Run one environment of the function: several posts in sequence, later one for another tenant."""
    pipe.recv()
    answers = [http("POST", "/v1/jobs", {"input": TEXT}, **QUOTA) for _ in range(POSTS)]
    pipe.send([(one.status, one.headers.get("Retry-After")) for one in answers])
    pipe.recv()
    pipe.send(http("POST", "/v1/jobs", {"input": TEXT}, tenant="globex").status)


def test_exactly_accepted_requests_are_counted_while_the_table_is_slow(http, cloud, table, monkeypatch):
    monkeypatch.setattr(quotas, "DECIDE_AFTER", timedelta(seconds=LATE_SECONDS))
    assert http("GET", "/v1/voices").status == 200, "shared code is loaded before the fork"
    fork = multiprocessing.get_context("fork")
    pipes, processes = [], []
    for _ in range(ENVIRONMENTS):
        ours, theirs = fork.Pipe()
        process = fork.Process(target=environment, args=(http, theirs))
        process.start()
        pipes.append(ours)
        processes.append(process)
    answers = [answer for result in ask(pipes) for answer in result]
    table.well()
    sleep(LATE_SECONDS + 1)  # until delayed calls have arrived
    assert set(ask(pipes)) == {202}, "requests succeed again, and undecided charges are settled"
    for process in processes:
        process.join(LONGEST)
    statuses = Counter(status for status, _ in answers)
    assert statuses.keys() <= {202, 429, 503}
    assert all(wait for status, wait in answers if status in {429, 503})
    accepted, (day, used) = statuses[202], usage(cloud)
    assert (used.characters, used.requests) == (accepted * len(TEXT), accepted), statuses
    assert used.by_account == {QUOTA["key"]: used.characters}
    assert 500 < used.characters <= 1_000, "most of the quota was usable despite the delays"
    assert day == datetime.now(UTC).date(), "the test ran over midnight"
    jobs = [row for row in cloud.rows() if row["tenant"]["S"] == "acme" and row["state"]["S"] != "cancelled"]
    assert len(jobs) == accepted


def ask(pipes):
    """Let all environments continue at once; return the result of each."""
    for pipe in pipes:
        pipe.send("go")
    assert all(pipe.poll(LONGEST) for pipe in pipes)
    return [pipe.recv() for pipe in pipes]


def usage(cloud):
    parts = Dependencies(Settings.read(variables() | cloud.environment()), interactive=False)
    (used,) = parts.quotas.used("acme", 1).items()
    return used
