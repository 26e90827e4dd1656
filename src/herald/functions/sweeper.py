"""sweeper: fails the jobs of dead letters and recovers stalled jobs, every five minutes."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from herald.errors import MalformedMessage
from herald.jobs.job_messages import JobMessage
from herald.jobs.job_worker import Postpone
from herald.jobs.recovery import DeadLetters, Sweeper
from herald.runtime.function import Event, EventFunction, Handler, seconds_left
from herald.runtime.metrics import DEAD_LETTERS, SWEPT
from herald.runtime.queue_function import Delivery, DeliveryFunction
from herald.runtime.settings import JOBS, PRICES, Settings

_RESERVE = 20.0
"""Seconds of the timeout that a run leaves. They are over a tenth of it, so that no run counts as near the timeout."""


class SweeperFunction(DeliveryFunction[Event | None], EventFunction):
    """Scheduled recovery of jobs.

    It polls the dead-letter queues itself: an event source mapping would poll, and bill, around the clock.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        parts = self.parts
        gpu = parts.gpu if settings.gpu else None
        self._dead_letter_queues = settings.dead_letter_queues
        self._dead_letters = DeadLetters(table=parts.table, completion=parts.completion, clock=parts.clock)
        self._sweeper = Sweeper(
            table=parts.table,
            queues=parts.queues,
            completion=parts.completion,
            gpu=gpu,
            clock=parts.clock,
            kokoro=bool(settings.kokoro_queue),
        )

    def handle_event(self, event: Event, context: Any) -> None:  # noqa: ANN401, ARG002
        """Drain the dead-letter queues, then sweep; the sweep runs even if the queues are unavailable."""
        left = seconds_left(context)
        half = left() / 2
        try:
            for queue_url in self._dead_letter_queues:
                self._drain(queue_url, left, lambda: left() - max(half, _RESERVE))
        finally:
            counts = self._sweeper.sweep(lambda: left() - _RESERVE)
        self.meter.add(SWEPT, counts.total())
        self.logger.info("swept", extra=dict(counts))

    def _drain(self, queue_url: str, left: Callable[[], float], share: Callable[[], float]) -> None:
        """Process the messages of a dead-letter queue until it is empty or its share of the time is used up."""
        while share() > 0 and (records := self.parts.queues.receive(queue_url)):
            self.meter.add(DEAD_LETTERS, len(records))
            deliveries = [Delivery(record, left, fresh=True) for record in records]
            processed = [delivery.receipt for delivery in deliveries if self.process(delivery)]
            if processed:
                self.parts.queues.delete(queue_url, processed)
        self.logger.remove_keys(("job", "tenant"))

    def do(self, message: JobMessage, delivery: Delivery) -> Postpone | None:
        """Fail the job of a dead letter and log its history without its text."""
        result = self._dead_letters.fail_dead_letter(message)
        if isinstance(result, Postpone):
            return result
        if result:
            history: dict[str, object] = {
                "job": result.id,
                "tenant": result.tenant,
                "code": result.error and result.error.code,
                "fault": result.fault and result.fault.code,
                "attempts": result.attempts,
            }
            self._record(delivery, history)
        return None

    def refuse(self, delivery: Delivery, error: MalformedMessage) -> Postpone | None:
        """Drop a malformed message. If it was for a job, a sweep recovers that job."""
        history = {"message_id": delivery.id, "code": error.code, "why": error.message, "attempts": delivery.received}
        self._record(delivery, history)
        return None

    def _record(self, delivery: Delivery, history: dict[str, object]) -> None:
        first, last = delivery.sent_at.isoformat(), datetime.now(UTC).isoformat()
        times = {"queue": delivery.queue, "first_at": first, "last_at": last}
        self.logger.error("dead letter", extra=history | times)


handler = Handler(
    lambda: SweeperFunction(
        Settings.read(
            os.environ, JOBS, PRICES, {"gpu", "gpu_endpoint", "key_table", "kokoro_queue", "dead_letter_queues"}
        )
    )
)
