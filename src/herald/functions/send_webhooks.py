"""send_webhooks: sends a signed webhook for each event whose job or batch has a `webhook_url`."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from herald.aws.clients import Clients
from herald.aws.webhook_queue import WebhookOutcomes, WebhookQueue, WebhookSecret, read_postponement
from herald.clock import utc_now
from herald.errors import MalformedMessage, to_herald_error
from herald.jobs.webhook_message import Failure, Webhook, outcome_of, pause_after
from herald.jobs.webhook_post import WebhookPost
from herald.runtime.function import Event, Function, Handler, frames_of
from herald.runtime.settings import WEBHOOKS, Settings

_TOGETHER = 10
"""Webhooks that are sent at the same time: all of an invocation, so that a slow receiver delays no other."""


@dataclass(kw_only=True)
class Attempt:
    """An attempt to send a webhook, or only a receipt of its message if the attempt is not due yet."""

    number: int
    webhook: Webhook | None = None
    """None if the message is malformed."""
    failure: Failure | None = None
    due: datetime | None = None
    """The time of the next attempt, if there is one."""
    unrecorded: Exception | None = None
    """Why its outcome could not be stored."""
    stuck: Exception | None = None
    """Why its message could be neither postponed nor given up."""


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
        for record, attempt in zip(records, attempts, strict=True):
            self._report(record, attempt)
        stuck = [record["messageId"] for record, attempt in zip(records, attempts, strict=True) if attempt.stuck]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in stuck]}

    def _attempt(self, record: Event, secrets: tuple[str, ...]) -> Attempt:
        """Send one webhook if it is due. If it must be sent again, or never, send a copy of its message there."""
        made, due = read_postponement(record)
        attempt = Attempt(number=made + int(record["attributes"]["ApproximateReceiveCount"]))
        try:
            attempt.webhook = Webhook.parse(record["body"])
        except MalformedMessage as error:
            attempt.failure = Failure(code="broken_message", message=error.message, final=True)
        else:
            if due and due > utc_now():
                attempt.number, attempt.due = made, due
            else:
                self._send(attempt, attempt.webhook, secrets)
        try:
            if attempt.webhook and attempt.due:
                tenant = attempt.webhook.tenant
                self._queue.postpone(record["body"], tenant, attempts=attempt.number, due=attempt.due)
            elif attempt.failure:
                self._queue.give_up(record["body"], attempt.failure, attempts=attempt.number)
        except Exception as error:  # noqa: BLE001  it must not affect the other messages
            # The message is received again when its visibility timeout ends.
            attempt.stuck = error
        return attempt

    def _send(self, attempt: Attempt, webhook: Webhook, secrets: tuple[str, ...]) -> None:
        """Send a webhook and store the outcome, which its job or batch shows."""
        result = self._post(webhook.url, webhook.body, webhook.headers(secrets, utc_now()))
        if isinstance(result, Failure):
            attempt.failure = result
            pause = None if result.final else pause_after(attempt.number)
            attempt.due = utc_now() + pause if pause else None
        try:
            outcome = outcome_of(webhook, result, attempts=attempt.number, at=utc_now())
            self._outcomes.record(webhook.about, outcome)
        except Exception as error:  # noqa: BLE001  a webhook that was delivered must not be sent again because of it
            attempt.unrecorded = error

    def _report(self, record: Event, attempt: Attempt) -> None:
        """Log and count an attempt. A webhook that only continues to wait has neither failed nor been sent."""
        webhook, failure, stuck = attempt.webhook, attempt.failure, attempt.stuck
        about = {"id": webhook.about, "tenant": webhook.tenant} if webhook else {"message_id": record["messageId"]}
        about |= {"attempt": attempt.number}
        if attempt.unrecorded:
            self.warn("webhook outcome not stored", attempt.unrecorded, **about)
        if failure:
            self.meter.note(webhooks_failed=1)
            about |= {"code": failure.code, "why": failure.message}
        if stuck:
            fault = to_herald_error(stuck)
            self.logger.error(
                "failed", extra=about | {"code": fault.code, "why": fault.message, "frames": frames_of(stuck)}
            )
        elif failure and attempt.due:
            seconds = round((attempt.due - utc_now()).total_seconds())
            self.logger.warning("webhook postponed", seconds=seconds, extra=about)
        elif failure:
            self.meter.note(webhooks_given_up=1)
            self.logger.error("webhook given up", extra=about)
        elif not attempt.due:
            self.meter.note(webhooks_sent=1)
            self.logger.info("webhook sent", extra=about)


handler = Handler(lambda: SendWebhooksFunction(Settings.read(os.environ, WEBHOOKS)))
