"""A bucket in memory, with the calls of S3 that the audio store makes: a hundred times faster than moto."""

from base64 import b64encode
from datetime import UTC, datetime
from hashlib import md5, sha256
from types import SimpleNamespace
from urllib.parse import parse_qsl

from botocore.exceptions import ClientError


class NoSuchKey(ClientError):
    """The object does not exist."""


class MemoryS3:
    """The objects of one bucket, by their keys. `before_call(operation)` runs before each call."""

    exceptions = SimpleNamespace(ClientError=ClientError, NoSuchKey=NoSuchKey)

    def __init__(self):
        self.objects = {}
        self.before_call = lambda _: None

    def head_object(self, **given):
        return self._read("HeadObject", given["Key"]).head

    def get_object_tagging(self, **given):
        return {"TagSet": self._read("GetObjectTagging", given["Key"]).tags}

    def put_object_tagging(self, **given):
        self._read("PutObjectTagging", given["Key"]).tags = given["Tagging"]["TagSet"]

    def put_object(self, **given):
        self.before_call("PutObject")
        self._write("PutObject", given["Body"], given)

    def copy_object(self, **given):
        source = self._read("CopyObject", given["CopySource"]["Key"])
        if source.head["ETag"] != given["CopySourceIfMatch"]:
            raise error(ClientError, "PreconditionFailed", "CopyObject")
        self._write("CopyObject", source.body, given)

    def _read(self, operation, key):
        self.before_call(operation)
        if key not in self.objects:
            raise error(NoSuchKey, "NoSuchKey", operation)
        return self.objects[key]

    def _write(self, operation, body, given):
        there, version = self.objects.get(given["Key"]), given.get("IfMatch")
        if version and not there:
            raise error(NoSuchKey, "NoSuchKey", operation)
        if there and version != there.head["ETag"] and (version or "IfNoneMatch" in given):
            raise error(ClientError, "PreconditionFailed", operation)
        head = {
            "ETag": f'"{md5(body, usedforsecurity=False).hexdigest()}"',
            "ChecksumSHA256": b64encode(sha256(body).digest()).decode(),
            "ContentLength": len(body),
            "ContentType": given["ContentType"],
            "Metadata": given["Metadata"],
            "LastModified": datetime.now(UTC),
        }
        tags = [{"Key": name, "Value": value} for name, value in parse_qsl(given.get("Tagging", ""))]
        self.objects[given["Key"]] = SimpleNamespace(body=body, head=head, tags=tags)


def error(kind, code, operation):
    return kind({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 400}}, operation)
