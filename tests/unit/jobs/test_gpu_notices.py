"""Notices of the GPU endpoint: repeated, late, out of order, truncated or unrelated."""

import pytest

from herald.errors import MalformedResponse, Unavailable
from herald.jobs.gpu_work import Notice
from herald.jobs.job import JobError, State
from tests.support.job_checks import check_done_once, check_waits
from tests.support.job_services import KilledWorker, notice

GPU_FAILED = JobError(code="gpu_failed", message="The GPU failed to synthesize the text.")


def test_success_before_the_call_is_recorded(services, job):
    def on_call(method, when):
        if (method, when) == ("invoke", "after"):
            services.gpu.notice(services.endpoint.finish())

    services.endpoint.faults.on_call = on_call
    assert services.hand_over(job) is None
    check_done_once(services, job, attempts=1)


def test_failure_before_the_call_is_recorded(services, job):
    def on_call(method, when):
        if (method, when) == ("invoke", "after"):
            services.gpu.notice(services.endpoint.fail())

    services.endpoint.faults.on_call = on_call
    assert services.hand_over(job) is None
    check_waits(services, job, "gpu_failed", delay=30)


def test_repeated_success(services, called):
    success = services.endpoint.finish()
    services.gpu.notice(success)
    services.gpu.notice(success)
    check_done_once(services, called)
    assert services.audio.puts == 1


def test_failure_after_success_and_success_after_failure(services, called):
    services.gpu.notice(services.endpoint.finish())
    services.gpu.notice(services.endpoint.fail())
    check_done_once(services, called)
    other = services.dialogue("Another.")
    services.hand_over(other)
    services.gpu.notice(
        services.endpoint.fail(error=JobError(code="unknown_speaker", message="There is no such speaker."))
    )
    services.gpu.notice(services.endpoint.finish())
    row = services.row(other)
    assert (row.state, row.error.code) == (State.FAILED, "unknown_speaker")
    assert [event.state for event in services.events_of(other)] == [State.FAILED]


def test_notice_of_unknown_or_cpu_job_is_ignored(services):
    job = services.submit()
    before = services.row(job)
    services.gpu.notice(notice(job, None))
    services.gpu.notice(Notice(job="job_unknown", status="Completed"))
    assert services.row(job) == before


def test_notice_before_its_file(services, called):
    success = services.endpoint.finish()
    file = services.endpoint.files.pop(success.output)
    with pytest.raises(Unavailable):
        services.gpu.notice(success)
    assert services.row(called).state is State.WAITING_FOR_GPU
    services.endpoint.files[success.output] = file
    services.gpu.notice(success)
    check_done_once(services, called)


def test_temporary_failure_is_retried(services, called):
    services.gpu.notice(services.endpoint.fail())
    check_waits(services, called, "gpu_failed", delay=30)
    services.hand_over(called)
    services.gpu.notice(services.endpoint.finish())
    check_done_once(services, called, attempts=2)


def test_permanent_failure_is_not_retried(services, called):
    error = JobError(code="unknown_speaker", message="There is no such speaker.")
    services.gpu.notice(services.endpoint.fail(error=error))
    row = services.row(called)
    assert (row.state, row.error, row.attempts) == (State.FAILED, error, 1)


def test_third_failure_is_final(services, job):
    for delay in (30, 60, None):
        services.hand_over(job)
        services.gpu.notice(services.endpoint.fail())
        if delay:
            check_waits(services, job, "gpu_failed", delay=delay)
    row = services.row(job)
    assert (row.state, row.error, row.attempts) == (State.FAILED, GPU_FAILED, 3)


def test_failure_of_an_earlier_attempt_is_ignored(services, called):
    first = services.endpoint.fail()
    services.gpu.notice(first)
    services.hand_over(called)
    before = services.row(called)
    services.gpu.notice(first)
    assert services.row(called) == before


def test_late_success_of_an_earlier_attempt_completes_the_job(services, called):
    services.gpu.notice(services.endpoint.fail())
    services.gpu.notice(services.endpoint.finish())
    check_done_once(services, called)
    assert services.hand_over(called) is None
    assert len(services.endpoint.invoked) == 1


def test_only_the_address_of_the_current_call_is_trusted(services, called):
    services.gpu.notice(services.endpoint.fail())
    services.hand_over(called)
    late = services.endpoint.finish(0)
    before = services.row(called)
    services.gpu.notice(late)
    assert services.row(called) == before
    services.gpu.notice(services.endpoint.finish(1))
    check_done_once(services, called, attempts=2)


def test_repeated_failure_before_the_next_attempt_makes_one_call(services, called):
    first = services.endpoint.fail()
    services.gpu.notice(first)
    services.gpu.notice(first)
    for _ in services.sent("gpu"):
        services.hand_over(called)
    assert len(services.endpoint.invoked) == 2


def test_failure_handled_slowly_does_not_end_the_next_attempt(services, called):
    """Two functions handle one failure. The slower one continues while the next call is already running."""
    first = services.endpoint.fail()
    pending = iter([lambda: (services.gpu.notice(first), services.hand_over(called))])
    services.endpoint.faults.on_call = lambda method, _: method == "failure" and [act() for act in pending]
    services.gpu.notice(first)
    row = services.row(called)
    assert (row.state, row.attempts) == (State.WAITING_FOR_GPU, 2)
    assert row.gpu == services.endpoint.calls_made[1]


def test_repeated_failure_does_not_end_the_next_attempt(services, called):
    first = services.endpoint.fail()
    services.gpu.notice(first)
    pending = iter([called])
    services.queues.faults.on_call = lambda *_: [services.hand_over(job) for job in pending]
    services.gpu.notice(first)
    row = services.row(called)
    assert (row.state, row.gpu) == (State.WAITING_FOR_GPU, services.endpoint.calls_made[1])


@pytest.mark.parametrize("error", [KilledWorker(), Unavailable("Not now.")])
@pytest.mark.parametrize("call", ["queues.send", "table.move"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_interrupted_retry_is_not_lost(services, called, error, call, when):
    port, method = call.split(".")
    getattr(getattr(services, port).faults, when)(method, error)
    failure = services.endpoint.fail()
    with pytest.raises(type(error)):
        services.gpu.notice(failure)
    services.gpu.notice(failure)  # Lambda retries events of SNS
    check_waits(services, called, "gpu_failed", delay=30)


@pytest.mark.parametrize(
    "changes",
    [{"size": 7}, {"size": 10_000}, {"job": "job_of_another"}, {"format": "wav"}],
    ids=["too long", "truncated", "another job", "another format"],
)
def test_malformed_response_is_retried(services, called, changes):
    services.gpu.notice(services.endpoint.finish(**changes))
    check_waits(services, called, "broken_answer", delay=30)
    assert services.audio.files == {}


@pytest.mark.parametrize("packed", [b"\n", b"no JSON\nRIFF", b"{}\nRIFF", b'{"version": 2}\n', b"RIFF" * 100_000])
def test_response_in_another_format_is_retried(services, called, packed):
    success = services.endpoint.finish()
    services.endpoint.files[success.output] = packed
    services.gpu.notice(success)
    check_waits(services, called, "broken_answer", delay=30)


def test_malformed_response_of_an_earlier_attempt_is_ignored(services, called):
    services.gpu.notice(services.endpoint.fail())
    services.hand_over(called)
    before = services.row(called)
    services.gpu.notice(services.endpoint.finish(0, size=7))
    assert services.row(called) == before
    services.gpu.notice(services.endpoint.finish())
    check_done_once(services, called)


def test_malformed_response_of_an_earlier_attempt_during_submission(services, called):
    services.gpu.notice(services.endpoint.fail())
    truncated = iter([services.endpoint.finish(0, size=7)])
    services.endpoint.faults.on_call = lambda method, when: (
        (method, when) == ("invoke", "before") and [services.gpu.notice(one) for one in truncated]
    )
    services.hand_over(called)
    row = services.row(called)
    assert (row.state, row.gpu) == (State.WAITING_FOR_GPU, services.endpoint.calls_made[1])


def test_notice_with_an_unrelated_address_is_ignored(services, called):
    unrelated = Notice(job=called.id, status="Completed", response={"outputLocation": "s3://elsewhere/gpu/output/x"})
    before = services.row(called)
    services.gpu.notice(unrelated)
    assert services.row(called) == before
    services.gpu.notice(services.endpoint.fail())
    services.endpoint.faults.before("response", MalformedResponse("Not where the endpoint writes."))
    before = services.row(called)
    services.gpu.notice(unrelated)  # no call is running, so the endpoint itself validates the address
    assert services.row(called) == before


def test_oversized_response_is_retried(services, called):
    services.endpoint.faults.before("response", MalformedResponse("The answer is too large."))
    services.gpu.notice(services.endpoint.finish())
    check_waits(services, called, "broken_answer", delay=30)


def test_failed_storage_is_repeated_when_lambda_retries(services, called):
    services.audio.faults.before("put", Unavailable("Not now."))
    success = services.endpoint.finish()
    with pytest.raises(Unavailable):
        services.gpu.notice(success)
    services.gpu.notice(success)
    check_done_once(services, called)
