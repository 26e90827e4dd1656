"""Usage of tenants, counted in the table of keys.

Rows: usage#<tenant>#<day> (see usage_rows), rate#<account>#<second> (requests), batch#<id> (a batch that was counted).
All have a time to live, `expires`.
"""

import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from herald.aws import usage_rows as rows
from herald.aws.changes import Change
from herald.aws.clients import Clients, asking, code_of
from herald.aws.many import read_rows
from herald.aws.rows import Row, RowWatch, ignore_unreadable, read
from herald.errors import Unavailable, UnreadableRow
from herald.jobs.caller import Caller
from herald.jobs.quotas import Counters, DayOfUse, Entry, Receipt

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_COUNTED_ONCE = timedelta(days=30)
_RATE_SECONDS = 3_600
"""Longer than clocks of functions differ."""
_PAUSES = (0.02, 0.04, 0.08, 0.16, 0.32)
"""Seconds before a write that met a transaction is made again."""
_CONTENDED = "DynamoDB: too many requests count for the same tenant now. Try again."


class DynamoCounters(Counters):
    """The table."""

    def __init__(self, clients: Clients, *, table: str, unreadable: RowWatch = ignore_unreadable) -> None:
        """Take all clients: DynamoDB's is made by the first call, for which a request without limits need not wait.

        `unreadable` is called with every UnreadableRow.
        """
        self._clients = clients
        self._table = table
        self._unreadable = unreadable
        self._stale: dict[str, list[str]] = {}
        """By row: old marks, which the next write that closes an entry there removes."""

    @property
    def _dynamodb(self) -> "DynamoDBClient":
        return self._clients.dynamodb

    def count_request(self, account: str, second: int, *, most: int) -> bool:
        """Count a request in a second since 1970; False if that second already has `most`."""
        mark = f"open_{token_hex(6)}"
        change = Change()
        change.add({"requests": 1})
        change.set({"expires": {"N": str(second + _RATE_SECONDS)}, mark: {"N": "1"}})
        change.require(change.lacks(mark))
        change.require(change.at_most("requests", most - 1))
        done, row, _ = self._update(f"rate#{account}#{second}", change)
        return done or mark in row

    def count(self, entry: Entry) -> Receipt:
        """Count the characters of a request, and the request, unless the caller has too few characters left."""
        if not _ever_fits(entry.caller, entry.characters):
            return Receipt.REFUSED
        while True:
            done, row, retried = self._update(rows.place_of(entry), rows.counting(entry))
            if done or rows.mark_of(entry) in row:
                self._look_around(row, entry.at)
                return Receipt.RETRIED if retried or not done else Receipt.COUNTED
            if not self._give_back_abandoned(row, entry.at):
                return Receipt.REFUSED

    def keep(self, entry: Entry, *, retried: bool) -> None:
        """Close an entry: its work is done."""
        place = rows.place_of(entry)
        self._update(place, rows.keeping(entry, self._stale.pop(place, []), retried=retried))

    def give_back(self, entry: Entry, *, retried: bool) -> None:
        """Close an entry and count it no more. Doing it twice is the same as once."""
        place = rows.place_of(entry)
        while True:
            done, row, _ = self._update(place, rows.uncounting(entry, retried=retried))
            if done or not retried or rows.is_barred(entry, row):
                return
            # It was given back long ago, or it has not arrived yet and must not any more.
            if self._update(place, rows.barring(entry))[0]:
                return

    def count_once(self, name: str, caller: Caller, at: datetime, characters: int) -> bool:
        """Count characters, and a request, unless that was done for this name; False if there are too few left."""
        day = at.astimezone(UTC).date()
        mark: Row = {"id": {"S": f"batch#{name}"}, "expires": {"N": str(rows.start_of(day + _COUNTED_ONCE))}}
        once: Any = {"TableName": self._table, "Item": mark, "ConditionExpression": "attribute_not_exists(id)"}
        update = self._write(rows.place(caller.tenant, day), rows.adding(caller, day, characters))
        return _ever_fits(caller, characters) and self._both(once, update, at)

    def days(self, tenant: str, days: Iterable[date], at: datetime) -> dict[date, DayOfUse]:
        """Return what a tenant has used on some days, as known at a time, without the days of no use."""
        ids = {rows.place(tenant, day): day for day in days}
        found = read_rows(self._dynamodb, self._table, ids)
        used = {}
        for row in found:
            if "characters" in row:  # else it has marks only
                try:
                    used[ids[row["id"]["S"]]] = read("usage", row, lambda row: rows.day_of_use(row, at))
                except UnreadableRow as error:
                    self._unreadable(error)
        return used

    def _look_around(self, row: Row, now: datetime) -> None:
        """Deal with what other requests left in a row: abandoned entries, and marks that are needed no more."""
        with suppress(Unavailable):  # the next request sees them too
            self._give_back_abandoned(row, now)
        if stale := rows.stale_marks(row, now):
            self._stale[row["id"]["S"]] = stale

    def _give_back_abandoned(self, row: Row, now: datetime) -> bool:
        """Take entries out of the sums that nobody will close; tell whether there were any."""
        found = [*rows.abandoned(row, now)]
        for entry in found:
            self._update(rows.place_of(entry), rows.uncounting(entry))
        return bool(found)

    def _both(self, once: Any, update: Any, now: datetime) -> bool:  # noqa: ANN401  DynamoDB's
        """Write a mark and count, or neither; True also if the mark was there."""
        for pause in _PAUSES:
            with asking("DynamoDB"):
                try:
                    self._dynamodb.transact_write_items(TransactItems=[{"Put": once}, {"Update": update}])
                except self._dynamodb.exceptions.TransactionCanceledException as error:
                    marked, refused = error.response["CancellationReasons"]
                    if _failed(marked):
                        return True
                    if _failed(refused) and not self._give_back_abandoned(_row(refused), now):
                        return False
                else:
                    return True
            time.sleep(pause)
        raise Unavailable(_CONTENDED)

    def _update(self, place: str, change: Change) -> tuple[bool, Row, bool]:
        """Change a row: tell whether that was done, the row as it is now, and whether the write was sent again.

        Wait for a transaction on the same row, which botocore does not.
        """
        write = self._write(place, change)
        for pause in _PAUSES:
            with asking("DynamoDB"):
                try:
                    answer: Any = self._dynamodb.update_item(ReturnValues="ALL_NEW", **write)
                except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
                    return False, _row(error.response), _sent_again(error.response)
                except self._dynamodb.exceptions.TransactionConflictException:
                    pass
                except self._dynamodb.exceptions.ClientError as error:
                    if code_of(error) != "ValidationException":
                        raise
                    damaged = UnreadableRow("usage", place, "a sum is not a number")
                    self._unreadable(damaged)
                    raise damaged from None
                else:
                    return True, answer["Attributes"], _sent_again(answer)
            time.sleep(pause)
        raise Unavailable(_CONTENDED)

    def _write(self, place: str, change: Change) -> dict[str, Any]:
        write = {
            "TableName": self._table,
            "Key": {"id": {"S": place}},
            "UpdateExpression": change.update,
            "ConditionExpression": change.condition,
            "ExpressionAttributeNames": change.names,
            "ExpressionAttributeValues": change.values,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        return {name: value for name, value in write.items() if value}


def _ever_fits(caller: Caller, characters: int) -> bool:
    """Whether a caller may have so many characters on a day on which it had none."""
    return caller.characters_a_day is None or characters <= caller.characters_a_day


def _failed(reason: Any) -> bool:  # noqa: ANN401  of boto3's error for a transaction
    return bool(reason.get("Code") == "ConditionalCheckFailed")


def _row(error: Any) -> Row:  # noqa: ANN401  what boto3 tells of a condition that did not hold
    row: Row = error.get("Item", {})
    return row


def _sent_again(answer: Any) -> bool:  # noqa: ANN401  an answer of boto3's, or its error
    return bool(answer["ResponseMetadata"].get("RetryAttempts"))
