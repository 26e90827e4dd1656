"""gpu_submit: hands the jobs of the GPU's queue to its endpoint."""

import os
from functools import cache
from typing import Any

from herald.handlers.http import Event
from herald.handlers.queue import Letter, QueueFunction
from herald.handlers.settings import Settings
from herald.jobs.messages import JobMessage
from herald.jobs.work import Later


class GpuSubmitFunction(QueueFunction):
    """The function between the GPU's queue and its endpoint."""

    def do(self, message: JobMessage, letter: Letter) -> Later | None:
        """Hand over one job."""
        later = self.parts.gpu.submit(message, name=letter.worker)
        self.logger.info("put off" if later else "handed over", queue=letter.queue)
        return later


@cache
def _function() -> GpuSubmitFunction:
    return GpuSubmitFunction(Settings.read(os.environ))


def handler(event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
    """Work on one batch of the GPU's queue."""
    return _function()(event, context)
