"""The SQS queues: routing, fairness by tenant, delays, and messages without the text."""

import json

import pytest

from herald.aws.messaging import SqsJobQueues
from herald.errors import BrokenInstallation, InvalidSettings, Unavailable
from herald.jobs.job_messages import JobMessage
from herald.runtime.queue_function import Delivery
from tests.support.job_samples import TEXT, a_job


@pytest.fixture
def urls(aws):
    return {name: aws.sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("standard", "vip", "gpu")}


@pytest.fixture
def queues(aws, urls):
    return SqsJobQueues(aws.sqs, **urls)


def receive(aws, url):
    response = aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"])
    return response.get("Messages", [])


def waiting(aws, url):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
    attributes = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return [int(attributes[name]) for name in names]


@pytest.mark.parametrize(
    ("fields", "queue"),
    [
        ({"route": "queue", "tier": "standard"}, "standard"),
        ({"route": "queue", "tier": "vip"}, "vip"),
        ({"route": "gpu", "tier": "standard"}, "gpu"),
        ({"route": "gpu", "tier": "vip"}, "gpu"),
    ],
)
def test_jobs_are_routed_to_their_queue(aws, urls, queues, fields, queue):
    job = a_job(**fields)
    queues.send(job)
    for name, url in urls.items():
        messages = receive(aws, url)
        assert len(messages) == (name == queue)
        for message in messages:
            assert JobMessage.parse(message["Body"]) == JobMessage(job=job.id, tenant="acme")
            assert message["Attributes"]["MessageGroupId"] == "acme"
            assert TEXT not in json.dumps(message)


@pytest.mark.parametrize(("delay", "seconds"), [(0, 0), (0.2, 1), (30, 30), (900, 900), (5_000, 900)])
def test_delays_are_rounded_up_and_limited(aws, queues, record, delay, seconds):
    sent = record(aws.sqs, "SendMessage")
    queues.send(a_job(), delay=delay)
    assert (sent[0]["DelaySeconds"], sent[0]["MessageGroupId"]) == (seconds, "acme")


def test_a_delayed_message_is_not_received(aws, queues, urls):
    queues.send(a_job(), delay=30)
    assert receive(aws, urls["standard"]) == []
    assert waiting(aws, urls["standard"]) == [0, 1]


def test_gpu_jobs_require_a_gpu_queue(aws, urls):
    queues = SqsJobQueues(aws.sqs, standard=urls["standard"], vip=urls["vip"])
    with pytest.raises(InvalidSettings, match="GpuImage"):
        queues.send(a_job(route="gpu"))


def test_a_message_can_be_postponed(aws, urls, queues):
    queues.send(a_job())
    (message,) = receive(aws, urls["standard"])
    assert queues.postpone(urls["standard"], message["ReceiptHandle"], 0)
    (again,) = receive(aws, urls["standard"])
    assert again["MessageId"] == message["MessageId"]
    assert queues.postpone(urls["standard"], again["ReceiptHandle"], 60.5)
    assert receive(aws, urls["standard"]) == []


def test_a_deleted_message_cannot_be_postponed(aws, urls, queues):
    queues.send(a_job())
    (message,) = receive(aws, urls["standard"])
    aws.sqs.delete_message(QueueUrl=urls["standard"], ReceiptHandle=message["ReceiptHandle"])
    assert not queues.postpone(urls["standard"], message["ReceiptHandle"], 60)
    assert not queues.postpone(urls["standard"], "no receipt", 60)


@pytest.mark.parametrize(
    "code", ["InvalidParameterValue", "ReceiptHandleIsInvalid", "AWS.SimpleQueueService.MessageNotInflight"]
)
def test_postpone_handles_all_codes_for_an_invalid_receipt(aws, queues, fail, code):
    fail(aws.sqs, "ChangeMessageVisibility", code)
    assert queues.postpone("https://sqs.example/q", "r", 60) is False


@pytest.mark.parametrize("code", ["RequestThrottled", "ThrottlingException", "KMS.ThrottlingException", "OverLimit"])
def test_a_throttled_queue_is_unavailable(aws, queues, fail, code):
    for operation in ("SendMessage", "ChangeMessageVisibility"):
        fail(aws.sqs, operation, code)
    with pytest.raises(Unavailable, match=f"SQS: SendMessage .*{code}"):
        queues.send(a_job())
    with pytest.raises(Unavailable, match=f"SQS: ChangeMessageVisibility .*{code}"):
        queues.postpone("https://sqs.example/q", "r", 60)


def test_a_missing_queue_is_a_broken_installation(aws):
    queues = SqsJobQueues(aws.sqs, standard="https://sqs.us-east-1.amazonaws.com/123456789012/none", vip="", gpu=None)
    with pytest.raises(BrokenInstallation, match=r"SQS: SendMessage was rejected .*NonExistentQueue"):
        queues.send(a_job())


def test_messages_are_received_as_lambda_records_and_deleted_in_batches(aws, urls, queues):
    for _ in range(12):
        queues.send(a_job())
    first = queues.receive(urls["standard"])
    second = queues.receive(urls["standard"])
    assert (len(first), len(second)) == (10, 2)
    record = Delivery(first[0], float, fresh=True)
    assert (record.queue, record.received) == ("standard", 1)
    assert JobMessage.parse(record.body).tenant == "acme"
    queues.delete(urls["standard"], [one["receiptHandle"] for one in first])
    queues.delete(urls["standard"], [one["receiptHandle"] for one in second[:1]])
    aws.sqs.change_message_visibility(
        QueueUrl=urls["standard"], ReceiptHandle=second[1]["receiptHandle"], VisibilityTimeout=0
    )
    (left,) = queues.receive(urls["standard"])
    assert (left["messageId"], left["attributes"]["ApproximateReceiveCount"]) == (second[1]["messageId"], "2")


def test_receiving_from_an_empty_queue_returns_nothing(urls, queues):
    assert queues.receive(urls["vip"]) == []
