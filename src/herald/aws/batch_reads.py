"""Batch reads of DynamoDB rows by id."""

import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from typing import TYPE_CHECKING

from herald.aws.clients import translate_errors
from herald.aws.row_codec import Row
from herald.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeysAndAttributesUnionTypeDef

_AT_ONCE = 100
"""Most rows per BatchGetItem, a limit of DynamoDB."""
_PAUSES = (0.02, 0.04, 0.08, 0.16, 0.32)
"""Seconds before unprocessed rows are requested again."""


def read_rows(dynamodb: "DynamoDBClient", table: str, ids: Iterable[str]) -> Iterator[Row]:
    """Yield the existing rows in any order (consistent reads); raise Unavailable if DynamoDB keeps omitting some."""
    for some in batched(ids, _AT_ONCE, strict=False):
        yield from _read(dynamodb, table, some)


def _read(dynamodb: "DynamoDBClient", table: str, ids: Iterable[str]) -> Iterator[Row]:
    wanted: KeysAndAttributesUnionTypeDef = {"Keys": [{"id": {"S": one}} for one in ids], "ConsistentRead": True}
    left: Mapping[str, KeysAndAttributesUnionTypeDef] = {table: wanted}
    for pause in _PAUSES:
        with translate_errors("DynamoDB"):
            answer = dynamodb.batch_get_item(RequestItems=left)
        yield from answer["Responses"].get(table, [])
        if not (left := answer["UnprocessedKeys"]):
            return
        time.sleep(pause)
    raise Unavailable("DynamoDB returned only some of the rows. Try again.")
