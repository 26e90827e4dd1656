"""The models of responses, as the API presents them; herald.web.batch_schemas has those of batches."""

from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from herald.jobs.job import JobError, State, WebhookOutcome


def time_of(at: datetime) -> str:
    """Return a time in the API's format: UTC with milliseconds, such as 2026-11-22T12:00:00.000Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Time = Annotated[
    datetime, PlainSerializer(time_of, return_type=str), WithJsonSchema({"type": "string", "format": "date-time"})
]
Link = Annotated[str, Field(json_schema_extra={"format": "uri"})]
Dollars = Annotated[float, Field(ge=0)]
Tag = Annotated[str, Field(json_schema_extra={"examples": ["welcome-message"]})]
type Retention = Literal["expire", "keep"]
type Tier = Literal["standard", "vip"]


class Shape(BaseModel):
    """Base of all response models."""

    # Schemas are built on first use, so that a cold start pays only for those it needs.
    model_config = ConfigDict(frozen=True, defer_build=True, json_schema_serialization_defaults_required=True)


class LexiconCard(Shape):
    """A lexicon without its entries."""

    name: str
    object: Literal["lexicon"] = "lexicon"
    version: int = Field(ge=1, description="Each change of the entries adds one.")
    language: str | None = Field(description="BCP 47; null if it applies to every voice.")
    default: bool = Field(description="Whether it applies to requests without the field `lexicons`.")
    size: int = Field(ge=1, description="The number of entries.")
    updated_at: Time


class LexiconEntry(Shape):
    """A word, and its `alias` or its pronunciation in `ipa`; the other one is null."""

    word: str
    alias: str | None
    ipa: str | None
    case: Literal["any", "exact"]


class Lexicon(LexiconCard):
    """A lexicon with its entries."""

    entries: list[LexiconEntry]


class Failure(Shape):
    """Why something failed."""

    code: str = Field(description="Stable; listed in the table of errors.")
    message: str = Field(description="For people; contains none of the text.")

    @classmethod
    def of(cls, error: JobError | None) -> Self | None:
        """Convert the error of a job, a batch or an item; return None if there is no error."""
        return cls(code=error.code, message=error.message) if error else None


class Webhook(Shape):
    """The delivery of a webhook."""

    state: Literal["pending", "retrying", "delivered", "failed"] = Field(
        description="pending: not sent yet, as the job or batch has not ended or has just ended. failed: given up."
    )
    attempts: int = Field(ge=0)
    last_attempt_at: Time | None
    status: int | None = Field(description="HTTP status of the last response; null if there was none.")
    error: Failure | None = Field(description="Why the last attempt failed.")

    @classmethod
    def of(cls, url: str | None, outcome: WebhookOutcome | None, message: str) -> Self | None:
        """Return the delivery of the webhook with the id `message` to `url`; None if there is no URL."""
        if url is None:
            return None
        if outcome is None or outcome.message != message:
            return cls(state="pending", attempts=0, last_attempt_at=None, status=None, error=None)
        return cls(
            state=outcome.state,
            attempts=outcome.attempts,
            last_attempt_at=outcome.at,
            status=outcome.status,
            error=Failure.of(outcome.error),
        )


class Job(Shape):
    """All fields are always present; those without a value yet are null."""

    id: Annotated[str, Field(pattern="^job_[0-9a-f]{32}$")]
    object: Literal["job"] = "job"
    state: State = Field(description="done, failed and cancelled are final.")
    route: str = Field(json_schema_extra={"enum": ["queue", "kokoro", "gpu"]})
    reason: str = Field(description="Why this route was chosen, in words.")
    priority: Tier
    voice: str = Field(description="The voice; several are separated by commas.")
    response_format: str
    characters: int = Field(ge=0)
    use_case: Tag
    retention: Retention
    metadata: dict[str, str]
    webhook_url: str | None
    webhook: Webhook | None = Field(description="The delivery to `webhook_url`.")
    batch: str | None = Field(description="The batch that this job is an item of.")
    retry_of: str | None = Field(description="The failed job that this one retries.")
    created_at: Time
    begun_at: Time | None
    ended_at: Time | None
    expires_at: Time | None = Field(description="When the job and its file are deleted; null means never.")
    attempts: int = Field(ge=0, description="Number of attempts started.")
    hit: bool = Field(description="Whether an existing file was reused.")
    audio_seconds: float | None
    audio_bytes: int | None
    sample_rate: int | None = Field(description="Hz.")
    audio_url: Link | None = Field(
        description=(
            "Works without a key. Expires after 15 minutes unless the deployment sets another time; "
            "get the job again for a new link."
        )
    )
    price_expected: Dollars = Field(description="US dollars, estimated when the job was accepted.")
    price: Dollars | None = Field(description="US dollars; docs/costs.md explains the calculation.")
    error: Failure | None


class Voice(Shape):
    """A voice that a request may name."""

    id: str
    object: Literal["voice"] = "voice"
    language: Annotated[str, Field(json_schema_extra={"examples": ["en_US"]})]
    language_name: str
    languages: list[str] = Field(description="BCP 47 tags of all languages that the voice speaks.")
    engine: Annotated[str, Field(json_schema_extra={"examples": ["spectral", "piper", "kokoro"]})]
    sample_rate: int = Field(description="Hz.")
    quality: str
    licence: str = Field(description="Licence of the model.")
    data_licence: str = Field(description="Licence of the recordings and voices that the model was made from.")
    commercial_use: bool = Field(description="False if one of these licences forbids commercial use.")
    gender: Annotated[str, Field(json_schema_extra={"examples": ["female", "male", "several", "unknown"]})]
    age: Annotated[str, Field(json_schema_extra={"examples": ["adult", "unknown"]})]
    needs_gpu: bool = Field(description="Whether only the GPU speaks it.")
    realtime: bool = Field(description="Whether synchronous requests and streams speak it; otherwise only jobs do.")
    speakers: list[str] = Field(description="Select one with `voice:speaker`.")
    aliases: list[str] = Field(description="Other names that a request may use, including OpenAI's.")


class Health(Shape):
    """Herald is ready to speak."""

    status: Literal["ok"] = "ok"
    version: str
    default_voice: str
