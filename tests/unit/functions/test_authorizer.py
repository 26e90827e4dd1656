"""The authorizer passes the caller of a valid key to the functions, and for others the code of the refusal."""

import os
from datetime import timedelta

import pytest

from herald.auth.api_keys import KeyRing, KeySettings, PlaintextKey
from herald.auth.caller import Caller, Scope
from herald.aws.key_table import DynamoKeys
from herald.clock import utc_now
from herald.errors import HeraldError
from herald.functions import authorizer
from tests.hostile.cases import HERE, build, read_lines
from tests.support.moto_cloud import KEYS
from tests.unit.functions.conftest import Context, event

NOT_KEYS = {case["name"]: build(case["authorization"]) for case in read_lines(HERE / "keys.jsonl")}
SETTINGS = KeySettings(tenant="acme", tier="vip", scopes={Scope.JOBS}, characters_a_day=1_000_000, requests_a_second=50)


@pytest.fixture
def ring(cloud):
    return KeyRing(DynamoKeys(cloud.clients.dynamodb, table=KEYS), clock=utc_now)


@pytest.fixture
def key(ring):
    return ring.create(SETTINGS)


def refusal(code="invalid_key"):
    return {"isAuthorized": True, "context": {"refused": code}}


def ask(authorization, **headers):
    asked = event("authorizer__valid_key")
    asked["headers"] |= {"authorization": authorization} | headers
    if authorization is None:
        del asked["headers"]["authorization"]
    return authorizer.handler(asked, Context())


def test_valid_key_is_accepted(key):
    made, shown = key
    caller = Caller(
        tenant="acme", key=made.id, tier="vip", scopes={Scope.JOBS}, characters_a_day=1_000_000, requests_a_second=50
    )
    assert ask(f"Bearer {shown}") == {"isAuthorized": True, "context": caller.context()}


@pytest.mark.parametrize("authorization", NOT_KEYS.values(), ids=NOT_KEYS)
def test_malformed_key_is_refused_without_a_call_to_aws(key, cloud, authorization):
    cloud.asked.clear()
    assert ask(authorization.replace("{key}", str(key[1]))) == refusal()
    assert cloud.asked == []


def test_malformed_header_is_refused(cloud):
    assert ask(["a", "b"]) == refusal()


@pytest.mark.parametrize("authorization", [None, "", []])
def test_missing_header_is_refused(cloud, authorization):
    assert ask(authorization) == refusal("missing_key")


def test_forged_key_is_refused(key):
    assert ask(f"Bearer {PlaintextKey(id=key[0].id, secret='0' * 48)}") == refusal()
    assert ask(f"Bearer {PlaintextKey.new()}") == refusal()


def test_two_headers_are_refused_whatever_their_case(key):
    shown = f"Bearer {key[1]}"
    assert ask(shown, Authorization=shown) == refusal()
    assert ask([shown, shown]) == refusal()


def test_header_name_is_case_insensitive(key):
    assert ask(None, Authorization=f"Bearer {key[1]}")["isAuthorized"] is True


ENDS = {
    "key_revoked": lambda ring, key: ring.revoke(key.id),
    "key_expired": lambda ring, key: ring.rotate(key.id, grace=timedelta()),
}


@pytest.mark.parametrize(("code", "end"), ENDS.items(), ids=ENDS)
def test_expired_or_revoked_key_has_its_own_code(ring, key, code, end):
    end(ring, key[0])
    assert ask(f"Bearer {key[1]}") == refusal(code)
    assert ask(f"Bearer {PlaintextKey(id=key[0].id, secret='0' * 48)}") == refusal()


@pytest.mark.parametrize(("seconds", "revoked"), [("0", refusal("key_revoked")), ("60", None)])
def test_valid_key_is_cached(ring, key, monkeypatch, seconds, revoked):
    monkeypatch.setenv("HERALD_KEY_CACHE_SECONDS", seconds)
    before = ask(f"Bearer {key[1]}")
    ring.revoke(key[0].id)
    assert ask(f"Bearer {key[1]}") == (revoked or before)


@pytest.mark.parametrize("fault", ["silent", "throttled", "forbidden"])
def test_no_request_is_authorized_if_keys_cannot_be_read(key, cloud, fault):
    """The authorizer raises, so API Gateway responds 500 and caches no decision."""
    if fault == "silent":
        cloud.silence("dynamodb")
    else:
        cloud.refuse("dynamodb", "GetItem", {"throttled": "ThrottlingException"}.get(fault, "AccessDeniedException"))
    with pytest.raises(HeraldError) as error:
        ask(f"Bearer {key[1]}")
    assert error.value.code == {"forbidden": "broken_installation"}.get(fault, "unavailable")
    assert key[1].secret not in str(error.value)


def test_keys_are_not_logged(ring, key, cloud, capsys, monkeypatch):
    monkeypatch.setenv("HERALD_KEY_CACHE_SECONDS", "0")
    made, shown = key
    ask(f"Bearer {shown}")
    ask(f"Bearer {shown}0")
    ask(f"Bearer {shown}, Bearer {shown}")
    ring.revoke(made.id)
    ask(f"Bearer {shown}")
    cloud.refuse("dynamodb", "GetItem")
    with pytest.raises(HeraldError):
        ask(f"Bearer {shown}")
    output = capsys.readouterr()
    assert made.id in output.out  # the id is logged, the secret is not
    assert shown.secret not in output.out + output.err
    assert "Bearer" not in output.out + output.err


def test_keys_outside_the_table_are_refused(cloud, key, monkeypatch):
    """A key in the environment is not accepted."""
    monkeypatch.setenv("HERALD_KEY", str(PlaintextKey.new()))
    assert ask(f"Bearer {os.environ['HERALD_KEY']}") == refusal()
