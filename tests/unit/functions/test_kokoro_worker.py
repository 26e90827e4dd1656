"""Jobs with Kokoro's voices on CPU: accepted without a GPU, spoken by kokoro_worker with the published model."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from herald.aws.voice_store import S3Voices
from herald.clock import utc_now
from herald.functions import kokoro_worker, sweeper
from herald.jobs.job import State
from herald.jobs.script import Line, Script
from herald.runtime.kokoro_speaker import KokoroSpeaker
from herald.speech.kokoro import kokoro_engine
from herald.speech.kokoro.kokoro_model import Kokoro, phonemize
from tests.support.job_samples import NOON
from tests.support.kokoro_session import KokoroSession, write_pack
from tests.support.moto_cloud import BUCKET
from tests.unit.functions.conftest import MARKER, Context, forget, logged

BODY = {"input": f"Hello, {MARKER}.", "voice": "kokoro:af_heart"}


@pytest.fixture
def pack(tmp_path, monkeypatch):
    """A folder as packed by gpu.pack, with a fake model."""
    monkeypatch.setattr("herald.runtime.container.gettempdir", lambda: str(tmp_path))
    return write_pack(tmp_path / "packs" / "kokoro")


@pytest.fixture
def published(kokoro, pack):
    S3Voices(kokoro.clients, bucket=BUCKET).publish(pack, at=NOON, report=lambda *_: None)


@pytest.fixture
def loaded(monkeypatch):
    """The folders from which the model is loaded; its network is a fake."""
    folders = []

    def load(folder, threads):
        folders.append((folder, threads))
        return Kokoro(folder, KokoroSession(), phonemize)

    monkeypatch.setattr(kokoro_engine, "load", load)
    return folders


def work(event):
    answer = kokoro_worker.handler(event, Context(milliseconds_left=300_000))
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def test_a_job_is_accepted_with_its_price_and_spoken(kokoro, http, published, loaded, capsys):
    accepted = http("POST", "/v1/jobs", BODY)
    assert accepted.status == 202
    shown = accepted.json
    assert (shown["route"], shown["reason"]) == (
        "kokoro",
        "The voice kokoro is too slow on CPU for realtime, so it runs as a job.",
    )
    assert float(shown["price_expected"]) > 0
    assert work(kokoro.receive("kokoro")) == []
    done = http("GET", f"/v1/jobs/{shown['id']}").json
    assert done["state"] == "done"
    assert done["audio_seconds"] > 0
    assert float(done["price"]) > 0
    ((_, threads),) = loaded
    assert threads == 2, "as many as the function's memory has processors"
    output = capsys.readouterr()
    assert MARKER not in output.out + output.err


def test_a_lexicon_gives_other_words(kokoro, http, published, monkeypatch):
    session = KokoroSession()
    monkeypatch.setattr(kokoro_engine, "load", lambda folder, _: Kokoro(folder, session, phonemize))
    entries = [{"word": "nginx", "alias": "the engine that serves it"}]
    assert http("PUT", "/v1/lexicons/names", {"entries": entries}).status == 201

    def tokens_of(text, *lexicons):
        session.inputs.clear()
        http("POST", "/v1/jobs", BODY | {"input": text, "lexicons": list(lexicons)})
        assert work(kokoro.receive("kokoro")) == []
        (given,) = session.inputs
        return {name: value.tolist() for name, value in given.items()}

    with_lexicon = tokens_of("It is nginx.", "names")
    assert with_lexicon == tokens_of("It is the engine that serves it.")
    assert with_lexicon != tokens_of("It is nginx.")


def test_the_model_is_loaded_once(kokoro, http, published, loaded):
    for text in ("One.", "Two."):
        http("POST", "/v1/jobs", BODY | {"input": text})
        assert work(kokoro.receive("kokoro")) == []
    assert len(loaded) == 1


def test_a_synchronous_request_is_referred_to_jobs(kokoro, http):
    refused = http("POST", "/v1/audio/speech", BODY)
    assert refused.refusal == (400, "not_realtime")
    assert "POST /v1/jobs" in refused.error["message"]
    assert http("POST", "/v1/audio/speech", BODY, headers={"Prefer": "respond-async"}).status == 202
    assert len(kokoro.messages("kokoro")) == 1


def test_a_model_that_is_not_published_is_an_error_that_names_the_remedy(kokoro, http, loaded, capsys):
    http("POST", "/v1/jobs", BODY)
    received = kokoro.receive("kokoro")
    assert work(received) == [received["Records"][0]["messageId"]]
    (line,) = [line for line in logged(capsys.readouterr().out) if line.get("message") == "failed"]
    assert line["code"] == "voice_not_prepared"
    assert "herald voices publish" in line["why"]


def test_voices_say_whether_they_need_the_gpu_here(kokoro, http, monkeypatch):
    def listed():
        (voice,) = [one for one in http("GET", "/v1/voices").json["data"] if one["id"] == "kokoro"]
        return {name: voice[name] for name in ("needs_gpu", "realtime")}

    assert listed() == {"needs_gpu": False, "realtime": False}
    monkeypatch.setenv("HERALD_KOKORO_MEMORY", "0")
    forget()
    assert listed() == {"needs_gpu": True, "realtime": False}


def test_a_job_fails_and_cannot_be_retried_once_kokoro_is_gone(kokoro, http, parts, monkeypatch):
    job = http("POST", "/v1/jobs", BODY).json["id"]
    monkeypatch.setenv("HERALD_KOKORO_QUEUE", "")
    monkeypatch.setenv("HERALD_KOKORO_MEMORY", "0")
    forget()
    parts.table.postpone_check(job, utc_now() - timedelta(minutes=1))
    sweeper.handler({}, Context(milliseconds_left=60_000))
    failed = parts.table.get(job)
    assert (failed.state, failed.error.code) == (State.FAILED, "gpu_not_deployed")
    refused = http("POST", f"/v1/jobs/{job}/retry")
    assert refused.refusal == (400, "gpu_not_deployed")
    assert "KokoroMemorySize" in refused.error["message"]


def test_a_lost_message_is_sent_again(kokoro, http, parts):
    job = http("POST", "/v1/jobs", BODY).json["id"]
    assert len(kokoro.messages("kokoro")) == 1
    parts.table.postpone_check(job, utc_now() - timedelta(minutes=1))
    sweeper.handler({}, Context(milliseconds_left=60_000))
    assert [one["job"] for one in kokoro.messages("kokoro")] == [job]


def test_a_model_whose_files_are_removed_from_the_machine_is_released(pack, loaded):
    catalog = SimpleNamespace(ready=lambda _: SimpleNamespace(path=pack))
    speaker = KokoroSpeaker(catalog, {}.__getitem__, megabytes=3_008)
    line = Line(text="Hello.", voice="kokoro", speaker="af_heart", language="en-US")
    script = Script(lines=(line,), response_format="mp3", sample_rate=24_000)

    def loads():
        speaker.speak(script, time_left=lambda: 300.0)
        return len(loaded)

    assert (loads(), loads()) == (1, 1)
    catalog.removed(pack.parent / "another")
    assert loads() == 1
    catalog.removed(pack)
    assert loads() == 2
