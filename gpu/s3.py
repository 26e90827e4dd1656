"""Download models and recordings from buckets, and store the data of voices."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from herald.errors import InvalidSettings, VoiceNotFetched

_NOT_FOUND = {"NoSuchKey", "404"}


@cache
def _client() -> Any:  # noqa: ANN401  boto3 creates its types at run time
    return boto3.client("s3")


def fetch_from(source: str) -> Callable[[str, Path], bool]:
    """Return a function that downloads "voice/file" from s3://bucket/prefix; raise InvalidSettings for other forms."""
    parts = urlsplit(source)
    if parts.scheme != "s3" or not parts.netloc:
        raise InvalidSettings("HERALD_MODEL_SOURCE must have the form s3://bucket/prefix.")
    prefix = parts.path.strip("/")

    def fetch(name: str, path: Path) -> bool:
        key = f"{prefix}/{name}" if prefix else name
        try:
            _client().download_file(parts.netloc, key, str(path))
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_FOUND:
                return False
            raise VoiceNotFetched(
                f"{name} could not be downloaded from {source}: {error.response['Error']['Code']}."
            ) from None
        except (BotoCoreError, Boto3Error, OSError) as error:
            raise VoiceNotFetched(f"{name} could not be downloaded from {source}: {type(error).__name__}.") from error
        return True

    return fetch


def read_object(bucket: str, key: str, *, most: int) -> bytes | None:
    """Return at most `most` bytes of an object, or None if it does not exist; raise VoiceNotFetched."""
    try:
        return bytes(_client().get_object(Bucket=bucket, Key=key)["Body"].read(most))
    except ClientError as error:
        if error.response["Error"]["Code"] in _NOT_FOUND:
            return None
        raise VoiceNotFetched(f"s3://{bucket}/{key} could not be read: {error.response['Error']['Code']}.") from None
    except (BotoCoreError, Boto3Error, OSError) as error:
        raise VoiceNotFetched(f"s3://{bucket}/{key} could not be read: {type(error).__name__}.") from error


def write_object(bucket: str, key: str, data: bytes) -> None:
    """Store an object; raise VoiceNotFetched."""
    try:
        _client().put_object(Bucket=bucket, Key=key, Body=data)
    except ClientError as error:
        raise VoiceNotFetched(f"s3://{bucket}/{key} could not be stored: {error.response['Error']['Code']}.") from None
    except (BotoCoreError, Boto3Error, OSError) as error:
        raise VoiceNotFetched(f"s3://{bucket}/{key} could not be stored: {type(error).__name__}.") from error
