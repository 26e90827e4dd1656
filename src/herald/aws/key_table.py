"""The DynamoDB table of API keys, and of documents of tenants, such as lexicons.

Keys are the rows "key#<id>"; only they are in the index by_tenant (tenant, created_at). Documents are the rows
"<kind>#<tenant>", which are replaced only if their revision has not changed since they were read.
"""

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from herald.auth.api_keys import Key, KeyStore
from herald.auth.caller import format_scopes
from herald.aws.clients import Clients, translate_errors
from herald.aws.dynamo import DynamoTable, Row, UnreadableHandler, ignore_unreadable, iso, read, read_row
from herald.errors import UnreadableRow

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import PutItemInputTypeDef


_INDEX = "by_tenant"
_NEW = "attribute_not_exists(id)"
_IS_ACTIVE = "attribute_exists(id) AND attribute_not_exists(revoked_at) AND attribute_not_exists(rotated_to)"


class DynamoKeys(DynamoTable, KeyStore):
    """Implements KeyStore. The table also contains the usage of the keys' quotas (see herald.aws.usage_rows)."""

    def get(self, key_id: str) -> Key | None:
        """Return the key (consistent read), or None; raise UnreadableRow if its row is unreadable."""
        row = read_row(self._dynamodb, self._table, _row_id(key_id))
        return self._key(row) if row else None

    def add(self, key: Key) -> None:
        """Write a new key."""
        with translate_errors("DynamoDB"):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=_row(key),
                    ConditionExpression=_NEW,
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
                # If the response was lost, botocore repeats the write and finds its own row.
                existing: Any = error.response.get("Item", {})
                if existing.get("digest") != _value(key.digest):
                    raise

    def replace(self, old: Key, new: Key) -> bool:
        """Write a new key and the old one's expiry, in one transaction; return False if the old key is not active."""
        ends = {"expires_at": old.expires_at, "rotated_to": old.rotated_to}
        update: Any = {
            "TableName": self._table,
            "Key": {"id": {"S": _row_id(old.id)}},
            "UpdateExpression": "SET " + ", ".join(f"{name} = :{name}" for name in ends),
            "ConditionExpression": _IS_ACTIVE,
            "ExpressionAttributeValues": {f":{name}": _value(value) for name, value in ends.items()},
        }
        put: Any = {"TableName": self._table, "Item": _row(new), "ConditionExpression": _NEW}
        with translate_errors("DynamoDB"):
            try:
                self._dynamodb.transact_write_items(TransactItems=[{"Put": put}, {"Update": update}])
            except self._dynamodb.exceptions.TransactionCanceledException as error:
                reasons: Any = error.response.get("CancellationReasons", [])
                if not any(reason.get("Code") == "ConditionalCheckFailed" for reason in reasons):
                    raise
                return False
        return True

    def revoke(self, key_id: str, at: datetime) -> Key | None:
        """Revoke a key and return it, or None if it does not exist. Revoking again changes nothing."""
        with translate_errors("DynamoDB"):
            try:
                response = self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"id": {"S": _row_id(key_id)}},
                    UpdateExpression="SET revoked_at = if_not_exists(revoked_at, :at)",
                    ConditionExpression="attribute_exists(id)",
                    ExpressionAttributeValues={":at": _value(at)},
                    ReturnValues="ALL_NEW",
                )
            except self._dynamodb.exceptions.ConditionalCheckFailedException:
                return None
        return self._key(response["Attributes"])

    def list(self, tenant: str | None = None) -> list[Key]:
        """Return all keys, or a tenant's, sorted by tenant and age, skipping unreadable rows."""
        if tenant is None:
            pages: Any = self._dynamodb.get_paginator("scan").paginate(TableName=self._table, IndexName=_INDEX)
        else:
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                IndexName=_INDEX,
                KeyConditionExpression="tenant = :tenant",
                ExpressionAttributeValues={":tenant": {"S": tenant}},
            )
        with translate_errors("DynamoDB"):
            rows = [row for page in pages for row in page["Items"]]
        keys = []
        for row in rows:
            with suppress(UnreadableRow):
                keys.append(self._key(row))
        return sorted(keys, key=lambda key: (key.tenant, key.created_at, key.id))

    def _key(self, row: Row) -> Key:
        return read("key", row, _key, self._unreadable)


def _row_id(key_id: str) -> str:
    return f"key#{key_id}"


def _row(key: Key) -> Row:
    row = {name: _value(value) for name, value in key if value is not None}
    return row | {"id": {"S": _row_id(key.id)}}


def _value(value: Any) -> Any:  # noqa: ANN401  any field of a key
    match value:
        case int():
            return {"N": str(value)}
        case datetime():
            return {"S": iso(value)}
        case frozenset():
            return {"S": format_scopes(value)}
        case _:
            return {"S": str(value)}


def _key(row: Row) -> Key:
    fields: dict[str, Any] = {name: content for name, value in row.items() for content in value.values()}
    fields |= {"id": fields["id"].removeprefix("key#"), "scopes": fields.get("scopes", "").split()}
    return Key.model_validate(fields)


class TenantDocuments[Document: BaseModel]:
    """Documents of one kind, one per tenant. `model()` is the document of a tenant without a row. Thread-safe."""

    def __init__(
        self,
        clients: Clients,
        *,
        table: str,
        kind: str,
        model: type[Document],
        unreadable: UnreadableHandler = ignore_unreadable,
    ) -> None:
        self._clients = clients
        self._table = table
        self._kind = kind
        self._model = model
        self._unreadable = unreadable

    def get(self, tenant: str) -> Document:
        """Return the current document (consistent read), so that a change applies to the next request."""
        row = read_row(self._clients.dynamodb, self._table, f"{self._kind}#{tenant}")
        if row is None:
            return self._model()
        return read(
            self._kind, row, lambda row: self._model.model_validate_json(row[self._kind]["S"]), self._unreadable
        )

    def replace(self, tenant: str, document: Document, *, revision: int, before: int) -> bool:
        """Store a document if the current revision is `before` (0: none); return whether it was stored."""
        put: PutItemInputTypeDef = {
            "TableName": self._table,
            "Item": {
                "id": {"S": f"{self._kind}#{tenant}"},
                "revision": {"N": str(revision)},
                self._kind: {"S": document.model_dump_json()},
            },
            "ConditionExpression": "attribute_not_exists(id)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        if before:
            put["ConditionExpression"] = "revision = :before"
            put["ExpressionAttributeValues"] = {":before": {"N": str(before)}}
        dynamodb = self._clients.dynamodb
        with translate_errors("DynamoDB"):
            try:
                dynamodb.put_item(**put)
            except dynamodb.exceptions.ConditionalCheckFailedException as error:
                # If the response was lost, botocore repeats the write and finds its own row.
                existing: Any = error.response
                return bool(existing.get("Item", {}).get(self._kind) == put["Item"][self._kind])
        return True
