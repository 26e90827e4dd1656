"""docs/openapi.yaml says what the code does."""

from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from herald import __version__
from herald.handlers.api import describe as describe_voice
from herald.handlers.http import ROUTES
from herald.handlers.jobs import ListQuery, describe
from herald.jobs.job import AudioFile, JobError
from herald.jobs.request import DialogueLine, JobRequest, SpeechRequest
from herald.jobs.states import State
from herald.jobs.voices import VoiceNames
from herald.speech.audio.formats import FORMATS
from herald.speech.voices.catalog import CARDS, piper_info, prepared_info
from tests.docs.openapi import OPENAPI, SCHEMAS, faults, kinds, operations, resolved
from tests.jobs import NOON, a_job
from tests.unit.conftest import TINY

REQUESTS = {"SpeechRequest": SpeechRequest, "JobRequest": JobRequest, "DialogueLine": DialogueLine}
LIMITS = ("minimum", "maximum", "maxLength", "minItems", "maxItems", "pattern", "enum", "const")
PARTS = SimpleNamespace(audio=SimpleNamespace(link=lambda key, **_: f"https://example.com/{key}"))
AUDIO = AudioFile(key="audio/acme/0123.mp3", seconds=1.9, bytes=14_000, sample_rate=22_050, media_type="audio/mpeg")
DONE = {"state": State.DONE, "audio": AUDIO, "price": 0, "begun_at": NOON, "ended_at": NOON, "script": None}
JOBS = {
    "queued": a_job(state=State.QUEUED, metadata={"customer": "4711"}),
    "done": a_job(**DONE),
    "failed": a_job(state=State.FAILED, error=JobError(code="unknown_voice", message="No."), ended_at=NOON),
    "retried": a_job(state=State.WAITING_FOR_GPU, route="gpu", retry_of="job_" + "0" * 32, batch="b1", tier="vip"),
}


def flat(field):
    """A field of pydantic's schema: of what it allows beside null, with that among its types."""
    (real, *others) = [one for one in field.get("anyOf", [field]) if one.get("type") != "null"] or [field]
    assert not others
    return {"type": kinds(real) | {"null" for one in field.get("anyOf", []) if one.get("type") == "null"}} | {
        name: real[name] for name in LIMITS if name in real
    }


def test_it_has_the_routes():
    paths = {}
    for path, method, _ in operations():
        paths.setdefault(path, set()).add(method)
    assert paths == {path: set(methods) for path, methods in ROUTES.items()}
    assert OPENAPI["info"]["version"] == __version__


@pytest.mark.parametrize("name", REQUESTS)
def test_it_has_the_fields_of_a_request(name):
    real = REQUESTS[name].model_json_schema()
    assert set(SCHEMAS[name]["properties"]) == set(real["properties"])
    assert SCHEMAS[name].get("required", []) == real.get("required", [])
    assert SCHEMAS[name]["additionalProperties"] is False


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name in REQUESTS for field in REQUESTS[name].model_fields]
)
def test_it_has_the_limits_of_a_field(name, field):
    documented = resolved(SCHEMAS[name]["properties"][field])
    real = REQUESTS[name].model_json_schema()["properties"][field]
    default = {} if field == "metadata" else real.get("default")
    assert documented.get("default") == default
    if field == "stream_format":  # one value: pydantic says const
        assert documented["enum"] == [real["const"]]
        return
    limits = flat(real)
    assert kinds(documented) == limits.pop("type")
    assert {limit: documented.get(limit) for limit in limits} == limits


@pytest.mark.parametrize("name", ["SpeechRequest", "JobRequest"])
def test_it_has_the_formats(name):
    assert SCHEMAS[name]["properties"]["response_format"]["enum"] == list(FORMATS)
    rates = {rate for made in FORMATS.values() for rate in made.rates}
    assert set(SCHEMAS[name]["properties"]["sample_rate"]["enum"]) == {None, *rates}


def test_it_has_the_media_types():
    answer = OPENAPI["paths"]["/v1/audio/speech"]["post"]["responses"]["200"]
    assert set(answer["content"]) == {made.media_type for made in FORMATS.values()}


@pytest.mark.parametrize(
    ("name", "limit"), [("maxProperties", 16), ("propertyNames", 64), ("additionalProperties", 512)]
)
def test_it_has_the_limits_of_metadata(name, limit):
    documented = SCHEMAS["JobRequest"]["properties"]["metadata"][name]
    assert limit == (documented if isinstance(documented, int) else documented["maxLength"])

    def allowed(size):
        pairs = {
            "maxProperties": {f"name{number}": "" for number in range(size)},
            "propertyNames": {"n" * size: ""},
            "additionalProperties": {"name": "v" * size},
        }[name]
        try:
            return bool(JobRequest(input="Hi.", metadata=pairs))
        except ValidationError:
            return False

    assert (allowed(limit), allowed(limit + 1)) == (True, False)


def test_it_has_the_query_of_the_list():
    documented = {one["name"]: resolved(one["schema"]) for one in OPENAPI["paths"]["/v1/jobs"]["get"]["parameters"]}
    real = ListQuery.model_json_schema()["properties"]
    assert set(documented) == set(real)
    for name, field in real.items():
        assert documented[name].get("default") == field.get("default")
        limits = {limit: value for limit, value in flat(field).items() if limit != "type"}
        assert {limit: documented[name].get(limit) for limit in limits} == limits


def test_it_has_the_states():
    assert SCHEMAS["State"]["enum"] == [state.value for state in State]


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_a_job_is_as_it_says(job):
    shown = describe(job, PARTS)
    assert faults(shown, SCHEMAS["Job"]) == []
    assert list(shown) == list(SCHEMAS["Job"]["properties"]) == SCHEMAS["Job"]["required"]


def test_the_check_of_jobs_finds_faults():
    shown = describe(JOBS["done"], PARTS)
    for wrong in ({"state": "gone"}, {"attempts": "1"}, {"hit": 1}, {"error": {"code": "x"}}, {"id": "../1"}):
        assert faults(shown | wrong, SCHEMAS["Job"]) != []


@pytest.mark.parametrize("name", OPENAPI["components"]["examples"])
def test_examples_of_jobs_are_jobs(name):
    assert faults(OPENAPI["components"]["examples"][name]["value"], SCHEMAS["Job"]) == []


@pytest.mark.parametrize("name", ["text", "dialogue"])
def test_examples_of_requests_are_requests(name):
    body = OPENAPI["paths"]["/v1/jobs"]["post"]["requestBody"]["content"]["application/json"]
    assert JobRequest.model_validate(body["examples"][name]["value"])


@pytest.mark.parametrize(("path", "method", "operation"), operations())
def test_every_answer_can_be_found_in_the_logs(path, method, operation):
    for status, answer in operation["responses"].items():
        if path.startswith(("/v1/jobs", "/v1/batches")) or status != "200":
            assert "X-Request-Id" in resolved(answer)["headers"]


@pytest.mark.parametrize("info", [piper_info(TINY), prepared_info(CARDS / "kokoro")], ids=lambda info: info.id)
def test_a_voice_is_as_it_says(info):
    shown = describe_voice(info, VoiceNames(default="x"))
    assert faults(shown, SCHEMAS["Voice"]) == []
    assert set(shown) == set(SCHEMAS["Voice"]["properties"]) == set(SCHEMAS["Voice"]["required"])
