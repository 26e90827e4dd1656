"""Speak one sentence through the API, as any client would."""

import array
import io
import json
import shlex
import time
import urllib.error
import urllib.request
import wave
from dataclasses import dataclass
from pathlib import Path

from local.process import opener
from local.progress import Failure

PATH = "/v1/audio/speech"
# Of 32,767: even a whispered word is louder.
LOUD = 500


@dataclass(frozen=True)
class Spoken:
    """A sentence as audio, and what it took."""

    content: bytes
    audio_seconds: float
    wall_seconds: float


def request_body(text: str, response_format: str) -> str:
    """Return the body of a request in OpenAI's shape."""
    return json.dumps({"model": "tts-1", "voice": "alloy", "input": text, "response_format": response_format})


def speak(api_url: str, text: str) -> Spoken:
    """Ask for a sentence and check that the answer is a WAV file with sound in it."""
    request = urllib.request.Request(  # noqa: S310
        api_url + PATH, request_body(text, "wav").encode(), {"Content-Type": "application/json"}
    )
    begin = time.perf_counter()
    try:
        with opener.open(request, timeout=60) as answer:
            content: bytes = answer.read()
    except urllib.error.HTTPError as error:
        raise Failure(f"{api_url}{PATH} answered {error.code}: {error.read().decode(errors='replace')}") from error
    except OSError as error:
        raise Failure(f"{api_url}{PATH} does not answer: {error}") from error
    return Spoken(content, audio_seconds(content), time.perf_counter() - begin)


def audio_seconds(content: bytes) -> float:
    """Return how long a 16-bit WAV file sounds, or fail if it is none or silent."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            frames = file.readframes(file.getnframes())
            frame_bytes, rate = file.getnchannels() * file.getsampwidth(), file.getframerate()
    except (wave.Error, EOFError) as error:
        raise Failure(f"The answer is no WAV file ({error}): {content[:200]!r}") from error
    if max(map(abs, array.array("h", frames)), default=0) < LOUD:
        raise Failure("The answer is a WAV file without sound.")
    seconds: float = len(frames) / frame_bytes / rate
    return seconds


def curl(api_url: str, text: str, output: Path) -> str:
    """Return a command line that asks for the same sentence as an MP3 file."""
    body = shlex.quote(request_body(text, "mp3"))
    return f"curl -sS {api_url}{PATH} -H 'Content-Type: application/json' -d {body} -o {output}"
