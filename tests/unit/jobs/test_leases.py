"""The job of a dead worker continues within minutes; a live worker keeps its job, however long it takes."""

import time
from datetime import timedelta
from threading import Event

import pytest

from herald.errors import Unavailable
from herald.jobs import job_worker as heartbeat
from herald.jobs.completion import MAX_ATTEMPTS
from herald.jobs.job import State
from herald.jobs.job_worker import HIDDEN_SECONDS, LEASE, Heartbeat, Postpone, until_lease_expires
from tests.support.job_checks import check_done
from tests.support.job_services import DEADLY, KilledWorker

QUICK = 0.01


@pytest.fixture
def beats(monkeypatch):
    """Speed up heartbeats."""
    monkeypatch.setattr(heartbeat, "EVERY_SECONDS", QUICK)


def until(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(QUICK / 5)


@pytest.mark.parametrize("characters", [10, 4_000])
def test_job_of_a_dead_worker_is_free_when_its_message_returns(services, characters):
    """For any length of the text: leases do not grow with it."""
    job = services.submit(DEADLY + "x" * characters)
    with pytest.raises(KilledWorker):
        services.work(job)
    held = services.row(job)
    assert (held.state, held.lease_until) == (State.SPEAKING, services.time() + LEASE)
    services.time.move(HIDDEN_SECONDS)
    services.speaker.speak = lambda script, **_: services.speaker.__class__.speak(
        services.speaker, script.model_copy(update={"lines": (script.lines[0].model_copy(update={"text": "x"}),)}), **_
    )
    assert services.work(job) is None
    assert (services.row(job).state, services.row(job).attempts) == (State.DONE, 2)


def test_sweeper_recovers_a_lost_message_within_minutes(services):
    job = services.submit(f"{DEADLY} x")
    services.queues.take("standard")
    with pytest.raises(KilledWorker):
        services.work(job)
    services.time.move(timedelta(minutes=3, seconds=1).total_seconds())
    services.sweep()
    assert services.sent() == [job.id]
    assert services.row(job).state is State.QUEUED


def test_long_job_stays_with_its_worker(services, beats):
    """The job takes minutes. Each heartbeat extends the lease by a minute, and the sweeper ignores the job."""
    job, taken = services.submit(), []

    def speaking(_, when):
        if when == "before":
            for _ in range(10):
                services.time.move(30)
                expected = services.time() + LEASE
                until(lambda: services.row(job).lease_until == expected)  # noqa: B023  called at once
                taken.append(services.work(job))
                services.sweep()

    services.speaker.faults.on_call = speaking
    assert services.work(job) is None
    assert [later.seconds for later in taken] == [61.0] * 10
    check_done(services, job, attempts=1)
    assert services.speaker.calls["speak"] == 1


def last_attempt(services):
    """Return a job that has one attempt left."""
    job = services.submit()
    services.speaker.faults.before("speak", RuntimeError(), times=MAX_ATTEMPTS - 1)
    for _ in range(MAX_ATTEMPTS - 1):
        with pytest.raises(RuntimeError):
            services.work(job)
    return job


@pytest.mark.parametrize("path", ["work", "dead letter", "sweep"])
@pytest.mark.parametrize("reading", ["a clock 10 minutes fast", "10 minutes after the last renewal"])
def test_last_attempt_is_not_given_up_while_its_worker_may_be_alive(services, path, reading):
    job, found = last_attempt(services), []

    def speaking(_, when):
        if when == "before" and not found:
            found.append(services.row(job))
            off, services.time.off = services.time.off, timedelta(minutes=10)
            if path == "sweep":
                services.sweep()
            found.append(services.fail_dead_letter(job) if path == "dead letter" else services.work(job))
            if reading == "a clock 10 minutes fast":
                services.time.off = off
            assert services.row(job) == found[0]

    services.speaker.faults.on_call = speaking
    services.work(job)
    assert found[1] == Postpone(seconds=LEASE.total_seconds() + 1)
    check_done(services, job, attempts=MAX_ATTEMPTS)


def test_lease_that_has_expired_is_waited_for_a_second(services):
    job = services.submit()
    services.table.claim(job.id, State.SPEAKING, worker="slow", at=services.time(), until=services.time())
    services.time.move(60)
    assert until_lease_expires(services.row(job), services.time()) == Postpone(seconds=1)


@pytest.mark.parametrize("path", ["work", "dead letter"])
def test_job_that_changed_since_it_was_read_is_not_given_up(services, path):
    """The worker renews its lease between the read of the row and the write of the failure."""
    job = last_attempt(services)
    at = services.time()
    services.table.claim(job.id, State.SPEAKING, worker="slow", at=at, until=at + LEASE)
    services.time.move(3_600)
    late = services.time() + LEASE

    def renewed(method, when):
        if (method, when) == ("find", "before"):
            services.table.renew(job.id, worker="slow", at=services.time(), until=late)

    services.audio.faults.on_call = renewed
    later = services.fail_dead_letter(job) if path == "dead letter" else services.work(job)
    assert later == Postpone(seconds=1)
    assert (services.row(job).state, services.row(job).lease_until) == (State.SPEAKING, late)
    assert services.events_of(job) == []


def test_job_whose_last_worker_died_fails_within_minutes(services):
    job = services.submit(f"{DEADLY} x")
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(KilledWorker):
            services.work(job)
        services.time.move(HIDDEN_SECONDS)
    later = services.work(job)
    assert services.row(job).state is State.SPEAKING
    services.time.move(later.seconds)
    assert services.work(job) is None
    assert services.row(job).error.code == "too_many_attempts"


def test_worker_that_lost_its_job_does_not_renew_it(services, beats):
    job = services.submit()
    renewals = []

    def speaking(_, when):
        if when == "before":
            at = services.time() + timedelta(hours=1)
            services.table.claim(job.id, State.SPEAKING, worker="next", at=at, until=at + LEASE)
            renewals.append(services.table.calls["renew"])
            until(lambda: services.table.calls["renew"] > renewals[0] + 2)
            assert (services.row(job).worker, services.row(job).lease_until) == ("next", at + LEASE)

    services.speaker.faults.on_call = speaking
    services.work(job)
    assert len(services.events_of(job)) == 1


def test_failed_heartbeat_is_reported_and_repeated(services, beats):
    job, errors = services.submit(), []
    services.worker.not_renewed = errors.append
    services.table.faults.before("renew", Unavailable("Not now."), times=3)

    def speaking(_, when):
        if when == "before":
            until(lambda: services.table.calls["renew"] > 2)

    services.speaker.faults.on_call = speaking
    assert services.work(job) is None
    assert [error.message for error in errors] == ["Not now."] * 3
    check_done(services, job, attempts=1)


def test_heartbeat_stops_with_the_work():
    beaten = []
    with Heartbeat(lambda: beaten.append(1), failed=print, every=QUICK, at_once=True):
        until(lambda: len(beaten) > 3)
    count = len(beaten)
    time.sleep(5 * QUICK)
    assert len(beaten) == count


def test_hanging_heartbeat_does_not_block_the_end(monkeypatch):
    monkeypatch.setattr(heartbeat, "_JOIN_SECONDS", 0.05)
    hanging, released = Event(), Event()

    def beat():
        hanging.set()
        released.wait(10)

    with Heartbeat(beat, failed=print, every=QUICK):
        assert hanging.wait(5)
    released.set()
