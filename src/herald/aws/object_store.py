"""Files of batches in the audio bucket, read in ranges and written as streams, and manifests in other buckets."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from herald.aws.clients import code_of, translate_errors
from herald.aws.dynamo import UnreadableHandler, ignore_unreadable
from herald.aws.links import Links, S3Links
from herald.batches.batch_ports import Objects, ObjectVersion, UploadForm, Write
from herald.errors import HeraldError, InvalidManifest, Unavailable, UnreadableRow

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

PART = 8 << 20
"""Bytes per part; with S3's limit of 10,000 parts, a file can have 80 GB."""
_BLOCK = 8 << 20
"""Bytes per read; a broken connection repeats at most one block."""
_ATTEMPTS = 4
_PAUSE = 0.1
_COPIED_PART = 16 << 20
_COPIES = 16
"""Parts of one file that are copied concurrently."""
_OTHER_VERSION = frozenset({"412", "PreconditionFailed"})
_MISSING = frozenset({"404", "NoSuchKey", "NotFound", "NoSuchBucket"})
_NOT_OURS = frozenset({"403", "AccessDenied", "301", "PermanentRedirect"})
"""Codes for an object in another bucket that is missing or not permitted. Without s3:ListBucket, both are 403."""
_REPLACED = "The manifest was replaced or deleted after the batch was started. Submit a new batch."


class Upload:
    """The upload of one file."""

    def __init__(self, s3: "S3Client", *, bucket: str, key: str, media_type: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._key = key
        self._media_type = media_type
        self._held = bytearray()
        self._upload: str | None = None
        self._parts: list[CompletedPartTypeDef] = []

    def write(self, data: bytes) -> None:
        """Append to the file."""
        self._held += data
        if len(self._held) >= PART:
            self._send()

    def finish(self) -> None:
        """Complete the upload; the file appears only now."""
        if self._upload is None:
            with translate_errors("S3"):
                self._s3.put_object(
                    Bucket=self._bucket, Key=self._key, Body=bytes(self._held), ContentType=self._media_type
                )
            return
        if self._held:
            self._send()
        with translate_errors("S3"):
            self._s3.complete_multipart_upload(
                Bucket=self._bucket, Key=self._key, UploadId=self._upload, MultipartUpload={"Parts": self._parts}
            )

    def give_up(self) -> None:
        """Abort the upload. If that fails, the bucket's lifecycle removes its parts."""
        if self._upload is None:
            return
        with suppress(HeraldError), translate_errors("S3"):
            self._s3.abort_multipart_upload(Bucket=self._bucket, Key=self._key, UploadId=self._upload)

    def _send(self) -> None:
        number = len(self._parts) + 1
        with translate_errors("S3"):
            if self._upload is None:
                self._upload = self._s3.create_multipart_upload(
                    Bucket=self._bucket, Key=self._key, ContentType=self._media_type
                )["UploadId"]
            response = self._s3.upload_part(
                Bucket=self._bucket, Key=self._key, UploadId=self._upload, PartNumber=number, Body=bytes(self._held)
            )
        self._parts.append({"PartNumber": number, "ETag": response["ETag"]})
        self._held.clear()


class S3Objects(Objects):
    """Implements Objects for the audio bucket."""

    def __init__(
        self,
        s3: "S3Client",
        *,
        bucket: str,
        account: str,
        links: Links | None = None,
        unreadable: UnreadableHandler = ignore_unreadable,
    ) -> None:
        """Read manifests only from buckets that `account` owns. `links` defaults to presigned S3 links.

        `unreadable` is called for every unreadable line.
        """
        self._unreadable = unreadable
        self._s3 = s3
        self._bucket = bucket
        self._account = account
        self._links = links or S3Links(s3, bucket=bucket)

    def report(self, error: UnreadableRow) -> None:
        """Log and count an unreadable line of a file."""
        self._unreadable(error)

    def read(self, key: str, start: int = 0, size: int | None = None) -> bytes | None:
        """Return a file, or at most `size` bytes from offset `start`; None if it is missing or shorter than `start`."""
        part: dict[str, Any] = {"Range": f"bytes={start}-{start + size - 1}"} if size else {}
        with translate_errors("S3"):
            try:
                return self._s3.get_object(Bucket=self._bucket, Key=key, **part)["Body"].read()
            except self._s3.exceptions.ClientError as error:
                if code_of(error) in _MISSING | {"InvalidRange"}:
                    return None
                raise

    def write(self, key: str, body: bytes) -> None:
        """Write a file, replacing any existing one."""
        with translate_errors("S3"):
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)

    def write_once(self, key: str, body: bytes) -> bool:
        """Write a file unless it exists; return whether it was written."""
        for attempt in range(_ATTEMPTS):
            with translate_errors("S3"):
                try:
                    self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, IfNoneMatch="*")
                except self._s3.exceptions.ClientError as error:
                    if code_of(error) == "PreconditionFailed":
                        return False
                    if code_of(error) != "ConditionalRequestConflict":
                        raise
                else:
                    return True
            time.sleep(_PAUSE * 2**attempt)
        raise Unavailable("S3: several processes are writing the same file. Try again.")

    @contextmanager
    def writing(self, key: str, media_type: str) -> Iterator[Write]:
        """Write a file as a stream; it appears when the block ends without an exception."""
        upload = Upload(self._s3, bucket=self._bucket, key=key, media_type=media_type)
        try:
            yield upload.write
        except BaseException:
            upload.give_up()
            raise
        upload.finish()

    def version_of(self, key: str, bucket: str | None = None) -> ObjectVersion | None:
        """Return the current version of a file, or None. `bucket` names a bucket other than the audio bucket."""
        with translate_errors("S3"):
            try:
                head = self._s3.head_object(Key=key, **self._in(bucket))
            except self._s3.exceptions.ClientError as error:
                if code_of(error) in _MISSING or (bucket and code_of(error) in _NOT_OURS):
                    return None
                raise
        return ObjectVersion(
            key=key,
            bucket=bucket,
            etag=head["ETag"],
            bytes=head["ContentLength"],
            content_type=head.get("ContentType", ""),
        )

    def read_version(self, pinned: ObjectVersion) -> Iterator[bytes]:
        """Yield a version of a file in blocks; raise InvalidManifest `manifest_replaced` if it has been replaced."""
        for start in range(0, pinned.bytes, _BLOCK):
            yield self._block(pinned, start)

    def link(self, key: str, *, file_name: str, seconds: int = 900) -> str:
        """Return a link to a file that works for `seconds`; browsers save it as `file_name`."""
        return self._links.link(key, file_name=file_name, seconds=seconds, disposition="attachment")

    def upload_form(self, key: str, *, seconds: int, most_bytes: int, content_type: str) -> UploadForm:
        """Return a form, valid for `seconds`, that uploads a file of up to `most_bytes`; S3 enforces the limit."""
        with translate_errors("S3"):
            form = self._s3.generate_presigned_post(
                self._bucket,
                key,
                Fields={"Content-Type": content_type},
                Conditions=[["content-length-range", 0, most_bytes], ["starts-with", "$Content-Type", ""]],
                ExpiresIn=seconds,
            )
        return UploadForm(url=form["url"], fields=form["fields"], most_bytes=most_bytes)

    def copy(self, pinned: ObjectVersion, key: str) -> ObjectVersion | None:
        """Copy a version of a file within the audio bucket; return the copy, or None if it has been replaced."""
        copied = self.version_of(key)
        if copied is None or copied.bytes != pinned.bytes:
            if not self._copy(pinned, key):
                return None
            copied = self.version_of(key)
        return copied and copied.model_copy(update={"content_type": pinned.content_type})

    def _copy(self, pinned: ObjectVersion, key: str) -> bool:
        """Copy within S3, with concurrent parts because a caller is waiting; return False if the version is gone."""
        from boto3.s3.transfer import TransferConfig, create_transfer_manager  # noqa: PLC0415  only to start a batch

        config = TransferConfig(
            multipart_threshold=_COPIED_PART, multipart_chunksize=_COPIED_PART, max_concurrency=_COPIES
        )
        with translate_errors("S3"), create_transfer_manager(self._s3, config) as transfers:
            try:
                transfers.copy(
                    {"Bucket": self._bucket, "Key": pinned.key},
                    self._bucket,
                    key,
                    # Do not copy tags, which would need two more permissions.
                    extra_args={"CopySourceIfMatch": pinned.etag, "TaggingDirective": "REPLACE"},
                ).result()
            except self._s3.exceptions.ClientError as error:
                if code_of(error) in _MISSING | _OTHER_VERSION:
                    return False
                raise
        return True

    def _in(self, bucket: str | None) -> dict[str, Any]:
        """Return the request parameters of a bucket: the audio bucket, or one for manifests in the same account.

        The owner is checked, because any account can take the name of a deleted bucket.
        """
        return {"Bucket": bucket, "ExpectedBucketOwner": self._account} if bucket else {"Bucket": self._bucket}

    def _block(self, pinned: ObjectVersion, start: int) -> bytes:
        """Read a block, again if the connection breaks: boto3 retries only until the first byte of the body."""
        for attempt in range(1, _ATTEMPTS):
            with suppress(Unavailable):
                return self._range(pinned, start)
            time.sleep(_PAUSE * 2**attempt)
        return self._range(pinned, start)

    def _range(self, pinned: ObjectVersion, start: int) -> bytes:
        last = min(start + _BLOCK, pinned.bytes) - 1
        with translate_errors("S3"):
            try:
                response = self._s3.get_object(
                    Key=pinned.key,
                    Range=f"bytes={start}-{last}",
                    IfMatch=pinned.etag,
                    **self._in(pinned.bucket),
                )
                return response["Body"].read()
            except self._s3.exceptions.ClientError as error:
                gone = _MISSING | _OTHER_VERSION | {"InvalidRange"} | (_NOT_OURS if pinned.bucket else set())
                if code_of(error) in gone:
                    raise InvalidManifest(_REPLACED, code="manifest_replaced") from None
                raise
