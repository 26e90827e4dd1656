"""Two workers on one job, one of which may have lost its lease."""

from datetime import timedelta

import pytest

from herald.jobs.job import State
from herald.jobs.job_worker import Postpone
from tests.support.job_checks import check_done
from tests.support.job_services import VISIBILITY


def test_second_worker_is_postponed_until_the_lease_expires(services):
    job = services.submit("x" * 100)
    later = meanwhile(services, job, lambda: services.work(job))
    assert later == Postpone(seconds=61)
    check_done(services, job, attempts=1)
    assert services.work(job) is None


def test_lease_does_not_outlast_its_worker(services):
    services.time_left = 12.0
    job = services.submit()
    assert meanwhile(services, job, lambda: services.work(job)) == Postpone(seconds=13)


@pytest.mark.parametrize("off", [-600, 600])
def test_clock_skew_loses_nothing(services, off):
    def other():
        services.time.off = timedelta(seconds=off)
        later = services.work(job)
        services.time.off = timedelta()
        return later

    job = services.submit()
    later = meanwhile(services, job, other)
    assert later is None or 0 < later.seconds < 700
    check_done(services, job)
    assert len(services.events_of(job)) == 1
    assert services.row(job).ended_at >= services.row(job).begun_at


def test_worker_with_an_expired_lease_is_too_late(services):
    def other():
        services.time.move(VISIBILITY)
        return services.work(job)

    job = services.submit()
    assert meanwhile(services, job, other) is None
    check_done(services, job, attempts=2)
    assert len(services.events_of(job)) == 1


def test_worker_with_an_expired_lease_does_not_affect_the_next(services):
    def other():
        services.time.move(VISIBILITY)
        at = services.time()
        assert services.table.claim(job.id, State.SPEAKING, worker="next", at=at, until=at + timedelta(seconds=40))
        raise RuntimeError

    job = services.submit()
    with pytest.raises(RuntimeError):
        meanwhile(services, job, other)
    row = services.row(job)
    assert (row.state, row.worker, row.fault) == (State.SPEAKING, "next", None)


def test_job_cancelled_during_a_lost_attempt_stays_cancelled(services):
    def other():
        services.time.move(VISIBILITY)
        services.speaker.faults.before("speak", RuntimeError())
        with pytest.raises(RuntimeError):
            services.work(job)
        services.job_service.cancel(job.id, tenant="acme")

    job = services.submit(retention="keep")
    meanwhile(services, job, other)
    assert services.row(job).state is State.CANCELLED
    assert [event.state for event in services.events_of(job)] == [State.CANCELLED]
    assert list(services.audio.keepers.values()) == ["none"]


def test_of_two_workers_the_slower_one_releases_no_kept_file(services):
    def other():
        services.time.move(VISIBILITY)
        return services.work(job)

    job = services.submit(retention="keep")
    meanwhile(services, job, other)
    assert services.audio.keepers == {services.row(job).audio.key: job.id}


def meanwhile(services, job, other):
    """Process a job, and call `other` once during the synthesis; return its result."""
    seen = []

    def on_call(method, when):
        if when == "before" and not seen:
            seen.append(None)
            seen[0] = other()

    services.speaker.faults.on_call = on_call
    services.work(job, name="first")
    return seen[0]
