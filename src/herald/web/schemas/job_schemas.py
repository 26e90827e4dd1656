"""Jobs, as the API presents them."""

from typing import Annotated, Literal

from pydantic import Field

from herald.jobs.job import State
from herald.web.schemas.common_schemas import Dollars, Failure, Link, Page, Retention, Shape, Tag, Tier, Time


class Job(Shape):
    """All fields are always present; those without a value yet are null."""

    id: Annotated[str, Field(pattern="^job_[0-9a-f]{32}$")]
    object: Literal["job"] = "job"
    state: State = Field(description="done, failed and cancelled are final.")
    route: str = Field(json_schema_extra={"enum": ["queue", "gpu"]})
    reason: str = Field(description="Why this route was chosen, in words.")
    priority: Tier
    voice: str = Field(description="The voice; several are separated by commas.")
    response_format: str
    characters: int = Field(ge=0)
    use_case: Tag
    retention: Retention
    metadata: dict[str, str]
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


class JobList(Page):
    """Jobs, newest first."""

    data: list[Job]
