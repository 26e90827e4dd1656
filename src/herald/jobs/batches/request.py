"""What callers ask for: a batch, one template and one manifest to many files."""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from herald.errors import InvalidInput, InvalidRequest, TextTooLong
from herald.jobs.batches.rows import ManifestFormat
from herald.jobs.batches.template import Template
from herald.jobs.body import parse_body, validated
from herald.jobs.request import FormatName, JobRequest, Metadata, Rate, UseCase, VoiceName
from herald.speech.text import speakable

MOST_ITEMS = 100
"""In a body; more are a manifest."""
MOST_BODY_BYTES = 2_000_000
"""Room for 100 items of some 20 kB."""
_JSONL_NAMES = (".jsonl", ".ndjson")
_JSONL_TYPES = ("jsonl", "jsonlines", "x-jsonlines", "ndjson", "x-ndjson")
_PLACE = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(.{1,1024})")
"""Buckets as S3 allows their names; a key is taken as it is, + and %2B too."""
_DOTS = frozenset({".", ".."})


def _time(value: object) -> datetime | None:
    """A time in UTC."""
    if value is None:
        return None
    with suppress(ValueError, OverflowError):
        time = datetime.fromisoformat(value) if isinstance(value, str) else value
        if isinstance(time, datetime) and time.tzinfo:
            return time.astimezone(UTC)
    raise PydanticCustomError("time", "A time is written with its zone, as 2027-01-31T12:00:00+01:00")


def _printable(text: str) -> str:
    if not text.isprintable() or not text.strip():
        raise PydanticCustomError("printable", "Send printable characters, without line breaks")
    return text


Time = Annotated[datetime | None, BeforeValidator(_time)]
Row = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Place:
    """An object in S3."""

    bucket: str
    key: str


class Order(BaseModel):
    """What a batch remembers of its request: all but the items."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Annotated[str, AfterValidator(_printable)] = Field(max_length=128, description="For people; printable.")
    template: str | None = Field(
        default=None,
        description='As "Hello {first_name}."; {{ and }} are braces. Left out: each row has a `text` of its own.',
    )
    voice: VoiceName = Field(default="alloy", description="As of a job; a row may name another.")
    response_format: FormatName = Field(default="mp3", description="As of a job; a row may name another, as `format`.")
    sample_rate: Rate | None = Field(default=None, description="As of a job.")
    speed: float = Field(default=1.0, ge=0.25, le=4.0, description="1.0 is the voice's own speed.")
    use_case: UseCase = Field(default="other", description="A tag on each file, as `welcome-message`, for reports.")
    retention: Literal["expire", "keep"] = Field(default="expire", description="`keep` exempts the files from expiry.")
    priority: Literal["standard", "vip"] | None = Field(
        default=None,
        description="Told in reports and events; a batch waits in no queue. As of a job, left out: the key's tier.",
    )
    deadline: Time = Field(default=None, description="When all of it should be spoken, as 2027-01-31T12:00:00+01:00.")
    tolerated_failure_percent: float = Field(
        default=5.0,
        ge=0,
        le=100,
        description="Of all rows. With more bad rows and failed items the batch has failed; what was spoken is kept.",
    )
    max_concurrency: int | None = Field(
        default=None,
        ge=1,
        le=1_000,
        description="Children that speak at once, at most; never more than the deployment allows.",
    )
    items_per_child: int = Field(default=25, ge=1, le=500, description="Most items that one child speaks.")
    metadata: Metadata = Field(
        default_factory=dict,
        description="Up to 16 pairs of the caller's own, printable and without line breaks; given back.",
    )

    @property
    def parsed_template(self) -> Template | None:
        """The template, read."""
        return None if self.template is None else Template.parse(self.template)

    def job(self, text: str, *, voice: str = "", response_format: str = "") -> JobRequest:
        """The job that a row is; InvalidInput for a voice that cannot be one."""
        asked = {
            "input": text,
            "voice": voice or self.voice,
            "response_format": response_format or self.response_format,
            "sample_rate": self.sample_rate,
            "speed": self.speed,
        }
        return validated(JobRequest, asked)


class BatchRequest(Order):
    """A manifest to speak, and how."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    items: Annotated[list[Row], Field(min_length=1, max_length=MOST_ITEMS)] | None = Field(
        default=None, description=f"Up to {MOST_ITEMS} rows, each an object of strings."
    )
    manifest: str | None = Field(
        default=None,
        description="A file of rows, as s3://bucket/TENANT/key. Without this and `items`, the answer says where to "
        "upload it.",
    )
    manifest_format: ManifestFormat | None = Field(
        default=None, description="csv or jsonl. Left out: as the name or the content type says, else csv."
    )

    @model_validator(mode="after")
    def _one_manifest(self) -> Self:
        if self.items is not None and not (self.manifest is None and self.manifest_format is None):
            raise PydanticCustomError(
                "invalid_request", "Send either 'items' or a manifest, not both.", {"param": "items"}
            )
        if self.manifest is not None and not (_PLACE.fullmatch(self.manifest) and self.manifest.isprintable()):
            raise PydanticCustomError(
                "invalid_request", "A manifest is named as s3://bucket/key.", {"param": "manifest"}
            )
        return self

    @property
    def place(self) -> Place | None:
        """Where the manifest is, if it is in S3 already."""
        named = _PLACE.fullmatch(self.manifest or "")
        return Place(bucket=named[1], key=named[2]) if named else None

    @property
    def order(self) -> Order:
        """What the batch remembers."""
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
    """Read a request for a batch from an HTTP body, as strictly as one for a job; `headers` have lower-case names.

    Manifests may be in `buckets` only, in the tenant's own folder. What is wrong with every row (the template) is
    refused here; what depends on the voices is checked by herald.jobs.batches.plan.Planner.check.
    """
    request = validated(BatchRequest, parse_body(body, headers, max_bytes=MOST_BODY_BYTES))
    if request.deadline and request.deadline <= now:
        raise InvalidRequest("The deadline is over already.", param="deadline", code="deadline_passed")
    if request.place:
        _check_place(request.place, tenant, buckets)
    _check_template(request.template, max_characters)
    return request


def _check_place(place: Place, tenant: str, buckets: Collection[str]) -> None:
    """Refuse a manifest outside the tenant's folder of an allowed bucket: the function may read all of the bucket."""
    if place.bucket not in buckets:
        raise InvalidRequest(
            "Manifests are not read from that bucket. Upload the manifest, or ask the operator to allow the bucket.",
            param="manifest",
            code="bucket_not_allowed",
        )
    # S3 takes dot segments literally, but a proxy or a client in between may resolve them.
    if not place.key.startswith(f"{tenant}/") or _DOTS & frozenset(place.key.split("/")):
        raise InvalidRequest(
            f"Your manifests are read from the folder '{tenant}/' only. Name it as s3://{place.bucket}/{tenant}/...",
            param="manifest",
            code="prefix_not_allowed",
        )


def _check_template(text: str | None, max_characters: int) -> None:
    if text is None:
        return
    if len(text) > max_characters:
        raise TextTooLong(f"The template is over {max_characters} characters.", param="template")
    template = Template.parse(text)
    try:
        speakable(template.render(dict.fromkeys(template.fields, "a")))
    except InvalidInput as error:
        error.param = "template"
        raise


def manifest_format(name: str | None, content_type: str | None) -> ManifestFormat:
    """How a manifest is written, where the request does not say: by its name, else its content type; else CSV."""
    if (name or "").lower().endswith((*_JSONL_NAMES, ".csv")):
        return "jsonl" if (name or "").lower().endswith(_JSONL_NAMES) else "csv"
    media_type = (content_type or "").partition(";")[0].strip().lower()
    return "jsonl" if media_type.removeprefix("application/").removeprefix("text/") in _JSONL_TYPES else "csv"
