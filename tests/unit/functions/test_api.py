"""The api function: voices, health and error responses for unknown paths."""

import json

import pytest

from herald.functions import api
from herald.web.routes import ROUTES
from tests.unit.functions.conftest import Context, event


def test_voices_are_listed(cloud, ask):
    answer = ask("api__voices")
    assert answer["statusCode"] == 200
    listed = {voice["id"]: voice for voice in json.loads(answer["body"])["data"]}
    tiny = listed["de_DE-tiny-low"]
    assert (tiny["language"], tiny["engine"], tiny["sample_rate"], tiny["needs_gpu"]) == (
        "de_DE",
        "piper",
        16_000,
        False,
    )
    assert tiny["speakers"] == ["anna", "bert", "carla"]
    assert "alloy" in tiny["aliases"]
    assert listed["en_US-joe-medium"]["licence"] == "CC0"
    assert not listed["en_US-joe-medium"]["commercial_use"]


def test_health(ask):
    assert json.loads(ask("api__health")["body"])["status"] == "ok"


def test_health_without_the_default_voice(cloud, environment, monkeypatch):
    monkeypatch.setenv("HERALD_DEFAULT_VOICE", "no-such-voice")
    answer = api.handler(event("api__health"), Context())
    assert answer["statusCode"] == 500
    assert json.loads(answer["body"])["error"]["code"] == "voice_not_prepared"


def test_unknown_path_is_a_404(ask):
    answer = ask("api__unknown_path")
    assert answer["statusCode"] == 404
    assert json.loads(answer["body"])["error"]["code"] == "not_found"


@pytest.mark.parametrize("path", ROUTES)
def test_unsupported_method_is_a_405(environment, path):
    request = event("api__unknown_path")
    request["rawPath"] = request["requestContext"]["http"]["path"] = path
    request["requestContext"]["http"]["method"] = "PATCH"
    answer = api.handler(request, Context())
    assert answer["statusCode"] == 405
    assert answer["headers"]["Allow"] == ", ".join(ROUTES[path])
    error = json.loads(answer["body"])["error"]
    assert error["code"] == "method_not_allowed"
    assert error["message"].endswith(f"This path supports {', '.join(ROUTES[path])}.")


@pytest.mark.parametrize("path", [path for path, methods in ROUTES.items() if "GET" in methods])
def test_head_is_get_without_a_body(http, path):
    path = path.replace("{id}", "alloy")
    get, head = http("GET", path), http("HEAD", path)
    assert (head.status, len(head.body)) == (get.status, 0)
    varying = {"X-Request-Id"}
    assert {name: value for name, value in head.headers.items() if name not in varying} == {
        name: value for name, value in get.headers.items() if name not in varying
    }


@pytest.mark.parametrize("path", ["/v1/jobs", "/v1/usage"])
def test_head_needs_the_key_and_the_scope_of_get(http, path):
    assert http("HEAD", path, context={}).status == http("GET", path, context={}).status == 401


def test_head_of_a_path_without_get_is_a_405(http):
    answer = http("HEAD", "/v1/audio/reading")
    assert (answer.status, answer.headers["Allow"], len(answer.body)) == (405, "POST", 0)
