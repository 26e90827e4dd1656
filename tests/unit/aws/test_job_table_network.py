"""A change of a job is made once and known to be made, whatever becomes of DynamoDB's answers."""

from datetime import timedelta

import pytest

from herald.jobs.states import State
from tests.jobs import NOON, a_job
from tests.unit.aws.network import FATES, unreliable

UNTIL = NOON + timedelta(minutes=5)


@pytest.fixture
def network(dynamo, monkeypatch):
    with unreliable(monkeypatch) as network:
        yield network


@pytest.fixture(params=FATES)
def fate(request):
    return request.param


@pytest.fixture
def job(dynamo):
    return dynamo.table.add(a_job())


def claim(table, job, worker="w"):
    return table.claim(job.id, State.SPEAKING, worker=worker, at=NOON, until=UNTIL)


def test_an_attempt_counts_once(dynamo, network, job, fate):
    """An attempt that counts twice has a job fail before its time."""
    network.fates.extend([fate, fate])
    assert claim(dynamo.table, job).attempts == 1
    network.arrive()
    assert dynamo.table.get(job.id).attempts == 1


def test_each_claim_of_the_same_worker_counts(dynamo, job):
    assert [claim(dynamo.table, job).attempts for _ in range(2)] == [1, 2]


def test_whoever_moves_a_job_learns_that_it_did(dynamo, network, job, fate):
    """Otherwise its end is published minutes later, by the sweeper."""
    claim(dynamo.table, job)
    network.fates.extend([fate, fate])
    assert dynamo.table.move(job.id, State.DONE, at=NOON, worker="w").state is State.DONE
    network.arrive()
    assert dynamo.table.move(job.id, State.FAILED, at=NOON) is None
    assert dynamo.table.get(job.id).state is State.DONE


def test_a_note_is_known_to_be_written(dynamo, network, job, fate):
    claim(dynamo.table, job)
    network.fates.extend([fate, fate])
    assert dynamo.table.note(job.id, worker="w", changes={"metadata": {"a": "b"}})
