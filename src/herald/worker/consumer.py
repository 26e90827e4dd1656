"""Receives messages from the queues, and passes them to the worker function as Lambda does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Protocol
from uuid import uuid4

from aws_lambda_powertools import Logger

from herald.aws.messaging import SqsJobQueues
from herald.jobs.completion import to_job_error
from herald.jobs.job_worker import HIDDEN_SECONDS
from herald.runtime.function import Event, frames_of
from herald.worker.shutdown import Shutdown

JOB_SECONDS = 300.0
"""Seconds that a job may take: the timeout of the function `worker` in template.yaml."""
WAIT_SECONDS = 1
"""Seconds of a long poll. While idle, a message of the other queue waits this long."""
_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds to wait after consecutive failures of receiving."""


class QueueHandler(Protocol):
    """The worker function, as far as it is used here."""

    logger: Logger

    def __call__(self, event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
        """Process the messages of an event; return those to redeliver."""
        ...


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """The part of Lambda's context that functions use."""

    time_left: Callable[[], float]
    function_name: str = "worker"
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 0
    invoked_function_arn: str = ""
    aws_request_id: str = field(default_factory=lambda: str(uuid4()))

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds left for this invocation."""
        return int(max(self.time_left(), 0.0) * 1000)


class Pulse:
    """The state of a consumer, for probes. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._since = clock()
        self._receives = False

    def beat(self, *, receives: bool) -> None:
        """Record that the consumer is about to receive or to work, and whether the queues respond."""
        with self._lock:
            self._since, self._receives = self._clock(), receives

    def seconds(self) -> float:
        """Return the seconds since the last beat."""
        with self._lock:
            return self._clock() - self._since

    def receives(self) -> bool:
        """Return whether the queues responded at the last attempt."""
        with self._lock:
            return self._receives


@dataclass(kw_only=True)
class Consumer:
    """Processes one message after the other until the process is requested to end.

    It receives one message at a time, so that a vip job waits for at most one other job, and nothing is held back from
    other workers.
    """

    function: QueueHandler
    queues: SqsJobQueues
    urls: Sequence[str]
    """The queues by priority."""
    shutdown: Shutdown
    pulse: Pulse
    wait: int = WAIT_SECONDS
    _idle: bool = False
    _failures: int = 0

    def run(self) -> None:
        """Process messages until the end is requested."""
        while not self.shutdown.requested():
            try:
                received = self._receive()
            except Exception as error:  # noqa: BLE001  an outage must not end the process
                self._pause(error)
                continue
            self._failures = 0
            self.pulse.beat(receives=True)
            if received:
                self._process(*received)

    def _receive(self) -> tuple[str, dict[str, Any]] | None:
        """Return the next message and its queue, or None if all queues are empty."""
        for url in self.urls:
            # All queues are polled with a wait while idle: a poll without one can miss the only message of a queue.
            wait = self.wait if self._idle or url == self.urls[-1] else 0
            records = self.queues.receive(url, most=1, wait=wait, hidden=HIDDEN_SECONDS)
            if records:
                self._idle = False
                return url, records[0]
            if self.shutdown.requested():
                return None
        self._idle = True
        return None

    def _pause(self, error: Exception) -> None:
        seconds = _PAUSES[min(self._failures, len(_PAUSES) - 1)]
        self._failures += 1
        self.pulse.beat(receives=False)
        self._log_failure("not received", error)
        self.shutdown.wait(seconds)

    def _process(self, url: str, record: dict[str, Any]) -> None:
        if self.shutdown.requested():  # while the message was on its way
            try:
                self.queues.postpone(url, record["receiptHandle"], 0)
            except Exception as error:  # noqa: BLE001  it is redelivered anyway when its visibility timeout ends
                self._log_failure("not returned", error)
            return
        begun = monotonic()

        def time_left() -> float:
            return min(begun + JOB_SECONDS - monotonic(), self.shutdown.seconds_left())

        try:
            answer = self.function({"Records": [record]}, Invocation(time_left=time_left))
        except Exception as error:  # noqa: BLE001  the message is redelivered; the process goes on
            self._log_failure("not processed", error)
            return
        if answer["batchItemFailures"]:
            return  # the function has set when the message is received again
        try:
            self.queues.delete(url, [record["receiptHandle"]])
        except Exception as error:  # noqa: BLE001  the message is received again, and its job has ended
            self._log_failure("not deleted", error)

    def _log_failure(self, what: str, error: Exception) -> None:
        fault = to_job_error(error)
        self.function.logger.error(what, code=fault.code, why=fault.message, frames=frames_of(error))
