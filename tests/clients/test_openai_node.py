"""OpenAI's JavaScript package on Node.js, with both APIs."""

from base64 import b64decode

import pytest

from tests.clients.conftest import TEXT
from tests.clients.node_client import run_node
from tests.support.decoding import decode


@pytest.fixture
def speak(door, stack):
    """Request speech with the package; return its response or error."""

    def speak(*, stream=False, **fields):
        request = {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": TEXT} | fields
        asked = {"baseURL": f"{door}/v1", "apiKey": stack.api_key, "request": request, "stream": stream}
        return run_node("speak.mjs", ("openai",), asked)

    return speak


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("response_format", ["mp3", "opus", "wav", "pcm"])
def test_speech(speak, response_format, stream):
    answer = speak(response_format=response_format, stream=stream)
    assert answer["status"] == 200
    assert answer["headers"]["x-request-id"]
    samples, rate = decode(b64decode(answer["audio"]), response_format, 24_000)
    assert 1.5 < len(samples) / rate < 5


def test_errors_have_the_package_types(speak):
    error = speak(voice="nobody")["error"]
    assert (error["status"], error["code"], error["param"]) == (400, "unknown_voice", "voice")
    assert error["requestID"]
    assert "Available voices" in error["message"]
