"""A fake of the public catalogue on this machine, and an empty voice folder."""

import pytest

from herald.cli import main
from herald.speech.voices.catalog import Catalog
from tests.unit.speech.published.server import KEY, serve, tiny_server


@pytest.fixture(autouse=True)
def user_folder(monkeypatch, tmp_path):
    """Only the voices of the package and of the test, and no proxy."""
    monkeypatch.setattr("herald.speech.voices.catalog.LAYER", tmp_path / "opt")
    monkeypatch.setattr("herald.speech.voices.catalog.user_folder", lambda: tmp_path / "user")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "user"


@pytest.fixture
def server():
    made = tiny_server()
    end = serve(made)
    yield made
    end()


@pytest.fixture
def add(server):
    """herald voices add, with the server's catalogue."""
    return lambda *arguments: main(["voices", "add", "--catalog", server.base, *arguments])


@pytest.fixture
def refused(add, capsys):
    """Run herald voices add, which must fail, and return its standard error."""

    def run(*arguments):
        assert add(*arguments) == 1
        message = capsys.readouterr().err
        assert "Traceback" not in message
        assert KEY not in Catalog().voices
        return message

    return run
