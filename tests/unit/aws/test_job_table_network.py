"""Changes of a job apply once and are confirmed, even on an unreliable network."""

from datetime import timedelta

import pytest

from herald.jobs.job import State
from tests.support.job_samples import NOON, a_job
from tests.support.unreliable_network import FATES, unreliable

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


def test_an_attempt_is_counted_once(dynamo, network, job, fate):
    """Counting an attempt twice would let a job fail too early."""
    network.fates.extend([fate, fate])
    assert claim(dynamo.table, job).attempts == 1
    network.arrive()
    assert dynamo.table.get(job.id).attempts == 1


def test_repeated_claims_of_a_worker_are_counted(dynamo, job):
    assert [claim(dynamo.table, job).attempts for _ in range(2)] == [1, 2]


def test_a_move_is_confirmed_to_its_caller(dynamo, network, job, fate):
    """Otherwise the sweeper would publish its end minutes later."""
    claim(dynamo.table, job)
    network.fates.extend([fate, fate])
    assert dynamo.table.move(job.id, State.DONE, at=NOON, worker="w").state is State.DONE
    network.arrive()
    assert dynamo.table.move(job.id, State.FAILED, at=NOON) is None
    assert dynamo.table.get(job.id).state is State.DONE


def test_a_note_is_confirmed_to_its_caller(dynamo, network, job, fate):
    claim(dynamo.table, job)
    network.fates.extend([fate, fate])
    assert dynamo.table.note(job.id, worker="w", changes={"metadata": {"a": "b"}})
