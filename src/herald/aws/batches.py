"""Batches in the table of jobs.

A batch lies in the index by_batch, under a name that no batch has: so a tenant's batches are listed without another
index, and stand in no list of jobs. What chunks bring is added up in rows of their own, gain#<batch>#<run>#<number>:
many children add at once, and none of them stops a change of the document, or pays for its size. Such a row holds the
numbers of its chunks, so that each counts once.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from herald.aws.changes import Change
from herald.aws.clients import asking
from herald.aws.cursors import from_cursor, is_id, listed, to_cursor
from herald.aws.many import read_rows
from herald.aws.rows import SHELF, Row, RowWatch, ignore_unreadable, read
from herald.errors import Unavailable, UnknownBatch, UnreadableRow
from herald.jobs.batches.ports import BatchPage, BatchTable
from herald.jobs.batches.record import Gained, Record
from herald.jobs.batches.states import BatchState

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 8
_CHUNKS_IN_ROW = 400
"""Their numbers take 2 kB. A batch of as many chunks has one row of sums, a larger one several."""
_COUNTED_FOR = 30 * 86_400
"""Seconds for which sums are kept after the last of them; they are read only while the batch speaks."""


class DynamoBatchTable(BatchTable):
    """The table."""

    def __init__(self, dynamodb: "DynamoDBClient", *, table: str, unreadable: RowWatch = ignore_unreadable) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._unreadable = unreadable

    def add(self, batch: Record) -> Record:
        """Write a new batch, or leave the one that has its id: return what is there now."""
        row: Row = _document(batch) | {
            "id": {"S": batch.id},
            "batch": {"S": _shelf(batch.tenant)},
            "listed": {"S": listed(batch)},
            "version": {"N": "0"},
        }
        with asking("DynamoDB"):
            try:
                self._dynamodb.put_item(TableName=self._table, Item=row, ConditionExpression="attribute_not_exists(id)")
            except self._dynamodb.exceptions.ConditionalCheckFailedException:
                return self._there(batch.id)
            return batch

    def get(self, batch_id: str) -> Record | None:
        """Return the newest row of that id (a consistent read), with all that its chunks have brought, or None."""
        batch = self.document(batch_id)
        return batch and self._grown(batch)

    def document(self, batch_id: str) -> Record | None:
        """Return the same, without what its chunks have brought while it speaks."""
        row = self._row(batch_id)
        return None if row is None else self._record(row)

    def change(self, batch_id: str, how: Callable[[Record], Record]) -> Record:
        """Make a batch what `how` makes of it; see BatchTable."""
        for _ in range(_ATTEMPTS):
            row = self._row(batch_id)
            if row is None:
                raise UnknownBatch("There is no batch of that id.")
            before = self._grown(self._record(row))
            after = how(before)
            if after == before or self._replaced(row, before, after):
                return after
        raise Unavailable("DynamoDB: several change the same batch at this moment. Try again.")

    def gain(self, batch: Record, run: int, chunk: int, gained: Gained) -> None:
        """Add what a chunk brought in a run, once however often it is told."""
        numbers = {name: value for name, value in gained if value}
        if not numbers:
            return
        change = Change()
        change.add(numbers)
        change.set({"expires": {"N": str(int(time.time()) + _COUNTED_FOR)}})
        change.include("chunks", chunk)
        with asking("DynamoDB"), suppress(self._dynamodb.exceptions.ConditionalCheckFailedException):
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"id": {"S": _sums_of(batch, run)[chunk % _sums_rows(batch)]}},
                UpdateExpression=change.update,
                ConditionExpression=change.condition,
                ExpressionAttributeNames=change.names,
                ExpressionAttributeValues=change.values,
            )

    def page(self, tenant: str, *, limit: int, cursor: str | None) -> BatchPage:
        """Return a tenant's batches, newest first, without rows that cannot be read."""
        place = from_cursor(cursor) if cursor is not None else "~"
        with asking("DynamoDB"):
            answer = self._dynamodb.query(
                TableName=self._table,
                IndexName="by_batch",
                KeyConditionExpression="#batch = :batch AND listed < :place",
                ExpressionAttributeNames={"#batch": "batch"},
                ExpressionAttributeValues={":batch": {"S": _shelf(tenant)}, ":place": {"S": place}},
                ScanIndexForward=False,
                Limit=limit,
            )
        found = [self._readable(item["id"]["S"]) for item in answer["Items"]]
        last = answer.get("LastEvaluatedKey")
        batches = [batch for batch in found if batch is not None]
        return BatchPage(batches=batches, cursor=to_cursor(last["listed"]["S"]) if last else None)

    def _readable(self, batch_id: str) -> Record | None:
        """Return a batch, or None where there is none or its row cannot be read, which is reported."""
        try:
            return self.get(batch_id)
        except UnreadableRow:
            return None

    def _record(self, row: Row) -> Record:
        try:
            return read("batch", row, _record)
        except UnreadableRow as error:
            self._unreadable(error)
            raise

    def _grown(self, batch: Record) -> Record:
        """A batch with what its chunks have brought; one that does not speak has that in its document."""
        if batch.state is not BatchState.SPEAKING:
            return batch
        return batch.grown(_gained(read_rows(self._dynamodb, self._table, _sums_of(batch, batch.redrives))))

    def _there(self, batch_id: str) -> Record:
        if (batch := self.get(batch_id)) is None:
            raise Unavailable("A batch of that id expired this moment. Try again.")
        return batch

    def _row(self, batch_id: str) -> Row | None:
        if not is_id(batch_id):
            return None
        with asking("DynamoDB"):
            key = {"id": {"S": batch_id}}
            row = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return row if row and "document" in row else None  # a job has none

    def _replaced(self, row: Row, before: Record, after: Record) -> bool:
        """Write the document, unless somebody else did since `row` was read."""
        if before.state is after.state is BatchState.SPEAKING:
            raise ValueError("A batch that speaks is changed by what its chunks gain, or by its end.")
        version = int(row["version"]["N"])
        changes = _document(after) | {"version": {"N": str(version + 1)}}
        names = {f"#{name}": name for name in changes}
        with asking("DynamoDB"):
            try:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"id": row["id"]},
                    UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in changes),
                    ConditionExpression="#version = :before",
                    ExpressionAttributeNames=names,
                    ExpressionAttributeValues={":before": {"N": str(version)}}
                    | {f":{name}": value for name, value in changes.items()},
                )
            except self._dynamodb.exceptions.ConditionalCheckFailedException:
                return False
            return True


def _shelf(tenant: str) -> str:
    """Return where in by_batch a tenant's batches stand."""
    return f"{SHELF}{tenant}"


def _document(batch: Record) -> Row:
    row: Row = {"state": {"S": batch.state.value}, "document": {"S": batch.model_dump_json()}}
    if batch.expires_at:
        row["expires"] = {"N": str(int(batch.expires_at.timestamp()))}  # DynamoDB's time to live
    return row


def _record(row: Row) -> Record:
    return Record.model_validate_json(row["document"]["S"])


def _sums_rows(batch: Record) -> int:
    """How many rows a run's sums are in: each holds its chunks' numbers, and takes part of the writes."""
    return max(1, ceil(batch.chunks / _CHUNKS_IN_ROW))


def _sums_of(batch: Record, run: int) -> list[str]:
    return [f"gain#{batch.id}#{run}#{number}" for number in range(_sums_rows(batch))]


def _gained(rows: Iterable[Row]) -> Gained:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        for name in Gained.model_fields.keys() & row.keys():
            sums[name] += Decimal(row[name].get("N", "0"))
    return Gained(**{name: value if name == "price" else int(value) for name, value in sums.items()})
