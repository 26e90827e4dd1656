"""Convert jobs to DynamoDB rows and back, and the cursors of lists of jobs and batches.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zlib import crc32

from pydantic import BaseModel

from herald.aws.dynamo import Row, Value, iso, read
from herald.batches.batch import Batch
from herald.errors import InvalidCursor
from herald.jobs.job import DUE_AFTER, Job, State
from herald.jobs.script import Script
from herald.speech.audio.formats import find_format

_ID = "[A-Za-z0-9_-]{1,64}"
_LISTED = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}Z#{_ID}", re.ASCII)
_LONGEST = 200
"""Longest cursor, in characters."""


def is_id(text: str) -> bool:
    """Return whether `text` has the form of a job or batch id."""
    return re.fullmatch(_ID, text) is not None


def list_key(job: Job | Batch) -> str:
    """Return the sort key of a job or batch in its lists: creation time in milliseconds, and id."""
    at = job.created_at.astimezone(UTC).replace(tzinfo=None)
    return f"{at.isoformat(timespec='milliseconds')}Z#{job.id}"


def to_cursor(place: str) -> str:
    """Return the cursor for the entries after a sort key."""
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def from_cursor(cursor: str) -> str:
    """Return the sort key of a cursor; raise InvalidCursor for anything that `to_cursor` does not return."""
    with suppress(ValueError):  # invalid base64, other characters, or an impossible time
        place = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii") if len(cursor) <= _LONGEST else ""
        if _LISTED.fullmatch(place) and to_cursor(place) == cursor:
            datetime.fromisoformat(place.partition("#")[0])
            return place
    raise InvalidCursor(
        "Invalid cursor for this list. Send the next_cursor of the previous page unchanged.", param="cursor"
    )


SHARDS = 8
"""Partitions of the index `due`: a single one is limited to 1,000 writes per second."""
LISTED = tuple(name for name in Job.model_fields if name != "script")
"""Fields of a job in a list: all except the text, which may be long."""


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
    return row | {"listed": {"S": list_key(job)}}


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

    def parse(row: Row) -> Job:
        fields = {name: from_value(value) for name, value in row.items() if name != "script"}
        job = Job.model_validate(fields | {"script": None})
        find_format(job.response_format)
        if script is not None:
            job = job.model_copy(update={"script": Script.model_validate_json(script)})
        # Order the times, which were written by different clocks.
        begun = job.begun_at and max(job.begun_at, job.created_at)
        ended = job.ended_at and max(job.ended_at, begun or job.created_at)
        return job.model_copy(update={"begun_at": begun, "ended_at": ended})

    return read("job", row, parse)
