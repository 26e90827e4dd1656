"""Lexicons of tenants: versions, limits, defaults, and concurrent changes."""

import pytest

from herald.errors import InvalidRequest, Unavailable, UnknownLexicon
from herald.jobs.lexicon_service import MOST_OF_A_TENANT, LexiconIndex, LexiconService
from herald.speech.lexicons import Entry, Lexicon
from tests.support.job_fakes import MemoryLexicons
from tests.support.job_samples import NOON

NGINX = Lexicon((Entry("nginx", alias="engine x"),), "en")
OTHER = Lexicon((Entry("nginx", alias="engine ex"),), "en")


@pytest.fixture
def store():
    return MemoryLexicons()


@pytest.fixture
def lexicons(store):
    return LexiconService(store=store, clock=lambda: NOON)


def test_a_lexicon_is_found_under_its_name(lexicons):
    card, is_new = lexicons.put("acme", "brands", NGINX)
    assert (card.name, card.version, card.entries, card.language, card.default, is_new) == (
        "brands", 1, 1, "en", False, True,
    )  # fmt: skip
    assert lexicons.find("acme", "brands") == (card, NGINX)
    assert lexicons.list("acme") == [card]
    assert card.checksum == NGINX.checksum


def test_other_tenants_do_not_see_it(lexicons):
    lexicons.put("acme", "brands", NGINX)
    assert lexicons.list("other") == []
    with pytest.raises(UnknownLexicon):
        lexicons.find("other", "brands")
    with pytest.raises(UnknownLexicon):
        lexicons.delete("other", "brands")
    with pytest.raises(InvalidRequest) as raised:
        lexicons.chosen("other", ["brands"])
    assert (raised.value.code, raised.value.param) == ("unknown_lexicon", "lexicons.0")


def test_a_change_is_a_new_version_and_the_old_one_expires(lexicons, store):
    first, _ = lexicons.put("acme", "brands", NGINX)
    second, is_new = lexicons.put("acme", "brands", OTHER)
    assert (second.version, is_new) == (2, False)
    assert [one.lexicon for one in lexicons.chosen("acme", ["brands"])] == [OTHER]
    assert store.get(first.reference) == NGINX, "jobs that were accepted before still read it"
    assert store.released == [first.reference]


def test_the_same_content_again_changes_nothing(lexicons, store):
    first, _ = lexicons.put("acme", "brands", NGINX)
    assert lexicons.put("acme", "brands", NGINX) == (first, False)
    assert (store.released, len(store.contents)) == ([], 1)


def test_the_same_content_under_two_names_expires_separately(lexicons, store):
    one, _ = lexicons.put("acme", "one", NGINX)
    two, _ = lexicons.put("acme", "two", NGINX)
    lexicons.delete("acme", "one")
    assert store.released == [one.reference] != [two.reference]
    assert lexicons.find("acme", "two")[1] == NGINX


def test_defaults_apply_to_requests_without_names(lexicons):
    lexicons.put("acme", "b", NGINX, default=True)
    lexicons.put("acme", "a", OTHER, default=True)
    lexicons.put("acme", "c", OTHER)
    assert [one.lexicon for one in lexicons.chosen("acme", None)] == [OTHER, NGINX]
    assert lexicons.chosen("acme", []) == ()
    assert [one.lexicon for one in lexicons.chosen("acme", ["c", "b", "c"])] == [OTHER, NGINX]


def test_the_default_is_kept_until_it_is_changed(lexicons):
    lexicons.put("acme", "brands", NGINX, default=True)
    kept, _ = lexicons.put("acme", "brands", OTHER)
    assert kept.default
    changed, _ = lexicons.put("acme", "brands", OTHER, default=False)
    assert (changed.default, changed.version) == (False, kept.version)
    lexicons.put("acme", "brands", OTHER, default=True)
    lexicons.delete("acme", "brands")
    assert lexicons.chosen("acme", None) == ()


def test_at_most_five_apply_by_default(lexicons):
    for number in range(5):
        lexicons.put("acme", f"n{number}", NGINX, default=True)
    with pytest.raises(InvalidRequest) as raised:
        lexicons.put("acme", "n5", NGINX, default=True)
    assert (raised.value.code, raised.value.param) == ("too_many_lexicons", "default")


def test_a_tenant_has_at_most_100(lexicons, store):
    for number in range(MOST_OF_A_TENANT):
        lexicons.put("acme", f"n{number}", NGINX)
    with pytest.raises(InvalidRequest) as raised:
        lexicons.put("acme", "more", NGINX)
    assert raised.value.code == "too_many_lexicons"
    assert len(store.contents) == MOST_OF_A_TENANT, "nothing was stored"
    lexicons.put("acme", "n0", OTHER)
    lexicons.put("other", "more", NGINX)


def test_concurrent_changes_keep_each_other(lexicons, store):
    store.meanwhile = [lambda: lexicons.put("acme", "other", OTHER)]
    lexicons.put("acme", "brands", NGINX)
    assert [card.name for card in lexicons.list("acme")] == ["brands", "other"]
    assert len(store.contents) == 2


def test_a_concurrent_change_to_the_same_content_leaves_no_current_version_to_expire(lexicons, store):
    store.meanwhile = [lambda: lexicons.put("acme", "brands", NGINX)]
    lexicons.put("acme", "brands", NGINX)
    (card,) = lexicons.list("acme")
    assert card.version == 1
    assert card.reference not in store.released
    assert len(store.contents) - len(store.released) == 1


def test_changes_that_keep_conflicting_fail_for_now(lexicons, store):
    revisions = iter(range(1, 100))
    store.meanwhile = [lambda: store.indexes.update(acme=LexiconIndex(revision=next(revisions)))] * 20
    with pytest.raises(Unavailable):
        lexicons.put("acme", "brands", NGINX)
    assert lexicons.list("acme") == []


def test_a_version_that_may_have_been_stored_does_not_expire(lexicons, store, monkeypatch):
    replace = store.replace

    def lost(*args, **more):
        replace(*args, **more)
        raise Unavailable("The response was lost.")

    monkeypatch.setattr(store, "replace", lost)
    with pytest.raises(Unavailable):
        lexicons.put("acme", "brands", NGINX)
    (card,) = lexicons.list("acme")
    assert card.reference not in store.released


def test_a_version_that_was_refused_expires(lexicons, store):
    store.meanwhile = [lambda: [lexicons.put("acme", f"n{at}", OTHER) for at in range(MOST_OF_A_TENANT)]]
    with pytest.raises(InvalidRequest):
        lexicons.put("acme", "brands", NGINX)
    assert len(store.released) == 1
