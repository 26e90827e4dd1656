"""A fake batch service on this machine, and a manifest."""

import sys

import pytest

from herald.cli import main
from tests.support.batch_api import Service, serve

PEOPLE = "id,first_name\np1,Aaron\np2,Ada\np3,Abe\np4,Amy\n"


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path):
    """An empty working folder, no proxy, and no pauses; returns the list of pauses requested."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HERALD_URL", raising=False)
    monkeypatch.delenv("HERALD_KEY", raising=False)
    monkeypatch.delenv("HERALD_PROFILE", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    pauses = []
    monkeypatch.setattr("herald.cli.api_client.sleep", pauses.append)
    monkeypatch.setattr("herald.cli.batch_transfer.sleep", lambda _: None)
    (tmp_path / "people.csv").write_text(PEOPLE)
    return pauses


@pytest.fixture
def service(monkeypatch):
    made = Service()
    end = serve(made)
    monkeypatch.setenv("HERALD_URL", made.base)
    yield made
    end()


@pytest.fixture
def batch(service):
    """herald batch, against the fake service."""
    return lambda *words: main(["batch", *words])


@pytest.fixture
def terminal(monkeypatch, capsys):
    """Standard error is a terminal."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda _: True)  # pytest changes the stream, not its type
