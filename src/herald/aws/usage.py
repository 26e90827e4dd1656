"""What callers used, counted in the table of keys.

Rows: usage#<tenant>#<day> (characters, requests, key_<id> for the characters of each key), rate#<key>#<second>
(requests), batch#<id> (that it was counted). All have a time to live, `expires`.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any

from herald.aws.clients import Clients, asking
from herald.aws.rows import Row
from herald.errors import Unavailable
from herald.jobs.caller import Caller
from herald.jobs.quotas import Counters, DayOfUse

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeysAndAttributesUnionTypeDef

_OF_KEY = "key_"
_KEPT = timedelta(days=400)
"""A day's row, for bills of a year."""
_COUNTED_ONCE = timedelta(days=30)
_RATE_SECONDS = 3_600
"""Longer than clocks of functions differ."""
_AT_ONCE = 100
"""Rows that one BatchGetItem gives at most."""
_PAUSES = (0.02, 0.04, 0.08, 0.16, 0.32)
"""Seconds before DynamoDB is asked again for what it left out, or for what met a transaction."""


class DynamoCounters(Counters):
    """The table."""

    def __init__(self, clients: Clients, *, table: str) -> None:
        """Take all clients: who has no quota to count against waits for none."""
        self._clients = clients
        self._table = table

    @property
    def _dynamodb(self) -> "DynamoDBClient":
        return self._clients.dynamodb

    def count_request(self, key: str, second: int, *, most: int) -> bool:
        """Count a request of a key in a second since 1970; False where that has had as many as may be."""
        return self._update({
            "TableName": self._table,
            "Key": {"id": {"S": f"rate#{key}#{second}"}},
            "UpdateExpression": "SET expires = :expires ADD requests :one",
            "ConditionExpression": "attribute_not_exists(requests) OR requests < :most",
            "ExpressionAttributeValues": {
                ":expires": _number(second + _RATE_SECONDS), ":one": _number(1), ":most": _number(most)
            },
        })  # fmt: skip

    def count(self, caller: Caller, day: date, characters: int, requests: int) -> bool:
        """Count characters, which may be negative; False, and nothing counted, where it is more than the key may."""
        return _may(caller, characters) and self._update(self._counted(caller, day, characters, requests))

    def count_once(self, name: str, caller: Caller, day: date, characters: int) -> bool:
        """Count characters, and a request, unless that was done for this name; False as `count`."""
        mark: Row = {"id": {"S": f"batch#{name}"}, "expires": _number(_seconds(day + _COUNTED_ONCE))}
        once: Any = {"TableName": self._table, "Item": mark, "ConditionExpression": "attribute_not_exists(id)"}
        update: Any = self._counted(caller, day, characters, 1)
        return _may(caller, characters) and self._both(once, update)

    def days(self, tenant: str, days: Iterable[date]) -> dict[date, DayOfUse]:
        """What a tenant used on days, without those on which it used nothing."""
        ids = {_of_day(tenant, day): day for day in days}
        rows = (row for some in batched(ids, _AT_ONCE, strict=False) for row in self._get(some))
        return {ids[row["id"]["S"]]: _day_of_use(row) for row in rows}

    def _counted(self, caller: Caller, day: date, characters: int, requests: int) -> dict[str, Any]:
        """The write that counts: for the key on condition of its quota, where it has one."""
        write: dict[str, Any] = {
            "TableName": self._table,
            "Key": {"id": {"S": _of_day(caller.tenant, day)}},
            "UpdateExpression": "SET expires = :expires ADD characters :characters, requests :requests",
            "ExpressionAttributeValues": {
                ":expires": _number(_seconds(day + _KEPT)),
                ":characters": _number(characters),
                ":requests": _number(requests),
            },
        }
        if caller.key is not None:
            write["UpdateExpression"] += ", #key :characters"
            write["ExpressionAttributeNames"] = {"#key": f"{_OF_KEY}{caller.key}"}
        if caller.key is not None and caller.characters_a_day is not None and characters > 0:
            write["ConditionExpression"] = "attribute_not_exists(#key) OR #key <= :room"
            write["ExpressionAttributeValues"][":room"] = _number(caller.characters_a_day - characters)
        return write

    def _both(self, once: Any, update: Any) -> bool:  # noqa: ANN401  DynamoDB's
        """Write a mark and count, or neither; True also where the mark was there."""
        for pause in _PAUSES:
            with asking("DynamoDB"):
                try:
                    self._dynamodb.transact_write_items(TransactItems=[{"Put": once}, {"Update": update}])
                except self._dynamodb.exceptions.TransactionCanceledException as error:
                    marked, refused = (_failed(reason) for reason in error.response["CancellationReasons"])
                    if marked or refused:
                        return marked
                else:
                    return True
            time.sleep(pause)
        raise Unavailable("DynamoDB: several count for the same tenant at this moment. Try again.")

    def _update(self, write: dict[str, Any]) -> bool:
        """Count; a transaction that counts for the same tenant is waited for, as botocore would not."""
        for pause in _PAUSES:
            with asking("DynamoDB"):
                try:
                    self._dynamodb.update_item(**write)
                except self._dynamodb.exceptions.ConditionalCheckFailedException:
                    return False
                except self._dynamodb.exceptions.TransactionConflictException:
                    pass
                else:
                    return True
            time.sleep(pause)
        raise Unavailable("DynamoDB: several count for the same tenant at this moment. Try again.")

    def _get(self, ids: Iterable[str]) -> Iterator[Row]:
        wanted: KeysAndAttributesUnionTypeDef = {"Keys": [{"id": {"S": one}} for one in ids], "ConsistentRead": True}
        left: Mapping[str, KeysAndAttributesUnionTypeDef] = {self._table: wanted}
        for pause in _PAUSES:
            with asking("DynamoDB"):
                answer = self._dynamodb.batch_get_item(RequestItems=left)
            yield from answer["Responses"].get(self._table, [])
            if not (left := answer["UnprocessedKeys"]):
                return
            time.sleep(pause)
        raise Unavailable("DynamoDB gives only some of the rows now. Try again.")


def _may(caller: Caller, characters: int) -> bool:
    """Whether a key may have so many on a day on which it had none."""
    return caller.key is None or caller.characters_a_day is None or characters <= caller.characters_a_day


def _failed(reason: Any) -> bool:  # noqa: ANN401  of boto3's error for a transaction
    return bool(reason.get("Code") == "ConditionalCheckFailed")


def _of_day(tenant: str, day: date) -> str:
    return f"usage#{tenant}#{day.isoformat()}"


def _day_of_use(row: Row) -> DayOfUse:
    numbers = {name: int(value["N"]) for name, value in row.items() if "N" in value}
    by_key = {name.removeprefix(_OF_KEY): value for name, value in numbers.items() if name.startswith(_OF_KEY)}
    return DayOfUse(characters=numbers["characters"], requests=numbers["requests"], by_key=by_key)


def _seconds(day: date) -> int:
    """The beginning of a day, in seconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _number(value: int) -> Any:  # noqa: ANN401  DynamoDB's
    return {"N": str(value)}
