"""Published voices in the audio bucket: a concurrently editable index, and files with checksums."""

import json
import shutil

import pytest

from herald.aws import voice_store as voices
from herald.aws.voice_store import FOLDER, INDEX, S3Voices
from herald.errors import BrokenInstallation, Unavailable, UnknownVoice, VoiceNotFetched, VoiceNotPrepared
from herald.speech.voices.remote import RemoteCatalog, VoiceGone
from tests.support.job_samples import NOON
from tests.unit.aws.conftest import BUCKET

TINY = "de_DE-tiny-low"


@pytest.fixture
def pack(voices_folder, tmp_path):
    """A copy of a prepared voice, which tests may change."""
    return shutil.copytree(voices_folder / TINY, tmp_path / TINY)


@pytest.fixture
def store(s3, aws):
    return S3Voices(aws, bucket=BUCKET)


def publish(store, folder):
    return store.publish(folder, at=NOON, report=lambda *_: None)


def keys(s3):
    return [one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def change(folder):
    """Turn a pack into another version of the voice, by a different gain."""
    card = json.loads((folder / "voice.json").read_text())
    (folder / "voice.json").write_text(json.dumps(card | {"gain": card["gain"] + 1}))


def test_without_an_index_no_voice_is_published(store):
    assert store.index() == store.entries() == {}


def test_without_a_bucket_as_in_sam_local_no_voice_is_published(aws):
    assert S3Voices(aws, bucket="").index() == {}


def test_a_published_voice_is_listed_and_can_be_downloaded(store, pack, tmp_path, s3):
    reported = []
    entry = store.publish(pack, at=NOON, report=lambda *bytes_: reported.append(bytes_))
    (voice,) = store.index().values()
    assert (voice.info.id, voice.info.checksum, voice.size) == (TINY, entry.checksum, entry.size)
    assert reported[0] == (0, entry.size)
    assert reported[-1] == (entry.size, entry.size)
    assert {key for key in keys(s3) if key != INDEX} == {
        f"{FOLDER}{TINY}/{entry.checksum}/{name}" for name in entry.files
    }
    for name in voice.files:
        store.fetch(voice, name, tmp_path / "fetched")
        assert (tmp_path / "fetched").read_bytes() == (pack / name).read_bytes()


def test_the_checksum_equals_that_of_the_local_voice(store, pack, voices_folder, tmp_path):
    publish(store, pack)
    local = RemoteCatalog([voices_folder], source=store, cache=tmp_path)
    assert store.index()[TINY].info.checksum == local.local[TINY].checksum


def test_an_unchanged_index_is_not_downloaded_again(store, pack, record, s3):
    publish(store, pack)
    first = store.index()
    calls = record(s3, "GetObject")
    assert store.index() is first
    assert calls[0]["IfNoneMatch"]


def test_republishing_removes_the_old_files(store, pack, s3, tmp_path):
    old = publish(store, pack)
    before = store.index()[TINY]
    change(pack)
    new = publish(store, pack)
    assert old.checksum != new.checksum
    assert store.index()[TINY].info.checksum == new.checksum
    assert not [key for key in keys(s3) if old.checksum in key]
    with pytest.raises(VoiceGone):
        store.fetch(before, "voice.json", tmp_path / "gone")


def test_publishing_twice_keeps_the_files(store, pack, s3):
    assert publish(store, pack) == publish(store, pack)
    assert len(keys(s3)) == 1 + len(list(pack.iterdir()))


def test_unpublishing_removes_all_files(store, pack, s3):
    publish(store, pack)
    store.unpublish(TINY)
    assert store.index() == {}
    assert keys(s3) == [INDEX]
    with pytest.raises(UnknownVoice, match="Published voices: none"):
        store.unpublish(TINY)


def test_concurrent_publications_lose_no_voice(store, aws, pack, tmp_path, monkeypatch):
    other_pack = shutil.copytree(pack, tmp_path / "other")
    read = S3Voices._read
    raced = []

    def read_then_race(self, *given):
        found = read(self, *given)
        if not raced:
            raced.append(1)
            publish(S3Voices(aws, bucket=BUCKET), other_pack)
        return found

    monkeypatch.setattr(S3Voices, "_read", read_then_race)
    publish(store, pack)
    assert set(store.entries()) == {TINY, "other"}


def test_persistent_conflicts_are_unavailable(store, pack, monkeypatch):
    monkeypatch.setattr(S3Voices, "_write", lambda *_: False)
    with pytest.raises(Unavailable, match="Try again"):
        publish(store, pack)


def test_a_damaged_pack_is_not_published(store, pack, s3):
    (pack / "flow.onnx").write_bytes(b"damaged")
    with pytest.raises(VoiceNotFetched, match=r"flow\.onnx"):
        publish(store, pack)
    assert keys(s3) == []


def test_a_pack_of_another_version_is_not_published(store, pack):
    card = json.loads((pack / "voice.json").read_text())
    (pack / "voice.json").write_text(json.dumps(card | {"format": 0}))
    with pytest.raises(VoiceNotPrepared, match="another version"):
        publish(store, pack)


def test_an_oversized_pack_is_not_published(store, pack, monkeypatch):
    monkeypatch.setattr(voices, "MOST_BYTES", 1_000)
    with pytest.raises(VoiceNotPrepared, match="the limit for a function is 1,000"):
        publish(store, pack)


def test_a_voice_of_another_version_is_listed_but_not_usable(store, pack, monkeypatch):
    publish(store, pack)
    monkeypatch.setattr(voices, "FORMAT", 10)
    assert [entry.usable for entry in store.entries().values()] == [False]
    assert store.index() == {}


@pytest.mark.parametrize(
    "index",
    [b"", b"[]", b'{"voices": {"../x": {}}}', b'{"voices": {"x": {"checksum": "../../etc", "format": 9}}}', b"\xff"],
)
def test_an_invalid_index_is_rejected(store, s3, index):
    s3.put_object(Bucket=BUCKET, Key=INDEX, Body=index)
    with pytest.raises(BrokenInstallation, match=r"index\.json"):
        store.index()


def test_a_path_traversal_in_a_file_name_is_rejected(store, pack, s3):
    publish(store, pack)
    index = s3.get_object(Bucket=BUCKET, Key=INDEX)["Body"].read().replace(b'"flow.onnx"', b'"../flow.onnx"')
    s3.put_object(Bucket=BUCKET, Key=INDEX, Body=index)
    with pytest.raises(BrokenInstallation):
        S3Voices(store._clients, bucket=BUCKET).index()


def test_downloads_stop_past_the_stated_size(store, pack, s3, tmp_path):
    entry = publish(store, pack)
    voice = store.index()[TINY]
    s3.put_object(Bucket=BUCKET, Key=f"{FOLDER}{TINY}/{entry.checksum}/flow.onnx", Body=bytes(20 << 20))
    store.fetch(voice, "flow.onnx", tmp_path / "file")
    assert (tmp_path / "file").stat().st_size <= voice.files["flow.onnx"].size + (1 << 20)


def test_a_refused_download_is_not_taken_for_a_missing_voice(store, pack, s3, fail, tmp_path):
    publish(store, pack)
    voice = store.index()[TINY]
    fail(s3, "GetObject", "AccessDenied", 403)
    with pytest.raises(BrokenInstallation, match="S3: GetObject was rejected"):
        store.fetch(voice, "flow.onnx", tmp_path / "file")


def test_a_refused_change_of_the_index_deletes_no_file(store, pack, s3, fail):
    publish(store, pack)
    before = keys(s3)
    fail(s3, "PutObject", "AccessDenied", 403)
    with pytest.raises(BrokenInstallation, match="S3: PutObject was rejected"):
        store.unpublish(TINY)
    assert keys(s3) == before
