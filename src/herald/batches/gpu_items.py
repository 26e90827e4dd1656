"""Submit the items of a batch that need the GPU, as jobs."""

from dataclasses import dataclass

from herald.batches.batch_files import BatchFiles
from herald.batches.batch_ports import BatchTable, Objects
from herald.batches.chunk_runner import batch_of, is_running
from herald.batches.items import ChunkNote
from herald.clock import Clock
from herald.errors import UnreadableRow
from herald.jobs.job import Job, State, id_for
from herald.jobs.job_messages import JobEnd
from herald.jobs.job_service import JobService
from herald.jobs.ports import Tasks
from herald.jobs.routing import Decision

_DECISION = Decision(route="gpu", reason="The batch item needs the GPU.")


@dataclass(kw_only=True)
class GpuItems:
    """Submits batch items as GPU jobs."""

    batches: BatchTable
    objects: Objects
    jobs: JobService
    tasks: Tasks
    clock: Clock

    def submit(self, note: ChunkNote, token: str) -> None:
        """Submit the chunk's single item as a job; complete the task as cancelled if its run is over.

        An item has one job in each run of its batch: another attempt of its task waits for the same job. Raise
        MalformedMessage if the tenant has no such batch.
        """
        batch = batch_of(self.batches, note)
        if not is_running(batch, note.run):
            self.tasks.complete(token, JobEnd(state=State.CANCELLED, error=None))
            return
        (item,) = BatchFiles.of(self.objects, batch).items(note)
        now, config, script = self.clock(), self.jobs.config, item.script
        job = Job(
            id=id_for(batch.tenant, f"{batch.id}/{note.run}/{item.line}"),
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
            expires_at=now + config.retention,
            price_expected=config.expected_price(script, _DECISION),
        )
        stored = self.jobs.accept(job)
        if stored.task_token == token:
            return
        waited_for = self.jobs.table.amend(stored.id, {"task_token": token})
        if waited_for and waited_for.ended:
            self.tasks.complete(token, JobEnd.of(waited_for))

    def is_wanted(self, job: Job) -> bool:
        """Return whether a job still has to be processed. It does not if its batch has ended."""
        if job.batch is None or job.task_token is None:  # without a token, it is a retry that no batch waits for
            return True
        try:
            batch = self.batches.document(job.batch)
        except UnreadableRow:
            return True
        return batch is None or not batch.ended
