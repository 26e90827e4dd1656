"""Delete everything that is stored of a tenant, for example because a contract or a law requires it.

    python scripts/delete_tenant.py acme --stack herald             show how much there is
    python scripts/delete_tenant.py acme --stack herald --delete    delete it, beginning with the keys

docs/storage.md says what remains for a while. Jobs in progress can still write: run it again until it finds nothing.
"""

import argparse
import sys
from collections.abc import Collection, Iterator
from typing import Any

import boto3

from herald.aws.audio_store import KEPT_FOLDER, SENTENCES_FOLDER
from herald.aws.custom_voice_storage import RECORDINGS, STATES
from herald.aws.dynamo import SHELF
from herald.aws.job_table import TEXTS_FOLDER
from herald.aws.stacks import name_in_stack
from herald.batches.batch_files import UPLOADS
from herald.jobs.custom_voice_records import TenantVoices
from herald.jobs.script import AUDIO_FOLDER, check_tenant

FOLDERS = (AUDIO_FOLDER, KEPT_FOLDER, UPLOADS, "batches/", SENTENCES_FOLDER, RECORDINGS, "lexicons/")
"""Folders of the bucket with a folder for each tenant."""
JOB_FOLDERS = (TEXTS_FOLDER, "gpu/input/")
"""Folders of the bucket with a folder for each job."""

KEYS, JOBS, DOCUMENTS = "keys", "rows of jobs, batches and spend", "rows of usage, lexicons and voices"

type Row = dict[str, Any]


class TenantData:
    """The rows and files of a tenant. Rows are found by reading both tables as a whole."""

    def __init__(self, tenant: str, *, jobs: Any, keys: Any, bucket: Any) -> None:  # noqa: ANN401  boto3's resources
        self._tenant = check_tenant(tenant)
        self._jobs, self._keys, self._bucket = jobs, keys, bucket

    def parts(self) -> Iterator[tuple[str, list[str]]]:
        """Yield what there is, in the order in which it is deleted: the name of a part, and its ids or keys."""
        rows = [*_rows(self._keys, "tenant", "voices", "owner")]
        voices = self._voices(rows)
        ours = [row["id"] for row in rows if self._is_ours(row, voices)]
        yield KEYS, [one for one in ours if one.startswith("key#")]
        rows = [*_rows(self._jobs, "tenant", "batch", "owner")]
        jobs = {row["id"] for row in rows if self._is_ours(row)}
        jobs |= {row["id"] for row in rows if row.get("owner") in jobs}  # rows of Idempotency-Keys
        jobs |= {row["id"] for row in rows if row["id"].startswith("gain#") and row["id"].split("#")[1] in jobs}
        for folder in FOLDERS:
            yield folder, self._files(f"{folder}{self._tenant}/")
        for folder, named in ((STATES, voices), *((folder, jobs) for folder in JOB_FOLDERS)):
            yield folder, [key for key in self._files(folder) if key.removeprefix(folder).split("/")[0] in named]
        # Last, because files are found by them.
        yield JOBS, sorted(jobs)
        yield DOCUMENTS, [one for one in ours if not one.startswith("key#")]

    def delete(self, part: str, names: list[str]) -> None:
        """Delete a part."""
        if part in {KEYS, JOBS, DOCUMENTS}:
            with (self._jobs if part == JOBS else self._keys).batch_writer() as writer:
                for name in names:
                    writer.delete_item(Key={"id": name})
            return
        for start in range(0, len(names), 1_000):
            objects = [{"Key": name} for name in names[start : start + 1_000]]
            if errors := self._bucket.delete_objects(Delete={"Objects": objects, "Quiet": True}).get("Errors"):
                sys.exit(f"S3 did not delete {len(errors)} files of {part}: {errors[0]['Code']}. Run it again.")

    def _is_ours(self, row: Row, voices: Collection[str] = ()) -> bool:
        kind, _, rest = row["id"].partition("#")
        named = kind in {"usage", "spend", "lexicons", "voices", "voice_record"} and rest.split("#")[0] == self._tenant
        in_batches = row.get("batch") == f"{SHELF}{self._tenant}"
        return named or in_batches or row.get("tenant") == self._tenant or row.get("owner") in voices

    def _voices(self, rows: list[Row]) -> set[str]:
        """Return the ids of the tenant's voices and consents, also of those that were deleted."""
        records = f"voice_record#{self._tenant}#"
        found = {row["id"].removeprefix(records) for row in rows if row["id"].startswith(records)}
        for row in rows:
            if row["id"] == f"voices#{self._tenant}":
                document = TenantVoices.model_validate_json(row["voices"])
                found |= document.consents.keys() | document.voices.keys()
        return found

    def _files(self, prefix: str) -> list[str]:
        return [one.key for one in self._bucket.objects.filter(Prefix=prefix)]


def _rows(table: Any, *attributes: str) -> Iterator[Row]:  # noqa: ANN401
    names = {f"#{name}": name for name in ("id", *attributes)}
    pages = table.meta.client.get_paginator("scan").paginate(
        TableName=table.name, ProjectionExpression=", ".join(names), ExpressionAttributeNames=names, ConsistentRead=True
    )
    return (row for page in pages for row in page["Items"])


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line, and show or delete the data."""
    parser = argparse.ArgumentParser(description="Delete everything that is stored of a tenant.")
    parser.add_argument("tenant", help="name of the tenant")
    parser.add_argument("--stack", default="herald", help="name of the stack (default: herald)")
    parser.add_argument("--delete", action="store_true", help="delete it; otherwise it is only counted")
    given = parser.parse_args(arguments)
    cloudformation = boto3.client("cloudformation")
    dynamodb, s3 = boto3.resource("dynamodb"), boto3.resource("s3")
    jobs, keys, bucket = (
        name_in_stack(cloudformation, given.stack, one) for one in ("JobTable", "KeyTable", "AudioBucket")
    )
    data = TenantData(given.tenant, jobs=dynamodb.Table(jobs), keys=dynamodb.Table(keys), bucket=s3.Bucket(bucket))
    for part, names in data.parts():
        if given.delete and names:
            data.delete(part, names)
        sys.stdout.write(f"{len(names):>8,}  {part}\n")


if __name__ == "__main__":
    main()
