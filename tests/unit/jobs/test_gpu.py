"""The protocol of the GPU container: round trips, and rejection of truncated or malformed responses."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import ValidationError

from herald.errors import InvalidRequest, MalformedResponse
from herald.jobs.gpu_script import GpuLine, GpuRequest, GpuResponse, parse_gpu_request

AUDIO = b"ID3\n{}\n\x00\xff audio"
ANSWER = GpuResponse(
    job="job-1",
    seconds=1.5,
    sample_rate=24_000,
    format="mp3",
    engine="kokoro",
    synthesis_seconds=0.4,
    voice_checksums={"kokoro": "ab" * 32},
    size=len(AUDIO),
    audio=AUDIO,
)
PACKED = ANSWER.pack()


def test_round_trip():
    assert GpuResponse.unpack(PACKED) == ANSWER
    header, _, audio = PACKED.partition(b"\n")
    assert audio == AUDIO
    assert json.loads(header)["version"] == 1
    assert "audio" not in json.loads(header)


def test_a_newer_container_may_state_more():
    """During a deployment, its responses reach the functions of the version before."""
    assert GpuResponse.unpack(altered(loudness=-16.0, audio="x")) == ANSWER


@given(length=some.integers(0, len(PACKED) - 1))
def test_truncated_response_is_rejected(length):
    with pytest.raises(MalformedResponse) as broken:
        GpuResponse.unpack(PACKED[:length])
    assert broken.value.code == "broken_answer"


@given(some.binary(max_size=200))
def test_arbitrary_bytes_are_rejected(data):
    with pytest.raises(MalformedResponse):
        GpuResponse.unpack(data)


def altered(**changes):
    header = json.loads(PACKED.partition(b"\n")[0]) | changes
    return json.dumps(header).encode() + b"\n" + AUDIO


@pytest.mark.parametrize(
    "data",
    [
        PACKED + b"x",
        altered(version=2),
        altered(size=0),
        altered(seconds=0),
        altered(seconds=-1),
        altered(sample_rate=0),
        altered(size=len(AUDIO) - 1),
        b'{"error": {"message": "m", "type": "server_error", "param": null, "code": "internal_error"}}',
        b" " * 100_000 + PACKED,
    ],
)
def test_malformed_response_is_rejected(data):
    with pytest.raises(MalformedResponse):
        GpuResponse.unpack(data)


def test_response_without_audio_is_invalid():
    with pytest.raises(ValidationError):
        ANSWER.model_copy(update={"size": 0}).model_validate({**ANSWER.model_dump(), "size": 0, "audio": b""})


def body(**changes):
    line = {"text": "Hello.", "voice": "kokoro:jf_alpha", "language": "en-US"}
    return {"version": 1, "job": "job-1", "lines": [line], "response_format": "mp3"} | changes


def test_request_is_parsed():
    request = parse_gpu_request(json.dumps(body(speed=1, sample_rate=8000)).encode())
    assert request == GpuRequest(
        job="job-1",
        lines=(GpuLine(text="Hello.", voice="kokoro:jf_alpha", language="en-US"),),
        sample_rate=8000,
    )
    assert parse_gpu_request(request.model_dump_json().encode()) == request


LINE = {"text": "Hello.", "voice": "kokoro"}


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"version": 2}, "invalid_request", "version"),
        ({"job": ""}, "invalid_request", "job"),
        ({"job": "a/../b"}, "invalid_request", "job"),
        ({"job": None}, "invalid_request", "job"),
        ({"lines": []}, "invalid_request", "lines"),
        ({"lines": {}}, "invalid_request", "lines"),
        ({"lines": [{"text": "x"}]}, "missing_field", "lines.0.voice"),
        ({"lines": [LINE, LINE | {"text": 1}]}, "invalid_request", "lines.1.text"),
        ({"lines": [LINE | {"voice": ""}]}, "invalid_request", "lines.0.voice"),
        ({"lines": [LINE | {"voice": "v" * 257}]}, "invalid_request", "lines.0.voice"),
        ({"lines": [LINE | {"language": "english please"}]}, "invalid_request", "lines.0.language"),
        ({"lines": [LINE | {"pitch": 1}]}, "unknown_field", None),
        ({"speed": 0}, "invalid_request", "speed"),
        ({"speed": 1e9}, "invalid_request", "speed"),
        ({"speed": "1"}, "invalid_request", "speed"),
        ({"sample_rate": 8000.5}, "invalid_request", "sample_rate"),
        ({"tenant": "me"}, "unknown_field", None),
    ],
)
def test_invalid_request_is_rejected(changes, code, param):
    with pytest.raises(InvalidRequest) as refused:
        parse_gpu_request(json.dumps(body(**changes)).encode())
    assert refused.value.code == code
    assert param is None or refused.value.param == param


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"\xff", b'{"a": NaN}', b'{"a":1,"a":2}', b"[" * 100_000, b"\xef\xbb\xbf{}"]
)
def test_non_json_object_is_rejected(data):
    with pytest.raises(InvalidRequest) as refused:
        parse_gpu_request(data)
    assert refused.value.code == "invalid_json"
