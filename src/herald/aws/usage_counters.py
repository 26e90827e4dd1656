"""Usage counters of tenants: see herald.aws.usage_rows for their rows."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from herald.auth.caller import Caller
from herald.auth.quotas import Counters, DayOfUse, Receipt, UsageEntry
from herald.aws.clients import Clients, code_of, translate_errors
from herald.aws.dynamo import (
    Change,
    Row,
    UnreadableHandler,
    ignore_unreadable,
    read,
    read_rows,
    retry_conflicts,
)
from herald.aws.usage_rows import (
    abandoned,
    adding,
    barring,
    counting,
    day_of_use,
    is_barred,
    keeping,
    open_mark,
    row_id,
    row_of,
    stale_marks,
    start_of,
    uncounting,
)
from herald.errors import Unavailable, UnreadableRow

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_COUNTED_ONCE = timedelta(days=30)
_RATE_SECONDS = 3_600
"""Lifetime of a row of requests, in seconds; longer than any clock skew between functions."""


class DynamoCounters(Counters):
    """Implements Counters."""

    def __init__(self, clients: Clients, *, table: str, unreadable: UnreadableHandler = ignore_unreadable) -> None:
        """Take all clients, so that the one of DynamoDB is created only for requests with limits.

        `unreadable` is called for every unreadable row.
        """
        self._clients = clients
        self._table = table
        self._unreadable = unreadable
        self._stale: dict[str, list[str]] = {}
        """Stale marks by row, which the next write that closes an entry in the row removes."""

    @property
    def _dynamodb(self) -> "DynamoDBClient":
        return self._clients.dynamodb

    def count_request(self, account: str, second: int, *, most: int) -> bool:
        """Count a request in a second of Unix time; return False if that second already has `most` requests."""
        mark = f"open_{token_hex(6)}"
        change = Change()
        change.add({"requests": 1})
        change.set({"expires": {"N": str(second + _RATE_SECONDS)}, mark: {"N": "1"}})
        change.require(change.lacks(mark))
        change.require(change.at_most("requests", most - 1))
        done, row, _ = self._update(f"rate#{account}#{second}", change)
        return done or mark in row

    def count(self, entry: UsageEntry) -> Receipt:
        """Count a request and its characters, unless they exceed the caller's remaining quota."""
        if not _ever_fits(entry.caller, entry.characters):
            return Receipt.REFUSED
        while True:
            done, row, retried = self._update(row_of(entry), counting(entry))
            if done or open_mark(entry) in row:
                with suppress(Unavailable):  # the next request repeats this
                    self._give_back_abandoned(row, entry.at)
                if stale := stale_marks(row, entry.at):
                    self._stale[row["id"]["S"]] = stale
                return Receipt.RETRIED if retried or not done else Receipt.COUNTED
            if not self._give_back_abandoned(row, entry.at):
                return Receipt.REFUSED

    def keep(self, entry: UsageEntry, *, retried: bool, spend: Decimal = Decimal(0)) -> None:
        """Close an entry whose work succeeded; it stays counted, and its price is added once."""
        place = row_of(entry)
        self._update(place, keeping(entry, self._stale.pop(place, []), retried=retried, spend=spend))

    def give_back(self, entry: UsageEntry, *, retried: bool) -> None:
        """Close an entry and subtract it from the sums. Idempotent."""
        place = row_of(entry)
        while True:
            done, row, _ = self._update(place, uncounting(entry, retried=retried))
            if done or not retried or is_barred(entry, row):
                return
            # Either it was subtracted before, or its write may still arrive and has to be prevented.
            if self._update(place, barring(entry))[0]:
                return

    def count_once(self, name: str, caller: Caller, at: datetime, characters: int) -> bool:
        """Count a request and its characters once per `name`; return False if the quota does not allow them."""
        day = at.astimezone(UTC).date()
        mark: Row = {"id": {"S": f"batch#{name}"}, "expires": {"N": str(start_of(day + _COUNTED_ONCE))}}
        once: Any = {"TableName": self._table, "Item": mark, "ConditionExpression": "attribute_not_exists(id)"}
        update: Any = self._write(row_id(caller.tenant, day), adding(caller, day, characters))
        if not _ever_fits(caller, characters):
            return False
        writes = [{"Put": once}, {"Update": update}]
        client: Any = self._dynamodb
        while True:
            with translate_errors("DynamoDB"):
                try:
                    retry_conflicts(lambda: client.transact_write_items(TransactItems=writes))
                except client.exceptions.TransactionCanceledException as error:
                    marked, refused = error.response["CancellationReasons"]
                    if _failed(marked):
                        return True
                    if not _failed(refused):
                        raise
                    if not self._give_back_abandoned(_row(refused), at):
                        return False
                else:
                    return True

    def days(self, tenant: str, days: Iterable[date], at: datetime) -> dict[date, DayOfUse]:
        """Return a tenant's usage by day, without days without usage, and without entries abandoned by time `at`."""
        ids = {row_id(tenant, day): day for day in days}
        found = read_rows(self._dynamodb, self._table, ids)
        used = {}
        for row in found:
            if "characters" in row:  # otherwise the row contains only marks
                with suppress(UnreadableRow):
                    used[ids[row["id"]["S"]]] = read("usage", row, lambda row: day_of_use(row, at), self._unreadable)
        return used

    def _give_back_abandoned(self, row: Row, now: datetime) -> bool:
        """Subtract abandoned entries from the sums; return whether there were any."""
        found = [*abandoned(row, now)]
        for entry in found:
            self._update(row_of(entry), uncounting(entry))
        return bool(found)

    def _update(self, place: str, change: Change) -> tuple[bool, Row, bool]:
        """Update a row; return whether the condition held, the current row, and whether botocore sent it again."""
        write = self._write(place, change)
        with translate_errors("DynamoDB"):
            try:
                response: Any = retry_conflicts(lambda: self._dynamodb.update_item(ReturnValues="ALL_NEW", **write))
            except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
                return False, _row(error.response), _was_repeated(error.response)
            except self._dynamodb.exceptions.ClientError as error:
                if code_of(error) != "ValidationException":
                    raise
                damaged = UnreadableRow("usage", place, "a sum is not a number")
                self._unreadable(damaged)
                raise damaged from None
        return True, response["Attributes"], _was_repeated(response)

    def _write(self, place: str, change: Change) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "Key": {"id": {"S": place}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            **change.parameters,
        }


def _ever_fits(caller: Caller, characters: int) -> bool:
    """Return whether the characters fit into the caller's whole daily quota."""
    return caller.characters_a_day is None or characters <= caller.characters_a_day


def _failed(reason: Any) -> bool:  # noqa: ANN401  an error of a boto3 transaction
    return bool(reason.get("Code") == "ConditionalCheckFailed")


def _row(error: Any) -> Row:  # noqa: ANN401  boto3's error for a failed condition
    row: Row = error.get("Item", {})
    return row


def _was_repeated(response: Any) -> bool:  # noqa: ANN401  a boto3 response or error
    return bool(response["ResponseMetadata"].get("RetryAttempts"))
