"""What an operator deletes of a tenant: everything of it, and nothing of others, whatever their names."""

import re

import boto3
import pytest
from moto import mock_aws

from herald.aws.job_rows import to_row
from herald.jobs.custom_voice_records import TenantVoices
from scripts import delete_tenant
from tests.docs.test_pages import ROOT
from tests.support.job_samples import a_job
from tests.support.moto_cloud import BUCKET, KEYS, TABLE, table_of_template

NAMES = {"JobTable": TABLE, "KeyTable": KEYS, "AudioBucket": BUCKET}
SHARED = ["voices/index.json", "runs/1.json", "gpu/output/1.out"]


@pytest.fixture
def stored(monkeypatch):
    """Everything that two tenants can have, and a function that returns what is left."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    monkeypatch.setattr(delete_tenant, "name_in_stack", lambda _, stack, name: NAMES[name] if stack == "mine" else None)
    with mock_aws():
        dynamodb, s3 = boto3.client("dynamodb"), boto3.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        for logical, table in (("JobTable", TABLE), ("KeyTable", KEYS)):
            dynamodb.create_table(TableName=table, **table_of_template(logical))

        def put(table, row_id, **attributes):
            texts = {name: {"S": value} for name, value in attributes.items()}
            dynamodb.put_item(TableName=table, Item={"id": {"S": row_id}} | texts)

        for tenant in ("acme", "acme-2"):
            job = a_job(id=f"job_{tenant}", tenant=tenant)
            dynamodb.put_item(TableName=TABLE, Item=to_row(job))
            put(TABLE, f"batch_{tenant}", batch=f"of {tenant}", document="{}")
            put(TABLE, f"batch_key_of_{tenant}", owner=f"batch_{tenant}")
            put(TABLE, f"gain#batch_{tenant}#0#0")
            put(TABLE, f"spend#{tenant}#2026-11-22")
            put(KEYS, f"key#{tenant}", tenant=tenant, created_at="2026-11-22")
            put(KEYS, f"usage#{tenant}#2026-11-22")
            put(KEYS, f"lexicons#{tenant}")
            voices = TenantVoices.model_validate({"voices": {}, "consents": {}}).model_dump_json()
            put(KEYS, f"voices#{tenant}", voices=voices)
            put(KEYS, f"voice_record#{tenant}#voice_{tenant}")
            put(KEYS, f"recording#{tenant}", owner=f"voice_{tenant}")
            files = [f"{folder}{tenant}/1" for folder in delete_tenant.FOLDERS]
            files += [f"{folder}job_{tenant}/1.json" for folder in delete_tenant.JOB_FOLDERS]
            for key in [*files, f"voice-states/voice_{tenant}", *SHARED]:
                s3.put_object(Bucket=BUCKET, Key=key)

        def left():
            rows = [row["id"]["S"] for table in (TABLE, KEYS) for row in dynamodb.scan(TableName=table)["Items"]]
            return {*rows, *(one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET)["Contents"])}

        yield left


def test_everything_of_the_tenant_is_deleted_and_nothing_of_others(stored):
    others = {name for name in stored() if "acme-2" in name} | {*SHARED}
    delete_tenant.main(["acme", "--stack", "mine", "--delete"])
    assert stored() == others


def test_without_the_option_it_only_counts(stored, capsys):
    before = stored()
    delete_tenant.main(["acme", "--stack", "mine"])
    assert stored() == before
    counted = sum(int(line.split()[0]) for line in capsys.readouterr().out.splitlines())
    assert counted == len([name for name in before if "acme" in name and "acme-2" not in name])


def test_an_interrupted_run_can_be_repeated(stored, monkeypatch):
    whole = delete_tenant.TenantData.delete

    def interrupted(data, part, names):
        whole(data, part, names)
        if part == "lexicons/":
            raise KeyboardInterrupt

    monkeypatch.setattr(delete_tenant.TenantData, "delete", interrupted)
    with pytest.raises(KeyboardInterrupt):
        delete_tenant.main(["acme", "--stack", "mine", "--delete"])
    monkeypatch.setattr(delete_tenant.TenantData, "delete", whole)
    delete_tenant.main(["acme", "--stack", "mine", "--delete"])
    assert not [name for name in stored() if "acme" in name and "acme-2" not in name]


def test_every_folder_of_tenants_is_covered():
    page = (ROOT / "docs" / "storage.md").read_text()
    folders = re.findall(r"^\| `([a-z-]+/)(<tenant>/)?`", page, re.MULTILINE)
    assert {name for name, by_tenant in folders if by_tenant} == {*delete_tenant.FOLDERS}
    assert {name for name, by_tenant in folders if not by_tenant} == {
        "texts/", "voice-states/", "gpu/", "runs/", "voices/",
    }  # fmt: skip
