"""Models are found in folders or downloaded atomically; path traversal is rejected."""

import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from gpu.store import Store, size_of
from herald.errors import EngineNotInstalled, UnknownVoice, VoiceNotFetched, VoiceNotPrepared
from herald.speech.voices.catalog import CARD

MODEL = b"a model"


def card(name="tim", engine="kokoro", checksum=None, **more):
    voice = {"id": name, "language": "en_US", "language_name": "English", "sample_rate": 24_000}
    voice |= {"quality": "high", "licence": "CC0", "engine": engine}
    checksums = {"model.onnx": checksum or hashlib.sha256(MODEL).hexdigest()} | more
    return json.dumps({"voice": voice, "checksums": checksums}).encode()


class Bucket:
    """A fake bucket that counts its downloads."""

    def __init__(self, **files):
        self.files = {f"tim/{CARD}": card(), "tim/model.onnx": MODEL} | files
        self.asked = []

    def fetch(self, name, path):
        self.asked.append(name)
        if name in self.files:
            path.write_bytes(self.files[name])
        return name in self.files


@pytest.fixture
def store(tmp_path):
    def make(bucket=None):
        return Store([tmp_path / "models"], cache=tmp_path / "cache", fetch=bucket and bucket.fetch)

    return make


def put(folder, files):
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def test_a_model_is_found_in_its_folder(store, tmp_path):
    put(tmp_path / "models" / "tim", {CARD: card(), "model.onnx": MODEL})
    found = store().find("tim")
    assert (found.id, found.engine, found.languages) == ("tim", "kokoro", ("en-US",))
    assert size_of(found) == len(MODEL) + len(card())


def test_a_model_is_downloaded_once(store):
    bucket = Bucket()
    models = store(bucket)
    with ThreadPoolExecutor(8) as threads:
        barrier = threading.Barrier(8)
        found = list(threads.map(lambda _: barrier.wait() >= 0 and models.find("tim"), range(8)))
    assert {(one.path / "model.onnx").read_bytes() for one in found} == {MODEL}
    assert bucket.asked == [f"tim/{CARD}", "tim/model.onnx"]


def test_folders_take_precedence_over_downloads(store, tmp_path):
    put(tmp_path / "models" / "tim", {CARD: card(), "model.onnx": MODEL})
    bucket = Bucket()
    store(bucket).find("tim")
    assert bucket.asked == []


@pytest.mark.parametrize(
    "files",
    [
        {"tim/model.onnx": MODEL[:-1]},
        {"tim/model.onnx": b""},
        {f"tim/{CARD}": card(**{"voices.npz": "ab"})},
        {f"tim/{CARD}": card(**{"../../stolen": "ab"}), "tim/../../stolen": b"x"},
        {f"tim/{CARD}": card(**{"/etc/passwd": "ab"}), "tim//etc/passwd": b"x"},
        {f"tim/{CARD}": card()[:-5]},
    ],
)
def test_an_incomplete_model_is_not_kept(store, tmp_path, files):
    with pytest.raises((VoiceNotFetched, VoiceNotPrepared)):
        store(Bucket(**files)).find("tim")
    assert list((tmp_path / "cache").iterdir()) == []
    assert not (tmp_path / "stolen").exists()
    assert store(Bucket()).find("tim").id == "tim", "the next call succeeds"


@pytest.mark.parametrize("name", ["", ".", "..", "../tim", "a/b", "tim\x00", "tim\n", "-tim", "t" * 129, "tïm"])
def test_an_invalid_name_is_unknown(store, name):
    bucket = Bucket()
    with pytest.raises(UnknownVoice):
        store(bucket).find(name)
    assert bucket.asked == []


def test_an_unknown_voice_is_unknown(store, tmp_path):
    with pytest.raises(UnknownVoice):
        store(Bucket()).find("tom")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_missing_model_of_a_catalogued_voice_is_a_deployment_error(store):
    with pytest.raises(VoiceNotPrepared):
        store().find("kokoro")


def test_a_voice_of_an_unknown_engine_is_rejected(store):
    with pytest.raises(EngineNotInstalled) as refused:
        store(Bucket(**{f"tim/{CARD}": card(engine="orpheus")})).find("tim")
    assert refused.value.code == "engine_not_installed"
