"""sweeper: every five minutes, finds jobs that did not go on and sets them going."""

import os
from functools import cache
from typing import Any

from herald.handlers.events import EventFunction
from herald.handlers.function import Event
from herald.handlers.measures import SWEPT
from herald.handlers.settings import JOBS, PRICES, Settings
from herald.jobs.sweep import Sweeper

_RESERVE = 10.0


class SweeperFunction(EventFunction):
    """The function with the broom."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        parts = self.parts
        gpu = parts.gpu if settings.gpu else None
        self._sweeper = Sweeper(
            table=parts.table, queues=parts.queues, endings=parts.endings, gpu=gpu, clock=parts.clock
        )

    def hear(self, event: Event, context: Any) -> None:  # noqa: ANN401, ARG002
        """Sweep once."""

        def time_left() -> float:
            milliseconds: int = context.get_remaining_time_in_millis()
            return milliseconds / 1000 - _RESERVE

        counts = self._sweeper.sweep(time_left)
        self.meter.add(SWEPT, counts.total())
        self.logger.info("swept", extra=dict(counts))


@cache
def _function() -> SweeperFunction:
    return SweeperFunction(Settings.read(os.environ, JOBS, PRICES, {"gpu", "gpu_endpoint"}))


def handler(event: Event, context: Any) -> None:  # noqa: ANN401  the runtime's own context
    """Sweep once."""
    _function()(event, context)
