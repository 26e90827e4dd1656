"""Batches: one manifest, many audio files.

created ──> planning ──> speaking ──> done
   │           │             ├──────> failed
   └───────────┴─────────────┴──────> failed, cancelled
done, failed and cancelled are final, except that a redrive moves a done or failed batch back to speaking.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, computed_field, model_validator

from herald.batches.batch_request import Order, S3Location
from herald.batches.items import ChunkTotals, Tally
from herald.batches.rows import ManifestFormat, invalid_rows
from herald.errors import WrongBatchState
from herald.jobs import job
from herald.jobs.job import JobError, WebhookOutcome
from herald.jobs.script import LexiconReference

_ID = re.compile(r"batch_[0-9a-f]{32}")


class BatchState(StrEnum):
    """State of a batch."""

    CREATED = "created"
    """Accepted; the manifest may not be uploaded yet."""
    PLANNING = "planning"
    SPEAKING = "speaking"
    DONE = "done"
    """Finished, with no more failures than tolerated."""
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDS = frozenset({BatchState.DONE, BatchState.FAILED, BatchState.CANCELLED})

MOVES: Mapping[BatchState, frozenset[BatchState]] = {
    BatchState.CREATED: frozenset({BatchState.PLANNING, BatchState.FAILED, BatchState.CANCELLED}),
    # PLANNING to itself: a retry continues after an attempt that died.
    BatchState.PLANNING: frozenset(BatchState) - {BatchState.CREATED, BatchState.DONE},
    BatchState.SPEAKING: ENDS,
    BatchState.DONE: frozenset(),
    BatchState.FAILED: frozenset(),
    BatchState.CANCELLED: frozenset(),
}
"""Allowed transitions."""
REDRIVEN = frozenset({BatchState.DONE, BatchState.FAILED})
"""States from which a batch can be redriven."""


def sources(to: BatchState) -> frozenset[BatchState]:
    """Return the states from which a batch may move to `to`."""
    return frozenset(state for state, targets in MOVES.items() if to in targets)


class Counts(BaseModel):
    """Rows by state. Invariant: rows = row_errors + done + failed + cancelled + waiting."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    rows: int = Field(default=0, ge=0)
    row_errors: int = Field(default=0, ge=0)
    """Invalid rows, which did not become items."""
    done: int = Field(default=0, ge=0)
    failed: int = Field(default=0, ge=0)
    cancelled: int = Field(default=0, ge=0)
    """Items without a result when the batch ended."""

    @model_validator(mode="after")
    def _add_up(self) -> Self:
        if self.waiting < 0:
            raise ValueError("more results than rows")
        return self

    @computed_field  # type: ignore[prop-decorator]  # the combination is documented by pydantic
    @property
    def waiting(self) -> int:
        """Items without a result."""
        return self.rows - self.row_errors - self.done - self.failed - self.cancelled

    @property
    def progress(self) -> float:
        """Share of items that have a result, from 0 to 1; 0 if there are no items."""
        items = self.rows - self.row_errors
        return (items - self.waiting) / items if items else 0.0

    def over(self, tolerated_percent: float) -> bool:
        """Return whether more than `tolerated_percent` of all rows are invalid, failed or cancelled."""
        return (self.row_errors + self.failed + self.cancelled) * 100 > tolerated_percent * self.rows

    def closed(self) -> Self:
        """Return the counts at the end of a batch: waiting items become cancelled."""
        return self.model_copy(update={"cancelled": self.cancelled + self.waiting})

    def reopened(self) -> Self:
        """Return the counts for a redrive: failed and cancelled items wait again."""
        return self.model_copy(update={"failed": 0, "cancelled": 0})


class Batch(BaseModel):
    """A batch without its rows. Times are in UTC, prices in US dollars.

    Each finished chunk adds to the totals. At the end they are recomputed from the results.
    """

    # A newer version of Herald may store more fields.
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    tenant: str
    key: str | None = None
    """Id of the API key that is billed."""
    characters_a_day: int | None = None
    """Daily character quota of that key when the batch was submitted; None if unlimited."""
    state: BatchState = BatchState.CREATED
    order: Order
    fingerprint: str
    """SHA-256 of the request, to detect an Idempotency-Key that is reused for a different request."""
    lexicons: tuple[LexiconReference, ...] = ()
    """The lexicons that apply, in the versions of the time of the request."""
    place: S3Location | None = None
    """Location of the manifest, if the request names an object in S3."""
    manifest_format: ManifestFormat | None = None
    execution: str | None = None
    """Name of the state machine's execution for the first run."""

    created_at: datetime
    updated_at: datetime
    begun_at: datetime | None = None
    """Start of planning."""
    speaking_at: datetime | None = None
    """Start of the latest run's synthesis."""
    ended_at: datetime | None = None
    expires_at: datetime | None = None

    remarks: tuple[str, ...] = ()
    """Notes about how the manifest was read, if that may be unexpected."""
    counts: Counts = Counts()
    chunks: int = 0
    characters: int = 0
    """Total of all items."""
    ended_before: int = 0
    """Items that already had a result at `speaking_at`."""
    redrives: int = 0
    price: Decimal = Decimal(0)
    """Accumulated over all runs."""
    counted_price: Decimal = Decimal(0)
    """The part of the price that was added to the tenant's spend."""
    audio_seconds: float = 0.0
    sentences_spoken: int = 0
    sentences_reused: int = 0
    error: JobError | None = None
    published: bool = True
    """Whether the end has been published; True until the batch ends."""
    webhook: WebhookOutcome | None = None
    """Stored outside the document, so that sending a webhook does not change the batch."""

    @property
    def ended(self) -> bool:
        """Whether the batch is done, failed or cancelled."""
        return self.state in ENDS

    @property
    def progress(self) -> float:
        """Share of items that have a result, from 0 to 1; 1 once the batch has ended."""
        return 1.0 if self.ended else self.counts.progress

    @property
    def keeper(self) -> str | None:
        """The id for which the files are kept, or None if they expire."""
        return self.id if self.order.retention == "keep" else None

    @property
    def has_report(self) -> bool:
        """Whether the report exists: it is written before the end is published."""
        return self.ended and self.published and self.begun_at is not None

    def expected_end(self, now: datetime) -> datetime | None:
        """Return the end, or extrapolate it from the items finished since `speaking_at`.

        Return None until the first of them has finished, and in every state without synthesis.
        """
        if self.ended_at:
            return self.ended_at
        ended = self.counts.done + self.counts.failed - self.ended_before
        if self.state is not BatchState.SPEAKING or self.speaking_at is None or ended <= 0:
            return None
        elapsed = max(now - self.speaking_at, timedelta())  # clocks may be skewed
        return now + elapsed * (self.counts.waiting / ended)

    def moved(self, to: BatchState, *, at: datetime, **changes: Any) -> Self:  # noqa: ANN401  any field
        """Return the batch in state `to` with `changes` applied; raise WrongBatchState if MOVES forbids that."""
        if to not in MOVES[self.state]:
            raise WrongBatchState(f"The batch is {self.state.value}; it cannot change to {to.value}.")
        return self._in_state(to, max(at, self.updated_at), changes)

    def planned(self, tally: Tally, *, at: datetime) -> Self:
        """Return the batch after planning: speaking, or failed if too many rows are invalid."""
        counts = Counts(rows=tally.rows, row_errors=tally.row_errors)
        sizes = {"counts": counts, "chunks": tally.chunks, "characters": tally.characters}
        sizes["remarks"] = (*tally.remarks,)
        return self._moved_within_tolerance(BatchState.SPEAKING, counts, at, sizes)

    def finished(self, counts: Counts, *, at: datetime, price: Decimal) -> Self:
        """Return the ended batch: done, or failed if too many rows failed. Waiting items become cancelled."""
        counts = counts.closed()
        totals = {"counts": counts, "price": price}
        return self._moved_within_tolerance(BatchState.DONE, counts, at, totals)

    def redriven(self, *, at: datetime) -> Self:
        """Return the batch in state SPEAKING, with failed and cancelled items waiting again.

        Raise WrongBatchState if the batch was never planned, has not ended, was cancelled, or has no such items.
        """
        if self.state not in REDRIVEN or self.speaking_at is None:
            raise WrongBatchState(
                f"The batch is {self.state.value}, or was never planned. Only a planned batch that is done or failed "
                "can be redriven."
            )
        if not self.counts.failed + self.counts.cancelled:
            raise WrongBatchState("No item of the batch failed or was cancelled: there is nothing to redrive.")
        counts = self.counts.reopened()
        run = {"counts": counts, "ended_before": counts.done, "redrives": self.redrives + 1}
        reset = {"ended_at": None, "error": None, "published": True}
        return self._in_state(BatchState.SPEAKING, max(at, self.updated_at), run | reset)

    def with_totals(self, gained: ChunkTotals) -> Self:
        """Return the batch plus the gains of the current run's chunks; unchanged unless it is speaking."""
        if self.state is not BatchState.SPEAKING:
            return self
        # A chunk that was counted twice must not give more results than items.
        done = min(gained.done, self.counts.waiting)
        failed = min(gained.failed, self.counts.waiting - done)
        ends = {"done": self.counts.done + done, "failed": self.counts.failed + failed}
        return self.model_copy(
            update={
                "counts": self.counts.model_copy(update=ends),
                "price": self.price + gained.price,
                "audio_seconds": self.audio_seconds + gained.audio_milliseconds / 1000,
                "sentences_spoken": self.sentences_spoken + gained.spoken,
                "sentences_reused": self.sentences_reused + gained.reused,
            }
        )

    def _in_state(self, state: BatchState, at: datetime, changes: dict[str, Any]) -> Self:
        times: dict[str, Any] = {"state": state, "updated_at": at}
        if state is BatchState.PLANNING:
            times["begun_at"] = self.begun_at or at
        if state is BatchState.SPEAKING:
            times["speaking_at"] = at
        if state in ENDS:
            counts: Counts = changes.get("counts", self.counts)
            changes = changes | {"counts": counts.closed(), "ended_at": at, "published": False}
        return self.model_copy(update=changes | times)

    def _moved_within_tolerance(self, to: BatchState, counts: Counts, at: datetime, changes: dict[str, Any]) -> Self:
        """Return the batch in state `to`, or failed if too many rows are invalid or failed."""
        if not counts.over(self.order.tolerated_failure_percent):
            return self.moved(to, at=at, **changes)
        counts = counts.closed()
        message = (
            f"{invalid_rows(counts.rows, counts.row_errors)}, {counts.failed:,} failed and {counts.cancelled:,} "
            f"{'was' if counts.cancelled == 1 else 'were'} not processed; the batch tolerates "
            f"{self.order.tolerated_failure_percent:g} %. Finished files are kept."
        )
        return self.moved(
            BatchState.FAILED, at=at, error=JobError(code="too_many_failures", message=message), **changes
        )


def new_id(now: datetime) -> str:
    """Return a new batch id. Ids sort by time, as job ids do."""
    return f"batch_{job.new_id(now).removeprefix('job_')}"


def key_id(tenant: str, idempotency_key: str) -> str:
    """Return the id of the row that maps a tenant's Idempotency-Key to a batch."""
    job_id = job.id_for(tenant, f"batch of {idempotency_key}")
    return f"batch_{job_id.removeprefix('job_')}"


def is_id(text: str) -> bool:
    """Return whether `text` has the form of a batch id."""
    return _ID.fullmatch(text) is not None
