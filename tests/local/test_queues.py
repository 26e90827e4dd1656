"""Properties of SQS that jobs depend on: those of the patches, and those of the emulator."""

import ast
import json
import os
import signal
import subprocess
from types import SimpleNamespace

import pytest

from local import ROOT
from local.cloud import EMULATOR_PYTHON
from tests.local.conftest import client, wait_for


@pytest.fixture
def queue(emulator, jobs):
    """A queue with a worker: functions to send messages and to read what the worker received."""
    sqs, dynamodb = client(emulator[1], "sqs"), client(emulator[1], "dynamodb")

    def send(name, **wishes):
        sqs.send_message(QueueUrl=jobs["Queue"], MessageBody=json.dumps({"name": name, **wishes}), MessageGroupId="me")

    def seen(name):
        query = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": name}}}
        return dynamodb.query(TableName=jobs["Table"], ConsistentRead=True, **query)["Items"]

    def dead(name):
        answer = sqs.receive_message(QueueUrl=jobs["DeadLetters"], MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [message for message in answer.get("Messages", []) if json.loads(message["Body"])["name"] == name]

    return SimpleNamespace(send=send, seen=seen, dead=dead)


@pytest.fixture
def bare(emulator):
    """Create queues without a worker."""
    sqs = client(emulator[1], "sqs")
    made = []

    def make(name, **attributes):
        made.append(sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])
        return made[-1]

    yield make
    for url in made:
        sqs.delete_queue(QueueUrl=url)


@pytest.mark.parametrize("wish", ["fail", "raise", "die"])
def test_failed_messages_are_redelivered(queue, wish):
    queue.send(f"again-{wish}", wish=wish, times=1)
    wait_for(lambda: len(queue.seen(f"again-{wish}")) == 2)
    assert [item["count"]["N"] for item in queue.seen(f"again-{wish}")] == ["1", "2"]


def test_a_killed_worker_does_not_stop_others(queue):
    queue.send("killed", seconds=1)
    (first,) = wait_for(lambda: queue.seen("killed"))
    os.kill(int(first["pid"]["N"]), signal.SIGKILL)
    queue.send("neighbour")
    wait_for(lambda: queue.seen("neighbour"))
    wait_for(lambda: len(queue.seen("killed")) == 2)
    assert [item["count"]["N"] for item in queue.seen("killed")] == ["1", "2"]


def test_the_worker_receives_the_tenant(queue):
    queue.send("mine")
    assert wait_for(lambda: queue.seen("mine"))[0]["group"]["S"] == "me"


def test_dead_letters_are_moved_back(queue, emulator, jobs):
    queue.send("dead", wish="fail", times=2)
    wait_for(lambda: queue.dead("dead"))
    sqs = client(emulator[1], "sqs")
    attributes = sqs.get_queue_attributes(QueueUrl=jobs["DeadLetters"], AttributeNames=["QueueArn"])["Attributes"]
    sqs.start_message_move_task(SourceArn=attributes["QueueArn"])
    wait_for(lambda: len(queue.seen("dead")) == 3)
    assert [item["count"]["N"] for item in queue.seen("dead")] == ["1", "2", "1"]
    (task,) = sqs.list_message_move_tasks(SourceArn=attributes["QueueArn"])["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 1)
    assert not queue.dead("dead")


def test_a_quiet_tenant_is_served_before_a_noisy_one(emulator, bare):
    sqs, url = client(emulator[1], "sqs"), bare("fair")
    for tenant, count in (("loud", 50), ("quiet", 5)):
        for number in range(count):
            sqs.send_message(QueueUrl=url, MessageBody=str(number), MessageGroupId=tenant)
    received = {"MaxNumberOfMessages": 10, "MessageSystemAttributeNames": ["MessageGroupId"]}
    tenants = [
        [
            message["Attributes"]["MessageGroupId"]
            for message in sqs.receive_message(QueueUrl=url, **received)["Messages"]
        ]
        for _ in range(4)
    ]
    assert tenants == [["loud"] * 10] * 3 + [["quiet"] * 5 + ["loud"] * 5]


def inside(what):
    command = [EMULATOR_PYTHON, "-m", "tests.local.queues_inside", what]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return ast.literal_eval(done.stdout)


@pytest.mark.stack
def test_no_message_is_lost_between_threads():
    assert inside("race") == ["sent in between"]


@pytest.mark.stack
def test_a_tenant_with_slow_messages_is_served_after_a_quiet_one():
    assert inside("fair") == ["loud", "quiet", "loud", "loud", "loud", "loud"]
