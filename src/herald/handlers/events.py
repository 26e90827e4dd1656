"""What functions share that neither answer callers nor work on queues."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

from herald.errors import HeraldError
from herald.handlers.faults import frames_of
from herald.handlers.http import Event
from herald.handlers.parts import Parts
from herald.handlers.settings import Settings
from herald.jobs.endings import fault_of


class EventFunction:
    """A Lambda function that hears of something. What it raises makes Lambda, or a state machine, try again."""

    def __init__(self, settings: Settings) -> None:
        self.parts = Parts(settings, somebody_waits=False)
        self.logger = Logger()
        self.metrics = Metrics()
        tracer = Tracer(auto_patch=False)
        traced = tracer.capture_lambda_handler(self._resolve, capture_response=False, capture_error=False)
        measured = self.metrics.log_metrics(traced, capture_cold_start_metric=True)
        self._handle: Callable[[Event, Any], Event | None] = self.logger.inject_lambda_context(measured)

    def __call__(self, event: Event, context: Any) -> Event | None:  # noqa: ANN401  the runtime's own context
        """Hear of one event."""
        return self._handle(event, context)

    def _resolve(self, event: Event, context: Any) -> Event | None:  # noqa: ANN401
        self.metrics.add_metric("Events", MetricUnit.Count, 1)
        try:
            return self.hear(event, context)
        except Exception as error:  # noqa: BLE001  it is raised again, as one of ours
            fault = fault_of(error)
            self.logger.error("failed", code=fault.code, why=fault.message, frames=frames_of(error))  # noqa: TRY400
            # Lambda and X-Ray write down what is raised, and a foreign error's message may hold the customer's text.
            raise HeraldError(fault.message, code=fault.code) from None

    def hear(self, event: Event, context: Any) -> Event | None:  # noqa: ANN401
        """Do what the event asks for; answer where somebody listens."""
        raise NotImplementedError
