"""The contract of KeyStore, for DynamoDB and the fake; rows contain no secret."""

from datetime import UTC, datetime, timedelta

import pytest

from herald.auth.api_keys import Key, PlaintextKey
from herald.auth.caller import Scope
from herald.errors import BrokenInstallation, Unavailable, UnreadableRow
from tests.support.job_fakes import MemoryKeys
from tests.support.unreliable_network import unreliable
from tests.unit.aws.conftest import KEYS

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FULL = {
    "name": "the site", "tier": "vip", "scopes": frozenset({Scope.SPEECH, Scope.JOBS}), "characters_a_day": 0,
    "requests_a_second": 50, "expires_at": NOON + timedelta(days=1, microseconds=7),
    "revoked_at": NOON, "rotated_to": "abcdefghijkl",
}  # fmt: skip


@pytest.fixture(params=["memory", "dynamo"])
def keys(request):
    """The key table and its fake, which share their contract tests."""
    return MemoryKeys() if request.param == "memory" else request.getfixturevalue("dynamo_keys")


def a_key(**fields):
    shown = PlaintextKey.new()
    return Key(**{"id": shown.id, "digest": shown.digest, "tenant": "acme", "created_at": NOON} | fields)


@pytest.mark.parametrize("fields", [{}, FULL, {"scopes": frozenset()}], ids=["plain", "full", "for nothing"])
def test_a_stored_key_is_returned_unchanged(keys, fields):
    key = a_key(**fields)
    keys.add(key)
    assert keys.get(key.id) == key


def test_a_key_is_added_if_the_response_is_lost(dynamo_keys, monkeypatch):
    with unreliable(monkeypatch, "PutItem") as network:
        network.fates.append("lost")
        dynamo_keys.add(key := a_key())
        with pytest.raises(BrokenInstallation):
            dynamo_keys.add(a_key(id=key.id))
    assert dynamo_keys.get(key.id) == key


def test_a_missing_key_is_none(keys):
    assert keys.get("abcdefghijkl") is None
    assert keys.revoke("abcdefghijkl", NOON) is None
    assert keys.list() == []


def test_keys_are_listed_by_tenant_and_age(keys):
    late, early = a_key(created_at=NOON + timedelta(hours=1)), a_key()
    other = a_key(tenant="zoo")
    for key in (other, late, early):
        keys.add(key)
    assert keys.list() == [early, late, other]
    assert keys.list("zoo") == [other]
    assert keys.list("unknown") == []


def test_revoking_is_idempotent(keys):
    key = a_key()
    keys.add(key)
    assert keys.revoke(key.id, NOON).revoked_at == NOON
    assert keys.revoke(key.id, NOON + timedelta(days=1)).revoked_at == NOON
    assert keys.get(key.id) == key.model_copy(update={"revoked_at": NOON})


def test_a_key_is_replaced_once(keys):
    old, new, another = a_key(), a_key(), a_key()
    keys.add(old)
    changes = {"expires_at": NOON + timedelta(days=7)}
    replaced = old.model_copy(update=changes | {"rotated_to": new.id})
    assert keys.replace(replaced, new)
    assert (keys.get(old.id), keys.get(new.id)) == (replaced, new)
    assert not keys.replace(old.model_copy(update=changes | {"rotated_to": another.id}), another)
    assert (keys.get(old.id), keys.get(another.id)) == (replaced, None)


def test_a_revoked_key_is_not_replaced(keys):
    old, new = a_key(), a_key()
    keys.add(old)
    keys.revoke(old.id, NOON)
    assert not keys.replace(old.model_copy(update={"expires_at": NOON, "rotated_to": new.id}), new)
    assert keys.get(new.id) is None


def test_rows_contain_no_secret_and_no_time_to_live(dynamo_keys, aws):
    shown = PlaintextKey.new()
    dynamo_keys.add(a_key(id=shown.id, digest=shown.digest, **FULL))
    (row,) = aws.dynamodb.scan(TableName=KEYS)["Items"]
    assert shown.secret not in str(row)
    assert "expires" not in row  # an expired key gets its own error, so its row has to stay


def test_usage_rows_are_not_listed_as_keys(dynamo_keys, aws):
    for name in ("usage#acme#2026-11-22", "rate#abc#1", "batch#1"):
        aws.dynamodb.put_item(TableName=KEYS, Item={"id": {"S": name}, "characters": {"N": "1"}})
    assert dynamo_keys.list() == []


def test_the_error_for_an_unreadable_row_contains_no_values(dynamo_keys, aws):
    row = {"id": {"S": "key#abcdefghijkl"}, "tenant": {"S": "acme"}, "created_at": {"S": "soon"}, "digest": {"S": "x"}}
    aws.dynamodb.put_item(TableName=KEYS, Item=row)
    with pytest.raises(UnreadableRow, match=r"version of Herald \(created_at\)"):
        dynamo_keys.get("abcdefghijkl")


@pytest.mark.parametrize("operation", ["GetItem", "PutItem", "UpdateItem", "TransactWriteItems", "Scan", "Query"])
def test_a_throttled_table_is_unavailable(dynamo_keys, aws, fail, operation):
    fail(aws.dynamodb, operation, "ThrottlingException")
    key = a_key()
    calls = {
        "GetItem": lambda: dynamo_keys.get(key.id),
        "PutItem": lambda: dynamo_keys.add(key),
        "UpdateItem": lambda: dynamo_keys.revoke(key.id, NOON),
        "TransactWriteItems": lambda: dynamo_keys.replace(key.model_copy(update={"expires_at": NOON}), a_key()),
        "Scan": dynamo_keys.list,
        "Query": lambda: dynamo_keys.list("acme"),
    }
    with pytest.raises(Unavailable):
        calls[operation]()


def test_a_rotation_that_meets_another_write_is_unavailable_and_changes_nothing(dynamo_keys, aws, fail):
    dynamo_keys.add(key := a_key())
    fail(aws.dynamodb, "TransactWriteItems", "TransactionCanceledException", times=1)
    ending, new = key.model_copy(update={"expires_at": NOON, "rotated_to": "bcdefghijklm"}), a_key(id="bcdefghijklm")
    with pytest.raises(Unavailable):
        dynamo_keys.replace(ending, new)
    assert dynamo_keys.list() == [key]
    assert dynamo_keys.replace(ending, new)
