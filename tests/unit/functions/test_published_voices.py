"""A published voice is listed, validated and spoken by every function, and unknown after it is unpublished."""

import json
import shutil

import pytest

from herald.aws.voice_store import S3Voices
from herald.runtime.container import Dependencies
from tests.support.job_samples import NOON
from tests.support.moto_cloud import BUCKET
from tests.unit.functions.conftest import Context, forget

NAME = "de_DE-tiny-other"
SPEAK = {"input": "Guten Tag.", "voice": NAME}
CATALOG = Dependencies.__dict__["catalog"]
"""The property that finds published voices; the fixture `stream` replaces it."""


@pytest.fixture
def pack(voices_folder, tmp_path, monkeypatch):
    monkeypatch.setattr("herald.runtime.container.gettempdir", lambda: str(tmp_path))
    folder = shutil.copytree(voices_folder / "de_DE-tiny-low", tmp_path / "packs" / NAME)
    card = json.loads((folder / "voice.json").read_text())
    card["voice"]["id"] = NAME
    (folder / "voice.json").write_text(json.dumps(card))
    return folder


@pytest.fixture
def store(cloud):
    return S3Voices(cloud.clients, bucket=BUCKET)


@pytest.fixture
def published(store, pack):
    return store.publish(pack, at=NOON, report=lambda *_: None)


def listed(http):
    return [voice["id"] for voice in http("GET", "/v1/voices").json["data"]]


def test_published_voice_is_listed_and_works_for_speech_jobs_and_batches(http, published):
    assert NAME in listed(http)
    spoken = http("POST", "/v1/audio/speech", SPEAK)
    assert (spoken.status, spoken.headers["X-Herald-Voice"]) == (200, NAME)
    assert http("POST", "/v1/jobs", SPEAK | {"voice": f"{NAME}:bert"}).status == 202
    assert http("POST", "/v1/batches", {"name": "Test", "template": "Hallo {name}.", "voice": NAME}).status < 300


def test_worker_speaks_it(cloud, http, published):
    from herald.functions import worker  # noqa: PLC0415

    job = http("POST", "/v1/jobs", SPEAK).json["id"]
    assert worker.handler(cloud.receive("vip", 1), Context()) == {"batchItemFailures": []}
    assert http("GET", f"/v1/jobs/{job}").json["state"] == "done"


@pytest.mark.usefixtures("published")
def test_a_worker_that_has_not_noticed_a_replaced_voice_stores_under_the_key_of_what_it_spoke(
    cloud, http, pack, store, parts
):
    from herald.functions import api, worker  # noqa: PLC0415

    first = http("POST", "/v1/jobs", SPEAK).json["id"]
    worker.handler(cloud.receive("vip", 1), Context())
    old = parts.table.get(first).audio.key
    card = json.loads((pack / "voice.json").read_text())
    card["voice"]["licence"] = "another"
    (pack / "voice.json").write_text(json.dumps(card))
    store.publish(pack, at=NOON, report=lambda *_: None)
    vars(api.handler).pop("function")  # another instance reads the new index
    job = http("POST", "/v1/jobs", SPEAK).json["id"]
    accepted = parts.table.get(job).audio_key
    assert accepted != old
    worker.handler(cloud.receive("vip", 1), Context())
    done = parts.table.get(job)
    assert (done.state.value, done.audio.key) == ("done", old)
    assert accepted not in cloud.keys("audio/")


def test_it_streams(published, stream, monkeypatch):
    monkeypatch.setattr(Dependencies, "catalog", CATALOG)
    answer = stream.speak("Guten Tag.", voice=NAME)
    assert (answer.status, answer.headers["x-herald-voice"]) == (200, NAME)


def test_error_for_an_unknown_voice_lists_published_voices(http, published):
    refused = http("POST", "/v1/jobs", SPEAK | {"voice": "no-such-voice"})
    assert refused.refusal == (400, "unknown_voice")
    assert NAME in refused.error["message"]


def test_unpublished_voice_is_unknown(http, store, published):
    assert http("POST", "/v1/audio/speech", SPEAK).status == 200
    store.unpublish(NAME)
    forget()  # as if the cache had expired
    assert NAME not in listed(http)
    assert http("POST", "/v1/audio/speech", SPEAK).refusal == (400, "unknown_voice")


def test_corrupted_pack_is_refused(cloud, http, published):
    key = next(key for key in cloud.keys("voices/") if key.endswith("decoder.weights"))
    cloud.clients.s3.put_object(Bucket=BUCKET, Key=key, Body=b"corrupted")
    refused = http("POST", "/v1/audio/speech", SPEAK)
    assert refused.refusal == (500, "voice_not_fetched")
    assert http("POST", "/v1/audio/speech", {"input": "Guten Tag."}).status == 200


def test_voices_of_the_layer_work_while_s3_is_unavailable(cloud, http):
    cloud.refuse("s3", "GetObject", "ServiceUnavailable", 503)
    assert http("POST", "/v1/audio/speech", {"input": "Guten Tag."}).status == 200
    assert http("POST", "/v1/audio/speech", SPEAK).refusal == (503, "unavailable")
    assert http("GET", "/v1/voices").refusal == (503, "unavailable")
