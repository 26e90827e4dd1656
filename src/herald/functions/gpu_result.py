"""gpu_result: completes or fails jobs when the GPU endpoint reports their results through SNS."""

import os
from typing import Any

from herald.errors import MalformedMessage
from herald.jobs.gpu_work import Notice
from herald.jobs.job import is_id
from herald.runtime.function import Event, EventFunction, Handler
from herald.runtime.settings import JOBS, PRICES, Settings


class GpuResultFunction(EventFunction):
    """The function subscribed to the endpoint's SNS topics."""

    def handle_event(self, event: Event, context: Any) -> None:  # noqa: ANN401, ARG002
        """Complete or fail the jobs that the notices name. Malformed notices are logged and skipped."""
        for record in event["Records"]:
            try:
                notice = notice_in(record)
            except MalformedMessage as error:
                self.logger.warning("ignored", code=error.code, why=error.message)
                continue
            self.annotate(job=notice.job)
            self.parts.gpu.notice(notice)
            self.logger.info("notice processed", job=notice.job, status=notice.status)


def notice_in(record: Event) -> Notice:
    """Return the notice in a record of SNS; raise MalformedMessage, which never repeats an invalid id."""
    notice = Notice.parse(record["Sns"]["Message"])
    if not is_id(notice.job):
        raise MalformedMessage("The notice does not name a valid job id.")
    return notice


handler = Handler(lambda: GpuResultFunction(Settings.read(os.environ, JOBS, PRICES, {"gpu_endpoint", "key_table"})))
