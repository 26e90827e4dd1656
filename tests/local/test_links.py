"""S3's presigned links, with an emulator that checks signatures (AUTH)."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from herald.aws.audio_store import S3AudioStore
from herald.aws.clients import Clients
from herald.aws.links import S3Links
from herald.aws.object_store import S3Objects
from herald.clock import utc_now
from herald.jobs.job import AudioFile
from local.clients import CREDENTIALS, REGION
from local.cloud import emulator_program
from local.process import Process, free_port
from tests.local.conftest import own_environment
from tests.support.uploads import upload

BUCKET, ACCOUNT = "audio-bucket", "000000000000"
OURS, THEIRS = "audio/acme/0123.mp3", "audio/other/0123.mp3"
UPLOAD = "uploads/acme/batch_1/manifest"
REPORT = "batches/acme/batch_1/report/results.csv"
FILE = b"ID3" + bytes(range(256)) * 40


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    """An emulator that requires signatures."""
    folder = tmp_path_factory.mktemp("locked") / "stack"
    process, port = Process(folder, "emulator"), free_port()
    program = emulator_program(own_environment(folder) | {"AUTH": "true"}, port, 1)
    process.begin(program, port)
    try:
        yield process.wait(program, port)
    finally:
        process.remove()


@pytest.fixture(scope="module")
def s3(locked):
    """The functions' client, and a file of each kind in the bucket."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in CREDENTIALS.items():
            environment.setenv(name, value)
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        environment.setenv("AWS_ENDPOINT_URL", locked.url)
        s3 = Clients().s3
    s3.create_bucket(Bucket=BUCKET)
    store = S3AudioStore(s3, bucket=BUCKET)
    for key in (OURS, THEIRS):
        audio = AudioFile(key=key, seconds=1.5, bytes=len(FILE), sample_rate=22_050, media_type="audio/mpeg")
        store.put(FILE, audio)
    with S3Objects(s3, bucket=BUCKET, account=ACCOUNT).writing(REPORT, "text/csv; charset=utf-8") as write:
        write(b"line,id\n")
    return s3


def link(s3, *, name="welcome-message.mp3", seconds=900):
    return S3Links(s3, bucket=BUCKET).link(OURS, file_name=name, seconds=seconds)


def ask(url, **headers):
    return httpx.get(url, headers=headers, trust_env=False)


def test_a_link_returns_the_file_with_its_type_and_name(s3):
    answer = ask(link(s3))
    assert (answer.status_code, answer.content) == (200, FILE)
    assert answer.headers["Content-Type"] == "audio/mpeg"
    assert answer.headers["Content-Disposition"] == 'inline; filename="welcome-message.mp3"'


def test_a_link_supports_ranges(s3):
    answer = ask(link(s3), Range="bytes=100-199")
    assert (answer.status_code, answer.content) == (206, FILE[100:200])
    assert answer.headers["Content-Range"] == f"bytes 100-199/{len(FILE)}"
    assert answer.headers["Content-Type"] == "audio/mpeg"


@pytest.mark.parametrize(
    "name", ['a"; evil="1.mp3', "../a\r\nX-Evil: 1.mp3", "José 日本.mp3", "O'Hara (1)*.mp3", "a\0b.mp3"]
)
def test_s3_accepts_every_name(s3, name):
    answer = ask(link(s3, name=name))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('inline; filename="')
    assert "X-Evil" not in answer.headers


@pytest.fixture
def form(s3):
    """A form for an upload of up to 1,000 bytes."""
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    made = objects.upload_form(UPLOAD, seconds=60, most_bytes=1_000, content_type="text/csv")
    return {"url": made.url, "fields": made.fields}


def test_a_form_uploads_its_file(s3, form):
    assert upload(form, b"x" * 1_000, **{"Content-Type": "application/jsonl"}).status_code == 204
    head = s3.head_object(Bucket=BUCKET, Key=UPLOAD)
    assert (head["ContentLength"], head["ContentType"]) == (1_000, "application/jsonl")


CHANGES = {
    "another key": {"key": "uploads/other/b/manifest"},
    "another policy": {"policy": b64encode(b'{"expiration": "2099-01-01T00:00:00Z", "conditions": []}').decode()},
    "another signature": {"x-amz-signature": "0" * 64},
    "a field more": {"x-amz-tagging": "<Tagging/>"},
    "metadata": {"x-amz-meta-seconds": "1.5"},
    "rights": {"acl": "public-read"},
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
def test_a_form_uploads_nothing_else(s3, form, changed):
    assert upload(form, b"other", **changed).status_code == 403
    listed = s3.list_objects_v2(Bucket=BUCKET, Prefix="uploads/other")
    assert listed["KeyCount"] == 0


def test_a_form_uploads_no_more_than_its_limit(form):
    answer = upload(form, b"x" * 1_001)
    assert (answer.status_code, "EntityTooLarge" in answer.text) == (400, True)


def test_a_form_expires(s3):
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    made = objects.upload_form(UPLOAD, seconds=-1, most_bytes=1_000, content_type="text/csv")
    assert upload({"url": made.url, "fields": made.fields}, b"late").status_code == 403


@pytest.mark.parametrize("size", [4, (16 << 20) + 1])
def test_the_pinned_version_of_an_upload_is_copied(s3, size):
    objects = S3Objects(s3, bucket=BUCKET, account=ACCOUNT)
    objects.write(UPLOAD, b"x" * size)
    pinned = objects.version_of(UPLOAD)
    copy = objects.copy(pinned, f"batches/acme/batch_1/manifest-{size}")
    objects.write(UPLOAD, b"another")
    assert sum(map(len, objects.read_version(copy))) == size
    assert objects.copy(pinned, "batches/acme/batch_1/manifest-0") is None


def test_a_report_is_saved_under_its_name(s3):
    answer = ask(S3Objects(s3, bucket=BUCKET, account=ACCOUNT).link(REPORT, file_name="results.csv", seconds=900))
    assert (answer.status_code, answer.content) == (200, b"line,id\n")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="results.csv"'


ALTERED = {
    "another tenant's path": lambda url: url.replace("/acme/", "/other/"),
    "another name": lambda url: url.replace("welcome", "goodbye"),
    "a longer life": lambda url: url.replace("X-Amz-Expires=900", "X-Amz-Expires=9000"),
    "another signature": lambda url: url[:-1] + ("0" if url[-1] != "0" else "1"),
    "no signature": lambda url: url.partition("?")[0],
}


@pytest.mark.parametrize("alter", ALTERED.values(), ids=ALTERED)
def test_an_altered_link_is_rejected(s3, alter):
    url = link(s3)
    assert alter(url) != url
    assert ask(alter(url)).status_code == 403


def test_a_link_expires(s3, monkeypatch):
    """The link is created with botocore's clock set back by 15 minutes."""
    before = datetime.now(UTC) - timedelta(seconds=901)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: before.replace(tzinfo=None))
    late = link(s3)
    assert f"X-Amz-Date={before:%Y%m%dT%H%M}" in late
    assert ask(late).status_code == 403
    monkeypatch.setattr(
        "botocore.auth.get_current_datetime", lambda **_: (before + timedelta(seconds=60)).replace(tzinfo=None)
    )
    assert ask(link(s3)).status_code == 200


def test_listing_and_reading_require_a_link(s3, locked):
    for path in ("", f"/{OURS}", f"/{REPORT}"):
        assert ask(f"{locked.url}/{BUCKET}{path}").status_code == 403
    assert urlsplit(link(s3)).port == locked.port


def test_a_file_is_kept_released_and_verified(s3):
    store = S3AudioStore(s3, bucket=BUCKET)
    key = "audio/acme/kept.mp3"
    audio = AudioFile(key=key, seconds=1.5, bytes=len(FILE), sample_rate=22_050, media_type="audio/mpeg")
    assert store.put(FILE, audio).file == audio == store.find(key)
    kept = store.find(key, keeper="job_1")
    assert kept == audio.model_copy(update={"key": "kept/acme/kept.mp3"}) == store.find(key, keeper="job_1")
    tags = s3.get_object_tagging(Bucket=BUCKET, Key=kept.key)["TagSet"]
    assert tags == [{"Key": "kept_by", "Value": "job_1"}]
    assert store.expire(key, by="job_1") == audio
    tomorrow = S3AudioStore(s3, bucket=BUCKET, clock=lambda: utc_now() + timedelta(days=1))
    assert tomorrow.find(key) == audio  # copied onto itself
    for damaged in (key, kept.key):
        metadata = s3.head_object(Bucket=BUCKET, Key=damaged)["Metadata"]
        s3.put_object(Bucket=BUCKET, Key=damaged, Body=b"garbage", Metadata=metadata)
    assert store.find(key) is store.find(key, keeper="job_1") is None
