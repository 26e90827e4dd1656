"""Preview a batch from the beginning of its manifest: the spoken texts, the invalid rows, and the price."""

import json
from base64 import b64decode
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from herald.batches.batch_request import MOST_BODY_BYTES, MOST_ITEMS, Order, check_template
from herald.batches.forecast import BatchForecast, batch_forecast
from herald.batches.items import Item
from herald.batches.manifest import read_rows
from herald.batches.manifest_form import ManifestForm
from herald.batches.manifest_records import ManifestLimits
from herald.batches.planner import ItemPlanner
from herald.batches.rows import ManifestFormat, Row, RowError, invalid_rows
from herald.errors import InvalidInput, InvalidManifest, InvalidRequest
from herald.jobs.body import parse_body, validated
from herald.jobs.completion import to_job_error
from herald.jobs.job import JobError
from herald.jobs.job_price import PriceList
from herald.jobs.lexicon_service import Chosen
from herald.jobs.resolve import Resolver
from herald.speech.reading.reader import spoken_form

MOST_SAMPLE = 1_000_000
"""Characters of a sample."""
MOST_ENCODED = 1_400_000
"""Characters of a sample in base64, which have about as many bytes as MOST_SAMPLE."""
MOST_ERRORS = 1_000
MOST_PLANNED, MOST_READ = 1_000, 1_000_000
"""Rows that are fully checked, as by planning, and characters of their texts. As much SSML takes 10 seconds."""
MOST_SHOWN = 4_096
"""Characters of the longest example that has a spoken form."""
_EXAMPLES = 5
_MOST_ROWS = 50_000
"""Rows whose values are checked, which takes some seconds."""
_LIMITS = ManifestLimits(row_bytes=MOST_SAMPLE, total_bytes=4 * MOST_SAMPLE)


class PreviewRequest(Order):
    """A batch to preview: its options, and its manifest or the beginning of it."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    name: str = Field(
        default="Preview", max_length=128, description="Not used; allowed so that a batch can be sent as is."
    )
    sample: str | None = Field(
        default=None,
        max_length=MOST_SAMPLE,
        description="The manifest, or its beginning: CSV with its header, or JSONL.",
    )
    sample_base64: str | None = Field(
        default=None,
        max_length=MOST_ENCODED,
        description="The same as bytes, in base64, if the encoding is not known; or a whole workbook (.xlsx).",
    )
    items: Annotated[list[dict[str, str]], Field(min_length=1, max_length=MOST_ITEMS)] | None = Field(
        default=None, description=f"Instead of a sample: up to {MOST_ITEMS} rows, each an object of strings."
    )
    manifest_format: ManifestFormat | None = Field(
        default=None, description="csv, jsonl or xlsx. Default: by the beginning of the sample."
    )
    is_beginning: bool = Field(
        default=False, description="The sample is only the beginning of the manifest; its last row may be incomplete."
    )
    rows: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="Rows of the whole manifest, for the estimate. Default: those of the sample.",
    )

    @model_validator(mode="after")
    def _one_sample(self) -> Self:
        if sum(source is not None for source in (self.sample, self.sample_base64, self.items)) != 1:
            raise PydanticCustomError(
                "invalid_request", "Send one of 'sample', 'sample_base64' and 'items'.", {"param": "sample"}
            )
        return self

    @property
    def data(self) -> bytes:
        """The bytes of the sample; raise InvalidRequest if they are not base64."""
        if self.sample_base64 is None:
            return (self.sample or "").encode("utf-8", "surrogatepass")
        try:
            return b64decode(self.sample_base64, validate=True)
        except ValueError:
            raise InvalidRequest("The sample is not base64.", param="sample_base64") from None


@dataclass(frozen=True, kw_only=True)
class Example:
    """An item, and its text as it will be spoken."""

    item: Item
    spoken: str | None
    """None if Herald has no reading rules for the voice, or if the text is long."""


@dataclass(kw_only=True)
class BatchPreview:
    """The preview of a batch."""

    form: ManifestForm
    rows: int = 0
    row_errors: int = 0
    errors: list[RowError] = field(default_factory=list)
    """The first MOST_ERRORS."""
    examples: list[Example] = field(default_factory=list)
    error: JobError | None = None
    """The error with which the whole batch would fail."""
    forecast: BatchForecast | None = None
    is_cut: bool = False
    """Whether the sample has more rows than those that were checked."""

    @property
    def remarks(self) -> list[str]:
        """Remarks on how the sample was read, and on the rows that were not checked."""
        more = f"The list has more than {_MOST_ROWS:,} rows. Only the first {_MOST_ROWS:,} were checked and estimated."
        return [*self.form.remarks(), *([more] if self.is_cut else [])]

    def refuse(self, error: RowError) -> None:
        """Add an invalid row."""
        self.row_errors += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(error)


def parse_preview_request(body: bytes, headers: Mapping[str, str], *, max_characters: int) -> PreviewRequest:
    """Parse a preview request as strictly as that for a batch. Header names must be lower-case."""
    request = validated(PreviewRequest, parse_body(body, headers, max_bytes=MOST_BODY_BYTES))
    check_template(request, max_characters)
    return request


@dataclass(frozen=True, kw_only=True)
class Previewer:
    """Previews the batches of a deployment."""

    resolver: Resolver
    max_characters: int
    max_concurrency: int
    prices: PriceList

    def preview(self, request: PreviewRequest, *, tenant: str, lexicons: Sequence[Chosen] = ()) -> BatchPreview:
        """Return the preview; raise InvalidInput if voice, format and sample rate are not a valid combination.

        In rows beyond MOST_PLANNED and MOST_READ, only values are checked, not voices, letters and SSML.
        """
        planner = ItemPlanner(
            order=request,
            tenant=tenant,
            resolver=self.resolver,
            max_characters=self.max_characters,
            lexicons=lexicons,
        )
        planner.check()
        shown, items = BatchPreview(form=ManifestForm()), list[Item]()
        characters = unread = refused = 0
        try:
            rows = _rows(request, planner.fields, shown.form)
            for row in islice(rows, _MOST_ROWS):
                shown.rows += 1
                if isinstance(row, RowError):
                    shown.refuse(row)
                elif error := planner.value_error(row):
                    shown.refuse(error)
                elif len(items) == MOST_PLANNED or characters >= MOST_READ:
                    unread += 1
                else:
                    characters += planner.size(row)
                    if isinstance(item := planner.item(row), RowError):
                        shown.refuse(item)
                        refused += 1
                    else:
                        items.append(item)
            shown.is_cut = not request.is_beginning and next(rows, None) is not None
        except InvalidManifest as fault:
            shown.error = to_job_error(fault)
        # A fault of a long template makes all rows invalid, but only the first rows were fully checked.
        invalid = shown.row_errors + unread * refused // max(len(items) + refused, 1)
        shown.error = shown.error or _too_many_failures(shown.rows, invalid, request.tolerated_failure_percent)
        shown.examples = [Example(item=item, spoken=self._spoken(item, lexicons)) for item in items[:_EXAMPLES]]
        if items:
            shown.forecast = batch_forecast(
                items,
                rows=max(request.rows or 0, shown.rows) - shown.row_errors,
                prices=self.prices,
                order=request,
                concurrency=min(request.max_concurrency or self.max_concurrency, self.max_concurrency),
            )
        return shown

    def _spoken(self, item: Item, lexicons: Sequence[Chosen]) -> str | None:
        info = self.resolver.voices[item.voice]
        if info.needs_gpu or len(item.text) > MOST_SHOWN:
            return None
        try:
            return spoken_form(
                item.text,
                info.language.replace("_", "-"),
                text_format=item.text_format,
                lexicons=[chosen.lexicon for chosen in lexicons],
            )
        except InvalidInput:  # Herald has no reading rules for the language
            return None


def _rows(request: PreviewRequest, fields: Collection[str], form: ManifestForm) -> Iterator[Row | RowError]:
    data, written = request.data, request.manifest_format
    if request.items is not None:
        data, written = b"".join(json.dumps(row).encode() + b"\n" for row in request.items), "jsonl"
    rows = read_rows([data], written, fields=fields, limits=_LIMITS, form=form)
    return (row for row, _ in pairwise(rows)) if request.is_beginning else rows


def _too_many_failures(rows: int, invalid: int, tolerated: float) -> JobError | None:
    if invalid * 100 <= tolerated * rows:
        return None
    message = f"{invalid_rows(rows, invalid)}; the batch tolerates {tolerated:g} %."
    return JobError(code="too_many_failures", message=message)
