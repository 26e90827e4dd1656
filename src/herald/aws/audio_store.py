"""Audio files in an S3 bucket, with content-addressed keys.

Expiring files are in audio/ and kept ones in kept/, the prefixes of the bucket's lifecycle rules. The two copies
are independent: releasing a kept file does not affect jobs that use the expiring one.
"""

import time
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from herald.aws.clients import code_of, translate_errors
from herald.clock import utc_now
from herald.errors import Unavailable
from herald.jobs.job import AudioFile
from herald.jobs.ports import AudioStore, Stored
from herald.jobs.script import AUDIO_FOLDER, check_tenant

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

KEPT_FOLDER = "kept/"
KEPT_BY = "kept_by"
"""The tag of kept files: the id of the job or batch for which the file is kept."""
MANY, RELEASED = "many", "none"
"""Tag values instead of an id: kept by several, whose ids do not fit into a tag, or released."""
FORMERLY_RELEASED = "nobody"
"""The tag value of files that earlier versions released."""
_ATTEMPTS = 4
_PAUSE = 0.05
"""Seconds before a conflicting write is retried; doubled each time."""
SENTENCES_FOLDER = "sentences/"


class S3AudioStore(AudioStore):
    """The audio bucket. Callers pass keys in audio/; the store maps them to kept/ for kept files.

    A file in audio/ that is older than `renew_after` is copied onto itself when it is found, which restarts its expiry.
    """

    def __init__(
        self, s3: "S3Client", *, bucket: str, renew_after: timedelta, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._renew_after = renew_after
        self._clock = clock

    def find(self, key: str, *, keeper: str | None = None) -> AudioFile | None:
        """Return the stored file, or None if it is missing or damaged.

        With `keeper`, keep it for that job or batch and return the kept copy; else return the expiring one. Raise
        Unavailable if another process changes the file meanwhile.
        """
        wanted, other = (_kept(key), key) if keeper else (key, _kept(key))
        if head := self._whole(wanted):
            if keeper:
                self._keep(wanted, keeper)
            elif self._clock() - head["LastModified"] > self._renew_after:
                self._copy(wanted, head, wanted, keeper)
            return _described(wanted, head)
        if head := self._whole(other):
            self._copy(other, head, wanted, keeper)
            return _described(wanted, head)
        return None

    def put(self, file: bytes, audio: AudioFile, *, keeper: str | None = None) -> Stored:
        """Store a file unless an intact one exists, and return the stored file.

        With `keeper`, the file is kept for that job or batch. Raise Unavailable if concurrent writes keep
        conflicting.
        """
        key = _kept(audio.key) if keeper else audio.key
        made = audio.model_copy(update={"key": key, "bytes": len(file)})
        condition: dict[str, Any] = {"IfNoneMatch": "*"}
        for attempt in range(_ATTEMPTS):
            conflict = self._put(file, made, keeper, condition)
            if conflict is None:
                return Stored(made, existed=False)
            head = self._head(key)
            if head and (existing := _described(key, head)):
                if keeper:
                    self._keep(key, keeper)
                return Stored(existing, existed=True)
            # The existing object is not audio or is damaged: replace it, unless another process just did.
            condition = {"IfMatch": head["ETag"]} if head else {"IfNoneMatch": "*"}
            if conflict == "ConditionalRequestConflict":
                time.sleep(_PAUSE * 2**attempt)
        raise Unavailable("S3: several processes are writing the same file. Try again.")

    def expire(self, key: str, *, by: str) -> AudioFile | None:
        """Return the expiring copy, with its expiry restarted; release the kept one if only `by` kept it."""
        file = self.find(key)
        if self._tag(_kept(key)) == by:
            self._set_tag(_kept(key), RELEASED)
        return file

    def _whole(self, key: str) -> "HeadObjectOutputTypeDef | None":
        head = self._head(key)
        return head if head and _described(key, head) else None

    def _keep(self, key: str, keeper: str) -> None:
        before = self._tag(key)
        after = keeper if before in {keeper, RELEASED, FORMERLY_RELEASED} else MANY
        if after != before:
            self._set_tag(key, after)

    def _tag(self, key: str) -> str | None:
        """Return the id in a file's tag, MANY or RELEASED; None if there is no file."""
        with translate_errors("S3"):
            try:
                answer = self._s3.get_object_tagging(Bucket=self._bucket, Key=key)
            except self._s3.exceptions.NoSuchKey:
                return None
            return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}.get(KEPT_BY, MANY)

    def _set_tag(self, key: str, keeper: str) -> None:
        tags: Any = {"TagSet": [{"Key": KEPT_BY, "Value": keeper}]}
        with translate_errors("S3"):
            try:
                self._s3.put_object_tagging(Bucket=self._bucket, Key=key, Tagging=tags)
            except self._s3.exceptions.NoSuchKey:
                raise Unavailable("S3: the file has just been deleted. Try again.") from None

    def _head(self, key: str) -> "HeadObjectOutputTypeDef | None":
        with translate_errors("S3"):
            try:
                return self._s3.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
            except self._s3.exceptions.ClientError as error:
                if code_of(error) in {"404", "NoSuchKey", "NotFound"}:
                    return None
                raise

    def _put(self, file: bytes, audio: AudioFile, keeper: str | None, condition: dict[str, Any]) -> str | None:
        """Write the file and return None; return the error code if the condition does not hold."""
        digest = b64encode(sha256(file).digest()).decode()
        with translate_errors("S3"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=audio.key,
                    Body=file,
                    ContentType=audio.media_type,
                    ChecksumAlgorithm="SHA256",
                    ChecksumSHA256=digest,
                    Metadata={
                        "seconds": repr(audio.seconds),
                        "sample-rate": str(audio.sample_rate),
                        "sha256": digest,
                        "ai-disclosure": "mode=machine-generated",  # as in the header of responses
                    },
                    **_tagging(keeper),
                    **condition,
                )
            except self._s3.exceptions.ClientError as error:
                # NoSuchKey: the object of IfMatch was deleted meanwhile.
                if code_of(error) in {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"}:
                    return code_of(error)
                raise
            return None

    def _copy(self, key: str, head: "HeadObjectOutputTypeDef", to: str, keeper: str | None) -> None:
        """Copy a version of a file to a key, which may be its own; the copy's expiry starts now."""
        with translate_errors("S3"):
            try:
                self._s3.copy_object(
                    Bucket=self._bucket,
                    Key=to,
                    CopySource={"Bucket": self._bucket, "Key": key},
                    CopySourceIfMatch=head["ETag"],
                    ContentType=head["ContentType"],
                    Metadata=head["Metadata"],
                    MetadataDirective="REPLACE",  # S3 rejects a copy onto itself that changes nothing
                    TaggingDirective="REPLACE",
                    ChecksumAlgorithm="SHA256",
                    **_tagging(keeper),
                )
            except self._s3.exceptions.ClientError as error:
                if code_of(error) == "PreconditionFailed" and to == key:
                    return  # another process has renewed it
                if code_of(error) in {"PreconditionFailed", "NoSuchKey"}:
                    raise Unavailable("S3: the file has just been changed or deleted. Try again.") from None
                raise


def _kept(key: str) -> str:
    return f"{KEPT_FOLDER}{key.removeprefix(AUDIO_FOLDER)}"


def _tagging(keeper: str | None) -> dict[str, Any]:
    return {"Tagging": urlencode({KEPT_BY: keeper})} if keeper else {}


def _described(key: str, head: "HeadObjectOutputTypeDef") -> AudioFile | None:
    """Return the audio file of an object, or None if the object is not audio or is damaged.

    Compares the digest in the metadata, computed by Herald at the write, to S3's checksum of the stored bytes.
    """
    metadata = head["Metadata"]
    try:
        seconds, sample_rate, digest = float(metadata["seconds"]), int(metadata["sample-rate"]), metadata["sha256"]
    except (KeyError, ValueError):
        return None
    if not head["ContentLength"] or head.get("ChecksumSHA256") != digest:
        return None
    return AudioFile(
        key=key,
        seconds=seconds,
        bytes=head["ContentLength"],
        sample_rate=sample_rate,
        media_type=head["ContentType"],
    )


class S3Sentences:
    """A herald.speech.memory.Memory per tenant, so that timing reveals nothing about the texts of other tenants."""

    def __init__(self, s3: "S3Client", *, bucket: str, tenant: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._folder = f"{SENTENCES_FOLDER}{check_tenant(tenant)}/"

    def get(self, key: str, /) -> bytes | None:
        """Return the cached audio, or None."""
        with translate_errors("S3"):
            try:
                return self._s3.get_object(Bucket=self._bucket, Key=self._folder + key)["Body"].read()
            except self._s3.exceptions.NoSuchKey:
                return None

    def put(self, key: str, value: bytes, /) -> None:
        """Store the audio of a sentence."""
        with translate_errors("S3"):
            self._s3.put_object(Bucket=self._bucket, Key=self._folder + key, Body=value)
