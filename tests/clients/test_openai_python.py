"""OpenAI's Python package with both APIs: create, with_streaming_response, AsyncOpenAI, and its errors."""

import asyncio

import openai
import pytest

from tests.clients.conftest import TEXT
from tests.support.decoding import decode

PCM_RATE = 24_000


@pytest.fixture
def sdk(door, stack):
    http_client = openai.DefaultHttpxClient(trust_env=False)
    with openai.OpenAI(base_url=f"{door}/v1", api_key=stack.api_key, http_client=http_client, max_retries=0) as client:
        yield client


def asked(**fields):
    return {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": TEXT} | fields


def seconds_of(content, response_format):
    samples, rate = decode(content, response_format, PCM_RATE)
    assert abs(samples).max() > 0.1
    return len(samples) / rate


@pytest.mark.parametrize("response_format", ["mp3", "opus", "wav", "pcm"])  # for flac, see e2e/test_stream_formats.py
def test_create(sdk, response_format):
    answer = sdk.audio.speech.create(**asked(response_format=response_format))
    assert 1.5 < seconds_of(answer.content, response_format) < 5


@pytest.mark.parametrize("response_format", ["mp3", "pcm"])
def test_streaming_response(sdk, response_format):
    with sdk.audio.speech.with_streaming_response.create(**asked(response_format=response_format)) as answer:
        assert answer.headers["x-request-id"]
        streamed = b"".join(answer.iter_bytes())
    whole = sdk.audio.speech.create(**asked(response_format=response_format)).content
    assert seconds_of(streamed, response_format) == pytest.approx(seconds_of(whole, response_format), abs=0.3)


def test_asynchronous_client(door, stack):
    async def speak():
        http_client = openai.DefaultAsyncHttpxClient(trust_env=False)
        async with openai.AsyncOpenAI(
            base_url=f"{door}/v1", api_key=stack.api_key, http_client=http_client, max_retries=0
        ) as client:
            whole = client.audio.speech.create(**asked(response_format="pcm"))
            return await asyncio.gather(whole, _streamed(client))

    whole, streamed = asyncio.run(speak())
    assert len(whole.content) == pytest.approx(len(streamed), rel=0.2)


async def _streamed(client):
    fields = asked(response_format="pcm")
    async with client.audio.speech.with_streaming_response.create(**fields) as answer:
        return b"".join([piece async for piece in answer.iter_bytes()])


@pytest.mark.parametrize(
    ("fields", "kind", "code"),
    [
        ({"voice": "nobody"}, openai.BadRequestError, "unknown_voice"),
        ({"response_format": "aac"}, openai.BadRequestError, "unsupported_format"),
        ({"input": "?!"}, openai.BadRequestError, "nothing_to_speak"),
        ({"input": "a " * 60_000}, openai.APIStatusError, "text_too_long"),
    ],
)
def test_errors_have_the_package_types(sdk, fields, kind, code):
    with pytest.raises(kind) as caught:
        sdk.audio.speech.create(**asked(**fields))
    assert caught.value.code == code
    assert caught.value.request_id
