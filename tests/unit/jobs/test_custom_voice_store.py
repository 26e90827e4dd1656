"""Changes of a tenant's custom voices beside other changes, and those of the operator."""

import pytest

from herald.errors import Unavailable, UnknownEnrolment
from herald.jobs.custom_voice_records import TenantVoices, change_voices, disable
from tests.support.custom_voice_fakes import MemoryCustomVoices


@pytest.fixture
def store():
    return MemoryCustomVoices()


def enrol_another(before):
    return before.model_copy(update={"enrolled": before.enrolled + 1})


def test_a_change_that_meets_another_one_keeps_both(store):
    store.meanwhile.append(lambda: disable(store, "acme", None, disabled=True))
    change_voices(store, "acme", enrol_another)
    assert store.voices("acme") == TenantVoices(revision=2, disabled=True, enrolled=1)


def test_a_change_that_always_meets_another_one_fails_for_now(store):
    def collide():
        before = store.voices("acme")
        store.tenants["acme"] = enrol_another(before).model_copy(update={"revision": before.revision + 1})

    store.meanwhile += [collide] * 100
    with pytest.raises(Unavailable, match="Try again"):
        disable(store, "acme", None, disabled=True)
    assert not store.voices("acme").disabled


def test_a_change_without_effect_is_not_stored(store):
    disable(store, "acme", None, disabled=False)
    assert store.tenants == {}


def test_the_operator_is_told_that_a_voice_does_not_exist(store):
    with pytest.raises(UnknownEnrolment, match="The tenant acme has no voice with that id"):
        disable(store, "acme", f"voice_{'0' * 32}", disabled=True)
    assert store.tenants == {}
