"""The HTTP client of the command line, with servers on this machine."""

import ssl
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Thread

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from herald.clock import utc_now
from herald.errors import HeraldError
from herald.http_client import open_client


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "ftp://127.0.0.1"])
def test_a_proxy_of_another_kind_is_reported(proxy, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(HeraldError, match="A proxy in ALL_PROXY, HTTPS_PROXY or HTTP_PROXY is not"):
        open_client()


class Handler(BaseHTTPRequestHandler):
    """Redirects every path but /end to `server.target`."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        self.send_response(200 if self.path == "/end" else 302)
        if self.path != "/end":
            self.send_header("Location", self.server.target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def served(certificate=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.target = [], "/end"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.address = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with the certificate of this machine and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "local")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, utc_now(), utc_now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.public_bytes(Encoding.PEM) + private)
    return path


@pytest.fixture
def secure(certificate, monkeypatch):
    """A server with a certificate that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with served(certificate) as server:
        yield server


def test_a_redirect_from_https_to_https_is_followed(secure):
    with open_client() as client:
        answer = client.get(f"{secure.address}/begin", follow_redirects=True)
    assert (answer.status_code, answer.url.path) == (200, "/end")


def test_a_redirect_from_https_to_http_is_refused_before_anything_is_sent_there(secure):
    with served() as plain, open_client() as client:
        secure.target = f"{plain.address}/end"
        with pytest.raises(httpx.RequestError, match="redirects from https to another scheme"):
            client.get(f"{secure.address}/begin", follow_redirects=True, headers={"Authorization": "Bearer hk_1"})
        assert plain.asked == []


def test_a_redirect_from_http_is_followed(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with served() as plain, open_client() as client:
        assert client.get(f"{plain.address}/begin", follow_redirects=True).status_code == 200


def test_a_certificate_that_the_machine_does_not_trust_is_refused(certificate, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with served(certificate) as server, open_client() as client:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            client.get(f"{server.address}/end")
        assert server.asked == []
