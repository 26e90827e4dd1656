"""The operator makes, replaces and ends keys; each is seen whole once."""

import re
from datetime import timedelta

import pytest

from herald.errors import InvalidRequest, Unauthorized
from herald.jobs.caller import Scope
from herald.jobs.door import Door
from herald.jobs.keyring import KeyRing
from herald.jobs.keys import KeySettings, ShownKey
from tests.fakes import MemoryKeys
from tests.unit.jobs.services import NOON, Time

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
def test_no_key_is_made_for_the_tenant_of_a_token_or_an_account(ring, keys, tenant):
    with pytest.raises(InvalidRequest, match="Choose another name"):
        ring.create(SETTINGS.model_copy(update={"tenant": tenant}))
    assert keys.list() == []


@pytest.fixture
def code(keys, time):
    """What the door says to a key: None where it opens."""

    def code(shown):
        try:
            Door(keys, clock=time).admit(f"Bearer {shown}")
        except Unauthorized as error:
            return error.code

    return code


def test_a_key_is_long_random_and_of_one_shape():
    keys = {str(ShownKey.new()) for _ in range(1_000)}
    assert len(keys) == 1_000
    assert all(re.fullmatch(r"hk_[a-z2-7]{12}_[0-9a-f]{48}", key) for key in keys)
    assert all(str(ShownKey.parse(key)) == key for key in keys)


def test_a_key_is_shown_by_its_id_only():
    shown = ShownKey.new()
    assert repr(shown) == f"<key {shown.id}>"


def test_what_is_made_opens_the_door_and_is_kept_without_its_secret(ring, keys, code):
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


def test_a_key_that_has_expired_already_is_not_made(ring, keys):
    with pytest.raises(InvalidRequest, match="expires in the past"):
        ring.create(SETTINGS.model_copy(update={"expires_at": NOON}))
    assert keys.keys == {}


def test_two_keys_are_valid_at_once_until_the_grace_is_over(ring, code, time):
    key, first = ring.create(SETTINGS)
    old, new, second = ring.rotate(key.id, grace=DAY)
    assert (old.id, old.expires_at, old.rotated_to) == (key.id, NOON + DAY, new.id)
    assert {name: getattr(new, name) for name in KeySettings.model_fields} == dict(SETTINGS)
    assert (code(first), code(second)) == (None, None)
    time.move(DAY.total_seconds() - 1)
    assert (code(first), code(second)) == (None, None)
    time.move(1)
    assert (code(first), code(second)) == ("key_expired", None)


def test_a_grace_makes_no_key_live_longer(ring):
    key, _ = ring.create(SETTINGS.model_copy(update={"expires_at": NOON + DAY}))
    assert ring.rotate(key.id)[0].expires_at == NOON + DAY


def test_a_new_key_lives_as_long_as_the_old_one_did(ring, time):
    key, _ = ring.create(SETTINGS.model_copy(update={"expires_at": NOON + 10 * DAY}))
    time.move(9 * DAY.total_seconds())
    assert ring.rotate(key.id)[1].expires_at == NOON + 19 * DAY


def test_or_as_long_as_it_is_told(ring):
    key, _ = ring.create(SETTINGS)
    assert ring.rotate(key.id, expires_at=NOON + 3 * DAY)[1].expires_at == NOON + 3 * DAY


def test_no_grace_ends_the_old_one_at_once(ring, code):
    key, first = ring.create(SETTINGS)
    ring.rotate(key.id, grace=timedelta())
    assert code(first) == "key_expired"


def ended(act):
    with pytest.raises(InvalidRequest) as error:
        act()
    return error.value.code


def test_what_has_ended_is_not_replaced(ring, time):
    revoked, _ = ring.create(SETTINGS)
    ring.revoke(revoked.id)
    replaced, _ = ring.create(SETTINGS)
    ring.rotate(replaced.id)
    expired, _ = ring.create(SETTINGS.model_copy(update={"expires_at": NOON + DAY}))
    time.move(DAY.total_seconds())
    for key in (revoked, replaced, expired):
        assert ended(lambda key=key: ring.rotate(key.id)) == "key_ended"


def test_two_who_replace_one_key_make_one(ring, keys, code):
    """The other one comes between the reading and the writing."""
    key, _ = ring.create(SETTINGS)

    def meanwhile(method, when):
        if (method, when) == ("replace", "before"):
            keys.faults.on_call = lambda *_: None
            ring.rotate(key.id)

    keys.faults.on_call = meanwhile
    assert ended(lambda: ring.rotate(key.id)) == "key_ended"
    assert len(keys.keys) == 2


def test_revoked_is_revoked_at_once_and_for_ever(ring, code, time):
    key, shown = ring.create(SETTINGS)
    assert ring.revoke(key.id).revoked_at == NOON
    assert code(shown) == "key_revoked"
    time.move(60)
    assert ring.revoke(key.id).revoked_at == NOON


def test_what_is_not_there_is_told(ring):
    assert ended(lambda: ring.rotate("abcdefghijkl")) == ended(lambda: ring.revoke("abcdefghijkl")) == "unknown_key"


def test_keys_are_listed(ring):
    made = [ring.create(SETTINGS.model_copy(update={"tenant": name}))[0] for name in ("acme", "globex")]
    assert ring.list() == made
    assert ring.list("globex") == made[1:]
