"""Who shows a key that is valid comes in; nobody else learns more than that he does not."""

import hmac
from datetime import timedelta

import pytest

from herald.errors import Unauthorized, Unavailable
from herald.jobs import keys as keys_module
from herald.jobs.caller import Caller, Scope
from herald.jobs.door import Door, RememberingDoor, refusal
from herald.jobs.keys import Key, ShownKey
from tests.fakes import MemoryKeys
from tests.hostile.cases import HERE, build, read_lines
from tests.unit.jobs.services import NOON

SHOWN = ShownKey(id="abcdefghijkl", secret="0123456789abcdef" * 3)
WRONG = ShownKey(id=SHOWN.id, secret="f" * 48)
NOBODYS = ShownKey(id="zzzzzzzzzzzz", secret="0123456789abcdef" * 3)
KEY = Key(
    id=SHOWN.id,
    digest=SHOWN.digest,
    tenant="acme",
    tier="vip",
    scopes={Scope.JOBS},
    characters_a_day=100,
    requests_a_second=5,
    created_at=NOON - timedelta(days=1),
)
CALLER = Caller(tenant="acme", key=SHOWN.id, tier="vip", scopes={Scope.JOBS}, characters_a_day=100, requests_a_second=5)
NOT_KEYS = {
    case["name"]: build(case["authorization"]).replace("{key}", str(SHOWN)) for case in read_lines(HERE / "keys.jsonl")
}


@pytest.fixture
def keys():
    return MemoryKeys(KEY)


@pytest.fixture
def door(keys):
    return Door(keys, clock=lambda: NOON)


def refused(door, authorization):
    with pytest.raises(Unauthorized) as error:
        door.admit(authorization)
    return error.value.code


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "Bearer   "])
def test_a_key_opens_the_door(door, scheme):
    assert door.admit(f"{scheme}{SHOWN}") == CALLER


@pytest.mark.parametrize("authorization", [None, "", " ", "\t"])
def test_who_shows_nothing_is_asked_for_a_key(door, authorization):
    assert refused(door, authorization) == "missing_key"


@pytest.mark.parametrize("authorization", NOT_KEYS.values(), ids=NOT_KEYS)
def test_what_is_no_key_is_refused_and_never_looked_up(door, keys, monkeypatch, authorization):
    monkeypatch.setattr(ShownKey, "digest", property(lambda _: pytest.fail("it was hashed")))
    assert refused(door, authorization) == "invalid_key"
    assert keys.calls == {}


@pytest.mark.parametrize("shown", [WRONG, NOBODYS], ids=["wrong secret", "unknown id"])
def test_a_forged_key_is_refused_on_one_path(door, keys, monkeypatch, shown):
    """In the same time, whether there is a key of that id or not: it is looked up, hashed and compared alike."""
    compared, real = [], hmac.compare_digest

    def compare(first, second):
        compared.append((len(first), len(second)))
        return real(first, second)

    monkeypatch.setattr(keys_module.hmac, "compare_digest", compare)
    with pytest.raises(Unauthorized) as error:
        door.admit(f"Bearer {shown}")
    assert (error.value.code, error.value.message) == ("invalid_key", refusal("invalid_key").message)
    assert compared == [(64, 64)]
    assert keys.calls == {"get": 1}


ENDED = {
    "expired": ({"expires_at": NOON}, "key_expired"),
    "revoked": ({"revoked_at": NOON - timedelta(hours=1)}, "key_revoked"),
    "both": ({"expires_at": NOON, "revoked_at": NOON}, "key_revoked"),
}


@pytest.mark.parametrize(("fields", "code"), ENDED.values(), ids=ENDED)
def test_who_proves_the_secret_of_a_key_that_ended_is_told_so(fields, code):
    door = Door(MemoryKeys(KEY.model_copy(update=fields)), clock=lambda: NOON)
    assert refused(door, f"Bearer {SHOWN}") == code
    assert refused(door, f"Bearer {WRONG}") == "invalid_key"


def test_a_key_is_valid_until_it_expires():
    door = Door(MemoryKeys(KEY.model_copy(update={"expires_at": NOON + timedelta(seconds=1)})), clock=lambda: NOON)
    assert door.admit(f"Bearer {SHOWN}") == CALLER


def test_nobody_is_let_in_where_the_keys_cannot_be_read(door, keys):
    keys.faults.before("get", Unavailable("No."))
    with pytest.raises(Unavailable):
        door.admit(f"Bearer {SHOWN}")


class Tokens:
    def __init__(self):
        self.seen = []

    def caller(self, token):
        self.seen.append(token)
        return Caller(tenant="globex")


def test_what_is_no_key_may_be_a_token(keys):
    tokens = Tokens()
    door = Door(keys, clock=lambda: NOON, tokens=tokens)
    assert door.admit("Bearer aaa.bbb.ccc").tenant == "globex"
    assert door.admit(f"Bearer {SHOWN}") == CALLER
    assert refused(door, f"Bearer {WRONG}") == "invalid_key"
    assert refused(door, f"Bearer {'a' * 9_000}") == "invalid_key"
    assert tokens.seen == ["aaa.bbb.ccc"]


@pytest.fixture
def now():
    return [1_000.0]


@pytest.fixture
def remembering(door, now):
    return RememberingDoor(door, seconds=60, most=3, now=lambda: now[0])


def test_who_was_let_in_is_remembered_for_a_minute(remembering, keys, now):
    for seconds, lookups in ((0, 1), (59.9, 1), (0.2, 2), (1, 2)):
        now[0] += seconds
        assert remembering.admit(f"Bearer {SHOWN}") == CALLER
        assert keys.calls["get"] == lookups


def test_who_was_revoked_is_refused_a_minute_later(remembering, keys, now):
    remembering.admit(f"Bearer {SHOWN}")
    keys.revoke(KEY.id, NOON)
    assert remembering.admit(f"Bearer {SHOWN}") == CALLER
    now[0] += 60
    assert refused(remembering, f"Bearer {SHOWN}") == "key_revoked"


def test_who_was_refused_is_not_remembered(remembering, keys):
    assert refused(remembering, f"Bearer {WRONG}") == "invalid_key"
    assert refused(remembering, f"Bearer {NOBODYS}") == "invalid_key"
    assert refused(remembering, f"Bearer {NOBODYS}") == "invalid_key"
    assert refused(remembering, None) == "missing_key"
    assert keys.calls["get"] == 3


def test_another_secret_is_not_let_in_by_what_is_remembered(remembering):
    remembering.admit(f"Bearer {SHOWN}")
    assert refused(remembering, f"Bearer {WRONG}") == "invalid_key"


def test_memory_holds_no_key_and_does_not_grow(remembering):
    for spaces in range(1, 20):
        remembering.admit(f"Bearer{' ' * spaces}{SHOWN}")
    assert len(remembering._known) == 3
    assert SHOWN.secret not in repr(remembering._known)
