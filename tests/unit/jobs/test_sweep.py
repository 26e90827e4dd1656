"""The sweeper: no accepted job remains stalled."""

from datetime import timedelta

import pytest

from herald.errors import InvalidSettings, Unavailable
from herald.jobs.job import DUE_AFTER, State
from tests.support.job_services import KilledWorker, Services


def late(services, state):
    """Let enough time pass for jobs in a state to become due."""
    services.time.move(DUE_AFTER[state].total_seconds() + 1)


@pytest.mark.parametrize("error", [Unavailable("Not now."), KilledWorker()])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["queues.send", "table.move"])
def test_failure_between_row_and_queue_is_recovered_by_one_sweep(services, error, when, call):
    port, method = call.split(".")
    getattr(getattr(services, port).faults, when)(method, error)
    if isinstance(error, KilledWorker):
        with pytest.raises(KilledWorker):
            services.submit()
    else:
        services.submit()
    (job,) = services.table.rows.values()
    services.time.move(5 * 60)
    services.sweep()
    assert job.id in services.sent()
    assert services.row(job).state is State.QUEUED
    for _ in services.sent():
        services.work(job)
    assert services.row(job).state is State.DONE
    assert len(services.events_of(job)) == 1


def test_active_job_is_left_alone(services):
    services.submit()
    services.time.move(5 * 60)
    assert services.sweep() == {}
    assert len(services.sent()) == 1


def test_lost_message_is_sent_again(services):
    job = services.submit()
    services.queues.sent["standard"].clear()
    late(services, State.QUEUED)
    assert services.sweep() == {"queued": 1}
    assert services.sent() == [job.id]
    assert services.sweep() == {}


def test_dead_worker_with_a_lost_message(services):
    job = services.submit()
    services.speaker.faults.before("speak", KilledWorker())
    with pytest.raises(KilledWorker):
        services.work(job)
    services.queues.sent["standard"].clear()
    late(services, State.SPEAKING)
    assert services.sweep() == {"speaking": 1}
    assert (services.row(job).state, services.row(job).worker, services.sent()) == (State.QUEUED, None, [job.id])
    services.work(job)
    assert services.row(job).state is State.DONE


def test_live_worker_is_left_alone(services):
    job = services.submit()
    until = services.time() + timedelta(hours=3)
    services.table.claim(job.id, State.SPEAKING, worker="slow", at=services.time(), until=until)
    late(services, State.SPEAKING)
    services.sweep()
    assert services.row(job).worker == "slow"
    assert services.table.looks[job.id] == until + timedelta(minutes=1)


def test_worker_that_begins_during_the_sweep_keeps_the_job(services):
    job = services.submit()
    at = services.time()
    services.table.claim(job.id, State.SPEAKING, worker="dead", at=at, until=at)
    late(services, State.SPEAKING)

    def on_call(method, when):
        if when == "before":
            until = services.time() + timedelta(seconds=40)
            services.table.claim(job.id, State.SPEAKING, worker="next", at=services.time(), until=until)

    services.queues.faults.on_call = on_call
    services.sweep()
    assert (services.row(job).state, services.row(job).worker) == (State.SPEAKING, "next")


@pytest.mark.parametrize("call", ["publish", "mark_published"])
@pytest.mark.parametrize("error", [Unavailable("Not now."), KilledWorker()])
def test_unpublished_end_is_published(services, call, error):
    job = services.submit()
    port = services.events if call == "publish" else services.table
    port.faults.before(call, error)
    if isinstance(error, KilledWorker):
        with pytest.raises(KilledWorker):
            services.work(job)
    else:
        services.work(job)
    assert not services.row(job).published
    late(services, State.DONE)
    services.sweep()
    assert services.row(job).published
    assert len(services.events_of(job)) == (1 if call == "publish" else 2)
    late(services, State.DONE)
    assert services.sweep() == {}


def test_unrecoverable_job_does_not_block_others(services):
    for _ in range(3):
        services.queues.faults.before("send", Unavailable("Not now."))
        services.submit()
    late(services, State.ACCEPTED)
    services.queues.faults.before("send", InvalidSettings("This function knows no such queue."))
    services.queues.faults.before("send", RuntimeError())
    assert services.sweep() == {"invalid_settings": 1, "internal_error": 1, "accepted": 1}
    assert len(services.sent()) == 1
    assert services.sweep() == {"accepted": 2}


def test_one_sweep_recovers_any_number_of_jobs(services):
    services.queues.faults.before("send", Unavailable("Not now."), times=350)
    for number in range(350):
        services.submit(f"Number {number}.")
    late(services, State.ACCEPTED)
    assert services.sweep() == {"accepted": 350}
    assert len(set(services.sent())) == 350


def test_unrecoverable_jobs_do_not_hide_others(services):
    for number in range(150):
        services.work(services.submit(f"Number {number}."))
    for job in services.table.rows.values():  # as if their events had been lost
        services.table._write(job.model_copy(update={"published": False}))
    services.events.faults.before("publish", Unavailable("Not now."), times=1_000)
    services.time.move(1)
    services.queues.faults.before("send", Unavailable("Not now."))
    stuck = services.submit()
    services.queues.sent["standard"].clear()
    late(services, State.ACCEPTED)
    services.sweep()
    assert services.sent() == [stuck.id]


def test_sweep_stops_when_time_is_up(services):
    services.queues.faults.before("send", Unavailable("Not now."), times=5)
    for number in range(5):
        services.submit(f"Number {number}.")
    late(services, State.ACCEPTED)
    left = iter([1.0, 1.0, 0.0])
    assert services.sweeper.sweep(lambda: next(left)) == {"accepted": 2}
    assert services.sweep() == {"accepted": 3}


@pytest.mark.parametrize("state", [State.QUEUED, State.WAITING_FOR_GPU])
def test_gpu_jobs_fail_if_the_gpu_is_no_longer_deployed(state):
    services, without_gpu = Services(), Services(gpu=False)
    job = services.dialogue()
    if state is State.WAITING_FOR_GPU:
        services.hand_over(job)
    without_gpu.table.rows, without_gpu.table.looks = services.table.rows, services.table.looks
    late(without_gpu, state)
    without_gpu.sweep()
    row = without_gpu.row(job)
    assert (row.state, row.error.code, row.gpu) == (State.FAILED, "gpu_not_deployed", None)
    assert len(without_gpu.events_of(job)) == 1
    assert without_gpu.sweep() == {}


def test_jobs_of_kokoro_fail_if_it_is_no_longer_deployed_and_others_continue(services):
    services.sweeper.kokoro = False
    job, other = services.submit(), services.submit("Other.")
    services.table.rows[job.id] = services.row(job).model_copy(update={"route": "kokoro"})
    services.queues.sent["standard"].clear()
    late(services, State.QUEUED)
    services.sweep()
    row = services.row(job)
    assert (row.state, row.error.code) == (State.FAILED, "gpu_not_deployed")
    assert "KokoroMemorySize" in row.error.message
    assert services.sent() == [other.id]
