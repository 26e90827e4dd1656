"""The models of batches, as the API presents them."""

from typing import Annotated, Literal

from pydantic import Field

from herald.batches.batch import BatchState
from herald.batches.batch_events import Verdict
from herald.batches.report import ItemState
from herald.web.schemas import Dollars, Failure, Link, Retention, Shape, Tag, Tier, Time, Webhook


class Counts(Shape):
    """rows = row_errors + done + failed + cancelled + waiting at any time; all are 0 until the manifest is read."""

    rows: int = Field(ge=0)
    row_errors: int = Field(ge=0, description="Invalid rows.")
    done: int = Field(ge=0)
    failed: int = Field(ge=0)
    cancelled: int = Field(ge=0, description="Rows not processed before the batch ended.")
    waiting: int = Field(ge=0)


class Sla(Shape):
    """The batch's progress against its deadline."""

    verdict: Verdict
    reason: str = Field(description="The reason for the verdict, in words.")


class Sentences(Shape):
    """Number of sentences, by where their audio came from."""

    spoken: int = Field(ge=0)
    reused: int = Field(ge=0, description="Sentences reused from earlier synthesis.")


class Report(Shape):
    """Links to the report, available shortly after the batch ends.

    They expire after 15 minutes unless the deployment sets another time.
    """

    csv_url: Link
    jsonl_url: Link
    summary_url: Link


class Batch(Shape):
    """All fields are always present; those without a value yet are null."""

    id: Annotated[str, Field(pattern="^batch_[0-9a-f]{32}$")]
    object: Literal["batch"] = "batch"
    name: str
    state: BatchState = Field(
        description="done, failed and cancelled are final, but a redrive restarts a batch that is done or failed."
    )
    voice: str
    response_format: str
    use_case: Tag
    retention: Retention
    delivery: Literal["files", "zip"]
    priority: Tier
    metadata: dict[str, str]
    webhook_url: str | None
    webhook: Webhook | None = Field(description="The delivery to `webhook_url`, of the latest run.")
    deadline: Time | None
    tolerated_failure_percent: float
    remarks: list[str] = Field(
        description="How the manifest was read, where that may surprise: its encoding, its separator, and the columns "
        "whose name is only similar to a field."
    )
    counts: Counts
    progress: float = Field(ge=0, le=1, description="Fraction of the items that have ended.")
    expected_end: Time | None = Field(description="Estimated from the rate so far; after the end, the actual time.")
    sla: Sla
    audio_seconds: float = Field(ge=0)
    sentences: Sentences
    price: Dollars = Field(description="US dollars so far; docs/costs.md explains the calculation.")
    price_per_file: Dollars | None
    created_at: Time
    begun_at: Time | None
    ended_at: Time | None
    expires_at: Time | None = Field(description="When the batch and its files are deleted; null means never.")
    report: Report | None
    redrives: int = Field(ge=0)
    error: Failure | None


class Upload(Shape):
    """An upload form. POST it as multipart/form-data without a key: all fields first, then the manifest as `file`."""

    method: Literal["POST"] = "POST"
    url: Link
    fields: dict[str, str] = Field(description="Send them unchanged, except that Content-Type may differ.")
    max_bytes: int = Field(description="S3 refuses a larger manifest.")
    expires_at: Time = Field(description="An upload must begin before this time.")


class Item(Shape):
    """A row of a manifest and its result."""

    line: int = Field(ge=0, description="Line of the manifest on which the row begins, from 1.")
    id: str | None = Field(description="The row's own id, or one derived from its line; null if it could not be read.")
    state: ItemState = Field(description="row_error means that the row is invalid.")
    audio_url: Link | None = Field(description="Works for 15 minutes without a key. Null if the file is in an archive.")
    archive_url: Link | None = Field(
        description="With the delivery zip: the ZIP archive that contains the file. Works as audio_url does."
    )
    member: str | None = Field(description="Name of the file in the archive.")
    seconds: float | None = Field(description="Length of the audio.")
    price: Dollars | None = Field(description="US dollars.")
    error: Failure | None


class PreviewColumn(Shape):
    """A column of the manifest."""

    name: str = Field(description="As written.")
    field: str | None = Field(description="The field of the template, or Herald's own column, that it is used for.")


class PreviewExample(Shape):
    """A row as it will be said."""

    line: int = Field(ge=0)
    id: str
    text: str = Field(description="The text of the row; of a long one, the beginning.")
    spoken: str | None = Field(
        description="The words that will be said; null if Herald has no reading rules for the voice."
    )
    voice: str
    response_format: str
    characters: int = Field(ge=0)


class PreviewError(Failure):
    """An invalid row."""

    line: int = Field(ge=0)
    id: str | None


class PreviewEstimate(Shape):
    """What the valid rows are expected to take. Sentences that rows share are synthesized once."""

    rows: int = Field(ge=0)
    characters: int = Field(ge=0)
    audio_seconds: float = Field(ge=0)
    price: Dollars
    price_per_file: Dollars
    seconds: float = Field(ge=0, description="From the start to the report.")


class BatchPreview(Shape):
    """What is known of a batch before it is sent."""

    object: Literal["batch_preview"] = "batch_preview"
    format: str = Field(description="csv, jsonl or xlsx.")
    encoding: str = Field(description="For example UTF-8.")
    separator: str | None = Field(description="Separator of the fields of a CSV file.")
    columns: list[PreviewColumn]
    remarks: list[str] = Field(description="As in a batch.")
    rows: int = Field(ge=0, description="Rows of the sample, invalid ones included; blank rows do not count.")
    row_errors: int = Field(ge=0)
    errors: list[PreviewError] = Field(description="The first 1,000 invalid rows.")
    examples: list[PreviewExample] = Field(description="The first rows, at most 5.")
    estimate: PreviewEstimate | None = Field(description="null if no row is valid.")
    error: Failure | None = Field(description="Why the batch would fail as a whole; null if it would not.")
