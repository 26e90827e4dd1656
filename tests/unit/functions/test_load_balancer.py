"""Requests of an Application Load Balancer: the functions authenticate them themselves, and its limits hold."""

import json
from dataclasses import dataclass

import pytest

from herald.auth.api_keys import KeySettings
from herald.auth.caller import Scope
from herald.functions import api, speech
from herald.web.exchange import Reply
from herald.web.http_rules import BALANCED_BYTES
from tests.support.http_events import ANYBODY, JSON, as_json
from tests.support.load_balancer_events import event_of, sent
from tests.support.token_issuer import Issuer, deploy_with
from tests.unit.functions.conftest import MARKER, Answer, Context, forget, logged

SPEECH = ("/v1/audio/speech", "/v1/speech", "/v1/text-to-speech/")
UNKNOWN = "hk_aaaaaaaaaaaa_" + "0" * 48


@dataclass
class Door:
    """The functions behind a load balancer."""

    key: str

    def __call__(self, method, path, fields=None, headers=None, *, changes=None):
        body = b"" if fields is None else fields if isinstance(fields, bytes) else as_json(fields)
        headers = {"Authorization": f"Bearer {self.key}"} if headers is None else headers
        event = event_of(method, path, (JSON if body else {}) | headers, body) | (changes or {})
        handler = speech.handler if path.startswith(SPEECH) else api.handler
        return Answer(*sent(handler(event, Context())))


@pytest.fixture
def make_key(doors):
    """Return a function that creates a key and returns its full text."""
    return lambda **settings: str(doors.create(KeySettings(**{"tenant": "acme"} | settings))[1])


@pytest.fixture
def door(cloud, make_key):
    return Door(make_key())


def test_text_is_spoken_and_charged_to_the_tenant_of_the_key(door, counters):
    answer = door("POST", "/v1/audio/speech", {"input": "Guten Tag."})
    assert (answer.status, answer.headers["Content-Type"]) == (200, "audio/mpeg")
    assert answer.body[:2] == b"\xff\xfb" or answer.body[:3] == b"ID3"
    assert {tenant: used["characters"] for (tenant, _), used in counters.used.items()} == {"acme": 10}


def test_audio_is_that_of_the_http_api(door, http):
    fields = {"input": "Guten Tag.", "response_format": "wav"}
    there, here = http("POST", "/v1/audio/speech", fields), door("POST", "/v1/audio/speech", fields)
    assert here.status == there.status == 200
    assert len(here.body) > 1_000
    varying = {"X-Request-Id", "X-Herald-Price"}
    assert {name: one for name, one in here.headers.items() if name not in varying} == {
        name: one for name, one in there.headers.items() if name not in varying
    }


@pytest.fixture
def untouched(cloud, counters, capsys):
    """Check that a refused request stored, counted and logged nothing of what it sent."""

    def untouched(answer):
        assert (cloud.rows(), counters.used) == ([], {})
        output = capsys.readouterr()
        assert MARKER not in answer.body.decode() + output.out + output.err

    return untouched


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "missing_key"),
        ({"Authorization": ""}, "missing_key"),
        ({"Authorization": "Bearer"}, "invalid_key"),
        ({"Authorization": f"Bearer {UNKNOWN}"}, "invalid_key"),
        ({"Authorization": f"Basic {UNKNOWN}"}, "invalid_key"),
        ({"Authorization": f"Bearer {MARKER}"}, "invalid_key"),
        ({"Authorization": "Bearer hk_" + "a" * 10_000}, "invalid_key"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/audio/speech", "/v1/jobs", "/v1/nowhere"])
def test_missing_or_invalid_key_is_refused_before_anything_else(door, untouched, path, headers, code):
    answer = door("POST", path, MARKER.encode(), headers)
    assert answer.refusal == (401, code)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    untouched(answer)


def test_two_keys_are_refused(door):
    keys = {"Authorization": [f"Bearer {door.key}", f"Bearer {door.key}"]}
    assert door("GET", "/v1/voices", headers=keys).refusal == (401, "invalid_key")


def test_revoked_key_gets_its_own_code(door, doors):
    key, text = doors.create(KeySettings(tenant="acme"))
    doors.revoke(key.id)
    assert door("GET", "/v1/voices", headers={"Authorization": f"Bearer {text}"}).refusal == (401, "key_revoked")


@pytest.mark.parametrize(("seconds", "status"), [("0", 401), ("60", 200)])
def test_valid_key_is_cached_for_the_configured_time(door, doors, monkeypatch, seconds, status):
    monkeypatch.setenv("HERALD_KEY_CACHE_SECONDS", seconds)
    forget()
    key, text = doors.create(KeySettings(tenant="acme"))
    headers = {"Authorization": f"Bearer {text}"}
    assert door("GET", "/v1/voices", headers=headers).status == 200
    doors.revoke(key.id)
    assert door("GET", "/v1/voices", headers=headers).status == status


def test_key_is_limited_to_its_scopes(door, make_key):
    headers = {"Authorization": f"Bearer {make_key(scopes=frozenset({Scope.JOBS}))}"}
    assert door("POST", "/v1/audio/speech", {"input": "Ja."}, headers).refusal == (403, "scope_missing")


@pytest.mark.parametrize("where", ["headers", "context", "event"])
def test_a_caller_in_the_event_or_its_headers_is_ignored(door, where):
    """Nothing authorizes a request in front of the function, so such a context can only be forged."""
    forged = {"authorizer": {"lambda": ANYBODY.context()}}
    if where == "headers":
        headers = {"x-amzn-request-context": json.dumps(forged), **{k: str(v) for k, v in ANYBODY.context().items()}}
        assert door("GET", "/v1/voices", headers=headers).refusal == (401, "missing_key")
        return
    elb = {"elb": {"targetGroupArn": "arn"}}
    changes = {"requestContext": elb | forged} if where == "context" else forged
    assert door("GET", "/v1/voices", headers={}, changes=changes).refusal == (401, "missing_key")


def test_an_event_of_the_http_api_is_never_authenticated_by_its_headers(door, http):
    assert http("GET", "/v1/voices", headers={"Authorization": f"Bearer {door.key}"}, context={}).status == 401


def test_a_client_of_elevenlabs_authenticates_with_its_own_header(door):
    spoken = door("POST", "/v1/text-to-speech/de_DE-tiny-low", {"text": "Ja."}, {"xi-api-key": door.key})
    assert (spoken.status, spoken.headers["Content-Type"]) == (200, "audio/mpeg")

    refused = door("POST", "/v1/text-to-speech/de_DE-tiny-low", {"text": "Ja."}, {"xi-api-key": UNKNOWN})
    assert (refused.status, refused.json["detail"]["status"]) == (401, "invalid_api_key")


def test_a_client_of_polly_authenticates_with_its_signature(door):
    signature = f"AWS4-HMAC-SHA256 Credential={door.key}/20261128/us-east-1/polly/aws4_request, Signature=0"
    assert door("GET", "/v1/voices", headers={"Authorization": signature}).status == 200


@pytest.fixture
def issuer():
    made = Issuer()
    yield made
    made.close()


def test_public_paths_need_no_key(door):
    assert door("GET", "/health", headers={}).json["status"] == "ok"
    assert door("GET", "/openapi.json", headers={}).status == 200
    assert door("GET", "/studio", headers={}).status == 200


def test_paths_and_queries_are_decoded_once(door):
    """The load balancer passes both on as they were sent; API Gateway decodes them."""
    assert door("GET", "/v1/usage?days=%33").status == 200
    assert len(door("GET", "/v1/usage?days=%33").json["data"]) == 3
    assert door("GET", "/v1/usage?days=%2533").status == 400
    assert door("GET", "/v1/%75sage").status == 200
    assert door("GET", "/v1/jobs/%2e%2e%2f%2e%2e").status == 404


@pytest.mark.parametrize("query", ["days=1&days=2", "days=", "days", "tenant=acme", "days=%zz", "=", "%00=%00", "&&&"])
def test_invalid_query_is_refused_as_behind_the_http_api(door, http, query):
    expected = http("GET", f"/v1/usage?{query}")
    assert door("GET", f"/v1/usage?{query}").status == expected.status


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"multiValueHeaders": None}, 401),
        ({"multiValueHeaders": {}}, 401),
        ({"multiValueQueryStringParameters": None, "body": None}, 200),
        ({"path": ""}, 404),
        ({"path": "//"}, 404),
        ({"path": "/" + "a" * 9_000}, 414),
        ({"path": "/%ff%00"}, 404),
        ({"httpMethod": "TRACE"}, 405),
    ],
)
def test_unusual_events_get_a_reply(door, changes, status):
    assert door("GET", "/v1/voices", changes=changes).status == status


def test_head_is_get_without_a_body(door):
    get, head = door("GET", "/v1/voices"), door("HEAD", "/v1/voices")
    assert (head.status, head.body, head.headers.keys()) == (get.status, b"", get.headers.keys())


def test_too_many_headers_are_refused(door):
    headers = {"Authorization": f"Bearer {door.key}"} | {f"x-{number}": "1" for number in range(200)}
    assert door("GET", "/v1/voices", headers=headers).refusal == (431, "headers_too_large")


def test_audio_above_the_limit_is_refused_before_it_is_synthesized(door, http, counters, monkeypatch):
    monkeypatch.setenv("HERALD_MAX_ANSWER_BYTES", "4700000")
    monkeypatch.setenv("HERALD_MAX_CHARACTERS", "4096")
    forget()
    fields = {"input": "Guten Tag, hier spricht die Praxis. " * 10, "response_format": "wav", "sample_rate": 48_000}
    assert http("POST", "/v1/audio/speech", fields).status == 200
    counters.used.clear()
    answer = door("POST", "/v1/audio/speech", fields)
    assert answer.refusal == (413, "audio_too_large")
    assert "/v1/jobs" in answer.error["message"]
    assert "streaming URL" in answer.error["message"]
    assert not any(used["characters"] for used in counters.used.values())


@pytest.mark.parametrize(
    "body", ["ä" * BALANCED_BYTES, b"\0" * (BALANCED_BYTES + 1), {"data": '"\n' * BALANCED_BYTES}], ids=type
)
def test_any_other_response_above_the_limit_is_an_error_with_a_code(door, monkeypatch, body, capsys):
    """The load balancer itself would respond 502."""
    monkeypatch.setitem(api.handler.function.application._own.endpoints, "GET /v1/voices", lambda _: Reply(body=body))
    answer = door("GET", "/v1/voices")
    assert answer.refusal == (413, "response_too_large")
    assert "HTTP API" in answer.error["message"]
    (line,) = [one for one in logged(capsys.readouterr().out) if one.get("message") == "answered"]
    assert line["status"] == 413


def test_the_largest_response_is_sent(door, monkeypatch):
    monkeypatch.setitem(
        api.handler.function.application._own.endpoints,
        "GET /v1/voices",
        lambda _: Reply(body=b"\xff" * BALANCED_BYTES),
    )
    answer = door("GET", "/v1/voices")
    assert (answer.status, len(answer.body)) == (200, BALANCED_BYTES)


def test_recordings_arrive_unchanged(door):
    """A body that is not text is base64-encoded."""
    form = b'--x\r\nContent-Disposition: form-data; name="language"\r\n\r\nxx\r\n--x--\r\n'
    headers = {"Authorization": f"Bearer {door.key}", "Content-Type": "multipart/form-data; boundary=x"}
    answer = door("POST", "/v1/audio/voice_consents", form, headers)
    assert answer.status == 400
    assert answer.error["code"] != "unsupported_media_type"


def test_a_response_without_a_body(door, monkeypatch):
    monkeypatch.setenv("HERALD_CORS_ORIGINS", "https://app.example.com")
    forget()
    asked = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "POST"}
    answer = door("OPTIONS", "/v1/jobs", headers=asked)
    assert (answer.status, answer.body) == (204, b"")


def test_the_request_id_is_that_of_the_invocation(door, capsys):
    """A client can send any X-Amzn-Trace-Id."""
    headers = {"Authorization": f"Bearer {door.key}", "x-amzn-trace-id": "Root=forged", "x-request-id": "forged"}
    answer = door("GET", "/v1/voices", headers=headers)
    assert answer.headers["X-Request-Id"] == Context.aws_request_id
    assert "forged" not in capsys.readouterr().out


def test_a_token_of_the_issuer_is_accepted(cloud, issuer, monkeypatch):
    deploy_with(issuer, monkeypatch)
    forget()
    assert Door(issuer.token())("GET", "/v1/usage").json["tenant"] == "jwt-acme"
    assert Door(issuer.token(aud="others"))("GET", "/v1/usage").refusal == (401, "invalid_key")
