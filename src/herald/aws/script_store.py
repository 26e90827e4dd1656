"""Storage in S3 for long scripts. DynamoDB limits a row to 400 kB and charges each write for the whole row."""

import logging
from hashlib import sha256
from typing import TYPE_CHECKING

from herald.aws.clients import translate_errors
from herald.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

logger = logging.getLogger(__name__)

FOLDER = "texts/"


class TextStore:
    """Long texts in the audio bucket, keyed by job and content, so that jobs never share one."""

    def __init__(self, s3: "S3Client", *, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def put(self, job_id: str, text: str) -> str:
        """Store a text; return its key."""
        body = text.encode()
        key = f"{FOLDER}{job_id}/{sha256(body).hexdigest()[:32]}.json"
        with translate_errors("S3"):
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json")
        return key

    def get(self, key: str) -> str | None:
        """Return a text, or None if it has been deleted."""
        with translate_errors("S3"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=key)
            except self._s3.exceptions.NoSuchKey:
                return None
            return answer["Body"].read().decode()

    def delete(self, key: str) -> None:
        """Delete a text. Failures are only logged: the bucket's lifecycle deletes it later."""
        try:
            with translate_errors("S3"):
                self._s3.delete_object(Bucket=self._bucket, Key=key)
        except Unavailable as error:
            logger.warning("Deleting a text failed; it remains until it expires: %s", error.message)
