"""PUT /v1/jobs/{id}/retention, and links through CloudFront."""

import json

import pytest

from herald.clock import utc_now
from herald.jobs.job import AudioFile, new_id
from tests.support.cloudfront_model import new_pair, status
from tests.support.moto_cloud import BUCKET
from tests.unit.functions.conftest import forget

TEXT = "Guten Tag."
DOMAIN = "d111.cloudfront.net"


@pytest.fixture
def done(http, parts):
    """A done job, as the API presents it."""
    job = parts.table.get(http("POST", "/v1/jobs", {"input": TEXT}).json["id"])
    audio = AudioFile(key=job.audio_key, seconds=1.5, bytes=4, sample_rate=16_000, media_type="audio/mpeg")
    assert parts.completion.complete(job, parts.audio.put(b"mp3!", audio, keeper=job.keeper).file)
    return http("GET", f"/v1/jobs/{job.id}").json


def retain(http, job, retention, **options):
    return http("PUT", f"/v1/jobs/{job['id']}/retention", {"retention": retention}, **options)


def folder(parts, job):
    """Return the folder of a job's file, which must exist."""
    key = parts.table.get(job["id"]).audio.key
    assert parts.clients.s3.head_object(Bucket=BUCKET, Key=key)
    return key.partition("/")[0]


def test_job_is_kept_and_then_expires_again(http, parts, done):
    for _ in range(2):
        kept = retain(http, done, "keep")
        assert (kept.status, kept.json["retention"], kept.json["expires_at"]) == (200, "keep", None)
        assert folder(parts, done) == "kept"
    for _ in range(2):
        gone = retain(http, done, "expire")
        assert (gone.status, gone.json["retention"]) == (200, "expire")
        assert gone.json["expires_at"] >= done["expires_at"]
        assert folder(parts, done) == "audio"
    assert gone.json == http("GET", f"/v1/jobs/{done['id']}").json | {"audio_url": gone.json["audio_url"]}


def test_row_of_a_kept_job_has_no_ttl(http, cloud, done):
    (before,) = cloud.rows()
    assert before["expires"]
    retain(http, done, "keep")
    assert "expires" not in cloud.rows()[0]
    retain(http, done, "expire")
    assert int(cloud.rows()[0]["expires"]["N"]) >= int(before["expires"]["N"])


def test_another_tenants_job_is_not_found(http, parts, done):
    foreign = retain(http, done, "keep", tenant="another")
    unknown = retain(http, {"id": new_id(utc_now())}, "keep", tenant="another")
    assert foreign.status == unknown.status == 404
    assert foreign.error == unknown.error
    assert folder(parts, done) == "audio"


WRONG = {
    "another word": ({"retention": "forever"}, "invalid_request"),
    "another type": ({"retention": 1}, "invalid_request"),
    "nothing": ({}, "missing_field"),
    "something else": ({"retention": "keep", "days": 7}, "unknown_field"),
}


@pytest.mark.parametrize(("fields", "code"), WRONG.values(), ids=WRONG)
def test_invalid_body_is_refused(http, parts, done, fields, code):
    answer = http("PUT", f"/v1/jobs/{done['id']}/retention", fields)
    assert answer.refusal == (400, code)
    assert folder(parts, done) == "audio"


def test_links_point_to_s3_without_a_distribution(done):
    assert "X-Amz-Expires=900" in done["audio_url"]


def test_links_point_to_the_distribution_if_there_is_one(http, parts, done, monkeypatch):
    private, public = new_pair()
    parts.clients.secrets.create_secret(Name="herald/link-keys", SecretString=json.dumps({"signs": "B", "B": private}))
    for name, value in {
        "LINK_DOMAIN": DOMAIN, "LINK_KEY_B": "K2B", "LINK_SECRET": "herald/link-keys", "LINK_SECONDS": "600",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"HERALD_{name}", value)
    forget()
    link = http("GET", f"/v1/jobs/{done['id']}").json["audio_url"]
    assert link.startswith(f"https://{DOMAIN}/audio/")
    now = utc_now().timestamp()
    assert [status(link, {"K2B": public}, at=now + seconds) for seconds in (0, 590, 601)] == [200, 200, 403]
