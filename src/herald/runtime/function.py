"""The base classes of Lambda functions, with logging, metrics and tracing of every invocation."""

import logging
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Tracer

from herald.errors import HeraldError, UnreadableRow, to_herald_error
from herald.runtime import metrics
from herald.runtime.container import Dependencies
from herald.runtime.metrics import Meter
from herald.runtime.settings import Settings

if TYPE_CHECKING:
    from herald.jobs.job import Job

type Event = dict[str, Any]

_CALLER = 3
"""Stack level of the code that called `Function.warn`, for the location in the log line."""
_LONGEST_ANNOTATION = 250
_NEARLY_OUT_OF_TIME = 0.1
"""Fraction of the time limit; an invocation with less than this left at its end counts as near the timeout."""


def frames_of(error: BaseException) -> list[str]:
    """Return the stack frames of an error for a log, outermost first. Its message is omitted: it may contain a text."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]


def seconds_left(context: Any) -> Callable[[], float]:  # noqa: ANN401  the runtime's own context
    """Return a function that returns the seconds until the runtime ends this invocation."""

    def left() -> float:
        milliseconds: int = context.get_remaining_time_in_millis()
        return milliseconds / 1000

    return left


def joined_headers(headers: Mapping[str, str | Sequence[str]] | None) -> dict[str, str]:
    """Return the headers of an event by lower-case name; several values are joined by commas, as API Gateway does."""
    found: dict[str, list[str]] = {}
    for name, value in (headers or {}).items():
        found.setdefault(name.lower(), []).extend([value] if isinstance(value, str) else value)
    return {name: ",".join(values) for name, values in found.items()}


class Function[Result](ABC):
    """A Lambda function: created once per process, called once per event, with its own logger, meter and tracer."""

    def __init__(self, *, stopping: Callable[[], bool] = bool) -> None:
        """`stopping` returns whether the process is about to end; only long-running processes pass it."""
        self.stopping = stopping
        # Lambda's runtime gives the root logger the function's log level. At DEBUG, botocore logs texts and secrets.
        root = logging.getLogger()
        root.setLevel(max(root.level, logging.WARNING))
        self.logger = Logger()
        self.meter = Meter()
        self.tracer = Tracer(auto_patch=False)
        self.cold = True
        """Whether this process has not handled an event yet."""
        # The tracer is the innermost wrapper, so that its own errors are logged and measured too.
        self._traced: Callable[[Event, Any], Result] = self.tracer.capture_lambda_handler(
            self._resolve, capture_response=False, capture_error=False
        )
        self._handle: Callable[[Event, Any], Result] = self.logger.inject_lambda_context(
            self._measured, clear_state=True
        )

    def __call__(self, event: Event, context: Any) -> Result:  # noqa: ANN401  the runtime's own context
        """Handle one event."""
        return self._handle(event, context)

    def _measured(self, event: Event, context: Any) -> Result:  # noqa: ANN401
        left = seconds_left(context)
        allowed = left()
        try:
            return self._traced(event, context)
        finally:
            self.cold = False
            # Lambda reports invocations that timed out; this metric counts those that almost did. A process that is
            # about to end shortens its last event on purpose.
            if left() < allowed * _NEARLY_OUT_OF_TIME and not self.stopping():
                self.meter.add(metrics.NEAR_TIMEOUT, 1)
            self.meter.flush()

    @abstractmethod
    def _resolve(self, event: Event, context: Any) -> Result:  # noqa: ANN401
        """Handle one event and return the function's result."""

    def job_ended(self, job: "Job", seconds: float) -> None:
        """Record in metrics and trace a job that this function completed; `seconds` is the synthesis time."""
        metrics.record_job(self.meter, job, seconds)
        self.annotate(job=job.id, voice=job.voice, **({"batch": job.batch} if job.batch else {}))

    def row_unreadable(self, error: UnreadableRow) -> None:
        """Log and count a stored row that cannot be read, by its id and the names, not values, of invalid fields."""
        self.logger.error("unreadable row", row=error.row, row_id=error.row_id, why=error.reason)
        self.meter.add(metrics.UNREADABLE_ROWS, 1)

    def warn(self, message: str, error: BaseException, **values: Any) -> None:  # noqa: ANN401  any JSON value
        """Log a failure that does not change the result."""
        fault = to_herald_error(error)
        self.logger.warning(message, code=fault.code, why=fault.message, stacklevel=_CALLER, **values)

    def annotate(self, **values: str) -> None:
        """Add searchable annotations (job, batch, route, voice) to the trace. Never pass a customer's text."""
        for name, value in values.items():
            self.tracer.put_annotation(name, value[:_LONGEST_ANNOTATION])


class Handler[F: Function[Any]]:
    """The handler of a Lambda function: creates the function at the first event, and uses it for all events."""

    def __init__(self, create: Callable[[], F]) -> None:
        self.create = create

    @cached_property
    def function(self) -> F:
        """The function of this process."""
        return self.create()

    def __call__(self, event: Event, context: Any) -> Any:  # noqa: ANN401  the runtime's own types
        """Handle one event."""
        return self.function(event, context)


class EventFunction(Function[Event | None]):
    """A Lambda function that handles one event. If it raises, Lambda or the state machine retries the event."""

    def __init__(self, settings: Settings, *, stopping: Callable[[], bool] = bool) -> None:
        super().__init__(stopping=stopping)
        self.parts = Dependencies(settings, interactive=False, unreadable=self.row_unreadable, watch=self.job_ended)

    def _resolve(self, event: Event, context: Any) -> Event | None:  # noqa: ANN401  the runtime's own context
        try:
            return self.handle_event(event, context)
        except Exception as error:  # noqa: BLE001  raised again below as a HeraldError
            fault = to_herald_error(error)
            self.logger.error("failed", code=fault.code, why=fault.message, frames=frames_of(error))  # noqa: TRY400
            # Lambda and X-Ray record what is raised, and a library's error message may contain the customer's text.
            raise HeraldError(fault.message, code=fault.code) from None

    @abstractmethod
    def handle_event(self, event: Event, context: Any) -> Event | None:  # noqa: ANN401
        """Handle the event. Return a result if the invoker uses one."""


def register_snapshot_hooks(*, before_snapshot: Callable[[], object], after_restore: Callable[[], object]) -> None:
    """Register hooks of SnapStart with the runtime; do nothing outside a runtime that supports it."""
    try:
        from snapshot_restore_py import register_after_restore, register_before_snapshot  # noqa: PLC0415
    except ImportError:
        return
    register_before_snapshot(before_snapshot)
    register_after_restore(after_restore)
