"""Files of audio in an S3 bucket, each written once under the key of its content."""

import time
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from herald.aws.clients import asking, code_of
from herald.errors import Unavailable
from herald.jobs.job import AudioFile, utc_now
from herald.jobs.ports import AudioStore, Tags

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef, TagTypeDef

_ATTEMPTS = 4
_PAUSE = 0.05
"""Seconds until a write is tried again that met another one of the same key; doubled each time."""
_MANY = "many"
"""In place of an id: several have the file kept, and S3 has no room for all of them."""


class S3AudioStore(AudioStore):
    """The audio bucket. Its lifecycle deletes what is tagged `retention=expire`; encryption is the bucket's own.

    A file that is found when older than `renew_after` is written anew, so that the lifecycle counts from there.
    """

    def __init__(
        self, s3: "S3Client", *, bucket: str, renew_after: timedelta, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._renew_after = renew_after
        self._clock = clock

    def find(self, key: str) -> AudioFile | None:
        """The stored file, or None; an object that is empty or does not say how long it sounds is no file."""
        head = self._head(key)
        audio = head and _described(key, head)
        if head is None or audio is None:
            return None
        if self._clock() - head["LastModified"] > self._renew_after:
            self._renew(key, head)
        return audio

    def put(self, file: bytes, audio: AudioFile, tags: Tags) -> AudioFile:
        """Store a file, unless its key is taken: return the one that is there."""
        whole = audio.model_copy(update={"bytes": len(file)})
        condition: dict[str, Any] = {"IfNoneMatch": "*"}
        for attempt in range(_ATTEMPTS):
            refused = self._put(file, whole, tags, condition)
            if refused is None:
                return whole
            head = self._head(audio.key)
            if head and (there := _described(audio.key, head)):
                if tags.retention == "keep":
                    self.keep(audio.key, by=tags.keeper or _MANY)
                return there
            # What lies there is no audio: it is replaced, unless somebody else just did that.
            condition = {"IfMatch": head["ETag"]} if head else {"IfNoneMatch": "*"}
            if refused == "ConditionalRequestConflict":
                time.sleep(_PAUSE * 2**attempt)
        raise Unavailable("S3: several write the same file at this moment. Try again.")

    def keep(self, key: str, *, by: str) -> None:
        """Exempt a file from expiry, and remember for whom."""
        tags = self._tags(key)
        if tags is None:
            raise Unavailable("S3: the file was deleted this moment. Try again.")
        alone = tags.get("retention") != "keep" or tags.get("kept_by") == by
        self._retag(key, tags, tags | {"retention": "keep", "kept_by": by if alone else _MANY})

    def expire(self, key: str, *, by: str) -> None:
        """Let a file expire again, its time beginning now, if nobody else has had it kept."""
        tags = self._tags(key)
        if tags is None or tags.get("kept_by") != by:
            return
        self.find(key)  # the lifecycle counts from the day of writing: it would delete an old file this night
        rest = {name: value for name, value in tags.items() if name != "kept_by"}
        self._retag(key, tags, rest | {"retention": "expire"})

    def _tags(self, key: str) -> dict[str, str] | None:
        """A file's tags; None where there is no file."""
        with asking("S3"):
            try:
                answer = self._s3.get_object_tagging(Bucket=self._bucket, Key=key)
            except self._s3.exceptions.NoSuchKey:
                return None
            return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}

    def _retag(self, key: str, before: dict[str, str], after: dict[str, str]) -> None:
        if after == before:
            return
        tags: list[TagTypeDef] = [{"Key": name, "Value": value} for name, value in after.items()]
        with asking("S3"):
            try:
                self._s3.put_object_tagging(Bucket=self._bucket, Key=key, Tagging={"TagSet": tags})
            except self._s3.exceptions.NoSuchKey:
                raise Unavailable("S3: the file was deleted this moment. Try again.") from None

    def _head(self, key: str) -> "HeadObjectOutputTypeDef | None":
        with asking("S3"):
            try:
                return self._s3.head_object(Bucket=self._bucket, Key=key)
            except self._s3.exceptions.ClientError as error:
                if code_of(error) in {"404", "NoSuchKey", "NotFound"}:
                    return None
                raise

    def _put(self, file: bytes, audio: AudioFile, tags: Tags, condition: dict[str, Any]) -> str | None:
        """Write, if the condition holds; else tell the name of what forbade it."""
        with asking("S3"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=audio.key,
                    Body=file,
                    ContentType=audio.media_type,
                    ChecksumSHA256=b64encode(sha256(file).digest()).decode(),
                    Metadata={"seconds": repr(audio.seconds), "sample-rate": str(audio.sample_rate)},
                    Tagging=urlencode(_tagged(tags)),
                    **condition,
                )
            except self._s3.exceptions.ClientError as error:
                # NoSuchKey: IfMatch, of an object that was deleted meanwhile.
                if code_of(error) in {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"}:
                    return code_of(error)
                raise
            return None

    def _renew(self, key: str, head: "HeadObjectOutputTypeDef") -> None:
        """Copy a file onto itself, with its tags: its age begins again."""
        with asking("S3"):
            try:
                self._s3.copy_object(
                    Bucket=self._bucket,
                    Key=key,
                    CopySource={"Bucket": self._bucket, "Key": key},
                    CopySourceIfMatch=head["ETag"],
                    ContentType=head["ContentType"],
                    Metadata=head["Metadata"],
                    MetadataDirective="REPLACE",  # S3 refuses a copy that changes nothing
                )
            except self._s3.exceptions.ClientError as error:
                if code_of(error) != "PreconditionFailed":  # written anew by another
                    raise


def _described(key: str, head: "HeadObjectOutputTypeDef") -> AudioFile | None:
    """The file that an object is; None for what is none."""
    try:
        seconds, sample_rate = float(head["Metadata"]["seconds"]), int(head["Metadata"]["sample-rate"])
    except (KeyError, ValueError):
        return None
    if not head["ContentLength"]:
        return None
    return AudioFile(
        key=key,
        seconds=seconds,
        bytes=head["ContentLength"],
        sample_rate=sample_rate,
        media_type=head["ContentType"],
    )


def _tagged(tags: Tags) -> dict[str, str]:
    """The tags of a new file."""
    kept = {"kept_by": tags.keeper or _MANY} if tags.retention == "keep" else {}
    return {"tenant": tags.tenant, "use_case": tags.use_case, "retention": tags.retention} | kept
