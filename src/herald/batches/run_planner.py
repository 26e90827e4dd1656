"""Plan a run: write the items of a batch and its chunks or, for a redrive, select the chunks with unfinished items."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import ceil

from herald.auth.caller import Caller
from herald.auth.quotas import Quotas
from herald.batches.batch import Batch, BatchState
from herald.batches.batch_files import BatchFiles, read_ahead
from herald.batches.batch_ports import BatchTable, Objects, Run
from herald.batches.batch_request import Order
from herald.batches.chunking import LEAST_SECONDS, Block, joined, work_of
from herald.batches.items import ChunkNote, Tally
from herald.batches.manifest import read_rows
from herald.batches.manifest_form import ManifestForm
from herald.batches.manifest_records import ManifestLimits
from herald.batches.planner import ItemPlanner
from herald.batches.rows import RowError
from herald.batches.shared_sentences import PackNote, SentenceCounter
from herald.clock import Clock
from herald.errors import InvalidManifest, TooMany, UnknownLexicon
from herald.jobs.completion import to_job_error
from herald.jobs.job import JobError
from herald.jobs.job_service import ServiceConfig
from herald.jobs.lexicon_service import Chosen, LexiconService

_OVERHEAD_SECONDS = 10.0
"""The duration of a batch without the work of its chunks: starts of functions, the report. Assumed."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Input of the distributed map: the number of chunks, the object key of their notes, and the concurrency."""

    chunks: int
    key: str
    max_concurrency: int
    items: int = 0
    packs: tuple[PackNote, ...] = ()
    """The packs of sentences that are synthesized before the chunks, in the first run."""


@dataclass(kw_only=True)
class RunPlanner:
    """Plans the runs of batches. Planning a run again gives the same items and chunks."""

    config: ServiceConfig
    table: BatchTable
    objects: Objects
    max_characters: int
    max_concurrency: int
    quotas: Quotas
    lexicons: LexiconService
    clock: Clock
    limits: ManifestLimits = field(default_factory=ManifestLimits)

    def plan(self, run: Run) -> Plan:
        """Plan a run. The plan has no chunks if the batch has ended; an invalid manifest ends it as failed."""
        batch = self.table.change(run.batch, lambda batch: begun(batch, run, self.clock))
        folder = BatchFiles.of(self.objects, batch)
        key = folder.notes_key(run.run)
        if batch.ended or batch.redrives != run.run:
            chunks = 0
        elif run.run:
            chunks = folder.put_notes(run.run, _unfinished(folder, batch))
        elif batch.state is BatchState.SPEAKING:  # an earlier attempt completed the plan and died
            chunks = batch.chunks
        else:
            return self._plan_items(batch, folder, run)
        return Plan(
            chunks=chunks,
            key=key,
            max_concurrency=concurrency(batch.order, self.max_concurrency),
            items=batch.counts.rows - batch.counts.row_errors,
        )

    def _plan_items(self, batch: Batch, folder: BatchFiles, run: Run) -> Plan:
        """Write the plan and return it. The batch is then speaking, or failed."""
        nothing = Plan(
            chunks=0, key=folder.notes_key(0), max_concurrency=concurrency(batch.order, self.max_concurrency)
        )
        try:
            tally, plan = self._write(batch, folder, run)
            if self._with_plan(batch, tally).state is BatchState.SPEAKING:
                # Counted once per batch; raises TooMany over the quota of the key.
                payer = Caller(tenant=batch.tenant, key=batch.key, characters_a_day=batch.characters_a_day)
                self.quotas.once(batch.id, payer, tally.characters)
        except (InvalidManifest, TooMany, UnknownLexicon) as error:
            fault = to_job_error(error)
            self.table.change(run.batch, lambda batch: failed(batch, fault, self.clock))
            return nothing
        planned = self.table.change(run.batch, lambda batch: self._with_plan(batch, tally))
        return replace(plan, chunks=planned.chunks) if planned.state is BatchState.SPEAKING else nothing

    def _write(self, batch: Batch, folder: BatchFiles, run: Run) -> tuple[Tally, Plan]:
        """Write the files of a plan, and return its totals and the input of the distributed map."""
        order = folder.order()
        config = self.config.for_tenant(batch.tenant)
        if run.manifest is None:
            raise InvalidManifest("The run was started without a manifest.", code="manifest_missing")
        planner = ItemPlanner(
            order=order,
            tenant=batch.tenant,
            resolver=config,
            max_characters=self.max_characters,
            lexicons=[Chosen(reference, self.lexicons.content(reference)) for reference in batch.lexicons],
        )
        blocks = self.objects.read_version(run.manifest)
        form = ManifestForm()
        rows = read_rows(blocks, run.manifest_format, fields=planner.fields, limits=self.limits, form=form)
        tally, counter, parts = Tally(), SentenceCounter(), list[Block]()
        with folder.planning() as plan:
            for part in planner.plan(rows):
                tally.add(part)
                size = plan.add(part)
                if not isinstance(part, RowError):
                    parts.append(planner.block(part, size))
                    for item in part:
                        counter.add(item)
            processes = concurrency(order, self.max_concurrency)
            if order.items_per_child:
                processes = min(processes, len(parts))
            else:
                processes = min(processes, round(sum(block.seconds for block in parts) / LEAST_SECONDS))
            shared = counter.shared(config.voices, tenant=batch.tenant, processes=processes)
            work = work_of(parts, shared.new)
            # Other attempts plan the same chunks, because the time is that of the first.
            most = concurrency(order, self.max_concurrency, seconds=work.total, now=batch.updated_at)
            if not order.items_per_child:
                parts = list(joined(parts, work, work.chunk_seconds(most)))
            tally.chunks = plan.put_chunks(parts)
        packs = folder.put_sentences(shared.packs)
        tally.remarks = form.remarks()
        key = folder.notes_key(0)
        return tally, Plan(chunks=tally.chunks, key=key, max_concurrency=most, items=tally.items, packs=packs)

    def _with_plan(self, batch: Batch, tally: Tally) -> Batch:
        # Keep a batch that was cancelled meanwhile or planned by another attempt.
        return batch if batch.state is not BatchState.PLANNING else batch.planned(tally, at=self.clock())


def _unfinished(folder: BatchFiles, batch: Batch) -> Iterator[ChunkNote]:
    """Yield the notes of chunks with an item that is not done."""

    def is_unfinished(note: ChunkNote) -> bool:
        results = folder.results(note.chunk, batch.redrives - 1)
        return results is None or any(result.state != "done" for result in results)

    notes = folder.all_notes(batch.chunks)
    return (note for note, unfinished in read_ahead(lambda note: (note, is_unfinished(note)), notes) if unfinished)


def concurrency(order: Order, limit: int, *, seconds: float = 0.0, now: datetime | None = None) -> int:
    """Return how many chunks run at once: `max_concurrency`, or more if `seconds` of work would miss the deadline."""
    asked = order.max_concurrency or limit
    if order.deadline and now:
        left = max(1.0, (order.deadline - now).total_seconds() - _OVERHEAD_SECONDS)
        asked = max(asked, ceil(seconds / left))
    return min(asked, limit)


def begun(batch: Batch, run: Run, clock: Clock) -> Batch:
    """Return the batch at the start of a run. Idempotent; an ended batch changes only for a new redrive."""
    if run.run > batch.redrives:
        return batch.redriven(at=clock())
    # Unchanged if already begun, so that concurrent starts cause one write.
    return batch.moved(BatchState.PLANNING, at=clock()) if batch.state is BatchState.CREATED else batch


def failed(batch: Batch, error: JobError, clock: Clock) -> Batch:
    """Return the batch as failed, or unchanged if it has ended."""
    return batch if batch.ended else batch.moved(BatchState.FAILED, at=clock(), error=error)
