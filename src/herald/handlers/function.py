"""The base of all functions: every call is logged, measured and traced."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger, Tracer

from herald.errors import UnreadableRow
from herald.handlers import measures
from herald.handlers.meter import Meter
from herald.jobs.job import Job

type Event = dict[str, Any]

_LONGEST_ANNOTATION = 250
_NEARLY_OUT_OF_TIME = 0.1
"""The part of the time that a call may take, of which less is left."""


def seconds_left(context: Any) -> Callable[[], float]:  # noqa: ANN401  the runtime's own context
    """Return a function that returns the seconds until the runtime ends this invocation."""

    def left() -> float:
        milliseconds: int = context.get_remaining_time_in_millis()
        return milliseconds / 1000

    return left


class Function[Answer](ABC):
    """A Lambda function, made once and called with every event. `logger`, `meter` and `tracer` are its own."""

    def __init__(self) -> None:
        self.logger = Logger()
        self.meter = Meter()
        self.tracer = Tracer(auto_patch=False)
        self.cold = True
        """Whether no event was worked on yet in this process."""
        # Tracer is the innermost: what it raises must still be answered, logged and measured.
        self._traced: Callable[[Event, Any], Answer] = self.tracer.capture_lambda_handler(
            self._resolve, capture_response=False, capture_error=False
        )
        self._handle: Callable[[Event, Any], Answer] = self.logger.inject_lambda_context(
            self._measured, clear_state=True
        )

    def __call__(self, event: Event, context: Any) -> Answer:  # noqa: ANN401  the runtime's own context
        """Work on one event."""
        return self._handle(event, context)

    def _measured(self, event: Event, context: Any) -> Answer:  # noqa: ANN401
        left = seconds_left(context)
        allowed = left()
        try:
            return self._traced(event, context)
        finally:
            self.cold = False
            # Lambda's own log tells of calls that it ended; this tells of those that just made it.
            if left() < allowed * _NEARLY_OUT_OF_TIME:
                self.meter.add(measures.NEAR_TIMEOUT, 1)
            self.meter.flush()

    @abstractmethod
    def _resolve(self, event: Event, context: Any) -> Answer:  # noqa: ANN401
        """What becomes of an event."""

    def job_ended(self, job: Job, seconds: float) -> None:
        """Measure and trace a job that has ended here; speaking it took so many seconds."""
        measures.job_ended(self.meter, job, seconds)
        self.annotate(job=job.id, voice=job.voice, **({"batch": job.batch} if job.batch else {}))

    def row_unreadable(self, error: UnreadableRow) -> None:
        """Log and count a stored row that cannot be read: its id and which fields are wrong, never a value."""
        self.logger.error("unreadable row", row=error.row, row_id=error.row_id, why=error.reason)
        self.meter.add(measures.UNREADABLE_ROWS, 1)

    def annotate(self, **values: str) -> None:
        """Say in the trace, by which traces are found, what was worked on: job, batch, route, voice; never a text."""
        for name, value in values.items():
            self.tracer.put_annotation(name, value[:_LONGEST_ANNOTATION])
