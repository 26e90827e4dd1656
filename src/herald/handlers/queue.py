"""Work on messages of queues: one bad message never stops the others."""

from abc import abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from uuid import uuid4

from herald.errors import BrokenMessage
from herald.handlers.faults import frames_of
from herald.handlers.function import Event, Function, seconds_left
from herald.handlers.measures import FAILED_ATTEMPTS
from herald.handlers.parts import Parts
from herald.handlers.settings import Settings
from herald.jobs.backoff import backoff
from herald.jobs.endings import fault_of
from herald.jobs.heartbeat import HIDDEN_SECONDS, Heartbeat
from herald.jobs.messages import JobMessage
from herald.jobs.work import Later

_RESERVE = 5.0
"""Seconds that must be left to begin with another message."""
_BEAT_SECONDS = 2.0
"""Seconds to wait for a heartbeat under way, which might hide a message again that was just put off."""


class Letter:
    """A message of SQS, and what of its invocation matters to it."""

    def __init__(self, record: dict[str, Any], time_left: Callable[[], float], *, fresh: bool) -> None:
        self.id: str = record["messageId"]
        self.body: str = record["body"]
        self.receipt: str = record["receiptHandle"]
        self.queue: str = record["eventSourceARN"]
        self.received = int(record["attributes"]["ApproximateReceiveCount"])
        self.sent_at = datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
        self.time_left = time_left
        self.fresh = fresh
        """Whether this invocation has begun with it."""
        self.worker = uuid4().hex
        """A name for whoever works on it now."""


class LetterFunction[Answer](Function[Answer]):
    """A Lambda function that works on messages, one after the other."""

    parts: Parts

    @abstractmethod
    def do(self, message: JobMessage, letter: Letter) -> Later | None:
        """Work on one message. None: it is done with. Later: it comes back. An error counts as a failed attempt."""

    def finished(self, letter: Letter) -> bool:
        """Work on one message; False where it has to come back."""
        # A subsegment for each message, found by its annotations. No error passes through it: one could hold its text.
        with self.tracer.provider.in_subsegment("## message"):
            return self._worked_on(letter)

    def _worked_on(self, letter: Letter) -> bool:
        self.logger.remove_keys(("job", "tenant"))  # of the message before
        if letter.time_left() < _RESERVE:
            self._put_off(letter, 0.0)
            return False
        try:
            later = self._done(letter)
        except Exception as error:  # noqa: BLE001  whatever it is, it must not reach the other messages
            self._failed(letter, error)
            return False
        if later:
            self._put_off(letter, later.seconds)
        return later is None

    def _done(self, letter: Letter) -> Later | None:
        try:
            message = JobMessage.parse(letter.body)
        except BrokenMessage as error:
            return self.refuse(letter, error)
        self.logger.append_keys(job=message.job, tenant=message.tenant)
        self.annotate(job=message.job)
        return self.do(message, letter)

    def refuse(self, letter: Letter, error: BrokenMessage) -> Later | None:  # noqa: ARG002  some look at the letter
        """Handle a message that cannot be read: it comes back, until it is a dead letter."""
        raise error

    def _failed(self, letter: Letter, error: Exception) -> None:
        fault = fault_of(error)
        level = self.logger.warning if isinstance(error, BrokenMessage) else self.logger.error
        level(
            "failed",
            code=fault.code,
            why=fault.message,
            attempt=letter.received,
            queue=letter.queue,
            frames=frames_of(error),
        )
        self.meter.add(FAILED_ATTEMPTS, 1)
        self._put_off(letter, backoff(letter.received))

    def _close(self, letter: Letter) -> None:
        """End what was begun for a message while it is worked on."""

    def _put_off(self, letter: Letter, seconds: float) -> None:
        self._close(letter)
        try:
            self.parts.queues.postpone(self.parts.queue_url(letter.queue), letter.receipt, seconds)
        except Exception as error:  # noqa: BLE001  it must not take the results of the other messages with it
            # The message comes back all the same, once it is visible again.
            fault = fault_of(error)
            self.logger.warning("not put off", code=fault.code, why=fault.message, queue=letter.queue)


class QueueFunction(LetterFunction[Event]):
    """A Lambda function behind one or more queues, which answers with the messages that have to come back."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._hiding = Lock()
        self._open: list[Letter] = []
        self.parts = Parts(settings, somebody_waits=False, unreadable=self.row_unreadable, watch=self.job_ended)

    def _resolve(self, event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
        time_left = seconds_left(context)
        letters = [Letter(record, time_left, fresh=at == 0) for at, record in enumerate(event["Records"])]
        self._open = letters.copy()
        with Heartbeat(self._hide, failed=self._not_hidden, at_once=True):
            back = [letter.id for letter in letters if not self.finished(letter)]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in back]}

    def finished(self, letter: Letter) -> bool:
        """Work on one message, whose heartbeat then ends; False where it has to come back."""
        done = super().finished(letter)
        self._close(letter)
        return done

    def _hide(self) -> None:
        """Hide the messages that are not finished for a short time, so that a dead worker's soon come to another.

        The queue itself hides them for much longer, for when Lambda cannot begin with them at once.
        """
        with self._hiding:
            by_queue: dict[str, list[str]] = {}
            for letter in self._open:
                by_queue.setdefault(letter.queue, []).append(letter.receipt)
            for queue, receipts in by_queue.items():
                self.parts.queues.hide(self.parts.queue_url(queue), receipts, HIDDEN_SECONDS)

    def _not_hidden(self, error: Exception) -> None:
        fault = fault_of(error)
        self.logger.warning("not hidden", code=fault.code, why=fault.message)

    def _close(self, letter: Letter) -> None:
        """Let the heartbeat leave a message alone: it is finished, or comes back when it was put off to."""
        alone = self._hiding.acquire(timeout=_BEAT_SECONDS)
        try:
            self._open = [one for one in self._open if one is not letter]
        finally:
            if alone:
                self._hiding.release()
