"""Dead letters: what was tried too often ends with the reason; what was only put off goes on."""

from datetime import timedelta

import pytest

from herald.errors import Unavailable
from herald.jobs.endings import MOST_ATTEMPTS
from herald.jobs.messages import JobMessage
from herald.jobs.states import State
from herald.jobs.work import Later
from tests.unit.jobs.services import BROKEN, DEADLY, LONG, MemorySpeaker
from tests.unit.jobs.sqs import MOST_RECEIPTS, Sqs

TEXT = f"{BROKEN} Sesame opens."


def worn_out(services, text=TEXT):
    job = services.submit(text)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(RuntimeError):
            services.work(job)
    return job


def test_a_job_that_was_tried_too_often_ends_with_the_reason(services):
    job = worn_out(services)
    buried = services.bury(job)
    assert buried == services.row(job).model_copy(update={"told": False})
    assert (buried.id, buried.tenant, buried.attempts) == (job.id, "acme", MOST_ATTEMPTS)
    assert (buried.state, buried.error.code, buried.fault.code) == (
        State.FAILED, "too_many_attempts", "internal_error",
    )  # fmt: skip
    assert "RuntimeError" in buried.error.message
    assert "Sesame" not in buried.model_dump_json(exclude={"script"})
    (event,) = services.told(job)
    assert event.error == buried.error
    assert "Sesame" not in event.model_dump_json()


def test_a_job_whose_file_is_there_is_done_however_often_saying_so_failed(services):
    job = services.submit()
    for _ in range(MOST_ATTEMPTS):
        services.table.faults.before("move", Unavailable("Not now."))
        with pytest.raises(Unavailable):
            services.work(job)
    assert services.bury(job) is None
    assert services.row(job).state is State.DONE
    assert [event.state for event in services.told(job)] == [State.DONE]


def test_twice(services):
    job = worn_out(services)
    services.bury(job)
    assert services.bury(job) is None
    assert len(services.told(job)) == 1


def test_of_nobody(services):
    assert services.dead_letters.bury(JobMessage(job="job_of_nobody", tenant="acme")) is None


def test_of_another_tenant(services):
    job = worn_out(services)
    assert services.dead_letters.bury(JobMessage(job=job.id, tenant="globex")) is None
    assert services.row(job).state is State.QUEUED


def test_the_last_worker_is_left_in_peace(services):
    job = services.submit()
    until = services.time() + timedelta(seconds=90)
    services.table.claim(job.id, State.SPEAKING, worker="slow", at=services.time(), until=until)
    assert services.bury(job) == Later(seconds=91)
    assert services.row(job).state is State.SPEAKING


def test_a_call_of_the_gpu_that_is_under_way_is_left_in_peace(services):
    job = services.dialogue()
    services.endpoint.faults.before("invoke", Unavailable("Not now."), times=MOST_ATTEMPTS - 1)
    for _ in range(MOST_ATTEMPTS - 1):
        with pytest.raises(Unavailable):
            services.hand_over(job)
    services.hand_over(job)
    assert services.row(job).attempts == MOST_ATTEMPTS
    assert services.hand_over(job) is None  # a message that came twice
    assert services.bury(job) is None
    services.gpu.notice(services.endpoint.finish())
    assert services.row(job).state is State.DONE


def test_a_job_that_kills_its_workers_ends(services):
    job = services.submit(f"{DEADLY} x")
    run(services, hours=24)
    row = services.row(job)
    assert (row.state, row.error.code, row.attempts) == (State.FAILED, "too_many_attempts", MOST_ATTEMPTS)
    assert services.speaker.calls["speak"] == MOST_ATTEMPTS
    assert len(services.told(job)) == 1


def test_a_fault_is_tried_five_times_and_then_told(services):
    job = services.submit(TEXT)
    run(services, hours=1)
    assert services.row(job).error.code == "too_many_attempts"
    assert services.speaker.calls["speak"] == MOST_ATTEMPTS


def test_a_message_that_died_of_being_put_off_costs_its_job_nothing(services):
    """SQS counts a receipt, too, that came at the end of a batch for which there was no time."""
    job = services.submit(f"{LONG} x")
    sqs = Sqs(services)
    sqs.collect()
    (letter,) = sqs.letters
    letter.fresh = False
    while letter.queue != "dead":
        sqs.deliver(letter)
    assert letter.receipts == 1
    assert services.row(job).state is State.QUEUED
    services.sweep()
    assert services.sent() == [job.id]
    services.work(job)
    assert services.row(job).route == "gpu"


def test_a_message_that_died_of_waiting_for_another_worker_costs_its_job_nothing(services):
    job = services.submit()
    until = services.time() + timedelta(hours=1)
    services.table.claim(job.id, State.SPEAKING, worker="slow", at=services.time(), until=until)
    for _ in range(MOST_RECEIPTS):
        assert isinstance(services.work(job), Later)
    services.time.move(3_600)
    services.queues.sent["standard"].clear()
    assert services.bury(job) is None
    services.sweep()
    assert services.sent() == [job.id]


def test_redriving_what_was_mended_finishes_it_all(services):
    jobs = [worn_out(services, f"{TEXT} {number}") for number in range(200)]
    for job in jobs:
        services.bury(job)
    again = [services.desk.retry(job.id, tenant="acme") for job in jobs]
    services.speaker.speak = mended
    for job in again:
        services.work(job)
    assert {services.row(job).state for job in again} == {State.DONE}
    assert {services.row(job).retry_of for job in again} == {job.id for job in jobs}
    assert services.audio.puts == 200


def mended(script, *, time_left):
    """Speak what was broken."""
    (line,) = script.lines
    whole = line.model_copy(update={"text": line.text.removeprefix(BROKEN)})
    return MemorySpeaker().speak(script.model_copy(update={"lines": (whole,)}), time_left=time_left)


def run(services, *, hours):
    """Let the queues and the sweeper run."""
    sqs = Sqs(services)
    for _ in range(hours * 12):
        for letter in sqs.visible():
            sqs.deliver(letter)
        services.sweep()
        services.time.move(300)
