"""The sweeper: nothing that was accepted stays where it is."""

from datetime import timedelta

import pytest

from herald.errors import InvalidSettings, Unavailable
from herald.jobs.states import LOOK_AFTER, State
from tests.unit.jobs.services import KilledWorker, Services


def late(services, state):
    """Let so much time pass that the sweeper looks at what is in a state."""
    services.time.move(LOOK_AFTER[state].total_seconds() + 1)


@pytest.mark.parametrize("error", [Unavailable("Not now."), KilledWorker()])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["queues.send", "table.move"])
def test_a_fault_between_the_row_and_the_queue_leaves_no_stuck_job_after_one_sweep(services, error, when, call):
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
    assert len(services.told(job)) == 1


def test_a_job_that_goes_on_is_left_alone(services):
    services.submit()
    services.time.move(5 * 60)
    assert services.sweep() == {}
    assert len(services.sent()) == 1


def test_a_job_whose_message_was_lost_gets_another(services):
    job = services.submit()
    services.queues.sent["standard"].clear()
    late(services, State.QUEUED)
    assert services.sweep() == {"queued": 1}
    assert services.sent() == [job.id]
    assert services.sweep() == {}


def test_a_worker_that_died_with_its_message(services):
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


def test_a_worker_that_lives_is_left_in_peace(services):
    job = services.submit()
    until = services.time() + timedelta(hours=3)
    services.table.claim(job.id, State.SPEAKING, worker="slow", at=services.time(), until=until)
    late(services, State.SPEAKING)
    services.sweep()
    assert services.row(job).worker == "slow"
    assert services.table.looks[job.id] == until + timedelta(minutes=1)


def test_a_worker_that_begins_while_the_sweeper_looks_keeps_the_job(services):
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


@pytest.mark.parametrize("call", ["publish", "told"])
@pytest.mark.parametrize("error", [Unavailable("Not now."), KilledWorker()])
def test_an_end_that_was_not_told(services, call, error):
    job = services.submit()
    port = services.events if call == "publish" else services.table
    port.faults.before(call, error)
    if isinstance(error, KilledWorker):
        with pytest.raises(KilledWorker):
            services.work(job)
    else:
        services.work(job)
    assert not services.row(job).told
    late(services, State.DONE)
    services.sweep()
    assert services.row(job).told
    assert len(services.told(job)) == (1 if call == "publish" else 2)
    late(services, State.DONE)
    assert services.sweep() == {}


def test_one_job_that_cannot_be_mended_keeps_no_other_waiting(services):
    for _ in range(3):
        services.queues.faults.before("send", Unavailable("Not now."))
        services.submit()
    late(services, State.ACCEPTED)
    services.queues.faults.before("send", InvalidSettings("This function knows no such queue."))
    services.queues.faults.before("send", RuntimeError())
    assert services.sweep() == {"invalid_settings": 1, "internal_error": 1, "accepted": 1}
    assert len(services.sent()) == 1
    assert services.sweep() == {"accepted": 2}


def test_however_many_wait_one_sweep_finds_them_all(services):
    services.queues.faults.before("send", Unavailable("Not now."), times=350)
    for number in range(350):
        services.submit(f"Number {number}.")
    late(services, State.ACCEPTED)
    assert services.sweep() == {"accepted": 350}
    assert len(set(services.sent())) == 350


def test_those_that_cannot_be_mended_hide_none_behind_them(services):
    for number in range(150):
        services.work(services.submit(f"Number {number}."))
    for job in services.table.rows.values():  # their events were lost
        services.table._write(job.model_copy(update={"told": False}))
    services.events.faults.before("publish", Unavailable("Not now."), times=1_000)
    services.time.move(1)
    services.queues.faults.before("send", Unavailable("Not now."))
    stuck = services.submit()
    services.queues.sent["standard"].clear()
    late(services, State.ACCEPTED)
    services.sweep()
    assert services.sent() == [stuck.id]


def test_the_sweep_ends_with_its_time(services):
    services.queues.faults.before("send", Unavailable("Not now."), times=5)
    for number in range(5):
        services.submit(f"Number {number}.")
    late(services, State.ACCEPTED)
    left = iter([1.0, 1.0, 0.0])
    assert services.sweeper.sweep(lambda: next(left)) == {"accepted": 2}
    assert services.sweep() == {"accepted": 3}


@pytest.mark.parametrize("state", [State.QUEUED, State.WAITING_FOR_GPU])
def test_jobs_of_a_gpu_that_is_gone_end_and_say_so(state):
    services, without = Services(), Services(gpu=False)
    job = services.dialogue()
    if state is State.WAITING_FOR_GPU:
        services.hand_over(job)
    without.table.rows, without.table.looks = services.table.rows, services.table.looks
    late(without, state)
    without.sweep()
    row = without.row(job)
    assert (row.state, row.error.code, row.gpu) == (State.FAILED, "gpu_not_deployed", None)
    assert len(without.told(job)) == 1
    assert without.sweep() == {}
