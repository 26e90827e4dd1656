"""The key: where herald batch has it from, who gets to see it, and what is told of one that opens nothing."""

import json

import pytest

from herald.cli import main
from tests.unit.cli.service import Service, error, serve

KEY = "hk_abcdefghijkl_0123456789abcdef"
BEARER = f"Bearer {KEY}"
HELLO = "Hello {first_name}."
JSON = {"Content-Type": "application/json"}


def gateway(status, message):
    """An answer of API Gateway's own."""
    return status, JSON, json.dumps({"message": message}).encode()


@pytest.fixture
def record(service, tmp_path, monkeypatch):
    """stack.json, as `make run` writes it; nothing in the environment tells an address."""
    monkeypatch.delenv("HERALD_URL")
    (tmp_path / ".local").mkdir()
    file = tmp_path / ".local" / "stack.json"
    file.write_text(json.dumps({"api_url": service.base, "api_key": KEY}))
    return file


@pytest.fixture
def keyed(monkeypatch):
    monkeypatch.setenv("HERALD_KEY", KEY)


@pytest.fixture
def elsewhere(service):
    """Another server."""
    other = Service()
    end = serve(other)
    yield other
    end()


def shown(service, what="GET /v1/batches"):
    """What was shown of a key, in all requests of a kind."""
    return service.shown[what]


def test_the_environments_key_is_shown(batch, service, monkeypatch):
    monkeypatch.setenv("HERALD_KEY", f"{KEY}\n")
    assert batch("list") == 0
    assert shown(service) == {BEARER}


def test_without_a_key_none_is_shown(batch, service):
    assert batch("list") == 0
    assert shown(service) == {None}


def test_the_stack_of_this_folder_has_its_key(record, service):
    assert main(["batch", "list"]) == 0
    assert shown(service) == {BEARER}


def test_the_environments_key_comes_before_the_stacks(record, service, monkeypatch):
    monkeypatch.setenv("HERALD_KEY", "hk_other_1")
    assert main(["batch", "list"]) == 0
    assert shown(service) == {"Bearer hk_other_1"}


def test_the_stacks_key_is_not_shown_elsewhere(record, elsewhere):
    assert main(["batch", "list", "--url", elsewhere.base]) == 0
    assert shown(elsewhere) == {None}


@pytest.mark.parametrize("content", ["[]", "{", '{"api_key": 1}', "\xff"])
def test_a_record_that_is_none_tells_no_key(record, service, content):
    record.write_text(content)
    assert main(["batch", "list", "--url", service.base]) == 0
    assert shown(service) == {None}


@pytest.mark.usefixtures("keyed")
def test_links_never_see_the_key(batch, service):
    assert batch("send", "people.csv", "-t", HELLO, "--download", "out") == 0
    links = {what: values for what, values in service.shown.items() if "/v1/" not in what}
    assert "POST /upload" in links
    assert len(links) > 4
    assert set().union(*links.values()) == {None}
    assert set().union(*(values for what, values in service.shown.items() if what not in links)) == {BEARER}


@pytest.mark.usefixtures("keyed")
def test_a_redirect_takes_the_key_along_on_the_same_host(batch, service):
    service.misbehave("GET /v1/batches", (307, {"Location": f"{service.base}/v1/batches?limit=1"}, b""))
    assert batch("list") == 0
    assert shown(service) == {BEARER}


@pytest.mark.usefixtures("keyed")
def test_a_redirect_takes_no_key_to_another_host(batch, service, elsewhere):
    service.misbehave("GET /v1/batches", (307, {"Location": f"{elsewhere.base}/v1/batches?limit=1"}, b""))
    assert batch("list") == 0
    assert shown(elsewhere) == {None}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (gateway(401, "Unauthorized"), "asks for a key. Set HERALD_KEY to one of that Herald's"),
        (gateway(403, "Forbidden"), "does not take that key. Is HERALD_KEY a whole one, and of that Herald?"),
        (error("key_expired", "The key has expired.", 401), "The key has expired. (key_expired)"),
        (error("scope_missing", "The key is not for batches.", 403), "The key is not for batches. (scope_missing)"),
        (gateway(403, "Missing Authentication Token"), "answered 403 Forbidden, not as Herald does"),
        ((403, {}, b"<html>"), "answered 403 Forbidden, not as Herald does"),
    ],
)
@pytest.mark.usefixtures("keyed")
def test_a_refusal_is_told_at_once_without_the_key(batch, service, answer, told, capsys):
    service.misbehave("GET /v1/batches", answer)
    assert batch("list") == 1
    shown = capsys.readouterr().err
    assert told in shown
    assert KEY not in shown
    assert len(service.asked) == 1


def test_a_day_that_is_used_up_is_not_waited_for(batch, service, here, capsys):
    status, _, body = error("quota_exceeded", "No more characters today.", 429)
    service.misbehave("GET /v1/batches", (status, {"Retry-After": "40000"}, body))
    assert batch("list") == 1
    assert "No more characters today. (quota_exceeded)" in capsys.readouterr().err
    assert here == []


def test_a_second_that_is_used_up_is_waited_for(batch, service, here):
    status, _, body = error("rate_limited", "Too many requests at once.", 429)
    service.misbehave("GET /v1/batches", (status, {"Retry-After": "1"}, body))
    assert batch("list") == 0
    assert here == [1.0]


@pytest.mark.parametrize("key", ["hk_\u00fc_1", "hk_a\nb", "hk_a\x7f"])
def test_a_key_that_no_header_carries_is_told_without_it(batch, service, key, monkeypatch, capsys):
    monkeypatch.setenv("HERALD_KEY", key)
    assert batch("list") == 1
    shown = capsys.readouterr().err
    assert "HERALD_KEY holds signs that no key has" in shown
    assert key not in shown
    assert service.asked == []
