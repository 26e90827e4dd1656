"""What clients of OpenAI's API and of similar servers send is accepted, or refused by name."""

import io
from base64 import b64decode

import pytest
import soundfile

from tests.support.http_events import as_json
from tests.unit.functions.conftest import MARKER

SPEECH = "/v1/audio/speech"
TEXT = "Guten Tag."


@pytest.fixture(params=["buffered", "streamed"])
def post(request, http, stream):
    """Send a speech request to either endpoint."""
    if request.param == "streamed":
        return lambda **fields: stream.speak(fields.pop("input", TEXT), **fields)
    return lambda **fields: http("POST", SPEECH, {"input": TEXT} | fields)


def header(answer, name):
    return {key.lower(): value for key, value in answer.headers.items()}.get(name)


def test_fields_without_effect_are_named_in_a_header(post):
    answer = post(stream=True, lang_code="a", user=MARKER, volume_multiplier=2, instructions="Whisper.")
    assert answer.status == 200
    assert header(answer, "x-herald-warning") == "No effect: instructions, lang_code, stream, user, volume_multiplier."


def test_without_such_fields_there_is_no_warning(post):
    answer = post(stream=None, user=None, instructions="")
    assert answer.status == 200
    assert header(answer, "x-herald-warning") is None


def test_an_unknown_field_is_named(post):
    answer = post(colour="red", stream=True)
    assert answer.refusal == (400, "unknown_field")
    assert "unknown field 'colour'" in answer.error["message"]


@pytest.mark.parametrize("name", [MARKER * 10, f"{MARKER} says", "a\nb", "ä"])
def test_a_field_name_that_may_be_text_is_not_repeated(post, name):
    answer = post(**{name: 1})
    assert answer.refusal == (400, "unknown_field")
    assert name not in answer.error["message"]


@pytest.mark.parametrize(
    "name", ["reception", "Reception", "DE_DE-TINY-LOW:bert", {"id": "reception"}, {"id": "RECEPTION"}]
)
def test_a_voice_in_any_case_and_as_an_object(post, name):
    assert header(post(voice=name), "x-herald-voice") == "de_DE-tiny-low:bert"


@pytest.mark.parametrize("name", ["Alloy", "af_heart", "AF_Bella", "bm_george"])
def test_names_of_similar_services_select_the_default_voice(post, name):
    assert header(post(voice=name), "x-herald-voice") == "de_DE-tiny-low"


@pytest.mark.parametrize("text", [".", " . "])
def test_a_full_stop_is_silence(http, text):
    answer = http("POST", SPEECH, {"input": text, "response_format": "wav"})
    assert answer.status == 200
    samples, rate = soundfile.read(io.BytesIO(b64decode(answer.body)))
    assert 0.2 < len(samples) / rate < 1
    assert not samples.any()


def test_a_full_stop_is_silence_in_a_stream(stream):
    for fields in ({}, {"stream_format": "sse", "marks": True}):
        answer = stream.speak(".", response_format="pcm", **fields)
        assert answer.status == 200
        assert answer.whole


@pytest.mark.parametrize("path", [f"{SPEECH}/", f"{SPEECH}//"])
def test_a_slash_at_the_end_of_the_streaming_path(stream, path):
    answer = stream.ask("POST", path, as_json({"input": TEXT}))
    assert answer.status == (200 if path == f"{SPEECH}/" else 404)


def test_a_slash_that_keeps_a_request_from_its_function_is_named(http):
    """API Gateway sends it to the api function, which has no engine."""
    answer = http("POST", f"{SPEECH}/", {"input": TEXT})
    assert answer.refusal == (404, "not_found")
    assert answer.error["message"] == "Not found. Remove the slash at the end of the path."


@pytest.mark.parametrize("path", ["/v1/voices/", "/v1/jobs/", "/v1/usage/"])
def test_a_slash_at_the_end_of_other_paths(http, path):
    assert http("GET", path).status == 200


@pytest.mark.parametrize("path", ["/v1/jobs", "/v1/batches", "/v1/usage", "/v1/audio/voice_consents", "/v1/lexicons/a"])
def test_an_unknown_parameter_is_named_as_part_of_the_query(http, path):
    answer = http("GET", f"{path}?colour=red")
    assert answer.refusal == (400, "unknown_field")
    assert answer.error["message"].startswith("The query has the unknown field 'colour'. Known fields: ")
