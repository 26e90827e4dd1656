"""Jobs in a DynamoDB table. Long scripts are in S3: a row is limited to 400 kB, and each write is billed for all of it.

Key: id. Indexes: by_tenant (tenant, listed), by_batch (batch, listed), due (due_shard, due_at). The first two contain
only immutable attributes, so that a state change writes only the row and `due`.
"""

import logging
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from herald.aws.clients import translate_errors
from herald.aws.dynamo import (
    CHANGE_ID,
    Change,
    Row,
    UnreadableHandler,
    Value,
    ignore_unreadable,
    iso,
    read_row,
    retry_conflicts,
)
from herald.aws.job_rows import JobLists, due_at, from_row, is_id, to_attributes, to_row, to_value
from herald.aws.usage_rows import SpendingTable
from herald.errors import Unavailable
from herald.jobs.job import CANCELLABLE, ENDS, Job, Retention, State, sources
from herald.jobs.job_price import SCRIPT_IN_ROW
from herald.jobs.ports import JobTable, Spend

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

logger = logging.getLogger(__name__)

TEXTS_FOLDER = "texts/"
_HELD = frozenset(State) - ENDS - CANCELLABLE
"""States in which a worker may hold a job."""
_DUE = ("due_shard", "due_at")
_FIXED = frozenset({"id", "tenant", "use_case", "batch", "created_at", "state", "updated_at"})
"""Fields that `changes` may not contain: they are part of an index, or set by the move itself."""


class TextStore:
    """Long texts in the audio bucket, keyed by job and content, so that jobs never share one."""

    def __init__(self, s3: "S3Client", *, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def put(self, job_id: str, text: str) -> str:
        """Store a text; return its key."""
        body = text.encode()
        key = f"{TEXTS_FOLDER}{job_id}/{sha256(body).hexdigest()[:32]}.json"
        with translate_errors("S3"):
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json")
        return key

    def get(self, key: str) -> str | None:
        """Return a text, or None if it has been deleted."""
        with translate_errors("S3"):
            try:
                response = self._s3.get_object(Bucket=self._bucket, Key=key)
            except self._s3.exceptions.NoSuchKey:
                return None
            return response["Body"].read().decode()

    def delete(self, key: str) -> None:
        """Delete a text. Failures are only logged: the bucket's lifecycle deletes it later."""
        try:
            with translate_errors("S3"):
                self._s3.delete_object(Bucket=self._bucket, Key=key)
        except Unavailable as error:
            logger.warning("Deleting a text failed; it remains until it expires: %s", error.message)


class DynamoJobTable(SpendingTable, JobLists, JobTable):
    """Implements JobTable; `unreadable` is called for every unreadable row."""

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        *,
        table: str,
        texts: TextStore,
        unreadable: UnreadableHandler = ignore_unreadable,
    ) -> None:
        super().__init__(dynamodb, table=table, unreadable=unreadable)
        self._texts = texts

    def add(self, job: Job) -> Job:
        """Write a new job, unless a job with its id has not expired or is being processed; return the stored job."""
        script, free = self._script(job), Change()
        expired = f"{free.name('expires_at')} <= {free.value(to_value(job.created_at))}"
        free.require(f"{free.lacks('id')} OR ({expired} AND NOT {free.in_state(_HELD)})")
        with translate_errors("DynamoDB"), suppress(self._dynamodb.exceptions.ConditionalCheckFailedException):
            self._dynamodb.put_item(
                TableName=self._table,
                Item=to_row(job) | script,
                ConditionExpression=free.condition,
                ExpressionAttributeNames=free.names,
                ExpressionAttributeValues=free.values,
            )
            return job
        existing = self._row(job.id)
        if existing is None:
            raise Unavailable("A job with that id has just expired. Try again.")
        if "text_key" in script and existing.get("script") != script["text_key"]:
            self._texts.delete(script["text_key"]["S"])
        return self._job(existing)

    def get(self, job_id: str) -> Job | None:
        """Return the job with its script (consistent read), or None; raise UnreadableRow if its row is unreadable."""
        row = self._row(job_id)
        return None if row is None else self._job(row)

    def claim(self, job_id: str, to: State, *, worker: str, at: datetime, until: datetime) -> Job | None:
        """Claim a job for a worker; see JobTable."""
        change = Change()
        change.set(to_attributes({"state": to, "updated_at": at, "worker": worker, "lease_until": until}))
        change.set({"due_at": due_at(to, at)})
        change.set_once("begun_at", to_value(at))
        change.count("attempts")
        change.require(change.in_state(sources(to)))
        change.require(change.lacks("gpu"))
        available = [
            f"NOT {change.in_state(_HELD)}",
            change.equals("worker", {"S": worker}),
            change.lacks("lease_until"),
            f"{change.name('lease_until')} <= {change.value({'S': iso(at)})}",
        ]
        change.require(" OR ".join(available))
        row = self._update(job_id, change)
        if row is None:
            return None
        try:
            return self._job(row)
        except Unavailable:  # the script cannot be loaded now: release the job
            self.move(job_id, State.QUEUED, at=at, worker=worker, changes={"lease_until": None})
            raise

    def move(  # noqa: PLR0913
        self,
        job_id: str,
        to: State,
        *,
        at: datetime,
        only_from: Collection[State] = (),
        worker: str | None = None,
        unchanged: Job | None = None,
        changes: Mapping[str, Any] | None = None,
    ) -> Job | None:
        """Change the state of a job and set fields; see JobTable."""
        change = Change()
        allowed = sources(to) & (frozenset(only_from) or sources(to))
        if worker is not None:
            allowed &= _HELD
            change.require(change.equals("worker", {"S": worker}))
        if not allowed:
            return None
        change.require(change.in_state(allowed))
        for name in ("worker", "lease_until", "attempts") if unchanged else ():
            value = getattr(unchanged, name)
            change.require(change.lacks(name) if value is None else change.equals(name, to_value(value)))
        end = {"ended_at": at, "published": False} if to in ENDS else {}
        fields = {"state": to, "updated_at": at} | end | _checked(changes or {})
        _set(change, fields)
        change.set({"due_at": due_at(to, at)})
        row = self._update(job_id, change)
        if row is None:
            return None
        if "text_key" in row and "script" not in row:
            self._texts.delete(row["text_key"]["S"])
        return self._job(row)

    def renew(self, job_id: str, *, worker: str, at: datetime, until: datetime) -> bool:
        """Extend the lease of a job; see JobTable."""
        change = Change()
        change.require(change.in_state({State.SPEAKING}))
        change.require(change.equals("worker", {"S": worker}))
        change.set({"lease_until": {"S": iso(until)}, "due_at": due_at(State.SPEAKING, at)})
        return self._update(job_id, change) is not None

    def note(self, job_id: str, *, worker: str, changes: Mapping[str, Any]) -> bool:
        """Set fields without changing the state; see JobTable."""
        change = Change()
        change.require(change.in_state(_HELD))
        change.require(change.equals("worker", {"S": worker}))
        _set(change, _checked(changes))
        return self._update(job_id, change) is not None

    def amend(self, job_id: str, changes: Mapping[str, Any], *, retention: Retention | None = None) -> Job | None:
        """Set fields in any state; see JobTable."""
        change = Change()
        change.require(change.in_state(frozenset(State)))
        if retention is not None:
            change.require(change.equals("retention", {"S": retention}))
        _set(change, _checked(changes))
        row = self._update(job_id, change)
        return None if row is None else self._job(row)

    def mark_published(self, job_id: str, spend: Spend | None = None) -> bool:
        """Record that the job's end has been published, and add its price to the tenant's spend; see JobTable."""
        change = Change()
        change.require(change.in_state(ENDS))
        change.require(f"{change.lacks('published')} OR {change.equals('published', {'BOOL': False})}")
        change.set({"published": {"BOOL": True}})
        change.remove(_DUE)
        return is_id(job_id) and self._write(job_id, change, spend)

    def postpone_check(self, job_id: str, at: datetime) -> None:
        """Make a job due for the sweeper at `at`, unless it has ended."""
        change = Change()
        change.require(change.in_state(frozenset(State) - ENDS))
        change.set({"due_at": {"S": iso(at)}})
        self._update(job_id, change)

    def _row(self, job_id: str) -> Row | None:
        return read_row(self._dynamodb, self._table, job_id) if is_id(job_id) else None

    def _update(self, job_id: str, change: Change) -> Row | None:
        """Apply a change and return the new row, or None if the condition does not hold.

        Each change stores its id in the row. If the response is lost and botocore repeats the request, the id shows
        that the first one succeeded: an attempt is counted once, and the caller gets the row instead of None.
        """
        if not is_id(job_id):
            return None
        change_id = change.apply_once()
        with translate_errors("DynamoDB"):
            try:
                response = retry_conflicts(
                    lambda: self._dynamodb.update_item(
                        TableName=self._table,
                        Key={"id": {"S": job_id}},
                        **change.parameters,
                        ReturnValues="ALL_NEW",
                        ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    )
                )
            except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
                row: Any = error.response.get("Item", {})
                return dict(row) if row.get(CHANGE_ID) == change_id else None
            return response["Attributes"]

    def _script(self, job: Job) -> Row:
        """Return the attributes of a job's script. `text_key` outlives `script`, to find the object to delete."""
        if job.script is None:
            return {}
        text = job.script.model_dump_json()
        if len(text.encode()) <= SCRIPT_IN_ROW:
            return {"script": {"S": text}}
        key: Value = {"S": self._texts.put(job.id, text)}
        return {"script": key, "text_key": key}

    def _job(self, row: Row) -> Job:
        script = row.get("script", {}).get("S")
        text = self._texts.get(script) if script and "text_key" in row else script
        return from_row(row, text, self._unreadable)


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    if invalid := changes.keys() & _FIXED | changes.keys() - Job.model_fields.keys():
        raise ValueError(f"A change may not contain {', '.join(sorted(invalid))}.")
    if changes.get("script") is not None:
        raise ValueError("A script can be removed but not changed.")
    return dict(changes)


def _set(change: Change, fields: Mapping[str, Any]) -> None:
    """Set fields of a job; remove those that are None."""
    change.set(to_attributes(fields))
    removed = [name for name, value in fields.items() if value is None]
    change.remove([*removed, "expires"] if "expires_at" in removed else removed)
