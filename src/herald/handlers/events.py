"""What functions share that neither answer callers nor work on queues."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer

from herald.handlers.http import Event
from herald.handlers.parts import Parts
from herald.handlers.settings import Settings


class EventFunction:
    """A Lambda function that hears of something. What it raises makes Lambda try again, twice."""

    def __init__(self, settings: Settings) -> None:
        self.parts = Parts(settings, somebody_waits=False)
        self.logger = Logger()
        self.metrics = Metrics()
        tracer = Tracer(auto_patch=False)
        traced = tracer.capture_lambda_handler(self.hear, capture_response=False, capture_error=False)
        measured = self.metrics.log_metrics(traced, capture_cold_start_metric=True)
        self._handle: Callable[[Event, Any], None] = self.logger.inject_lambda_context(measured)

    def __call__(self, event: Event, context: Any) -> None:  # noqa: ANN401  the runtime's own context
        """Hear of one event."""
        self._handle(event, context)

    def hear(self, event: Event, context: Any) -> None:  # noqa: ANN401
        """Do what the event asks for."""
        raise NotImplementedError
