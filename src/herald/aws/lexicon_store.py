"""Lexicons of tenants: a row "lexicons#<tenant>" of the key table for each index, and an object for each version."""

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from herald.aws.clients import Clients, code_of, translate_errors
from herald.aws.dynamo import UnreadableHandler, ignore_unreadable, read
from herald.errors import UnknownLexicon, UnreadableRow
from herald.jobs.lexicon_service import LexiconIndex, LexiconStore
from herald.jobs.script import LexiconReference
from herald.speech.lexicons.lexicon import Lexicon

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import PutItemInputTypeDef

FOLDER = "lexicons/"
TAG, REPLACED = "lexicon", "replaced"
"""The tag of contents that are no longer current; infra/storage.yaml expires them."""
_KEPT = 16
"""Contents in memory; one of 4,000 entries takes some megabytes. A version never changes."""
_MISSING = frozenset({"NoSuchKey", "404", "NotFound"})


class AwsLexiconStore(LexiconStore):
    """Implements LexiconStore with DynamoDB and S3. Thread-safe."""

    def __init__(
        self, clients: Clients, *, table: str, bucket: str, unreadable: UnreadableHandler = ignore_unreadable
    ) -> None:
        self._clients = clients
        self._table = table
        self._bucket = bucket
        self._unreadable = unreadable
        self._cached = lru_cache(maxsize=_KEPT)(self._read)

    def index(self, tenant: str) -> LexiconIndex:
        """Return the current index (consistent read), so that a change applies to the next request."""
        with translate_errors("DynamoDB"):
            answer = self._clients.dynamodb.get_item(
                TableName=self._table, Key={"id": {"S": f"lexicons#{tenant}"}}, ConsistentRead=True
            )
        if "Item" not in answer:
            return LexiconIndex()
        try:
            return read("lexicons", answer["Item"], lambda row: LexiconIndex.model_validate_json(row["lexicons"]["S"]))
        except UnreadableRow as error:
            self._unreadable(error)
            raise

    def replace(self, tenant: str, index: LexiconIndex, *, before: int) -> bool:
        """Store an index if the current revision is `before`; return whether it is."""
        put: PutItemInputTypeDef = {
            "TableName": self._table,
            "Item": {
                "id": {"S": f"lexicons#{tenant}"},
                "revision": {"N": str(index.revision)},
                "lexicons": {"S": index.model_dump_json()},
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
                return bool(existing.get("Item", {}).get("lexicons") == put["Item"]["lexicons"])
        return True

    def put(self, reference: LexiconReference, lexicon: Lexicon) -> None:
        """Store the content of a version."""
        body = json.dumps(lexicon.json, ensure_ascii=False, separators=(",", ":")).encode()
        with translate_errors("S3"):
            self._clients.s3.put_object(
                Bucket=self._bucket, Key=_key(reference), Body=body, ContentType="application/json"
            )

    def get(self, reference: LexiconReference) -> Lexicon:
        """Return the content of a version; raise UnknownLexicon if it has expired."""
        return self._cached(reference)

    def _read(self, reference: LexiconReference) -> Lexicon:
        from herald.speech.lexicons.files import stored_lexicon  # noqa: PLC0415  requests without lexicons need no parsers

        s3 = self._clients.s3
        with translate_errors("S3"):
            try:
                body = s3.get_object(Bucket=self._bucket, Key=_key(reference))["Body"].read()
            except s3.exceptions.ClientError as error:
                if code_of(error) in _MISSING:
                    raise UnknownLexicon(
                        "This version of the lexicon was replaced or deleted, and has expired."
                    ) from None
                raise
        return stored_lexicon(json.loads(body))

    def release(self, reference: LexiconReference) -> None:
        """Tag a content as replaced. A copy onto itself restarts its age, which the lifecycle rule counts."""
        s3 = self._clients.s3
        with translate_errors("S3"):
            try:
                s3.copy_object(
                    Bucket=self._bucket,
                    Key=_key(reference),
                    CopySource={"Bucket": self._bucket, "Key": _key(reference)},
                    ContentType="application/json",
                    MetadataDirective="REPLACE",
                    TaggingDirective="REPLACE",
                    Tagging=urlencode({TAG: REPLACED}),
                )
            except s3.exceptions.ClientError as error:
                if code_of(error) not in _MISSING:
                    raise


def _key(reference: LexiconReference) -> str:
    return f"{FOLDER}{reference}.json"
