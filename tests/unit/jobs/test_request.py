"""Strict parsing of realtime requests. tests/hostile has the long list of invalid ones."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herald.errors import BodyTooLarge, InvalidInput, InvalidRequest, TextTooLong, UnsupportedMediaType
from herald.jobs.body import max_body_bytes
from herald.jobs.job_request import SpeechRequest, parse_speech_request

JSON = {"content-type": "application/json"}


def parse(body, headers=JSON, limit=100):
    return parse_speech_request(
        body if isinstance(body, bytes) else json.dumps(body).encode(), headers, max_characters=limit
    )


def test_request_of_an_openai_client():
    request = parse(
        {
            "model": "tts-1",
            "input": "Hi.",
            "voice": "nova",
            "response_format": "wav",
            "speed": 2,
            "instructions": "Softly.",
        }
    )
    assert request == SpeechRequest(
        model="tts-1", input="Hi.", voice="nova", response_format="wav", speed=2.0, instructions="Softly."
    )


def test_defaults():
    request = parse({"input": "Hi."})
    assert (request.response_format, request.speed, request.sample_rate) == ("mp3", 1.0, None)


@pytest.mark.parametrize(
    "value",
    ["application/json; charset=utf-8", 'APPLICATION/JSON;charset="UTF-8"', "application/json;charset=utf-8;profile=x"],
)
def test_json_content_types(value):
    assert parse({"input": "Hi."}, {"content-type": value, "content-encoding": "identity"})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=utf-16"},
        JSON | {"content-encoding": "gzip"},
    ],
)
def test_other_content_types_are_rejected(headers):
    with pytest.raises(UnsupportedMediaType):
        parse({"input": "Hi."}, headers)


def test_limit_counts_code_points():
    assert parse({"input": "😀" * 100})
    with pytest.raises(TextTooLong, match="101 characters, which exceeds the limit of 100"):
        parse({"input": "a" * 101})


def test_largest_body_holds_the_longest_text():
    body = json.dumps({"input": "😀" * 100}).encode()  # each as two escapes of six bytes
    assert len(body) <= max_body_bytes(100)
    with pytest.raises(BodyTooLarge):
        parse(b" " * (max_body_bytes(100) + 1))


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "missing_field", "input"),
        ({"input": "a", "tenant": "b"}, "unknown_field", None),
        ({"input": 5}, "invalid_request", "input"),
        ({"input": "a", "speed": "1"}, "invalid_request", "speed"),
        ({"input": "a", "pause": 1}, "invalid_request", "pause"),
        ({"input": "a", "pause": {"tail": -1}}, "invalid_request", "pause.tail"),
        ({"input": "a", "pause": {"tail": 10_001}}, "invalid_request", "pause.tail"),
        ({"input": "a", "pause": {"tail": True}}, "invalid_request", "pause.tail"),
        ({"input": "a", "pause": {"middle": 1}}, "unknown_field", "pause"),
        ({"input": "a", "speed": True}, "invalid_request", "speed"),
        ({"input": "a", "sample_rate": 8000.5}, "invalid_request", "sample_rate"),
        ({"input": "a", "stream_format": "video"}, "invalid_request", "stream_format"),
        (b'{"input": "a", "input": "b"}', "invalid_json", None),
        (b'{"input": "a", "speed": NaN}', "invalid_json", None),
        (b'{"input": "a"} x', "invalid_json", None),
        (b"[1]", "invalid_json", None),
        (b"[" * 4_000, "invalid_json", None),
        (b"\xff\xfe", "invalid_json", None),
    ],
)
def test_errors_have_a_code_and_a_param(body, code, param):
    with pytest.raises(InvalidRequest) as refused:
        parse(body)
    assert (refused.value.code, refused.value.param) == (code, param)


@given(
    st.dictionaries(
        st.sampled_from([*SpeechRequest.model_fields, "x"]), st.one_of(st.none(), st.text(), st.integers(), st.floats())
    )
)
def test_any_object_is_parsed_or_rejected(value):
    try:
        parse(value)
    except InvalidInput as error:
        assert error.code
