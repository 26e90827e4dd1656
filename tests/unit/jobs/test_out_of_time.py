"""Texts that take longer than a worker has."""

from datetime import timedelta

import pytest

from herald.errors import Unavailable
from herald.jobs.endings import MOST_ATTEMPTS
from herald.jobs.states import State
from herald.jobs.work import Later
from tests.unit.jobs.checks import check_done, once
from tests.unit.jobs.services import LONG, VISIBILITY, KilledWorker, Services


def test_where_more_time_is_to_be_had_the_message_comes_back_at_once(services):
    job = services.submit(f"{LONG} x")
    assert services.work(job, fresh=False) == Later(seconds=0)
    row = services.row(job)
    assert (row.state, row.route, row.lease_until) == (State.QUEUED, "queue", None)


def test_to_be_put_off_is_no_try(services):
    job = services.submit(f"{LONG} x")
    for _ in range(3 * MOST_ATTEMPTS):
        assert services.work(job, fresh=False) == Later(seconds=0)
    assert services.row(job).attempts == 0
    services.work(job)
    assert services.row(job).route == "gpu"


def test_to_be_put_off_hides_no_fault(services):
    job = services.submit(f"{LONG} x")
    services.speaker.faults.before("speak", RuntimeError())
    with pytest.raises(RuntimeError):
        services.work(job)
    services.work(job, fresh=False)
    assert services.row(job).fault.code == "internal_error"
    assert services.row(job).attempts == 1


def test_a_worker_keeps_time_to_store_what_it_spoke(services):
    services.time_left = 3.0
    job = services.submit("x" * 10)
    assert services.work(job, fresh=False) == Later(seconds=0)
    services.time_left = 3.1
    assert services.work(job, fresh=False) is None
    check_done(services, job)


def test_what_no_worker_has_time_for_goes_to_the_gpu(services):
    job = services.submit(f"{LONG} x")
    assert services.work(job) is None
    row = services.row(job)
    assert (row.state, row.route, row.worker, row.lease_until) == (State.QUEUED, "gpu", None, None)
    assert "GPU" in row.reason
    assert services.sent("gpu") == [job.id]
    services.hand_over(job)
    services.gpu.notice(services.endpoint.finish())
    check_done(services, job)


def test_the_gpu_has_all_its_tries_after_the_workers_had_theirs(services):
    job = services.submit(f"{LONG} x")
    services.speaker.faults.before("speak", RuntimeError(), times=MOST_ATTEMPTS - 1)
    for _ in range(MOST_ATTEMPTS - 1):
        with pytest.raises(RuntimeError):
            services.work(job)
    services.work(job)
    services.hand_over(job)
    services.gpu.notice(services.endpoint.fail())
    assert services.row(job).state is State.QUEUED
    services.hand_over(job)
    services.gpu.notice(services.endpoint.finish())
    check_done(services, job)


def test_without_a_gpu_it_fails_and_says_what_would_help(without_gpu):
    job = without_gpu.submit(f"{LONG} x")
    assert without_gpu.work(job) is None
    row = without_gpu.row(job)
    assert (row.state, row.error.code) == (State.FAILED, "text_too_long")
    assert "GpuImage" in row.error.message


@pytest.mark.parametrize("error", [KilledWorker(), Unavailable("Not now.")])
@pytest.mark.parametrize("point", [("table.move", "before"), ("table.move", "after"), ("queues.send", "before")])
def test_a_hand_over_that_is_broken_off(services, point, error):
    job = services.submit(f"{LONG} x")
    once(services, point, error)
    with pytest.raises(type(error)):
        services.work(job)
    assert services.sent("gpu") == []
    services.time.move(VISIBILITY)
    assert services.work(job) is None
    assert services.sent("gpu") == [job.id]
    assert services.row(job).state is State.QUEUED


def test_a_job_that_another_took_meanwhile_is_not_handed_over(services):
    def other():
        services.time.move(VISIBILITY)
        at = services.time()
        services.table.claim(job.id, State.SPEAKING, worker="next", at=at, until=at + timedelta(seconds=40))

    job = services.submit(f"{LONG} x")
    calls = iter([other])
    services.speaker.faults.on_call = lambda *_: [call() for call in calls]
    assert services.work(job) == Later(seconds=41)
    assert (services.row(job).worker, services.sent("gpu")) == ("next", [])


def test_a_job_of_a_gpu_that_is_gone_ends_and_says_so():
    services = Services()
    job = services.submit(f"{LONG} x")
    services.work(job)
    services.worker._gpu = False
    assert services.work(job) is None
    assert services.row(job).error.code == "gpu_not_deployed"
