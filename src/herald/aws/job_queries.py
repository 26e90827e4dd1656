"""Lists of jobs: by tenant, by batch, and those due for the sweeper."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from herald.aws.clients import translate_errors
from herald.aws.dynamo import Row, UnreadableHandler, ignore_unreadable, iso, read_rows
from herald.aws.job_rows import LISTED, SHARDS, from_cursor, from_row, list_key, to_cursor
from herald.errors import UnreadableRow
from herald.jobs.job import Job
from herald.jobs.ports import JobFilter, Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_QUERIES = 5
"""Most queries for one page. A selective filter gives a short page with a cursor instead of a slow response."""
_AT_ONCE = 100
"""Most rows per BatchGetItem, a limit of DynamoDB."""


class JobLists:
    """Queries the indexes, which contain only immutable attributes, and then reads the rows.

    Rows are read consistently, without their scripts. Very recent jobs may be missing: indexes are eventually
    consistent.
    """

    def __init__(
        self, dynamodb: "DynamoDBClient", *, table: str, unreadable: UnreadableHandler = ignore_unreadable
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._unreadable = unreadable

    def page(self, tenant: str, wanted: JobFilter) -> Page:
        """Return a tenant's jobs, newest first, skipping unreadable rows; raise InvalidCursor for an invalid cursor.

        A page may contain fewer than `wanted.limit` jobs and still have a cursor, if the filter excludes many.
        """
        place = from_cursor(wanted.cursor) if wanted.cursor is not None else None
        jobs: list[Job] = []
        for _ in range(_QUERIES):
            ids, place = self._listed(tenant, wanted, place)
            read = (self._read(row) for row in self._rows(ids))
            jobs += [
                job
                for job in read
                if isinstance(job, Job)
                and wanted.state in {None, job.state}
                and wanted.use_case in {None, job.use_case}
            ]
            if place is None or len(jobs) > wanted.limit:
                break
        if len(jobs) > wanted.limit:
            jobs = jobs[: wanted.limit]
            place = list_key(jobs[-1])
        return Page(jobs=jobs, cursor=place and to_cursor(place))

    def due(self, before: datetime, limit: int) -> list[Job | UnreadableRow]:
        """Return up to `limit` due jobs, longest overdue first, with an UnreadableRow in place of an unreadable row."""
        soonest = sorted(one for shard in range(SHARDS) for one in self._due(shard, before, limit))[:limit]
        rows = self._rows(job_id for _, job_id in soonest)
        # The index is eventually consistent: a job may have changed since.
        overdue = [row for row in rows if "due_at" in row and row["due_at"]["S"] <= iso(before)]
        return [self._read(row) for row in sorted(overdue, key=lambda row: row["due_at"]["S"])]

    def _read(self, row: Row) -> Job | UnreadableRow:
        try:
            return from_row(row, None)
        except UnreadableRow as error:
            self._unreadable(error)
            return error

    def _listed(self, tenant: str, wanted: JobFilter, place: str | None) -> tuple[list[str], str | None]:
        """Return the ids of jobs after a sort key, and the sort key to continue from, or None at the end."""
        by, of = ("tenant", tenant) if wanted.batch is None else ("batch", wanted.batch)
        is_filtered = any((wanted.state, wanted.use_case, wanted.batch))
        with translate_errors("DynamoDB"):
            answer = self._dynamodb.query(
                TableName=self._table,
                IndexName=f"by_{by}",
                KeyConditionExpression="#of = :of AND listed < :place",
                ExpressionAttributeNames={"#of": by},
                ExpressionAttributeValues={":of": {"S": of}, ":place": {"S": place or "~"}},
                ScanIndexForward=False,
                Limit=_AT_ONCE if is_filtered else min(wanted.limit + 1, _AT_ONCE),
            )
        last = answer.get("LastEvaluatedKey")
        ids = [item["id"]["S"] for item in answer["Items"] if _may_be_wanted(item, tenant, wanted)]
        return ids, last["listed"]["S"] if last else None

    def _due(self, shard: int, before: datetime, limit: int) -> Iterator[tuple[str, str]]:
        """Return due time and job id of the first due jobs of a shard."""
        with translate_errors("DynamoDB"):
            answer = self._dynamodb.query(
                TableName=self._table,
                IndexName="due",
                KeyConditionExpression="due_shard = :shard AND due_at <= :before",
                ExpressionAttributeValues={":shard": {"N": str(shard)}, ":before": {"S": iso(before)}},
                Limit=limit,
            )
        return ((item["due_at"]["S"], item["id"]["S"]) for item in answer["Items"])

    def _rows(self, ids: Iterable[str]) -> list[Row]:
        """Return the rows of `ids` in the same order, without those that no longer exist."""
        wanted = list(dict.fromkeys(ids))
        found = read_rows(self._dynamodb, self._table, wanted, attributes=(*LISTED, "due_at"))
        rows = {row["id"]["S"]: row for row in found}
        return [rows[job_id] for job_id in wanted if job_id in rows]


def _may_be_wanted(item: Row, tenant: str, wanted: JobFilter) -> bool:
    """Return whether to read the row of an index entry. The index by_batch lacks the use case."""
    use_case = item.get("use_case", {}).get("S")
    return item["tenant"]["S"] == tenant and (not use_case or wanted.use_case in {None, use_case})
