"""Files of audio in an S3 bucket, each written under the key of its content.

A file that expires is in audio/, one that is kept is in kept/: the bucket's lifecycle goes by these folders. The two
are independent, so that letting a kept file go never breaks a job that did not ask to keep it.
"""

import time
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from herald.aws.clients import asking, code_of
from herald.errors import Unavailable
from herald.jobs.content import AUDIO_FOLDER
from herald.jobs.job import AudioFile, utc_now
from herald.jobs.ports import AudioStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

KEPT_FOLDER = "kept/"
KEPT_BY = "kept_by"
"""The one tag, of kept files only: the job or batch that has the file kept."""
MANY, NOBODY = "many", "nobody"
"""In place of an id: several have the file kept, and a tag has no room for all of them; or it may be deleted."""
_ATTEMPTS = 4
_PAUSE = 0.05
"""Seconds until a write is tried again that met another one of the same key; doubled each time."""


class S3AudioStore(AudioStore):
    """The audio bucket. Keys are those in audio/; where a file is kept, the store itself maps its key to kept/.

    A file that is found in audio/ when older than `renew_after` is written anew: the lifecycle counts from there.
    """

    def __init__(
        self, s3: "S3Client", *, bucket: str, renew_after: timedelta, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._renew_after = renew_after
        self._clock = clock

    def find(self, key: str, *, keeper: str | None = None) -> AudioFile | None:
        """Return the stored file, kept for `keeper` if given, else expiring; None where there is no whole file."""
        wanted, other = (_kept(key), key) if keeper else (key, _kept(key))
        if head := self._whole(wanted):
            if keeper:
                self._remember(wanted, keeper)
            elif self._clock() - head["LastModified"] > self._renew_after:
                self._copy(wanted, head, wanted, keeper)
            return _described(wanted, head)
        if head := self._whole(other):
            self._copy(other, head, wanted, keeper)
            return _described(wanted, head)
        return None

    def put(self, file: bytes, audio: AudioFile, *, keeper: str | None = None) -> AudioFile:
        """Store a file, kept for `keeper` if given, unless a whole one is there: return the one that is there."""
        key = _kept(audio.key) if keeper else audio.key
        made = audio.model_copy(update={"key": key, "bytes": len(file)})
        condition: dict[str, Any] = {"IfNoneMatch": "*"}
        for attempt in range(_ATTEMPTS):
            refused = self._put(file, made, keeper, condition)
            if refused is None:
                return made
            head = self._head(key)
            if head and (there := _described(key, head)):
                if keeper:
                    self._remember(key, keeper)
                return there
            # What is there is no audio, or not what was written: replace it, unless another process just did.
            condition = {"IfMatch": head["ETag"]} if head else {"IfNoneMatch": "*"}
            if refused == "ConditionalRequestConflict":
                time.sleep(_PAUSE * 2**attempt)
        raise Unavailable("S3: several write the same file at this moment. Try again.")

    def expire(self, key: str, *, by: str) -> AudioFile | None:
        """Return the file as it expires, its time beginning now; delete the kept one if only `by` had it kept."""
        file = self.find(key)
        if self._tag(_kept(key)) == by:
            self._set_tag(_kept(key), NOBODY)
        return file

    def _whole(self, key: str) -> "HeadObjectOutputTypeDef | None":
        head = self._head(key)
        return head if head and _described(key, head) else None

    def _remember(self, key: str, keeper: str) -> None:
        before = self._tag(key)
        after = keeper if before in {keeper, NOBODY} else MANY
        if after != before:
            self._set_tag(key, after)

    def _tag(self, key: str) -> str | None:
        """Return who has a file kept; None where there is no file."""
        with asking("S3"):
            try:
                answer = self._s3.get_object_tagging(Bucket=self._bucket, Key=key)
            except self._s3.exceptions.NoSuchKey:
                return None
            return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}.get(KEPT_BY, MANY)

    def _set_tag(self, key: str, keeper: str) -> None:
        tags: Any = {"TagSet": [{"Key": KEPT_BY, "Value": keeper}]}
        with asking("S3"):
            try:
                self._s3.put_object_tagging(Bucket=self._bucket, Key=key, Tagging=tags)
            except self._s3.exceptions.NoSuchKey:
                raise Unavailable("S3: the file was deleted this moment. Try again.") from None

    def _head(self, key: str) -> "HeadObjectOutputTypeDef | None":
        with asking("S3"):
            try:
                return self._s3.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
            except self._s3.exceptions.ClientError as error:
                if code_of(error) in {"404", "NoSuchKey", "NotFound"}:
                    return None
                raise

    def _put(self, file: bytes, audio: AudioFile, keeper: str | None, condition: dict[str, Any]) -> str | None:
        """Write, if the condition holds; else return the name of what forbade it."""
        digest = b64encode(sha256(file).digest()).decode()
        with asking("S3"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=audio.key,
                    Body=file,
                    ContentType=audio.media_type,
                    ChecksumAlgorithm="SHA256",
                    ChecksumSHA256=digest,
                    Metadata={"seconds": repr(audio.seconds), "sample-rate": str(audio.sample_rate), "sha256": digest},
                    **_tagging(keeper),
                    **condition,
                )
            except self._s3.exceptions.ClientError as error:
                # NoSuchKey: IfMatch, of an object that was deleted meanwhile.
                if code_of(error) in {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"}:
                    return code_of(error)
                raise
            return None

    def _copy(self, key: str, head: "HeadObjectOutputTypeDef", to: str, keeper: str | None) -> None:
        """Copy a version of a file to a key, also onto itself: the copy's age begins now."""
        with asking("S3"):
            try:
                self._s3.copy_object(
                    Bucket=self._bucket,
                    Key=to,
                    CopySource={"Bucket": self._bucket, "Key": key},
                    CopySourceIfMatch=head["ETag"],
                    ContentType=head["ContentType"],
                    Metadata=head["Metadata"],
                    MetadataDirective="REPLACE",  # S3 refuses a copy onto itself that changes nothing
                    TaggingDirective="REPLACE",
                    ChecksumAlgorithm="SHA256",
                    **_tagging(keeper),
                )
            except self._s3.exceptions.ClientError as error:
                if code_of(error) == "PreconditionFailed" and to == key:
                    return  # another process has renewed it
                if code_of(error) in {"PreconditionFailed", "NoSuchKey"}:
                    raise Unavailable("S3: the file was changed or deleted this moment. Try again.") from None
                raise


def _kept(key: str) -> str:
    return f"{KEPT_FOLDER}{key.removeprefix(AUDIO_FOLDER)}"


def _tagging(keeper: str | None) -> dict[str, Any]:
    return {"Tagging": urlencode({KEPT_BY: keeper})} if keeper else {}


def _described(key: str, head: "HeadObjectOutputTypeDef") -> AudioFile | None:
    """Return the file that an object is; None for one that is not audio, or not the bytes that were written.

    The digest in the metadata is ours, from when the file was written; the checksum is S3's, of the bytes it holds.
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
