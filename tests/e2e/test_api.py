"""The deployed API over HTTP."""

import re

import pytest

from herald import __version__
from herald.disclosure.file_claims import read_claim
from herald.jobs.voice_names import OPENAI_VOICES
from tests.support.decoding import decode

SPEECH = "/v1/audio/speech"
TEXT = "Your appointment is confirmed for Monday morning."
VOICE, VOICE_RATE = "en_US-heart", 24_000
FORMATS = [
    # format, requested sample rate, actual sample rate, media type
    ("mp3", None, 24_000, "audio/mpeg"),
    ("mp3", 8_000, 8_000, "audio/mpeg"),
    ("mp3", 48_000, 48_000, "audio/mpeg"),
    ("opus", None, 24_000, "audio/ogg"),
    ("opus", 48_000, 48_000, "audio/ogg"),
    ("opus", 8_000, 8_000, "audio/ogg"),
    ("flac", None, 24_000, "audio/flac"),
    ("flac", 16_000, 16_000, "audio/flac"),
    ("wav", None, 24_000, "audio/wav"),
    ("wav", 44_100, 44_100, "audio/wav"),
    ("pcm", None, 24_000, "audio/pcm"),
    ("pcm", 16_000, 16_000, "audio/pcm"),
    ("ulaw", None, 8_000, "audio/basic"),
    ("ulaw", 8_000, 8_000, "audio/basic"),
    ("alaw", None, 8_000, "audio/x-alaw-basic"),
    ("wav_ulaw", None, 8_000, "audio/wav"),
    ("wav_alaw", None, 8_000, "audio/wav"),
]
FIRST_BYTES = {"audio/ogg": b"OggS", "audio/flac": b"fLaC", "audio/wav": b"RIFF"}


def speak(api, text=TEXT, **fields):
    return api.post(SPEECH, json={"input": text} | fields)


def seconds_of(answer):
    return float(answer.headers["X-Herald-Audio-Seconds"])


def test_headers(api):
    answer = speak(api, voice="nova")
    assert answer.status_code == 200
    found = {name: answer.headers[name] for name in answer.headers if name.startswith("x-herald-")}
    assert re.fullmatch(r"\d+\.\d{3}", found.pop("x-herald-audio-seconds"))
    assert 0 < float(found.pop("x-herald-price")) < 0.001
    assert found == {
        "x-herald-voice": VOICE,
        "x-herald-characters": str(len(TEXT)),
        "x-herald-sample-rate": str(VOICE_RATE),
        "x-herald-route": "realtime",
    }
    assert answer.headers["AI-Disclosure"] == "mode=machine-generated"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_request_ids_differ(api):
    answers = [speak(api, "Hello."), speak(api, "Hello."), speak(api, ""), api.get("/health"), api.get("/nowhere")]
    ids = [answer.headers["X-Request-Id"] for answer in answers]
    assert all(ids)
    assert len(set(ids)) == len(ids)


def test_characters_are_code_points(api):
    assert speak(api, "A caf\u00e9 \U0001f600.").headers["X-Herald-Characters"] == "9"


@pytest.mark.parametrize(("name", "asked", "made", "media_type"), FORMATS)
def test_formats(api, name, asked, made, media_type):
    answer = speak(api, response_format=name, **({"sample_rate": asked} if asked else {}))
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["X-Herald-Sample-Rate"] == str(made)
    assert answer.content.startswith(FIRST_BYTES.get(media_type, b""))
    assert read_claim(answer.content).state == ("unmarked" if name in {"pcm", "ulaw", "alaw"} else "marked")
    samples, rate = decode(answer.content, name, made)
    assert rate == made
    assert len(samples) / rate == pytest.approx(seconds_of(answer), abs=0.1)
    assert abs(samples).max() > 0.1


def test_g711_has_one_byte_per_sample(api):
    ulaw, alaw = (speak(api, response_format=name) for name in ("ulaw", "alaw"))
    assert len(ulaw.content) == pytest.approx(8_000 * seconds_of(ulaw), abs=8)
    assert len(alaw.content) == len(ulaw.content)
    assert alaw.content != ulaw.content


@pytest.mark.parametrize("name", sorted({row[0] for row in FORMATS}))
def test_same_request_same_bytes(api, name):
    first, second = (speak(api, "Hello.", response_format=name).content for _ in range(2))
    assert first == second


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 1.5, 2.0])
def test_speed_is_applied(api, speed):
    assert seconds_of(speak(api)) / seconds_of(speak(api, speed=speed)) == pytest.approx(speed, rel=0.1)


def test_speed_at_its_limits(api):
    slow, normal, fast = (seconds_of(speak(api, speed=speed)) for speed in (0.25, 1, 4.0))
    assert slow > 3 * normal
    assert fast < normal / 1.5


def test_voice_by_its_id(api):
    assert speak(api, voice=VOICE).content == speak(api, voice="alloy").content


def test_voices(api):
    listed = api.get("/v1/voices").json()
    assert listed["object"] == "list"
    voices = {voice["id"]: voice for voice in listed["data"]}
    voice, low = voices[VOICE], voices["en_US-heart-low"]
    assert set(OPENAI_VOICES) == {*voice["aliases"], *low["aliases"]}
    assert (voice["gender"], low["gender"]) == ("female", "male")
    assert voice["commercial_use"]
    assert not voices["en_US-joe-medium"]["commercial_use"]
    assert (voice["sample_rate"], voice["language"], voice["object"]) == (VOICE_RATE, "en_US", "voice")


def test_health(api):
    assert api.get("/health").json() == {"status": "ok", "version": __version__, "default_voice": VOICE}


def test_unknown_path(api):
    answer = api.get("/v1/nowhere")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(("method", "path", "allow"), [("GET", SPEECH, "POST"), ("POST", "/v1/voices", "GET")])
def test_wrong_method(api, method, path, allow):
    answer = api.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == allow
    assert answer.json()["error"]["code"] == "method_not_allowed"
