"""Every error code, its meaning and its fix. `make openapi` writes the same tables to docs/errors.md."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

TABLES = {
    "requests": "Requests",
    "jobs": "Jobs that failed",
    "batches": "Batches that failed",
    "rows": "Rows that cannot be spoken",
    "items": "Items that failed",
    "voices": "Voices that are refused",
    "inside": "In logs and on the command line",
}
"""Tables by name, with their titles. Each has a JSONL file in this folder."""


class Code(BaseModel):
    """One row of a table. `meaning` and `fix` are Markdown, without a final full stop."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    status: int | None = None
    """HTTP status, if the API responds with the code; some codes of batches are also responses to their start."""
    meaning: str
    fix: str


@cache
def table(name: str) -> tuple[Code, ...]:
    """Return the rows of a table in the order of its file."""
    lines = (Path(__file__).parent / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(Code.model_validate_json(line) for line in lines)


@cache
def by_code() -> dict[str, Code]:
    """Return the rows of all codes that the API responds with, by code."""
    return {row.code: row for name in ("requests", "batches") for row in table(name) if row.status}
