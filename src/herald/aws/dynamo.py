"""DynamoDB: conditional updates, batch reads, and rows that cannot be read.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import batched
from random import uniform
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from herald.aws.clients import translate_errors
from herald.errors import Unavailable, UnreadableRow, UnsupportedFormat

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, KeysAndAttributesUnionTypeDef

type Value = AttributeValueTypeDef
"""A typed attribute value, for example {"S": "queued"}."""
type Row = dict[str, Value]
type UnreadableHandler = Callable[[UnreadableRow], None]
"""Called for each unreadable row, to log and count it."""

_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, UnsupportedFormat)
"""Exceptions raised by reading an unreadable row; pydantic's ValidationError is a ValueError."""
_LONGEST_REASON = 200
CHANGE_ID = "change"
"""Attribute with the id of a row's latest change."""
SHELF = "of "
"""Prefix of the partition of by_batch that lists a tenant's batches; its space cannot occur in a batch id."""
_AT_ONCE = 100
"""Most rows per BatchGetItem, a limit of DynamoDB."""
_CONFLICTS = {"TransactionConflict", "TransactionConflictException", "None"}
"""Codes of a write that conflicts with a transaction; "None" is that of the other rows of a cancelled transaction."""
_PAUSES = (0.02, 0.04, 0.08, 0.16, 0.32)
"""Seconds before unprocessed rows are requested again, and before a write that conflicted is repeated."""


def iso(at: datetime) -> str:
    """Format a time in UTC so that it sorts as text. pydantic's format does not: it omits microseconds of 0."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read[Model](kind: str, row: Row, parse: Callable[[Row], Model], unreadable: UnreadableHandler) -> Model:
    """Parse a row; if it is unreadable, call `unreadable` with an UnreadableRow, then raise it."""
    try:
        return parse(row)
    except _UNREADABLE as error:
        damaged = _unreadable_row(kind, row, error)
        unreadable(damaged)
        raise damaged from None


def _unreadable_row(kind: str, row: Row, error: Exception) -> UnreadableRow:
    """Return the error for an unreadable row. Its message names fields but contains no values."""
    tenant, shelf = row.get("tenant", {}).get("S"), row.get("batch", {}).get("S")
    if not tenant and isinstance(shelf, str) and shelf.startswith(SHELF):
        tenant = shelf.removeprefix(SHELF)  # the row of a batch has its tenant only in its key of by_batch
    reason = f"invalid content, {type(error).__name__}"
    if isinstance(error, UnsupportedFormat):
        reason = "response_format"
    if isinstance(error, ValidationError):
        fields = sorted({str(fault["loc"][0]) for fault in error.errors(include_input=False) if fault["loc"]})
        reason = ", ".join(fields)[:_LONGEST_REASON] or "invalid content"
    row_id = row.get("id", {}).get("S", "unknown")
    return UnreadableRow(kind, row_id, reason, tenant=tenant if isinstance(tenant, str) else None)


def ignore_unreadable(_: UnreadableRow) -> None:
    """Do nothing. The default for commands and tests, which have no metrics."""


class DynamoTable:
    """A table of DynamoDB; `unreadable` is called for every unreadable row."""

    def __init__(
        self, dynamodb: "DynamoDBClient", *, table: str, unreadable: UnreadableHandler = ignore_unreadable
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._unreadable = unreadable


class Change:
    """Collects the expressions of one update and its condition.

    All attribute names are placeholders, because many names are reserved words.
    """

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Value] = {}
        self._sets: list[str] = []
        self._sums: list[str] = []
        self._removals: list[str] = []
        self._conditions: list[str] = []

    @property
    def update(self) -> str:
        """The UpdateExpression."""
        sets = f"SET {', '.join(self._sets)}" if self._sets else ""
        sums = f"ADD {', '.join(self._sums)}" if self._sums else ""
        removals = f"REMOVE {', '.join(self._removals)}" if self._removals else ""
        return " ".join(filter(None, (sets, sums, removals)))

    @property
    def condition(self) -> str:
        """The ConditionExpression."""
        return " AND ".join(f"({condition})" for condition in self._conditions)

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of UpdateItem, besides the table and the key. DynamoDB rejects empty ones."""
        parameters = {
            "UpdateExpression": self.update,
            "ConditionExpression": self.condition,
            "ExpressionAttributeNames": self.names,
            "ExpressionAttributeValues": self.values,
        }
        return {name: value for name, value in parameters.items() if value}

    def apply_once(self) -> Value:
        """Require that this change was not applied before: botocore repeats requests whose response was lost.

        Return the id of the change, which the row stores.
        """
        change_id: Value = {"S": token_hex(6)}
        self.set({CHANGE_ID: change_id})
        self.require(f"{self.lacks(CHANGE_ID)} OR {self.name(CHANGE_ID)} <> {self.value(change_id)}")
        return change_id

    def name(self, attribute: str) -> str:
        """Return a placeholder for an attribute's name. Names may contain hyphens, placeholders may not."""
        placeholder = f"#{attribute.replace('-', '_')}"
        self.names[placeholder] = attribute
        return placeholder

    def value(self, value: Value) -> str:
        """Return a placeholder for a value."""
        placeholder = f":v{len(self.values)}"
        self.values[placeholder] = value
        return placeholder

    def set(self, attributes: Row) -> None:
        """Set attributes."""
        self._sets += [f"{self.name(name)} = {self.value(value)}" for name, value in attributes.items()]

    def set_once(self, attribute: str, value: Value) -> None:
        """Set an attribute unless it exists."""
        name = self.name(attribute)
        self._sets.append(f"{name} = if_not_exists({name}, {self.value(value)})")

    def count(self, attribute: str) -> None:
        """Add 1 to an existing attribute."""
        name = self.name(attribute)
        self._sets.append(f"{name} = {name} + {self.value({'N': '1'})}")

    def add(self, attributes: Mapping[str, Decimal | int]) -> None:
        """Add numbers to attributes; a missing attribute counts as 0."""
        numbers = {name: self.value({"N": str(number)}) for name, number in attributes.items()}
        self._sums += [f"{self.name(name)} {value}" for name, value in numbers.items()]

    def include(self, attribute: str, number: int) -> None:
        """Add a number to a set of numbers, and require that the set does not contain it."""
        name = self.name(attribute)
        self._sums.append(f"{name} {self.value({'NS': [str(number)]})}")
        self.require(f"{self.lacks(attribute)} OR NOT contains({name}, {self.value({'N': str(number)})})")

    def remove(self, attributes: Iterable[str]) -> None:
        """Remove attributes."""
        self._removals += [self.name(name) for name in attributes]

    def require(self, condition: str) -> None:
        """Add a condition; all conditions must hold."""
        self._conditions.append(condition)

    def in_state(self, states: Collection[str]) -> str:
        """Return the condition that the row is in one of `states`."""
        return f"{self.name('state')} IN ({', '.join(self.value({'S': str(state)}) for state in sorted(states))})"

    def equals(self, attribute: str, value: Value) -> str:
        """Return the condition that an attribute equals `value`."""
        return f"{self.name(attribute)} = {self.value(value)}"

    def has(self, attribute: str) -> str:
        """Return the condition that an attribute exists."""
        return f"attribute_exists({self.name(attribute)})"

    def at_most(self, attribute: str, number: int) -> str:
        """Return the condition that an attribute is at most `number`; a missing attribute counts as 0."""
        return f"{self.lacks(attribute)} OR {self.name(attribute)} <= {self.value({'N': str(number)})}"

    def lacks(self, attribute: str) -> str:
        """Return the condition that an attribute does not exist."""
        return f"attribute_not_exists({self.name(attribute)})"


def retry_conflicts[Response](write: Callable[[], Response]) -> Response:
    """Call `write` again while a transaction changes the same row, which botocore does not; return its result."""
    from botocore.exceptions import ClientError  # noqa: PLC0415  60 ms that commands without AWS should not pay

    for pause in _PAUSES:
        try:
            return write()
        except ClientError as error:
            reasons: Any = error.response.get("CancellationReasons", [error.response.get("Error", {})])
            if not {reason.get("Code") for reason in reasons} <= _CONFLICTS:
                raise
        time.sleep(pause * uniform(0.5, 1))  # noqa: S311  not used for security
    return write()


def read_row(dynamodb: "DynamoDBClient", table: str, row_id: str) -> Row | None:
    """Return a row by its id (consistent read), or None."""
    with translate_errors("DynamoDB"):
        return dynamodb.get_item(TableName=table, Key={"id": {"S": row_id}}, ConsistentRead=True).get("Item")


def read_rows(
    dynamodb: "DynamoDBClient", table: str, ids: Iterable[str], *, attributes: Collection[str] = ()
) -> Iterator[Row]:
    """Yield the existing rows in any order (consistent reads), with only the given attributes, if any.

    Raise Unavailable if DynamoDB keeps omitting some rows.
    """
    names = {f"#{name}": name for name in attributes}
    for some in batched(ids, _AT_ONCE, strict=False):
        request: KeysAndAttributesUnionTypeDef = {
            "Keys": [{"id": {"S": row_id}} for row_id in some],
            "ConsistentRead": True,
        }
        if names:
            request |= {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}
        left: Mapping[str, KeysAndAttributesUnionTypeDef] = {table: request}
        for pause in _PAUSES:
            with translate_errors("DynamoDB"):
                response = dynamodb.batch_get_item(RequestItems=left)
            yield from response["Responses"].get(table, [])
            if not (left := response["UnprocessedKeys"]):
                break
            time.sleep(pause)
        else:
            raise Unavailable("DynamoDB returned only some of the rows. Try again.")
