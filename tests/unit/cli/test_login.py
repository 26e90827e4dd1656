"""herald login stores an address and a key, which the other commands use."""

import io
import json
import sys

import pytest

from herald.cli import main
from herald.cli.environment import profiles_file
from tests.support.batch_api import error

USAGE = {"object": "usage", "tenant": "acme", "tier": "standard", "scopes": ["speech"]}


def answer(value, status=200):
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


@pytest.fixture
def login(service, monkeypatch):
    """`login("staging")` stores a profile of the fake service with a key; returns the exit status."""
    monkeypatch.delenv("HERALD_URL")

    def login(*words, key="hk_a_b\n", url=None):
        monkeypatch.setattr(sys, "stdin", io.StringIO(key))
        service.misbehave("GET /v1/usage", answer(USAGE))
        return main(["login", *words, "--url", url or service.base])

    return login


def shown(service, what="GET /v1/batches"):
    return service.shown[what]


def test_the_commands_use_the_default_profile(service, login, capsys):
    assert login(url=f"{service.base}/v1/") == 0
    assert capsys.readouterr().out == f"default: {service.base}, tenant acme\n"
    assert shown(service, "GET /v1/usage") == {"Bearer hk_a_b"}
    assert main(["batch", "list"]) == 0
    assert shown(service) == {"Bearer hk_a_b"}
    assert profiles_file().stat().st_mode & 0o077 == 0


def test_the_environment_selects_a_profile(service, login, monkeypatch):
    assert login() == 0
    assert login("staging", key="hk_c_d\n") == 0
    monkeypatch.setenv("HERALD_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("HERALD_KEY", "hk_e_f")
    monkeypatch.setenv("HERALD_PROFILE", "staging")
    assert main(["batch", "list"]) == 0
    assert shown(service) == {"Bearer hk_c_d"}


def test_the_key_of_a_profile_is_sent_to_its_address_only(service, login, monkeypatch):
    assert login() == 0
    other = service.base.replace("127.0.0.1", "localhost")
    main(["batch", "list", "--url", other])
    assert shown(service) == {None}


def test_a_key_of_the_environment_wins_over_the_default_profile(service, login, monkeypatch):
    assert login() == 0
    monkeypatch.setenv("HERALD_KEY", "hk_e_f")
    assert main(["batch", "list"]) == 0
    assert shown(service) == {"Bearer hk_e_f"}


def test_a_rejected_key_is_not_stored(service, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("hk_a_b\n"))
    service.misbehave("GET /v1/usage", error("invalid_key", "The API key is not valid.", 401))
    assert main(["login"]) == 1
    assert "rejected the key" in capsys.readouterr().err
    assert not profiles_file().exists()


@pytest.mark.parametrize("key", ["\n", "", "hk_a\x00b\n", "hk_ä\n"])
def test_a_key_must_be_one(service, login, key, capsys):
    assert login(key=key) == 1
    assert (
        capsys.readouterr().err
        == "herald: The key is empty, or has characters that no key has. Copy the complete key again.\n"
    )


def test_a_profile_is_deleted(service, login, capsys):
    assert login("staging") == 0
    assert main(["logout", "staging", "--json"]) == 0
    assert main(["logout", "staging"]) == 1
    assert capsys.readouterr().err == "herald: There is no profile 'staging'. Profiles: none.\n"


@pytest.mark.parametrize("content", ["{", "[]", '{"default": {}}', '{"default": 1}'])
def test_a_damaged_file_is_named(content, capsys):
    profiles_file().parent.mkdir(parents=True)
    profiles_file().write_text(content)
    assert main(["batch", "list"]) == 1
    assert capsys.readouterr().err == f"herald: {profiles_file()} is damaged. Delete it, and use herald login again.\n"


def test_an_unknown_profile_is_reported(monkeypatch, capsys):
    monkeypatch.setenv("HERALD_PROFILE", "nowhere")
    assert main(["batch", "list"]) == 1
    assert "herald login nowhere --url" in capsys.readouterr().err
