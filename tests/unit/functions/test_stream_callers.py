"""Authentication on the streaming URL: by a key, or by an AWS signature with or without a key."""

import json

import pytest

from herald.auth.api_keys import KeySettings
from herald.auth.caller import Scope
from tests.unit.functions.conftest import MARKER

ACCOUNT = {"authorizer": {"iam": {"accountId": "123456789012", "userArn": "arn:aws:iam::123456789012:user/anna"}}}


def context(value):
    return {"x-amzn-request-context": json.dumps(value)}


@pytest.fixture
def make_key(doors):
    """Return a function that creates a key and returns its full text."""
    return lambda **settings: str(doors.create(KeySettings(**{"tenant": "acme"} | settings))[1])


def used(counters):
    """Return the characters used by each tenant."""
    return {tenant: used["characters"] for (tenant, _), used in counters.used.items()}


def test_tenant_of_the_key_is_charged(stream, counters):
    assert stream.speak("Guten Tag.").status == 200
    assert used(counters) == {"acme": 10}


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "missing_key"),
        ("", "missing_key"),
        ("Bearer", "invalid_key"),
        ("Bearer hk_aaaaaaaaaaaa_" + "0" * 48, "invalid_key"),
        (f"Bearer {MARKER}", "invalid_key"),
        ("Bearer hk_" + "a" * 10_000, "invalid_key"),
    ],
)
def test_invalid_key_is_refused(stream, header, code, capsys):
    stream.headers = {} if header is None else {"Authorization": header}
    answer = stream.speak(MARKER)
    assert answer.refusal == (401, code)
    assert answer.headers["www-authenticate"] == "Bearer"
    output = capsys.readouterr()
    assert MARKER not in answer.body.decode() + output.out + output.err


def test_two_keys_are_refused(stream, make_key):
    stream.headers = {"Authorization": [f"Bearer {make_key()}", f"Bearer {make_key()}"]}
    assert stream.speak().refusal == (401, "invalid_key")


def test_revoked_key_gets_its_own_code(stream, doors):
    key, shown = doors.create(KeySettings(tenant="acme"))
    doors.revoke(key.id)
    stream.headers = {"Authorization": f"Bearer {shown}"}
    assert stream.speak().refusal == (401, "key_revoked")


@pytest.mark.parametrize(("seconds", "status"), [("0", 401), ("60", 200)])
def test_valid_key_is_cached_for_the_configured_time(doors, monkeypatch, make_stream, seconds, status):
    monkeypatch.setenv("HERALD_KEY_CACHE_SECONDS", seconds)
    stream = make_stream()
    key, shown = doors.create(KeySettings(tenant="acme"))
    stream.headers = {"Authorization": f"Bearer {shown}"}
    assert stream.speak("Ja.").status == 200
    doors.revoke(key.id)
    assert stream.speak("Ja.").status == status


def test_key_needs_the_scope_speech(stream, make_key):
    stream.headers = {"Authorization": f"Bearer {make_key(scopes=frozenset({Scope.JOBS}))}"}
    assert stream.speak().refusal == (403, "scope_missing")


def test_quota(stream, make_key, counters):
    stream.headers = {"Authorization": f"Bearer {make_key(characters_a_day=15)}"}
    assert stream.speak("Guten Tag.").status == 200
    answer = stream.speak("Guten Tag.")
    assert answer.refusal == (429, "quota_exceeded")
    assert int(answer.headers["retry-after"]) > 0
    assert used(counters) == {"acme": 10}


def test_rate_limit(stream, make_key):
    stream.headers = {"Authorization": f"Bearer {make_key(requests_a_second=1)}"}
    answers = {stream.speak("Ja.").status for _ in range(4)}
    assert 429 in answers


def test_account_in_a_clients_own_header_is_ignored(stream):
    stream.headers = context(ACCOUNT)
    assert stream.speak().refusal == (401, "missing_key")


@pytest.fixture
def signed(environment, doors, monkeypatch, make_stream):
    """The app behind a Function URL with AWS_IAM authorization."""
    monkeypatch.setenv("HERALD_STREAM_AUTH", "AWS_IAM")
    return make_stream()


def test_signature_without_a_key(signed, counters):
    signed.headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=..."} | context(ACCOUNT)
    assert signed.speak("Guten Tag.").status == 200
    assert used(counters) == {"iam-123456789012": 10}


def test_quota_of_an_account(monkeypatch, make_stream, counters):
    monkeypatch.setenv("HERALD_STREAM_AUTH", "AWS_IAM")
    monkeypatch.setenv("HERALD_TOKEN_CHARACTERS_A_DAY", "15")
    signed = make_stream()
    signed.headers = context(ACCOUNT)
    assert signed.speak("Guten Tag.").status == 200
    assert signed.speak("Guten Tag.").refusal == (429, "quota_exceeded")
    assert used(counters) == {"iam-123456789012": 10}


def test_rate_of_an_account_is_counted(signed, counters):
    signed.headers = context(ACCOUNT)
    assert signed.speak("Ja.").status == 200
    assert {account for account, _ in counters.seconds} == {"iam-123456789012"}


def test_key_with_a_signature_decides_the_tenant(signed, counters, make_key):
    signed.headers = {"X-Api-Key": make_key(tenant="other")} | context(ACCOUNT)
    assert signed.speak("Guten Tag.").status == 200
    assert used(counters) == {"other": 10}


@pytest.mark.parametrize("key", ["", "hk_aaaaaaaaaaaa_" + "0" * 48, ["a", "b"]])
def test_invalid_key_is_refused_even_with_a_signature(signed, key):
    signed.headers = {"X-Api-Key": key} | context(ACCOUNT)
    assert signed.speak().refusal == (401, "invalid_key")


@pytest.mark.parametrize(
    "request_context",
    [{}, {"authorizer": None}, {"authorizer": {"iam": {}}}, {"authorizer": {"iam": {"accountId": "../12345678"}}},
     {"authorizer": {"iam": {"accountId": 123456789012}}}, {"authorizer": {"lambda": {"tenant": "acme"}}}],
)  # fmt: skip
def test_request_without_a_signature_is_refused(signed, request_context):
    signed.headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=..."} | context(request_context)
    assert signed.speak().refusal == (401, "missing_key")
