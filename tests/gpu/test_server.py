"""The server over a real socket: it synthesizes, rejects invalid requests, and survives faults."""

import io
import json
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np
import pytest
import soundfile
import soxr

from herald.speech.voices.catalog import Catalog
from local import ROOT
from tests.gpu.conftest import serving
from tests.gpu.hostile import BODIES, HELLO, REFUSED, SPOKEN
from tests.quality.words import errors, words

SENTENCE = "The office will be closed tomorrow because of the storm."
LISTENING_RATE = 16_000
JAPANESE = "明日の三時です。"


def samples_of(answer):
    samples, rate = soundfile.read(io.BytesIO(answer.audio), dtype="float32")
    assert rate == answer.sample_rate
    assert len(samples) / rate == pytest.approx(answer.seconds, abs=0.01)
    return samples, rate


def transcribe(whisper, answer):
    samples, rate = samples_of(answer)
    at_16_khz = soxr.resample(samples, rate, LISTENING_RATE)
    segments, _ = whisper.transcribe(at_16_khz, language="en", beam_size=5, temperature=0, vad_filter=False)
    return words("".join(segment.text for segment in segments))


def test_the_server_is_ready_before_a_model_is_loaded(python, models, tmp_path):
    with serving(python, tmp_path, "serve", "--models", models) as fresh:
        assert fresh.ping() == {"status": "ok", "provider": "cpu", "models": [], "speaking": 0}
    assert fresh.process.returncode == 0


def test_a_piper_voice(server, whisper):
    answer = server.speak((SENTENCE, "en_US-joe-medium"))
    assert (answer.engine, answer.sample_rate, answer.format) == ("piper", 22_050, "wav")
    assert errors(words(SENTENCE), transcribe(whisper, answer)) <= 1
    assert "en_US-joe-medium" in server.ping()["models"]


def test_kokoro_in_english(server, whisper):
    text = "Your appointment with Doctor Miller is confirmed for Monday at nine in the morning."
    answer = server.speak((text, "kokoro:jf_alpha", "en-US"))
    assert (answer.engine, answer.sample_rate) == ("kokoro", 24_000)
    assert errors(words(text), transcribe(whisper, answer)) <= 1


def test_the_checksum_is_that_of_the_catalogue(server):
    answer = server.speak((SENTENCE, "kokoro:jf_alpha"))
    assert answer.voice_checksums == {"kokoro": Catalog().find("kokoro").checksum}


def test_kokoro_in_japanese(server):
    first = server.speak((JAPANESE, "kokoro:jm_kumo", "ja"))
    samples, _ = samples_of(first)
    assert 0.9 < first.seconds < 3  # 10 morae, at 5 to 10 per second
    assert np.sqrt((samples**2).mean()) > 0.01
    assert server.speak((JAPANESE, "kokoro:jm_kumo", "ja")).audio == first.audio
    assert server.speak((JAPANESE, "kokoro:jm_kumo")).audio == first.audio, "the language is detected by the script"


def test_the_language_is_used(server):
    spoken = {language: server.speak(("tomato can", "kokoro", language)).audio for language in ("en-US", "en-GB", "ja")}
    assert len(set(spoken.values())) == 3


def test_a_dialogue_has_a_voice_per_line(server, whisper):
    lines = [(SENTENCE, "kokoro:jf_alpha"), ("Thank you for calling.", "en_US-joe-medium")]
    both = server.speak(*lines)
    alone = [server.speak(line) for line in lines]
    assert both.engine == "kokoro+piper"
    assert both.sample_rate == 24_000
    assert both.seconds == pytest.approx(sum(one.seconds for one in alone) + 0.4, abs=0.05)
    assert errors(words(" ".join(text for text, _ in lines)), transcribe(whisper, both)) <= 1


def test_a_mix_differs_from_its_speakers(server):
    mixes = ("jf_alpha", "jm_kumo", "jf_alpha(2)+jm_kumo(1)", "jf_alpha(1)+jm_kumo(2)")
    spoken = [server.speak(("Hello there.", f"kokoro:{mix}")).audio for mix in mixes]
    assert len(set(spoken)) == len(mixes)
    same = server.speak(("Hello there.", "kokoro:jm_kumo(2)+jf_alpha(4)")).audio
    assert same == spoken[2], "only the proportions matter"


def test_the_same_request_gives_the_same_bytes(server):
    lines = [("Hello there.", "kokoro:jf_nezumi"), ("Hello.", "en_US-joe-medium")]
    answers = [server.speak(*lines, response_format="opus").audio for _ in range(2)]
    assert answers[0] == answers[1]


def test_speed_rate_and_format_are_applied(server):
    normal = server.speak((SENTENCE, "kokoro"))
    fast = server.speak((SENTENCE, "kokoro"), speed=1.5, sample_rate=8_000, response_format="wav_ulaw")
    assert fast.seconds < normal.seconds / 1.2
    assert soundfile.info(io.BytesIO(fast.audio)).samplerate == 8_000


def test_a_long_text_is_synthesized_completely(server, whisper):
    text = (
        "The library opens at ten. " + "Please press zero if you would like to speak with a person, " * 5 + "thank you."
    )
    answer = server.speak((text, "kokoro"))  # more phonemes than the model's limit
    assert errors(words(text), transcribe(whisper, answer)) <= 5


def test_concurrent_requests_do_not_affect_each_other(server):
    def speak(number):
        voice = "kokoro:jf_alpha" if number % 2 else "en_US-joe-medium"
        return voice, server.speak(("Come to the front desk.", voice)).audio

    with ThreadPoolExecutor(8) as callers:
        spoken = list(callers.map(speak, range(8)))
    assert server.ping()["status"] == "ok"
    assert len(set(spoken)) == 2


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_request_is_rejected(server, name):
    changes, code, param = REFUSED[name]
    answer = server.post({"job": "job-1", "lines": [HELLO], "response_format": "wav"} | changes)
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["type"] == "invalid_request_error"
    assert error["code"] == code
    assert param in {None, error["param"]}
    for line in changes.get("lines", ()) if isinstance(changes.get("lines"), list) else ():
        assert len(line["text"]) < 6 or line["text"] not in answer.text


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_not_a_json_object_is_rejected(server, name):
    answer = server.post(BODIES[name])
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "invalid_json"


@pytest.mark.parametrize("name", SPOKEN)
def test_unusual_texts_are_accepted(server, name):
    answer = server.post({"job": "job-1", "lines": [SPOKEN[name]], "response_format": "mp3"})
    assert answer.status_code == 200, answer.text


def test_a_disconnect_stops_synthesis(server):
    long = {"job": "left", "lines": [HELLO | {"text": (SENTENCE + " ") * 400}]}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{server.url}/invocations", json=long, timeout=1, trust_env=False)
    deadline = time.monotonic() + 60
    while '"event": "left", "job": "left"' not in server.log.read_text():
        assert time.monotonic() < deadline, "synthesis is still running"
        time.sleep(0.1)
    assert server.speak((SENTENCE, "en_US-joe-medium")).seconds > 1


def test_an_incomplete_request_has_no_effect(server):
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as torn:
        torn.sendall(b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
    with socket.create_connection(("127.0.0.1", port)) as foreign:
        foreign.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
        assert foreign.recv(100).startswith(b"HTTP/1.1 400")
    assert server.ping()["status"] == "ok"


def test_no_text_is_logged(server):
    marker = "Zanzibarian"
    server.speak((f"Hello {marker}.", "kokoro"))
    server.post({"job": "j", "lines": [{"text": f"{marker}\x00", "voice": marker}]})
    server.post(marker.encode())
    assert marker not in server.log.read_text()
    assert all(json.loads(row)["event"] for row in server.log.read_text().splitlines() if row.startswith("{"))


def test_requests_above_the_queue_limit_are_rejected(python, models, tmp_path):
    with serving(python, tmp_path, "--models", models, "--at-once", "1", "--waiting", "1") as small:
        # Long enough that the calls overlap, however late their threads start.
        body = {"job": "j", "lines": [HELLO | {"voice": "kokoro", "text": "Please hold the line. " * 4}]}
        with ThreadPoolExecutor(5) as callers:
            answers = list(callers.map(lambda _: small.post(body), range(5)))
        statuses = [answer.status_code for answer in answers]
        assert set(statuses) == {200, 503}
        refused = answers[statuses.index(503)].json()["error"]
        assert (refused["code"], refused["type"]) == ("overloaded", "server_error")
        assert small.post(body).status_code == 200


def test_another_export_of_kokoro_is_packed_and_used(python, models, tmp_path):
    parts = [models / "kokoro" / name for name in ("model.onnx", "voices.npz")]
    command = [python, "-m", "gpu.pack", tmp_path / "models", *parts, "mine"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    info = Catalog([tmp_path / "models"]).find("mine")
    assert (info.engine, info.needs_gpu, len(info.speakers)) == ("kokoro", True, 46)  # without those of Chinese
    with serving(python, tmp_path, "--models", tmp_path / "models") as server:
        assert server.speak(("Hello.", "mine:jm_kumo")).voice_checksums == {"mine": info.checksum}


def test_models_share_the_memory(python, models, tmp_path):
    with serving(python, tmp_path, "--models", models, "--memory", "130") as small:  # Kokoro alone needs 125
        for voice in ("en_US-joe-medium", "kokoro", "en_US-joe-medium", "kokoro:jm_kumo"):
            small.speak(("Hello.", voice))
            assert small.ping()["models"] == [voice.partition(":")[0]]
        small.speak(("Hello.", "kokoro"), ("Hello.", "en_US-joe-medium"), ("Hello.", "kokoro"))
        with ThreadPoolExecutor(4) as callers:
            voices = ["kokoro", "en_US-joe-medium"] * 2
            assert len(list(callers.map(lambda voice: small.speak(("Hello.", voice)), voices))) == 4


def test_sigterm_lets_running_requests_finish(python, models, tmp_path):
    with serving(python, tmp_path, "--models", models) as ending, ThreadPoolExecutor(1) as caller:
        ending.speak(("Hello.", "kokoro"))
        last = caller.submit(ending.speak, (SENTENCE, "kokoro"))
        while not (ending.ping()["speaking"] or last.done()):
            time.sleep(0.01)
        ending.process.terminate()
        assert last.result().seconds > 1
        assert ending.process.wait(30) == 0
