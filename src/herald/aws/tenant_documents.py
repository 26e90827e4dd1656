"""Documents of tenants: rows "<kind>#<tenant>" of the key table, changed from the revision that was read."""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from herald.aws.clients import Clients, translate_errors
from herald.aws.dynamo import UnreadableHandler, ignore_unreadable, read
from herald.errors import UnreadableRow

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import PutItemInputTypeDef


class TenantDocuments[Document: BaseModel]:
    """Documents of one kind. `model` makes an empty one from nothing. Thread-safe."""

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
        with translate_errors("DynamoDB"):
            answer = self._clients.dynamodb.get_item(
                TableName=self._table, Key={"id": {"S": f"{self._kind}#{tenant}"}}, ConsistentRead=True
            )
        if "Item" not in answer:
            return self._model()
        try:
            return read(self._kind, answer["Item"], lambda row: self._model.model_validate_json(row[self._kind]["S"]))
        except UnreadableRow as error:
            self._unreadable(error)
            raise

    def replace(self, tenant: str, document: Document, *, revision: int, before: int) -> bool:
        """Store a document with its revision if the current one is `before` (0: none); return whether it is."""
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
