"""Batches in the DynamoDB table of jobs.

Batches appear in the index by_batch under "of <tenant>", which is not a batch id: a tenant's batches can be listed
without another index, and they appear in no list of jobs.

The gains of chunks are summed in separate rows, gain#<batch>#<run>#<number>, so that concurrent child executions
neither conflict with changes of the batch's document nor pay for writing it. Each of these rows contains the set of its
chunk numbers, so that a chunk counts once.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from decimal import Decimal
from itertools import chain
from math import ceil
from typing import Any

from herald.aws.clients import translate_errors
from herald.aws.dynamo import SHELF, Change, Row, read, read_row, read_rows
from herald.aws.job_rows import from_cursor, from_value, is_id, list_key, to_cursor
from herald.aws.usage_rows import SpendingTable
from herald.batches.batch import Batch, BatchState
from herald.batches.batch_ports import BatchPage, BatchTable, SpendOfChange, no_spend
from herald.batches.items import ChunkTotals
from herald.errors import Unavailable, UnknownBatch, UnreadableRow
from herald.jobs.job import WebhookOutcome
from herald.jobs.ports import Spend

_ATTEMPTS = 8
_CHUNKS_IN_ROW = 400
"""Most chunks that share a row of sums; their numbers take 2 kB."""
_SUMS_TTL = 30 * 86_400
"""Lifetime of a row of sums after its last update, in seconds. The sums are read only while the batch is speaking."""


class DynamoBatchTable(SpendingTable, BatchTable):
    """Implements BatchTable."""

    def add(self, batch: Batch) -> Batch:
        """Write a new batch unless its id exists; return the stored batch."""
        row: Row = _document(batch) | {
            "id": {"S": batch.id},
            "batch": {"S": _shelf(batch.tenant)},
            "listed": {"S": list_key(batch)},
            "version": {"N": "0"},
        }
        with translate_errors("DynamoDB"):
            try:
                self._dynamodb.put_item(TableName=self._table, Item=row, ConditionExpression="attribute_not_exists(id)")
            except self._dynamodb.exceptions.ConditionalCheckFailedException:
                existing = self.get(batch.id)
                if existing is None:
                    raise Unavailable("A batch with that id has just expired. Try again.") from None
                return existing
            return batch

    def claim_key(self, key_id: str, batch: Batch) -> str:
        """Return the id of the batch that has an Idempotency-Key; see BatchTable."""
        row: Row = {"id": {"S": key_id}, "owner": {"S": batch.id}}
        free = Change()
        now = free.value({"N": str(int(batch.created_at.timestamp()))})
        free.require(f"{free.lacks('id')} OR {free.name('expires')} <= {now}")
        with translate_errors("DynamoDB"):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=row | _expiry(batch),
                    ConditionExpression=free.condition,
                    ExpressionAttributeNames=free.names,
                    ExpressionAttributeValues=free.values,
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
                taken: Any = error.response
                # Earlier versions stored the batch itself under the id of its key.
                return str(taken["Item"].get("owner", row["id"])["S"])
        return batch.id

    def get(self, batch_id: str) -> Batch | None:
        """Return the batch (consistent read), including the gains of its chunks, or None."""
        batch = self.document(batch_id)
        return batch and self._with_totals(batch)

    def document(self, batch_id: str) -> Batch | None:
        """Return the batch without the gains of its chunks while it is speaking, or None."""
        row = self._row(batch_id)
        return None if row is None else self._record(row)

    def change(self, batch_id: str, update: Callable[[Batch], Batch], spend: SpendOfChange = no_spend) -> Batch:
        """Replace a batch by `update(batch)`; see BatchTable."""
        for _ in range(_ATTEMPTS):
            row = self._row(batch_id)
            if row is None:
                raise UnknownBatch("There is no batch with that id.")
            before = self._with_totals(self._record(row))
            after = update(before)
            if after == before or self._replace(row, before, after, spend(before, after)):
                return after
        raise Unavailable("DynamoDB: several processes are changing the same batch. Try again.")

    def add_totals(self, batch: Batch, run: int, chunk: int, gained: ChunkTotals) -> None:
        """Add the gains of a chunk in a run. Idempotent for each chunk and run."""
        numbers = {name: value for name, value in gained if value}
        if not numbers:
            return
        change = Change()
        change.add(numbers)
        change.set({"expires": {"N": str(int(time.time()) + _SUMS_TTL)}})
        change.include("chunks", chunk)
        with translate_errors("DynamoDB"), suppress(self._dynamodb.exceptions.ConditionalCheckFailedException):
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"id": {"S": _sums_of(batch, run)[chunk % _sums_rows(batch)]}},
                **change.parameters,
            )

    def page(self, tenant: str, *, limit: int, cursor: str | None) -> BatchPage:
        """Return a tenant's batches, newest first, without unreadable rows; raise InvalidCursor for a bad cursor."""
        place = from_cursor(cursor) if cursor is not None else "~"
        with translate_errors("DynamoDB"):
            response = self._dynamodb.query(
                TableName=self._table,
                IndexName="by_batch",
                KeyConditionExpression="#batch = :batch AND listed < :place",
                ExpressionAttributeNames={"#batch": "batch"},
                ExpressionAttributeValues={":batch": {"S": _shelf(tenant)}, ":place": {"S": place}},
                ScanIndexForward=False,
                Limit=limit,
            )
        last = response.get("LastEvaluatedKey")
        batches = self._readable([item["id"]["S"] for item in response["Items"]])
        return BatchPage(batches=batches, cursor=to_cursor(last["listed"]["S"]) if last else None)

    def _readable(self, ids: list[str]) -> list[Batch]:
        """Return batches in the order of `ids`, without missing and unreadable ones (`_record` reports those)."""
        rows = {row["id"]["S"]: row for row in read_rows(self._dynamodb, self._table, ids)}
        found = []
        for row in (rows[batch_id] for batch_id in ids if batch_id in rows):
            with suppress(UnreadableRow):
                found.append(self._record(row))
        sum_ids = {batch.id: _sums_of(batch, batch.redrives) for batch in found if batch.state is BatchState.SPEAKING}
        rows = {row["id"]["S"]: row for row in read_rows(self._dynamodb, self._table, chain(*sum_ids.values()))}
        sums = {batch_id: [rows[row_id] for row_id in ids if row_id in rows] for batch_id, ids in sum_ids.items()}
        return [batch.with_totals(_total(sums[batch.id])) if batch.id in sums else batch for batch in found]

    def _record(self, row: Row) -> Batch:
        return read("batch", row, _record, self._unreadable)

    def _with_totals(self, batch: Batch) -> Batch:
        """Add the gains of its chunks to a speaking batch; in other states the document includes them."""
        if batch.state is not BatchState.SPEAKING:
            return batch
        return batch.with_totals(_total(read_rows(self._dynamodb, self._table, _sums_of(batch, batch.redrives))))

    def _row(self, batch_id: str) -> Row | None:
        if not is_id(batch_id):
            return None
        row = read_row(self._dynamodb, self._table, batch_id)
        return row if row and "document" in row else None  # the row of a job has no document

    def _replace(self, row: Row, before: Batch, after: Batch, spend: Spend | None) -> bool:
        """Write the document unless it has changed since `row` was read; return whether it was written.

        The spend is added in the same transaction.
        """
        if before.state is after.state is BatchState.SPEAKING:
            raise ValueError("A speaking batch may only be ended; add_totals() changes its totals.")
        version = int(row["version"]["N"])
        changes = _document(after) | {"version": {"N": str(version + 1)}}
        change = Change()
        change.set(changes)
        change.require(change.equals("version", {"N": str(version)}))
        return self._write(row["id"]["S"], change, spend)


def _shelf(tenant: str) -> str:
    """Return the partition of by_batch that lists a tenant's batches."""
    return f"{SHELF}{tenant}"


def _document(batch: Batch) -> Row:
    row: Row = {"state": {"S": batch.state.value}, "document": {"S": batch.model_dump_json(exclude={"webhook"})}}
    return row | _expiry(batch)


def _expiry(batch: Batch) -> Row:
    """Return DynamoDB's time to live of a batch."""
    return {"expires": {"N": str(int(batch.expires_at.timestamp()))}} if batch.expires_at else {}


def _record(row: Row) -> Batch:
    batch = Batch.model_validate_json(row["document"]["S"])
    if "webhook" not in row:
        return batch
    return batch.model_copy(update={"webhook": WebhookOutcome.model_validate(from_value(row["webhook"]))})


def _sums_rows(batch: Batch) -> int:
    """Return the number of rows over which a run's sums are spread, to bound their size and write rate."""
    return max(1, ceil(batch.chunks / _CHUNKS_IN_ROW))


def _sums_of(batch: Batch, run: int) -> list[str]:
    return [f"gain#{batch.id}#{run}#{number}" for number in range(_sums_rows(batch))]


def _total(rows: Iterable[Row]) -> ChunkTotals:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        for name in ChunkTotals.model_fields.keys() & row.keys():
            sums[name] += Decimal(row[name].get("N", "0"))
    return ChunkTotals(**{name: value if name == "price" else int(value) for name, value in sums.items()})
