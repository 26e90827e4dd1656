"""Receive messages from the queues, and pass them to functions as Lambda does, until the process ends."""

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from herald.aws.messaging import SqsJobQueues
from herald.errors import to_herald_error
from herald.jobs.job_worker import HIDDEN_SECONDS
from herald.runtime.function import frames_of

if TYPE_CHECKING:
    from herald.functions.worker import WorkerFunction
    from herald.worker.chunk_tasks import ChunkTasks

JOB_SECONDS, CHUNK_SECONDS = 300.0, 900.0
"""Seconds that a job and a chunk may take: the timeouts of `worker` and `speak_items` in template.yaml."""
DRAIN_SECONDS = 25.0
"""Seconds that a job in progress has after SIGTERM, less than Kubernetes' default of 30 until SIGKILL."""
WAIT_SECONDS = 1
"""Seconds of a long poll, for which a message in another queue may wait while the worker is idle."""
_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds to wait after consecutive failures of receiving."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A queue, and the function that processes its messages."""

    url: str
    function: "WorkerFunction | ChunkTasks"
    seconds: float = JOB_SECONDS
    """Seconds that a message may take."""


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


class Shutdown:
    """A request to end this process. The job in progress may still end within the drain time."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._requested = Event()
        self._deadline = float("inf")

    def on_signals(self) -> None:
        """Request the end on SIGTERM and SIGINT. Only the main thread can call this."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.request())

    def request(self) -> None:
        """Start to drain. Later requests do not extend the drain time."""
        if not self.requested():
            self._deadline = self._clock() + DRAIN_SECONDS
            self._requested.set()

    def requested(self) -> bool:
        """Return whether the end of the process was requested."""
        return self._requested.is_set()

    def wait(self, seconds: float) -> None:
        """Wait for some seconds, or until the end is requested."""
        self._requested.wait(seconds)

    def seconds_left(self) -> float:
        """Return the seconds until the end of the drain time; infinity before the end is requested."""
        return self._deadline - self._clock()


class Pulse:
    """The state of a consumer, for probes. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._since = clock()
        self._receives = False

    def beat(self, *, receives: bool) -> None:
        """Record that the consumer is alive, and whether the queues respond."""
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

    It receives one message at a time, so that a vip job waits for at most one other message, and nothing is held back
    from other workers.
    """

    sources: Sequence[Source]
    """The first one has priority; the others take turns, so that none of them waits for the end of another."""
    queues: SqsJobQueues
    shutdown: Shutdown
    pulse: Pulse
    wait: int = WAIT_SECONDS
    _order: list[Source] = field(init=False)
    _idle: bool = False
    _failures: int = 0

    def __post_init__(self) -> None:
        self._order = [*self.sources]

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

    def _receive(self) -> tuple[Source, dict[str, Any]] | None:
        """Return the next message and its source, or None if all queues are empty."""
        for source in self._order:
            # All queues are polled with a wait while idle: a poll without one can miss the only message of a queue.
            wait = self.wait if self._idle or source is self._order[-1] else 0
            records = self.queues.receive(source.url, most=1, wait=wait, hidden=HIDDEN_SECONDS)
            if records:
                self._idle = False
                if source is not self.sources[0]:
                    self._order = [*(other for other in self._order if other is not source), source]
                return source, records[0]
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

    def _process(self, source: Source, record: dict[str, Any]) -> None:
        if self.shutdown.requested():  # while the message was on its way
            try:
                self.queues.postpone(source.url, record["receiptHandle"], 0)
            except Exception as error:  # noqa: BLE001  it is redelivered anyway when its visibility timeout ends
                self._log_failure("not returned", error)
            return
        begun = monotonic()

        def time_left() -> float:
            return min(begun + source.seconds - monotonic(), self.shutdown.seconds_left())

        try:
            response = source.function({"Records": [record]}, Invocation(time_left=time_left))
        except Exception as error:  # noqa: BLE001  the message is redelivered; the process goes on
            self._log_failure("not processed", error)
            return
        if response["batchItemFailures"]:
            return  # the function has set when the message is received again
        try:
            self.queues.delete(source.url, [record["receiptHandle"]])
        except Exception as error:  # noqa: BLE001  the message is received again, and its work has ended
            self._log_failure("not deleted", error)

    def _log_failure(self, message: str, error: Exception) -> None:
        fault = to_herald_error(error)
        self.sources[0].function.logger.error(message, code=fault.code, why=fault.message, frames=frames_of(error))
