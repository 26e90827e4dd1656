"""Jobs, as the API shows them."""

from typing import Annotated, Literal

from pydantic import Field

from herald.handlers.shapes.parts import Dollars, Failure, Link, Page, Retention, Shape, Tag, Tier, Time
from herald.jobs.states import State


class Job(Shape):
    """Always the same fields; null where there is nothing yet."""

    id: Annotated[str, Field(pattern="^job_[0-9a-f]{32}$")]
    object: Literal["job"] = "job"
    state: State = Field(description="done, failed and cancelled are ends; nothing leaves them.")
    route: str = Field(json_schema_extra={"enum": ["queue", "gpu"]})
    reason: str = Field(description="Why it went that way, in words.")
    priority: Tier
    voice: str = Field(description="Who speaks; several are joined by a comma.")
    response_format: str
    characters: int = Field(ge=0)
    use_case: Tag
    retention: Retention
    metadata: dict[str, str]
    batch: str | None = Field(description="The batch of which it is an item.")
    retry_of: str | None = Field(description="The failed job that this one tries again.")
    created_at: Time
    begun_at: Time | None
    ended_at: Time | None
    expires_at: Time | None = Field(description="When job and file are deleted; null: never.")
    attempts: int = Field(ge=0, description="How often work on it was begun.")
    hit: bool = Field(description="Whether the file was there already.")
    audio_seconds: float | None
    audio_bytes: int | None
    sample_rate: int | None = Field(description="Hz.")
    audio_url: Link | None = Field(
        description=(
            "Works without a key, for 15 minutes unless the deployment says otherwise; "
            "ask for the job again to get a new one."
        )
    )
    price_expected: Dollars = Field(description="US dollars, estimated when the job was accepted.")
    price: Dollars | None = Field(description="US dollars; docs/costs.md tells how it is reckoned.")
    error: Failure | None


class JobList(Page):
    """Jobs, newest first."""

    data: list[Job]
