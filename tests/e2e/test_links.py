"""Keeping jobs and downloading files, on the deployed stack. tests/local/test_links.py tests rejected requests."""

import httpx
import pytest

from tests.support.deployed_stack import deployed
from tests.template.lifecycle import rules

house = pytest.fixture(deployed, scope="module")


@pytest.fixture(scope="module")
def done(house):
    return house.ended(house.post(input="Please keep this message for me.", use_case="alert")["id"])


def folder(house, job):
    """Return the folder of a job's file, and the file's tags."""
    key = house.parts.table.get(job["id"]).audio.key
    answer = house.aws("s3").get_object_tagging(Bucket=house["AudioBucket"], Key=key)
    return key.partition("/")[0], {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}


def test_a_link_returns_the_file_and_ranges(done):
    whole = httpx.get(done["audio_url"], trust_env=False)
    assert (whole.status_code, len(whole.content)) == (200, done["audio_bytes"])
    assert whole.headers["Content-Type"] == "audio/mpeg"
    assert f"alert-{done['created_at'][:10]}" in whole.headers["Content-Disposition"]
    part = httpx.get(done["audio_url"], headers={"Range": "bytes=0-99"}, trust_env=False)
    assert (part.status_code, part.content) == (206, whole.content[:100])


def test_a_job_is_kept_and_released(house, done):
    path = f"/v1/jobs/{done['id']}/retention"
    kept = house.http.put(path, json={"retention": "keep"})
    assert (kept.status_code, kept.json()["retention"], kept.json()["expires_at"]) == (200, "keep", None)
    assert folder(house, done) == ("kept", {"kept_by": done["id"]})
    assert httpx.get(kept.json()["audio_url"], trust_env=False).status_code == 200
    gone = house.http.put(path, json={"retention": "expire"})
    assert (gone.status_code, gone.json()["retention"]) == (200, "expire")
    assert gone.json()["expires_at"] >= done["expires_at"]
    assert folder(house, done) == ("audio", {})


def test_another_tenant_cannot_keep_a_job(another, house, done):
    answer = another.put(f"/v1/jobs/{done['id']}/retention", json={"retention": "keep"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert folder(house, done) == ("audio", {})


def test_the_bucket_has_the_lifecycle_of_the_template(house):
    found = house.aws("s3").get_bucket_lifecycle_configuration(Bucket=house["AudioBucket"])["Rules"]
    assert [rule["ID"] for rule in found] == [rule["Id"] for rule in rules()]
