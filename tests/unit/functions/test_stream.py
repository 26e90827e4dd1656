"""The streaming app: the same responses as the speech function, sent while they are synthesized."""

import base64
import io
import json
import os
import random

import pytest
import soundfile

from herald.runtime.settings import Settings
from herald.web.stream_app import AFTER_RESTORE, SpeechStream
from tests.support.asgi_client import PATH
from tests.support.http_events import as_json
from tests.unit.functions.conftest import MARKER, logged

TEXT = "Guten Tag. Wie geht es Ihnen?"


def test_text_returns_audio_in_parts(stream):
    answer = stream.speak(TEXT, response_format="wav")
    assert answer.status == 200
    assert len(answer.parts) > 2
    samples, rate = soundfile.read(io.BytesIO(answer.body))
    assert len(samples) / rate > 0.5
    assert answer.whole
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["x-herald-voice"] == "de_DE-tiny-low"
    assert answer.headers["x-herald-characters"] == str(len(TEXT))
    assert answer.headers["x-herald-sample-rate"] == str(rate)
    assert not {"content-length", "x-herald-audio-seconds"} & set(answer.headers)
    assert answer.headers["cache-control"] == "no-store"


def test_streamed_audio_is_as_long_as_buffered_audio(stream, speak):
    streamed = stream.speak(TEXT, response_format="pcm", voice="reception").body
    buffered = base64.b64decode(speak(input=TEXT, response_format="pcm", voice="reception")["body"])
    assert len(streamed) == len(buffered) > 10_000


def test_events_carry_the_same_audio(stream):
    *deltas, done = stream.speak(TEXT, stream_format="sse", response_format="wav").events
    assert {event["type"] for event in deltas} == {"speech.audio.delta"}
    audio = b"".join(base64.b64decode(event["audio"]) for event in deltas)
    assert audio == stream.speak(TEXT, response_format="wav").body
    length = len(TEXT)
    usage = {"input_tokens": length, "output_tokens": 0, "total_tokens": length}
    assert done == {"type": "speech.audio.done", "usage": usage}


def test_media_type_of_events(stream):
    assert stream.speak(stream_format="sse").headers["content-type"] == "text/event-stream"


def test_a_stream_of_samples_without_a_lead_in_begins_with_its_marks(stream):
    answer = stream.speak(TEXT, stream_format="sse", marks=True, response_format="pcm", pause={"lead_in": 0})
    assert answer.events[0]["type"] == "herald.speech.marks"
    assert answer.events[-1]["type"] == "speech.audio.done"


def test_marks_precede_their_audio(stream):
    events = stream.speak(TEXT, stream_format="sse", marks=True).events
    kinds = [event["type"] for event in events]
    assert kinds[:3] == ["speech.audio.delta", "herald.speech.marks", "speech.audio.delta"]  # the lead-in comes first
    assert kinds.count("herald.speech.marks") == 2  # one per sentence
    marks = [mark for event in events for mark in event.get("marks", ())]
    assert [mark["word"] for mark in marks] == ["Guten", "Tag", "Wie", "geht", "es", "Ihnen"]
    assert [TEXT[mark["text_start"] : mark["text_end"]] for mark in marks] == [mark["word"] for mark in marks]
    sent = {"text": f"🎉 {TEXT}", "stream_format": "sse", "marks": True, "offsets": "utf16"}
    shifted = [mark for event in stream.speak(**sent).events for mark in event.get("marks", ())]
    assert [mark["text_start"] - 3 for mark in shifted] == [mark["text_start"] for mark in marks]
    assert sorted(marks[0]) == ["end", "start", "text_end", "text_start", "word"]


def test_speech_function_returns_the_same_events(stream, speak):
    answer = speak(input=TEXT, stream_format="sse", marks=True)
    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == "text/event-stream"
    assert not answer["isBase64Encoded"]
    assert answer["body"] == stream.speak(TEXT, stream_format="sse", marks=True).body.decode()


def test_events_are_refused_for_a_job(http):
    fields = {"input": TEXT, "stream_format": "sse"}
    answer = http("POST", PATH, fields, headers={"Prefer": "respond-async"})
    assert answer.refusal == (400, "invalid_request")
    assert answer.error["param"] == "stream_format"


@pytest.mark.parametrize(
    ("fields", "refusal", "param"),
    [
        ({"marks": True}, (400, "invalid_request"), "marks"),
        ({"marks": True, "stream_format": "audio"}, (400, "invalid_request"), "marks"),
        ({"stream_format": "wav"}, (400, "invalid_request"), "stream_format"),
        ({"input": "..."}, (400, "nothing_to_speak"), "input"),
        ({"input": f"{MARKER} \0"}, (400, "invalid_text"), "input"),
        ({"input": f"{MARKER} " * 20}, (400, "not_realtime"), "input"),
        ({"input": "a" * 5_001}, (413, "text_too_long"), "input"),
        ({"voice": MARKER}, (400, "unknown_voice"), "voice"),
        ({"voice": f"de_DE-tiny-low:{MARKER}"}, (400, "unknown_speaker"), "voice"),
        ({"response_format": "aac"}, (400, "unsupported_format"), "response_format"),
        ({"response_format": "opus", "sample_rate": 22_050}, (400, "unsupported_sample_rate"), "sample_rate"),
        ({"stream_format": "sse", "response_format": "aac"}, (400, "unsupported_format"), "response_format"),
        ({"tenant": MARKER}, (400, "unknown_field"), None),
    ],
)
def test_invalid_request_is_refused_before_the_first_byte(stream, counters, fields, refusal, param):
    answer = stream.ask("POST", PATH, as_json({"input": MARKER} | fields))
    assert (answer.refusal, answer.error["param"]) == (refusal, param)
    assert answer.whole
    assert MARKER not in answer.body.decode()
    assert [used["characters"] for used in counters.used.values()] in ([], [0]), "refusals are not charged"


def test_what_must_be_a_job_is_sent_to_the_other_address(stream):
    """This endpoint accepts no jobs, and ignores `Prefer: respond-async`."""
    assert "At the HTTP API (ApiUrl)" in stream.speak(f"{MARKER} " * 20).error["message"]


def test_body_over_the_limit_is_not_read_to_its_end(stream):
    pieces = [b'{"input": "'] + [b"a" * 10_000] * 20
    assert stream.ask("POST", PATH, *pieces).refusal == (413, "body_too_large")


@pytest.mark.parametrize(
    ("length", "closes"),
    [
        ({"Transfer-Encoding": "chunked"}, True),
        ({"Content-Length": "70000000"}, True),
        ({"Content-Length": "9"}, False),
    ],
)
def test_connection_of_a_refused_request_with_a_long_body_is_closed(stream, length, closes):
    stream.headers = {}
    refused = stream.ask("POST", PATH, b'{"input":', headers=length)
    assert refused.status == 401
    assert ("connection" in refused.headers) == closes


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Encoding": "gzip"},
        {"Content-Type": "application/json; charset=utf-16"},
    ],
)
def test_body_that_is_not_plain_json_is_refused(stream, headers):
    answer = stream.ask("POST", PATH, as_json({"input": "Guten Tag."}), headers=headers)
    assert answer.refusal == (415, "unsupported_media_type")


def test_headers_over_the_limit_are_refused(stream):
    assert stream.ask("GET", "/health", headers={"X-Much": "a" * 20_000}).refusal == (431, "headers_too_large")
    assert stream.ask("GET", f"/health?{'a' * 9_000}").refusal == (414, "uri_too_long")


@pytest.mark.parametrize("path", ["/", "/v1/jobs", "/v1/audio/speech//", "/V1/audio/speech", f"/{MARKER}"])
def test_unknown_path_is_a_404(stream, path, capsys):
    answer = stream.ask("GET", path)
    assert answer.refusal == (404, "not_found")
    assert "/v1/audio/speech, /v1/audio/models" in answer.error["message"]
    assert ("Send the request to the HTTP API (ApiUrl)." in answer.error["message"]) == (path in {"/", "/v1/jobs"})
    assert MARKER not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("method", "path", "allow"), [("GET", PATH, "POST"), ("PUT", PATH, "POST"), ("POST", "/health", "GET")]
)
def test_unsupported_method_is_a_405(stream, method, path, allow):
    answer = stream.ask(method, path, b"{}")
    assert answer.refusal == (405, "method_not_allowed")
    assert answer.headers["allow"] == allow


def test_health_needs_no_key(stream):
    stream.headers = {}
    answer = stream.ask("GET", "/health")
    assert answer.status == 200
    assert json.loads(answer.body)["default_voice"] == "de_DE-tiny-low"


def test_cors(environment, doors, monkeypatch, make_stream):
    monkeypatch.setenv("HERALD_CORS_ORIGINS", "https://app.example.com")
    stream = make_stream()
    asks = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "POST"}
    preflight = stream.ask("OPTIONS", PATH, headers=asks)
    assert (preflight.status, preflight.headers["access-control-allow-methods"]) == (204, "POST")
    answer = stream.ask("GET", "/health", headers=asks)
    assert answer.headers["access-control-allow-origin"] == "https://app.example.com"


def test_request_id_comes_from_aws(stream):
    context = json.dumps({"requestId": "5f1b3d0a-0000-4000-8000-000000000000"})
    answer = stream.ask("GET", "/health", headers={"x-amzn-request-context": context})
    assert answer.headers["x-request-id"] == "5f1b3d0a-0000-4000-8000-000000000000"


@pytest.mark.parametrize("context", ["", "{", "[]", '{"requestId": "a\\nb"}', '{"requestId": 1}', "[" * 5_000])
def test_request_id_is_generated_if_the_context_has_none(stream, context):
    made = {
        stream.ask("GET", "/health", headers={"x-amzn-request-context": context}).headers["x-request-id"]
        for _ in range(2)
    }
    assert len(made) == 2
    assert all(len(one) == 32 for one in made)


def test_logs_and_metrics_describe_the_speech_without_its_text(stream, capsys):
    stream.speak(f"{MARKER} sagt hallo.", stream_format="sse", marks=True)
    output = capsys.readouterr()
    assert MARKER not in output.out + output.err
    lines = logged(output.out)
    (spoken,) = [line for line in lines if line.get("message") == "spoken"]
    assert (spoken["characters"], spoken["ending"], spoken["format"]) == (27, "whole", "mp3")
    (answered,) = [line for line in lines if line.get("message") == "answered"]
    assert (answered["route"], answered["status"]) == (f"POST {PATH}", 200)
    assert answered["request_id"] == spoken["request_id"]
    (metrics,) = [line for line in lines if "_aws" in line]
    assert 0 < metrics["FirstAudio"][0] < metrics["Latency"][0]
    assert metrics["Cost"][0] > 0
    assert metrics["_aws"]["CloudWatchMetrics"][0]["Namespace"].startswith("Herald/")


def test_random_state_is_reseeded_after_a_restore(stream):
    random.seed(1)
    before = random.getstate()
    assert stream.ask("POST", AFTER_RESTORE).status == 204
    assert random.getstate() != before


def test_warm_loads_the_default_voice(environment, doors):
    stream = SpeechStream(Settings.read(os.environ))
    stream.warm()
    assert len(stream.routes.speaker.engine._voices) == 1
