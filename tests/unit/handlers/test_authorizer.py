"""The authorizer lets in whoever shows a valid key, and tells the functions who that is."""

import os
from datetime import timedelta

import pytest

from herald.aws.keys import DynamoKeys
from herald.errors import HeraldError
from herald.handlers import api, authorizer
from herald.jobs.caller import Caller, Scope
from herald.jobs.job import utc_now
from herald.jobs.keyring import KeyRing
from herald.jobs.keys import KeySettings, ShownKey
from tests.hostile.cases import HERE, build, read_lines
from tests.unit.handlers.cloud import KEYS
from tests.unit.handlers.conftest import Context, event
from tests.unit.handlers.http_events import event_of

NOBODY = {"isAuthorized": False, "context": {}}
NOT_KEYS = {case["name"]: build(case["authorization"]) for case in read_lines(HERE / "keys.jsonl")}
SETTINGS = KeySettings(tenant="acme", tier="vip", scopes={Scope.JOBS}, characters_a_day=1_000_000, requests_a_second=50)


@pytest.fixture
def ring(cloud):
    return KeyRing(DynamoKeys(cloud.clients.dynamodb, table=KEYS), clock=utc_now)


@pytest.fixture
def key(ring):
    return ring.create(SETTINGS)


def ask(authorization, **headers):
    asked = event("authorizer__valid_key")
    asked["headers"] |= {"authorization": authorization} | headers
    if authorization is None:
        del asked["headers"]["authorization"]
    return authorizer.handler(asked, Context())


def test_a_valid_key_passes(key):
    made, shown = key
    caller = Caller(
        tenant="acme", key=made.id, tier="vip", scopes={Scope.JOBS}, characters_a_day=1_000_000, requests_a_second=50
    )
    assert ask(f"Bearer {shown}") == {"isAuthorized": True, "context": caller.context()}


@pytest.mark.parametrize("authorization", NOT_KEYS.values(), ids=NOT_KEYS)
def test_what_is_no_key_does_not_pass(key, cloud, authorization):
    cloud.asked.clear()
    assert ask(authorization.replace("{key}", str(key[1]))) == NOBODY
    assert cloud.asked == []


@pytest.mark.parametrize("authorization", [None, "", [], ["a", "b"]])
def test_nothing_does_not_pass(cloud, authorization):
    assert ask(authorization) == NOBODY


def test_a_forged_key_does_not_pass(key):
    assert ask(f"Bearer {ShownKey(id=key[0].id, secret='0' * 48)}") == NOBODY
    assert ask(f"Bearer {ShownKey.new()}") == NOBODY


def test_two_headers_do_not_pass_however_they_are_written(key):
    shown = f"Bearer {key[1]}"
    assert ask(shown, Authorization=shown) == NOBODY
    assert ask([shown, shown]) == NOBODY


def test_one_header_may_be_written_in_capitals(key):
    assert ask(None, Authorization=f"Bearer {key[1]}")["isAuthorized"] is True


ENDS = {
    "key_revoked": lambda ring, key: ring.revoke(key.id),
    "key_expired": lambda ring, key: ring.rotate(key.id, grace=timedelta()),
}


@pytest.mark.parametrize(("code", "end"), ENDS.items(), ids=ENDS)
def test_who_proves_a_key_that_ended_is_told_so_by_the_functions(ring, key, code, end):
    end(ring, key[0])
    answer = ask(f"Bearer {key[1]}")
    assert answer == {"isAuthorized": True, "context": {"refused": code}}
    assert ask(f"Bearer {ShownKey(id=key[0].id, secret='0' * 48)}") == NOBODY
    refused = api.handler(event_of("GET", "/v1/jobs", {}, told=answer["context"]), Context())
    assert refused["statusCode"] == 401
    assert f'"code":"{code}"' in refused["body"]
    assert refused["headers"]["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("fault", ["silent", "throttled", "forbidden"])
def test_nobody_passes_where_keys_cannot_be_read(key, cloud, fault):
    """It raises: API Gateway answers 500, and remembers nothing."""
    if fault == "silent":
        cloud.silence("dynamodb")
    else:
        cloud.refuse("dynamodb", "GetItem", {"throttled": "ThrottlingException"}.get(fault, "AccessDeniedException"))
    with pytest.raises(HeraldError) as error:
        ask(f"Bearer {key[1]}")
    assert error.value.code == {"forbidden": "broken_installation"}.get(fault, "unavailable")
    assert key[1].secret not in str(error.value)


def test_no_log_holds_a_key(ring, key, cloud, capsys):
    made, shown = key
    ask(f"Bearer {shown}")
    ask(f"Bearer {shown}0")
    ask(f"Bearer {shown}, Bearer {shown}")
    ring.revoke(made.id)
    ask(f"Bearer {shown}")
    cloud.refuse("dynamodb", "GetItem")
    with pytest.raises(HeraldError):
        ask(f"Bearer {shown}")
    said = capsys.readouterr()
    assert made.id in said.out  # who was let in, not by what
    assert shown.secret not in said.out + said.err
    assert "Bearer" not in said.out + said.err


def test_a_key_of_the_table_alone_decides(cloud, key, monkeypatch):
    """No variable of the environment opens the door."""
    monkeypatch.setenv("HERALD_KEY", str(ShownKey.new()))
    assert ask(f"Bearer {os.environ['HERALD_KEY']}") == NOBODY
