"""The worker as a process consumes the queues as Lambda does, and loses nothing when it is stopped."""

import json
import os
from itertools import count
from threading import Event

import pytest

from herald.errors import OutOfTime
from herald.functions.worker import WorkerFunction
from herald.jobs.job import State
from herald.jobs.job_request import JobRequest
from herald.jobs.job_worker import HIDDEN_SECONDS
from herald.runtime.settings import Settings
from herald.worker.consumer import DRAIN_SECONDS, Consumer, Invocation, Pulse, Shutdown, Source
from tests.unit.conftest import voices_folder
from tests.unit.functions.conftest import Context, clients, cloud, environment, mouth, parts

__all__ = ["clients", "cloud", "environment", "mouth", "parts", "voices_folder"]
"""Fixtures."""


@pytest.fixture
def shutdown():
    return Shutdown()


@pytest.fixture
def consumer(cloud, mouth, shutdown):
    function = WorkerFunction(Settings.read(os.environ), stopping=shutdown.requested)
    sources = [Source(url=cloud.urls[name], function=function) for name in ("vip", "standard")]
    return Consumer(sources=sources, queues=function.parts.queues, shutdown=shutdown, pulse=Pulse(), wait=0)


@pytest.fixture
def submit(parts):
    numbers = count()
    return lambda text=None, **fields: parts.job_service.submit(
        JobRequest(input=text or f"Number {next(numbers)}.", **fields), tenant="acme"
    )


def run(consumer):
    """Run until all queues are empty, as far as they are visible."""
    receive = consumer.queues.receive

    def receiving(*given, **options):
        found = receive(*given, **options)
        if not found and given[0] == consumer.sources[-1].url:
            consumer.shutdown.request()
        return found

    consumer.queues.receive = receiving
    consumer.run()


def test_jobs_are_processed_and_their_messages_deleted(consumer, submit, parts, cloud):
    jobs = [submit() for _ in range(3)]
    run(consumer)
    assert [parts.table.get(job.id).state for job in jobs] == [State.DONE] * 3
    assert cloud.shown("standard") == (0, 0)


def test_vip_jobs_come_first_even_between_two_standard_jobs(consumer, submit, mouth):
    mouth.before = {"Standard 1.": lambda: submit("Vip 2.", priority="vip")}
    submit("Standard 1.", priority="standard")
    submit("Standard 2.", priority="standard")
    submit("Vip 1.", priority="vip")
    run(consumer)
    assert mouth.spoken == ["Vip 1.", "Standard 1.", "Vip 2.", "Standard 2."]


def test_a_message_is_hidden_no_longer_than_a_lease_from_its_receipt_on(consumer, submit, cloud):
    submit()
    run(consumer)
    assert {given["VisibilityTimeout"] for given in cloud.calls("ReceiveMessage")} == {HIDDEN_SECONDS}
    assert {given["MaxNumberOfMessages"] for given in cloud.calls("ReceiveMessage")} == {1}


def test_a_failed_message_stays_in_the_queue_and_is_postponed(consumer, submit, mouth, parts, cloud):
    def fail():
        raise RuntimeError

    mouth.before = {"Bad.": fail}
    bad, good = submit("Bad."), submit("Good.")
    run(consumer)
    assert (parts.table.get(bad.id).state, parts.table.get(good.id).state) == (State.QUEUED, State.DONE)
    assert cloud.shown("standard") == (0, 1)
    assert len(cloud.calls("ChangeMessageVisibility")) == 1


def test_a_duplicate_is_deleted_and_not_spoken_again(consumer, submit, parts, mouth, cloud):
    parts.queues.send(submit())
    run(consumer)
    assert len(mouth.spoken) == 1
    assert cloud.shown("standard") == (0, 0)


def test_a_malformed_message_does_not_stop_the_process(consumer, submit, parts, cloud):
    cloud.send("standard", "?")
    job = submit()
    run(consumer)
    assert parts.table.get(job.id).state is State.DONE
    assert cloud.shown("standard") == (0, 1)


def test_the_job_in_progress_is_completed_after_the_request_to_stop(consumer, submit, mouth, cloud):
    mouth.before = {"First.": consumer.shutdown.request}
    submit("First.")
    submit("Second.")
    consumer.run()
    assert len(cloud.keys("audio/")) == 1
    assert mouth.spoken == ["First."]
    assert cloud.shown("standard") == (1, 0)


def test_a_job_that_cannot_end_in_time_is_returned_without_an_attempt(consumer, submit, mouth, parts, cloud):
    """It is not failed as too long: another process has the full time for it."""

    def stop():
        consumer.shutdown.request()
        raise OutOfTime("Too long.")

    mouth.before = {"Long.": stop}
    job = submit("Long.")
    consumer.run()
    row = parts.table.get(job.id)
    assert (row.state, row.attempts, row.lease_until) == (State.QUEUED, 0, None)
    assert cloud.shown("standard") == (1, 0)


def test_the_end_of_a_process_is_not_reported_as_a_timeout(consumer, submit, mouth, capsys):
    mouth.before = {"First.": consumer.shutdown.request}
    submit("First.")
    consumer.run()
    output = capsys.readouterr().out
    assert '"QueueWait"' in output
    assert "NearTimeout" not in output


def stop_at_the_first_message(consumer):
    """Request the end of the process while a message is on its way."""
    receive = consumer.queues.receive

    def receiving(*given, **options):
        if found := receive(*given, **options):
            consumer.shutdown.request()
        return found

    consumer.queues.receive = receiving


def test_a_message_that_arrives_with_the_request_to_stop_is_returned(consumer, submit, mouth, cloud):
    submit()
    stop_at_the_first_message(consumer)
    consumer.run()
    assert mouth.spoken == []
    assert cloud.shown("standard") == (1, 0)


def test_a_message_that_cannot_be_returned_comes_back_by_itself(consumer, submit, cloud, caplog):
    job = submit()
    cloud.refuse("sqs", "ChangeMessageVisibility")
    stop_at_the_first_message(consumer)
    consumer.run()
    assert consumer.sources[0].function.parts.table.get(job.id).attempts == 0
    assert cloud.shown("standard") == (0, 1), "hidden until its visibility timeout ends"
    assert [one.code for one in caplog.records if one.message == "not returned"] == ["unavailable"]


def test_an_outage_of_the_queues_is_survived_and_reported(caplog, consumer, submit, cloud, mouth):
    submit()
    cloud.silence("sqs")
    pauses = []

    def wait(seconds):
        pauses.append(seconds)
        assert not consumer.pulse.receives()
        if len(pauses) == 3:
            cloud.mend()

    consumer.shutdown.wait = wait
    run(consumer)
    assert pauses == [1, 2, 5]
    assert len(mouth.spoken) == 1
    assert consumer.pulse.receives()
    assert [one.code for one in caplog.records if one.message == "not received"] == ["unavailable"] * 3


def test_a_message_that_cannot_be_deleted_is_found_done_when_it_returns(consumer, submit, parts, cloud, mouth):
    job = submit()
    cloud.refuse("sqs", "DeleteMessageBatch")
    run(consumer)
    assert parts.table.get(job.id).state is State.DONE
    assert cloud.shown("standard") == (0, 1)
    cloud.mend()
    event = {"Records": [{**record_of(job), "receiptHandle": "none"}]}
    assert consumer.sources[0].function(event, Context()) == {"batchItemFailures": []}
    assert len(mouth.spoken) == 1


def record_of(job):
    return {
        "messageId": "1",
        "body": json.dumps({"version": 1, "job": job.id, "tenant": job.tenant}),
        "eventSourceARN": "standard",
        "attributes": {"ApproximateReceiveCount": "2", "SentTimestamp": "0"},
    }


def test_time_of_a_job_is_that_of_the_function_and_after_a_request_to_stop_the_drain_time():
    now = [0.0]
    shutdown = Shutdown(clock=lambda: now[0])
    assert shutdown.seconds_left() == float("inf")
    shutdown.request()
    now[0] = 10.0
    shutdown.request()
    assert shutdown.seconds_left() == DRAIN_SECONDS - 10
    assert Invocation(time_left=shutdown.seconds_left).get_remaining_time_in_millis() == 15_000
    assert DRAIN_SECONDS < 30


def test_waiting_ends_with_the_request_to_stop(shutdown):
    shutdown.request()
    waited = Event()
    shutdown.wait(3_600)
    waited.set()
    assert waited.is_set()
