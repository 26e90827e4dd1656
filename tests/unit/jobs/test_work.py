"""The worker: one job at a time, with failures at any of its calls."""

from datetime import timedelta

import pytest

from herald.errors import BrokenInstallation, Unavailable, UnreadableRow
from herald.jobs.completion import MAX_ATTEMPTS
from herald.jobs.job import JobError, State
from herald.jobs.job_messages import JobMessage
from herald.jobs.job_worker import LATER_READABLE, Postpone
from tests.support.job_checks import check_done, once
from tests.support.job_services import BROKEN, UNSPEAKABLE, VISIBILITY, KilledWorker

CALLS = [
    "table.get", "table.claim", "audio.find", "speaker.speak", "audio.put", "table.move", "events.publish",
    "table.mark_published",
]  # fmt: skip
"""The calls of the worker for a successful job, in order."""
POINTS = [(call, when) for call in CALLS for when in ("before", "after")]


def test_successful_job(services):
    job = services.submit("Hello.", use_case="alert", retention="keep")
    services.log.clear()
    services.time.move(10)
    assert services.work(job) is None
    assert services.log == CALLS
    check_done(services, job, attempts=1, hit=False, waited=10.0, published=True)
    assert services.audio.keepers == {services.row(job).audio.key: job.id}
    (event,) = services.events_of(job)
    assert (event.state, event.audio.seconds, event.price_usd) == (State.DONE, 1.5, 0.2)


def test_message_of_an_unknown_job(services):
    message = JobMessage(job="job_unknown", tenant="acme")
    assert services.worker.work(message, name="w", time_left=lambda: 300.0, fresh=True) is None
    assert services.log == ["table.get"]


def test_message_with_another_tenant_is_ignored(services):
    job = services.submit()
    message = JobMessage(job=job.id, tenant="globex")
    assert services.worker.work(message, name="w", time_left=lambda: 300.0, fresh=True) is None
    assert services.row(job).state is State.QUEUED


@pytest.mark.parametrize("end", ["done", "failed", "cancelled"])
def test_message_of_an_ended_job_only_reads_its_row(services, end):
    job = services.submit(f"{UNSPEAKABLE} x" if end == "failed" else "Hello.")
    services.job_service.cancel(job.id, tenant="acme") if end == "cancelled" else services.work(job)
    assert services.row(job).state == end
    services.log.clear()
    assert services.work(job) is None
    assert services.log == ["table.get"]
    assert len(services.events_of(job)) == 1


def test_a_message_of_an_unreadable_row_comes_again(services):
    """As after a rollback: once the newer version is back, the job is done as usual."""
    job = services.submit()
    services.table.faults.before("get", UnreadableRow("job", job.id, "state", tenant="acme"))
    assert services.work(job) == LATER_READABLE
    assert services.work(job) is None
    check_done(services, job, attempts=1)


def test_file_of_another_job_is_a_cache_hit(services):
    first, second = services.submit(), services.submit()
    services.work(first)
    services.work(second)
    assert services.row(second).hit
    assert services.row(second).audio == services.row(first).audio
    assert (services.speaker.calls["speak"], services.audio.puts) == (1, 1)


@pytest.mark.parametrize("after_a_fault", [False, True])
def test_keeper_keeps_a_file_stored_by_another_job(services, after_a_fault):
    """Of two concurrent jobs with the same audio, the one stored first does not need the file to be kept."""
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
def test_death_of_the_worker_at_any_point_costs_at_most_one_synthesis(services, point):
    job = services.submit()
    once(services, point, KilledWorker())
    with pytest.raises(KilledWorker):
        services.work(job)
    services.time.move(VISIBILITY)
    assert services.work(job) is None
    services.sweep()
    check_done(services, job, published=True, hit=False)
    assert services.speaker.calls["speak"] <= 2
    assert services.audio.puts == 1
    assert len(services.events_of(job)) == (
        2 if point in {("events.publish", "after"), ("table.mark_published", "before")} else 1
    )


@pytest.mark.parametrize("point", POINTS, ids=" ".join)
def test_failure_at_any_point_leaves_the_job_to_the_next_worker(services, point):
    job = services.submit()
    once(services, point, Unavailable("S3 did not answer."))
    if point[0] in {"events.publish", "table.mark_published"}:  # the end is final
        assert services.work(job) is None
    else:
        with pytest.raises(Unavailable):
            services.work(job)
    row = services.row(job)
    if not row.ended and row.worker is None:
        assert row.state is State.QUEUED
        assert row.lease_until is None
        assert row.fault == (JobError(code="unavailable", message="S3 did not answer.") if row.attempts else None)
    services.time.move(61)  # if the claim succeeded but its response was lost, its lease has to expire
    assert services.work(job) is None
    services.sweep()
    check_done(services, job, published=True)
    assert services.speaker.calls["speak"] <= 2
    assert services.audio.puts == 1
    assert len(services.events_of(job)) == (
        2 if point in {("events.publish", "after"), ("table.mark_published", "before")} else 1
    )


def test_recorded_error_does_not_contain_the_text(services):
    job = services.submit(f"{BROKEN} Sesame")
    with pytest.raises(RuntimeError):
        services.work(job)
    assert services.row(job).fault == JobError(
        code="internal_error", message="An internal error occurred: RuntimeError."
    )


def test_lease_expiry_releases_the_job_if_the_release_fails(services):
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


def test_text_that_cannot_be_spoken_fails_immediately(services):
    job = services.submit(f"{UNSPEAKABLE} x")
    assert services.work(job) is None
    row = services.row(job)
    assert (row.state, row.attempts) == (State.FAILED, 1)
    assert row.error == JobError(code="invalid_text", message="Character 3 is no text.")
    assert [event.error for event in services.events_of(job)] == [row.error]
    assert services.speaker.calls["speak"] == 1
    assert services.audio.files == {}


def test_a_row_without_its_text_fails_immediately(services):
    """Only ended jobs lose their text; a row that was edited by hand must not be attempted again and again."""
    job = services.submit()
    services.table.rows[job.id] = services.row(job).model_copy(update={"script": None})
    assert services.work(job) is None
    assert (services.row(job).state, services.row(job).error.code) == (State.FAILED, "text_gone")
    assert services.speaker.spoken == {}


def test_installation_error_is_retried(services):
    job = services.submit()
    services.speaker.faults.before("speak", BrokenInstallation("The voice is not prepared."))
    with pytest.raises(BrokenInstallation):
        services.work(job)
    assert services.row(job).state is State.QUEUED
    services.work(job)
    check_done(services, job, attempts=2)


def test_failure_that_cannot_be_recorded_is_retried(services):
    job = services.submit(f"{UNSPEAKABLE} x")
    services.table.faults.before("move", Unavailable("Not now."))
    with pytest.raises(Unavailable):
        services.work(job)
    assert services.row(job).state is State.QUEUED
    services.work(job)
    assert services.row(job).error.code == "invalid_text"


def test_attempts_are_limited(services):
    job = services.submit(f"{BROKEN} x")
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(RuntimeError):
            services.work(job)
    assert services.work(job) is None
    row = services.row(job)
    assert (row.state, row.attempts, row.error.code) == (State.FAILED, MAX_ATTEMPTS, "too_many_attempts")
    assert services.speaker.calls["speak"] == MAX_ATTEMPTS


def test_last_attempt_is_left_alone(services):
    job = services.submit(f"{BROKEN} x")
    for _ in range(MAX_ATTEMPTS - 1):
        with pytest.raises(RuntimeError):
            services.work(job)
    held = services.table.claim(
        job.id, State.SPEAKING, worker="last", at=services.time(), until=services.time() + timedelta(seconds=40)
    )
    assert held.attempts == MAX_ATTEMPTS
    assert services.work(job) == Postpone(seconds=641)
    assert services.row(job).worker == "last"


def test_job_with_a_stored_file_is_done_however_often_recording_it_failed(services):
    job = services.submit()
    for _ in range(MAX_ATTEMPTS):
        services.table.faults.before("move", Unavailable("Not now."))
        with pytest.raises(Unavailable):
            services.work(job)
    services.work(job)
    check_done(services, job, hit=False)
    assert services.speaker.calls["speak"] == 1
