"""The audio bucket: each file once, whole, tagged, and not deleted while somebody needs it."""

from base64 import b64encode
from datetime import timedelta
from hashlib import sha256

import pytest

from herald.aws.audio import S3AudioStore
from herald.errors import BrokenInstallation, Unavailable
from herald.jobs.job import AudioFile, utc_now
from herald.jobs.ports import Tags
from tests.unit.aws.conftest import BUCKET

KEY = "audio/acme/0123.mp3"
FILE = b"ID3" + bytes(range(256)) * 40
AUDIO = AudioFile(key=KEY, seconds=2.345678901, bytes=len(FILE), sample_rate=22_050, media_type="audio/mpeg")
TAGS = Tags(tenant="acme", use_case="welcome-message", retention="expire")


def at(s3, now):
    return S3AudioStore(s3, bucket=BUCKET, renew_after=timedelta(days=45), clock=lambda: now)


def tags_of(s3):
    return {tag["Key"]: tag["Value"] for tag in s3.get_object_tagging(Bucket=BUCKET, Key=KEY)["TagSet"]}


def test_a_file_is_found_as_it_was_put(store):
    assert store.find(KEY) is None
    assert store.put(FILE, AUDIO, TAGS) == AUDIO
    assert store.find(KEY) == AUDIO


def test_the_first_file_of_a_key_stays(store):
    store.put(FILE, AUDIO, TAGS)
    other = AUDIO.model_copy(update={"seconds": 9.0})
    assert store.put(FILE * 2, other, TAGS) == AUDIO
    assert store.find(KEY) == AUDIO


def test_the_length_is_the_files_own(store):
    assert store.put(FILE, AUDIO.model_copy(update={"bytes": 1}), TAGS).bytes == len(FILE)
    assert store.find(KEY).bytes == len(FILE)


def test_an_object_says_what_it_is(s3, record):
    asked = record(s3, "PutObject")
    at(s3, utc_now()).put(FILE, AUDIO, TAGS)
    found = s3.get_object(Bucket=BUCKET, Key=KEY)
    assert found["Body"].read() == FILE
    assert found["ContentType"] == "audio/mpeg"
    assert asked[0]["ChecksumSHA256"] == b64encode(sha256(FILE).digest()).decode()
    assert found["Metadata"] == {"seconds": "2.345678901", "sample-rate": "22050"}
    assert tags_of(s3) == {"tenant": "acme", "use_case": "welcome-message", "retention": "expire"}


KEPT = {"tenant": "acme", "use_case": "welcome-message", "retention": "keep"}
EXPIRES = KEPT | {"retention": "expire"}


def test_a_file_can_be_kept_and_let_go_again(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, TAGS)
    for _ in range(2):
        store.keep(KEY, by="job_1")
        assert tags_of(s3) == KEPT | {"kept_by": "job_1"}
    for _ in range(2):
        store.expire(KEY, by="job_1")
        assert tags_of(s3) == EXPIRES
    assert store.find(KEY) == AUDIO


def test_who_wrote_it_kept_may_let_it_go(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, Tags(tenant="acme", use_case="welcome-message", retention="keep", keeper="job_1"))
    assert tags_of(s3) == KEPT | {"kept_by": "job_1"}
    store.expire(KEY, by="job_1")
    assert tags_of(s3) == EXPIRES


def test_who_does_not_have_it_kept_cannot_let_it_go(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, TAGS)
    store.keep(KEY, by="job_1")
    store.expire(KEY, by="job_2")
    assert tags_of(s3) == KEPT | {"kept_by": "job_1"}


def test_what_several_keep_none_of_them_lets_go(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, TAGS)
    store.keep(KEY, by="job_1")
    store.keep(KEY, by="job_2")
    for who in ("job_1", "job_2"):
        store.expire(KEY, by=who)
        assert tags_of(s3) == KEPT | {"kept_by": "many"}


def test_what_an_earlier_version_kept_stays_kept(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, TAGS)
    tags = [{"Key": name, "Value": value} for name, value in KEPT.items()]
    s3.put_object_tagging(Bucket=BUCKET, Key=KEY, Tagging={"TagSet": tags})
    store.expire(KEY, by="job_1")
    assert tags_of(s3) == KEPT
    store.keep(KEY, by="job_1")
    assert tags_of(s3) == KEPT | {"kept_by": "many"}


def test_what_is_tagged_already_is_not_tagged_again(s3, record):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, TAGS)
    store.keep(KEY, by="job_1")
    asked = record(s3, "PutObjectTagging")
    store.keep(KEY, by="job_1")
    store.expire(KEY, by="job_2")
    assert asked == []


def test_an_old_file_that_is_let_go_has_its_whole_time_once_more(s3, record):
    now = utc_now()
    at(s3, now).put(FILE, AUDIO, TAGS)
    at(s3, now).keep(KEY, by="job_1")
    copies = record(s3, "CopyObject")
    at(s3, now + timedelta(days=400)).expire(KEY, by="job_1")
    assert len(copies) == 1
    assert tags_of(s3) == EXPIRES


def test_who_wants_it_kept_keeps_what_another_wrote_first(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, TAGS)
    store.put(FILE, AUDIO, Tags(tenant="acme", use_case="alert", retention="keep", keeper="batch_1"))
    assert tags_of(s3) == KEPT | {"kept_by": "batch_1"}


def test_what_was_deleted_cannot_be_kept_and_need_not_expire(s3):
    with pytest.raises(Unavailable):
        at(s3, utc_now()).keep(KEY, by="job_1")
    at(s3, utc_now()).expire(KEY, by="job_1")


NO_FILES = {
    "empty": {"Body": b"", "Metadata": {"seconds": "1.0", "sample-rate": "8000"}},
    "without metadata": {"Body": b"x"},
    "without a length": {"Body": b"x", "Metadata": {"sample-rate": "8000"}},
    "of no length": {"Body": b"x", "Metadata": {"seconds": "long", "sample-rate": "8000"}},
}


@pytest.mark.parametrize("wrong", NO_FILES.values(), ids=NO_FILES)
def test_what_is_no_audio_is_replaced(s3, wrong):
    store = at(s3, utc_now())
    s3.put_object(Bucket=BUCKET, Key=KEY, **wrong)
    assert store.find(KEY) is None
    assert store.put(FILE, AUDIO, TAGS) == AUDIO
    assert s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == FILE


def test_what_somebody_else_replaced_first_stays(s3, monkeypatch):
    """Between the look at what is no audio and the write over it, another writes the file."""
    store = at(s3, utc_now())
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"")
    real, other = store._head, AUDIO.model_copy(update={"seconds": 7.0})

    def head(key):
        found = real(key)
        if found and not found["ContentLength"]:
            metadata = {"seconds": "7.0", "sample-rate": "22050"}
            s3.put_object(Bucket=BUCKET, Key=KEY, Body=FILE, Metadata=metadata, ContentType="audio/mpeg")
        return found

    monkeypatch.setattr(store, "_head", head)
    assert store.put(FILE, AUDIO, TAGS) == other


def test_two_who_write_at_once_try_again(s3, fail, monkeypatch):
    monkeypatch.setattr("herald.aws.audio._PAUSE", 0)
    store = at(s3, utc_now())
    fail(s3, "PutObject", "ConditionalRequestConflict", 409, times=2)
    assert store.put(FILE, AUDIO, TAGS) == AUDIO
    assert store.find(KEY) == AUDIO


def test_a_conflict_that_does_not_end_is_unavailable(s3, fail, monkeypatch):
    monkeypatch.setattr("herald.aws.audio._PAUSE", 0)
    fail(s3, "PutObject", "ConditionalRequestConflict", 409)
    with pytest.raises(Unavailable):
        at(s3, utc_now()).put(FILE, AUDIO, TAGS)


@pytest.mark.parametrize("retention", ["expire", "keep"])
def test_an_old_file_is_written_anew_when_it_is_asked_for(s3, record, retention):
    now = utc_now()
    at(s3, now).put(FILE, AUDIO, Tags(tenant="acme", use_case="alert", retention=retention))
    copies = record(s3, "CopyObject")
    assert at(s3, now + timedelta(days=44)).find(KEY) == AUDIO
    assert copies == []
    assert at(s3, now + timedelta(days=46)).find(KEY) == AUDIO
    assert len(copies) == 1
    assert at(s3, now).find(KEY) == AUDIO
    assert s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == FILE
    kept = {"kept_by": "many"} if retention == "keep" else {}
    assert tags_of(s3) == {"tenant": "acme", "use_case": "alert", "retention": retention} | kept


def test_an_old_file_that_another_wrote_anew_is_found(s3, fail):
    now = utc_now()
    at(s3, now).put(FILE, AUDIO, TAGS)
    fail(s3, "CopyObject", "PreconditionFailed", 412)
    assert at(s3, now + timedelta(days=46)).find(KEY) == AUDIO


CALLS = {
    "HeadObject": lambda store: store.find(KEY),
    "PutObject": lambda store: store.put(FILE, AUDIO, TAGS),
    "GetObjectTagging": lambda store: store.keep(KEY, by="job_1"),
}


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize(("code", "status"), [("SlowDown", 503), ("503", 503), ("RequestTimeout", 400)])
def test_a_throttled_bucket_is_unavailable(s3, fail, operation, code, status):
    fail(s3, operation, code, status)
    with pytest.raises(Unavailable, match=f"S3: {operation}"):
        CALLS[operation](at(s3, utc_now()))


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize("code", ["AccessDenied", "403", "NoSuchBucket"])
def test_a_refusing_bucket_is_a_broken_installation(s3, fail, operation, code):
    fail(s3, operation, code, 403)
    with pytest.raises(BrokenInstallation, match=f"S3: {operation} was refused .{code}"):
        CALLS[operation](at(s3, utc_now()))
