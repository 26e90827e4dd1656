"""The sweeper drains dead letters: it fails their jobs with the cause and logs a record without their text."""

import json
from datetime import datetime, timedelta

import pytest

from herald.aws.messaging import SqsJobQueues
from herald.clock import utc_now
from herald.errors import HeraldError
from herald.functions import sweeper
from herald.jobs.completion import MAX_ATTEMPTS
from herald.jobs.job import JobError, State
from herald.jobs.job_request import JobRequest
from tests.unit.functions.conftest import MARKER, Context, logged
from tests.unit.functions.test_queue import BROKEN
from tests.unit.functions.test_sweeper import sweep

QUEUE = "standard-dead"
GONE, HIDDEN = (0, 0), (0, 1)
"""Numbers of visible and hidden messages of a queue."""


@pytest.fixture
def died(parts, cloud):
    """Return a job with the maximum number of attempts, whose message is a dead letter."""
    return die(parts, cloud)


def die(parts, cloud, text=f"{MARKER} sagt hallo.", queue=QUEUE):
    job = parts.job_service.submit(JobRequest(input=text), tenant="acme")
    for number in range(MAX_ATTEMPTS):
        assert parts.table.claim(job.id, State.SPEAKING, worker=f"w{number}", at=utc_now(), until=utc_now())
        fault = JobError(code="internal_error", message="An internal error occurred: RuntimeError.")
        changes = {"fault": fault, "lease_until": None, "worker": None}
        parts.table.move(job.id, State.QUEUED, at=utc_now(), changes=changes)
    (record,) = cloud.receive("standard", 1)["Records"]
    cloud.send(queue, record["body"])
    return job


def record_of(output):
    (record,) = [line for line in logged(output) if line.get("message") == "dead letter"]
    return record


def test_job_fails_with_the_cause(died, parts, cloud):
    sweep()
    assert cloud.shown(QUEUE) == GONE
    ended = parts.table.get(died.id)
    assert (ended.state, ended.error.code) == (State.FAILED, "too_many_attempts")
    assert "RuntimeError" in ended.error.message
    assert MARKER not in ended.error.message
    ((kind, detail),) = cloud.events()
    assert (kind, detail["error"]["code"]) == ("herald.job.failed", "too_many_attempts")


def test_record_describes_the_job_without_its_text(died, capsys):
    sweep()
    output = capsys.readouterr()
    record = record_of(output.out)
    assert (record["job"], record["tenant"], record["attempts"]) == (died.id, "acme", MAX_ATTEMPTS)
    assert (record["code"], record["fault"]) == ("too_many_attempts", "internal_error")
    assert record["queue"] == QUEUE
    for name in ("first_at", "last_at"):
        assert abs(datetime.fromisoformat(record[name]) - utc_now()) < timedelta(minutes=1)
    (metrics,) = [line for line in logged(output.out) if "DeadLetters" in line]
    assert metrics["DeadLetters"] == [1.0]
    assert MARKER not in output.out + output.err
    (swept,) = [line for line in logged(output.out) if line.get("message") == "swept"]
    assert "job" not in swept


def test_every_queue_is_drained(parts, cloud):
    jobs = [die(parts, cloud, f"Nummer {queue}.", queue) for queue in (QUEUE, "vip-dead")]
    for queue in (QUEUE, "vip-dead"):
        for _ in range(11):
            cloud.send(queue, "?")
    sweep()
    assert {parts.table.get(job.id).state for job in jobs} == {State.FAILED}
    assert cloud.shown(QUEUE) == cloud.shown("vip-dead") == GONE
    assert len(cloud.calls("DeleteMessageBatch")) == 4


def test_repeated_dead_letter_fails_its_job_once(died, cloud):
    cloud.refuse("sqs", "DeleteMessageBatch")
    with pytest.raises(HeraldError):
        sweep()
    cloud.mend()
    assert cloud.shown(QUEUE) == HIDDEN
    cloud.clients.sqs.set_queue_attributes(QueueUrl=cloud.urls[QUEUE], Attributes={"VisibilityTimeout": "0"})
    cloud.send(QUEUE, json.dumps({"version": 1, "job": died.id, "tenant": "acme"}))
    sweep()
    assert len(cloud.events()) == 1


def test_dead_letter_of_a_running_job_is_postponed(died, parts, cloud):
    later = utc_now() + timedelta(minutes=5)
    assert parts.table.claim(died.id, State.SPEAKING, worker="w9", at=utc_now(), until=later)
    sweep()
    assert parts.table.get(died.id).state is State.SPEAKING
    assert cloud.shown(QUEUE) == HIDDEN
    (postponed,) = cloud.calls("ChangeMessageVisibility")
    assert 890 < postponed["VisibilityTimeout"] <= 902  # of the last attempt: its lease, and ten minutes
    assert postponed["QueueUrl"].endswith(f"/{QUEUE}")


def test_job_without_failed_attempts_is_queued_again_in_the_same_run(parts, cloud):
    """Deliveries that were postponed for lack of time also count toward the limit of receives."""
    job = parts.job_service.submit(JobRequest(input=MARKER), tenant="acme")
    (record,) = cloud.receive("standard")["Records"]
    cloud.send(QUEUE, record["body"])
    sweep()
    assert cloud.shown(QUEUE) == GONE
    assert not parts.table.get(job.id).ended
    assert cloud.messages("standard") == [{"version": 1, "job": job.id, "tenant": "acme"}]


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_malformed_message_is_recorded_and_dropped(cloud, capsys, monkeypatch, body):
    receive = SqsJobQueues.receive
    monkeypatch.setattr(SqsJobQueues, "receive", lambda *args: [one | {"body": body} for one in receive(*args)])
    cloud.send(QUEUE, "?")
    sweep()
    assert cloud.shown(QUEUE) == GONE
    output = capsys.readouterr()
    assert (record_of(output.out)["code"], record_of(output.out)["attempts"]) == ("broken_message", 1)
    assert MARKER not in output.out + output.err


@pytest.mark.parametrize("tenant", ["mallory", ""])
def test_forged_dead_letter_fails_no_job(died, parts, cloud, tenant):
    cloud.receive(QUEUE, 1)
    cloud.send(QUEUE, json.dumps({"version": 1, "job": died.id, "tenant": tenant}))
    sweep()
    assert parts.table.get(died.id).state is State.QUEUED


def test_one_failing_dead_letter_does_not_affect_the_others(died, parts, cloud, monkeypatch, capsys):
    other = die(parts, cloud, "Guten Tag.")
    stored_job = parts.table.get

    def get(table, job_id):
        if job_id == died.id:
            raise RuntimeError(MARKER)
        return stored_job(job_id)

    monkeypatch.setattr("herald.aws.job_table.DynamoJobTable.get", get)
    capsys.readouterr()
    sweep()
    assert stored_job(other.id).state is State.FAILED
    assert cloud.shown(QUEUE) == HIDDEN
    output = capsys.readouterr()
    assert MARKER not in output.out + output.err
    (metrics,) = [line for line in logged(output.out) if "DeadLetters" in line]
    assert (metrics["DeadLetters"], metrics["FailedAttempts"]) == ([2.0], [1.0])


def test_jobs_are_swept_even_if_the_queues_are_unavailable(parts, cloud, capsys, monkeypatch):
    swept = []
    monkeypatch.setattr("herald.jobs.recovery.Sweeper.sweep", lambda *_: swept.append(True))
    cloud.silence("sqs")
    with pytest.raises(HeraldError) as raised:
        sweep()
    assert raised.value.code == "unavailable"
    assert swept == [True]


class Slow(Context):
    """A context in which every read of the remaining time takes four seconds."""

    def get_remaining_time_in_millis(self):
        self.milliseconds_left -= 4_000
        return self.milliseconds_left


def test_draining_leaves_half_of_the_time_for_the_sweep(cloud):
    for _ in range(30):
        cloud.send(QUEUE, "?")
    sweeper.handler({}, Slow(milliseconds_left=120_000))
    assert cloud.shown(QUEUE) in {(10, 0), (20, 0)}
    sweep()
    assert cloud.shown(QUEUE) == GONE


def test_without_time_nothing_is_received(died, parts, cloud):
    sweep(milliseconds_left=10_000)
    assert parts.table.get(died.id).state is State.QUEUED
    assert cloud.shown(QUEUE) == (1, 0)
