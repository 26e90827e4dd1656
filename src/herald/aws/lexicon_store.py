"""Lexicons of tenants: a row "lexicons#<tenant>" of the key table for each index, and an object for each version."""

import json
from functools import lru_cache
from urllib.parse import urlencode

from herald.aws.clients import Clients, code_of, translate_errors
from herald.aws.dynamo import UnreadableHandler, ignore_unreadable
from herald.aws.key_table import TenantDocuments
from herald.errors import UnknownLexicon
from herald.jobs.lexicon_service import LexiconIndex, LexiconStore
from herald.jobs.script import LexiconReference
from herald.speech.lexicons.lexicon import Lexicon

FOLDER = "lexicons/"
TAG, REPLACED = "lexicon", "replaced"
"""The tag of contents that are no longer current, which infra/storage.yaml expires."""
_CACHED = 16
"""Contents that are cached in memory. One with 4,000 entries takes some megabytes. A version never changes."""
_MISSING = frozenset({"NoSuchKey", "404", "NotFound"})


class AwsLexiconStore(LexiconStore):
    """Implements LexiconStore with DynamoDB and S3. Thread-safe."""

    def __init__(
        self, clients: Clients, *, table: str, bucket: str, unreadable: UnreadableHandler = ignore_unreadable
    ) -> None:
        self._clients = clients
        self._bucket = bucket
        self._indexes = TenantDocuments(
            clients, table=table, kind="lexicons", model=LexiconIndex, unreadable=unreadable
        )
        self._cached = lru_cache(maxsize=_CACHED)(self._read)

    def index(self, tenant: str) -> LexiconIndex:
        """Return the current index."""
        return self._indexes.get(tenant)

    def replace(self, tenant: str, index: LexiconIndex, *, before: int) -> bool:
        """Store an index if the current revision is `before`; return whether it was stored."""
        return self._indexes.replace(tenant, index, revision=index.revision, before=before)

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
        """Tag the content of a version as replaced. Copying it onto itself restarts its age for the lifecycle rule."""
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
