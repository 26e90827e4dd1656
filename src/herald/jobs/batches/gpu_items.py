"""Items for the GPU: each is a job, for whose end the state machine waits."""

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

_DECISION = Decision(route="gpu", reason="An item of a batch that needs the GPU.")


class GpuItems:
    """Makes jobs of items."""

    def __init__(  # noqa: PLR0913  each a thing of its own
        self, *, house: House, batches: BatchTable, objects: Objects, desk: Desk, tasks: Tasks, clock: Clock
    ) -> None:
        self._house = house
        self._batches = batches
        self._objects = objects
        self._desk = desk
        self._tasks = tasks
        self._clock = clock

    def submit(self, note: Note, token: str) -> None:
        """Have a chunk's one item spoken, unless nobody wants that any more; the same token is the same job."""
        batch = self._batches.document(note.batch)
        if batch is None or batch.tenant != note.tenant:
            raise BrokenMessage("The chunk is of no batch that is known.")
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
