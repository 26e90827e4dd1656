"""Keeping jobs and downloading files, on the deployed stack. tests/local/test_links.py tests rejected requests."""

import httpx
import pytest

from tests.support.deployed_stack import deployed
from tests.template.lifecycle import rules

deployed = pytest.fixture(deployed, scope="module")


@pytest.fixture(scope="module")
def done(deployed):
    return deployed.ended(deployed.post(input="Please keep this message for me.", use_case="alert")["id"])


def folder(deployed, job):
    """Return the folder of a job's file, and the file's tags."""
    key = deployed.parts.table.get(job["id"]).audio.key
    answer = deployed.aws("s3").get_object_tagging(Bucket=deployed["AudioBucket"], Key=key)
    return key.partition("/")[0], {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}


def test_a_link_returns_the_file_and_ranges(done):
    whole = httpx.get(done["audio_url"], trust_env=False)
    assert (whole.status_code, len(whole.content)) == (200, done["audio_bytes"])
    assert whole.headers["Content-Type"] == "audio/mpeg"
    assert f"alert-{done['created_at'][:10]}" in whole.headers["Content-Disposition"]
    part = httpx.get(done["audio_url"], headers={"Range": "bytes=0-99"}, trust_env=False)
    assert (part.status_code, part.content) == (206, whole.content[:100])


def test_a_job_is_kept_and_released(deployed, done):
    path = f"/v1/jobs/{done['id']}/retention"
    kept = deployed.http.put(path, json={"retention": "keep"})
    assert (kept.status_code, kept.json()["retention"], kept.json()["expires_at"]) == (200, "keep", None)
    assert folder(deployed, done) == ("kept", {"kept_by": done["id"]})
    assert httpx.get(kept.json()["audio_url"], trust_env=False).status_code == 200
    gone = deployed.http.put(path, json={"retention": "expire"})
    assert (gone.status_code, gone.json()["retention"]) == (200, "expire")
    assert gone.json()["expires_at"] >= done["expires_at"]
    assert folder(deployed, done) == ("audio", {})


def test_another_tenant_cannot_keep_a_job(another, deployed, done):
    answer = another.put(f"/v1/jobs/{done['id']}/retention", json={"retention": "keep"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert folder(deployed, done) == ("audio", {})


def test_the_bucket_has_the_lifecycle_of_the_template(deployed):
    found = deployed.aws("s3").get_bucket_lifecycle_configuration(Bucket=deployed["AudioBucket"])["Rules"]
    assert [rule["ID"] for rule in found] == [rule["Id"] for rule in rules()]
