"""Every code of an error: what it means, and how to mend it. docs/errors.md has the same tables, by `make openapi`."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

TABLES = {
    "requests": "Requests",
    "jobs": "Jobs that failed",
    "batches": "Batches that failed",
    "rows": "Rows that cannot be spoken",
    "items": "Items that failed",
    "inside": "In logs and on the command line",
}
"""Each a file beside this one, and its title."""


class Code(BaseModel):
    """A line of a table. Meaning and mending are Markdown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    status: int | None = None
    """Of HTTP, where it is answered; of a batch's codes it may be, when the batch is started."""
    meaning: str
    mending: str


@cache
def table(name: str) -> tuple[Code, ...]:
    """The codes of one table, in the order of its lines."""
    lines = (Path(__file__).parent / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(Code.model_validate_json(line) for line in lines)


@cache
def by_code() -> dict[str, Code]:
    """The codes that are answered, by themselves."""
    return {row.code: row for name in ("requests", "batches") for row in table(name) if row.status}
