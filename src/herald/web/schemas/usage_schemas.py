"""A caller's usage, as the API presents it."""

from typing import Annotated, Literal

from pydantic import Field

from herald.auth.caller import Scope
from herald.web.schemas.common_schemas import Shape, Tier


class Limits(Shape):
    """Limits of the key; null means unlimited."""

    characters_a_day: int | None
    requests_a_second: int | None


class Today(Shape):
    """Usage since midnight UTC: of the key, or of all the tenant's tokens together."""

    characters: int = Field(ge=0)
    characters_left: int | None = Field(description="null if unlimited.")


class Day(Shape):
    """Usage of all keys of the tenant on one day."""

    day: Annotated[str, Field(json_schema_extra={"format": "date"}, description="In UTC.")]
    characters: int = Field(ge=0)
    requests: int = Field(ge=0)


class Usage(Shape):
    """The caller, its limits and its usage."""

    object: Literal["usage"] = "usage"
    tenant: str
    tier: Tier
    scopes: list[Scope]
    limits: Limits
    today: Today
    data: list[Day] = Field(description="Usage by day, today first.")
