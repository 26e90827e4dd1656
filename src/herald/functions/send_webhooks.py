"""send_webhooks: sends a signed webhook for each event whose job or batch has a `webhook_url`."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from herald.aws.clients import Clients
from herald.aws.webhook_queue import WebhookOutcomes, WebhookQueue, WebhookSecret
from herald.clock import utc_now
from herald.errors import MalformedMessage, to_herald_error
from herald.jobs.webhook_message import Failure, Webhook, outcome_of, pause_after
from herald.jobs.webhook_post import WebhookPost
from herald.runtime.function import Event, Function, Handler, frames_of
from herald.runtime.settings import WEBHOOKS, Settings

_TOGETHER = 10
"""Webhooks that are sent at the same time: all of an invocation, so that a slow receiver delays no other."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An attempt to send a webhook; `webhook` is None if the message is malformed."""

    webhook: Webhook | None = None
    failure: Failure | None = None
    unrecorded: Exception | None = None
    """Why its outcome could not be stored."""


class SendWebhooksFunction(Function[Event]):
    """The function behind the queue of webhooks."""

    def __init__(self, settings: Settings, post: Callable[..., int | Failure] | None = None) -> None:
        super().__init__()
        clients = Clients(attempts=3, read_seconds=5)
        self._queue = WebhookQueue(clients, url=settings.webhook_queue, dead_letters=settings.webhook_dead_letters)
        self._secret = WebhookSecret(clients, secret=settings.webhook_secret)
        self._outcomes = WebhookOutcomes(clients, table=settings.table)
        self._post = post or WebhookPost(settings.webhooks).send

    def _resolve(self, event: Event, context: Any) -> Event:  # noqa: ANN401, ARG002  the runtime's own context
        secrets, records = self._secret.values(), event["Records"]
        with ThreadPoolExecutor(max_workers=_TOGETHER) as pool:
            attempts = list(pool.map(lambda record: self._attempt(record, secrets), records))
        # Logs and metrics are written here, because they are not safe for threads.
        failed = [
            record["messageId"]
            for record, attempt in zip(records, attempts, strict=True)
            if not self._finished(record, attempt)
        ]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}

    def _attempt(self, record: Event, secrets: tuple[str, ...]) -> Attempt:
        """Send one webhook and store the outcome, which its job or batch shows."""
        try:
            webhook = Webhook.parse(record["body"])
        except MalformedMessage as error:
            return Attempt(failure=Failure(code="broken_message", message=error.message, final=True))
        result = self._post(webhook.url, webhook.body, webhook.headers(secrets, utc_now()))
        failure = result if isinstance(result, Failure) else None
        try:
            outcome = outcome_of(webhook, result, attempts=_received(record), at=utc_now())
            self._outcomes.record(webhook.about, outcome)
        except Exception as error:  # noqa: BLE001  a webhook that was delivered must not be sent again because of it
            return Attempt(webhook=webhook, failure=failure, unrecorded=error)
        return Attempt(webhook=webhook, failure=failure)

    def _finished(self, record: Event, attempt: Attempt) -> bool:
        """Log an attempt and postpone the message if there is another; return whether the message can be deleted."""
        webhook, failure, received = attempt.webhook, attempt.failure, _received(record)
        about = {"id": webhook.about, "tenant": webhook.tenant} if webhook else {"message_id": record["messageId"]}
        about |= {"attempt": received}
        if attempt.unrecorded:
            self.warn("webhook outcome not stored", attempt.unrecorded, **about)
        if failure is None:
            self.meter.note(webhooks_sent=1)
            self.logger.info("webhook sent", extra=about)
            return True
        self.meter.note(webhooks_failed=1)
        about |= {"code": failure.code, "why": failure.message}
        pause = None if failure.final else pause_after(received)
        try:
            if pause is None:
                self._queue.give_up(record["body"], failure, attempts=received)
            else:
                self._queue.postpone(record["receiptHandle"], pause)
        except Exception as error:  # noqa: BLE001  it must not affect the other messages
            # The message is received again when its visibility timeout ends.
            fault = to_herald_error(error)
            self.logger.error("failed", code=fault.code, why=fault.message, frames=frames_of(error), extra=about)  # noqa: TRY400
            return False
        if pause is None:
            self.meter.note(webhooks_given_up=1)
            self.logger.error("webhook given up", extra=about)
            return True
        self.logger.warning("webhook postponed", seconds=round(pause.total_seconds()), extra=about)
        return False


def _received(record: Event) -> int:
    """Return how often a message was received, this time included."""
    return int(record["attributes"]["ApproximateReceiveCount"])


handler = Handler(lambda: SendWebhooksFunction(Settings.read(os.environ, WEBHOOKS)))
