"""CORS: disabled by default; if enabled, for the allowed origins, in all responses and preflights."""

import json
import re
from pathlib import Path

import pytest

import herald
from herald.runtime.settings import Settings
from herald.web.elevenlabs_routes import ELEVENLABS_ROUTES
from herald.web.polly_routes import POLLY_ROUTES
from herald.web.routes import ROUTES
from tests.support.moto_cloud import variables
from tests.template.template import PARAMETERS
from tests.unit.functions.conftest import forget

SOURCES = Path(herald.__file__).parents[1]
OURS, OTHERS = "https://app.example.com", "https://evil.example"
ALLOWED = "Access-Control-Allow-Origin"


@pytest.fixture
def pages(cloud, monkeypatch):
    """Deploy with allowed origins."""

    def pages(origins):
        monkeypatch.setenv("HERALD_CORS_ORIGINS", origins)
        forget()

    return pages


def preflight(http, path="/v1/jobs", origin=OURS, method="POST"):
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    return http("OPTIONS", path, headers=headers | {"Access-Control-Request-Headers": "authorization"})


def of_cors(answer):
    return {
        name: value for name, value in answer.headers.items() if name.startswith("Access-Control") or name == "Vary"
    }


@pytest.mark.parametrize("path", ["/v1/voices", "/v1/nowhere"])
def test_cors_is_disabled_by_default(http, path):
    assert of_cors(http("GET", path, headers={"Origin": OURS})) == {}
    assert preflight(http).refusal == (405, "method_not_allowed")
    assert of_cors(preflight(http)) == {}


@pytest.mark.parametrize(
    ("method", "path", "fields", "status"),
    [
        ("GET", "/v1/voices", None, 200),
        ("POST", "/v1/jobs", {"input": "Hello."}, 202),
        ("POST", "/v1/audio/speech", {}, 400),
        ("GET", "/v1/jobs/unknown", None, 404),
        ("GET", "/nowhere", None, 404),
        ("PUT", "/v1/voices", None, 405),
        ("GET", "/v1/jobs?" + "a" * 9_000, None, 414),
    ],
)
def test_every_response_is_readable_by_allowed_origins_only(http, pages, method, path, fields, status):  # noqa: PLR0913, PLR0917
    pages(f"{OURS},https://other.example")
    answer = http(method, path, fields, headers={"Origin": OURS})
    assert answer.status == status
    assert answer.headers[ALLOWED] == OURS
    assert {"X-Request-Id", "Retry-After", "Location", "ETag"} <= set(
        answer.headers["Access-Control-Expose-Headers"].split(", ")
    )
    for headers in ({"Origin": OTHERS}, {"Origin": "null"}, {"Origin": f"{OURS}.evil.example"}, {}):
        assert of_cors(http(method, path, fields, headers=headers)) == {"Vary": "Origin"}
    assert "Access-Control-Allow-Credentials" not in answer.headers


POLLY = {"Authorization": "AWS4-HMAC-SHA256 Credential=any/20260801/us-east-1/polly/aws4_request"}
UNREAD = {"Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Vary", "X-Content-Type-Options"}
SAFE = {"Cache-Control", "Content-Type"}
"""Headers that pages can always read: https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name."""


@pytest.mark.parametrize(
    ("path", "headers", "fields", "status"),
    [
        ("/v1/speech", POLLY, {"VoiceId": "reception", "OutputFormat": "pcm", "Text": "Guten Tag."}, 200),
        ("/v1/speech", POLLY, {"VoiceId": "reception", "OutputFormat": "pcm", "Text": "a" * 301}, 400),
        ("/v1/text-to-speech/reception", {"xi-api-key": "any"}, {"text": "Guten Tag.", "seed": 1}, 200),
        ("/v1/audio/speech", {}, {"input": "Guten Tag.", "user": "Ann"}, 200),
    ],
)
def test_a_page_may_read_the_headers_of_every_client(http, pages, path, headers, fields, status):  # noqa: PLR0913, PLR0917
    pages(OURS)
    answer = http("POST", path, fields, headers={"Origin": OURS} | headers)
    assert answer.status == status
    shown = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert set(answer.headers) - SAFE - UNREAD <= {*shown}


def test_server_errors_are_readable(http, pages, cloud):
    pages(OURS)
    cloud.refuse("dynamodb", "Query", "AccessDeniedException")
    answer = http("GET", "/v1/jobs", headers={"Origin": OURS})
    assert (answer.status, answer.headers[ALLOWED]) == (500, OURS)


def test_a_304_is_readable(http, pages):
    pages(OURS)
    found = http("GET", "/v1/voices").headers["ETag"]
    answer = http("GET", "/v1/voices", headers={"Origin": OURS, "If-None-Match": found})
    assert (answer.status, answer.headers[ALLOWED], answer.headers["Vary"]) == (304, OURS, "Origin")


def test_any_origin(http, pages):
    pages("*")
    for headers in ({"Origin": OTHERS}, {}):
        answer = http("GET", "/v1/voices", headers=headers)
        assert answer.headers[ALLOWED] == "*"
        assert "Vary" not in answer.headers


@pytest.mark.parametrize(("path", "methods"), ROUTES.items())
def test_preflight(http, pages, path, methods):
    pages(OURS)
    answer = preflight(http, path.replace("{id}", "job_1"), method=methods[0])
    assert (answer.status, answer.body) == (204, "")
    assert answer.headers[ALLOWED] == OURS
    assert answer.headers["Vary"] == "Origin"
    assert set(methods) <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert answer.headers["X-Request-Id"]


OPERATIONS = [
    (path, method.upper())
    for path, operations in json.loads((SOURCES / "herald/web/openapi.json").read_text())["paths"].items()
    for method in operations
    if method in {"get", "put", "post", "delete"}
]
OTHER_VENDORS = [
    (path, method)
    for routes in (ELEVENLABS_ROUTES, POLLY_ROUTES)
    for path, methods in routes.items()
    for method in methods
]
SENT = {
    "herald": ["authorization", "content-type", "idempotency-key", "if-none-match", "prefer"],
    "elevenlabs": ["content-type", "xi-api-key"],
    "openai": ["authorization", "content-type", "x-stainless-lang", "x-stainless-retry-count", "x-stainless-runtime"],
    "aws": ["amz-sdk-invocation-id", "amz-sdk-request", "authorization", "x-amz-content-sha256", "x-amz-date",
            "x-amz-security-token", "x-amz-user-agent"],
}  # fmt: skip
"""Headers that clients send from a browser, as their preflights name them."""


@pytest.mark.parametrize(("path", "method"), sorted({*OPERATIONS, *OTHER_VENDORS}))
def test_a_page_may_call_every_operation_with_the_headers_of_its_client(http, pages, path, method):
    pages(OURS)
    headers = {"Origin": OURS, "Access-Control-Request-Method": method}
    path = re.sub(r"\{[^}]*\}", "job_1", path)
    for sent in SENT.values():
        wanted = {"Access-Control-Request-Headers": ",".join(sent)}
        answer = http("OPTIONS", path, headers=headers | wanted, context={})
        assert (answer.status, answer.headers[ALLOWED]) == (204, OURS)
        assert method in answer.headers["Access-Control-Allow-Methods"].split(", ")
        allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
        # "*" does not stand for Authorization: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
        assert [name for name in sent if name not in allowed and (name == "authorization" or "*" not in allowed)] == []


def test_preflight_of_another_origin_allows_nothing(http, pages):
    pages(OURS)
    answer = preflight(http, origin=OTHERS)
    assert answer.status == 204
    assert of_cors(answer) == {"Vary": "Origin"}


def test_preflight_of_an_unknown_path_is_a_404(http, pages):
    pages(OURS)
    assert preflight(http, "/v1/nowhere").refusal == (404, "not_found")


@pytest.mark.parametrize("headers", [{}, {"Origin": OURS}, {"Access-Control-Request-Method": "POST"}])
def test_options_request_that_is_no_preflight_is_a_405(http, pages, headers):
    pages(OURS)
    assert http("OPTIONS", "/v1/jobs", headers=headers).refusal == (405, "method_not_allowed")


def test_settings():
    read = Settings.read(variables() | {"HERALD_CORS_ORIGINS": f"{OURS}, {OTHERS}"})
    assert read.cors_origins == {OURS, OTHERS}
    assert Settings.read(variables()).cors_origins == frozenset()


@pytest.mark.parametrize("origins", ["", "*", OURS, f"{OURS},http://localhost:3000"])
def test_parameter_accepts_origins(origins):
    assert matches_parameter(origins)


@pytest.mark.parametrize("origins", [f"{OURS}/", "app.example.com", f"{OURS},*", "null", f"{OURS} ,a", "https://a/b"])
def test_parameter_refuses_invalid_origins(origins):
    assert not matches_parameter(origins)


def matches_parameter(origins):
    return re.fullmatch(PARAMETERS["CorsOrigins"]["AllowedPattern"], origins)
