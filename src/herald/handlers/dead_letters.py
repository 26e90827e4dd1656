"""dead_letters: ends jobs that no worker could do, with the reason."""

import os
from datetime import UTC, datetime
from functools import cache
from typing import Any

from herald.errors import BrokenMessage
from herald.handlers.function import Event
from herald.handlers.measures import DEAD_LETTERS
from herald.handlers.queue import Letter, QueueFunction
from herald.handlers.settings import JOBS, PRICES, Settings
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
            self._record(letter, _life(buried))
        return None

    def refuse(self, letter: Letter, error: BrokenMessage) -> Later | None:
        """Let a message go that is none: if it was to be a job's, the sweeper finds the job."""
        life = {"message_id": letter.id, "code": error.code, "why": error.message, "attempts": letter.received}
        self._record(letter, life)
        return None

    def _record(self, letter: Letter, life: dict[str, object]) -> None:
        self.meter.add(DEAD_LETTERS, 1)
        first, last = letter.sent_at.isoformat(), datetime.now(UTC).isoformat()
        times = {"queue": letter.queue, "first_at": first, "last_at": last}
        self.logger.error("dead letter", extra=life | times)


def _life(job: Job) -> dict[str, object]:
    return {
        "job": job.id,
        "tenant": job.tenant,
        "code": job.error and job.error.code,
        "fault": job.fault and job.fault.code,
        "attempts": job.attempts,
    }


@cache
def _function() -> DeadLettersFunction:
    return DeadLettersFunction(Settings.read(os.environ, JOBS, PRICES))


def handler(event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
    """Work on one batch of a dead-letter queue."""
    return _function()(event, context)
