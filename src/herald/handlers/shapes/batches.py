"""Batches, as the API shows them."""

from typing import Annotated, Literal

from pydantic import Field

from herald.handlers.shapes.parts import Dollars, Failure, Link, Page, Retention, Shape, Tag, Tier, Time
from herald.jobs.batches.listing import ItemState
from herald.jobs.batches.sla import Verdict
from herald.jobs.batches.states import BatchState


class Counts(Shape):
    """rows = row_errors + done + failed + cancelled + waiting, always; 0 until the manifest is read."""

    rows: int = Field(ge=0)
    row_errors: int = Field(ge=0, description="Rows that cannot be spoken.")
    done: int = Field(ge=0)
    failed: int = Field(ge=0)
    cancelled: int = Field(ge=0, description="Not spoken before the batch ended.")
    waiting: int = Field(ge=0)


class Sla(Shape):
    """How it stands to its deadline."""

    verdict: Verdict
    reason: str = Field(description="In words.")


class Sentences(Shape):
    """What was spoken of all sentences."""

    spoken: int = Field(ge=0)
    reused: int = Field(ge=0, description="Taken from those that were spoken before.")


class Report(Shape):
    """Links that work for 15 minutes, unless the deployment says otherwise; there a moment after the end."""

    csv_url: Link
    jsonl_url: Link
    summary_url: Link


class Batch(Shape):
    """Always the same fields; null where there is nothing yet."""

    id: Annotated[str, Field(pattern="^batch_[0-9a-f]{32}$")]
    object: Literal["batch"] = "batch"
    name: str
    state: BatchState = Field(
        description="done, failed and cancelled are ends; only a redrive leads on from done and failed."
    )
    voice: str
    response_format: str
    use_case: Tag
    retention: Retention
    priority: Tier
    metadata: dict[str, str]
    deadline: Time | None
    tolerated_failure_percent: float
    counts: Counts
    progress: float = Field(ge=0, le=1, description="Part of the items that has an end.")
    expected_end: Time | None = Field(description="If it goes on as it went; then its end.")
    sla: Sla
    audio_seconds: float = Field(ge=0)
    sentences: Sentences
    price: Dollars = Field(description="US dollars so far; docs/costs.md tells how it is reckoned.")
    price_per_file: Dollars | None
    created_at: Time
    begun_at: Time | None
    ended_at: Time | None
    expires_at: Time | None = Field(description="When batch and files are deleted; null: never.")
    report: Report | None
    redrives: int = Field(ge=0)
    error: Failure | None


class Upload(Shape):
    """A form: POST it as multipart/form-data, without a key: all fields first, the manifest last, as `file`."""

    method: Literal["POST"] = "POST"
    url: Link
    fields: dict[str, str] = Field(description="Send them unchanged, but for Content-Type, which may be another.")
    max_bytes: int = Field(description="A larger manifest is refused by S3.")
    expires_at: Time = Field(description="Until when an upload may begin.")


class NewBatch(Batch):
    """A batch, and how to upload its manifest."""

    upload: Upload | None = Field(description="null where the batch starts without an upload.")


class BatchList(Page):
    """Batches, newest first."""

    data: list[Batch]


class Item(Shape):
    """A row of a manifest, and what became of it."""

    line: int = Field(ge=0, description="Where its row begins in the manifest, from 1.")
    id: str | None = Field(description="Its own, or told by its line; null where it could not be read.")
    state: ItemState = Field(description="row_error: the row cannot be spoken.")
    audio_url: Link | None = Field(description="Works for 15 minutes without a key.")
    seconds: float | None = Field(description="Of audio.")
    price: Dollars | None = Field(description="US dollars.")
    error: Failure | None


class ItemList(Page):
    """Rows, in the order of the manifest; those that cannot be spoken last."""

    data: list[Item]
