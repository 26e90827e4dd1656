"""docs/openapi.yaml is as the code makes it, and what the code makes says what the code does."""

import json
from decimal import Decimal
from types import SimpleNamespace

import jsonschema_rs
import pytest
from pydantic import ValidationError

from herald import __version__
from herald.auth.caller import Scope
from herald.jobs.completion import RetentionRequest
from herald.jobs.job import AudioFile, JobError, State
from herald.jobs.job_request import JobRequest, SpeechRequest
from herald.jobs.voice_names import VoiceNames
from herald.speech.audio.formats import FORMATS
from herald.speech.reading.reader import preview
from herald.speech.voices.catalog import CARDS, piper_info, prepared_info
from herald.web.error_replies import error_body
from herald.web.job_routes import describe
from herald.web.reading_routes import ReadingRequest
from herald.web.routes import ROUTES, is_public
from herald.web.service_routes import describe_usage, describe_voice
from scripts.openapi.__main__ import SERVED, as_json, as_yaml
from scripts.openapi.components import HEADERS
from scripts.openapi.document import document
from scripts.openapi.paths import OPERATIONS
from tests.docs.openapi import OPENAPI, ROOT, SCHEMAS, faults, ids, model, operation, operations, resolved
from tests.support.job_samples import NOON, a_job
from tests.unit.conftest import TINY

PARTS = SimpleNamespace(
    audio=SimpleNamespace(link=lambda key, **_: f"https://example.com/{key}"),
    links=SimpleNamespace(link=lambda key, **_: f"https://example.com/{key}"),
    settings=SimpleNamespace(link_seconds=900),
)
AUDIO = AudioFile(key="audio/acme/0123.mp3", seconds=1.9, bytes=14_000, sample_rate=22_050, media_type="audio/mpeg")
DONE = {"state": State.DONE, "audio": AUDIO, "price": 0, "begun_at": NOON, "ended_at": NOON, "script": None}
JOBS = {
    "queued": a_job(state=State.QUEUED, metadata={"customer": "4711"}),
    "done": a_job(**DONE),
    "failed": a_job(state=State.FAILED, error=JobError(code="unknown_voice", message="No."), ended_at=NOON),
    "retried": a_job(state=State.WAITING_FOR_GPU, route="gpu", retry_of="job_" + "0" * 32, batch="b1", tier="vip"),
}


def test_it_is_as_the_code_makes_it():
    assert (ROOT / "docs" / "openapi.yaml").read_text() == as_yaml(), "run `make openapi`"
    assert SERVED.read_text() == as_json(), "run `make openapi`"
    assert json.loads(json.dumps(document())) == OPENAPI


def test_it_has_the_routes():
    paths = {}
    for path, method, _ in operations():
        paths.setdefault(path, set()).add(method)
    assert paths == {path: set(methods) for path, methods in ROUTES.items()}
    assert len(OPERATIONS) == len(operations()) == len({one["operationId"] for _, _, one in operations()})
    assert OPENAPI["info"]["version"] == __version__


def test_every_description_is_referenced():
    document = json.dumps(OPENAPI)
    for kind in ("schemas", "parameters", "headers", "responses"):
        for name in OPENAPI["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in document, f"{kind}: {name}"


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name):
    jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema"} | SCHEMAS[name])


@pytest.mark.parametrize(("path", "method", "one"), operations(), ids=ids())
def test_it_says_which_key_is_needed(path, method, one):
    asked = one.get("security", OPENAPI["security"])
    if is_public(method.upper(), path):
        assert asked == []
        assert path == "/" or not {"401", "403"} & set(one["responses"])  # others than browsers need a key at the root
        return
    scope = next((scope for scope in Scope if path.startswith(f"/v1/{scope.value}")), None)
    scope = Scope.SPEECH if path.startswith(("/v1/audio/", "/v1/lexicons")) else scope
    assert asked == [{"bearer": [scope.value] if scope else []}]
    assert {"401", "429"} <= set(one["responses"])
    assert ("403" in one["responses"]) == (scope is not None)


@pytest.mark.parametrize(("path", "method", "one"), operations(), ids=ids())
def test_examples_are_as_their_schemas_say(path, method, one):
    contents = [one["requestBody"]["content"]] if "requestBody" in one else []
    contents += [resolved(answer).get("content", {}) for answer in one["responses"].values()]
    for content in contents:
        for media in content.values():
            examples = [example["value"] for example in media.get("examples", {}).values()]
            for example in [*examples, *([media["example"]] if "example" in media else [])]:
                assert faults(example, media["schema"]) == []


@pytest.mark.parametrize(
    "name", ["SpeechRequest", "ReadingRequest", "JobRequest", "BatchRequest", "DialogueLine", "RetentionRequest"]
)
def test_no_request_has_unknown_fields(name):
    assert SCHEMAS[name]["additionalProperties"] is False


@pytest.mark.parametrize("name", ["SpeechRequest", "JobRequest"])
def test_it_has_the_formats(name):
    assert SCHEMAS[name]["properties"]["response_format"]["enum"] == [*FORMATS, None]
    rates = {rate for made in FORMATS.values() for rate in made.rates}
    assert set(SCHEMAS[name]["properties"]["sample_rate"]["enum"]) == {None, *rates}


def test_it_has_the_media_types():
    answer = operation("/v1/audio/speech", "post")["responses"]["200"]
    assert set(answer["content"]) == {made.media_type for made in FORMATS.values()} | {"text/event-stream"}


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


@pytest.mark.parametrize(
    ("body", "good"),
    [
        ({"input": "Hi."}, True),
        ({"dialogue": [{"input": "Hi."}]}, True),
        ({"input": None, "dialogue": [{"input": "Hi."}]}, True),
        ({"input": "Hi.", "dialogue": None}, True),
        ({}, False),
        ({"input": "Hi.", "dialogue": [{"input": "Hi."}]}, False),
        ({"input": None, "dialogue": None}, False),
    ],
)
def test_it_tells_of_input_and_dialogue_what_the_model_does(body, good):
    assert (faults(body, model("JobRequest")) == []) is good
    try:
        taken = bool(JobRequest.model_validate(body))
    except ValidationError:
        taken = False
    assert taken is good


def test_it_has_the_states():
    assert SCHEMAS["State"]["enum"] == [state.value for state in State]


def test_the_header_has_every_route_of_a_job():
    assert set(SCHEMAS["Job"]["properties"]["route"]["enum"]) < {*HEADERS["X-Herald-Route"]["schema"]["enum"]}


def test_it_links_to_no_page_that_a_deployment_does_not_serve():
    assert "](" not in SERVED.read_text()


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_a_job_is_as_it_says(job):
    shown = describe(job, PARTS)
    assert faults(shown, model("Job")) == []
    assert list(shown) == list(SCHEMAS["Job"]["properties"]) == SCHEMAS["Job"]["required"]
    assert shown["created_at"] == "2026-11-22T12:00:00.123Z"


def test_the_check_of_jobs_finds_faults():
    shown = describe(JOBS["done"], PARTS)
    for wrong in ({"state": "gone"}, {"attempts": "1"}, {"hit": 1}, {"error": {"code": "x"}}, {"id": "../1"}):
        assert faults(shown | wrong, model("Job")) != []
    assert faults({name: value for name, value in shown.items() if name != "object"}, model("Job")) != []


@pytest.mark.parametrize(
    ("path", "method", "kind"),
    [
        ("/v1/jobs", "post", JobRequest),
        ("/v1/audio/speech", "post", SpeechRequest),
        ("/v1/audio/reading", "post", ReadingRequest),
        ("/v1/jobs/{id}/retention", "put", RetentionRequest),
    ],
)
def test_examples_of_requests_are_requests(path, method, kind):
    examples = operation(path, method)["requestBody"]["content"]["application/json"]["examples"]
    for example in examples.values():
        assert kind.model_validate_json(json.dumps(example["value"]))


@pytest.mark.parametrize(("path", "method", "one"), operations(), ids=ids())
def test_every_answer_can_be_found_in_the_logs(path, method, one):
    for answer in one["responses"].values():
        assert "X-Request-Id" in resolved(answer)["headers"]


@pytest.mark.parametrize("info", [piper_info(TINY), prepared_info(CARDS / "kokoro")], ids=lambda info: info.id)
def test_a_voice_is_as_it_says(info):
    shown = describe_voice(info, VoiceNames(default="x"))
    assert faults(shown, model("Voice")) == []
    assert list(shown) == list(SCHEMAS["Voice"]["properties"]) == SCHEMAS["Voice"]["required"]


def test_a_reading_is_as_it_says():
    shown = preview("Say **5**.\n\nBye", "en-US") | {"voice": "x", "price_expected": 1e-6, "seconds_expected": 1.5}
    assert faults(shown, model("Reading")) == []
    assert list(shown) == list(SCHEMAS["Reading"]["properties"])


def test_usage_is_as_it_says():
    from herald.auth.caller import Caller  # noqa: PLC0415
    from herald.auth.quotas import DayOfUse  # noqa: PLC0415

    used = {NOON.date(): DayOfUse(characters=3, requests=1, by_account={"k": 3})}
    for caller in (Caller(tenant="acme", key="k", characters_a_day=2), Caller(tenant="acme")):
        shown = json.loads(json.dumps(describe_usage(caller, used, {NOON.date(): Decimal("0.5")})))
        assert faults(shown, model("Usage")) == []
        assert list(shown) == list(SCHEMAS["Usage"]["properties"])


def test_an_error_is_as_it_says():
    from herald.errors import UnknownVoice  # noqa: PLC0415

    assert faults(error_body(UnknownVoice("No.", param="voice")), model("Error")) == []
    assert faults({"error": {"message": "No."}}, model("Error")) != []


def test_events_are_as_it_says():
    from herald.errors import OutOfTime  # noqa: PLC0415
    from herald.speech.engine import Piece  # noqa: PLC0415
    from herald.speech.marks import Mark  # noqa: PLC0415
    from herald.web import speech_routes  # noqa: PLC0415

    def pieces():
        yield Piece(data=b"\xff\xfb", marks=[Mark("Hi", 0.0, 0.2, 0, 2)])

    said = b"".join(
        [
            *speech_routes.events(pieces(), characters=3, offsets=range(4)),
            speech_routes.error_event(error_body(OutOfTime("No."))),
        ]
    ).decode()
    events = [json.loads(line.removeprefix("data: ")) for line in said.splitlines() if line]
    assert len(events) == 4
    schema = operation("/v1/audio/speech", "post")["responses"]["200"]["content"]["text/event-stream"]["schema"]
    kinds = schema["properties"]["data"]["contentSchema"]
    for event in events:
        assert faults(event, kinds) == []
    assert {event["type"] for event in events} == {
        SCHEMAS[kind["$ref"].rpartition("/")[2]]["properties"]["type"]["const"] for kind in kinds["oneOf"]
    }
