"""What several answers have in common."""

from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from herald.jobs.job import JobError


def time_of(at: datetime) -> str:
    """A time as the API shows it."""
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
    """The base of all answers."""

    # Built when it is first shown: nobody waits for the schemas of what is not.
    model_config = ConfigDict(frozen=True, defer_build=True, json_schema_serialization_defaults_required=True)


class Failure(Shape):
    """Why something failed."""

    code: str = Field(description="Stable; the table of errors has it.")
    message: str = Field(description="For a person, without any of the text.")

    @classmethod
    def of(cls, error: JobError | None) -> Self | None:
        """The same of a job, a batch or an item; None where nothing failed."""
        return cls(code=error.code, message=error.message) if error else None


class List(Shape):
    """A list, or a page of one."""

    object: Literal["list"] = "list"


class Page(List):
    """One page, and where the next one begins. Each list has its own `data`."""

    has_more: bool
    next_cursor: str | None = Field(description="The `cursor` of the next page; null on the last.")
