"""Limits of the streaming server against hostile and slow clients, over real sockets."""

import asyncio
import base64
import json
import socket
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from herald.functions import speech
from herald.speech.audio.formats import find_format
from herald.speech.engine import Engine, Piece
from herald.web.stream_protocol import BoundedProtocol, Bounds
from herald.web.stream_response import release_memory
from tests.support.asgi_client import PATH
from tests.support.http_events import JSON, as_json, event_of
from tests.unit.functions.conftest import Context
from tests.unit.functions.test_stream_server import loggers, served

__all__ = ["loggers"]
"""An autouse fixture."""

QUICK = Bounds(head_seconds=0.4, body_seconds=0.6, stalled_seconds=1.5, connections=12)
BODY = as_json({"input": "Guten Tag."})


@pytest.fixture
def quick(monkeypatch):
    """Limits short enough for tests."""
    monkeypatch.setattr(BoundedProtocol, "bounds", QUICK)


@contextmanager
def dialled(http):
    """Yield a socket to the server with a timeout of ten seconds."""
    with socket.create_connection((http.base_url.host, http.base_url.port), timeout=10) as connection:
        yield connection


def head(http, *more, method="POST", length=None):
    lines = [
        f"{method} {PATH} HTTP/1.1",
        "Host: herald",
        f"Authorization: {http.headers['authorization']}",
        "Content-Type: application/json",
        *([] if length is None else [f"Content-Length: {length}"]),
        *more,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def received(connection):
    """Read until the server closes the connection."""
    data = b""
    with suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            data += part
    return data


def refusal(data):
    """Return the status and code of an error response in Herald's format."""
    lines, _, body = data.partition(b"\r\n\r\n")
    first, *headers = lines.decode().split("\r\n")
    named = {name.lower(): value for name, _, value in (line.partition(": ") for line in headers)}
    assert named["content-type"] == "application/json"
    assert named["connection"] == "close"
    assert named["cache-control"] == "no-store"
    assert named["x-request-id"]
    error = json.loads(body)["error"]
    assert sorted(error) == ["code", "message", "param", "type"]
    return int(first.split()[1]), error["code"]


@pytest.mark.parametrize("size", [70_000, 1_000_000])
def test_huge_head_is_refused(stream, size):
    with served(stream) as http, dialled(http) as connection:
        connection.sendall(head(http, "Connection: close", f"X-Much: {'a' * size}"))
        assert refusal(received(connection)) == (431, "headers_too_large")


@pytest.mark.parametrize(
    "sent",
    [
        b"hello\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET /\r\n\r\n",
        b"\0" * 100 + b"\r\n\r\n",
    ],
    ids=["a word", "TLS", "HTTP/0.9", "zeros"],
)
def test_invalid_http_is_refused(stream, quick, sent):
    with served(stream) as http, dialled(http) as connection:
        connection.sendall(sent)
        status, code = refusal(received(connection))
        assert (status, code) in {(400, "invalid_request"), (408, "request_timeout")}


def test_body_with_two_lengths_is_refused(stream):
    with served(stream) as http, dialled(http) as connection:
        chunked = f"{len(BODY):x}\r\n".encode() + BODY + b"\r\n0\r\n\r\n"
        connection.sendall(head(http, "Transfer-Encoding: chunked", length=len(BODY)) + chunked)
        assert refusal(received(connection)) == (400, "invalid_request")


def test_endless_head_times_out(stream, quick):
    with served(stream) as http, dialled(http) as connection:
        connection.sendall(b"POST /v1/audio/speech HTTP/1.1\r\n")
        began = time.monotonic()
        with suppress(OSError):
            while time.monotonic() - began < 5:
                connection.sendall(b"X-A: b\r\n")  # each line arrives in time, the whole head does not
                time.sleep(0.05)
                connection.setblocking(False)
                with suppress(BlockingIOError):
                    if connection.recv(1, socket.MSG_PEEK):
                        break
                connection.setblocking(True)
        connection.settimeout(10)
        assert refusal(received(connection)) == (408, "request_timeout")
        assert 0.3 < time.monotonic() - began < 4


def test_endless_body_times_out(stream, quick, counters):
    with served(stream) as http, dialled(http) as connection:
        began = time.monotonic()
        connection.sendall(head(http, length=len(BODY)) + BODY[:5])
        assert refusal(received(connection)) == (408, "request_timeout")
        assert 0.5 < time.monotonic() - began < 4
    assert not any(used["characters"] for used in counters.used.values())


def test_idle_connection_is_closed(stream, quick):
    with served(stream) as http, dialled(http) as connection:
        began = time.monotonic()
        assert received(connection) == b""
        assert time.monotonic() - began < 4


def test_slow_but_steady_client_is_served_and_its_connection_kept(stream, quick):
    with served(stream) as http, dialled(http) as connection:
        for _ in range(3):
            for part in (head(http, length=len(BODY)), BODY):
                for at in range(0, len(part), 1 + len(part) // 3):
                    connection.sendall(part[at : at + 1 + len(part) // 3])
                    time.sleep(0.05)
            answer = b""
            while not answer.endswith(b"0\r\n\r\n"):
                answer += connection.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 200")
            time.sleep(QUICK.head_seconds + 0.2)  # idle for longer than the limit of a head


def test_many_idle_connections_block_others_only_for_a_short_time(stream, quick):
    """Slowloris: all connections are taken, the next client gets a 503, and they are soon free again."""
    with served(stream) as http:
        held = [socket.create_connection((http.base_url.host, http.base_url.port)) for _ in range(QUICK.connections)]
        for connection in held:
            connection.sendall(b"POST /v1")
        with dialled(http) as connection:
            assert refusal(received(connection)) == (503, "overloaded")
        time.sleep(QUICK.head_seconds + 0.5)
        assert http.post(PATH, json={"input": "Guten Tag."}).status_code == 200
        for connection in held:
            connection.close()


class Long:
    """A fake stream without an end; `made` counts the bytes of all streams."""

    format, sample_rate, seconds = find_format("pcm"), 22_050, 1.0
    made = 0
    closed = 0

    def pieces(self):
        try:
            while True:
                time.sleep(0.001)
                Long.made += 40_000
                yield Piece(b"\0" * 40_000)
        finally:
            Long.closed += 1


@pytest.fixture
def long_texts(monkeypatch):
    Long.made = Long.closed = 0
    stream = Engine.stream
    monkeypatch.setattr(
        Engine, "stream", lambda engine, text, **how: Long() if text == "Long." else stream(engine, text, **how)
    )


def test_unread_streams_are_bounded_do_not_delay_others_and_end(stream, quick, long_texts):
    unread, body = [], as_json({"input": "Long.", "response_format": "pcm"})
    with served(stream) as http:
        for _ in range(8):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            connection.connect((http.base_url.host, http.base_url.port))
            connection.sendall(head(http, length=len(body)) + body)
            unread.append(connection)
        time.sleep(0.6)
        made = Long.made
        assert made < 8 * 1_000_000, "each stream stops when its buffers are full"
        began = time.monotonic()
        assert http.post(PATH, json={"input": "Guten Tag."}).status_code == 200
        assert time.monotonic() - began < 3
        assert Long.made - made < 8 * 100_000, "and does not resume"
        end = time.monotonic() + 10
        while Long.closed < 8 and time.monotonic() < end:
            time.sleep(0.05)
        assert Long.closed == 8, "streams to clients that do not read are closed"
        for connection in unread:
            connection.close()


def test_slow_reader_is_served_completely(stream, quick, monkeypatch):
    monkeypatch.setattr(BoundedProtocol, "bounds", Bounds(stalled_seconds=1.0, buffer_bytes=16_384))
    body = as_json({"input": "Eins zwei drei vier. " * 12, "response_format": "pcm", "sample_rate": 48_000})
    with served(stream) as http, dialled(http) as connection:
        connection.sendall(head(http, length=len(body)) + body)
        data, began = b"", time.monotonic()
        while not data.endswith(b"\r\n0\r\n\r\n") and time.monotonic() - began < 30:
            data += connection.recv(16_384)
            time.sleep(0.02)
        assert data.endswith(b"\r\n0\r\n\r\n")
        assert time.monotonic() - began > 1.0


def test_too_many_streams_are_refused_with_retry_after(stream, monkeypatch, long_texts):
    monkeypatch.setattr("herald.web.stream_app._MOST_STREAMS", 2)
    body = as_json({"input": "Long.", "response_format": "pcm"})

    async def three():
        kept = [asyncio.create_task(stream.asked("POST", PATH, body, leave_after=40)) for _ in range(2)]
        await asyncio.sleep(0.05)
        third = await stream.asked("POST", PATH, BODY)
        return [third, *await asyncio.gather(*kept)]

    third, *others = asyncio.run(three())
    assert third.refusal == (503, "overloaded")
    assert third.headers["retry-after"] == "5"
    assert {other.status for other in others} == {200}
    assert stream.speak().status == 200, "the streams no longer count"


def test_memory_is_released_after_the_last_stream(stream, monkeypatch):
    given = []
    monkeypatch.setattr("herald.web.stream_response.release_memory", lambda: given.append(threading.get_ident()))
    monkeypatch.setattr("herald.web.stream_response._TRIM_EVERY", -1.0)
    for expected in (1, 2):
        assert stream.speak().whole
        assert len(given) == expected


def test_memory_is_kept_where_the_c_library_cannot_release_it(monkeypatch):
    """musl has no malloc_trim, for one."""
    monkeypatch.setattr("herald.web.stream_response.ctypes.CDLL", lambda _: object())
    release_memory()


DECODED = {
    "invalid UTF-8": b'{"input": "Hello \xff there"}',
    "a surrogate": b'{"input": "Hello \xed\xa0\x80 there"}',
    "U+FFFD itself": '{"input": "Hello \ufffd there"}'.encode(),
}


@pytest.mark.parametrize("body", DECODED.values(), ids=DECODED)
def test_invalid_utf8_is_refused_by_both_apis(stream, cloud, body):
    """Also if API Gateway passes the body on as text with U+FFFD in place of invalid bytes."""
    assert stream.ask("POST", PATH, body).refusal == (400, "invalid_json")
    event = event_of("POST", PATH, JSON, b"{}")
    for text, encoded in [(body.decode(errors="replace"), False), (base64.b64encode(body).decode(), True)]:
        answer = speech.handler(event | {"body": text, "isBase64Encoded": encoded}, Context())
        assert (answer["statusCode"], json.loads(answer["body"])["error"]["code"]) == (400, "invalid_json")
