"""Vercel's AI SDK on Node.js (ai and @ai-sdk/openai), with both APIs."""

from base64 import b64decode

import pytest

from tests.clients.conftest import TEXT, need_a_run_of_clients
from tests.clients.node_client import run_node
from tests.support.decoding import decode


@pytest.fixture
def speak(door, stack):
    """Request speech with the SDK; return its result or error."""
    need_a_run_of_clients()

    def speak(**fields):
        request = {"model": "gpt-4o-mini-tts", "text": TEXT} | fields
        asked = {"baseURL": f"{door}/v1", "apiKey": stack.api_key, "request": request}
        return run_node("ai_speak.mjs", ("ai", "@ai-sdk/openai"), asked)

    return speak


# A streamed flac has no length, which the decoder of the tests refuses.
@pytest.mark.parametrize("output", ["mp3", "wav", "opus", "pcm"])
def test_speech(speak, output):
    made = speak(voice="nova", outputFormat=output, speed=1.2, instructions="Speak calmly.")
    assert "error" not in made
    samples, rate = decode(b64decode(made["audio"]), output, 24_000)
    assert 1.2 < len(samples) / rate < 4.5


def test_speech_with_the_defaults_of_the_sdk(speak):
    made = speak()
    samples, rate = decode(b64decode(made["audio"]), "mp3", 24_000)
    assert 1.5 < len(samples) / rate < 5
    assert made["mediaType"] == "audio/mpeg"


def test_an_error_has_its_status_and_its_message(speak):
    error = speak(voice="nobody")["error"]
    assert error["statusCode"] == 400
    assert "Available voices" in error["message"]
