"""The queue of webhooks, its dead letters, the secret that signs them, and their outcomes."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from math import ceil
from typing import Any

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
_LONGEST_DELAY = timedelta(minutes=15)
"""A limit of SQS."""
_ATTEMPTS, _DUE = "attempts_made", "due"
"""Attributes of a postponed message. `give_up` sets neither: moved back, a dead letter gets all attempts again."""


class WebhookQueue:
    """The queue that EventBridge sends events with a `webhook_url` to, and its dead-letter queue, given by URL."""

    def __init__(self, clients: Clients, *, url: str, dead_letters: str) -> None:
        self._clients = clients
        self._url = url
        self._dead_letters = dead_letters

    def postpone(self, body: str, tenant: str, *, attempts: int, due: datetime) -> None:
        """Send a copy of a message, delayed until `due` or by 15 minutes; the original must then be deleted.

        A message that is hidden instead is in flight, and with 120,000 of those SQS delivers no message of any tenant.
        """
        self._send(
            self._url,
            body,
            {_ATTEMPTS: str(attempts), _DUE: due.isoformat()},
            MessageGroupId=tenant,
            DelaySeconds=ceil(min(max(due - utc_now(), timedelta()), _LONGEST_DELAY).total_seconds()),
        )

    def give_up(self, body: str, failure: Failure, *, attempts: int) -> None:
        """Send a copy of a message to the dead letters, with the reason as message attributes."""
        reason = {"reason": failure.code, "message": failure.message[:_LONGEST_ATTRIBUTE], "attempts": str(attempts)}
        self._send(self._dead_letters, body, reason)

    def _send(self, url: str, body: str, attributes: dict[str, str], **options: Any) -> None:  # noqa: ANN401
        with translate_errors("SQS"):
            self._clients.sqs.send_message(
                QueueUrl=url,
                MessageBody=body,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
                **options,
            )


def read_postponement(record: dict[str, Any]) -> tuple[int, datetime | None]:
    """Return the number of attempts made before a message was sent, and when the next is due, None for at once."""
    found = {name: attribute["stringValue"] for name, attribute in record["messageAttributes"].items()}
    due = found.get(_DUE)
    return int(found.get(_ATTEMPTS, 0)), datetime.fromisoformat(due) if due else None


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
