"""Base of the functions that handle single events: neither HTTP requests nor queue messages."""

from abc import abstractmethod
from typing import Any

from herald.errors import HeraldError
from herald.jobs.completion import to_job_error
from herald.runtime.container import Dependencies
from herald.runtime.faults import frames_of
from herald.runtime.function import Event, Function
from herald.runtime.settings import Settings


class EventFunction(Function[Event | None]):
    """A Lambda function that handles one event. If it raises, Lambda or the state machine retries the event."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.parts = Dependencies(settings, interactive=False, unreadable=self.row_unreadable, watch=self.job_ended)

    def _resolve(self, event: Event, context: Any) -> Event | None:  # noqa: ANN401  the runtime's own context
        try:
            return self.hear(event, context)
        except Exception as error:  # noqa: BLE001  raised again below as a HeraldError
            fault = to_job_error(error)
            self.logger.error("failed", code=fault.code, why=fault.message, frames=frames_of(error))  # noqa: TRY400
            # Lambda and X-Ray record what is raised, and a library's error message may contain the customer's text.
            raise HeraldError(fault.message, code=fault.code) from None

    @abstractmethod
    def hear(self, event: Event, context: Any) -> Event | None:  # noqa: ANN401
        """Handle the event. Return a result if the invoker uses one."""
