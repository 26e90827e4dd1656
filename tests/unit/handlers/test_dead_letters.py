"""dead_letters: a job that no worker could do ends with the reason, and leaves a record without its text."""

from datetime import datetime, timedelta

import pytest

from herald.handlers import dead_letters
from herald.jobs.job import JobError, utc_now
from herald.jobs.request import JobRequest
from herald.jobs.states import State
from tests.unit.handlers.conftest import MARKER, Context, logged
from tests.unit.handlers.test_queue import BROKEN

TIMES = 5
"""How often a queue delivers a message, and work on a job is begun."""


def bury(event):
    answer = dead_letters.handler(event, Context(milliseconds_left=60_000))
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


@pytest.fixture
def died(parts, cloud):
    """A job that was tried as often as may be, and the event of its dead letter."""
    job = parts.desk.submit(JobRequest(input=f"{MARKER} sagt hallo."), tenant="acme")
    for number in range(TIMES):
        assert parts.table.claim(job.id, State.SPEAKING, worker=f"w{number}", at=utc_now(), until=utc_now())
        fault = JobError(code="internal_error", message="Something went wrong here: RuntimeError.")
        changes = {"fault": fault, "lease_until": None, "worker": None}
        parts.table.move(job.id, State.QUEUED, at=utc_now(), changes=changes)
    body = cloud.receive("standard")["Records"][0]["body"]
    event = cloud.deliver("standard-dead", body)
    event["Records"][0]["attributes"]["SentTimestamp"] = "1795348800000"
    return job, event


def record_of(said):
    (record,) = [line for line in logged(said) if line.get("message") == "dead letter"]
    return record


def test_it_ends_the_job_with_the_reason(died, parts, cloud):
    job, event = died
    assert bury(event) == []
    ended = parts.table.get(job.id)
    assert (ended.state, ended.error.code) == (State.FAILED, "too_many_attempts")
    assert "RuntimeError" in ended.error.message
    assert MARKER not in ended.error.message
    ((kind, detail),) = cloud.events()
    assert (kind, detail["error"]["code"]) == ("herald.job.failed", "too_many_attempts")


def test_its_record_tells_its_life_and_none_of_its_text(died, capsys):
    job, event = died
    bury(event)
    said = capsys.readouterr()
    record = record_of(said.out)
    assert (record["job"], record["tenant"], record["attempts"]) == (job.id, "acme", TIMES)
    assert (record["code"], record["fault"]) == ("too_many_attempts", "internal_error")
    assert record["first_at"] == "2026-11-22T12:00:00+00:00"
    assert abs(datetime.fromisoformat(record["last_at"]) - utc_now()) < timedelta(minutes=1)
    assert record["queue"].endswith(":standard-dead")
    (metrics,) = [line for line in logged(said.out) if "DeadLetters" in line]
    assert metrics["DeadLetters"] == [1.0]
    assert MARKER not in said.out + said.err


def test_a_letter_that_comes_twice_is_one_end(died, cloud, capsys):
    _, event = died
    bury(event)
    bury(event)
    assert record_of(capsys.readouterr().out)
    assert len(cloud.events()) == 1


def test_a_job_that_somebody_works_on_is_waited_for(died, parts, cloud):
    job, event = died
    later = utc_now() + timedelta(minutes=5)
    assert parts.table.claim(job.id, State.SPEAKING, worker="w9", at=utc_now(), until=later)
    assert bury(event) == [event["Records"][0]["messageId"]]
    assert parts.table.get(job.id).state is State.SPEAKING
    (put_off,) = cloud.calls("ChangeMessageVisibility")
    assert 290 < put_off["VisibilityTimeout"] <= 302
    assert put_off["QueueUrl"].endswith("/standard-dead")


def test_a_job_that_was_only_put_off_lives_on(parts, cloud):
    """A message dies of its receipts, also of those for which no time was left."""
    job = parts.desk.submit(JobRequest(input=MARKER), tenant="acme")
    body = cloud.receive("standard")["Records"][0]["body"]
    assert bury(cloud.deliver("standard-dead", body)) == []
    assert not parts.table.get(job.id).ended
    assert [one.id for one in parts.table.due(utc_now(), 9)] == [job.id]


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_what_is_no_message_is_recorded_and_let_go(cloud, capsys, body):
    event = cloud.deliver("standard-dead", "?")
    event["Records"][0]["body"] = body
    assert bury(event) == []
    said = capsys.readouterr()
    record = record_of(said.out)
    assert (record["code"], record["message_id"]) == ("broken_message", event["Records"][0]["messageId"])
    assert record["attempts"] == 1
    assert MARKER not in said.out + said.err


@pytest.mark.parametrize("tenant", ["mallory", ""])
def test_a_forged_letter_ends_no_job(died, parts, tenant):
    job, event = died
    event["Records"][0]["body"] = event["Records"][0]["body"].replace("acme", tenant)
    assert bury(event) == []
    assert parts.table.get(job.id).state is State.QUEUED


def test_it_comes_back_while_the_table_does_not_answer(died, parts, cloud):
    job, event = died
    cloud.silence("dynamodb")
    assert bury(event) == [event["Records"][0]["messageId"]]
    cloud.mend()
    assert bury(event) == []
    assert parts.table.get(job.id).state is State.FAILED


def test_one_that_came_very_often_takes_no_other_with_it(died, cloud):
    """For days, every five minutes, while the table did not answer."""
    _, event = died
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = "5000"
    cloud.silence("dynamodb")
    assert bury(event) == [event["Records"][0]["messageId"]]
