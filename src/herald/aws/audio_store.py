"""Audio files in an S3 bucket, with content-addressed keys.

Expiring files are in audio/ and kept ones in kept/, the prefixes of the bucket's lifecycle rules. The two copies
are independent: releasing a kept file does not affect jobs that use the expiring one.

S3 can neither change a tag conditionally nor lock a file. To never delete a file that a job still keeps, the tag of a
kept copy names one keeper from its creation on, and only that keeper changes it, to RELEASED. All other keepers use a
second copy, which is never released: keeping a file for too long is the smaller mistake.
"""

import time
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple
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
"""The tag of kept files. Its value is the id of the job or batch for which the file is kept."""
MANY, RELEASED = "many", "none"
"""Tag values other than an id: kept by several, as earlier versions recorded it, or released."""
_ATTEMPTS = 4
_PAUSE = 0.05
"""Seconds before a conflicting write is retried; doubled each time."""
_CONFLICTS = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"})
"""Errors of conditional writes. NoSuchKey: the object of IfMatch, or the source of a copy, was deleted meanwhile."""
SENTENCES_FOLDER = "sentences/"


class _Place(NamedTuple):
    """The location of a file: its key, the object that exists there, and the keeper for the tag of a new one."""

    key: str
    head: "HeadObjectOutputTypeDef | None" = None
    keeper: str | None = None

    @property
    def tagging(self) -> dict[str, Any]:
        """Return the parameter of a write that sets the tag."""
        return {"Tagging": urlencode({KEPT_BY: self.keeper})} if self.keeper else {}

    @property
    def condition(self) -> dict[str, Any]:
        """Return the parameter of a write with the condition that the object has not changed."""
        return {"IfMatch": self.head["ETag"]} if self.head else {"IfNoneMatch": "*"}


class S3AudioStore(AudioStore):
    """The audio bucket. Callers pass keys in audio/; the store maps them to kept/ for kept files.

    A file in audio/ that was not written today (UTC) is copied onto itself when it is found, which restarts its expiry.
    S3 deletes files at the midnight after their last day, so a file never expires before a job that uses it.
    """

    def __init__(self, s3: "S3Client", *, bucket: str, clock: Callable[[], datetime] = utc_now) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._clock = clock

    def find(self, key: str, *, keeper: str | None = None) -> AudioFile | None:
        """Return the stored file, or None if it is missing or damaged.

        With `keeper`, keep it for that job or batch and return the kept copy; else return the expiring one. Raise
        Unavailable if other processes change the file at the same time.
        """
        return self._find(key, keeper)[0]

    def put(self, file: bytes, audio: AudioFile, *, keeper: str | None = None) -> Stored:
        """Store a file unless an intact one exists, and return the stored file.

        With `keeper`, the file is kept for that job or batch. Raise Unavailable if concurrent writes keep
        conflicting.
        """
        place = _Place(_kept(audio.key) if keeper else audio.key, keeper=keeper)
        for attempt in range(_ATTEMPTS):
            stored = audio.model_copy(update={"key": place.key, "bytes": len(file)})
            conflict = self._put(file, stored, place)
            if conflict is None:
                return Stored(stored, existed=False)
            # An existing object that is not audio or is damaged is replaced, unless another process just did so.
            existing, place = self._find(audio.key, keeper)
            if existing:
                return Stored(existing, existed=True)
            if conflict == "ConditionalRequestConflict":
                time.sleep(_PAUSE * 2**attempt)
        raise Unavailable("S3: several processes are writing the same file. Try again.")

    def expire(self, key: str, *, by: str) -> AudioFile | None:
        """Return the expiring copy, with its expiry restarted; release the kept one if only `by` kept it."""
        file, _ = self._find(key, None, _shared(key))
        if self._tag(_kept(key)) == by:
            self._release(_kept(key))
        return file

    @cached_property
    def _copies_conditionally(self) -> bool:
        """Whether botocore, which Lambda's runtime provides, supports conditions for a copy's target: from 1.41 on.

        Without them, two concurrent first keepers can share one copy, and the release of one deletes it.
        """
        import botocore  # noqa: PLC0415  with the first client

        return tuple(int(part) for part in botocore.__version__.split(".")[:2]) >= (1, 41)

    def _find(self, key: str, keeper: str | None, *others: str) -> tuple[AudioFile | None, _Place]:
        """Return the file, or None, and its place. A missing or damaged file is replaced by a copy of another one.

        Without a keeper, the shared copy is looked up only if it is among `others`: this lookup would make every new
        file more expensive, for the rare case that only the shared copy is left.
        """
        sources = (_kept(key), key, _shared(key)) if keeper else (_kept(key), *others)
        for attempt in range(_ATTEMPTS):
            place = self._place(key, keeper)
            for source in dict.fromkeys((place.key, *sources)):
                head = place.head if source == place.key else self._head(source)
                file = _audio_file(place.key, head) if head else None
                if head is None or file is None:
                    continue
                if source == place.key and not (keeper is None and self._is_due(head)):
                    return file, place
                if self._copy(source, head, place):
                    return file, place
                break  # another process has just changed one of the two
            else:
                return None, place
            time.sleep(_PAUSE * 2**attempt)
        raise Unavailable("S3: the file has just been changed or deleted. Try again.")

    def _is_due(self, head: "HeadObjectOutputTypeDef") -> bool:
        """Return whether an expiring file has to be renewed, so that it does not expire before a job of today."""
        return head["LastModified"].date() < self._clock().date()

    def _place(self, key: str, keeper: str | None) -> _Place:
        """Return the place of a file: in audio/, or for a keeper, its own copy or the shared one."""
        if keeper is None:
            return _Place(key, self._head(key))
        own = _Place(_kept(key), self._head(_kept(key)), keeper)
        if own.head is None or (owner := self._tag(own.key)) == keeper:
            return own
        # A released copy is never kept again, because its keeper may be releasing it a second time.
        return own._replace(keeper=MANY) if owner == MANY else _Place(_shared(key), self._head(_shared(key)))

    def _tag(self, key: str) -> str | None:
        """Return the id in a file's tag, MANY or RELEASED; None if there is no file."""
        with translate_errors("S3"):
            try:
                response = self._s3.get_object_tagging(Bucket=self._bucket, Key=key)
            except self._s3.exceptions.NoSuchKey:
                return None
            return {tag["Key"]: tag["Value"] for tag in response["TagSet"]}.get(KEPT_BY, MANY)

    def _release(self, key: str) -> None:
        tags: Any = {"TagSet": [{"Key": KEPT_BY, "Value": RELEASED}]}
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

    def _put(self, file: bytes, audio: AudioFile, place: _Place) -> str | None:
        """Write the file and return None; return the error code if another process has just changed the object."""
        digest = b64encode(sha256(file).digest()).decode()
        with translate_errors("S3"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=place.key,
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
                    **place.tagging,
                    **place.condition,
                )
            except self._s3.exceptions.ClientError as error:
                if code_of(error) in _CONFLICTS:
                    return code_of(error)
                raise
            return None

    def _copy(self, source: str, head: "HeadObjectOutputTypeDef", place: _Place) -> bool:
        """Copy a version of a file to its place; the copy's expiry starts now. Return False if either has changed."""
        with translate_errors("S3"):
            try:
                self._s3.copy_object(
                    Bucket=self._bucket,
                    Key=place.key,
                    CopySource={"Bucket": self._bucket, "Key": source},
                    CopySourceIfMatch=head["ETag"],
                    ContentType=head["ContentType"],
                    Metadata=head["Metadata"],
                    MetadataDirective="REPLACE",  # S3 rejects a copy onto itself that changes nothing
                    TaggingDirective="REPLACE",
                    ChecksumAlgorithm="SHA256",
                    **place.tagging,
                    **(place.condition if self._copies_conditionally else {}),
                )
            except self._s3.exceptions.ClientError as error:
                if code_of(error) in _CONFLICTS:
                    return False
                raise
            return True


def _kept(key: str) -> str:
    return f"{KEPT_FOLDER}{key.removeprefix(AUDIO_FOLDER)}"


def _shared(key: str) -> str:
    """Return the key of the copy for all keepers but the first, as in kept/acme/0123.shared.mp3."""
    own = PurePosixPath(_kept(key))
    return str(own.with_name(f"{own.stem}.shared{own.suffix}"))


def _audio_file(key: str, head: "HeadObjectOutputTypeDef") -> AudioFile | None:
    """Return the audio file of an object, or None if the object is not audio or is damaged.

    The digest in the metadata, which Herald computed at the write, is compared with S3's checksum of the stored bytes.
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
