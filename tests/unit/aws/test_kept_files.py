"""Kept files: a first copy, which its keeper can release, and another one for all further keepers."""

from datetime import timedelta

import pytest

from herald.clock import utc_now
from herald.jobs.ports import Stored
from tests.unit.aws.conftest import BUCKET
from tests.unit.aws.test_audio import AUDIO, FILE, KEPT, KEPT_AUDIO, KEY, SHARED, SHARED_AUDIO, at, tags_of


def test_a_kept_file_is_a_separate_copy(store):
    store.put(FILE, AUDIO)
    for _ in range(2):
        assert store.find(KEY, keeper="job_1") == KEPT_AUDIO
    assert store.find(KEY) == AUDIO


def test_a_kept_file_is_copied_for_a_job_that_lets_it_expire(store):
    assert store.put(FILE, AUDIO, keeper="job_1") == Stored(KEPT_AUDIO, existed=False)
    assert store.find(KEY) == AUDIO


def test_the_only_keeper_releases_the_file(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, keeper="job_1")
    assert tags_of(s3) == {"kept_by": "job_1"}
    for _ in range(2):
        assert store.expire(KEY, by="job_1") == AUDIO
        assert tags_of(s3) == {"kept_by": "none"}
    assert tags_of(s3, KEY) == {}


def test_a_released_file_is_not_kept_again(store):
    store.put(FILE, AUDIO, keeper="job_1")
    store.expire(KEY, by="job_1")
    for keeper in ("job_1", "job_2"):
        assert store.find(KEY, keeper=keeper) == SHARED_AUDIO


def test_only_a_keeper_can_release_a_file(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, keeper="job_1")
    assert store.expire(KEY, by="job_2") == AUDIO
    assert tags_of(s3) == {"kept_by": "job_1"}


@pytest.mark.parametrize("second", ["find", "put"])
def test_further_keepers_share_a_copy_that_is_not_released(store, second):
    store.put(FILE, AUDIO, keeper="job_1")
    if second == "find":
        assert store.find(KEY, keeper="job_2") == SHARED_AUDIO
    else:
        assert store.put(FILE, AUDIO, keeper="job_2") == Stored(SHARED_AUDIO, existed=True)
    assert store.find(KEY, keeper="job_3") == SHARED_AUDIO
    assert store.find(KEY, keeper="job_1") == KEPT_AUDIO
    for by in ("job_1", "job_2", "job_3"):
        assert store.expire(KEY, by=by) == AUDIO
    assert store.find(KEY, keeper="job_2") == SHARED_AUDIO


def test_only_the_first_copy_is_released(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, keeper="job_1")
    store.find(KEY, keeper="job_2")
    for by in ("job_1", "job_2"):
        store.expire(KEY, by=by)
    assert (tags_of(s3), tags_of(s3, SHARED)) == ({"kept_by": "none"}, {})


def test_the_shared_copy_remains_when_the_others_are_gone(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, keeper="job_1")
    store.find(KEY, keeper="job_2")
    for key in (KEY, KEPT):
        s3.delete_object(Bucket=BUCKET, Key=key)
    assert store.expire(KEY, by="job_2") == AUDIO
    s3.delete_object(Bucket=BUCKET, Key=KEY)
    assert store.find(KEY, keeper="job_2") == KEPT_AUDIO
    assert tags_of(s3) == {"kept_by": "job_2"}


def test_a_file_that_an_earlier_version_kept_for_several_stays_kept(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, keeper="job_1")
    s3.put_object_tagging(Bucket=BUCKET, Key=KEPT, Tagging={"TagSet": [{"Key": "kept_by", "Value": "many"}]})
    for keeper in ("job_1", "job_2"):
        assert store.find(KEY, keeper=keeper) == KEPT_AUDIO
        store.expire(KEY, by=keeper)
        assert tags_of(s3) == {"kept_by": "many"}


def test_a_damaged_file_of_another_keeper_is_left_to_it(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, keeper="job_1")
    head = s3.head_object(Bucket=BUCKET, Key=KEPT)
    tagging = "kept_by=job_1"
    s3.put_object(Bucket=BUCKET, Key=KEPT, Body=b"x", Metadata=head["Metadata"], Tagging=tagging)
    assert store.find(KEY, keeper="job_2") is None
    assert store.put(FILE, AUDIO, keeper="job_2") == Stored(SHARED_AUDIO, existed=False)
    assert store.find(KEY, keeper="job_1") == KEPT_AUDIO
    assert tags_of(s3) == {"kept_by": "job_1"}


def test_a_kept_file_without_a_tag_stays_kept(s3):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, keeper="job_1")
    s3.delete_object_tagging(Bucket=BUCKET, Key=KEPT)
    store.expire(KEY, by="job_1")
    assert tags_of(s3) == {}
    store.find(KEY, keeper="job_1")
    assert tags_of(s3) == {}


def test_an_unchanged_tag_is_not_written_again(s3, record):
    store = at(s3, utc_now())
    store.put(FILE, AUDIO, keeper="job_1")
    calls = record(s3, "PutObjectTagging")
    store.find(KEY, keeper="job_1")
    store.expire(KEY, by="job_2")
    assert calls == []


def test_releasing_an_old_file_restarts_its_expiry(s3, record):
    now = utc_now()
    at(s3, now).put(FILE, AUDIO, keeper="job_1")
    at(s3, now).find(KEY)
    copies = record(s3, "CopyObject")
    at(s3, now + timedelta(days=400)).expire(KEY, by="job_1")
    assert [copy["Key"] for copy in copies] == [KEY]


@pytest.mark.parametrize(("version", "conditional"), [("1.40.76", False), ("1.41.0", True), ("2.0.1", True)])
def test_a_botocore_without_conditions_of_copies_copies_without_them(s3, monkeypatch, version, conditional):
    """botocore refuses parameters that it does not know, and Lambda's runtime provides it."""
    asked = []
    store = at(s3, utc_now())
    store.put(FILE, AUDIO)
    monkeypatch.setattr("botocore.__version__", version)
    s3.meta.events.register("provide-client-params.s3.CopyObject", lambda params, **_: asked.append(params))
    assert store.find(KEY, keeper="job_1") == KEPT_AUDIO
    assert ["IfNoneMatch" in params for params in asked] == [conditional]
