"""OpenAI's Python client with the streaming API."""

import asyncio
import base64
from typing import Literal

import openai
import pytest
from openai import BaseModel

from tests.support.decoding import decode
from tests.support.stream_reader import ask, pcm_seconds

WAV_HEADER_BYTES = 44 + 60
"""With the comment that the speech is synthetic."""


@pytest.fixture(scope="module")
def sdk(stack):
    http_client = openai.DefaultHttpxClient(trust_env=False)
    url = f"{stack.stream_url}/v1"
    with openai.OpenAI(base_url=url, api_key=stack.api_key, http_client=http_client, max_retries=0) as client:
        yield client


def test_the_start_arrives_first(sdk, seconds):
    with sdk.audio.speech.with_streaming_response.create(**ask(response_format="pcm")) as answer:
        assert answer.headers["X-Herald-Voice"] == "en_US-heart"
        parts = list(answer.iter_bytes())
    assert len(parts) > 1
    assert pcm_seconds(b"".join(parts)) == seconds


def test_a_file_is_written(sdk, seconds, tmp_path):
    path = tmp_path / "speech.wav"
    with sdk.audio.speech.with_streaming_response.create(**ask(response_format="wav")) as answer:
        answer.stream_to_file(path)
    samples, rate = decode(path.read_bytes(), "wav", None)
    assert len(samples) / rate == pytest.approx(seconds, abs=0.001)


def test_a_complete_stream_is_read(sdk, seconds):
    assert pcm_seconds(sdk.audio.speech.create(**ask(response_format="pcm")).content) == seconds


def test_the_asynchronous_client_streams(stack, seconds):
    async def speak():
        http_client = openai.DefaultAsyncHttpxClient(trust_env=False)
        url = f"{stack.stream_url}/v1"
        async with (
            openai.AsyncOpenAI(base_url=url, api_key=stack.api_key, http_client=http_client) as sdk,
            sdk.audio.speech.with_streaming_response.create(**ask(response_format="pcm")) as answer,
        ):
            return b"".join([part async for part in answer.iter_bytes()])

    assert pcm_seconds(asyncio.run(speak())) == seconds


class SpeechEvent(BaseModel):
    """OpenAI's two events, for which the client has no types yet, and Herald's own."""

    type: Literal["speech.audio.delta", "speech.audio.done", "herald.speech.marks"]
    audio: str | None = None
    usage: dict[str, int] | None = None
    marks: list[dict[str, str | float]] | None = None


def test_events_are_parsed(sdk):
    body = ask("Hello Anna. Please come early.", stream_format="sse", marks=True, response_format="wav")
    stream = sdk.post(
        "/audio/speech", body=body, cast_to=SpeechEvent, stream=True, stream_cls=openai.Stream[SpeechEvent]
    )
    *events, done = list(stream)
    audio, said = b"", []
    for event in events:
        heard = (len(audio) - WAV_HEADER_BYTES) / 2 / 24_000
        assert all(mark["start"] >= heard for mark in event.marks or []), (
            "marks come before the audio of their sentence"
        )
        said.append([mark["word"] for mark in event.marks or []])
        audio += base64.b64decode(event.audio or "")
    assert [words for words in said if words] == [["Hello", "Anna"], ["Please", "come", "early"]]
    samples, rate = decode(audio, "wav", None)
    assert len(samples) / rate > 1.5
    assert done.type == "speech.audio.done"
    assert done.usage == {"input_tokens": 30, "output_tokens": 0, "total_tokens": 30}


def test_errors_are_raised(sdk):
    with pytest.raises(openai.BadRequestError) as caught:
        sdk.audio.speech.create(**ask(voice="nobody"))
    assert (caught.value.code, caught.value.param) == ("unknown_voice", "voice")
    with pytest.raises(openai.AuthenticationError) as refused:
        sdk.with_options(api_key="none").audio.speech.create(**ask())
    assert refused.value.code == "invalid_key"
