"""API keys in a DynamoDB table: rows "key#<id>", and the index by_tenant (tenant, created_at), which only they use."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from herald.auth.api_keys import Key, KeyStore
from herald.auth.caller import format_scopes
from herald.aws.clients import translate_errors
from herald.aws.dynamo import DynamoTable, Row, iso, read
from herald.errors import UnreadableRow

_INDEX = "by_tenant"
_NEW = "attribute_not_exists(id)"
_IS_ACTIVE = "attribute_exists(id) AND attribute_not_exists(revoked_at) AND attribute_not_exists(rotated_to)"


class DynamoKeys(DynamoTable, KeyStore):
    """Implements KeyStore. The table also contains the usage of the keys' quotas (see herald.aws.usage_rows)."""

    def get(self, key_id: str) -> Key | None:
        """Return the key (consistent read), or None; raise UnreadableRow if its row is unreadable."""
        with translate_errors("DynamoDB"):
            answer = self._dynamodb.get_item(TableName=self._table, Key=_row_key(key_id), ConsistentRead=True)
        return self._key(answer["Item"]) if "Item" in answer else None

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
            "Key": _row_key(old.id),
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
                answer = self._dynamodb.update_item(
                    TableName=self._table,
                    Key=_row_key(key_id),
                    UpdateExpression="SET revoked_at = if_not_exists(revoked_at, :at)",
                    ConditionExpression="attribute_exists(id)",
                    ExpressionAttributeValues={":at": _value(at)},
                    ReturnValues="ALL_NEW",
                )
            except self._dynamodb.exceptions.ConditionalCheckFailedException:
                return None
        return self._key(answer["Attributes"])

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
        try:
            return read("key", row, _key)
        except UnreadableRow as error:
            self._unreadable(error)
            raise


def _row_key(key_id: str) -> Row:
    return {"id": {"S": f"key#{key_id}"}}


def _row(key: Key) -> Row:
    row = {name: _value(value) for name, value in key if value is not None and name != "id"}
    return row | _row_key(key.id)


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
