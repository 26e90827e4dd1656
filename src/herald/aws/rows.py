"""A job as a row of DynamoDB, and back.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zlib import crc32

from pydantic import BaseModel, ValidationError

from herald.aws.cursors import listed
from herald.errors import UnreadableRow, UnsupportedFormat
from herald.jobs.job import Job
from herald.jobs.script import Script
from herald.jobs.states import LOOK_AFTER, State
from herald.speech.audio.formats import find_format

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

type Value = AttributeValueTypeDef
"""An attribute's value with its type, as {"S": "queued"}."""
type Row = dict[str, Value]
type RowWatch = Callable[[UnreadableRow], None]
"""Is called for each row that cannot be read, whether it is skipped or the error is raised: to log and count it."""

SHARDS = 8
"""Parts of the index by which the sweeper finds jobs: one partition would take 1,000 writes a second at most."""
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, UnsupportedFormat)
"""What reading a damaged row raises; pydantic's ValidationError is a ValueError."""
_LONGEST_REASON = 200
SHELF = "of "
"""Begins the name under which a tenant's batches stand in by_batch; the space keeps it from being any batch's id."""
LISTED = tuple(name for name in Job.model_fields if name != "script")
"""What a list shows of a job; without the text, which may be long."""


def iso(at: datetime) -> str:
    """A time that sorts as text, which pydantic's does not: it leaves out microseconds of 0."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def to_value(value: Any) -> Value:  # noqa: ANN401, PLR0911  any value of a job
    """A value of a job as DynamoDB's."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str() | Decimal():  # also a State; and of money no digit may be lost
            return {"S": str(value)}
        case int() | float():
            return {"N": repr(value)}
        case datetime():
            return {"S": iso(value)}
        case BaseModel():
            return to_value(dict(value))
        case Mapping():
            return {"M": {name: to_value(one) for name, one in value.items()}}
        case _:
            raise TypeError(f"A job holds nothing of the type {type(value).__name__}.")


def from_value(value: Value) -> Any:  # noqa: ANN401
    """A value of DynamoDB as Python's."""
    content: Any
    ((kind, content),) = value.items()
    match kind:
        case "N":
            return Decimal(content)
        case "M":
            return {name: from_value(one) for name, one in content.items()}
        case "L":
            return [from_value(one) for one in content]
        case "NULL":
            return None
        case _:
            return content


def to_attributes(fields: Mapping[str, Any]) -> Row:
    """Fields of a job as attributes of its row, without those that are None."""
    row = {name: to_value(value) for name, value in fields.items() if value is not None}
    if at := fields.get("expires_at"):
        row["expires"] = {"N": str(int(at.timestamp()))}  # DynamoDB's time to live
    return row


def to_row(job: Job) -> Row:
    """The row of a new job, but for its script."""
    row = to_attributes({name: value for name, value in job if name != "script"})
    if not (job.ended and job.told):
        row |= {"due_shard": {"N": str(shard_of(job.id))}, "due_at": due_at(job.state, job.updated_at)}
    return row | {"listed": {"S": listed(job)}}


def due_at(state: State, at: datetime) -> Value:
    """When the sweeper looks at a job that came to a state `at` some time."""
    return {"S": iso(at + LOOK_AFTER[state])}


def shard_of(job_id: str) -> int:
    """The part of the sweeper's index in which a job is."""
    return crc32(job_id.encode()) % SHARDS


def from_row(row: Row, script: str | None) -> Job:
    """Return the job of a row and its script (JSON), ignoring attributes that are not fields of a job.

    Raise UnreadableRow for a row that is damaged, or that a newer version of Herald wrote with values unknown here.
    """
    try:
        fields = {name: from_value(value) for name, value in row.items() if name != "script"}
        job = Job.model_validate(fields | {"script": None})
        find_format(job.response_format)
        said = job if script is None else job.model_copy(update={"script": Script.model_validate_json(script)})
        return _with_plausible_times(said)
    except _UNREADABLE as error:
        raise unreadable("job", row, error) from None


def read[Model](kind: str, row: Row, parse: Callable[[Row], Model]) -> Model:
    """Parse a row; UnreadableRow in place of whatever goes wrong with its content."""
    try:
        return parse(row)
    except _UNREADABLE as error:
        raise unreadable(kind, row, error) from None


def unreadable(kind: str, row: Row, error: Exception) -> UnreadableRow:
    """Return the error for a row that cannot be read. It names fields of ours, and never repeats a value."""
    # A batch's row has no tenant of its own: the name under which its tenant lists it tells whose it is.
    tenant = row.get("tenant", {}).get("S") or _shelf_owner(row.get("batch", {}).get("S"))
    return UnreadableRow(
        kind,
        row.get("id", {}).get("S", "unknown"),
        _reason(error),
        tenant=tenant if isinstance(tenant, str) else None,
    )


def _shelf_owner(shelf: str | None) -> str | None:
    return shelf.removeprefix(SHELF) if isinstance(shelf, str) and shelf.startswith(SHELF) else None


def _reason(error: Exception) -> str:
    if isinstance(error, UnsupportedFormat):
        return "response_format"
    if isinstance(error, ValidationError):
        where = sorted({str(fault["loc"][0]) for fault in error.errors(include_input=False) if fault["loc"]})
        return ", ".join(where)[:_LONGEST_REASON] or "invalid content"
    return f"invalid content, {type(error).__name__}"


def ignore_unreadable(_: UnreadableRow) -> None:
    """Report nothing: the watch of commands and tests, which have no metrics."""


def _with_plausible_times(job: Job) -> Job:
    """The job, begun no earlier than it was made, ended no earlier than it began: several clocks wrote these times."""
    begun = job.begun_at and max(job.begun_at, job.created_at)
    ended = job.ended_at and max(job.ended_at, begun or job.created_at)
    return job.model_copy(update={"begun_at": begun, "ended_at": ended})
