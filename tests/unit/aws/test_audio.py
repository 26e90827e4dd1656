"""The audio store: intact files that do not expire while a job needs them."""

from base64 import b64encode
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256

import pytest

from herald.aws.audio_store import S3AudioStore
from herald.clock import utc_now
from herald.errors import BrokenInstallation, Unavailable
from herald.jobs.job import AudioFile
from herald.jobs.ports import Stored
from tests.unit.aws.conftest import BUCKET

KEY = "audio/acme/0123.mp3"
FILE = b"ID3" + bytes(range(256)) * 40
AUDIO = AudioFile(key=KEY, seconds=2.345678901, bytes=len(FILE), sample_rate=22_050, media_type="audio/mpeg")
KEPT = "kept/acme/0123.mp3"
KEPT_AUDIO = AUDIO.model_copy(update={"key": KEPT})
SHARED = "kept/acme/0123.shared.mp3"
SHARED_AUDIO = AUDIO.model_copy(update={"key": SHARED})
DAY = timedelta(days=1)


def at(s3, now):
    return S3AudioStore(s3, bucket=BUCKET, clock=lambda: now)


def tags_of(s3, key=KEPT):
    return {tag["Key"]: tag["Value"] for tag in s3.get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"]}


def test_a_stored_file_is_found_unchanged(store):
    assert store.find(KEY) is store.find(KEY, keeper="job_1") is None
    assert store.put(FILE, AUDIO).file == AUDIO
    assert store.find(KEY) == AUDIO


def test_an_existing_file_is_not_replaced(store):
    store.put(FILE, AUDIO)
    other = AUDIO.model_copy(update={"seconds": 9.0})
    assert store.put(FILE * 2, other).file == AUDIO
    assert store.find(KEY) == AUDIO


def test_the_size_is_computed_from_the_file(store):
    assert store.put(FILE, AUDIO.model_copy(update={"bytes": 1})).file.bytes == len(FILE)
    assert store.find(KEY).bytes == len(FILE)


def test_objects_have_metadata_and_a_checksum(s3, record):
    calls = record(s3, "PutObject")
    at(s3, utc_now()).put(FILE, AUDIO)
    found = s3.get_object(Bucket=BUCKET, Key=KEY)
    digest = b64encode(sha256(FILE).digest()).decode()
    assert found["Body"].read() == FILE
    assert found["ContentType"] == "audio/mpeg"
    assert calls[0]["ChecksumSHA256"] == digest
    assert found["Metadata"] == {
        "seconds": "2.345678901",
        "sample-rate": "22050",
        "sha256": digest,
        "ai-disclosure": "mode=machine-generated",
    }
    assert tags_of(s3, KEY) == {}


def calls_of(s3, monkeypatch, act):
    """Return the S3 calls of `act`."""
    real, calls = s3._make_api_call, []
    with monkeypatch.context() as patch:
        patch.setattr(s3, "_make_api_call", lambda name, given: (calls.append(name), real(name, given))[1])
        act()
    return Counter(calls)


def test_a_file_is_found_with_few_calls(s3, monkeypatch):
    store = at(s3, utc_now())

    def calls(keeper):
        return calls_of(s3, monkeypatch, lambda: store.find(KEY, keeper=keeper))

    assert calls(None) == {"HeadObject": 2}
    assert calls("job_1") == {"HeadObject": 3}
    store.put(FILE, AUDIO)
    assert calls(None) == {"HeadObject": 1}
    assert calls("job_1") == {"HeadObject": 2, "CopyObject": 1}
    assert calls("job_1") == {"HeadObject": 1, "GetObjectTagging": 1}
    assert calls("job_2") == {"HeadObject": 3, "GetObjectTagging": 1, "CopyObject": 1}
    assert calls("job_3") == {"HeadObject": 2, "GetObjectTagging": 1}


def test_a_missing_file_can_be_neither_kept_nor_expired(s3):
    assert at(s3, utc_now()).find(KEY, keeper="job_1") is None
    assert at(s3, utc_now()).expire(KEY, by="job_1") is None


DAMAGE = {
    "other bytes of the same length": FILE[::-1],
    "silence": bytes(len(FILE)),
    "cut off": FILE[:100],
    "garbage": b"x" * 70,
}


@pytest.mark.parametrize("keeper", [None, "job_1"])
@pytest.mark.parametrize("damaged", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_replaced(s3, damaged, keeper):
    store = at(s3, utc_now())
    stored = store.put(FILE, AUDIO, keeper=keeper).file
    head = s3.head_object(Bucket=BUCKET, Key=stored.key)
    for algorithm in ("SHA256", "CRC32"):
        s3.put_object(
            Bucket=BUCKET, Key=stored.key, Body=damaged, Metadata=head["Metadata"], ChecksumAlgorithm=algorithm
        )
        assert store.find(KEY, keeper=keeper) is None
        assert store.put(FILE, AUDIO, keeper=keeper) == Stored(stored, existed=False)
        assert s3.get_object(Bucket=BUCKET, Key=stored.key)["Body"].read() == FILE


def test_a_damaged_file_is_replaced_by_its_intact_copy(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO)
    store.find(KEY, keeper="job_1")
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"x")
    assert store.find(KEY) == AUDIO
    assert s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == FILE


NOT_AUDIO = {
    "empty": {"Body": b"", "Metadata": {"seconds": "1.0", "sample-rate": "8000"}},
    "without metadata": {"Body": b"x"},
    "without a length": {"Body": b"x", "Metadata": {"sample-rate": "8000"}},
    "of no length": {"Body": b"x", "Metadata": {"seconds": "long", "sample-rate": "8000"}},
}


@pytest.mark.parametrize("content", NOT_AUDIO.values(), ids=NOT_AUDIO)
def test_an_object_that_is_not_audio_is_replaced(s3, content):
    store = at(s3, utc_now())
    s3.put_object(Bucket=BUCKET, Key=KEY, **content)
    assert store.find(KEY) is None
    assert store.put(FILE, AUDIO).file == AUDIO
    assert s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == FILE


def test_a_concurrent_replacement_wins(s3, monkeypatch):
    """Another process writes the file between the check of the invalid object and its replacement."""
    store = at(s3, utc_now())
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"")
    real, other = store._head, AUDIO.model_copy(update={"seconds": 7.0})

    def head(key):
        found = real(key)
        if found and not found["ContentLength"]:
            digest = b64encode(sha256(FILE).digest()).decode()
            metadata = {"seconds": "7.0", "sample-rate": "22050", "sha256": digest}
            described = {"Metadata": metadata, "ContentType": "audio/mpeg", "ChecksumAlgorithm": "SHA256"}
            s3.put_object(Bucket=BUCKET, Key=KEY, Body=FILE, **described)
        return found

    monkeypatch.setattr(store, "_head", head)
    assert store.put(FILE, AUDIO).file == other


def test_conflicting_writes_are_retried(s3, fail, monkeypatch):
    monkeypatch.setattr("herald.aws.audio_store._PAUSE", 0)
    store = at(s3, utc_now())
    fail(s3, "PutObject", "ConditionalRequestConflict", 409, times=2)
    assert store.put(FILE, AUDIO).file == AUDIO
    assert store.find(KEY) == AUDIO


def test_a_persistent_conflict_is_unavailable(s3, fail, monkeypatch):
    monkeypatch.setattr("herald.aws.audio_store._PAUSE", 0)
    fail(s3, "PutObject", "ConditionalRequestConflict", 409)
    with pytest.raises(Unavailable):
        at(s3, utc_now()).put(FILE, AUDIO)


REUSES = {"find": lambda store: store.find(KEY), "put": lambda store: store.put(FILE, AUDIO).file}


@pytest.mark.parametrize("reuse", REUSES.values(), ids=REUSES)
def test_reusing_a_file_of_another_day_restarts_its_expiry(s3, record, reuse):
    """S3 deletes it at the midnight after its last day, so a file of the same day lasts as long as a new one."""
    today = datetime.combine(utc_now().date(), time(), UTC)
    at(s3, today).put(FILE, AUDIO)
    copies = record(s3, "CopyObject")
    assert reuse(at(s3, today + DAY - timedelta(seconds=1))) == AUDIO
    assert copies == []
    assert reuse(at(s3, today + DAY)) == AUDIO
    assert len(copies) == 1
    assert at(s3, utc_now()).find(KEY) == AUDIO
    assert s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == FILE
    assert tags_of(s3, KEY) == {}


def test_a_kept_file_is_never_renewed(s3, record):
    now = utc_now()
    at(s3, now).put(FILE, AUDIO, keeper="job_1")
    copies = record(s3, "CopyObject")
    assert at(s3, now + timedelta(days=400)).find(KEY, keeper="job_1") == KEPT_AUDIO
    assert copies == []


def test_an_old_file_renewed_by_another_process_is_found(s3, fail):
    now = utc_now()
    at(s3, now).put(FILE, AUDIO)
    fail(s3, "CopyObject", "PreconditionFailed", 412, times=1)
    assert at(s3, now + DAY).find(KEY) == AUDIO


@pytest.mark.parametrize("code", ["PreconditionFailed", "NoSuchKey", "ConditionalRequestConflict"])
def test_a_file_that_changes_while_it_is_copied_is_looked_up_again(s3, fail, monkeypatch, code):
    monkeypatch.setattr("herald.aws.audio_store._PAUSE", 0)
    store = at(s3, utc_now())
    store.put(FILE, AUDIO)
    fail(s3, "CopyObject", code, times=5)
    with pytest.raises(Unavailable, match="has just been changed or deleted"):
        store.find(KEY, keeper="job_1")
    assert store.find(KEY, keeper="job_1") == KEPT_AUDIO


def test_a_kept_file_that_is_deleted_before_its_release_is_unavailable(s3, fail):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, keeper="job_1")
    fail(s3, "PutObjectTagging", "NoSuchKey", 404)
    with pytest.raises(Unavailable, match="has just been deleted"):
        store.expire(KEY, by="job_1")


def copy(store):
    store.put(FILE, AUDIO)
    store.find(KEY, keeper="job_1")


CALLS = {
    "HeadObject": lambda store: store.find(KEY),
    "PutObject": lambda store: store.put(FILE, AUDIO),
    "GetObjectTagging": lambda store: store.expire(KEY, by="job_1"),
    "CopyObject": copy,
}


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize(("code", "status"), [("SlowDown", 503), ("503", 503), ("RequestTimeout", 400)])
def test_a_throttled_bucket_is_unavailable(s3, fail, operation, code, status):
    fail(s3, operation, code, status)
    with pytest.raises(Unavailable, match=f"S3: {operation}"):
        CALLS[operation](at(s3, utc_now()))


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize("code", ["AccessDenied", "403", "NoSuchBucket"])
def test_an_inaccessible_bucket_is_a_broken_installation(s3, fail, operation, code):
    fail(s3, operation, code, 403)
    with pytest.raises(BrokenInstallation, match=f"S3: {operation} was rejected .{code}"):
        CALLS[operation](at(s3, utc_now()))
