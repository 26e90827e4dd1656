"""Types and base models that several responses share."""

from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from herald.jobs.job import JobError


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


class Failure(Shape):
    """Why something failed."""

    code: str = Field(description="Stable; listed in the table of errors.")
    message: str = Field(description="For people; contains none of the text.")

    @classmethod
    def of(cls, error: JobError | None) -> Self | None:
        """Convert the error of a job, a batch or an item; return None if there is no error."""
        return cls(code=error.code, message=error.message) if error else None


class List(Shape):
    """A list, or one page of it."""

    object: Literal["list"] = "list"


class Page(List):
    """One page of a list, with the cursor of the next."""

    has_more: bool
    next_cursor: str | None = Field(description="The `cursor` of the next page; null on the last.")
