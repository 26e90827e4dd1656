"""The base classes of functions that process queue messages. A failed message never affects the others of its batch."""

from abc import abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from threading import Lock
from typing import Any
from uuid import uuid4

from herald.errors import MalformedMessage, to_herald_error
from herald.jobs.job_messages import JobMessage
from herald.jobs.job_worker import HIDDEN_SECONDS, Heartbeat, Postpone, backoff
from herald.runtime.container import Dependencies
from herald.runtime.function import Event, Function, frames_of, seconds_left
from herald.runtime.metrics import FAILED_ATTEMPTS
from herald.runtime.settings import Settings

_RESERVE = 5.0
"""Minimum seconds left to start another message."""
_BEAT_SECONDS = 2.0
"""Seconds to wait for a running heartbeat, which could extend the visibility timeout of a postponed message again."""


class Delivery:
    """An SQS message with the context of its invocation."""

    def __init__(self, record: dict[str, Any], time_left: Callable[[], float], *, fresh: bool) -> None:
        self.id: str = record["messageId"]
        self.body: str = record["body"]
        self.receipt: str = record["receiptHandle"]
        self.queue: str = record["eventSourceARN"]
        self.received = int(record["attributes"]["ApproximateReceiveCount"])
        self.sent_at = datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
        self.time_left = time_left
        self.fresh = fresh
        """Whether the invocation has done nothing else, so that another invocation would not have more time."""
        self.worker = uuid4().hex
        """Unique worker name for this delivery of the message."""


class DeliveryFunction[Result](Function[Result]):
    """A Lambda function that processes messages one after the other."""

    parts: Dependencies

    @abstractmethod
    def do(self, message: JobMessage, delivery: Delivery) -> Postpone | None:
        """Process one message.

        Return None to acknowledge it, or Postpone to receive it again. An exception counts as a failed attempt.
        """

    def process(self, delivery: Delivery) -> bool:
        """Process one message. Return True to acknowledge it, False if it must be redelivered."""
        # One subsegment per message, searchable by its annotations. No exception may leave it: X-Ray would record its
        # message.
        with self.tracer.provider.in_subsegment("## message"):
            self.logger.remove_keys(("job", "tenant"))  # of the previous message
            if delivery.time_left() < _RESERVE:
                self._postpone(delivery, 0.0)
                return False
            try:
                later = self._parse_and_do(delivery)
            except Exception as error:  # noqa: BLE001  it must not affect the other messages
                self._record_failure(delivery, error)
                return False
            if later:
                self._postpone(delivery, later.seconds)
            return later is None

    def _parse_and_do(self, delivery: Delivery) -> Postpone | None:
        try:
            message = JobMessage.parse(delivery.body)
        except MalformedMessage as error:
            return self.refuse(delivery, error)
        self.logger.append_keys(job=message.job, tenant=message.tenant)
        self.annotate(job=message.job)
        return self.do(message, delivery)

    def refuse(self, delivery: Delivery, error: MalformedMessage) -> Postpone | None:  # noqa: ARG002  used by overrides
        """Handle a malformed message. By default it fails, is redelivered and becomes a dead letter."""
        raise error

    def _record_failure(self, delivery: Delivery, error: Exception) -> None:
        fault = to_herald_error(error)
        level = self.logger.warning if isinstance(error, MalformedMessage) else self.logger.error
        level(
            "failed",
            code=fault.code,
            why=fault.message,
            attempt=delivery.received,
            queue=delivery.queue,
            frames=frames_of(error),
        )
        self.meter.add(FAILED_ATTEMPTS, 1)
        self._postpone(delivery, backoff(delivery.received))

    def _close(self, delivery: Delivery) -> None:
        """Stop extending the visibility timeout of a message."""

    def _postpone(self, delivery: Delivery, seconds: float) -> None:
        self._close(delivery)
        try:
            self.parts.queues.postpone(self.parts.queue_url(delivery.queue), delivery.receipt, seconds)
        except Exception as error:  # noqa: BLE001  the results of the other messages must not be lost
            # The message is redelivered anyway when its visibility timeout ends.
            self.warn("not postponed", error, queue=delivery.queue)


class QueueFunction(DeliveryFunction[Event]):
    """A Lambda function behind one or more queues. It reports the messages to redeliver (`batchItemFailures`)."""

    def __init__(self, settings: Settings, *, stopping: Callable[[], bool] = bool) -> None:
        super().__init__(stopping=stopping)
        self._hiding = Lock()
        self._open: list[Delivery] = []
        self.parts = Dependencies(settings, interactive=False, unreadable=self.row_unreadable, watch=self.job_ended)

    def _resolve(self, event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
        time_left = seconds_left(context)
        deliveries = [Delivery(record, time_left, fresh=at == 0) for at, record in enumerate(event["Records"])]
        self._open = deliveries.copy()
        with Heartbeat(self._hide, failed=partial(self.warn, "not hidden"), at_once=True):
            failures = [delivery.id for delivery in deliveries if not self.process(delivery)]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failures]}

    def process(self, delivery: Delivery) -> bool:
        """Process one message and stop extending its visibility timeout; return False if it must be redelivered."""
        processed = super().process(delivery)
        self._close(delivery)
        return processed

    def _hide(self) -> None:
        """Set a short visibility timeout on unfinished messages, so that a crashed worker's are redelivered soon.

        The queue's own visibility timeout is much longer, for messages that Lambda cannot start at once.
        """
        with self._hiding:
            by_queue: dict[str, list[str]] = {}
            for delivery in self._open:
                by_queue.setdefault(delivery.queue, []).append(delivery.receipt)
            for queue, receipts in by_queue.items():
                self.parts.queues.hide(self.parts.queue_url(queue), receipts, HIDDEN_SECONDS)

    def _close(self, delivery: Delivery) -> None:
        """Exclude a finished or postponed message from the heartbeat."""
        acquired = self._hiding.acquire(timeout=_BEAT_SECONDS)
        try:
            self._open = [other for other in self._open if other is not delivery]
        finally:
            if acquired:
                self._hiding.release()
