"""OpenAI's JavaScript package on Node.js, with both APIs."""

import json
import shutil
import subprocess
from base64 import b64decode
from pathlib import Path

import pytest

from local import ROOT
from tests.clients.conftest import TEXT
from tests.support.decoding import decode
from tests.support.programs import need_node_package

FOLDER = ROOT / ".tools" / "node"
SCRIPT = Path(__file__).with_name("speak.mjs")


@pytest.fixture
def speak(door, stack):
    """Request speech with the package; return its response or error."""
    need_node_package(FOLDER, "openai")

    def speak(*, stream=False, **fields):
        request = {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": TEXT} | fields
        asked = {"folder": str(FOLDER), "baseURL": f"{door}/v1", "apiKey": stack.api_key}
        done = subprocess.run(
            ["node", str(SCRIPT)],
            input=json.dumps(asked | {"request": request, "stream": stream}),
            env={"PATH": "/usr/bin:/bin", "NO_PROXY": "127.0.0.1"},
            executable=shutil.which("node"),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return json.loads(done.stdout)

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
