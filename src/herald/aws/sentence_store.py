"""A cache of synthesized sentences in the audio bucket, shared by all processes and expired by the lifecycle."""

from typing import TYPE_CHECKING

from herald.aws.clients import translate_errors
from herald.jobs.content import check_tenant

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FOLDER = "sentences/"


class S3Sentences:
    """A herald.speech.memory.Memory per tenant, so that timing reveals nothing about the texts of other tenants."""

    def __init__(self, s3: "S3Client", *, bucket: str, tenant: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._folder = f"{FOLDER}{check_tenant(tenant)}/"

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
