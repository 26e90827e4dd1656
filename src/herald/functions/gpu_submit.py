"""gpu_submit: submits the jobs of the GPU queue to the endpoint, and creates such jobs for items of a batch."""

import os
from dataclasses import replace
from functools import cached_property
from typing import Any

from herald.batches.items import ChunkNote
from herald.jobs.gpu_work import GpuWork
from herald.jobs.job import Job
from herald.jobs.job_messages import JobMessage
from herald.jobs.job_worker import Postpone
from herald.runtime.batch_runtime import BatchDependencies
from herald.runtime.function import Event, EventFunction, Handler
from herald.runtime.queue_function import Delivery, QueueFunction
from herald.runtime.settings import JOBS, PRICES, ROUTING, Settings


class GpuSubmitFunction(QueueFunction):
    """Submits the jobs of the GPU queue to the endpoint."""

    @cached_property
    def items(self) -> "GpuItemFunction":
        """The function for items of batches, whose events come from the state machine, not from the queue."""
        return GpuItemFunction(self.parts.settings)

    @cached_property
    def work(self) -> GpuWork:
        """The submission of jobs, except those of batches that have ended."""
        batches = BatchDependencies(self.parts)

        def is_wanted(job: Job) -> bool:
            return job.batch is None or batches.gpu_items.is_wanted(job)

        return replace(self.parts.gpu, is_wanted=is_wanted)

    def __call__(self, event: Event, context: Any) -> Event:  # noqa: ANN401  the runtime's own context
        """Process one batch of GPU queue messages, or one item of the state machine."""
        return super().__call__(event, context) if "Records" in event else self.items(event, context) or {}

    def do(self, message: JobMessage, delivery: Delivery) -> Postpone | None:
        """Submit one job."""
        later = self.work.submit(message, name=delivery.worker)
        self.logger.info("postponed" if later else "submitted", queue=delivery.queue)
        return later


class GpuItemFunction(EventFunction):
    """The task of the map state for an item that needs the GPU. The item's job completes the task when it ends."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._items = BatchDependencies(self.parts).gpu_items

    def handle_event(self, event: Event, context: Any) -> Event:  # noqa: ANN401, ARG002
        """Create the job of an item."""
        note = ChunkNote.model_validate(event["note"])
        self.annotate(batch=note.batch)
        self._items.submit(note, event["token"])
        self.logger.info("job created", batch=note.batch, tenant=note.tenant, chunk=note.chunk)
        return {}


handler = Handler(
    lambda: GpuSubmitFunction(Settings.read(os.environ, ROUTING, JOBS, PRICES, {"gpu_endpoint", "key_table"}))
)
