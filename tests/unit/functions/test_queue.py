"""Batches of queue messages: failed ones are redelivered, finished ones stay done, and none affects the others."""

import json
from statistics import median
from threading import Event
from time import monotonic, sleep

import pytest

from herald.aws.messaging import SqsJobQueues
from herald.errors import InvalidInput, Unavailable
from herald.functions import worker
from herald.jobs.job import State
from herald.jobs.job_request import JobRequest
from tests.unit.functions.conftest import MARKER, Context, logged

BROKEN = {
    "empty": "",
    "not JSON": f"{MARKER}",
    "half JSON": '{"version":1,"job":',
    "a list": "[1]",
    "null": "null",
    "nothing in it": "{}",
    "no tenant": '{"version":1,"job":"job_1"}',
    "another version": f'{{"version":2,"job":"job_1","tenant":"{MARKER}"}}',
    "a number for an id": '{"version":1,"job":7,"tenant":"acme"}',
    "too deep": "[" * 100_000,
    "a lone surrogate": '{"version":1,"job":"\ud800","tenant":"acme"}',
    "NUL": '{"version":1,"job":"a\0b","tenant":"acme"}',
    "NaN": "NaN",
    "a large one": f'{{"a":"{MARKER * 20_000}"}}',
}


@pytest.fixture
def batch(parts, cloud):
    """Ten jobs in the standard queue, and their event for the worker."""
    jobs = [parts.job_service.submit(JobRequest(input=text_of(number)), tenant="acme") for number in range(10)]
    event = cloud.receive("standard")
    order = {json.loads(record["body"])["job"]: record for record in event["Records"]}
    return jobs, {"Records": [order[job.id] for job in jobs]}


def text_of(number):
    return f"{MARKER} {number}."


def work(event, context=None):
    """Let the worker handle an event; return the ids of the messages to redeliver."""
    answer = worker.handler(event, context or Context(milliseconds_left=300_000))
    assert list(json.loads(json.dumps(answer))) == ["batchItemFailures"]
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def ids(event, numbers):
    return [event["Records"][number]["messageId"] for number in numbers]


def explode():
    raise RuntimeError(MARKER)


@pytest.mark.parametrize("bad", range(11))
def test_exactly_the_failed_messages_are_redelivered(batch, mouth, parts, cloud, bad):
    jobs, event = batch
    # Spread over the batch: 0, 3, 6, 9, 2, ...
    failing = {3 * one % 10 for one in range(bad)}
    mouth.before = {text_of(number): explode for number in failing}
    assert work(event) == ids(event, sorted(failing))
    states = {number: parts.table.get(job.id).state for number, job in enumerate(jobs)}
    assert states == {number: State.QUEUED if number in failing else State.DONE for number in range(10)}
    assert len(cloud.keys("audio/acme/")) == len(cloud.events()) == 10 - bad


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_malformed_message_is_redelivered_and_not_logged(batch, mouth, cloud, capsys, body):
    _, event = batch
    event["Records"][4]["body"] = body
    assert work(event) == ids(event, [4])
    assert len(mouth.spoken) == 9
    output = capsys.readouterr()
    assert MARKER not in output.out + output.err
    (failed,) = [line for line in logged(output.out) if line.get("message") == "failed"]
    assert (failed["code"], failed["level"]) == ("broken_message", "WARNING")
    assert "job" not in failed
    assert len(cloud.calls("ChangeMessageVisibility")) == 1


def test_failed_message_is_postponed_longer_each_time(batch, mouth, cloud):
    _, event = batch
    mouth.before = {text_of(0): explode}
    waits = []
    for attempt in (1, 2, 3, 4, 5):
        event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(attempt)
        assert work({"Records": event["Records"][:1]}) == ids(event, [0])
        postponed = cloud.calls("ChangeMessageVisibility")[-1]
        assert postponed["QueueUrl"].endswith("/standard")
        assert postponed["ReceiptHandle"] == event["Records"][0]["receiptHandle"]
        waits.append(postponed["VisibilityTimeout"])
    assert all(1 <= wait <= 300 for wait in waits)
    assert waits == sorted(waits)
    assert waits[-1] > 60


def test_error_is_logged_with_its_job(batch, mouth, parts, capsys):
    jobs, event = batch
    mouth.before = {text_of(3): explode}
    event["Records"][4]["body"] = "?"
    work(event)
    output = capsys.readouterr()
    assert MARKER not in output.out + output.err
    lines = {line.get("job"): line for line in logged(output.out) if line.get("message") in {"failed", "finished"}}
    assert set(lines) == {job.id for job in jobs} - {jobs[4].id} | {None}
    failed = lines[jobs[3].id]
    assert (failed["code"], failed["why"], failed["tenant"]) == (
        "internal_error", "An internal error occurred: RuntimeError.", "acme",
    )  # fmt: skip
    assert "explode" in failed["frames"][-1]
    assert lines[None]["code"] == "broken_message"
    assert parts.table.get(jobs[3].id).fault.code == "internal_error"


def test_permanent_error_fails_its_job_at_once(batch, mouth, parts, cloud):
    jobs, event = batch

    def refuse():
        raise InvalidInput("No voice has that name.", code="unknown_voice")

    mouth.before = {text_of(5): refuse}
    assert work(event) == []
    assert parts.table.get(jobs[5].id).error.code == "unknown_voice"
    assert cloud.calls("ChangeMessageVisibility") == []
    assert sorted(kind for kind, _ in cloud.events()) == ["herald.job.done"] * 9 + ["herald.job.failed"]


@pytest.fixture(params=["silent", "refused"])
def broken_queue(request, cloud):
    """A queue whose messages cannot be postponed."""
    if request.param == "silent":
        cloud.silence("sqs")
    else:
        cloud.refuse("sqs", "ChangeMessageVisibility", "AccessDenied", 403)


def test_unavailable_queue_loses_no_result(batch, broken_queue, mouth, parts, capsys):
    jobs, event = batch
    mouth.before = {text_of(1): explode}
    event["Records"][7]["body"] = "?"
    assert work(event) == ids(event, [1, 7])
    assert [parts.table.get(job.id).state for job in jobs].count(State.DONE) == 8
    lines = [line for line in logged(capsys.readouterr().out) if line.get("message") == "not postponed"]
    assert len(lines) == 2


def test_unexpected_error_while_postponing_loses_no_result(batch, mouth, monkeypatch):
    _, event = batch
    monkeypatch.setattr("herald.aws.messaging.SqsJobQueues.postpone", lambda *_: explode())
    event["Records"][7]["body"] = "?"
    assert work(event) == ids(event, [7])


def test_messages_without_time_left_are_redelivered_untouched(batch, mouth, parts, cloud):
    jobs, event = batch
    context = Context(milliseconds_left=300_000)
    mouth.before = {text_of(2): lambda: setattr(context, "milliseconds_left", 4_900)}
    assert work(event, context) == ids(event, range(3, 10))
    assert [parts.table.get(job.id).attempts for job in jobs] == [1] * 3 + [0] * 7
    assert [one["VisibilityTimeout"] for one in cloud.calls("ChangeMessageVisibility")] == [0] * 7


def test_after_a_timeout_only_unfinished_messages_are_processed_again(batch, mouth, parts):
    """Lambda ends the process without a result, so all ten messages are redelivered."""
    jobs, event = batch

    def end():
        raise SystemExit

    mouth.before = {text_of(6): end}
    with pytest.raises(SystemExit):
        work(event)
    assert len(mouth.spoken) == 6
    mouth.before = {}
    # The job in progress is still leased to the dead worker.
    assert work(event) == ids(event, [6])
    parts.table.move(jobs[6].id, State.QUEUED, at=parts.clock())
    assert work({"Records": event["Records"][6:7]}) == []
    assert sorted(mouth.spoken) == [text_of(number) for number in range(10)]


def test_redelivered_finished_job_takes_under_50_ms_and_is_not_synthesized(batch, mouth, cloud, capsys):
    _, event = batch
    work(event)
    capsys.readouterr()
    spoken, published = list(mouth.spoken), len(cloud.events())
    assert work(event) == []
    again = [line["milliseconds"] for line in logged(capsys.readouterr().out) if line.get("message") == "finished"]
    assert (len(again), median(again) < 50) == (10, True)
    assert (mouth.spoken, len(cloud.events())) == (spoken, published)


def test_job_leased_to_another_worker_is_postponed_to_the_end_of_the_lease(batch, mouth, parts, cloud):
    jobs, event = batch
    now = parts.clock()
    parts.table.claim(jobs[0].id, State.SPEAKING, worker="another", at=now, until=now.replace(year=now.year + 1))
    assert work(event) == ids(event, [0])
    assert cloud.calls("ChangeMessageVisibility")[0]["VisibilityTimeout"] == 43_200
    assert text_of(0) not in mouth.spoken


@pytest.mark.parametrize("service", ["dynamodb", "s3"])
def test_all_messages_are_redelivered_while_a_service_is_unavailable(batch, mouth, parts, cloud, service):
    jobs, event = batch
    cloud.silence(service)
    assert work(event) == ids(event, range(10))
    cloud.mend()
    assert work(event) == []
    assert {parts.table.get(job.id).state for job in jobs} == {State.DONE}
    assert len(cloud.events()) == 10


def test_unavailable_event_bus_does_not_keep_jobs_from_completing(batch, mouth, parts, cloud):
    jobs, event = batch
    cloud.silence("events")
    assert work(event) == []
    assert {(job.state, job.published) for job in map(parts.table.get, [job.id for job in jobs])} == {
        (State.DONE, False)
    }


def test_message_with_another_tenant_changes_nothing(batch, mouth, parts):
    jobs, event = batch
    record = event["Records"][0]
    record["body"] = record["body"].replace("acme", "mallory")
    assert work({"Records": [record]}) == []
    assert (mouth.spoken, parts.table.get(jobs[0].id).state) == ([], State.QUEUED)


def test_metrics_of_files_and_failures(batch, mouth, capsys):
    def fail_temporarily():
        raise Unavailable("S3 did not answer.")

    _, event = batch
    mouth.before = {text_of(1): fail_temporarily, text_of(2): explode}
    work(event)
    (metrics,) = [line for line in logged(capsys.readouterr().out) if "_aws" in line]
    assert metrics["FailedAttempts"] == [1.0, 1.0]
    assert len(metrics["Cost"]) == len(metrics["QueueWait"]) == 8


def test_messages_are_hidden_for_a_short_time_while_in_progress(batch, mouth, cloud, monkeypatch):
    """Messages of a crashed worker are redelivered after 75 s instead of the queue's half an hour."""
    monkeypatch.setattr("herald.jobs.job_worker.EVERY_SECONDS", 0.02)
    _, event = batch

    def hidden():
        return [
            [one["ReceiptHandle"] for one in given["Entries"]] for given in cloud.calls("ChangeMessageVisibilityBatch")
        ]

    def wait():
        count, end = len(hidden()), monotonic() + 10
        while len(hidden()) < count + 2 and monotonic() < end:
            sleep(0.005)

    mouth.before = {text_of(0): wait, text_of(6): wait}
    assert work(event) == []
    receipts = [record["receiptHandle"] for record in event["Records"]]
    assert hidden()[0] == receipts
    # On a slow machine there is another heartbeat while the last messages are in progress.
    assert receipts[6:] in hidden(), "finished messages are excluded"
    assert hidden()[-1] == receipts[-len(hidden()[-1]) :]
    seconds = {
        one["VisibilityTimeout"] for given in cloud.calls("ChangeMessageVisibilityBatch") for one in given["Entries"]
    }
    assert seconds == {75}


def test_failing_heartbeat_does_not_stop_the_work(batch, mouth, cloud, capsys):
    _, event = batch
    cloud.refuse("sqs", "ChangeMessageVisibilityBatch", "AccessDenied", 403)
    mouth.before = {text_of(0): lambda: sleep(0.05)}
    assert work(event) == []
    assert len(mouth.spoken) == 10
    assert [line["code"] for line in logged(capsys.readouterr().out) if line.get("message") == "not hidden"] == [
        "broken_installation"
    ]


def test_a_queue_that_does_not_respond_to_the_heartbeat_does_not_stop_the_work(batch, mouth, parts, monkeypatch):
    monkeypatch.setattr("herald.runtime.queue_function._BEAT_SECONDS", 0.001)
    monkeypatch.setattr("herald.jobs.job_worker._JOIN_SECONDS", 0.001)
    jobs, event = batch
    begun, ended = Event(), Event()

    def hang(*_):
        begun.set()
        ended.wait(10)

    monkeypatch.setattr(SqsJobQueues, "hide", hang)
    mouth.before = {text_of(0): lambda: begun.wait(10)}
    assert work(event) == []
    assert not ended.is_set()
    ended.set()
    assert {parts.table.get(job.id).state for job in jobs} == {State.DONE}


def test_a_lease_that_cannot_be_renewed_is_logged_and_the_work_goes_on(batch, mouth, cloud, monkeypatch, capsys):
    monkeypatch.setattr("herald.jobs.job_worker.EVERY_SECONDS", 0.01)
    _, event = batch
    lines = []

    def wait_for_the_heartbeat():
        cloud.refuse("dynamodb", "UpdateItem")
        end = monotonic() + 10
        while not lines and monotonic() < end:
            sleep(0.005)
            lines.extend(one for one in logged(capsys.readouterr().out) if one.get("message") == "lease not renewed")
        cloud.mend()

    mouth.before = {text_of(0): wait_for_the_heartbeat}
    assert work({"Records": event["Records"][:1]}) == []
    assert (lines[0]["code"], lines[0]["level"]) == ("unavailable", "WARNING")
    assert MARKER not in json.dumps(lines)
    assert mouth.spoken == [text_of(0)]
