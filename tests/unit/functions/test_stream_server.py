"""The web server of the streaming app, over a real socket."""

import logging
import os
import runpy
import signal
import threading
import time
import warnings
from contextlib import contextmanager, suppress

import httpx
import pytest
from aws_lambda_powertools import Logger

from herald.functions.speech_stream.__main__ import log_to, server
from herald.speech.audio.formats import find_format
from herald.speech.engine import Piece
from local.process import free_port
from tests.support.asgi_client import PATH
from tests.unit.functions.conftest import MARKER, logged


class Broken:
    """A fake stream that fails after one piece."""

    format, sample_rate, seconds = find_format("mp3"), 22_050, 1.0

    def pieces(self):
        yield Piece(b"audio")
        raise ValueError(MARKER)


@pytest.fixture(autouse=True)
def loggers():
    """Restore the loggers that the server changes."""
    theirs = logging.getLogger("uvicorn.error")
    before = theirs.level, theirs.handlers[:], theirs.filters[:]
    yield
    theirs.level, theirs.handlers, theirs.filters = before
    logging.logAsyncioTasks = True


@contextmanager
def served(stream):
    """Serve the app as behind the adapter, and yield an HTTP client."""
    port = free_port()
    web = server(stream.app, Logger(), port)
    thread = threading.Thread(target=web.run)
    thread.start()
    try:
        until = time.monotonic() + 10
        while not web.started and time.monotonic() < until:
            time.sleep(0.01)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=stream.headers, trust_env=False) as client:
            yield client
    finally:
        web.should_exit = True
        thread.join(10)
    assert not thread.is_alive()


def test_failed_audio_stream_is_cut_off_so_that_the_client_notices(stream, monkeypatch, capsys):
    monkeypatch.setattr("herald.speech.engine.Engine.stream", lambda *_, **__: Broken())
    with served(stream) as http, http.stream("POST", PATH, json={"input": MARKER}) as answer:
        parts = answer.iter_raw()
        assert next(parts) == b"audio"
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
            list(parts)
    output = capsys.readouterr()
    assert MARKER not in output.out + output.err
    assert "broken" in {line.get("ending") for line in logged(output.out)}


def test_head_is_get_without_a_body(stream):
    with served(stream) as client:
        for path in ("/health", "/v1/models", "/v1/audio/voices", "/v1/audio/speech", "/v1/jobs"):
            get, head = client.get(path), client.head(path)
            assert (head.status_code, head.content) == (get.status_code, b"")
            assert "content-length" not in head.headers
            assert head.headers["content-type"] == get.headers["content-type"]


def test_server_does_not_identify_itself(stream):
    with served(stream) as http:
        headers = http.get("/health").headers
    assert "server" not in headers
    assert "x-powered-by" not in headers


def test_headers_over_the_limit_of_the_app_are_refused(stream):
    with served(stream) as http:
        answer = http.get("/health", headers={"X-Much": "a" * 30_000})
        assert (answer.status_code, answer.json()["error"]["code"]) == (431, "headers_too_large")


def test_server_does_not_log_exceptions(environment, capsys):
    log_to(Logger())
    logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=ValueError(MARKER))
    output = capsys.readouterr()
    (line,) = logged(output.out)
    assert line["message"] == "Exception in ASGI application"
    assert MARKER not in output.out + output.err


@pytest.fixture
def terminable():
    """Ignore SIGTERM: the server raises it once more when it has ended."""
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    yield
    signal.signal(signal.SIGTERM, before)


def test_the_program_answers_health_checks_on_its_port_until_it_is_terminated(cloud, terminable, monkeypatch):
    port, statuses, ended = free_port(), [], threading.Event()
    monkeypatch.setenv("PORT", str(port))

    def check():
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            while not statuses and not ended.wait(0.01):
                with suppress(httpx.ConnectError):
                    statuses.append(client.get("/health").status_code)
        if not ended.is_set():
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=check)
    thread.start()
    try:
        with warnings.catch_warnings(action="ignore"):  # the package is imported already
            runpy.run_module("herald.functions.speech_stream", run_name="__main__")
    finally:
        ended.set()
        thread.join()
    assert statuses == [200]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False)
