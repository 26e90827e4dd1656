"""Published voices are downloaded atomically on first use, within a limit on their total size."""

import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from herald.errors import Unavailable, UnknownVoice, VoiceNotFetched
from herald.speech.engine import Engine
from herald.speech.voices.catalog import prepared_info
from herald.speech.voices.folders import sha256_of
from herald.speech.voices.remote import ABANDONED, FRESH, RemoteCatalog, RemoteFile, RemoteVoice, VoiceGone

TINY = "de_DE-tiny-low"


class Source:
    """A fake source of published voices in a local folder."""

    def __init__(self, folder):
        self.folder = folder
        self.voices = {}
        self.reads = 0
        self.fetched = []
        self.silent = False

    def publish(self, name, original):
        """Publish a copy of a prepared voice under another name."""
        shutil.copytree(original, self.folder / name)
        files = {path.name: RemoteFile(size=path.stat().st_size, sha256=sha256_of(path)) for path in original.iterdir()}
        info = replace(prepared_info(original), id=name, path=Path(), known_checksum=name.encode().hex())
        self.voices[name] = RemoteVoice(info=info, files=files)

    def index(self):
        self.reads += 1
        if self.silent:
            raise Unavailable("S3 does not answer.")
        return dict(self.voices)

    def fetch(self, voice, name, path):
        self.fetched.append((voice.info.id, name))
        try:
            shutil.copy(self.folder / voice.info.id / name, path)
        except FileNotFoundError:
            raise VoiceGone from None


@pytest.fixture
def clock():
    return SimpleNamespace(now=0.0)


@pytest.fixture
def source(tmp_path, voices_folder):
    source = Source(tmp_path / "published")
    source.publish("one", voices_folder / TINY)
    return source


@pytest.fixture
def catalog(source, tmp_path, clock, monkeypatch):
    monkeypatch.setattr("herald.speech.voices.catalog.user_folder", lambda: tmp_path / "user")

    def catalog(**options):
        return RemoteCatalog([], source=source, cache=tmp_path / "cache", clock=lambda: clock.now, **options)

    return catalog


@pytest.fixture
def size(source):
    return source.voices["one"].size


def test_a_voice_is_listed_before_it_is_downloaded(catalog, source):
    voices = catalog().voices
    assert "one" in voices
    assert voices["one"].checksum == b"one".hex()
    assert list(voices) == sorted(["en_US-heart", "en_US-heart-low", "en_US-joe-medium", "kokoro", "one"])
    assert not source.fetched


def test_a_voice_is_downloaded_once_and_sounds_like_the_original(catalog, source, voices_folder, tmp_path):
    engine = Engine(catalog(), threads=1)
    spoken = [engine.speak("Guten Tag.", voice="one", format="wav").file for _ in range(2)]
    assert len(source.fetched) == len(source.voices["one"].files)
    original = Engine(RemoteCatalog([voices_folder], source=source, cache=tmp_path), threads=1)
    assert set(spoken) == {original.speak("Guten Tag.", voice=TINY, format="wav").file}


def test_concurrent_calls_download_a_voice_once(catalog, source):
    found = catalog()
    with ThreadPoolExecutor(8) as pool:
        paths = {info.path for info in pool.map(found.ready, ["one"] * 8)}
    assert len(paths) == 1
    assert len(source.fetched) == len(source.voices["one"].files)


def test_a_local_voice_does_not_use_the_source(catalog, source):
    found = catalog()
    assert found.ready("en_US-joe-medium")
    assert found.voices["en_US-joe-medium"]
    assert source.reads == 0


@pytest.mark.parametrize("damage", ["changed", "cut"])
def test_a_damaged_voice_is_rejected_and_deleted(catalog, source, tmp_path, damage):
    file = source.folder / "one" / "decoder.weights"
    data = bytearray(file.read_bytes())
    data[100] ^= 1
    file.write_bytes(data if damage == "changed" else data[:-1])
    found = catalog()
    with pytest.raises(VoiceNotFetched, match="herald voices publish one"):
        found.ready("one")
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    shutil.rmtree(source.folder / "one")
    with pytest.raises(VoiceNotFetched, match="missing"):
        found.ready("one")


def test_a_new_voice_is_usable_at_once_and_listed_within_a_minute(catalog, source, clock, voices_folder):
    found = catalog()
    assert "two" not in list(found.voices)
    source.publish("two", voices_folder / TINY)
    assert "two" not in list(found.voices)
    assert found.ready("two")
    clock.now += FRESH
    assert "two" in list(found.voices)


def test_unknown_names_read_the_index_at_most_once_a_second(catalog, source, clock):
    voices = catalog().voices
    assert not any(f"unknown-{number}" in voices for number in range(50))
    assert source.reads == 1
    clock.now += 1
    assert "unknown" not in voices
    assert source.reads == 2


def test_a_removed_voice_is_unknown_within_a_minute(catalog, source, clock):
    found = catalog()
    assert found.ready("one")
    del source.voices["one"]
    clock.now += FRESH
    assert "one" not in found.voices
    with pytest.raises(UnknownVoice):
        found.ready("one")


def test_a_voice_replaced_after_the_index_was_read(catalog, source):
    found = catalog()
    assert "one" in found.voices
    new = replace(source.voices["one"], info=replace(source.voices["one"].info, known_checksum="new"))
    (source.folder / "one").rename(source.folder / "new")
    fetch = source.fetch

    def fetch_new(voice, name, path):
        if voice is not new:
            source.voices["one"] = new
            raise VoiceGone
        fetch(replace(voice, info=replace(voice.info, id="new")), name, path)

    source.fetch = fetch_new
    assert found.ready("one").path.parent.name == "new"


def test_the_least_recently_used_voice_is_evicted(catalog, source, size, voices_folder):
    for name in ("two", "three"):
        source.publish(name, voices_folder / TINY)
    found = catalog(most_bytes=2 * size)
    engine = Engine(found, threads=1)
    for name in ("one", "two", "one", "three"):
        engine.speak("Tag.", voice=name)
    assert sorted(path.parent.name for path in found._cache.glob("*/*")) == sorted([b"one".hex(), b"three".hex()])
    assert sorted(path.name for path in engine._voices) == ["one", "three"]
    assert engine.speak("Tag.", voice="two").file


def test_voices_of_an_earlier_process_count_towards_the_limit(catalog, source, size, voices_folder):
    assert catalog(most_bytes=size).ready("one").path.is_dir()
    source.publish("two", voices_folder / TINY)
    later = catalog(most_bytes=size)
    path = later.ready("two").path
    assert [found.name for found in later._cache.glob("*/*")] == [path.name]


def test_what_a_killed_process_downloaded_is_deleted(catalog, tmp_path):
    """Lambda keeps /tmp when it ends a process: the rests of several downloads would fill it."""
    old, new = (tmp_path / "cache" / "checksum" / f".making-{name}" for name in ("old", "new"))
    for folder in (old, new):  # another process may still write the newer one
        (folder / "voice").mkdir(parents=True)
    os.utime(old, times=(time.time() - ABANDONED - 1,) * 2)
    catalog().ready("one")
    assert (old.exists(), new.exists()) == (False, True)


def test_a_voice_above_the_limit_is_rejected(catalog, source, size):
    with pytest.raises(VoiceNotFetched, match="the limit is"):
        catalog(most_bytes=size - 1).ready("one")
    assert not source.fetched


def test_a_cached_index_is_used_if_it_cannot_be_read(catalog, source, clock):
    found = catalog()
    assert "one" in found.voices
    source.silent = True
    clock.now += 2 * FRESH
    assert "one" in found.voices
    assert found.ready("one")
    with pytest.raises(Unavailable):
        found.voices["two"]
    with pytest.raises(Unavailable):
        found.ready("two")
