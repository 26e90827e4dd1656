"""OpenAI's Python client with the deployed stack: its features work or raise its own errors."""

import asyncio

import openai
import pytest

from herald.jobs.voice_names import OPENAI_VOICES
from tests.support.decoding import decode

TEXT = "Your appointment is confirmed for Monday morning."
PCM_RATE = 24_000  # platform.openai.com/docs/guides/text-to-speech: "24kHz (16-bit signed, low-endian)"


def create(sdk, **fields):
    return sdk.audio.speech.create(**{"model": "gpt-4o-mini-tts", "voice": "alloy", "input": TEXT} | fields)


def stated_seconds(answer):
    return float(answer.response.headers["X-Herald-Audio-Seconds"])


@pytest.mark.parametrize("response_format", ["mp3", "opus", "flac", "wav", "pcm"])
def test_formats_decode(sdk, response_format):
    answer = create(sdk, response_format=response_format)
    samples, rate = decode(answer.content, response_format, PCM_RATE)
    assert len(samples) / rate == pytest.approx(stated_seconds(answer), abs=0.1)
    assert 1.5 < stated_seconds(answer) < 5
    assert abs(samples).max() > 0.1


def test_mp3_is_the_default(sdk):
    assert create(sdk).content == create(sdk, response_format="mp3").content


def test_aac_is_rejected(sdk):
    with pytest.raises(openai.BadRequestError) as caught:
        create(sdk, response_format="aac")
    assert caught.value.code == "unsupported_format"
    assert caught.value.param == "response_format"
    assert caught.value.type == "invalid_request_error"
    assert "mp3" in caught.value.message


MEN = {"ash", "ballad", "cedar", "echo", "fable", "onyx", "verse"}


@pytest.mark.parametrize("voice", OPENAI_VOICES)
def test_voices(sdk, voice):
    answer = create(sdk, voice=voice, input="Hello.")
    expected = "en_US-heart-low" if voice in MEN else "en_US-heart"
    assert answer.response.headers["X-Herald-Voice"] == expected
    assert len(answer.content) > 1_000


def test_thirteen_voices():
    assert len(OPENAI_VOICES) == 13


@pytest.mark.parametrize("model", ["tts-1", "tts-1-hd", "gpt-4o-mini-tts", "herald"])
def test_models_are_accepted(sdk, model):
    assert create(sdk, model=model, input="Hello.").content


def test_instructions_are_accepted(sdk):
    assert create(sdk, input="Hello.", instructions="Cheerfully.").content == create(sdk, input="Hello.").content


def test_unknown_voice(sdk):
    with pytest.raises(openai.BadRequestError) as caught:
        create(sdk, voice="nobody")
    assert caught.value.code == "unknown_voice"


@pytest.mark.parametrize(
    ("characters", "status", "code"), [(4_098, 400, "not_realtime"), (100_002, 413, "text_too_long")]
)
def test_text_too_long(sdk, characters, status, code):
    with pytest.raises(openai.APIStatusError) as caught:
        create(sdk, input="a " * (characters // 2))
    assert (caught.value.status_code, caught.value.code) == (status, code)


def test_unknown_path(sdk):
    with pytest.raises(openai.NotFoundError) as caught:
        sdk.files.list()
    assert caught.value.code == "not_found"


def test_speed(sdk):
    slow, normal, fast = (stated_seconds(create(sdk, speed=speed)) for speed in (0.5, 1, 2.0))
    assert slow > 1.5 * normal > 2 * fast


def test_additional_fields(sdk):
    answer = create(sdk, response_format="wav", extra_body={"sample_rate": 8_000})
    assert decode(answer.content, "wav", None)[1] == 8_000


def test_streams_to_a_file(sdk, tmp_path):
    path = tmp_path / "speech.wav"
    fields = {"model": "tts-1", "voice": "nova", "input": TEXT, "response_format": "wav"}
    with sdk.audio.speech.with_streaming_response.create(**fields) as answer:
        answer.stream_to_file(path)
        stated = float(answer.headers["X-Herald-Audio-Seconds"])
    samples, rate = decode(path.read_bytes(), "wav", None)
    assert len(samples) / rate == pytest.approx(stated, abs=0.001)


def test_writes_to_a_file(sdk, tmp_path):
    path = tmp_path / "speech.mp3"
    answer = create(sdk)
    answer.write_to_file(path)
    assert path.read_bytes() == answer.content


def test_asynchronous_client(stack):
    async def speak_twice():
        http_client = openai.DefaultAsyncHttpxClient(trust_env=False)
        url = f"{stack.api_url}/v1"
        async with openai.AsyncOpenAI(
            base_url=url, api_key=stack.api_key, http_client=http_client, max_retries=0
        ) as sdk:
            return await asyncio.gather(*(create(sdk, input=text) for text in ("Hello.", "Goodbye then.")))

    first, second = asyncio.run(speak_twice())
    assert stated_seconds(first) < stated_seconds(second)
