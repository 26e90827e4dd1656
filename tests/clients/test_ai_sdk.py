"""Vercel's AI SDK on Node.js (ai and @ai-sdk/openai), with both APIs."""

import json
import shutil
import subprocess
from base64 import b64decode
from pathlib import Path

import pytest

from local import ROOT
from tests.clients.conftest import BARE, TEXT, need_a_run_of_clients
from tests.support.decoding import decode
from tests.support.programs import need_node_package

FOLDER = ROOT / ".tools" / "node"


@pytest.fixture
def speak(door, stack):
    """Request speech with the SDK; return its result or error."""
    need_a_run_of_clients()
    need_node_package(FOLDER, "ai")
    need_node_package(FOLDER, "@ai-sdk/openai")

    def speak(**fields):
        asked = {"folder": str(FOLDER), "baseURL": f"{door}/v1", "apiKey": stack.api_key}
        done = subprocess.run(
            ["node", str(Path(__file__).with_name("ai_speak.mjs"))],
            input=json.dumps(asked | {"request": {"model": "gpt-4o-mini-tts", "text": TEXT} | fields}),
            env=BARE,
            executable=shutil.which("node"),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return json.loads(done.stdout)

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
