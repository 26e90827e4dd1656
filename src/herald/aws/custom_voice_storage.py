"""Tenants' custom voices: rows of the key table, and objects of the audio bucket.

Rows: "voices#<tenant>" (the current document), "voice_record#<tenant>#<id>" (deleted voices and consents, without
audio) and "recording#<SHA-256>" (accepted recordings). Objects: recordings/<tenant>/<id>, voice-states/<voice id>.
"""

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from herald.aws.audio_store import KEPT_FOLDER
from herald.aws.clients import Clients, translate_errors
from herald.aws.dynamo import Row, UnreadableHandler, ignore_unreadable, read, read_row
from herald.aws.key_table import TenantDocuments
from herald.errors import Unavailable
from herald.jobs.custom_voice_records import Consent, CustomVoice, CustomVoiceStore, TenantVoices
from herald.jobs.script import AUDIO_FOLDER, check_tenant

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

RECORDINGS, STATES = "recordings/", "voice-states/"
_AT_ONCE = 1_000
"""Most objects per DeleteObjects, a limit of S3."""


class AwsCustomVoiceStore(CustomVoiceStore):
    """Implements CustomVoiceStore with DynamoDB and S3. Thread-safe."""

    def __init__(
        self, clients: Clients, *, table: str, bucket: str, unreadable: UnreadableHandler = ignore_unreadable
    ) -> None:
        self._clients = clients
        self._table = table
        self._bucket = bucket
        self._documents = TenantDocuments(
            clients, table=table, kind="voices", model=TenantVoices, unreadable=unreadable
        )

    def voices(self, tenant: str) -> TenantVoices:
        """Return the current document of a tenant."""
        return self._documents.get(tenant)

    def replace(self, tenant: str, voices: TenantVoices, *, before: int) -> bool:
        """Store the document if the current revision is `before`; return whether it was stored."""
        return self._documents.replace(tenant, voices, revision=voices.revision, before=before)

    def put_record(self, tenant: str, deleted: Consent | CustomVoice) -> None:
        """Store the record of a deleted voice or consent, unless there is one."""
        self._put_once(_record_id(tenant, deleted.id), {"record": deleted.model_dump_json()})

    def voice_record(self, tenant: str, voice_id: str) -> CustomVoice | None:
        """Return the record of a deleted voice."""
        return self._record(tenant, voice_id, CustomVoice)

    def consent_record(self, tenant: str, consent_id: str) -> Consent | None:
        """Return the record of a deleted consent."""
        return self._record(tenant, consent_id, Consent)

    def claim(self, digest: str, owner: str) -> bool:
        """Record the digest of an accepted recording for good; return False if it belongs to another owner."""
        return self._put_once(f"recording#{digest}", {"owner": owner}) in {None, owner}

    def is_claimed(self, digest: str) -> bool:
        """Return whether a recording was accepted before."""
        return bool(self._get(f"recording#{digest}"))

    def put_recording(self, tenant: str, owner: str, data: bytes) -> None:
        """Store the recording of a consent or voice."""
        with translate_errors("S3"):
            self._clients.s3.put_object(Bucket=self._bucket, Key=_recording(tenant, owner), Body=data)

    def erase(self, tenant: str, owner: str) -> None:
        """Delete the recording of a consent or voice, and the state and all files of a voice."""
        keys = [_recording(tenant, owner)]
        if owner.startswith("voice_"):
            keys.append(STATES + owner)
            for folder in (AUDIO_FOLDER, KEPT_FOLDER):
                within = f"{folder}{check_tenant(tenant)}/voice_"
                keys += (key for key in self._keys(within) if owner in key.split("/")[2].split("."))
        self._delete(keys)

    def erase_state(self, voice_id: str) -> None:
        """Delete the state of a voice."""
        self._delete([STATES + voice_id])

    def recording_address(self, tenant: str, owner: str) -> str:
        """Return the address of a recording."""
        return f"s3://{self._bucket}/{_recording(tenant, owner)}"

    def state_address(self, voice_id: str) -> str:
        """Return the address for the data of a voice."""
        return f"s3://{self._bucket}/{STATES}{voice_id}"

    def _record[Model: BaseModel](self, tenant: str, deleted_id: str, model: type[Model]) -> Model | None:
        row = self._get(_record_id(tenant, deleted_id))
        if not row:
            return None
        return read("voice_record", row, lambda row: model.model_validate_json(row["record"]["S"]), ignore_unreadable)

    def _get(self, row_id: str) -> Row | None:
        return read_row(self._clients.dynamodb, self._table, row_id)

    def _put_once(self, row_id: str, values: dict[str, str]) -> str | None:
        """Write a row unless it exists. Return the owner of the existing one, or None."""
        dynamodb = self._clients.dynamodb
        item: Row = {"id": {"S": row_id}, **{name: {"S": value} for name, value in values.items()}}
        with translate_errors("DynamoDB"):
            try:
                dynamodb.put_item(
                    TableName=self._table,
                    Item=item,
                    ConditionExpression="attribute_not_exists(id)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except dynamodb.exceptions.ConditionalCheckFailedException as error:
                existing: Any = error.response
                return str(existing.get("Item", {}).get("owner", {}).get("S", ""))
        return None

    def _keys(self, prefix: str) -> Iterator[str]:
        with translate_errors("S3"):
            for page in self._clients.s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
                yield from (found["Key"] for found in page.get("Contents", []))

    def _delete(self, keys: Iterable[str]) -> None:
        for some in batched(keys, _AT_ONCE, strict=False):
            objects: list[ObjectIdentifierTypeDef] = [{"Key": key} for key in some]
            with translate_errors("S3"):
                response = self._clients.s3.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True}
                )
            if errors := response.get("Errors"):  # the status is 200, so botocore does not repeat these deletions
                raise Unavailable(f"S3 did not delete {len(errors)} files: {errors[0].get('Code')}. Try again.")


def _record_id(tenant: str, deleted_id: str) -> str:
    return f"voice_record#{tenant}#{deleted_id}"


def _recording(tenant: str, owner: str) -> str:
    return f"{RECORDINGS}{check_tenant(tenant)}/{owner}"
