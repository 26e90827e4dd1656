"""The caller in an authorizer context: the round trip is lossless, and malformed contexts are rejected."""

import pytest
from pydantic import ValidationError

from herald.auth.caller import Caller, Scope
from herald.errors import Forbidden, InvalidSettings

PLAIN = {
    "tenant": "acme", "key": "1f0c9a2b3c4d", "tier": "standard", "scopes": "speech jobs batches",
    "characters_a_day": "1000000", "requests_a_second": "50",
}  # fmt: skip
CALLERS = [
    Caller(tenant="acme"),
    Caller(tenant="a", key="abc", tier="vip", scopes=frozenset()),
    Caller(tenant="9-", scopes={Scope.SPEECH}, characters_a_day=1, requests_a_second=1),
]


def test_context_format():
    caller = Caller(tenant="acme", key="1f0c9a2b3c4d", characters_a_day=1_000_000, requests_a_second=50)
    assert caller.context() == PLAIN
    assert Caller(tenant="acme").context() == PLAIN | dict.fromkeys(
        ("key", "characters_a_day", "requests_a_second"), ""
    )


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.tenant)
def test_caller_round_trips_through_context(caller):
    assert Caller.of_context(caller.context()) == caller
    assert all(isinstance(value, str) for value in caller.context().values())


def test_unknown_scopes_are_ignored():
    assert Caller.of_context(PLAIN | {"scopes": "speech cloning"}).scopes == {Scope.SPEECH}


@pytest.mark.parametrize("scopes", ["", None])
def test_context_without_scopes_permits_nothing(scopes):
    assert Caller.of_context(PLAIN | {"scopes": scopes}).scopes == frozenset()


@pytest.mark.parametrize(
    ("name", "value"),
    [("tenant", None), ("tenant", "../acme"), ("tier", "king"), ("tier", ""), ("characters_a_day", "many"),
     ("characters_a_day", "-1"), ("requests_a_second", "0"), ("tenant", ["acme"])],
)  # fmt: skip
def test_malformed_context_is_rejected(name, value):
    with pytest.raises(InvalidSettings, match=name):
        Caller.of_context(PLAIN | {name: value})


@pytest.mark.parametrize("tenant", ["", "-a", "A", "a_b", "a" * 64, "a b", "a/b", "a.b", "a\n", "ä", "a#b", "\ud800"])
def test_unsafe_tenant_names_are_rejected(tenant):
    with pytest.raises(ValidationError):
        Caller(tenant=tenant)


def test_caller_is_limited_to_its_scopes():
    caller = Caller(tenant="acme", scopes={Scope.SPEECH, Scope.BATCHES})
    caller.require(Scope.SPEECH)
    with pytest.raises(Forbidden, match="It has: speech batches") as refused:
        caller.require(Scope.JOBS)
    assert refused.value.code == "scope_missing"


@pytest.mark.parametrize(
    ("tier", "priority", "wanted"),
    [("standard", None, "standard"), ("standard", "standard", "standard"), ("vip", None, "vip"),
     ("vip", "standard", "standard"), ("vip", "vip", "vip")],
)  # fmt: skip
def test_default_priority_is_the_callers_tier(tier, priority, wanted):
    assert Caller(tenant="acme", tier=tier).tier_for(priority) == wanted


def test_standard_caller_cannot_request_vip():
    with pytest.raises(Forbidden) as refused:
        Caller(tenant="acme").tier_for("vip")
    assert (refused.value.code, refused.value.param) == ("priority_not_allowed", "priority")
