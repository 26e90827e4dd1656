"""Synthesize a sentence through the API."""

import array
import io
import json
import shlex
import time
import wave
from dataclasses import dataclass
from pathlib import Path

from local.http import Api, Json
from local.progress import Failure

PATH = "/v1/audio/speech"
# Minimum peak of speech, of 32,767; even whispering is louder.
LOUD = 500


@dataclass(frozen=True)
class Spoken:
    """Synthesized audio, and the durations of the audio and of the request."""

    content: bytes
    audio_seconds: float
    wall_seconds: float


def request_body(text: str, response_format: str) -> Json:
    """Return a request body in OpenAI's format."""
    return {"model": "tts-1", "voice": "alloy", "input": text, "response_format": response_format}


def speak(api: Api, text: str) -> Spoken:
    """Synthesize a sentence; raise Failure unless the response is a WAV file with audible audio."""
    begin = time.perf_counter()
    content = api.ask(PATH, request_body(text, "wav"))
    return Spoken(content, audio_seconds(content), time.perf_counter() - begin)


def audio_seconds(content: bytes) -> float:
    """Return the duration of a 16-bit WAV file; raise Failure if it is invalid or silent."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            frames = file.readframes(file.getnframes())
            frame_bytes, rate = file.getnchannels() * file.getsampwidth(), file.getframerate()
    except (wave.Error, EOFError) as error:
        raise Failure(f"The response is not a WAV file ({error}): {content[:200]!r}") from error
    if max(map(abs, array.array("h", frames)), default=0) < LOUD:
        raise Failure("The response is a silent WAV file.")
    seconds: float = len(frames) / frame_bytes / rate
    return seconds


def curl(api: Api, text: str, output: Path) -> str:
    """Return a curl command line for the same sentence as an MP3 file."""
    body = shlex.quote(json.dumps(request_body(text, "mp3")))
    headers = f'-H "Authorization: Bearer {api.key}" -H "Content-Type: application/json"'
    return f"curl -sS {api.url}{PATH} {headers} -d {body} -o {output}"
