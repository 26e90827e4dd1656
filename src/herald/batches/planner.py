"""Plan a run: split the manifest into chunks of items or, for a redrive, select the chunks with unfinished items."""

from collections.abc import Iterator
from dataclasses import dataclass

from herald.auth.caller import Caller
from herald.auth.quotas import Quotas
from herald.batches.batch_files import BatchFiles, Note
from herald.batches.batch_ports import BatchTable, Objects, Run
from herald.batches.batch_record import Record
from herald.batches.batch_request import Order
from herald.batches.batch_states import BatchState
from herald.batches.item import Tally
from herald.batches.item_plan import ItemPlanner
from herald.batches.manifest import read_rows
from herald.batches.manifest_lines import Limits
from herald.batches.read_ahead import ahead
from herald.clock import Clock
from herald.errors import InvalidManifest, TooMany
from herald.jobs.completion import to_job_error
from herald.jobs.job import JobError
from herald.jobs.job_service import ServiceConfig

NOTES_AT_ONCE = 1_000


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Input of the distributed map: the number of chunks, the object key of their notes, and the concurrency."""

    chunks: int
    key: str
    max_concurrency: int


class RunPlanner:
    """Plans the runs of batches. Deterministic: planning a run again gives the same plan."""

    def __init__(  # noqa: PLR0913  independent collaborators
        self,
        *,
        house: ServiceConfig,
        table: BatchTable,
        objects: Objects,
        max_characters: int,
        max_concurrency: int,
        quotas: Quotas,
        clock: Clock,
        limits: Limits | None = None,
    ) -> None:
        self._house = house
        self._table = table
        self._objects = objects
        self._max_characters = max_characters
        self._max_concurrency = max_concurrency
        self._quotas = quotas
        self._clock = clock
        self._limits = limits or Limits()

    def plan(self, run: Run) -> Plan:
        """Plan a run. The plan has no chunks if the batch has ended; an invalid manifest ends it as failed."""
        batch = self._table.change(run.batch, lambda batch: begun(batch, run, self._clock))
        folder = BatchFiles.of(self._objects, batch)
        if batch.ended or batch.redrives != run.run:
            chunks = 0
        elif run.run:
            chunks = folder.put_notes(run.run, self._left(folder, batch))
        else:
            chunks = self._planned(batch, folder, run)
        most = min(batch.order.max_concurrency or self._max_concurrency, self._max_concurrency)
        return Plan(chunks=chunks, key=folder.notes_key(run.run), max_concurrency=most)

    def _planned(self, batch: Record, folder: BatchFiles, run: Run) -> int:
        """Write the plan and return its number of chunks. Leaves the batch speaking, or failed."""
        if batch.state is BatchState.SPEAKING:  # an earlier attempt completed the plan and died
            return batch.chunks
        try:
            tally = self._write(batch, folder, folder.order(), run)
            self._charge(batch, tally)
        except (InvalidManifest, TooMany) as error:
            fault = to_job_error(error)
            self._table.change(run.batch, lambda batch: failed(batch, fault, self._clock))
            return 0
        planned = self._table.change(run.batch, lambda batch: self._with_plan(batch, tally))
        return planned.chunks if planned.state is BatchState.SPEAKING else 0

    def _write(self, batch: Record, folder: BatchFiles, order: Order, run: Run) -> Tally:
        if run.manifest is None:
            raise InvalidManifest("The run was started without a manifest.", code="manifest_missing")
        planner = self._planner(order, batch.tenant)
        blocks = self._objects.pinned(run.manifest)
        rows = read_rows(blocks, run.manifest_format, fields=planner.fields, limits=self._limits)
        tally = Tally()
        with folder.planning() as write:
            for part in planner.plan(rows):
                write(part)
                tally.add(part)
        return tally

    def _charge(self, batch: Record, tally: Tally) -> None:
        """Count the batch's characters against the key's quota, once per batch; raise TooMany over the quota."""
        if self._with_plan(batch, tally).state is BatchState.SPEAKING:
            payer = Caller(tenant=batch.tenant, key=batch.key, characters_a_day=batch.characters_a_day)
            self._quotas.once(batch.id, payer, tally.characters)

    def _planner(self, order: Order, tenant: str) -> ItemPlanner:
        house = self._house
        return ItemPlanner(
            order=order,
            tenant=tenant,
            names=house.names,
            voices=house.voices,
            policy=house.policy,
            max_characters=self._max_characters,
        )

    def _with_plan(self, batch: Record, tally: Tally) -> Record:
        # Keep a batch that was cancelled meanwhile or planned by another attempt.
        return batch if batch.state is not BatchState.PLANNING else batch.planned(tally, at=self._clock())

    def _left(self, folder: BatchFiles, batch: Record) -> Iterator[Note]:
        """Yield the notes of chunks with an item that is not done."""

        def is_left(note: Note) -> bool:
            results = folder.results(note.chunk, batch.redrives - 1)
            return results is None or any(result.state != "done" for result in results)

        notes = all_notes(folder, batch.chunks)
        return (note for note, left in ahead(lambda note: (note, is_left(note)), notes) if left)


def all_notes(folder: BatchFiles, chunks: int) -> Iterator[Note]:
    """Yield the notes of the first `chunks` chunks of the plan."""
    for first in range(0, chunks, NOTES_AT_ONCE):
        yield from folder.notes(first, min(NOTES_AT_ONCE, chunks - first))


def begun(batch: Record, run: Run, clock: Clock) -> Record:
    """Return the batch at the start of a run. Idempotent; an ended batch changes only for a new redrive."""
    if run.run > batch.redrives:
        return batch.redriven(at=clock())
    # Unchanged if already begun, so that concurrent starts cause one write.
    return batch.moved(BatchState.PLANNING, at=clock()) if batch.state is BatchState.CREATED else batch


def failed(batch: Record, error: JobError, clock: Clock) -> Record:
    """Return the batch as failed, or unchanged if it has ended meanwhile."""
    return batch if batch.ended else batch.moved(BatchState.FAILED, at=clock(), error=error)
