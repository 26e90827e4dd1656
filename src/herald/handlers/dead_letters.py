"""dead_letters: ends jobs that no worker could do, with the reason."""

import os
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from herald.handlers.http import Event
from herald.handlers.queue import Letter, QueueFunction
from herald.handlers.settings import Settings
from herald.jobs.dead_letters import DeadLetters
from herald.jobs.job import Job
from herald.jobs.messages import JobMessage
from herald.jobs.work import Later


class DeadLettersFunction(QueueFunction):
    """The function behind all dead-letter queues."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        parts = self.parts
        self._dead_letters = DeadLetters(table=parts.table, endings=parts.endings, clock=parts.clock)

    def do(self, message: JobMessage, letter: Letter) -> Later | None:
        """End one job, and leave a record of its life that holds none of its text."""
        buried = self._dead_letters.bury(message)
        if isinstance(buried, Later):
            return buried
        if buried:
            self._record(buried, letter)
        return None

    def _record(self, job: Job, letter: Letter) -> None:
        self.metrics.add_metric("DeadLetters", MetricUnit.Count, 1)
        self.logger.error(
            "dead letter",
            job=job.id,
            tenant=job.tenant,
            code=job.error.code if job.error else None,
            fault=job.fault.code if job.fault else None,
            attempts=job.attempts,
            first_at=letter.sent_at.isoformat(),
            last_at=datetime.now(UTC).isoformat(),
            queue=letter.queue,
        )


@cache
def _function() -> DeadLettersFunction:
    return DeadLettersFunction(Settings.read(os.environ))


def handler(event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
    """Work on one batch of a dead-letter queue."""
    return _function()(event, context)
