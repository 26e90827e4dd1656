"""Dead-letter handling: jobs without attempts left fail; jobs that were only postponed continue."""

from datetime import timedelta

import pytest

from herald.errors import Unavailable
from herald.jobs.completion import MAX_ATTEMPTS
from herald.jobs.job import State
from herald.jobs.job_messages import JobMessage
from herald.jobs.job_worker import Postpone
from tests.support.job_services import BROKEN, DEADLY, LONG, MemorySpeaker
from tests.support.sqs_model import MOST_RECEIPTS, Sqs

TEXT = f"{BROKEN} Sesame opens."


def exhausted(services, text=TEXT):
    job = services.submit(text)
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(RuntimeError):
            services.work(job)
    return job


def test_a_job_without_attempts_left_fails_with_its_last_error(services):
    job = exhausted(services)
    failed = services.fail_dead_letter(job)
    assert failed == services.row(job).model_copy(update={"published": False})
    assert (failed.id, failed.tenant, failed.attempts) == (job.id, "acme", MAX_ATTEMPTS)
    assert (failed.state, failed.error.code, failed.fault.code) == (
        State.FAILED, "too_many_attempts", "internal_error",
    )  # fmt: skip
    assert "RuntimeError" in failed.error.message
    assert "Sesame" not in failed.model_dump_json(exclude={"script"})
    (event,) = services.events_of(job)
    assert event.error == failed.error
    assert "Sesame" not in event.model_dump_json()


def test_a_job_with_a_stored_file_is_done_however_often_recording_it_failed(services):
    job = services.submit()
    for _ in range(MAX_ATTEMPTS):
        services.table.faults.before("move", Unavailable("Not now."))
        with pytest.raises(Unavailable):
            services.work(job)
    assert services.fail_dead_letter(job) is None
    assert services.row(job).state is State.DONE
    assert [event.state for event in services.events_of(job)] == [State.DONE]


def test_is_idempotent(services):
    job = exhausted(services)
    services.fail_dead_letter(job)
    assert services.fail_dead_letter(job) is None
    assert len(services.events_of(job)) == 1


def test_unknown_job_is_ignored(services):
    assert services.dead_letters.fail_dead_letter(JobMessage(job="job_unknown", tenant="acme")) is None


def test_job_of_another_tenant_is_ignored(services):
    job = exhausted(services)
    assert services.dead_letters.fail_dead_letter(JobMessage(job=job.id, tenant="globex")) is None
    assert services.row(job).state is State.QUEUED


def test_a_held_job_is_not_failed(services):
    job = services.submit()
    until = services.time() + timedelta(seconds=90)
    services.table.claim(job.id, State.SPEAKING, worker="slow", at=services.time(), until=until)
    assert services.fail_dead_letter(job) == Postpone(seconds=91)
    assert services.row(job).state is State.SPEAKING


def test_a_job_with_a_running_gpu_call_is_not_failed(services):
    job = services.dialogue()
    services.endpoint.faults.before("invoke", Unavailable("Not now."), times=MAX_ATTEMPTS - 1)
    for _ in range(MAX_ATTEMPTS - 1):
        with pytest.raises(Unavailable):
            services.hand_over(job)
    services.hand_over(job)
    assert services.row(job).attempts == MAX_ATTEMPTS
    assert services.hand_over(job) is None  # a duplicate message
    assert services.fail_dead_letter(job) is None
    services.gpu.notice(services.endpoint.finish())
    assert services.row(job).state is State.DONE


def test_a_job_that_kills_its_workers_fails(services):
    job = services.submit(f"{DEADLY} x")
    run(services, hours=24)
    row = services.row(job)
    assert (row.state, row.error.code, row.attempts) == (State.FAILED, "too_many_attempts", MAX_ATTEMPTS)
    assert services.speaker.calls["speak"] == MAX_ATTEMPTS
    assert len(services.events_of(job)) == 1


def test_an_internal_error_fails_after_five_attempts(services):
    job = services.submit(TEXT)
    run(services, hours=1)
    assert services.row(job).error.code == "too_many_attempts"
    assert services.speaker.calls["speak"] == MAX_ATTEMPTS


def test_a_message_exhausted_by_postponement_does_not_fail_its_job(services):
    """SQS also counts receives at the end of a batch for which no time was left."""
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


def test_a_message_exhausted_by_a_held_lease_does_not_fail_its_job(services):
    job = services.submit()
    until = services.time() + timedelta(hours=1)
    services.table.claim(job.id, State.SPEAKING, worker="slow", at=services.time(), until=until)
    for _ in range(MOST_RECEIPTS):
        assert isinstance(services.work(job), Postpone)
    services.time.move(3_600)
    services.queues.sent["standard"].clear()
    assert services.fail_dead_letter(job) is None
    services.sweep()
    assert services.sent() == [job.id]


def test_retrying_after_a_fix_completes_all_jobs(services):
    jobs = [exhausted(services, f"{TEXT} {number}") for number in range(200)]
    for job in jobs:
        services.fail_dead_letter(job)
    retried = [services.job_service.retry(job.id, tenant="acme") for job in jobs]
    services.speaker.speak = fixed
    for job in retried:
        services.work(job)
    assert {services.row(job).state for job in retried} == {State.DONE}
    assert {services.row(job).retry_of for job in retried} == {job.id for job in jobs}
    assert services.audio.puts == 200


def fixed(script, *, time_left):
    """Speak a text that failed before."""
    (line,) = script.lines
    fixed_line = line.model_copy(update={"text": line.text.removeprefix(BROKEN)})
    return MemorySpeaker().speak(script.model_copy(update={"lines": (fixed_line,)}), time_left=time_left)


def run(services, *, hours):
    """Run the queues and the sweeper."""
    sqs = Sqs(services)
    for _ in range(hours * 12):
        for letter in sqs.visible():
            sqs.deliver(letter)
        services.sweep()
        services.time.move(300)
