"""Jobs on the GPU: calls, rows and notices in every order."""

from datetime import timedelta

import pytest

from herald.errors import EndpointRefused, Unavailable, UnreadableRow
from herald.jobs.completion import MAX_ATTEMPTS
from herald.jobs.job import State
from herald.jobs.job_messages import JobMessage
from herald.jobs.job_request import JobRequest
from herald.jobs.job_worker import LATER_READABLE, Postpone
from tests.support.job_checks import check_done_once, check_waits
from tests.support.job_services import VISIBILITY, KilledWorker


def test_successful_call(services, job):
    assert services.hand_over(job) is None
    row = services.row(job)
    assert (row.state, row.attempts, row.lease_until) == (State.WAITING_FOR_GPU, 1, None)
    assert row.gpu == services.endpoint.calls_made[0]
    services.time.move(100)
    services.gpu.notice(services.endpoint.finish())
    check_done_once(services, job, attempts=1, hit=False)
    row = services.row(job)
    assert (row.audio.seconds, row.audio.sample_rate, row.audio.media_type) == (2.5, 24_000, "audio/mpeg")
    assert row.ended_at - row.begun_at == timedelta(seconds=100)
    assert services.events_of(job)[0].price_usd == 0.4


@pytest.mark.parametrize("what", ["unknown", "ended", "other tenant", "cpu", "called"])
def test_unneeded_messages(services, job, what):
    message = JobMessage(job=job.id, tenant="acme")
    match what:
        case "unknown":
            message = JobMessage(job="job_unknown", tenant="acme")
        case "ended":
            services.job_service.cancel(job.id, tenant="acme")
        case "other tenant":
            message = JobMessage(job=job.id, tenant="globex")
        case "cpu":
            message = JobMessage(job=services.submit().id, tenant="acme")
        case "called":
            services.hand_over(job)
    before = len(services.endpoint.invoked)
    assert services.gpu.submit(message, name="w") is None
    assert len(services.endpoint.invoked) == before


@pytest.mark.usefixtures("called")
def test_file_of_another_job_is_a_cache_hit(services):
    other = services.dialogue()
    services.gpu.notice(services.endpoint.finish())
    assert services.hand_over(other) is None
    assert services.row(other).hit
    assert len(services.endpoint.invoked) == 1


def test_rejected_request_is_not_retried(services, job):
    services.endpoint.faults.before("invoke", EndpointRefused("The GPU endpoint rejects the request."))
    assert services.hand_over(job) is None
    row = services.row(job)
    assert (row.state, row.error.code, row.attempts) == (State.FAILED, "endpoint_refused", 1)


@pytest.mark.parametrize("call", ["endpoint.invoke", "audio.find"])
@pytest.mark.parametrize("error", [Unavailable("Not now."), RuntimeError("Hello there.")])
def test_error_during_submission_releases_the_job(services, job, call, error):
    port, method = call.split(".")
    getattr(services, port).faults.before(method, error)
    with pytest.raises(type(error)):
        services.hand_over(job)
    row = services.row(job)
    assert (row.state, row.worker, row.lease_until) == (State.QUEUED, None, None)
    assert row.fault.code == ("unavailable" if isinstance(error, Unavailable) else "internal_error")
    assert "Hello" not in row.fault.message
    services.hand_over(job)
    services.gpu.notice(services.endpoint.finish())
    check_done_once(services, job, attempts=2)


def test_attempts_are_limited(services, job):
    services.endpoint.faults.before("invoke", Unavailable("Not now."), times=10)
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(Unavailable):
            services.hand_over(job)
    assert services.hand_over(job) is None
    assert services.row(job).error.code == "too_many_attempts"
    assert services.endpoint.invoked == []


def test_second_worker_is_postponed(services, job):
    services.endpoint.faults.on_call = lambda _, when: when == "before" and laters.append(services.hand_over(job))
    laters = []
    services.hand_over(job)
    assert laters == [Postpone(seconds=61)]
    assert len(services.endpoint.invoked) == 1
    assert services.hand_over(job) is None


@pytest.mark.parametrize("ended", [False, True])
def test_message_of_a_job_that_another_function_submits_meanwhile_is_dropped(services, job, ended):
    def on_call(method, when):
        if (method, when) == ("claim", "before"):
            services.table.faults.on_call = lambda *_: None
            services.hand_over(job)
            if ended:
                services.gpu.notice(services.endpoint.finish())

    services.table.faults.on_call = on_call
    assert services.hand_over(job) is None
    assert len(services.endpoint.invoked) == 1


def test_the_file_of_a_job_that_is_kept_is_kept(services):
    lines = [{"input": "Hello.", "voice": "kokoro:jf_alpha"}, {"input": "Hi.", "voice": "kokoro:jm_kumo"}]
    job = services.job_service.submit(JobRequest(dialogue=lines, retention="keep"), tenant="acme")
    services.hand_over(job)
    services.gpu.notice(services.endpoint.finish())
    assert services.audio.keepers == {services.row(job).audio.key: job.id}


@pytest.mark.parametrize("where", ["get", "claim", "invoke", "note"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("notices", ["come", "do not come"])
def test_death_of_the_function_at_any_point_costs_at_most_one_call(services, job, where, when, notices):
    owner = services.endpoint if where == "invoke" else services.table
    getattr(owner.faults, when)(where, KilledWorker())
    with pytest.raises(KilledWorker):
        services.hand_over(job)
    services.time.move(VISIBILITY)
    assert services.hand_over(job) is None
    assert 1 <= len(services.endpoint.invoked) <= 2
    calls = [services.endpoint.finish(at) for at in range(len(services.endpoint.invoked))]
    if notices == "come":
        for one in calls * 2:
            services.gpu.notice(one)
    services.time.move(3_600)
    services.sweep()
    check_done_once(services, job)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("end", ["success", "failure", "silence"])
def test_call_that_cannot_be_recorded_still_completes(services, job, when, end):
    getattr(services.table.faults, when)("note", Unavailable("Not now."))
    assert services.hand_over(job) is None
    match end:
        case "success":
            services.gpu.notice(services.endpoint.finish())
        case "failure":
            services.gpu.notice(services.endpoint.fail())
            check_waits(services, job, "gpu_failed", delay=30)
        case "silence":
            services.endpoint.finish()
    services.time.move(3_600)
    services.sweep()
    if services.row(job).state is State.QUEUED:
        services.hand_over(job)
        services.gpu.notice(services.endpoint.finish())
    check_done_once(services, job)
    assert len(services.endpoint.invoked) <= 2


UNREADABLE = UnreadableRow("job", "job_1", "state", tenant="acme")


def test_a_message_of_an_unreadable_row_comes_again(services, job):
    """As after a rollback: once the newer version is back, the job is called as usual."""
    services.table.faults.before("get", UNREADABLE)
    assert services.hand_over(job) == LATER_READABLE
    assert services.endpoint.invoked == []
    assert services.hand_over(job) is None
    services.gpu.notice(services.endpoint.finish())
    check_done_once(services, job, attempts=1)


def test_a_notice_of_an_unreadable_row_is_left_to_the_sweeper(services, called):
    notice = services.endpoint.finish()
    services.table.faults.before("get", UNREADABLE)
    services.gpu.notice(notice)
    assert services.row(called).state is State.WAITING_FOR_GPU
    services.time.move(3_600)
    services.sweep()
    check_done_once(services, called, attempts=1)
