"""Workers in a cluster process chunks of batches by task token, as the function speak_items does."""

import json
import os
from time import monotonic, sleep

import pytest
from botocore.exceptions import ClientError

from herald.functions import finish_batch, plan_batch
from herald.functions.speak_items import SpeakItemsFunction
from herald.jobs.job_worker import HIDDEN_SECONDS
from herald.runtime.settings import Settings
from herald.worker.chunk_tasks import MOST_DELIVERIES, ChunkTasks
from herald.worker.consumer import CHUNK_SECONDS, Consumer, Pulse, Shutdown, Source
from tests.support.moto_cloud import BUCKET
from tests.unit.conftest import voices_folder
from tests.unit.functions.conftest import MARKER, Context, clients, cloud, environment, http

__all__ = ["clients", "cloud", "environment", "http", "voices_folder"]
"""Fixtures."""
ORDER = {"name": "Reminders", "template": "Hallo {name}.", "items_per_child": 2}
ITEMS = [{"id": name, "name": name} for name in ("Anna", "Bert", MARKER)]
REPORTS = {"SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat"}


class StateMachine:
    """Tasks that wait for reports, in place of Step Functions: moto has no task tokens."""

    def __init__(self, client):
        self._real = client._make_api_call
        self.reports = []
        """Operation and parameters of every report."""
        self.ended = set()
        """Tokens of tasks that have ended."""
        client._make_api_call = self._call  # until the cloud is mended

    def _call(self, operation, given):
        if operation not in REPORTS:
            return self._real(operation, given)
        if given["taskToken"] in self.ended:
            raise ClientError({"Error": {"Code": "TaskTimedOut", "Message": "It has timed out."}}, operation)
        self.reports.append((operation, given))
        if operation != "SendTaskHeartbeat":
            self.ended.add(given["taskToken"])
        return {}

    def outcomes(self):
        return [(operation, given) for operation, given in self.reports if operation != "SendTaskHeartbeat"]


@pytest.fixture
def machine(cloud):
    return StateMachine(cloud.clients.stepfunctions)


@pytest.fixture
def shutdown():
    return Shutdown()


@pytest.fixture
def chunks(cloud, machine, shutdown):
    """The processor of chunks, with a queue of its own."""
    url = cloud.clients.sqs.create_queue(QueueName="chunks")["QueueUrl"]
    cloud.urls["chunks"] = url
    function = SpeakItemsFunction(Settings.read(os.environ), stopping=shutdown.requested)
    return ChunkTasks(function=function, queues=function.parts.queues, url=url, tasks=function.parts.tasks)


@pytest.fixture
def consumer(chunks, shutdown):
    sources = [Source(url=chunks.url, function=chunks, seconds=CHUNK_SECONDS)]
    return Consumer(sources=sources, queues=chunks.queues, shutdown=shutdown, pulse=Pulse(), wait=0)


@pytest.fixture
def run(consumer):
    """Process messages until none is visible."""

    def run():
        """Process messages."""
        receive = consumer.queues.receive

        def receiving(*given, **options):
            found = receive(*given, **options)
            if not found:
                consumer.shutdown.request()
            return found

        consumer.queues.receive = receiving
        consumer.run()

    return run


@pytest.fixture
def plan(cloud, http):
    """Plan a batch; return its id and the notes of its chunks."""

    def plan(**fields):
        batch = http("POST", "/v1/batches", ORDER | {"items": ITEMS} | fields).json["id"]
        planned = plan_batch.handler(cloud.runs()[-1], Context(milliseconds_left=900_000))
        body = cloud.clients.s3.get_object(Bucket=BUCKET, Key=planned["key"])["Body"].read()
        return batch, planned, [json.loads(line) for line in body.splitlines()]

    return plan


def task(note, token="token", **event):  # noqa: S107  the token of a task
    return json.dumps({"token": token, "event": {"note": note, "retries": 0, "shared": [], "items": 3, **event}})


def outputs(machine):
    return [json.loads(given["output"]) for operation, given in machine.outcomes() if operation == "SendTaskSuccess"]


def test_a_batch_is_processed_by_workers_and_its_results_are_where_those_of_functions_are(
    http, cloud, machine, plan, run
):
    batch, planned, notes = plan()
    for number, note in enumerate(notes):
        cloud.send("chunks", task(note, f"token {number}"))
    run()
    assert outputs(machine) == [{"done": 2, "failed": 0}, {"done": 1, "failed": 0}]
    assert {given["taskToken"] for _, given in machine.outcomes()} == {"token 0", "token 1"}
    assert cloud.shown("chunks") == (0, 0)
    finish_batch.handler(cloud.runs()[-1] | {"plan": planned}, Context(milliseconds_left=900_000))
    done = http("GET", f"/v1/batches/{batch}").json
    assert (done["state"], done["counts"]["done"]) == ("done", 3)


def test_a_pack_is_processed_by_workers(cloud, machine, chunks, plan, run):
    pack = {"batch": "batch_0", "tenant": "acme", "pack": 0, "key": "pack-0", "start": 0, "size": 1}
    cloud.send("chunks", json.dumps({"token": "token", "event": {"pack": pack}}))
    run()
    ((operation, given),) = machine.outcomes()
    assert (operation, given["error"]) == ("SendTaskFailure", "broken_message"), "there is no such batch"


def test_a_pack_is_stored_for_the_chunks_that_need_it(cloud, machine, plan, run, monkeypatch):
    monkeypatch.setattr("herald.batches.shared_sentences.PACK_SECONDS", 0.001)
    _, planned, _ = plan(template="Hallo {name}. Bitte kommen Sie bald.")
    (pack,) = planned["packs"]
    cloud.send("chunks", json.dumps({"token": "token", "event": {"pack": pack}}))
    run()
    (output,) = outputs(machine)
    assert (output["key"], output["spoken"]) == (pack["key"], 1)
    assert cloud.keys(f"sentences/default/{pack['key']}")


def test_the_task_is_extended_before_the_work_and_the_message_stays_hidden(cloud, machine, chunks, plan, run):
    _, _, notes = plan()
    cloud.send("chunks", task(notes[0]))
    run()
    assert machine.reports[0] == ("SendTaskHeartbeat", {"taskToken": "token"})
    assert {given["VisibilityTimeout"] for given in cloud.calls("ReceiveMessage")} == {HIDDEN_SECONDS}


def test_a_task_that_has_ended_is_not_processed(cloud, machine, chunks, plan, run):
    """It waited in the queue for too long, and the state machine has sent another message."""
    _, _, notes = plan()
    machine.ended.add("old")
    cloud.send("chunks", task(notes[0], "old"))
    run()
    assert machine.reports == []
    assert cloud.keys("audio/") == []
    assert cloud.shown("chunks") == (0, 0)


def test_a_failed_chunk_is_reported_without_the_text_and_left_to_the_state_machine(cloud, machine, chunks, plan, run):
    _, _, notes = plan()
    cloud.refuse("s3", "PutObject", "SlowDown", 503)
    cloud.send("chunks", task(notes[1]))
    run()
    ((operation, given),) = machine.outcomes()
    assert (operation, given["error"]) == ("SendTaskFailure", "unavailable")
    assert MARKER not in given["cause"]
    assert cloud.shown("chunks") == (0, 0)


def test_the_message_of_a_lost_worker_is_processed_by_another_one(cloud, machine, chunks, plan, run):
    """SIGKILL: the message returns when its visibility timeout ends, with the same token."""
    _, _, notes = plan()
    cloud.send("chunks", task(notes[0]))
    (lost,) = chunks.queues.receive(chunks.url, most=1, hidden=HIDDEN_SECONDS)
    assert cloud.shown("chunks") == (0, 1)
    chunks.queues.postpone(chunks.url, lost["receiptHandle"], 0)
    run()
    assert outputs(machine) == [{"done": 2, "failed": 0}]


def test_a_chunk_with_results_is_only_counted_again(cloud, machine, chunks, plan, run):
    """The worker was lost between its results and its report."""
    _, _, notes = plan()
    cloud.send("chunks", task(notes[0], "first"))
    cloud.send("chunks", task(notes[0], "second", retries=1))
    run()
    assert outputs(machine) == [{"done": 2, "failed": 0}, {"done": 0, "failed": 0}]
    assert len(cloud.keys("audio/")) == 2


def test_a_chunk_that_ends_all_its_workers_is_reported(cloud, machine, chunks, plan):
    _, _, notes = plan()
    record = {
        "messageId": "1", "body": task(notes[0]), "receiptHandle": "none",
        "attributes": {"ApproximateReceiveCount": str(MOST_DELIVERIES + 1)},
    }  # fmt: skip
    assert chunks({"Records": [record]}, Context()) == {"batchItemFailures": []}
    ((operation, given),) = machine.outcomes()
    assert (operation, given["error"]) == ("SendTaskFailure", "worker_lost")


def test_a_malformed_message_stays_for_the_dead_letter_queue(cloud, machine, chunks, run):
    for body in ("?", "{}", '{"token": 1, "event": {}}'):
        cloud.send("chunks", body)
    run()
    assert machine.reports == []
    assert cloud.shown("chunks") == (0, 3)


def test_a_result_that_cannot_be_reported_leaves_the_message(cloud, machine, chunks, plan, run):
    _, _, notes = plan()
    machine.ended = Refusing()
    cloud.send("chunks", task(notes[0]))
    run()
    assert machine.outcomes() == []
    assert cloud.shown("chunks") == (0, 1)


class Refusing(set):
    """Step Functions that accepts one heartbeat, and does not respond afterwards."""

    def __init__(self):
        self._answers = [False]

    def __contains__(self, token):
        if not self._answers:
            raise ClientError(
                {"Error": {"Code": "ServiceUnavailable"}, "ResponseMetadata": {"HTTPStatusCode": 503}}, ""
            )
        return self._answers.pop()


@pytest.fixture
def run_until(cloud, chunks, plan, run, monkeypatch):
    """`run_until(condition)` processes a chunk of one item, which takes until the condition holds, with heartbeats."""
    monkeypatch.setattr("herald.jobs.job_worker.EVERY_SECONDS", 0.01)
    _, _, notes = plan()
    speaker = chunks.function._chunks.speaker
    speak = speaker.speak

    def run_until(condition):
        def slowly(script, **options):
            end = monotonic() + 10
            while not condition() and monotonic() < end:
                sleep(0.005)
            return speak(script, **options)

        speaker.speak = slowly
        cloud.send("chunks", task(notes[1]))
        run()

    return run_until


def test_a_long_chunk_keeps_its_task_and_its_message(cloud, machine, run_until):
    run_until(lambda: len(machine.reports) > 2)
    assert [operation for operation, _ in machine.reports[:3]] == ["SendTaskHeartbeat"] * 3
    hidden = [one for given in cloud.calls("ChangeMessageVisibilityBatch") for one in given["Entries"]]
    assert {one["VisibilityTimeout"] for one in hidden} == {HIDDEN_SECONDS}
    assert outputs(machine) == [{"done": 1, "failed": 0}]


def test_a_heartbeat_that_fails_is_logged_and_the_chunk_goes_on(cloud, machine, run_until, caplog):
    cloud.refuse("sqs", "ChangeMessageVisibilityBatch")

    def failures():
        return [one.code for one in caplog.records if one.message == "task not extended"]

    run_until(failures)
    assert {*failures()} == {"unavailable"}
    assert outputs(machine) == [{"done": 1, "failed": 0}]


def test_a_chunk_that_is_stopped_returns_at_once_and_the_next_worker_continues(cloud, machine, plan, consumer):
    """The items that were stored are not synthesized again, and none fails as too long."""
    chunks = consumer.sources[0].function
    _, _, notes = plan()
    speak = chunks.function._chunks.speaker.speak
    spoken = []

    def stop_after_one(script, **options):
        spoken.append(script.lines[0].text)
        if len(spoken) == 2:
            consumer.shutdown.request()
            consumer.shutdown._deadline = 0.0
        return speak(script, **options)

    chunks.function._chunks.speaker.speak = stop_after_one
    cloud.send("chunks", task(notes[0]))
    consumer.run()
    assert machine.outcomes() == []
    assert cloud.shown("chunks") == (1, 0)
    (record,) = chunks.queues.receive(chunks.url, most=1, hidden=HIDDEN_SECONDS)
    chunks.function._chunks.speaker.speak = speak
    chunks.function.stopping = bool
    chunks.function._chunks.stopping = bool
    assert chunks({"Records": [record]}, Context(milliseconds_left=900_000)) == {"batchItemFailures": []}
    assert outputs(machine) == [{"done": 2, "failed": 0}]


def test_jobs_and_chunks_take_turns_and_vip_jobs_come_first():
    waiting = {"vip": ["v1"], "standard": ["s1", "s2"], "chunks": ["c1", "c2"]}
    order = []

    class Queues:
        def receive(self, url, **_):
            return [{"receiptHandle": "", "of": waiting[url].pop(0)}] if waiting[url] else []

        def delete(self, *_):
            if not any(waiting.values()):
                shutdown.request()

    def take(event, _):
        order.append(event["Records"][0]["of"])
        if order[-1] == "c1":
            waiting["vip"].append("v2")
        return {"batchItemFailures": []}

    shutdown = Shutdown()
    sources = [Source(url=name, function=take) for name in waiting]
    Consumer(sources=sources, queues=Queues(), shutdown=shutdown, pulse=Pulse(), wait=0).run()
    assert order == ["v1", "s1", "c1", "v2", "s2", "c2"]
