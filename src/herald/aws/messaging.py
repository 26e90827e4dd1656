"""The SQS queues of jobs, the EventBridge events of their ends, and the state machine tasks that jobs complete."""

from collections.abc import Callable, Sequence
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING, Any

from herald.aws.clients import Clients, code_of, translate_errors
from herald.errors import InvalidSettings, Unavailable
from herald.jobs.job import Job
from herald.jobs.job_messages import SOURCE, JobEnd, JobEnded, JobMessage
from herald.jobs.ports import Events, JobQueues, Tasks

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import DeleteMessageBatchRequestEntryTypeDef

_OWN_QUEUE = {"gpu": "GpuImage", "kokoro": "KokoroMemorySize"}
"""Routes with a queue of their own for both tiers, and the parameter that deploys it."""
_RECEIVED_AT_ONCE = 10
"""Most messages per request, a limit of SQS."""
_LONGEST_DELAY = 900
_LONGEST_HIDDEN = 43_200
"""Longest delay and visibility timeout, in seconds, limits of SQS."""
_INVALID_RECEIPTS = frozenset(
    {"ReceiptHandleIsInvalid", "InvalidParameterValue", "AWS.SimpleQueueService.MessageNotInflight"}
)
"""Error codes for the receipt of a message that was deleted or is visible again."""
_TASK_ENDED = frozenset({"TaskDoesNotExist", "TaskTimedOut", "InvalidToken"})
"""Error codes for the token of a task that has already ended."""
_LONGEST_ERROR, _LONGEST_CAUSE = 256, 32_768
"""Characters of an error and of its cause, limits of Step Functions."""


class SqsJobQueues(JobQueues):
    """The queues, given by URL. They are standard queues: message groups make them fair, and messages can be delayed.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
    """

    def __init__(
        self, sqs: "SQSClient", *, standard: str, vip: str, gpu: str | None = None, kokoro: str | None = None
    ) -> None:
        self._sqs = sqs
        self._urls = {"standard": standard, "vip": vip, "gpu": gpu, "kokoro": kokoro}

    def send(self, job: Job, *, delay: float = 0) -> None:
        """Send a job to the queue of its route and tier, with its tenant as fairness group; `delay` is at most 900."""
        queue = job.route if job.route in _OWN_QUEUE else job.tier
        url = self._urls[queue]
        if not url:
            raise InvalidSettings(
                f"No queue for {queue} jobs is configured. Deploy with the parameter {_OWN_QUEUE[queue]}."
            )
        with translate_errors("SQS"):
            self._sqs.send_message(
                QueueUrl=url,
                MessageBody=JobMessage(job=job.id, tenant=job.tenant).model_dump_json(),
                MessageGroupId=job.tenant,
                DelaySeconds=min(ceil(delay), _LONGEST_DELAY),
            )

    def postpone(self, queue_url: str, receipt_handle: str, seconds: float) -> bool:
        """Hide a received message for `seconds` from now; return False if its receipt is no longer valid."""
        with translate_errors("SQS"):
            try:
                self._sqs.change_message_visibility(
                    QueueUrl=queue_url,
                    ReceiptHandle=receipt_handle,
                    VisibilityTimeout=min(ceil(seconds), _LONGEST_HIDDEN),
                )
            except self._sqs.exceptions.ClientError as error:
                if code_of(error) in _INVALID_RECEIPTS:
                    return False
                raise
            return True

    def hide(self, queue_url: str, receipt_handles: list[str], seconds: int) -> None:
        """Hide one to ten received messages for `seconds` from now, ignoring receipts that are no longer valid."""
        with translate_errors("SQS"):
            self._sqs.change_message_visibility_batch(
                QueueUrl=queue_url,
                Entries=[
                    {"Id": str(at), "ReceiptHandle": receipt, "VisibilityTimeout": seconds}
                    for at, receipt in enumerate(receipt_handles)
                ],
            )

    def receive(
        self, queue_url: str, *, most: int = _RECEIVED_AT_ONCE, wait: int = 0, hidden: int | None = None
    ) -> list[dict[str, Any]]:
        """Receive up to `most` messages, at most ten, as records of a Lambda event.

        Without `wait`, in seconds, it may miss messages, which a later call receives. `hidden` replaces the visibility
        timeout of the queue.
        """
        own_timeout: dict[str, Any] = {} if hidden is None else {"VisibilityTimeout": hidden}
        with translate_errors("SQS"):
            response = self._sqs.receive_message(
                QueueUrl=queue_url,
                MaxNumberOfMessages=most,
                MessageSystemAttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
                WaitTimeSeconds=wait,
                **own_timeout,
            )
        return [
            {
                "messageId": message["MessageId"],
                "body": message["Body"],
                "receiptHandle": message["ReceiptHandle"],
                "eventSourceARN": queue_url.rpartition("/")[2],
                "attributes": message["Attributes"],
            }
            for message in response.get("Messages", [])
        ]

    def delete(self, queue_url: str, receipt_handles: Sequence[str]) -> None:
        """Delete up to ten received messages. A message that SQS fails to delete is received again."""
        entries: list[DeleteMessageBatchRequestEntryTypeDef] = [
            {"Id": str(number), "ReceiptHandle": handle} for number, handle in enumerate(receipt_handles)
        ]
        with translate_errors("SQS"):
            self._sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries)


class EventBridgeEvents(Events):
    """An event bus, given by name or ARN."""

    def __init__(self, events: "EventBridgeClient", *, bus: str) -> None:
        self._events = events
        self._bus = bus

    def publish(self, job: Job) -> None:
        """Publish the end of a job."""
        event = JobEnded.of(job)
        self.put(event.detail_type, event.model_dump_json(), event.ended_at)

    def put(self, detail_type: str, detail: str, at: datetime) -> None:
        """Put an event with a detail, a JSON document, on the bus."""
        with translate_errors("EventBridge"):
            response = self._events.put_events(
                Entries=[
                    {
                        "EventBusName": self._bus,
                        "Source": SOURCE,
                        "DetailType": detail_type,
                        "Detail": detail,
                        "Time": at,
                    }
                ]
            )
        if response["FailedEntryCount"]:
            code = response["Entries"][0].get("ErrorCode", "Unknown")
            raise Unavailable(f"EventBridge: the bus rejected an event ({code}). Try again.")


class StepFunctionsTasks(Tasks):
    """Tasks of any state machine. The client is created for the first task: few jobs have one."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def complete(self, token: str, end: JobEnd) -> None:
        """Complete a task with the end of its job. A failed job succeeds as a task, so that its result is recorded."""
        self.succeed(token, end.model_dump_json())

    def succeed(self, token: str, output: str) -> None:
        """Complete a task with its result, a JSON document. It has no effect on a task that has ended."""
        client = self._clients.stepfunctions
        self._report(lambda: client.send_task_success(taskToken=token, output=output))

    def fail(self, token: str, code: str, message: str) -> None:
        """Fail a task, so that the state machine retries it. It has no effect on a task that has ended."""
        client = self._clients.stepfunctions
        self._report(
            lambda: client.send_task_failure(
                taskToken=token, error=code[:_LONGEST_ERROR], cause=message[:_LONGEST_CAUSE]
            )
        )

    def extend(self, token: str) -> bool:
        """Report that a task is in progress, which extends its timeout; return False if it has ended."""
        client = self._clients.stepfunctions
        return self._report(lambda: client.send_task_heartbeat(taskToken=token))

    def _report(self, send: Callable[[], object]) -> bool:
        """Send a report about a task; return False if it has ended."""
        with translate_errors("StepFunctions"):
            try:
                send()
            except self._clients.stepfunctions.exceptions.ClientError as error:
                if code_of(error) not in _TASK_ENDED:
                    raise
                return False
        return True
