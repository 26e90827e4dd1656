"""Authentication by key or token. An unauthenticated caller learns nothing else."""

import hmac
from datetime import timedelta

import pytest

from herald.auth import api_keys as keys_module
from herald.auth.api_keys import Key, PlaintextKey
from herald.auth.authenticator import Authenticator, CachingAuthenticator, refusal
from herald.auth.caller import Caller, Scope
from herald.errors import Unauthorized, Unavailable
from tests.hostile.cases import HERE, build, read_lines
from tests.support.job_fakes import MemoryKeys
from tests.support.job_services import NOON

SHOWN = PlaintextKey(id="abcdefghijkl", secret="0123456789abcdef" * 3)
WRONG = PlaintextKey(id=SHOWN.id, secret="f" * 48)
UNKNOWN = PlaintextKey(id="zzzzzzzzzzzz", secret="0123456789abcdef" * 3)
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
    return Authenticator(keys, clock=lambda: NOON)


def refused(door, authorization):
    with pytest.raises(Unauthorized) as error:
        door.admit(authorization)
    return error.value.code


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "Bearer   "])
def test_valid_key_is_accepted(door, scheme):
    assert door.admit(f"{scheme}{SHOWN}") == CALLER


@pytest.mark.parametrize("authorization", [None, "", " ", "\t"])
def test_missing_credentials(door, authorization):
    assert refused(door, authorization) == "missing_key"


@pytest.mark.parametrize("authorization", NOT_KEYS.values(), ids=NOT_KEYS)
def test_malformed_key_is_rejected_without_a_lookup(door, keys, monkeypatch, authorization):
    monkeypatch.setattr(PlaintextKey, "digest", property(lambda _: pytest.fail("it was hashed")))
    assert refused(door, authorization) == "invalid_key"
    assert keys.calls == {}


@pytest.mark.parametrize("shown", [WRONG, UNKNOWN], ids=["wrong secret", "unknown id"])
def test_forged_keys_take_the_same_path(door, keys, monkeypatch, shown):
    """The lookup, the hash and the comparison happen even if the key does not exist, so that timing reveals nothing."""
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
def test_state_of_an_ended_key_is_disclosed_only_with_its_secret(fields, code):
    door = Authenticator(MemoryKeys(KEY.model_copy(update=fields)), clock=lambda: NOON)
    assert refused(door, f"Bearer {SHOWN}") == code
    assert refused(door, f"Bearer {WRONG}") == "invalid_key"


def test_key_is_valid_until_it_expires():
    door = Authenticator(
        MemoryKeys(KEY.model_copy(update={"expires_at": NOON + timedelta(seconds=1)})), clock=lambda: NOON
    )
    assert door.admit(f"Bearer {SHOWN}") == CALLER


def test_unreadable_key_store_is_unavailable(door, keys):
    keys.faults.before("get", Unavailable("No."))
    with pytest.raises(Unavailable):
        door.admit(f"Bearer {SHOWN}")


class Tokens:
    def __init__(self):
        self.seen = []

    def caller(self, token):
        self.seen.append(token)
        return Caller(tenant="globex")


def test_other_credentials_are_verified_as_tokens(keys):
    tokens = Tokens()
    door = Authenticator(keys, clock=lambda: NOON, tokens=tokens)
    assert door.admit("Bearer aaa.bbb.ccc").tenant == "globex"
    assert door.admit(f"Bearer {SHOWN}") == CALLER
    assert refused(door, f"Bearer {WRONG}") == "invalid_key"
    assert refused(door, f"Bearer {'a' * 9_000}") == "invalid_key"
    assert tokens.seen == ["aaa.bbb.ccc"]


@pytest.fixture
def now():
    return [1_000.0]


@pytest.fixture
def caching(door, now):
    return CachingAuthenticator(door, seconds=60, most=3, now=lambda: now[0])


def test_authentication_is_cached_for_a_minute(caching, keys, now):
    for seconds, lookups in ((0, 1), (59.9, 1), (0.2, 2), (1, 2)):
        now[0] += seconds
        assert caching.admit(f"Bearer {SHOWN}") == CALLER
        assert keys.calls["get"] == lookups


def test_revocation_takes_effect_within_a_minute(caching, keys, now):
    caching.admit(f"Bearer {SHOWN}")
    keys.revoke(KEY.id, NOON)
    assert caching.admit(f"Bearer {SHOWN}") == CALLER
    now[0] += 60
    assert refused(caching, f"Bearer {SHOWN}") == "key_revoked"


def test_failures_are_not_cached(caching, keys):
    assert refused(caching, f"Bearer {WRONG}") == "invalid_key"
    assert refused(caching, f"Bearer {UNKNOWN}") == "invalid_key"
    assert refused(caching, f"Bearer {UNKNOWN}") == "invalid_key"
    assert refused(caching, None) == "missing_key"
    assert keys.calls["get"] == 3


def test_another_secret_does_not_hit_the_cache(caching):
    caching.admit(f"Bearer {SHOWN}")
    assert refused(caching, f"Bearer {WRONG}") == "invalid_key"


def test_cache_holds_no_key_and_is_bounded(caching):
    for spaces in range(1, 20):
        caching.admit(f"Bearer{' ' * spaces}{SHOWN}")
    assert len(caching._cache) == 3
    assert SHOWN.secret not in repr(caching._cache)
