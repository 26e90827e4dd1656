"""The queue of webhooks, its dead letters, the secret that signs them, and their outcomes."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from math import ceil

from herald.aws.clients import Clients, code_of, translate_errors
from herald.aws.dynamo import Change, retry_conflicts
from herald.aws.job_rows import to_value
from herald.clock import utc_now
from herald.errors import BrokenInstallation, Unavailable
from herald.jobs.job import WebhookOutcome
from herald.jobs.webhook_message import Failure

_REFRESH = timedelta(minutes=5)
"""The time for which the secret is cached. After a rotation, webhooks have both signatures within this time."""
_STAGES = ("AWSCURRENT", "AWSPREVIOUS")
_LONGEST_ATTRIBUTE = 256


class WebhookQueue:
    """The queue that EventBridge sends events with a `webhook_url` to, and its dead-letter queue, given by URL."""

    def __init__(self, clients: Clients, *, url: str, dead_letters: str) -> None:
        self._clients = clients
        self._url = url
        self._dead_letters = dead_letters

    def postpone(self, receipt: str, delay: timedelta) -> None:
        """Hide a received message for `delay` from now."""
        with translate_errors("SQS"):
            self._clients.sqs.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=ceil(delay.total_seconds())
            )

    def give_up(self, body: str, failure: Failure, *, attempts: int) -> None:
        """Send a copy of a message to the dead letters, with the reason as message attributes."""
        reason = {"reason": failure.code, "message": failure.message[:_LONGEST_ATTRIBUTE], "attempts": str(attempts)}
        with translate_errors("SQS"):
            self._clients.sqs.send_message(
                QueueUrl=self._dead_letters,
                MessageBody=body,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in reason.items()
                },
            )


class WebhookOutcomes:
    """The outcomes of webhooks, each an attribute of the row of its job or batch."""

    def __init__(self, clients: Clients, *, table: str) -> None:
        self._clients = clients
        self._table = table

    def record(self, about: str, outcome: WebhookOutcome) -> None:
        """Store the outcome of an attempt, unless it is out of date or the row has expired.

        It is out of date if the same webhook was delivered before, or if the stored outcome is of a later run: an
        operator can move dead letters of earlier runs back to the queue.
        """
        change = Change()
        change.set({"webhook": to_value(outcome)})
        change.require(change.has("id"))
        stored = change.name("webhook")
        stored_run, run = f"{stored}.{change.name('run')}", change.value({"N": str(outcome.run)})
        change.require(f"attribute_not_exists({stored_run}) OR {stored_run} <= {run}")
        same = f"{stored}.{change.equals('message', {'S': outcome.message})}"
        delivered = f"{stored}.{change.equals('state', {'S': 'delivered'})}"
        change.require(f"{change.lacks('webhook')} OR NOT ({same} AND {delivered})")
        dynamodb = self._clients.dynamodb
        with translate_errors("DynamoDB"), suppress(dynamodb.exceptions.ConditionalCheckFailedException):
            # The end of a job that has a price is recorded by a transaction, just after its event.
            retry_conflicts(
                lambda: dynamodb.update_item(TableName=self._table, Key={"id": {"S": about}}, **change.parameters)
            )


class WebhookSecret:
    """The secret of a deployment, which Secrets Manager generates. Each tenant's signing key is derived from it."""

    def __init__(self, clients: Clients, *, secret: str, clock: Callable[[], datetime] = utc_now) -> None:
        self._clients = clients
        self._secret = secret
        self._clock = clock
        self._values: tuple[str, ...] = ()
        self._read_again = clock()

    def values(self) -> tuple[str, ...]:
        """Return the current value, and the previous one after a rotation.

        Raise BrokenInstallation if the secret is missing or empty, and Unavailable if it cannot be read and was never
        read before.
        """
        now = self._clock()
        if not self._values or now >= self._read_again:
            try:
                self._values = tuple(filter(None, map(self._read, _STAGES)))
            except Unavailable:
                if not self._values:
                    raise
            self._read_again = now + _REFRESH
        if not self._values:
            raise BrokenInstallation("The secret that signs webhooks is missing or empty. See docs/webhooks.md.")
        return self._values

    def _read(self, stage: str) -> str:
        with translate_errors("Secrets Manager"):
            client = self._clients.secrets
            try:
                response = client.get_secret_value(SecretId=self._secret, VersionStage=stage)
            except client.exceptions.ClientError as error:
                if code_of(error) != "ResourceNotFoundException":
                    raise
                return ""
            return response.get("SecretString", "")
