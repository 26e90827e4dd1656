"""Who may have a stream: by a key; or by a signature of AWS, with a key or without one."""

import json

import pytest

from herald.jobs.caller import Scope
from herald.jobs.keys import KeySettings
from tests.unit.handlers.conftest import MARKER

ACCOUNT = {"authorizer": {"iam": {"accountId": "123456789012", "userArn": "arn:aws:iam::123456789012:user/anna"}}}


def context(value):
    return {"x-amzn-request-context": json.dumps(value)}


@pytest.fixture
def make_key(doors):
    """Make a key; give it back as it is shown."""
    return lambda **settings: str(doors.create(KeySettings(**{"tenant": "acme"} | settings))[1])


def used(counters):
    """Characters by tenant."""
    return {tenant: used["characters"] for (tenant, _), used in counters.used.items()}


def test_the_keys_tenant_pays(stream, counters):
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
def test_a_key_that_is_none_is_refused_in_one_shape(stream, header, code, capsys):
    stream.headers = {} if header is None else {"Authorization": header}
    answer = stream.speak(MARKER)
    assert answer.refusal == (401, code)
    assert answer.headers["www-authenticate"] == "Bearer"
    said = capsys.readouterr()
    assert MARKER not in answer.body.decode() + said.out + said.err


def test_a_key_that_is_sent_twice_is_none(stream, make_key):
    stream.headers = {"Authorization": [f"Bearer {make_key()}", f"Bearer {make_key()}"]}
    assert stream.speak().refusal == (401, "invalid_key")


def test_a_key_that_has_ended_is_told_so(stream, doors):
    key, shown = doors.create(KeySettings(tenant="acme"))
    doors.revoke(key.id)
    stream.headers = {"Authorization": f"Bearer {shown}"}
    assert stream.speak().refusal == (401, "key_revoked")


@pytest.mark.parametrize(("seconds", "status"), [("0", 401), ("60", 200)])
def test_a_key_is_remembered_as_long_as_the_operator_says(doors, monkeypatch, make_stream, seconds, status):
    monkeypatch.setenv("HERALD_KEY_CACHE_SECONDS", seconds)
    stream = make_stream()
    key, shown = doors.create(KeySettings(tenant="acme"))
    stream.headers = {"Authorization": f"Bearer {shown}"}
    assert stream.speak("Ja.").status == 200
    doors.revoke(key.id)
    assert stream.speak("Ja.").status == status


def test_a_key_must_be_for_speech(stream, make_key):
    stream.headers = {"Authorization": f"Bearer {make_key(scopes=frozenset({Scope.JOBS}))}"}
    assert stream.speak().refusal == (403, "scope_missing")


def test_a_quota_is_kept(stream, make_key, counters):
    stream.headers = {"Authorization": f"Bearer {make_key(characters_a_day=15)}"}
    assert stream.speak("Guten Tag.").status == 200
    answer = stream.speak("Guten Tag.")
    assert answer.refusal == (429, "quota_exceeded")
    assert int(answer.headers["retry-after"]) > 0
    assert used(counters) == {"acme": 10}


def test_a_rate_is_kept(stream, make_key):
    stream.headers = {"Authorization": f"Bearer {make_key(requests_a_second=1)}"}
    answers = {stream.speak("Ja.").status for _ in range(4)}
    assert 429 in answers


def test_what_a_caller_says_of_its_account_counts_for_nothing(stream):
    stream.headers = context(ACCOUNT)
    assert stream.speak().refusal == (401, "missing_key")


@pytest.fixture
def signed(environment, doors, monkeypatch, make_stream):
    """The app behind a URL whose requests AWS signs."""
    monkeypatch.setenv("HERALD_STREAM_AUTH", "AWS_IAM")
    return make_stream()


def test_a_signature_is_enough(signed, counters):
    signed.headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=..."} | context(ACCOUNT)
    assert signed.speak("Guten Tag.").status == 200
    assert used(counters) == {"iam-123456789012": 10}


def test_an_account_has_a_quota(monkeypatch, make_stream, counters):
    monkeypatch.setenv("HERALD_STREAM_AUTH", "AWS_IAM")
    monkeypatch.setenv("HERALD_TOKEN_CHARACTERS_A_DAY", "15")
    signed = make_stream()
    signed.headers = context(ACCOUNT)
    assert signed.speak("Guten Tag.").status == 200
    assert signed.speak("Guten Tag.").refusal == (429, "quota_exceeded")
    assert used(counters) == {"iam-123456789012": 10}


def test_requests_of_an_account_are_counted_by_the_second(signed, counters):
    signed.headers = context(ACCOUNT)
    assert signed.speak("Ja.").status == 200
    assert {account for account, _ in counters.seconds} == {"iam-123456789012"}


def test_beside_a_signature_a_key_tells_the_tenant(signed, counters, make_key):
    signed.headers = {"X-Api-Key": make_key(tenant="other")} | context(ACCOUNT)
    assert signed.speak("Guten Tag.").status == 200
    assert used(counters) == {"other": 10}


@pytest.mark.parametrize("key", ["", "hk_aaaaaaaaaaaa_" + "0" * 48, ["a", "b"]])
def test_a_wrong_key_is_refused_even_beside_a_signature(signed, key):
    signed.headers = {"X-Api-Key": key} | context(ACCOUNT)
    assert signed.speak().refusal == (401, "invalid_key")


@pytest.mark.parametrize(
    "told",
    [{}, {"authorizer": None}, {"authorizer": {"iam": {}}}, {"authorizer": {"iam": {"accountId": "../12345678"}}},
     {"authorizer": {"iam": {"accountId": 123456789012}}}, {"authorizer": {"lambda": {"tenant": "acme"}}}],
)  # fmt: skip
def test_without_a_signature_nobody_is_let_in(signed, told):
    signed.headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=..."} | context(told)
    assert signed.speak().refusal == (401, "missing_key")
