"""Convert jobs to DynamoDB rows and back.

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
from herald.jobs.job_states import DUE_AFTER, State
from herald.jobs.script import Script
from herald.speech.audio.formats import find_format

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

type Value = AttributeValueTypeDef
"""A typed attribute value, for example {"S": "queued"}."""
type Row = dict[str, Value]
type UnreadableHandler = Callable[[UnreadableRow], None]
"""Called for each unreadable row, whether it is skipped or the error is raised, to log and count it."""

SHARDS = 8
"""Partitions of the index `due`: a single one is limited to 1,000 writes per second."""
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, UnsupportedFormat)
"""Exceptions raised by reading an unreadable row; pydantic's ValidationError is a ValueError."""
_LONGEST_REASON = 200
SHELF = "of "
"""Prefix of the partition of by_batch that lists a tenant's batches; its space cannot occur in a batch id."""
LISTED = tuple(name for name in Job.model_fields if name != "script")
"""Fields of a job in a list: all except the text, which may be long."""


def iso(at: datetime) -> str:
    """Format a time in UTC so that it sorts as text. pydantic's format does not: it omits microseconds of 0."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def to_value(value: Any) -> Value:  # noqa: ANN401, PLR0911  any field of a job
    """Convert a field of a job to an attribute value; raise TypeError for unsupported types."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str() | Decimal():  # also a State; money keeps all digits
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
            raise TypeError(f"A job cannot contain a value of type {type(value).__name__}.")


def from_value(value: Value) -> Any:  # noqa: ANN401
    """Convert an attribute value to a Python value."""
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
    """Convert fields of a job to attributes, omitting those that are None."""
    row = {name: to_value(value) for name, value in fields.items() if value is not None}
    if at := fields.get("expires_at"):
        row["expires"] = {"N": str(int(at.timestamp()))}  # DynamoDB's time to live
    return row


def to_row(job: Job) -> Row:
    """Return the row of a new job, without its script."""
    row = to_attributes({name: value for name, value in job if name != "script"})
    if not (job.ended and job.told):
        row |= {"due_shard": {"N": str(shard_of(job.id))}, "due_at": due_at(job.state, job.updated_at)}
    return row | {"listed": {"S": listed(job)}}


def due_at(state: State, at: datetime) -> Value:
    """Return when a job that enters `state` at time `at` becomes due for the sweeper."""
    return {"S": iso(at + DUE_AFTER[state])}


def shard_of(job_id: str) -> int:
    """Return the job's partition of the index `due`, from 0 to SHARDS - 1."""
    return crc32(job_id.encode()) % SHARDS


def from_row(row: Row, script: str | None) -> Job:
    """Return the job of a row and its script (JSON), ignoring unknown attributes.

    Raise UnreadableRow if the row is damaged, or if a newer version of Herald wrote values that are unknown here.
    """
    try:
        fields = {name: from_value(value) for name, value in row.items() if name != "script"}
        job = Job.model_validate(fields | {"script": None})
        find_format(job.response_format)
        if script is not None:
            job = job.model_copy(update={"script": Script.model_validate_json(script)})
        return _with_plausible_times(job)
    except _UNREADABLE as error:
        raise unreadable("job", row, error) from None


def read[Model](kind: str, row: Row, parse: Callable[[Row], Model]) -> Model:
    """Parse a row; raise UnreadableRow if its content is damaged."""
    try:
        return parse(row)
    except _UNREADABLE as error:
        raise unreadable(kind, row, error) from None


def unreadable(kind: str, row: Row, error: Exception) -> UnreadableRow:
    """Return the error for an unreadable row. Its message names fields but contains no values."""
    # The row of a batch has no attribute for the tenant; its key in by_batch contains it.
    tenant = row.get("tenant", {}).get("S") or _tenant_of_shelf(row.get("batch", {}).get("S"))
    return UnreadableRow(
        kind,
        row.get("id", {}).get("S", "unknown"),
        _reason(error),
        tenant=tenant if isinstance(tenant, str) else None,
    )


def _tenant_of_shelf(shelf: str | None) -> str | None:
    return shelf.removeprefix(SHELF) if isinstance(shelf, str) and shelf.startswith(SHELF) else None


def _reason(error: Exception) -> str:
    if isinstance(error, UnsupportedFormat):
        return "response_format"
    if isinstance(error, ValidationError):
        fields = sorted({str(fault["loc"][0]) for fault in error.errors(include_input=False) if fault["loc"]})
        return ", ".join(fields)[:_LONGEST_REASON] or "invalid content"
    return f"invalid content, {type(error).__name__}"


def ignore_unreadable(_: UnreadableRow) -> None:
    """Do nothing. The default for commands and tests, which have no metrics."""


def _with_plausible_times(job: Job) -> Job:
    """Order the times of a job (created, begun, ended), which were written by different clocks."""
    begun = job.begun_at and max(job.begun_at, job.created_at)
    ended = job.ended_at and max(job.ended_at, begun or job.created_at)
    return job.model_copy(update={"begun_at": begun, "ended_at": ended})
