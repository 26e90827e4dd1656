"""worker: processes the jobs of the standard and VIP queues."""

import os
from collections.abc import Callable
from functools import partial
from time import perf_counter

from herald.jobs.job_messages import JobMessage
from herald.jobs.job_worker import Postpone, Worker
from herald.jobs.ports import Speaker
from herald.runtime.container import Dependencies
from herald.runtime.function import Handler
from herald.runtime.queue_function import Delivery, QueueFunction
from herald.runtime.script_speaker import ScriptSpeaker
from herald.runtime.settings import JOBS, PRICES, Settings


class WorkerFunction(QueueFunction):
    """The function with its engine, created once per process."""

    def __init__(
        self,
        settings: Settings,
        *,
        speaker: Callable[[Dependencies], Speaker] | None = None,
        stopping: Callable[[], bool] = bool,
    ) -> None:
        """`speaker` creates the speaker that synthesizes the jobs; by default, one with this function's engine."""
        super().__init__(settings, stopping=stopping)
        self._worker = Worker(
            table=self.parts.table,
            audio=self.parts.audio,
            queues=self.parts.queues,
            speaker=(speaker or ScriptSpeaker.of)(self.parts),
            completion=self.parts.completion,
            clock=self.parts.clock,
            gpu=settings.gpu,
            not_renewed=partial(self.warn, "lease not renewed"),
            stopping=stopping,
        )

    def do(self, message: JobMessage, delivery: Delivery) -> Postpone | None:
        """Process one job."""
        started = perf_counter()
        later = self._worker.work(message, name=delivery.worker, time_left=delivery.time_left, fresh=delivery.fresh)
        milliseconds = (perf_counter() - started) * 1000
        self.logger.info(
            "postponed" if later else "finished", milliseconds=round(milliseconds, 1), queue=delivery.queue
        )
        return later


handler = Handler(lambda: WorkerFunction(Settings.read(os.environ, JOBS, PRICES, {"gpu"})))
