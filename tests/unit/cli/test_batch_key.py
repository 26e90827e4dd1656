"""The key of herald batch: its sources, the servers that receive it, and error messages about it."""

import json

import pytest

from herald.cli import main
from tests.support.batch_api import Service, error, serve

KEY = "hk_abcdefghijkl_0123456789abcdef"
BEARER = f"Bearer {KEY}"
HELLO = "Hello {first_name}."
JSON = {"Content-Type": "application/json"}


def gateway(status, message):
    """Return a response of API Gateway itself."""
    return status, JSON, json.dumps({"message": message}).encode()


@pytest.fixture
def record(service, tmp_path, monkeypatch):
    """stack.json as `make run` writes it, without an address in the environment."""
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
    """Return the received values of the Authorization header."""
    return service.shown[what]


def test_the_key_from_the_environment_is_sent(batch, service, monkeypatch):
    monkeypatch.setenv("HERALD_KEY", f"{KEY}\n")
    assert batch("list") == 0
    assert shown(service) == {BEARER}


def test_without_a_key_none_is_sent(batch, service):
    assert batch("list") == 0
    assert shown(service) == {None}


def test_the_key_of_the_local_stack_is_sent(record, service):
    assert main(["batch", "list"]) == 0
    assert shown(service) == {BEARER}


def test_a_local_stack_that_has_ended_is_to_be_started_again(record, capsys):
    record.write_text(json.dumps({"api_url": "http://127.0.0.1:1", "api_key": KEY}))
    assert main(["batch", "list", "--url", "http://127.0.0.1:1/v1"]) == 1
    expected = "herald: http://127.0.0.1:1 does not respond: Connection refused. Start it again: make run\n"
    assert capsys.readouterr().err == expected


@pytest.mark.parametrize("ending", ["/", "/v1", "/v1/"])
@pytest.mark.usefixtures("record")
def test_the_key_of_the_local_stack_is_sent_to_its_address_in_any_form(service, ending):
    assert main(["batch", "list", "--url", service.base + ending]) == 0
    assert shown(service) == {BEARER}


def test_the_key_from_the_environment_takes_precedence(record, service, monkeypatch):
    monkeypatch.setenv("HERALD_KEY", "hk_other_1")
    assert main(["batch", "list"]) == 0
    assert shown(service) == {"Bearer hk_other_1"}


def test_the_key_of_the_local_stack_is_not_sent_elsewhere(record, elsewhere):
    assert main(["batch", "list", "--url", elsewhere.base]) == 0
    assert shown(elsewhere) == {None}


@pytest.mark.usefixtures("keyed")
@pytest.mark.parametrize(
    "address",
    ["https://example.com", "https://127.0.0.1@example.com", "https://127.0.0.1.example.com", "http://192.168.0.7", 7],
)
@pytest.mark.parametrize("name", ["api_url", "stream_url", "aws_endpoint_url"])
def test_a_stack_file_with_an_address_of_another_machine_is_ignored(record, service, capsys, name, address):
    """Otherwise, a folder from anyone could collect the key of the environment."""
    record.write_text(json.dumps({"api_url": service.base, "api_key": KEY} | {name: address}))
    assert main(["batch", "list"]) == 1
    assert "No address given" in capsys.readouterr().err
    assert service.shown == {}


@pytest.mark.parametrize("content", ["[]", "{", '{"api_key": 1}', "\xff"])
def test_an_invalid_stack_file_has_no_key(record, service, content):
    record.write_text(content)
    assert main(["batch", "list", "--url", service.base]) == 0
    assert shown(service) == {None}


@pytest.mark.usefixtures("keyed")
def test_the_key_is_not_sent_to_links(batch, service):
    assert batch("send", "people.csv", "-t", HELLO, "--download", "out") == 0
    links = {what: values for what, values in service.shown.items() if "/v1/" not in what}
    assert "POST /upload" in links
    assert len(links) > 4
    assert set().union(*links.values()) == {None}
    assert set().union(*(values for what, values in service.shown.items() if what not in links)) == {BEARER}


@pytest.mark.usefixtures("keyed")
def test_a_redirect_to_the_same_host_keeps_the_key(batch, service):
    service.misbehave("GET /v1/batches", (307, {"Location": f"{service.base}/v1/batches?limit=1"}, b""))
    assert batch("list") == 0
    assert shown(service) == {BEARER}


@pytest.mark.usefixtures("keyed")
def test_a_redirect_to_another_host_drops_the_key(batch, service, elsewhere):
    service.misbehave("GET /v1/batches", (307, {"Location": f"{elsewhere.base}/v1/batches?limit=1"}, b""))
    assert batch("list") == 0
    assert shown(elsewhere) == {None}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (error("missing_key", "The request has no key.", 401), "requires a key. Set HERALD_KEY"),
        (error("invalid_key", "The key is not valid.", 401), "rejected the key. Check that HERALD_KEY is complete"),
        (error("key_expired", "The key has expired.", 401), "The key has expired. (key_expired)"),
        (error("scope_missing", "The key is not for batches.", 403), "The key is not for batches. (scope_missing)"),
        (gateway(403, "Missing Authentication Token"), "responded 403 Forbidden; it is not a Herald API"),
        ((403, {}, b"<html>"), "responded 403 Forbidden; it is not a Herald API"),
    ],
)
@pytest.mark.usefixtures("keyed")
def test_a_rejection_is_reported_at_once_without_the_key(batch, service, answer, message, capsys):
    service.misbehave("GET /v1/batches", answer)
    assert batch("list") == 1
    shown = capsys.readouterr().err
    assert message in shown
    assert KEY not in shown
    assert len(service.asked) == 1


def test_an_exceeded_daily_quota_is_not_retried(batch, service, here, capsys):
    status, _, body = error("quota_exceeded", "No more characters today.", 429)
    service.misbehave("GET /v1/batches", (status, {"Retry-After": "40000"}, body))
    assert batch("list") == 1
    assert "No more characters today. (quota_exceeded)" in capsys.readouterr().err
    assert here == []


def test_an_exceeded_rate_limit_is_retried(batch, service, here):
    status, _, body = error("rate_limited", "Too many requests at once.", 429)
    service.misbehave("GET /v1/batches", (status, {"Retry-After": "1"}, body))
    assert batch("list") == 0
    assert here == [1.0]


@pytest.mark.parametrize("key", ["hk_\u00fc_1", "hk_a\nb", "hk_a\x7f"])
def test_an_unprintable_key_is_reported_without_repeating_it(batch, service, key, monkeypatch, capsys):
    monkeypatch.setenv("HERALD_KEY", key)
    assert batch("list") == 1
    shown = capsys.readouterr().err
    assert "HERALD_KEY contains characters that are not valid in a key" in shown
    assert key not in shown
    assert service.asked == []
