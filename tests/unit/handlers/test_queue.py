"""Batches of a queue: what failed comes back, what is done stays done, and nothing takes the others with it."""

import json
from statistics import median
from time import monotonic, sleep

import pytest

from herald.errors import InvalidInput, Unavailable
from herald.handlers import worker
from herald.jobs.request import JobRequest
from herald.jobs.states import State
from tests.unit.handlers.conftest import MARKER, Context, logged

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
    """Ten jobs in the standard queue, and the event that a worker gets of them."""
    jobs = [parts.desk.submit(JobRequest(input=text_of(number)), tenant="acme") for number in range(10)]
    event = cloud.receive("standard")
    order = {json.loads(record["body"])["job"]: record for record in event["Records"]}
    return jobs, {"Records": [order[job.id] for job in jobs]}


def text_of(number):
    return f"{MARKER} {number}."


def work(event, context=None):
    """Have a worker work on an event; give back which messages are to come back."""
    answer = worker.handler(event, context or Context(milliseconds_left=300_000))
    assert list(json.loads(json.dumps(answer))) == ["batchItemFailures"]
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def ids(event, numbers):
    return [event["Records"][number]["messageId"] for number in numbers]


def explode():
    raise RuntimeError(MARKER)


@pytest.mark.parametrize("bad", range(11))
def test_exactly_the_bad_come_back(batch, mouth, parts, cloud, bad):
    jobs, event = batch
    # Spread over the batch, as 0, 3, 6, 9, 2, ...
    failing = {3 * one % 10 for one in range(bad)}
    mouth.before = {text_of(number): explode for number in failing}
    assert work(event) == ids(event, sorted(failing))
    states = {number: parts.table.get(job.id).state for number, job in enumerate(jobs)}
    assert states == {number: State.QUEUED if number in failing else State.DONE for number in range(10)}
    assert len(cloud.keys("audio/acme/")) == len(cloud.events()) == 10 - bad


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_what_is_no_message_comes_back_and_is_not_repeated(batch, mouth, cloud, capsys, body):
    _, event = batch
    event["Records"][4]["body"] = body
    assert work(event) == ids(event, [4])
    assert len(mouth.spoken) == 9
    said = capsys.readouterr()
    assert MARKER not in said.out + said.err
    (failed,) = [line for line in logged(said.out) if line.get("message") == "failed"]
    assert (failed["code"], failed["level"]) == ("broken_message", "WARNING")
    assert "job" not in failed
    assert len(cloud.calls("ChangeMessageVisibility")) == 1


def test_a_failed_one_is_put_off_longer_each_time(batch, mouth, cloud):
    _, event = batch
    mouth.before = {text_of(0): explode}
    waits = []
    for attempt in (1, 2, 3, 4, 5):
        event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(attempt)
        assert work({"Records": event["Records"][:1]}) == ids(event, [0])
        put_off = cloud.calls("ChangeMessageVisibility")[-1]
        assert put_off["QueueUrl"].endswith("/standard")
        assert put_off["ReceiptHandle"] == event["Records"][0]["receiptHandle"]
        waits.append(put_off["VisibilityTimeout"])
    assert all(1 <= wait <= 300 for wait in waits)
    assert waits == sorted(waits)
    assert waits[-1] > 60


def test_an_error_is_logged_as_that_of_its_job(batch, mouth, parts, capsys):
    jobs, event = batch
    mouth.before = {text_of(3): explode}
    event["Records"][4]["body"] = "?"
    work(event)
    said = capsys.readouterr()
    assert MARKER not in said.out + said.err
    lines = {line.get("job"): line for line in logged(said.out) if line.get("message") in {"failed", "finished"}}
    assert set(lines) == {job.id for job in jobs} - {jobs[4].id} | {None}
    failed = lines[jobs[3].id]
    assert (failed["code"], failed["why"], failed["tenant"]) == (
        "internal_error", "An internal error occurred: RuntimeError.", "acme",
    )  # fmt: skip
    assert "explode" in failed["frames"][-1]
    assert lines[None]["code"] == "broken_message"
    assert parts.table.get(jobs[3].id).fault.code == "internal_error"


def test_a_permanent_fault_ends_its_job_at_once(batch, mouth, parts, cloud):
    jobs, event = batch

    def refuse():
        raise InvalidInput("No voice has that name.", code="unknown_voice")

    mouth.before = {text_of(5): refuse}
    assert work(event) == []
    assert parts.table.get(jobs[5].id).error.code == "unknown_voice"
    assert cloud.calls("ChangeMessageVisibility") == []
    assert sorted(kind for kind, _ in cloud.events()) == ["herald.job.done"] * 9 + ["herald.job.failed"]


@pytest.fixture(params=["silent", "refused"])
def lost_queue(request, cloud):
    """A queue that gives messages, and takes no word about them."""
    if request.param == "silent":
        cloud.silence("sqs")
    else:
        cloud.refuse("sqs", "ChangeMessageVisibility", "AccessDenied", 403)


def test_a_queue_that_does_not_answer_loses_no_result(batch, lost_queue, mouth, parts, capsys):
    jobs, event = batch
    mouth.before = {text_of(1): explode}
    event["Records"][7]["body"] = "?"
    assert work(event) == ids(event, [1, 7])
    assert [parts.table.get(job.id).state for job in jobs].count(State.DONE) == 8
    lines = [line for line in logged(capsys.readouterr().out) if line.get("message") == "not postponed"]
    assert len(lines) == 2


def test_a_fault_of_ours_while_putting_off_loses_no_result(batch, mouth, monkeypatch):
    _, event = batch
    monkeypatch.setattr("herald.aws.queues.SqsJobQueues.postpone", lambda *_: explode())
    event["Records"][7]["body"] = "?"
    assert work(event) == ids(event, [7])


def test_when_time_runs_out_the_rest_comes_back_untouched(batch, mouth, parts, cloud):
    jobs, event = batch
    context = Context(milliseconds_left=300_000)
    mouth.before = {text_of(2): lambda: setattr(context, "milliseconds_left", 4_900)}
    assert work(event, context) == ids(event, range(3, 10))
    assert [parts.table.get(job.id).attempts for job in jobs] == [1] * 3 + [0] * 7
    assert [one["VisibilityTimeout"] for one in cloud.calls("ChangeMessageVisibility")] == [0] * 7


def test_a_timeout_mid_batch_has_only_the_unfinished_done_again(batch, mouth, parts):
    """Lambda ends the process; nobody hears of the batch, and all ten come again."""
    jobs, event = batch

    def end():
        raise SystemExit

    mouth.before = {text_of(6): end}
    with pytest.raises(SystemExit):
        work(event)
    assert len(mouth.spoken) == 6
    mouth.before = {}
    # The one that was being spoken is still held by whoever died.
    assert work(event) == ids(event, [6])
    parts.table.move(jobs[6].id, State.QUEUED, at=parts.clock())
    assert work({"Records": event["Records"][6:7]}) == []
    assert sorted(mouth.spoken) == [text_of(number) for number in range(10)]


def test_a_finished_one_is_done_again_within_50_ms_and_not_spoken(batch, mouth, cloud, capsys):
    _, event = batch
    work(event)
    capsys.readouterr()
    spoken, told = list(mouth.spoken), len(cloud.events())
    assert work(event) == []
    again = [line["milliseconds"] for line in logged(capsys.readouterr().out) if line.get("message") == "finished"]
    assert (len(again), median(again) < 50) == (10, True)
    assert (mouth.spoken, len(cloud.events())) == (spoken, told)


def test_a_job_that_another_holds_comes_back_when_it_is_free(batch, mouth, parts, cloud):
    jobs, event = batch
    now = parts.clock()
    parts.table.claim(jobs[0].id, State.SPEAKING, worker="another", at=now, until=now.replace(year=now.year + 1))
    assert work(event) == ids(event, [0])
    assert cloud.calls("ChangeMessageVisibility")[0]["VisibilityTimeout"] == 43_200
    assert text_of(0) not in mouth.spoken


@pytest.mark.parametrize("service", ["dynamodb", "s3"])
def test_all_come_back_while_a_service_does_not_answer(batch, mouth, parts, cloud, service):
    jobs, event = batch
    cloud.silence(service)
    assert work(event) == ids(event, range(10))
    cloud.mend()
    assert work(event) == []
    assert {parts.table.get(job.id).state for job in jobs} == {State.DONE}
    assert len(cloud.events()) == 10


def test_a_bus_that_does_not_answer_keeps_no_job_from_its_end(batch, mouth, parts, cloud):
    jobs, event = batch
    cloud.silence("events")
    assert work(event) == []
    assert {(job.state, job.told) for job in map(parts.table.get, [job.id for job in jobs])} == {(State.DONE, False)}


def test_another_tenants_word_for_a_job_changes_nothing(batch, mouth, parts):
    jobs, event = batch
    record = event["Records"][0]
    record["body"] = record["body"].replace("acme", "mallory")
    assert work({"Records": [record]}) == []
    assert (mouth.spoken, parts.table.get(jobs[0].id).state) == ([], State.QUEUED)


def test_metrics_count_files_and_failures(batch, mouth, capsys):
    def pass_by():
        raise Unavailable("S3 did not answer.")

    _, event = batch
    mouth.before = {text_of(1): pass_by, text_of(2): explode}
    work(event)
    (metrics,) = [line for line in logged(capsys.readouterr().out) if "_aws" in line]
    assert metrics["FailedAttempts"] == [1.0, 1.0]
    assert len(metrics["Cost"]) == len(metrics["QueueWait"]) == 8


def test_messages_are_hidden_for_a_short_time_while_they_are_worked_on(batch, mouth, cloud, monkeypatch):
    """A worker that dies leaves all messages of its batch to others in 75 s, not in the queue's half an hour."""
    monkeypatch.setattr("herald.jobs.heartbeat.EVERY_SECONDS", 0.02)
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
    # On a slow machine another beat comes while the last ones are worked on.
    assert receipts[6:] in hidden(), "what is finished is left alone"
    assert hidden()[-1] == receipts[-len(hidden()[-1]) :]
    seconds = {
        one["VisibilityTimeout"] for given in cloud.calls("ChangeMessageVisibilityBatch") for one in given["Entries"]
    }
    assert seconds == {75}


def test_a_queue_that_hides_nothing_stops_no_work(batch, mouth, cloud, capsys):
    _, event = batch
    cloud.refuse("sqs", "ChangeMessageVisibilityBatch", "AccessDenied", 403)
    mouth.before = {text_of(0): lambda: sleep(0.05)}
    assert work(event) == []
    assert len(mouth.spoken) == 10
    assert [line["code"] for line in logged(capsys.readouterr().out) if line.get("message") == "not hidden"] == [
        "broken_installation"
    ]
