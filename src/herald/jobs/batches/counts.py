"""Counts of a batch's rows, which always add up."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, computed_field, model_validator


class Counts(BaseModel):
    """rows = row_errors + done + failed + cancelled + waiting."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    rows: int = Field(default=0, ge=0)
    row_errors: int = Field(default=0, ge=0)
    """Rows that cannot be spoken."""
    done: int = Field(default=0, ge=0)
    failed: int = Field(default=0, ge=0)
    cancelled: int = Field(default=0, ge=0)
    """Items that were not spoken before the batch ended."""

    @model_validator(mode="after")
    def _add_up(self) -> Self:
        if self.waiting < 0:
            raise ValueError("there are more ends than rows")
        return self

    @computed_field  # type: ignore[prop-decorator]  # as pydantic documents it
    @property
    def waiting(self) -> int:
        """Items that have no end yet."""
        return self.rows - self.row_errors - self.done - self.failed - self.cancelled

    @property
    def progress(self) -> float:
        """Which part of the items has an end, from 0 to 1."""
        items = self.rows - self.row_errors
        return (items - self.waiting) / items if items else 0.0

    def over(self, tolerated_percent: float) -> bool:
        """Whether more of the rows were bad, failed or never spoken than is tolerated."""
        return (self.row_errors + self.failed + self.cancelled) * 100 > tolerated_percent * self.rows

    def closed(self) -> Self:
        """At the end of a batch: what still waits will not be spoken."""
        return self.model_copy(update={"cancelled": self.cancelled + self.waiting})

    def reopened(self) -> Self:
        """For another try: all but what is done waits again."""
        return self.model_copy(update={"failed": 0, "cancelled": 0})
