"""Streaming uploads to S3, as a multipart upload once a file exceeds one part.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from herald.aws.clients import translate_errors
from herald.errors import HeraldError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

PART = 8 << 20
"""Bytes per part; with S3's limit of 10,000 parts, a file can have 80 GB."""


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
            answer = self._s3.upload_part(
                Bucket=self._bucket, Key=self._key, UploadId=self._upload, PartNumber=number, Body=bytes(self._held)
            )
        self._parts.append({"PartNumber": number, "ETag": answer["ETag"]})
        self._held.clear()
