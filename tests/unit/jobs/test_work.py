"""The worker: one job at a time, whatever happens at whichever of its calls."""

from datetime import timedelta

import pytest

from herald.errors import BrokenInstallation, Unavailable
from herald.jobs.endings import MOST_ATTEMPTS
from herald.jobs.job import JobError
from herald.jobs.messages import JobMessage
from herald.jobs.states import State
from herald.jobs.work import Later
from tests.unit.jobs.checks import check_done, once
from tests.unit.jobs.services import BROKEN, UNSPEAKABLE, VISIBILITY, KilledWorker

CALLS = [
    "table.get", "table.claim", "audio.find", "speaker.speak", "audio.put", "table.move", "events.publish",
    "table.told",
]  # fmt: skip
"""What the worker calls for a good job, in this order."""
POINTS = [(call, when) for call in CALLS for when in ("before", "after")]


def test_a_good_job(services):
    job = services.submit("Hello.", use_case="alert", retention="keep")
    services.log.clear()
    services.time.move(10)
    assert services.work(job) is None
    assert services.log == CALLS
    check_done(services, job, attempts=1, hit=False, waited=10.0, told=True)
    assert services.audio.keepers == {services.row(job).audio.key: job.id}
    (event,) = services.told(job)
    assert (event.state, event.audio.seconds, event.price_usd) == (State.DONE, 1.5, 0.2)


def test_a_message_of_a_job_that_is_not_there(services):
    message = JobMessage(job="job_of_nobody", tenant="acme")
    assert services.worker.work(message, name="w", time_left=lambda: 300.0, fresh=True) is None
    assert services.log == ["table.get"]


def test_a_message_with_the_name_of_another_tenant_does_nothing(services):
    job = services.submit()
    message = JobMessage(job=job.id, tenant="globex")
    assert services.worker.work(message, name="w", time_left=lambda: 300.0, fresh=True) is None
    assert services.row(job).state is State.QUEUED


@pytest.mark.parametrize("end", ["done", "failed", "cancelled"])
def test_a_message_of_a_job_that_has_ended_is_read_and_no_more(services, end):
    job = services.submit(f"{UNSPEAKABLE} x" if end == "failed" else "Hello.")
    services.desk.cancel(job.id, tenant="acme") if end == "cancelled" else services.work(job)
    assert services.row(job).state == end
    services.log.clear()
    assert services.work(job) is None
    assert services.log == ["table.get"]
    assert len(services.told(job)) == 1


def test_the_file_of_somebody_else_is_a_hit(services):
    first, second = services.submit(), services.submit()
    services.work(first)
    services.work(second)
    assert services.row(second).hit
    assert services.row(second).audio == services.row(first).audio
    assert (services.speaker.calls["speak"], services.audio.puts) == (1, 1)


@pytest.mark.parametrize("after_a_fault", [False, True])
def test_who_wants_a_file_kept_keeps_it_whoever_wrote_it(services, after_a_fault):
    """Two ask for the same at once, the one that is stored first does not care how long it stays."""
    passing, keeper = services.submit(), services.submit(retention="keep")
    if after_a_fault:
        services.speaker.faults.before("speak", Unavailable("Not now."))
        with pytest.raises(Unavailable):
            services.work(keeper)
        services.work(passing)
    else:
        services.speaker.faults.on_call = lambda _, when: when == "after" and only_once()
        calls = iter([passing])
        only_once = lambda: [services.work(job) for job in calls]  # noqa: E731
    services.work(keeper)
    assert services.row(keeper).state is State.DONE
    assert services.audio.keepers == {services.row(keeper).audio.key: keeper.id}


@pytest.mark.parametrize("point", POINTS, ids=" ".join)
def test_a_worker_that_dies_at_any_point_costs_one_synthesis_at_most(services, point):
    job = services.submit()
    once(services, point, KilledWorker())
    with pytest.raises(KilledWorker):
        services.work(job)
    services.time.move(VISIBILITY)
    assert services.work(job) is None
    services.sweep()
    check_done(services, job, told=True, hit=False)
    assert services.speaker.calls["speak"] <= 2
    assert services.audio.puts == 1
    assert len(services.told(job)) == (2 if point in {("events.publish", "after"), ("table.told", "before")} else 1)


@pytest.mark.parametrize("point", POINTS, ids=" ".join)
def test_a_call_that_fails_at_any_point_leaves_the_job_to_the_next(services, point):
    job = services.submit()
    once(services, point, Unavailable("S3 did not answer."))
    if point[0] in {"events.publish", "table.told"}:  # the end stands
        assert services.work(job) is None
    else:
        with pytest.raises(Unavailable):
            services.work(job)
    row = services.row(job)
    if not row.ended and row.worker is None:
        assert row.state is State.QUEUED
        assert row.lease_until is None
        assert row.fault == (JobError(code="unavailable", message="S3 did not answer.") if row.attempts else None)
    services.time.move(61)  # where the claim took effect and nobody heard, its lease has to end
    assert services.work(job) is None
    services.sweep()
    check_done(services, job, told=True)
    assert services.speaker.calls["speak"] <= 2
    assert services.audio.puts == 1
    assert len(services.told(job)) == (2 if point in {("events.publish", "after"), ("table.told", "before")} else 1)


def test_what_went_wrong_can_be_read_without_the_text(services):
    job = services.submit(f"{BROKEN} Sesame")
    with pytest.raises(RuntimeError):
        services.work(job)
    assert services.row(job).fault == JobError(
        code="internal_error", message="Something went wrong here: RuntimeError."
    )


def test_where_even_giving_back_fails_the_lease_gives_it_back(services):
    job = services.submit()
    services.speaker.faults.before("speak", RuntimeError())
    services.table.faults.before("move", Unavailable("Not now."))
    with pytest.raises(Unavailable):
        services.work(job)
    later = services.work(job)
    assert later.seconds == pytest.approx(61, abs=1)
    services.time.move(later.seconds)
    assert services.work(job) is None
    check_done(services, job, attempts=2)


def test_what_can_never_be_spoken_fails_at_once(services):
    job = services.submit(f"{UNSPEAKABLE} x")
    assert services.work(job) is None
    row = services.row(job)
    assert (row.state, row.attempts) == (State.FAILED, 1)
    assert row.error == JobError(code="invalid_text", message="Character 3 is no text.")
    assert [event.error for event in services.told(job)] == [row.error]
    assert services.speaker.calls["speak"] == 1
    assert services.audio.files == {}


def test_a_fault_of_the_installation_is_tried_again(services):
    job = services.submit()
    services.speaker.faults.before("speak", BrokenInstallation("The voice is not prepared."))
    with pytest.raises(BrokenInstallation):
        services.work(job)
    assert services.row(job).state is State.QUEUED
    services.work(job)
    check_done(services, job, attempts=2)


def test_a_failure_that_cannot_be_written_down_comes_back(services):
    job = services.submit(f"{UNSPEAKABLE} x")
    services.table.faults.before("move", Unavailable("Not now."))
    with pytest.raises(Unavailable):
        services.work(job)
    assert services.row(job).state is State.QUEUED
    services.work(job)
    assert services.row(job).error.code == "invalid_text"


def test_a_job_is_tried_so_often_and_no_more(services):
    job = services.submit(f"{BROKEN} x")
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(RuntimeError):
            services.work(job)
    assert services.work(job) is None
    row = services.row(job)
    assert (row.state, row.attempts, row.error.code) == (State.FAILED, MOST_ATTEMPTS, "too_many_attempts")
    assert services.speaker.calls["speak"] == MOST_ATTEMPTS


def test_the_last_try_is_left_in_peace(services):
    job = services.submit(f"{BROKEN} x")
    for _ in range(MOST_ATTEMPTS - 1):
        with pytest.raises(RuntimeError):
            services.work(job)
    held = services.table.claim(
        job.id, State.SPEAKING, worker="last", at=services.time(), until=services.time() + timedelta(seconds=40)
    )
    assert held.attempts == MOST_ATTEMPTS
    assert services.work(job) == Later(seconds=41)
    assert services.row(job).worker == "last"


def test_a_job_whose_file_is_there_is_done_however_often_saying_so_failed(services):
    job = services.submit()
    for _ in range(MOST_ATTEMPTS):
        services.table.faults.before("move", Unavailable("Not now."))
        with pytest.raises(Unavailable):
            services.work(job)
    services.work(job)
    check_done(services, job, hit=False)
    assert services.speaker.calls["speak"] == 1
