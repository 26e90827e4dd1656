"""Texts that take longer than a worker may run."""

from datetime import timedelta

import pytest

from herald.errors import Unavailable
from herald.jobs.completion import MAX_ATTEMPTS
from herald.jobs.job import State
from herald.jobs.job_worker import Postpone
from tests.support.job_checks import check_done, once
from tests.support.job_services import LONG, VISIBILITY, KilledWorker, Services


def test_message_is_redelivered_immediately_if_more_time_is_available(services):
    job = services.submit(f"{LONG} x")
    assert services.work(job, fresh=False) == Postpone(seconds=0)
    row = services.row(job)
    assert (row.state, row.route, row.lease_until) == (State.QUEUED, "queue", None)


def test_process_that_is_about_to_end_leaves_the_job_to_another(services):
    services.worker.stopping = lambda: True
    job = services.submit(f"{LONG} x")
    assert services.work(job) == Postpone(seconds=0)
    row = services.row(job)
    assert (row.state, row.route, row.attempts) == (State.QUEUED, "queue", 0)


def test_postponement_does_not_count_as_an_attempt(services):
    job = services.submit(f"{LONG} x")
    for _ in range(3 * MAX_ATTEMPTS):
        assert services.work(job, fresh=False) == Postpone(seconds=0)
    assert services.row(job).attempts == 0
    services.work(job)
    assert services.row(job).route == "gpu"


def test_postponement_keeps_the_last_error(services):
    job = services.submit(f"{LONG} x")
    services.speaker.faults.before("speak", RuntimeError())
    with pytest.raises(RuntimeError):
        services.work(job)
    services.work(job, fresh=False)
    assert services.row(job).fault.code == "internal_error"
    assert services.row(job).attempts == 1


def test_worker_reserves_time_for_storing(services):
    services.time_left = 3.0
    job = services.submit("x" * 10)
    assert services.work(job, fresh=False) == Postpone(seconds=0)
    services.time_left = 3.1
    assert services.work(job, fresh=False) is None
    check_done(services, job)


def test_text_too_long_for_a_worker_is_moved_to_the_gpu(services):
    job = services.submit(f"{LONG} x")
    assert services.work(job) is None
    row = services.row(job)
    assert (row.state, row.route, row.worker, row.lease_until) == (State.QUEUED, "gpu", None, None)
    assert "GPU" in row.reason
    assert services.sent("gpu") == [job.id]
    services.hand_over(job)
    services.gpu.notice(services.endpoint.finish())
    check_done(services, job)


def test_attempts_are_counted_separately_on_the_gpu(services):
    job = services.submit(f"{LONG} x")
    services.speaker.faults.before("speak", RuntimeError(), times=MAX_ATTEMPTS - 1)
    for _ in range(MAX_ATTEMPTS - 1):
        with pytest.raises(RuntimeError):
            services.work(job)
    services.work(job)
    services.hand_over(job)
    services.gpu.notice(services.endpoint.fail())
    assert services.row(job).state is State.QUEUED
    services.hand_over(job)
    services.gpu.notice(services.endpoint.finish())
    check_done(services, job, attempts=2)


def test_without_a_gpu_the_job_fails_with_advice(without_gpu):
    job = without_gpu.submit(f"{LONG} x")
    assert without_gpu.work(job) is None
    row = without_gpu.row(job)
    assert (row.state, row.error.code) == (State.FAILED, "text_too_long")
    assert row.error.message.endswith("Send it in parts, or deploy the GPU (GpuImage).")


@pytest.mark.parametrize(
    ("text", "fields"),
    [('<speak>One. <break time="3s"/> Two.</speak>', {}), (f"{LONG} x", {"pause": {"sentence": 1_000}})],
)
def test_the_gpu_is_no_advice_for_a_text_that_it_does_not_support(without_gpu, text, fields):
    job = without_gpu.submit(text, **fields)
    without_gpu.time_left = 1.0
    assert without_gpu.work(job) is None
    assert without_gpu.row(job).error.message.endswith("than a worker may run. Send it in parts.")


@pytest.mark.parametrize("error", [KilledWorker(), Unavailable("Not now.")])
@pytest.mark.parametrize("point", [("table.move", "before"), ("table.move", "after"), ("queues.send", "before")])
def test_interrupted_move_to_the_gpu_is_completed(services, point, error):
    job = services.submit(f"{LONG} x")
    once(services, point, error)
    with pytest.raises(type(error)):
        services.work(job)
    assert services.sent("gpu") == []
    services.time.move(VISIBILITY)
    assert services.work(job) is None
    assert services.sent("gpu") == [job.id]
    assert services.row(job).state is State.QUEUED


def test_job_claimed_by_another_worker_is_not_moved(services):
    def other():
        services.time.move(VISIBILITY)
        at = services.time()
        services.table.claim(job.id, State.SPEAKING, worker="next", at=at, until=at + timedelta(seconds=40))

    job = services.submit(f"{LONG} x")
    calls = iter([other])
    services.speaker.faults.on_call = lambda *_: [call() for call in calls]
    assert services.work(job) == Postpone(seconds=41)
    assert (services.row(job).worker, services.sent("gpu")) == ("next", [])


def test_gpu_job_fails_if_the_gpu_is_no_longer_deployed():
    services = Services()
    job = services.submit(f"{LONG} x")
    services.work(job)
    services.worker.gpu = False
    assert services.work(job) is None
    assert services.row(job).error.code == "gpu_not_deployed"


def test_a_document_that_is_too_long_for_a_worker_fails_because_the_gpu_would_ignore_its_markup(services):
    job = services.submit('<speak>One. <break time="3s"/> Two.</speak>')
    services.time_left = 1.0
    assert services.work(job) is None
    row = services.row(job)
    assert (row.state, row.route, row.error.code) == (State.FAILED, "queue", "text_too_long")
    assert "plain text" in row.error.message
    assert not services.sent("gpu")
