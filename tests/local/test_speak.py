"""Validation of synthesized audio, and the printed curl command."""

import array
import io
import json
import shlex
import wave
from pathlib import Path

import pytest

from local.http import Api
from local.progress import Failure
from local.speak import audio_seconds, curl


def wav(samples, rate=22050):
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array.array("h", samples).tobytes())
    return buffer.getvalue()


def test_the_duration_is_that_of_the_samples():
    assert audio_seconds(wav([0, 9000] * 11025)) == 1.0


def test_silence_is_rejected():
    with pytest.raises(Failure, match="silent WAV file"):
        audio_seconds(wav([3] * 22050))


def test_a_header_without_samples_is_rejected():
    with pytest.raises(Failure, match="silent WAV file"):
        audio_seconds(wav([]))


@pytest.mark.parametrize("content", [b"", b'{"error": {}}', wav([1])[:20]])
def test_other_content_is_rejected(content):
    with pytest.raises(Failure, match="not a WAV file"):
        audio_seconds(content)


def test_the_curl_command_is_quoted_for_a_shell():
    text = """It's $5 "now" \\ `then`\nand ü"""
    api = Api("http://127.0.0.1:4566/_aws/execute-api/abc", "hk_id_secret")
    words = shlex.split(curl(api, text, Path("hello.mp3")))
    assert words[:3] == ["curl", "-sS", "http://127.0.0.1:4566/_aws/execute-api/abc/v1/audio/speech"]
    assert "Authorization: Bearer hk_id_secret" in words
    assert json.loads(words[words.index("-d") + 1])["input"] == text
    assert words[-2:] == ["-o", "hello.mp3"]
