"""gpu_result: hears from the endpoint, through SNS, that a job was spoken or could not be."""

import os
from functools import cache
from typing import Any

from herald.errors import BrokenMessage
from herald.handlers.events import EventFunction
from herald.handlers.function import Event
from herald.handlers.settings import JOBS, PRICES, Settings
from herald.jobs.job import is_id
from herald.jobs.notices import Notice


class GpuResultFunction(EventFunction):
    """The function behind the endpoint's topics."""

    def hear(self, event: Event, context: Any) -> None:  # noqa: ANN401, ARG002
        """End the jobs that the notices are about."""
        for record in event["Records"]:
            try:
                notice = _checked(Notice.parse(record["Sns"]["Message"]))
            except BrokenMessage as error:
                self.logger.warning("ignored", code=error.code, why=error.message)
                continue
            self.annotate(job=notice.job)
            self.parts.gpu.notice(notice)
            self.logger.info("heard", job=notice.job, status=notice.status)


def _checked(notice: Notice) -> Notice:
    """A notice with another's word for an id is logged without it."""
    if not is_id(notice.job):
        raise BrokenMessage("The notice is about something that is no job.")
    return notice


@cache
def _function() -> GpuResultFunction:
    return GpuResultFunction(Settings.read(os.environ, JOBS, PRICES, {"gpu_endpoint"}))


def handler(event: Event, context: Any) -> None:  # noqa: ANN401  the runtime's own context
    """Hear one event of SNS."""
    _function()(event, context)
