"""The audio bucket: each file whole, and not deleted while a job needs it."""

from base64 import b64encode
from datetime import timedelta
from hashlib import sha256

import pytest

from herald.aws.audio import S3AudioStore
from herald.errors import BrokenInstallation, Unavailable
from herald.jobs.job import AudioFile, utc_now
from tests.unit.aws.conftest import BUCKET

KEY = "audio/acme/0123.mp3"
FILE = b"ID3" + bytes(range(256)) * 40
AUDIO = AudioFile(key=KEY, seconds=2.345678901, bytes=len(FILE), sample_rate=22_050, media_type="audio/mpeg")
KEPT = "kept/acme/0123.mp3"
KEPT_AUDIO = AUDIO.model_copy(update={"key": KEPT})


def at(s3, now):
    return S3AudioStore(s3, bucket=BUCKET, renew_after=timedelta(days=45), clock=lambda: now)


def tags_of(s3, key=KEPT):
    return {tag["Key"]: tag["Value"] for tag in s3.get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"]}


def test_a_file_is_found_as_it_was_put(store):
    assert store.find(KEY) is store.find(KEY, keeper="job_1") is None
    assert store.put(FILE, AUDIO) == AUDIO
    assert store.find(KEY) == AUDIO


def test_the_first_file_of_a_key_stays(store):
    store.put(FILE, AUDIO)
    other = AUDIO.model_copy(update={"seconds": 9.0})
    assert store.put(FILE * 2, other) == AUDIO
    assert store.find(KEY) == AUDIO


def test_the_length_is_the_files_own(store):
    assert store.put(FILE, AUDIO.model_copy(update={"bytes": 1})).bytes == len(FILE)
    assert store.find(KEY).bytes == len(FILE)


def test_an_object_says_what_it_is(s3, record):
    asked = record(s3, "PutObject")
    at(s3, utc_now()).put(FILE, AUDIO)
    found = s3.get_object(Bucket=BUCKET, Key=KEY)
    digest = b64encode(sha256(FILE).digest()).decode()
    assert found["Body"].read() == FILE
    assert found["ContentType"] == "audio/mpeg"
    assert asked[0]["ChecksumSHA256"] == digest
    assert found["Metadata"] == {"seconds": "2.345678901", "sample-rate": "22050", "sha256": digest}
    assert tags_of(s3, KEY) == {}


def test_a_kept_file_is_one_of_its_own_copied_once(store, request):
    store.put(FILE, AUDIO)
    copies = request.getfixturevalue("record")(store._s3, "CopyObject") if isinstance(store, S3AudioStore) else None
    for _ in range(2):
        assert store.find(KEY, keeper="job_1") == KEPT_AUDIO
    assert store.find(KEY) == AUDIO
    assert copies is None or len(copies) == 1


def test_a_file_that_is_only_kept_is_found_by_a_job_that_lets_it_expire(store):
    assert store.put(FILE, AUDIO, keeper="job_1") == KEPT_AUDIO
    assert store.find(KEY) == AUDIO


def test_who_had_it_kept_alone_lets_it_go(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, keeper="job_1")
    assert tags_of(s3) == {"kept_by": "job_1"}
    for _ in range(2):
        assert store.expire(KEY, by="job_1") == AUDIO
        assert tags_of(s3) == {"kept_by": "nobody"}
    assert tags_of(s3, KEY) == {}
    assert store.find(KEY, keeper="job_2") == KEPT_AUDIO
    assert tags_of(s3) == {"kept_by": "job_2"}


def test_who_does_not_have_it_kept_cannot_let_it_go(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, keeper="job_1")
    assert store.expire(KEY, by="job_2") == AUDIO
    assert tags_of(s3) == {"kept_by": "job_1"}


@pytest.mark.parametrize("second", ["find", "put"])
def test_what_several_keep_none_of_them_lets_go(s3, second):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, keeper="job_1")
    if second == "find":
        store.find(KEY, keeper="job_2")
    else:
        assert store.put(FILE, AUDIO, keeper="job_2") == KEPT_AUDIO
    for by in ("job_1", "job_2"):
        store.expire(KEY, by=by)
        assert tags_of(s3) == {"kept_by": "many"}


def test_a_kept_file_without_its_tag_stays_kept(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, keeper="job_1")
    s3.delete_object_tagging(Bucket=BUCKET, Key=KEPT)
    store.expire(KEY, by="job_1")
    assert tags_of(s3) == {}
    store.find(KEY, keeper="job_1")
    assert tags_of(s3) == {}


def test_what_is_tagged_already_is_not_tagged_again(s3, record):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, keeper="job_1")
    asked = record(s3, "PutObjectTagging")
    store.find(KEY, keeper="job_1")
    store.expire(KEY, by="job_2")
    assert asked == []


def test_an_old_file_that_is_let_go_has_its_whole_time_once_more(s3, record):
    now = utc_now()
    at(s3, now).put(FILE, AUDIO, keeper="job_1")
    at(s3, now).find(KEY)
    copies = record(s3, "CopyObject")
    at(s3, now + timedelta(days=400)).expire(KEY, by="job_1")
    assert [copy["Key"] for copy in copies] == [KEY]


def test_what_was_deleted_can_neither_be_kept_nor_expire(s3):
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
def test_a_file_that_is_not_what_was_written_is_replaced(s3, damaged, keeper):
    store = at(s3, utc_now())
    there = store.put(FILE, AUDIO, keeper=keeper)
    head = s3.head_object(Bucket=BUCKET, Key=there.key)
    for algorithm in ("SHA256", "CRC32"):
        s3.put_object(
            Bucket=BUCKET, Key=there.key, Body=damaged, Metadata=head["Metadata"], ChecksumAlgorithm=algorithm
        )
        assert store.find(KEY, keeper=keeper) is None
        assert store.put(FILE, AUDIO, keeper=keeper) == there
        assert s3.get_object(Bucket=BUCKET, Key=there.key)["Body"].read() == FILE


def test_a_damaged_file_is_replaced_by_its_whole_twin(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO)
    store.find(KEY, keeper="job_1")
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"x")
    assert store.find(KEY) == AUDIO
    assert s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == FILE


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
    assert store.put(FILE, AUDIO) == AUDIO
    assert s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == FILE


def test_what_somebody_else_replaced_first_stays(s3, monkeypatch):
    """Between the look at what is no audio and the write over it, another writes the file."""
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
    assert store.put(FILE, AUDIO) == other


def test_two_who_write_at_once_try_again(s3, fail, monkeypatch):
    monkeypatch.setattr("herald.aws.audio._PAUSE", 0)
    store = at(s3, utc_now())
    fail(s3, "PutObject", "ConditionalRequestConflict", 409, times=2)
    assert store.put(FILE, AUDIO) == AUDIO
    assert store.find(KEY) == AUDIO


def test_a_conflict_that_does_not_end_is_unavailable(s3, fail, monkeypatch):
    monkeypatch.setattr("herald.aws.audio._PAUSE", 0)
    fail(s3, "PutObject", "ConditionalRequestConflict", 409)
    with pytest.raises(Unavailable):
        at(s3, utc_now()).put(FILE, AUDIO)


def test_an_old_file_is_written_anew_when_it_is_asked_for(s3, record):
    now = utc_now()
    at(s3, now).put(FILE, AUDIO)
    copies = record(s3, "CopyObject")
    assert at(s3, now + timedelta(days=44)).find(KEY) == AUDIO
    assert copies == []
    assert at(s3, now + timedelta(days=46)).find(KEY) == AUDIO
    assert len(copies) == 1
    assert at(s3, now).find(KEY) == AUDIO
    assert s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == FILE
    assert tags_of(s3, KEY) == {}


def test_a_kept_file_is_never_written_anew(s3, record):
    now = utc_now()
    at(s3, now).put(FILE, AUDIO, keeper="job_1")
    copies = record(s3, "CopyObject")
    assert at(s3, now + timedelta(days=400)).find(KEY, keeper="job_1") == KEPT_AUDIO
    assert copies == []


def test_an_old_file_that_another_wrote_anew_is_found(s3, fail):
    now = utc_now()
    at(s3, now).put(FILE, AUDIO)
    fail(s3, "CopyObject", "PreconditionFailed", 412)
    assert at(s3, now + timedelta(days=46)).find(KEY) == AUDIO


CALLS = {
    "HeadObject": lambda store: store.find(KEY),
    "PutObject": lambda store: store.put(FILE, AUDIO),
    "GetObjectTagging": lambda store: store.expire(KEY, by="job_1"),
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
