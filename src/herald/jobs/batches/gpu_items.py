"""Batch items for the GPU. Each becomes a job whose end completes a task of the state machine."""

from herald.errors import BrokenMessage
from herald.jobs.batches.folder import Folder, Note
from herald.jobs.batches.items import Item
from herald.jobs.batches.ports import BatchTable, Objects
from herald.jobs.batches.record import Record
from herald.jobs.batches.states import BatchState
from herald.jobs.job import Job, id_for
from herald.jobs.ports import Clock
from herald.jobs.route import Decision
from herald.jobs.states import State
from herald.jobs.submit import Desk, House
from herald.jobs.tasks import JobEnd, Tasks

_DECISION = Decision(route="gpu", reason="The batch item needs the GPU.")


class GpuItems:
    """Submits batch items as GPU jobs."""

    def __init__(  # noqa: PLR0913  independent collaborators
        self, *, house: House, batches: BatchTable, objects: Objects, desk: Desk, tasks: Tasks, clock: Clock
    ) -> None:
        self._house = house
        self._batches = batches
        self._objects = objects
        self._desk = desk
        self._tasks = tasks
        self._clock = clock

    def submit(self, note: Note, token: str) -> None:
        """Submit the chunk's single item as a job; complete the task as cancelled if its run is over.

        Idempotent: the job id derives from the task token. Raise BrokenMessage if the tenant has no such batch.
        """
        batch = self._batches.document(note.batch)
        if batch is None or batch.tenant != note.tenant:
            raise BrokenMessage("The chunk belongs to a batch that does not exist.")
        if batch.state is not BatchState.SPEAKING or batch.redrives != note.run:
            self._tasks.tell(token, JobEnd(state=State.CANCELLED, error=None))
            return
        (item,) = Folder.of(self._objects, batch).items(note)
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
