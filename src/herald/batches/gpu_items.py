"""Batch items for the GPU. Each becomes a job whose end completes a task of the state machine."""

from herald.batches.batch_files import BatchFiles, Note
from herald.batches.batch_ports import BatchTable, Objects
from herald.batches.batch_record import Record
from herald.batches.batch_states import BatchState
from herald.batches.item import Item
from herald.clock import Clock
from herald.errors import MalformedMessage
from herald.jobs.job import Job, id_for
from herald.jobs.job_service import JobService, ServiceConfig
from herald.jobs.job_states import State
from herald.jobs.routing import Decision
from herald.jobs.task_answers import JobEnd, Tasks

_DECISION = Decision(route="gpu", reason="The batch item needs the GPU.")


class GpuItems:
    """Submits batch items as GPU jobs."""

    def __init__(  # noqa: PLR0913  independent collaborators
        self,
        *,
        house: ServiceConfig,
        batches: BatchTable,
        objects: Objects,
        desk: JobService,
        tasks: Tasks,
        clock: Clock,
    ) -> None:
        self._house = house
        self._batches = batches
        self._objects = objects
        self._desk = desk
        self._tasks = tasks
        self._clock = clock

    def submit(self, note: Note, token: str) -> None:
        """Submit the chunk's single item as a job; complete the task as cancelled if its run is over.

        Idempotent: the job id derives from the task token. Raise MalformedMessage if the tenant has no such batch.
        """
        batch = self._batches.document(note.batch)
        if batch is None or batch.tenant != note.tenant:
            raise MalformedMessage("The chunk belongs to a batch that does not exist.")
        if batch.state is not BatchState.SPEAKING or batch.redrives != note.run:
            self._tasks.tell(token, JobEnd(state=State.CANCELLED, error=None))
            return
        (item,) = BatchFiles.of(self._objects, batch).items(note)
        self._desk.take(self._job(batch, item, token))

    def _job(self, batch: Record, item: Item, token: str) -> Job:
        now, script = self._clock(), item.script
        return Job(
            id=id_for(batch.tenant, token),
            tenant=batch.tenant,
            state=State.ACCEPTED,
            tier=batch.order.priority or "standard",
            route=_DECISION.route,
            reason=_DECISION.reason,
            script=script,
            fingerprint=f"{batch.id}/{item.line}",
            voice=", ".join(script.voices),
            response_format=item.response_format,
            characters=item.characters,
            audio_key=item.audio_key,
            use_case=batch.order.use_case,
            retention=batch.order.retention,
            batch=batch.id,
            task_token=token,
            created_at=now,
            updated_at=now,
            expires_at=now + self._house.retention,
            price_expected=self._house.expectation(script, _DECISION),
        )
