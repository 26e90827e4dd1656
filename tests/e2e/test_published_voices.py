"""A second voice, from `herald voices publish` to audio on every route, and to its removal."""

import io
import json
import shutil
import time
from pathlib import Path

import httpx
import pytest
import soundfile

from herald.cli import main
from herald.speech.prepare import build
from herald.speech.voices.catalog import CARD
from local import ROOT
from tests.support.batch_runs import Sent
from tests.support.deployed_stack import deployed
from tests.support.stream_reader import PATH

deployed = pytest.fixture(deployed, scope="module")
MODEL = Path(__file__).parents[1] / "voices" / "de_DE-tiny-low.onnx"
SPEAK = {"input": "Guten Tag. Wie geht es?", "response_format": "wav"}


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    """`packs(name)` returns a prepared voice with that name, as built by `herald voices build`."""
    folder = tmp_path_factory.mktemp("packs")
    original = folder / "original" / MODEL.stem
    build(MODEL, original)

    def pack(name):
        made = shutil.copytree(original, folder / name)
        card = json.loads((made / CARD).read_text())
        card["voice"]["id"] = name
        (made / CARD).write_text(json.dumps(card))
        return made

    return pack


@pytest.fixture(scope="module")
def herald(deployed, tmp_path_factory):
    """`herald("publish", ...)` runs herald voices in a folder with this stack as the local one."""
    folder = tmp_path_factory.mktemp("operator")
    (folder / ".local").mkdir()
    shutil.copy(ROOT / ".local" / "test" / "stack.json", folder / ".local" / "stack.json")

    def herald(*words):
        with pytest.MonkeyPatch.context() as here:
            here.chdir(folder)
            assert main(["voices", *words]) == 0

    return herald


@pytest.fixture(scope="module")
def voice(herald, packs):
    herald("publish", str(packs("de_DE-second-low")))
    return "de_DE-second-low"


def listed(api):
    return [voice["id"] for voice in api.get("/v1/voices").raise_for_status().json()["data"]]


def until(check, seconds=70):
    """Wait until `check` holds, for more than the minute for which functions cache the index."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "still false after a minute"
        time.sleep(0.5)


def until_known(api, voice):
    """Wait until a voice is known: a request for an unknown voice reads the index at most once a second."""
    until(lambda: api.post(PATH, json=SPEAK | {"voice": voice}).status_code != 400, seconds=3)


def seconds_of(audio):
    samples, rate = soundfile.read(io.BytesIO(audio))
    assert rate == 16_000, "the rate of the second voice, not of the first"
    return len(samples) / rate


def test_synchronous_speech(api, voice):
    answer = api.post(PATH, json=SPEAK | {"voice": f"{voice}:bert"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["X-Herald-Voice"] == f"{voice}:bert"
    assert seconds_of(answer.content) > 0.3


def test_the_voice_is_listed(api, voice):
    until(lambda: voice in listed(api))


def test_streaming(stream, voice):
    answer = stream.post(PATH, json=SPEAK | {"voice": voice, "response_format": "pcm", "sample_rate": 16_000})
    assert answer.status_code == 200, answer.text
    assert answer.headers["X-Herald-Voice"] == voice
    assert len(answer.content) > 10_000


def test_a_job(deployed, api, voice):
    job = api.post("/v1/jobs", json=SPEAK | {"voice": voice}).json()["id"]
    deployed.all_ended([job])
    shown = api.get(f"/v1/jobs/{job}").json()
    assert (shown["state"], shown["voice"]) == ("done", voice)
    assert seconds_of(httpx.get(shown["audio_url"], trust_env=False).content) > 0.3


def test_a_batch(deployed, voice):
    sent = Sent(deployed, "id,name\n1,Anna\n2,Bert\n3,Carla\n", template="Hallo {name}.", voice=voice)
    assert sent.ended()["counts"]["done"] == 3


def test_a_corrupted_pack_is_rejected(deployed, api, herald, packs):
    pack = packs("de_DE-broken-low")
    herald("publish", str(pack))
    bucket, s3 = deployed["AudioBucket"], deployed.aws("s3")
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="voices/de_DE-broken-low/")["Contents"]
    (weights,) = [one["Key"] for one in listed if one["Key"].endswith("decoder.weights")]
    s3.put_object(Bucket=bucket, Key=weights, Body=bytes(100))
    until_known(api, "de_DE-broken-low")
    refused = api.post(PATH, json=SPEAK | {"voice": "de_DE-broken-low"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (500, "voice_not_fetched")
    herald("publish", str(pack))
    assert api.post(PATH, json=SPEAK | {"voice": "de_DE-broken-low"}).status_code == 200
    herald("unpublish", "de_DE-broken-low")


def test_an_unpublished_voice_is_unknown_within_a_minute(api, herald, packs):
    name = "de_DE-third-low"
    herald("publish", str(packs(name)))
    until_known(api, name)
    assert api.post(PATH, json=SPEAK | {"voice": name}).status_code == 200
    herald("unpublish", name)
    until(lambda: api.post(PATH, json=SPEAK | {"voice": name}).status_code == 400)
    until(lambda: name not in listed(api))
