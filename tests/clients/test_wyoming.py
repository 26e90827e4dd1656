"""Home Assistant by way of wyoming-openai, with each kind of server that it supports, and both APIs."""

import socket
import subprocess
import time
from contextlib import contextmanager, suppress

import pytest

from local.process import free_port
from tests.clients.conftest import BARE, PYTHON, TEXT, need_python_client

SECONDS = 120
"""Patience with the start of the server on a busy machine."""


@contextmanager
def serving(log, base_url, key, *options):
    """Run the server, which writes to a log; yield its address."""
    port = free_port()
    command = [PYTHON, "-m", "wyoming_openai", "--uri", f"tcp://127.0.0.1:{port}", "--tts-openai-url", base_url]
    command += ["--tts-openai-key", key, "--tts-models", "tts-1", *options]
    with log.open("w") as output, subprocess.Popen(command, env=BARE, stdout=output, stderr=output) as server:
        try:
            _wait(server, port, log)
            yield f"tcp://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(server, port, log):
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            pytest.fail(f"wyoming-openai has ended:\n{log.read_text()[-3000:]}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    pytest.fail(f"wyoming-openai does not listen:\n{log.read_text()[-3000:]}")


@pytest.fixture
def speak(door, stack, python_client, tmp_path):
    """Start the server with options, ask it for its voices, and speak with one."""
    need_python_client("wyoming_openai")

    def speak(*options, voice=None):
        with serving(tmp_path / "server.log", f"{door}/v1", stack.api_key, *options) as uri:
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
