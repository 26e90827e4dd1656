"""What is accepted is counted, and nothing else, while DynamoDB is late. Each environment is a process of its own."""

import multiprocessing
from collections import Counter
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest

from herald.aws.clients import Clients, Place
from herald.handlers.parts import Parts
from herald.handlers.settings import Settings
from herald.jobs import quotas
from tests.unit.handlers.cloud import variables
from tests.unit.handlers.slow_table import slow_table

TEXT = "Guten Tag."
QUOTA = {"tenant": "acme", "key": "aaaaaaaaaaaa", "characters_a_day": "1000"}
ENVIRONMENTS, POSTS = 25, 8
LATE_SECONDS, ONE_IN = 3, 10
LONGEST = 120
"""Seconds for all of it."""


@pytest.fixture
def table(cloud, monkeypatch):
    """DynamoDB over HTTP, with the clients that a function has while a caller waits."""
    with slow_table(late=LATE_SECONDS, every=ONE_IN) as table:
        session = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
        clients = Clients(attempts=3, read_seconds=2, place=Place(endpoint_url=table.url, session=session))
        for service in ("s3", "sqs", "events", "stepfunctions"):
            vars(clients)[service] = getattr(cloud.clients, service)
        _ = clients.dynamodb
        monkeypatch.setattr("herald.handlers.parts.Clients", lambda **_: clients)
        yield table


def environment(http, pipe):
    """What one environment of the function does: some posts, one after the other; later one for another tenant."""
    pipe.recv()
    answers = [http("POST", "/v1/jobs", {"input": TEXT}, **QUOTA) for _ in range(POSTS)]
    pipe.send([(one.status, one.headers.get("Retry-After")) for one in answers])
    pipe.recv()
    pipe.send(http("POST", "/v1/jobs", {"input": TEXT}, tenant="globex").status)


def test_accepted_is_counted_while_the_table_is_late(http, cloud, table, monkeypatch):
    monkeypatch.setattr(quotas, "DECIDE_AFTER", timedelta(seconds=LATE_SECONDS))
    assert http("GET", "/v1/voices").status == 200, "what all environments load is loaded before they part"
    fork = multiprocessing.get_context("fork")
    pipes, processes = [], []
    for _ in range(ENVIRONMENTS):
        ours, theirs = fork.Pipe()
        process = fork.Process(target=environment, args=(http, theirs))
        process.start()
        pipes.append(ours)
        processes.append(process)
    answers = [answer for said in ask(pipes) for answer in said]
    table.well()
    sleep(LATE_SECONDS + 1)  # until what was late has arrived
    assert set(ask(pipes)) == {202}, "all is well again, and what was left open is closed"
    for process in processes:
        process.join(LONGEST)
    statuses = Counter(status for status, _ in answers)
    assert statuses.keys() <= {202, 429, 503}
    assert all(wait for status, wait in answers if status in {429, 503})
    accepted, (day, used) = statuses[202], usage(cloud)
    assert (used.characters, used.requests) == (accepted * len(TEXT), accepted), statuses
    assert used.by_account == {QUOTA["key"]: used.characters}
    assert 500 < used.characters <= 1_000, "few or none were lost to the delays"
    assert day == datetime.now(UTC).date(), "the test ran over midnight"
    jobs = [row for row in cloud.rows() if row["tenant"]["S"] == "acme" and row["state"]["S"] != "cancelled"]
    assert len(jobs) == accepted


def ask(pipes):
    """Have all environments go on at once; what each says then."""
    for pipe in pipes:
        pipe.send("go")
    assert all(pipe.poll(LONGEST) for pipe in pipes)
    return [pipe.recv() for pipe in pipes]


def usage(cloud):
    parts = Parts(Settings.read(variables() | cloud.environment()), somebody_waits=False)
    (used,) = parts.quotas.used("acme", 1).items()
    return used
