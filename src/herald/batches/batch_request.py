"""The request for a batch: options, an optional template, and a manifest."""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from herald.batches.rows import XLSX_TYPE, ManifestFormat, Template
from herald.batches.rows import Field as TemplateField
from herald.errors import InvalidInput, InvalidRequest, TextTooLong
from herald.jobs.body import parse_body, validated
from herald.jobs.job_request import (
    FormatName,
    JobRequest,
    LexiconNames,
    Metadata,
    Rate,
    TextFormatName,
    UseCase,
    WebhookUrl,
)
from herald.jobs.request_fields import (
    USUAL_PAUSES,
    InputTypeName,
    NullIsOmitted,
    PauseSettings,
    VoiceName,
    format_of,
    is_ssml,
)
from herald.speech.ssml.document import parsed
from herald.speech.text import speakable, valid

MOST_ITEMS = 100
"""Most items in a request body; larger batches use a manifest."""
MOST_FIELDS = 200
"""Fields of a template, each counted as often as it occurs: every row looks them up and fills them in."""
MOST_BODY_BYTES = 2_000_000
"""Room for 100 items of about 20 kB."""
_ENDINGS: dict[str, ManifestFormat] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "xlsx"}
_JSONL_TYPES = ("jsonl", "jsonlines", "x-jsonlines", "ndjson", "x-ndjson")
_PLACE = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(.{1,1024})")
"""Bucket names by the rules of S3. The key is not URL-decoded."""
_DOTS = frozenset({".", ".."})


def _time(value: object) -> datetime:
    """Parse an ISO 8601 time with an offset and convert it to UTC."""
    with suppress(ValueError, OverflowError):
        time = datetime.fromisoformat(value) if isinstance(value, str) else value
        if isinstance(time, datetime) and time.tzinfo:
            return time.astimezone(UTC)
    raise PydanticCustomError("time", "A time must include its UTC offset, for example 2027-01-31T12:00:00+01:00")


def _printable(text: str) -> str:
    if not text.isprintable() or not text.strip():
        raise PydanticCustomError("printable", "Send printable characters, without line breaks")
    return text


Time = Annotated[datetime | None, BeforeValidator(_time)]


@dataclass(frozen=True, kw_only=True)
class S3Location:
    """An object in S3."""

    bucket: str
    key: str


class Order(NullIsOmitted):
    """The options of a batch: its request without the manifest."""

    model_config = ConfigDict(extra="ignore", strict=False)

    name: Annotated[str, AfterValidator(_printable)] = Field(
        max_length=128, description="Name for people; printable characters."
    )
    template: str | None = Field(
        default=None,
        description='For example "Hello {first_name}."; write {{ and }} for braces. '
        "Without a template, each row has its own `text`.",
    )
    voice: VoiceName = Field(default="alloy", description="As for a job; a row may override it.")
    response_format: FormatName = Field(default="mp3", description="As for a job; a row may override it as `format`.")
    sample_rate: Rate | None = Field(default=None, description="As for a job.")
    speed: float = Field(default=1.0, ge=0.25, le=4.0, description="A factor; 1.0 is the normal speed of the voice.")
    input_type: InputTypeName = None
    text_format: TextFormatName = None
    pause: PauseSettings = Field(default=USUAL_PAUSES, description="As for a job.")
    lexicons: LexiconNames = None
    use_case: UseCase = Field(default="other", description="A tag such as `welcome-message`, for reports.")
    retention: Literal["expire", "keep"] = Field(default="expire", description="`keep` exempts the files from expiry.")
    delivery: Literal["files", "zip"] = Field(
        default="files",
        description="`zip`: one ZIP archive per child execution with the files of its rows, which costs less. Files "
        "that the GPU synthesizes stay files of their own.",
    )
    priority: Literal["standard", "vip"] | None = Field(
        default=None,
        description="Shown in reports and events; a batch does not use the job queues. Default: the key's tier.",
    )
    deadline: Time = Field(
        default=None, description="When the batch should be done, for example 2027-01-31T12:00:00+01:00."
    )
    tolerated_failure_percent: float = Field(
        default=5.0,
        ge=0,
        le=100,
        description="Share of all rows that may be invalid or fail. Above it the batch fails; finished files are kept.",
    )
    max_concurrency: int | None = Field(
        default=None,
        ge=1,
        le=1_000,
        description="Most child executions that run at once; also limited by the deployment. Up to that limit, a "
        "`deadline` can raise it.",
    )
    items_per_child: int | None = Field(
        default=None,
        ge=1,
        le=500,
        description="Most items per child execution. Default: as many as balance the work of the child executions.",
    )
    metadata: Metadata = Field(
        default_factory=dict,
        description="Up to 16 custom pairs, printable and without line breaks. Returned with the batch.",
    )
    webhook_url: WebhookUrl = None

    @property
    def parsed_template(self) -> Template | None:
        """The parsed template, or None. Raise InvalidRequest `invalid_template` if it is invalid."""
        if self.template is None:
            return None
        return Template.parse(self.template, ssml=is_ssml(self.template, self.input_type))

    def job(self, text: str, *, voice: str = "", response_format: str = "") -> JobRequest:
        """Return the equivalent job of a row; raise InvalidInput if a field is invalid."""
        fields = {
            "input": text,
            "voice": voice or self.voice,
            "response_format": response_format or self.response_format,
            "sample_rate": self.sample_rate,
            "speed": self.speed,
            "input_type": self.input_type,
            "text_format": self.text_format,
            "pause": self.pause,
        }
        return validated(JobRequest, fields)


class BatchRequest(Order):
    """A batch to synthesize: options, and either items or a manifest."""

    model_config = ConfigDict(extra="forbid", strict=True)

    items: Annotated[list[dict[str, str]], Field(min_length=1, max_length=MOST_ITEMS)] | None = Field(
        default=None, description=f"Up to {MOST_ITEMS} rows, each an object of strings."
    )
    manifest: str | None = Field(
        default=None,
        description="A file of rows: s3://bucket/TENANT/key. Without this and `items`, the response contains an upload "
        "form.",
    )
    manifest_format: ManifestFormat | None = Field(
        default=None,
        description="csv, jsonl or xlsx. Default: by the file's name or content type, else by its beginning.",
    )

    @model_validator(mode="after")
    def _one_manifest(self) -> Self:
        if self.items is not None and not (self.manifest is None and self.manifest_format is None):
            raise PydanticCustomError(
                "invalid_request", "Send either 'items' or a manifest, not both.", {"param": "items"}
            )
        if self.manifest is not None and not (_PLACE.fullmatch(self.manifest) and self.manifest.isprintable()):
            raise PydanticCustomError(
                "invalid_request", "A manifest must be an address of the form s3://bucket/key.", {"param": "manifest"}
            )
        return self

    @property
    def place(self) -> S3Location | None:
        """Location of the manifest in S3, if the request names one."""
        match = _PLACE.fullmatch(self.manifest or "")
        return S3Location(bucket=match[1], key=match[2]) if match else None

    @property
    def order(self) -> Order:
        """The options without the manifest."""
        return Order.model_validate(self.model_dump(include=set(Order.model_fields)))


def parse_batch_request(  # noqa: PLR0913  the rules of one deployment
    body: bytes,
    headers: Mapping[str, str],
    *,
    tenant: str,
    now: datetime,
    buckets: Collection[str],
    max_characters: int,
) -> BatchRequest:
    """Parse a batch request from an HTTP body, as strictly as a job request. Header names must be lower-case.

    A manifest must be in one of `buckets`, in the tenant's folder. Faults of the template, which would affect every
    row, are rejected here; herald.batches.planner.ItemPlanner.check validates those that depend on the voices.

    Raise InvalidInput with the field as `param`.
    """
    request = validated(BatchRequest, parse_body(body, headers, max_bytes=MOST_BODY_BYTES))
    if request.deadline and request.deadline <= now:
        raise InvalidRequest(
            "The deadline is in the past. Set a later one, or none.", param="deadline", code="deadline_passed"
        )
    if request.place and request.place.bucket not in buckets:
        raise InvalidRequest(
            "Manifests in that bucket are not allowed. Upload the manifest, or ask the operator to allow the bucket.",
            param="manifest",
            code="bucket_not_allowed",
        )
    # IAM allows reading the whole bucket. S3 treats dot segments literally, but a proxy or client may resolve them.
    if request.place and (
        not request.place.key.startswith(f"{tenant}/") or _DOTS & frozenset(request.place.key.split("/"))
    ):
        raise InvalidRequest(
            f"Your manifests must be in the folder '{tenant}/': s3://{request.place.bucket}/{tenant}/...",
            param="manifest",
            code="prefix_not_allowed",
        )
    check_template(request, max_characters)
    return request


def check_template(order: Order, max_characters: int) -> None:
    """Raise InvalidInput for a template with which every row would be invalid."""
    if len(order.template or "") > max_characters:
        raise TextTooLong(f"The template is over {max_characters} characters.", param="template")
    template = order.parsed_template
    if template is None:
        return
    if sum(isinstance(part, TemplateField) for part in template.parts) > MOST_FIELDS:
        raise InvalidRequest(
            f"The template has more than {MOST_FIELDS} fields, each counted as often as it occurs. Use fewer: a value "
            "can have several sentences.",
            param="template",
            code="invalid_template",
        )
    try:
        sample = template.render(dict.fromkeys(template.fields, "a"))
        # With lexicons, even a template without letters may be speakable, such as one of emoji.
        (valid if order.lexicons else speakable)(sample)
        if format_of(sample, order.text_format, order.input_type) == "ssml":
            parsed(sample)
    except InvalidInput as error:
        error.param = "template"
        raise


def manifest_format(name: str | None, content_type: str | None) -> ManifestFormat | None:
    """Return the format of a manifest by its name, else by its content type; None if only its content decides.

    The type text/csv is ignored, because it is the default of the upload form.
    """
    ending = next((ending for ending in _ENDINGS if (name or "").lower().endswith(ending)), None)
    if ending:
        return _ENDINGS[ending]
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type == XLSX_TYPE:
        return "xlsx"
    return "jsonl" if media_type.removeprefix("application/").removeprefix("text/") in _JSONL_TYPES else None
