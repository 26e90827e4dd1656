"""Notices of the GPU's endpoint: twice, late, out of order, torn, or of another."""

import pytest

from herald.errors import BrokenAnswer, Unavailable
from herald.jobs.job import JobError
from herald.jobs.notices import Notice
from herald.jobs.states import State
from tests.unit.jobs.checks import check_done_once, check_waits
from tests.unit.jobs.services import KilledWorker, notice

SILENT = JobError(code="gpu_failed", message="The GPU could not speak it.")


def test_success_before_our_own_row(services, job):
    def on_call(method, when):
        if (method, when) == ("invoke", "after"):
            services.gpu.notice(services.endpoint.finish())

    services.endpoint.faults.on_call = on_call
    assert services.hand_over(job) is None
    check_done_once(services, job, attempts=1)


def test_failure_before_our_own_row(services, job):
    def on_call(method, when):
        if (method, when) == ("invoke", "after"):
            services.gpu.notice(services.endpoint.fail())

    services.endpoint.faults.on_call = on_call
    assert services.hand_over(job) is None
    check_waits(services, job, "gpu_failed", delay=30)


def test_twice(services, called):
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
    assert [event.state for event in services.told(other)] == [State.FAILED]


def test_of_a_job_that_is_not_there_or_not_on_the_gpu(services):
    job = services.submit()
    before = services.row(job)
    services.gpu.notice(notice(job, None))
    services.gpu.notice(Notice(job="job_of_nobody", status="Completed"))
    assert services.row(job) == before


def test_before_the_file_that_it_is_about(services, called):
    success = services.endpoint.finish()
    file = services.endpoint.files.pop(success.output)
    with pytest.raises(Unavailable):
        services.gpu.notice(success)
    assert services.row(called).state is State.WAITING_FOR_GPU
    services.endpoint.files[success.output] = file
    services.gpu.notice(success)
    check_done_once(services, called)


def test_a_failure_that_may_go_better(services, called):
    services.gpu.notice(services.endpoint.fail())
    check_waits(services, called, "gpu_failed", delay=30)
    services.hand_over(called)
    services.gpu.notice(services.endpoint.finish())
    check_done_once(services, called, attempts=2)


def test_a_failure_that_will_not(services, called):
    why = JobError(code="unknown_speaker", message="There is no such speaker.")
    services.gpu.notice(services.endpoint.fail(error=why))
    row = services.row(called)
    assert (row.state, row.error, row.attempts) == (State.FAILED, why, 1)


def test_the_third_failure_is_the_last(services, job):
    for delay in (30, 60, None):
        services.hand_over(job)
        services.gpu.notice(services.endpoint.fail())
        if delay:
            check_waits(services, job, "gpu_failed", delay=delay)
    row = services.row(job)
    assert (row.state, row.error, row.attempts) == (State.FAILED, SILENT, 3)


def test_a_failure_of_an_earlier_attempt_says_nothing_about_this_one(services, called):
    first = services.endpoint.fail()
    services.gpu.notice(first)
    services.hand_over(called)
    before = services.row(called)
    services.gpu.notice(first)
    assert services.row(called) == before


def test_a_late_success_of_an_earlier_attempt_is_as_good(services, called):
    services.gpu.notice(services.endpoint.fail())
    services.gpu.notice(services.endpoint.finish())
    check_done_once(services, called)
    assert services.hand_over(called) is None
    assert len(services.endpoint.invoked) == 1


def test_only_the_address_that_the_endpoint_gave_is_believed(services, called):
    services.gpu.notice(services.endpoint.fail())
    services.hand_over(called)
    late = services.endpoint.finish(0)
    before = services.row(called)
    services.gpu.notice(late)
    assert services.row(called) == before
    services.gpu.notice(services.endpoint.finish(1))
    check_done_once(services, called, attempts=2)


def test_a_failure_told_twice_before_the_next_attempt_makes_one_call(services, called):
    first = services.endpoint.fail()
    services.gpu.notice(first)
    services.gpu.notice(first)
    for _ in services.sent("gpu"):
        services.hand_over(called)
    assert len(services.endpoint.invoked) == 2


def test_a_failure_that_is_heard_while_the_next_attempt_begins_does_not_end_that(services, called):
    """Two hear of one failure; the slower one is still at it when the next call is under way."""
    first = services.endpoint.fail()
    once = iter([lambda: (services.gpu.notice(first), services.hand_over(called))])
    services.endpoint.faults.on_call = lambda method, _: method == "failure" and [act() for act in once]
    services.gpu.notice(first)
    row = services.row(called)
    assert (row.state, row.attempts) == (State.WAITING_FOR_GPU, 2)
    assert row.gpu == services.endpoint.calls_made[1]


def test_nor_does_one_that_is_heard_again(services, called):
    first = services.endpoint.fail()
    services.gpu.notice(first)
    once = iter([called])
    services.queues.faults.on_call = lambda *_: [services.hand_over(job) for job in once]
    services.gpu.notice(first)
    row = services.row(called)
    assert (row.state, row.gpu) == (State.WAITING_FOR_GPU, services.endpoint.calls_made[1])


@pytest.mark.parametrize("error", [KilledWorker(), Unavailable("Not now.")])
@pytest.mark.parametrize("call", ["queues.send", "table.move"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_retry_that_is_broken_off_is_not_lost(services, called, error, call, when):
    port, method = call.split(".")
    getattr(getattr(services, port).faults, when)(method, error)
    failure = services.endpoint.fail()
    with pytest.raises(type(error)):
        services.gpu.notice(failure)
    services.gpu.notice(failure)  # Lambda tries an event of SNS again
    check_waits(services, called, "gpu_failed", delay=30)


@pytest.mark.parametrize(
    "changes",
    [{"size": 7}, {"size": 10_000}, {"job": "job_of_another"}, {"format": "wav"}],
    ids=["too long", "torn", "another's", "of another format"],
)
def test_a_broken_answer_is_asked_for_again(services, called, changes):
    services.gpu.notice(services.endpoint.finish(**changes))
    check_waits(services, called, "broken_answer", delay=30)
    assert services.audio.files == {}


@pytest.mark.parametrize("packed", [b"\n", b"no JSON\nRIFF", b"{}\nRIFF", b'{"version": 2}\n', b"RIFF" * 100_000])
def test_an_answer_that_is_none(services, called, packed):
    success = services.endpoint.finish()
    services.endpoint.files[success.output] = packed
    services.gpu.notice(success)
    check_waits(services, called, "broken_answer", delay=30)


def test_a_broken_answer_of_an_earlier_attempt_changes_nothing(services, called):
    services.gpu.notice(services.endpoint.fail())
    services.hand_over(called)
    before = services.row(called)
    services.gpu.notice(services.endpoint.finish(0, size=7))
    assert services.row(called) == before
    services.gpu.notice(services.endpoint.finish())
    check_done_once(services, called)


def test_nor_while_the_call_of_this_one_is_being_made(services, called):
    services.gpu.notice(services.endpoint.fail())
    torn = iter([services.endpoint.finish(0, size=7)])
    services.endpoint.faults.on_call = lambda method, when: (
        (method, when) == ("invoke", "before") and [services.gpu.notice(one) for one in torn]
    )
    services.hand_over(called)
    row = services.row(called)
    assert (row.state, row.gpu) == (State.WAITING_FOR_GPU, services.endpoint.calls_made[1])


def test_an_answer_that_is_said_to_be_in_a_foreign_place(services, called):
    strange = Notice(job=called.id, status="Completed", response={"outputLocation": "s3://elsewhere/gpu/output/x"})
    before = services.row(called)
    services.gpu.notice(strange)
    assert services.row(called) == before
    services.gpu.notice(services.endpoint.fail())
    services.endpoint.faults.before("answer", BrokenAnswer("Not where the endpoint writes."))
    before = services.row(called)
    services.gpu.notice(strange)  # now that no call is under way, by the endpoint's own rules
    assert services.row(called) == before


def test_an_answer_that_the_endpoint_cannot_read(services, called):
    services.endpoint.faults.before("answer", BrokenAnswer("The answer is too large."))
    services.gpu.notice(services.endpoint.finish())
    check_waits(services, called, "broken_answer", delay=30)


def test_a_file_that_cannot_be_stored_now_is_stored_when_lambda_tries_again(services, called):
    services.audio.faults.before("put", Unavailable("Not now."))
    success = services.endpoint.finish()
    with pytest.raises(Unavailable):
        services.gpu.notice(success)
    services.gpu.notice(success)
    check_done_once(services, called)
