"""Recovery of GPU jobs without a notice."""

from datetime import timedelta

import pytest

from herald.errors import Unavailable
from herald.jobs.job import GpuCall, JobError, State
from tests.support.job_checks import check_done_once, check_waits
from tests.support.job_services import KilledWorker


@pytest.fixture
def late(services, called):
    services.time.move(1_801)
    return called


def test_pending_call_is_checked_again_later(services, late):
    services.sweep()
    assert services.row(late).state is State.WAITING_FOR_GPU
    assert services.table.looks[late.id] == services.time.now + timedelta(minutes=30)


def test_response_without_notice(services, late):
    services.endpoint.finish()
    services.sweep()
    check_done_once(services, late)


def test_failure_without_notice(services, late):
    services.endpoint.fail(error=JobError(code="gpu_failed", message="The GPU failed."))
    services.sweep()
    check_waits(services, late, "gpu_failed", delay=30)


def test_permanent_failure_without_notice(services, late):
    services.endpoint.fail(error=JobError(code="unknown_speaker", message="There is no such speaker."))
    services.sweep()
    assert services.row(late).error.code == "unknown_speaker"


def test_malformed_response_without_notice(services, late):
    services.endpoint.finish(size=7)
    services.sweep()
    check_waits(services, late, "broken_answer", delay=30)


@pytest.mark.parametrize(("hours", "state"), [(7, State.WAITING_FOR_GPU), (8, State.QUEUED)])
def test_timeout_exceeds_the_longest_request(services, called, hours, state):
    """6 hours in the queue, 1 hour of processing, and a clock skew of 10 minutes."""
    services.time.move(hours * 3_600)
    services.time.off = timedelta(minutes=10)
    services.sweep()
    assert services.row(called).state is state


def test_request_that_a_replaced_endpoint_dropped_is_sent_to_the_new_one(services, late):
    services.endpoint.name = "herald-gpu-ml-g6-xlarge"
    services.sweep()
    check_waits(services, late, "gpu_silent", delay=30)


def test_request_of_an_earlier_version_is_sent_to_the_endpoint_that_replaced_its_own(services, late):
    """Before the endpoint's name contained the type of its instances, rows had no name."""
    assert GpuCall.model_validate({"output": "s3://b/gpu/output/1", "failure": ""}).endpoint != services.endpoint.name
    call = services.row(late).gpu.model_dump(exclude={"endpoint"})
    services.table.note(late.id, worker=services.row(late).worker, changes={"gpu": GpuCall.model_validate(call)})
    services.sweep()
    check_waits(services, late, "gpu_silent", delay=30)


def test_response_of_a_replaced_endpoint_is_used(services, late):
    services.endpoint.finish()
    services.endpoint.name = "herald-gpu-ml-g6-xlarge"
    services.sweep()
    check_done_once(services, late)


def test_job_fails_after_three_timeouts(services, job):
    for _ in range(3):
        assert services.hand_over(job) is None
        services.time.move(8 * 3_600)
        services.sweep()
    row = services.row(job)
    assert (row.state, row.error.code, row.attempts) == (State.FAILED, "gpu_silent", 3)


def test_submission_interrupted_before_it_was_recorded(services, job):
    services.endpoint.faults.after("invoke", KilledWorker())
    with pytest.raises(KilledWorker):
        services.hand_over(job)
    services.time.move(1_801)
    services.sweep()
    check_waits(services, job, "gpu_silent", delay=30)


def test_failed_recovery_is_repeated(services, late):
    services.endpoint.fail(error=JobError(code="gpu_failed", message="The GPU failed."))
    services.queues.faults.before("send", Unavailable("Not now."))
    assert services.sweep() == {"unavailable": 1}
    services.time.move(1_801)
    services.sweep()
    check_waits(services, late, "gpu_failed", delay=30)


@pytest.mark.usefixtures("late")
def test_job_that_kills_the_sweeper_does_not_block_others(services):
    other = services.dialogue("Another.")
    services.hand_over(other)
    services.time.move(1_801)
    services.endpoint.finish(1)
    read = services.endpoint.response

    def answer(call):
        if call == services.endpoint.calls_made[0]:
            raise KilledWorker  # for example, out of memory
        return read(call)

    services.endpoint.response = answer
    with pytest.raises(KilledWorker):
        services.sweep()
    services.sweep()
    check_done_once(services, other)
