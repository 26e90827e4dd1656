"""Jobs as DynamoDB rows: their conversion, and lists by tenant, by batch, and of those due for the sweeper.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zlib import crc32

from pydantic import BaseModel

from herald.aws.clients import translate_errors
from herald.aws.dynamo import DynamoTable, Row, UnreadableHandler, Value, ignore_unreadable, iso, read, read_rows
from herald.errors import InvalidCursor, UnreadableRow
from herald.jobs.job import DUE_AFTER, Job, State
from herald.jobs.ports import JobFilter, Page
from herald.jobs.script import Script
from herald.speech.audio.formats import find_format

if TYPE_CHECKING:
    from herald.batches.batch import Batch

_ID = "[A-Za-z0-9_-]{1,64}"
_LISTED = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}Z#{_ID}", re.ASCII)
_LONGEST = 200
"""Longest cursor, in characters."""
UNFINISHED = timedelta(days=7)
"""How much longer the row of a job that has not ended exists, so that no job is deleted without its end."""
SHARDS = 8
"""Partitions of the index `due`: a single one is limited to 1,000 writes per second."""
LISTED = tuple(name for name in Job.model_fields if name != "script")
"""Fields of a job in a list: all except the text, which may be long."""
_QUERIES = 5
"""Most queries for one page. A selective filter gives a short page with a cursor instead of a slow response."""
_AT_ONCE = 100
"""Most rows per BatchGetItem, a limit of DynamoDB."""


def is_id(text: str) -> bool:
    """Return whether `text` has the form of a job or batch id."""
    return re.fullmatch(_ID, text) is not None


def list_key(job: "Job | Batch") -> str:
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
            return {"M": {name: to_value(content) for name, content in value.items()}}
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
            return {name: from_value(inner) for name, inner in content.items()}
        case "L":
            return [from_value(inner) for inner in content]
        case "NULL":
            return None
        case _:
            return content


def to_attributes(fields: Mapping[str, Any]) -> Row:
    """Convert fields of a job to attributes, omitting those that are None."""
    row = {name: to_value(value) for name, value in fields.items() if value is not None}
    if at := fields.get("expires_at"):
        row |= _time_to_live(at)
    return row


def _time_to_live(at: datetime) -> Row:
    return {"expires": {"N": str(int(at.timestamp()))}}


def to_row(job: Job) -> Row:
    """Return the row of a new job, without its script."""
    row = to_attributes({name: value for name, value in job if name != "script"})
    if job.expires_at and not job.ended:  # its end sets `expires_at`, and with it the attribute, again
        row |= _time_to_live(job.expires_at + UNFINISHED)
    if not (job.ended and job.published):
        row |= {"due_shard": {"N": str(shard_of(job.id))}, "due_at": due_at(job.state, job.updated_at)}
    return row | {"listed": {"S": list_key(job)}}


def due_at(state: State, at: datetime) -> Value:
    """Return when a job that enters `state` at time `at` becomes due for the sweeper."""
    return {"S": iso(at + DUE_AFTER[state])}


def shard_of(job_id: str) -> int:
    """Return the job's partition of the index `due`, from 0 to SHARDS - 1."""
    return crc32(job_id.encode()) % SHARDS


def from_row(row: Row, script: str | None, unreadable: UnreadableHandler = ignore_unreadable) -> Job:
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

    return read("job", row, parse, unreadable)


class JobLists(DynamoTable):
    """Queries the indexes, which contain only immutable attributes, and then reads the rows.

    Rows are read consistently, without their scripts. Very recent jobs may be missing: indexes are eventually
    consistent.
    """

    def page(self, tenant: str, job_filter: JobFilter) -> Page:
        """Return a tenant's jobs, newest first, skipping unreadable rows; raise InvalidCursor for an invalid cursor.

        A page may contain fewer than `job_filter.limit` jobs and still have a cursor, if the filter excludes many.
        """
        after = from_cursor(job_filter.cursor) if job_filter.cursor is not None else None
        jobs: list[Job] = []
        for _ in range(_QUERIES):
            ids, after = self._query_list(tenant, job_filter, after)
            jobs += [
                job
                for row in self._rows(ids)
                if isinstance(job := self._read(row), Job)
                and job_filter.has_state(job)
                and job_filter.use_case in {None, job.use_case}
            ]
            if after is None or len(jobs) > job_filter.limit:
                break
        if len(jobs) > job_filter.limit:
            jobs = jobs[: job_filter.limit]
            after = list_key(jobs[-1])
        return Page(jobs=jobs, cursor=after and to_cursor(after))

    def due(self, before: datetime, limit: int) -> list[Job | UnreadableRow]:
        """Return up to `limit` due jobs, longest overdue first, with an UnreadableRow in place of an unreadable row."""
        first = sorted(due for shard in range(SHARDS) for due in self._due(shard, before, limit))[:limit]
        rows = self._rows(job_id for _, job_id in first)
        # The index is eventually consistent: a job may have changed since.
        overdue = [row for row in rows if "due_at" in row and row["due_at"]["S"] <= iso(before)]
        return [self._read(row) for row in sorted(overdue, key=lambda row: row["due_at"]["S"])]

    def _read(self, row: Row) -> Job | UnreadableRow:
        try:
            return from_row(row, None, self._unreadable)
        except UnreadableRow as error:
            return error

    def _query_list(self, tenant: str, job_filter: JobFilter, after: str | None) -> tuple[list[str], str | None]:
        """Return the ids of jobs after a sort key, and the sort key to continue from, or None at the end."""
        by, of = ("tenant", tenant) if job_filter.batch is None else ("batch", job_filter.batch)
        is_filtered = any((job_filter.state, job_filter.use_case, job_filter.batch))
        with translate_errors("DynamoDB"):
            response = self._dynamodb.query(
                TableName=self._table,
                IndexName=f"by_{by}",
                KeyConditionExpression="#of = :of AND listed < :place",
                ExpressionAttributeNames={"#of": by},
                ExpressionAttributeValues={":of": {"S": of}, ":place": {"S": after or "~"}},
                ScanIndexForward=False,
                Limit=_AT_ONCE if is_filtered else min(job_filter.limit + 1, _AT_ONCE),
            )
        if any(item["tenant"]["S"] != tenant for item in response["Items"]):
            return [], None  # another tenant's batch: a cursor would reveal that it exists
        last = response.get("LastEvaluatedKey")
        # The index by_batch lacks the use case.
        ids = [
            item["id"]["S"]
            for item in response["Items"]
            if "use_case" not in item or job_filter.use_case in {None, item["use_case"]["S"]}
        ]
        return ids, last["listed"]["S"] if last else None

    def _due(self, shard: int, before: datetime, limit: int) -> Iterator[tuple[str, str]]:
        """Return due time and job id of the first due jobs of a shard."""
        with translate_errors("DynamoDB"):
            response = self._dynamodb.query(
                TableName=self._table,
                IndexName="due",
                KeyConditionExpression="due_shard = :shard AND due_at <= :before",
                ExpressionAttributeValues={":shard": {"N": str(shard)}, ":before": {"S": iso(before)}},
                Limit=limit,
            )
        return ((item["due_at"]["S"], item["id"]["S"]) for item in response["Items"])

    def _rows(self, ids: Iterable[str]) -> list[Row]:
        """Return the rows of `ids` in the same order, without those that no longer exist."""
        job_ids = list(dict.fromkeys(ids))
        found = read_rows(self._dynamodb, self._table, job_ids, attributes=(*LISTED, "due_at"))
        rows = {row["id"]["S"]: row for row in found}
        return [rows[job_id] for job_id in job_ids if job_id in rows]
