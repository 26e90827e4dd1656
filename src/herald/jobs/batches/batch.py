"""A batch: one manifest to many files."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from herald.errors import WrongBatchState
from herald.jobs import job
from herald.jobs.batches.counts import Counts
from herald.jobs.batches.items import Tally
from herald.jobs.batches.request import Order, Place
from herald.jobs.batches.rows import ManifestFormat
from herald.jobs.batches.states import ENDS, MOVES, REDRIVEN, BatchState
from herald.jobs.job import JobError

_ID = re.compile(r"batch_[0-9a-f]{32}")


class Batch(BaseModel):
    """Everything that is known about a batch, but for its rows. Times are in UTC, money in US dollars."""

    # A row of a later version may say more.
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    tenant: str
    key: str | None = None
    """The id of the key that pays for it."""
    characters_a_day: int | None = None
    """The quota of that key when the batch was asked for."""
    state: BatchState = BatchState.CREATED
    order: Order
    fingerprint: str
    """SHA-256 of the request, to tell a repeated one from another under the same Idempotency-Key."""
    place: Place | None = None
    """Where its manifest is, if the caller had put it into S3."""
    manifest_format: ManifestFormat | None = None
    execution: str | None = None
    """The name of the state machine's execution that works on it."""

    created_at: datetime
    updated_at: datetime
    begun_at: datetime | None = None
    """When planning began."""
    speaking_at: datetime | None = None
    """When speaking began, the last time."""
    ended_at: datetime | None = None
    expires_at: datetime | None = None

    counts: Counts = Counts()
    chunks: int = 0
    characters: int = 0
    """Of all items."""
    ended_before: int = 0
    """Items that had an end when speaking began the last time."""
    redrives: int = 0
    price: Decimal = Decimal(0)
    """So far."""
    error: JobError | None = None
    told: bool = True
    """Whether its end has been published; True as long as there is none."""

    @property
    def ended(self) -> bool:
        """Whether it is done, failed or cancelled."""
        return self.state in ENDS

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        return 1.0 if self.ended else self.counts.progress

    def expected_end(self, now: datetime) -> datetime | None:
        """When all is spoken if it goes on as it went; None before that can be told."""
        if self.ended_at:
            return self.ended_at
        ended = self.counts.done + self.counts.failed - self.ended_before
        if self.state is not BatchState.SPEAKING or self.speaking_at is None or ended <= 0:
            return None
        elapsed = max(now - self.speaking_at, timedelta())  # clocks may disagree
        return now + elapsed * (self.counts.waiting / ended)

    def moved(self, to: BatchState, *, at: datetime, **changes: Any) -> Self:  # noqa: ANN401  each a field
        """The batch after a move along the diagram, and other changes; WrongBatchState where there is no such move."""
        if to not in MOVES[self.state]:
            raise WrongBatchState(f"The batch is {self.state.value}: it cannot become {to.value}.")
        return self._as(to, max(at, self.updated_at), changes)

    def planned(self, tally: Tally, *, at: datetime) -> Self:
        """The batch with its plan: it speaks, or has failed as too many rows are bad."""
        counts = Counts(rows=tally.rows, row_errors=tally.row_errors)
        sizes = {"counts": counts, "chunks": tally.chunks, "characters": tally.characters}
        if self._too_bad(counts):
            return self.moved(BatchState.FAILED, at=at, error=self._too_many(counts), **sizes)
        return self.moved(BatchState.SPEAKING, at=at, **sizes)

    def finished(self, counts: Counts, *, at: datetime, price: Decimal) -> Self:
        """The batch at its end, as its results are: done, or failed as too much of it did."""
        counts = counts.closed()
        done = {"counts": counts, "price": price}
        if self._too_bad(counts):
            return self.moved(BatchState.FAILED, at=at, error=self._too_many(counts), **done)
        return self.moved(BatchState.DONE, at=at, **done)

    def redriven(self, *, at: datetime) -> Self:
        """The batch as it speaks again what failed or was left; WrongBatchState where there is no such thing."""
        if self.state not in REDRIVEN or self.speaking_at is None:
            raise WrongBatchState(
                f"The batch is {self.state.value}, or was never planned: there is nothing to redrive."
            )
        if not self.counts.failed + self.counts.cancelled:
            raise WrongBatchState("Nothing of the batch failed: there is nothing to redrive.")
        counts = self.counts.reopened()
        again = {"counts": counts, "ended_before": counts.done, "redrives": self.redrives + 1}
        fresh = {"ended_at": None, "error": None, "told": True}
        return self._as(BatchState.SPEAKING, max(at, self.updated_at), again | fresh)

    def _as(self, state: BatchState, at: datetime, changes: dict[str, Any]) -> Self:
        times: dict[str, Any] = {"state": state, "updated_at": at}
        if state is BatchState.PLANNING:
            times["begun_at"] = self.begun_at or at
        if state is BatchState.SPEAKING:
            times["speaking_at"] = at
        if state in ENDS:
            counts: Counts = changes.get("counts", self.counts)
            changes = changes | {"counts": counts.closed(), "ended_at": at, "told": False}
        return self.model_copy(update=changes | times)

    def _too_bad(self, counts: Counts) -> bool:
        return counts.over(self.order.tolerated_failure_percent)

    def _too_many(self, counts: Counts) -> JobError:
        message = (
            f"Of {counts.rows:,} rows, {counts.row_errors:,} cannot be spoken, {counts.failed:,} failed and "
            f"{counts.cancelled:,} were not reached; tolerated are {self.order.tolerated_failure_percent:g} %. "
            "What was spoken is kept."
        )
        return JobError(code="too_many_failures", message=message)


def new_id(now: datetime) -> str:
    """An id for a batch, sorted by time as those of jobs are."""
    return _named(job.new_id(now))


def id_for(tenant: str, idempotency_key: str) -> str:
    """The one id that a tenant's Idempotency-Key stands for."""
    return _named(job.id_for(tenant, f"batch of {idempotency_key}"))


def is_id(text: str) -> bool:
    """Whether a text could be the id of a batch."""
    return _ID.fullmatch(text) is not None


def _named(job_id: str) -> str:
    return f"batch_{job_id.removeprefix('job_')}"
