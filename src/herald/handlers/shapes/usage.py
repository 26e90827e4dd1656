"""What a caller used, as the API shows it."""

from typing import Annotated, Literal

from pydantic import Field

from herald.handlers.shapes.parts import Shape, Tier
from herald.jobs.caller import Scope


class Limits(Shape):
    """What the key may ask for; null: as much as it likes."""

    characters_a_day: int | None
    requests_a_second: int | None


class Today(Shape):
    """Of the key since midnight UTC; of a token, its tenant's."""

    characters: int = Field(ge=0)
    characters_left: int | None = Field(description="null where there is no limit.")


class Day(Shape):
    """What all keys of the tenant used on a day."""

    day: Annotated[str, Field(json_schema_extra={"format": "date"}, description="In UTC.")]
    characters: int = Field(ge=0)
    requests: int = Field(ge=0)


class Usage(Shape):
    """Who asks, what he may, and what was used."""

    object: Literal["usage"] = "usage"
    tenant: str
    tier: Tier
    scopes: list[Scope]
    limits: Limits
    today: Today
    data: list[Day] = Field(description="Day by day, today first.")
