"""How what runs on this machine is asked: with a key where it needs one, and failures told in words."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from local.http import Api, fetch
from local.process import free_port
from local.progress import Failure


class Echo(BaseHTTPRequestHandler):
    """Tells what it was asked; fails on request."""

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        names = ("Authorization", "Content-Type")
        told = json.dumps({"method": self.command, "body": body} | {name: self.headers[name] for name in names})
        self.send_response(418 if self.path == "/fails" else 200)
        self.end_headers()
        self.wfile.write(told.encode())

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def url():
    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_api_sees_the_key(url):
    api = Api(url, "hk_id_secret")
    assert api.call("/") == {
        "method": "GET",
        "body": "",
        "Authorization": "Bearer hk_id_secret",
        "Content-Type": None,
    }
    posted = api.call("/", {"input": "Hello."})
    assert (posted["method"], json.loads(posted["body"])) == ("POST", {"input": "Hello."})
    assert (posted["Authorization"], posted["Content-Type"]) == ("Bearer hk_id_secret", "application/json")


def test_a_link_sees_none(url):
    assert json.loads(fetch(url))["Authorization"] is None


def test_the_key_is_not_shown_by_accident():
    assert "secret" not in repr(Api("http://127.0.0.1", "hk_id_secret"))


def test_failures_are_told(url):
    with pytest.raises(Failure, match="/fails answered 418: "):
        Api(url, "key").ask("/fails")
    with pytest.raises(Failure, match="does not answer"):
        fetch(f"http://127.0.0.1:{free_port()}")
