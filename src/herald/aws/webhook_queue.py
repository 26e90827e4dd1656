"""The queue of webhooks, its dead letters, and the secret that signs them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from herald.aws.clients import Clients, code_of, translate_errors
from herald.clock import utc_now
from herald.errors import BrokenInstallation, Unavailable
from herald.jobs.webhook_message import Failure

_REFRESH = timedelta(minutes=5)
"""How long the secret is cached; after a rotation, webhooks have both signatures within this time."""
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
                answer = client.get_secret_value(SecretId=self._secret, VersionStage=stage)
            except client.exceptions.ClientError as error:
                if code_of(error) != "ResourceNotFoundException":
                    raise
                return ""
            return answer.get("SecretString", "")
