"""One attempt: to the checked address, without redirects, in bounded time, whatever the receiver does."""

import socket
import socketserver
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import monotonic, sleep

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from herald.jobs.webhook_address import WebhookHosts
from herald.jobs.webhook_post import WebhookPost, resolve

LOCAL = WebhookHosts(names=frozenset({"hooks.example.com"}), loopback=True)
URL = "https://hooks.example.com/herald"
HEADERS = {"webhook-id": "job_1", "Content-Type": "application/json"}


class Receiver(BaseHTTPRequestHandler):
    """Records requests, and responds with the status of the path."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, dict(self.headers), body))
        self.send_response(int(self.path.rpartition("/")[2].partition("?")[0]))
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/200")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def receiver():
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.requests = []
    with serving(server):
        yield server


@contextmanager
def raw(respond):
    """Yield the port of a server that runs `respond(socket)` for each connection."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.recv(65_536)
            with suppress(OSError):  # the client has gone
                respond(self.request)

    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as server:
        server.daemon_threads = True
        yield server.server_address[1]


@pytest.fixture
def self_signed(tmp_path):
    """Return the TLS settings of a server whose certificate nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example.com")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example.com")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def send(url, *, resolve=None, seconds=10.0):
    resolve = resolve or (lambda *_: ["127.0.0.1"])
    return WebhookPost(LOCAL, resolve=resolve, seconds=seconds).send(url, b'{"a":1}', HEADERS)


def test_a_webhook_is_a_post_with_its_headers(receiver):
    assert send(f"http://127.0.0.1:{receiver.server_port}/a/200?b=c%20d") == 200
    ((path, headers, body),) = receiver.requests
    assert (path, body) == ("/a/200?b=c%20d", b'{"a":1}')
    assert headers["webhook-id"] == "job_1"
    assert headers["Host"] == f"127.0.0.1:{receiver.server_port}"
    assert headers["User-Agent"].startswith("herald/")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(receiver, status):
    assert send(f"http://127.0.0.1:{receiver.server_port}/{status}").code == "webhook_redirected"
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("status", "code"), [(404, "webhook_refused"), (410, "webhook_gone"), (503, "webhook_refused")]
)
def test_refusals(receiver, status, code):
    assert send(f"http://127.0.0.1:{receiver.server_port}/{status}").code == code


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["::1"], ["93.184.216.34", "10.0.0.1"], ["fd00:ec2::254"]],
)
def test_a_host_that_resolves_to_a_private_address_is_not_contacted(addresses, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("a connection was made"))
    failure = send(URL, resolve=lambda *_: addresses)
    assert (failure.code, failure.final) == ("webhook_address_not_public", True)
    assert not any(address in failure.message for address in addresses)


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    asked, contacted = [], []

    def resolve(host, port):
        asked.append((host, port))
        return ["93.184.216.34"]

    def connect(address, timeout):
        contacted.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "create_connection", connect)
    failure = send("https://hooks.example.com:8443/", resolve=resolve)
    assert (failure.code, failure.final) == ("webhook_unreachable", False)
    assert asked == [("hooks.example.com", 8443)]
    assert contacted == [("93.184.216.34", 8443)]


def test_the_addresses_of_a_host_are_looked_up_unless_told(receiver):
    url = f"http://127.0.0.1:{receiver.server_port}/200"
    assert WebhookPost(LOCAL).send(url, b"{}", HEADERS) == 200
    assert resolve("127.0.0.1", 443) == ["127.0.0.1"]


def test_a_resolution_that_takes_all_of_the_time_makes_no_connection(monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("a connection was made"))
    failure = send(URL, resolve=lambda *_: ["93.184.216.34"], seconds=0.0)
    assert (failure.code, failure.final) == ("webhook_timeout", False)


def test_the_next_address_is_tried_if_one_refuses(receiver, monkeypatch):
    connect, contacted = socket.create_connection, []

    def first_refuses(address, timeout):
        contacted.append(address[0])
        if len(contacted) == 1:
            raise ConnectionRefusedError(111, "Connection refused")
        return connect(address, timeout)

    monkeypatch.setattr(socket, "create_connection", first_refuses)
    url = f"http://127.0.0.1:{receiver.server_port}/200"
    assert send(url, resolve=lambda *_: ["127.0.0.2", "127.0.0.1"]) == 200
    assert contacted == ["127.0.0.2", "127.0.0.1"]


def test_the_reason_says_what_is_wrong_with_a_certificate(monkeypatch, self_signed):
    """Nothing of a request is sent to a receiver that cannot prove its name."""
    received = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            with suppress(OSError):
                received.append(self_signed.wrap_socket(self.request, server_side=True).recv(65_536))

    connect = socket.create_connection
    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as server:
        monkeypatch.setattr(socket, "create_connection", lambda *_, timeout: connect(server.server_address, timeout))
        failure = send(URL, resolve=lambda *_: ["93.184.216.34"])
    assert (failure.code, failure.message) == (
        "webhook_unreachable",
        "The request failed: the certificate is not valid (self-signed certificate).",
    )
    assert b"".join(received) == b""


def test_a_url_that_is_no_longer_allowed_is_given_up():
    failure = WebhookPost(WebhookHosts.parse("other.example.com")).send(URL, b"", {})
    assert (failure.code, failure.final) == ("webhook_host_not_allowed", True)
    failure = WebhookPost(WebhookHosts.parse("*")).send("http://127.0.0.1/", b"", {})
    assert (failure.code, failure.final) == ("invalid_webhook_url", True)


def test_a_host_that_does_not_resolve():
    def resolve(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    failure = send(URL, resolve=resolve)
    assert (failure.code, failure.message) == (
        "webhook_unreachable",
        "The request failed: the host name does not resolve.",
    )


def drip(connection):
    """Send a header that never ends, one byte at a time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(600):
        connection.sendall(b"a")
        sleep(0.05)


def hang(connection):
    """Send nothing until the client goes; the body may arrive after the headers."""
    while connection.recv(65_536):
        pass


@pytest.mark.parametrize("respond", [drip, hang])
def test_a_slow_receiver_does_not_hold_an_attempt(respond):
    began = monotonic()
    with raw(respond) as port:
        failure = send(f"http://127.0.0.1:{port}/", seconds=0.3)
    assert failure.code == "webhook_timeout"
    # Without the limit, the slow header alone takes 30 seconds.
    assert monotonic() - began < 10


@pytest.mark.parametrize(
    "response",
    [
        b"", b"\r\n\r\n", b"SSH-2.0-OpenSSH_9.9\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 10_000 + b"\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"b" * 100_000,
    ],
    ids=["nothing", "blank", "ssh", "letters", "2000", "headers", "long"],
)  # fmt: skip
def test_a_broken_response_is_a_failure_without_its_text(response):
    with raw(lambda connection: connection.sendall(response)) as port:
        failure = send(f"http://127.0.0.1:{port}/")
    assert failure.code == "webhook_unreachable"
    assert "OpenSSH" not in failure.message


def test_the_body_of_a_response_is_not_read():
    def endless(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"a" * 65_536)

    with raw(endless) as port:
        assert send(f"http://127.0.0.1:{port}/") == 200
