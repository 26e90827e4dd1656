"""ElevenLabs' Python package, with both APIs."""

import os
from base64 import b64decode

import httpx
import pytest
from elevenlabs import ElevenLabs
from elevenlabs.core.api_error import ApiError

from tests.clients.conftest import TEXT
from tests.support.decoding import decode

GEORGE = "JBFqnCBZsd1mCd4yyfvF"


@pytest.fixture
def labs(door, stack):
    with httpx.Client(trust_env=False, timeout=60) as http:
        yield ElevenLabs(base_url=door, api_key=stack.api_key, httpx_client=http)


@pytest.mark.parametrize(("name", "made", "rate"), [("mp3_44100_128", "mp3", 44_100), ("pcm_16000", "pcm", 16_000)])
def test_convert_and_stream(labs, name, made, rate):
    for method in (labs.text_to_speech.convert, labs.text_to_speech.stream):
        audio = b"".join(method(voice_id=GEORGE, text=TEXT, output_format=name))
        samples, found = decode(audio, made, rate)
        assert found == rate
        assert 1.5 < len(samples) / rate < 5


def test_timestamps(labs):
    answer = labs.text_to_speech.convert_with_timestamps(voice_id=GEORGE, text=TEXT, output_format="pcm_16000")
    assert answer.alignment.characters == list(TEXT)
    chunks = list(labs.text_to_speech.stream_with_timestamps(voice_id=GEORGE, text=TEXT, output_format="pcm_16000"))
    streamed = b"".join(b64decode(chunk.audio_base_64) for chunk in chunks)
    assert len(streamed) == len(b64decode(answer.audio_base_64))


def test_voices_models_and_the_account(labs):
    assert "en_US-heart" in {voice.voice_id for voice in labs.voices.get_all().voices}
    assert labs.voices.get(voice_id=GEORGE).labels["language"] == "en"
    assert [model.model_id for model in labs.models.list()] == ["herald"]
    assert labs.user.subscription.get().character_limit > 0
    assert labs.user.get().user_id


def test_errors(labs):
    with pytest.raises(ApiError) as raised:
        b"".join(labs.text_to_speech.convert(voice_id="nobody", text=TEXT))
    assert (raised.value.status_code, raised.value.body["detail"]["status"]) == (404, "voice_not_found")


def test_a_custom_voice(stack, labs, door):
    with httpx.Client(base_url=stack.api_url, trust_env=False, timeout=60) as http:
        key = {"Authorization": f"Bearer {stack.api_key}"}
        http.get("v1/audio/voice_consents/sentence", params={"language": "en"}, headers=key).raise_for_status()
        maker = ElevenLabs(base_url=stack.api_url.rstrip("/"), api_key=stack.api_key, httpx_client=http)
        with pytest.raises(ApiError) as raised:
            maker.voices.ivc.create(name="Ann", files=[("sample.wav", recording())])
        assert (raised.value.status_code, raised.value.body["detail"]["status"]) == (400, "consent_required")
        files = [("consent.wav", recording()), ("sample.wav", recording())]
        made = maker.voices.ivc.create(name="Ann", files=files).voice_id
        assert labs.voices.get(voice_id=made).name == "Ann"
        assert made in {voice.voice_id for voice in labs.voices.get_all().voices}
        assert maker.voices.delete(voice_id=made).status == "ok"
    with pytest.raises(ApiError) as raised:
        labs.voices.get(voice_id=made)
    assert raised.value.status_code == 404
    if door != stack.api_url.rstrip("/"):
        with pytest.raises(ApiError, match="ApiUrl"):
            labs.voices.ivc.create(name="Ann", files=files)


def recording():
    """Return a file that was never sent before, too short for a voice."""
    return b"RIFF\x24\x00\x00\x00WAVE" + os.urandom(64)
