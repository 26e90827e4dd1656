"""Home Assistant by way of wyoming-openai, with each kind of server that it supports, and both APIs."""

import socket
import subprocess
import time
from contextlib import contextmanager, suppress

import pytest

from local.process import free_port
from tests.clients.conftest import BARE, PYTHON, TEXT, need_python_client


@contextmanager
def serving(base_url, key, *options):
    """Run the server; yield its address."""
    port = free_port()
    command = [PYTHON, "-m", "wyoming_openai", "--uri", f"tcp://127.0.0.1:{port}", "--tts-openai-url", base_url]
    command += ["--tts-openai-key", key, "--tts-models", "tts-1", *options]
    server = subprocess.Popen(command, env=BARE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        _wait(server, port)
        yield f"tcp://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.communicate(timeout=20)


def _wait(server, port):
    for _ in range(300):
        if server.poll() is not None:
            pytest.fail(f"wyoming-openai has ended:\n{server.stdout.read()}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail("wyoming-openai does not listen")


@pytest.fixture
def speak(door, stack, python_client):
    """Start the server with options, ask it for its voices, and speak with one."""
    need_python_client("wyoming_openai")

    def speak(*options, voice=None):
        with serving(f"{door}/v1", stack.api_key, *options) as uri:
            return python_client("wyoming_speech.py", {"uri": uri, "text": TEXT, "voice": voice})

    return speak


@pytest.mark.parametrize("backend", ["OPENAI", "KOKORO_FASTAPI", "SPEACHES"])
def test_speech(speak, backend):
    spoken = speak("--tts-backend", backend)
    assert "alloy" in spoken["voices"]
    assert 1.5 < spoken["seconds"] < 5
    if backend != "OPENAI":  # for OpenAI, the server has a list of its own
        assert "en_US-heart" in spoken["voices"]


def test_the_server_finds_out_the_kind_of_api_and_speaks(speak):
    assert 1.5 < speak(voice="nova")["seconds"] < 5


def test_a_list_of_voices_in_the_settings(speak):
    spoken = speak("--tts-voices", "en_US-heart-low", "--tts-speed", "1.5")
    assert spoken["voices"] == ["en_US-heart-low"]
    assert 1 < spoken["seconds"] < 3.5
