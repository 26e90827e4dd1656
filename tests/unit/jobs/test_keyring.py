"""Creation, rotation and revocation of keys. Each secret is returned only once."""

import re
from datetime import timedelta

import pytest

from herald.auth.api_keys import KeyRing, KeySettings, PlaintextKey
from herald.auth.authenticator import Authenticator
from herald.auth.caller import Scope
from herald.errors import InvalidRequest, Unauthorized
from tests.support.job_fakes import MemoryKeys
from tests.support.job_services import NOON, Time

SETTINGS = KeySettings(
    tenant="acme", name="website", tier="vip", scopes={Scope.JOBS}, characters_a_day=9, requests_a_second=3
)
DAY = timedelta(days=1)


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def keys():
    return MemoryKeys()


@pytest.fixture
def ring(keys, time):
    return KeyRing(keys, clock=time)


@pytest.mark.parametrize("tenant", ["jwt-acme", "iam-123456789012"])
def test_reserved_tenant_names_are_rejected(ring, keys, tenant):
    with pytest.raises(InvalidRequest, match="Choose another name"):
        ring.create(SETTINGS.model_copy(update={"tenant": tenant}))
    assert keys.list() == []


@pytest.fixture
def code(keys, time):
    """Return a function that gives the error code of a key, or None if it is valid."""

    def code(shown):
        try:
            Authenticator(keys, clock=time).admit(f"Bearer {shown}")
        except Unauthorized as error:
            return error.code

    return code


def test_new_keys_are_random_and_well_formed():
    keys = {str(PlaintextKey.new()) for _ in range(1_000)}
    assert len(keys) == 1_000
    assert all(re.fullmatch(r"hk_[a-z2-7]{12}_[0-9a-f]{48}", key) for key in keys)
    assert all(str(PlaintextKey.parse(key)) == key for key in keys)


def test_repr_contains_only_the_id():
    shown = PlaintextKey.new()
    assert repr(shown) == f"<key {shown.id}>"


def test_new_key_is_valid_and_stored_without_its_secret(ring, keys, code):
    key, shown = ring.create(SETTINGS)
    assert code(shown) is None
    assert keys.get(key.id) == key
    assert (key.tenant, key.name, key.tier, key.scopes, key.created_at) == (
        "acme",
        "website",
        "vip",
        {Scope.JOBS},
        NOON,
    )
    assert shown.secret not in key.model_dump_json()


def test_expiry_in_the_past_is_rejected(ring, keys):
    with pytest.raises(InvalidRequest, match="expiry of the key is in the past"):
        ring.create(SETTINGS.model_copy(update={"expires_at": NOON}))
    assert keys.keys == {}


def test_both_keys_are_valid_during_the_grace_period(ring, code, time):
    key, first = ring.create(SETTINGS)
    old, new, second = ring.rotate(key.id, grace=DAY)
    assert (old.id, old.expires_at, old.rotated_to) == (key.id, NOON + DAY, new.id)
    assert {name: getattr(new, name) for name in KeySettings.model_fields} == dict(SETTINGS)
    assert (code(first), code(second)) == (None, None)
    time.move(DAY.total_seconds() - 1)
    assert (code(first), code(second)) == (None, None)
    time.move(1)
    assert (code(first), code(second)) == ("key_expired", None)


def test_grace_period_does_not_extend_the_expiry(ring):
    key, _ = ring.create(SETTINGS.model_copy(update={"expires_at": NOON + DAY}))
    assert ring.rotate(key.id)[0].expires_at == NOON + DAY


def test_new_key_has_the_lifetime_of_the_old_one(ring, time):
    key, _ = ring.create(SETTINGS.model_copy(update={"expires_at": NOON + 10 * DAY}))
    time.move(9 * DAY.total_seconds())
    assert ring.rotate(key.id)[1].expires_at == NOON + 19 * DAY


def test_explicit_expiry_of_a_new_key(ring):
    key, _ = ring.create(SETTINGS)
    assert ring.rotate(key.id, expires_at=NOON + 3 * DAY)[1].expires_at == NOON + 3 * DAY


def test_without_grace_the_old_key_expires_immediately(ring, code):
    key, first = ring.create(SETTINGS)
    ring.rotate(key.id, grace=timedelta())
    assert code(first) == "key_expired"


def ended(act):
    with pytest.raises(InvalidRequest) as error:
        act()
    return error.value.code


def test_ended_keys_cannot_be_rotated(ring, time):
    revoked, _ = ring.create(SETTINGS)
    ring.revoke(revoked.id)
    replaced, _ = ring.create(SETTINGS)
    ring.rotate(replaced.id)
    expired, _ = ring.create(SETTINGS.model_copy(update={"expires_at": NOON + DAY}))
    time.move(DAY.total_seconds())
    for key in (revoked, replaced, expired):
        assert ended(lambda key=key: ring.rotate(key.id)) == "key_ended"


def test_concurrent_rotations_create_one_key(ring, keys, code):
    """The other rotation happens between the read and the write."""
    key, _ = ring.create(SETTINGS)

    def meanwhile(method, when):
        if (method, when) == ("replace", "before"):
            keys.faults.on_call = lambda *_: None
            ring.rotate(key.id)

    keys.faults.on_call = meanwhile
    assert ended(lambda: ring.rotate(key.id)) == "key_ended"
    assert len(keys.keys) == 2


def test_revocation_is_immediate_and_permanent(ring, code, time):
    key, shown = ring.create(SETTINGS)
    assert ring.revoke(key.id).revoked_at == NOON
    assert code(shown) == "key_revoked"
    time.move(60)
    assert ring.revoke(key.id).revoked_at == NOON


def test_unknown_key_is_an_error(ring):
    assert ended(lambda: ring.rotate("abcdefghijkl")) == ended(lambda: ring.revoke("abcdefghijkl")) == "unknown_key"


def test_keys_are_listed(ring):
    made = [ring.create(SETTINGS.model_copy(update={"tenant": name}))[0] for name in ("acme", "globex")]
    assert ring.list() == made
    assert ring.list("globex") == made[1:]
