"""The SQS queues of jobs: one for each tier, and one for the GPU."""

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

from herald.aws.clients import code_of, translate_errors
from herald.errors import InvalidSettings
from herald.jobs.job import Job
from herald.jobs.ports import JobQueues
from herald.jobs.queue_messages import JobMessage

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import DeleteMessageBatchRequestEntryTypeDef

_RECEIVED_AT_ONCE = 10
"""Most messages per request, a limit of SQS."""
_LONGEST_DELAY = 900
_LONGEST_HIDDEN = 43_200
"""Longest delay and visibility timeout, in seconds, limits of SQS."""
_OVER = frozenset({"ReceiptHandleIsInvalid", "InvalidParameterValue", "AWS.SimpleQueueService.MessageNotInflight"})
"""Error codes for the receipt of a message that was deleted or is visible again."""


class SqsJobQueues(JobQueues):
    """The queues, given by URL. They are standard queues: message groups make them fair, and messages can be delayed.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
    """

    def __init__(self, sqs: "SQSClient", *, standard: str, vip: str, gpu: str | None = None) -> None:
        self._sqs = sqs
        self._urls = {"standard": standard, "vip": vip, "gpu": gpu}

    def send(self, job: Job, *, delay: float = 0) -> None:
        """Queue a job by its route and tier, fair by tenant, invisible for `delay` seconds (at most 900)."""
        with translate_errors("SQS"):
            self._sqs.send_message(
                QueueUrl=self._url(job),
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
                if code_of(error) in _OVER:
                    return False
                raise
            return True

    def hide(self, queue_url: str, receipt_handles: list[str], seconds: int) -> None:
        """Hide up to ten received messages for `seconds` from now, ignoring receipts that are no longer valid."""
        if not receipt_handles:
            return
        with translate_errors("SQS"):
            self._sqs.change_message_visibility_batch(
                QueueUrl=queue_url,
                Entries=[
                    {"Id": str(at), "ReceiptHandle": receipt, "VisibilityTimeout": seconds}
                    for at, receipt in enumerate(receipt_handles)
                ],
            )

    def receive(self, queue_url: str) -> list[dict[str, Any]]:
        """Receive up to ten messages, as records of a Lambda event.

        Short polling: may miss messages, which a later call receives.
        """
        with translate_errors("SQS"):
            answer = self._sqs.receive_message(
                QueueUrl=queue_url,
                MaxNumberOfMessages=_RECEIVED_AT_ONCE,
                MessageSystemAttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
                WaitTimeSeconds=0,
            )
        return [
            {
                "messageId": message["MessageId"],
                "body": message["Body"],
                "receiptHandle": message["ReceiptHandle"],
                "eventSourceARN": queue_url.rpartition("/")[2],
                "attributes": message["Attributes"],
            }
            for message in answer.get("Messages", [])
        ]

    def delete(self, queue_url: str, receipt_handles: Sequence[str]) -> None:
        """Delete up to ten received messages. A message that SQS fails to delete is received again."""
        entries: list[DeleteMessageBatchRequestEntryTypeDef] = [
            {"Id": str(number), "ReceiptHandle": handle} for number, handle in enumerate(receipt_handles)
        ]
        with translate_errors("SQS"):
            self._sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries)

    def _url(self, job: Job) -> str:
        queue = "gpu" if job.route == "gpu" else job.tier
        if not (url := self._urls[queue]):
            raise InvalidSettings(f"No queue for {queue} jobs is configured. Deploy with the parameter GpuImage.")
        return url
