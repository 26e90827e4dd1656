"""Row counts of a batch."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, computed_field, model_validator


class Counts(BaseModel):
    """Rows by state. Invariant: rows = row_errors + done + failed + cancelled + waiting."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    rows: int = Field(default=0, ge=0)
    row_errors: int = Field(default=0, ge=0)
    """Invalid rows, which did not become items."""
    done: int = Field(default=0, ge=0)
    failed: int = Field(default=0, ge=0)
    cancelled: int = Field(default=0, ge=0)
    """Items without a result when the batch ended."""

    @model_validator(mode="after")
    def _add_up(self) -> Self:
        if self.waiting < 0:
            raise ValueError("more results than rows")
        return self

    @computed_field  # type: ignore[prop-decorator]  # the combination is documented by pydantic
    @property
    def waiting(self) -> int:
        """Items without a result."""
        return self.rows - self.row_errors - self.done - self.failed - self.cancelled

    @property
    def progress(self) -> float:
        """Share of items that have a result, from 0 to 1; 0 if there are no items."""
        items = self.rows - self.row_errors
        return (items - self.waiting) / items if items else 0.0

    def over(self, tolerated_percent: float) -> bool:
        """Return whether more than `tolerated_percent` of all rows are invalid, failed or cancelled."""
        return (self.row_errors + self.failed + self.cancelled) * 100 > tolerated_percent * self.rows

    def closed(self) -> Self:
        """Return the counts at the end of a batch: waiting items become cancelled."""
        return self.model_copy(update={"cancelled": self.cancelled + self.waiting})

    def reopened(self) -> Self:
        """Return the counts for a redrive: failed and cancelled items wait again."""
        return self.model_copy(update={"failed": 0, "cancelled": 0})
