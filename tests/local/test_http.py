"""The HTTP client for the local stack: keys and error messages."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from local.http import Api, fetch
from local.process import free_port
from local.progress import Failure


class Echo(BaseHTTPRequestHandler):
    """Returns the request; fails on demand."""

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        names = ("Authorization", "Content-Type")
        request = json.dumps({"method": self.command, "body": body} | {name: self.headers[name] for name in names})
        self.send_response(418 if self.path == "/fails" else 200)
        self.end_headers()
        self.wfile.write(request.encode())

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_):
        """Do not log."""


@pytest.fixture(scope="module")
def url():
    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_key_is_sent_to_the_api(url):
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


def test_the_key_is_not_sent_to_links(url):
    assert json.loads(fetch(url))["Authorization"] is None


def test_the_key_is_not_in_the_repr():
    assert "secret" not in repr(Api("http://127.0.0.1", "hk_id_secret"))


def test_failures_are_reported(url):
    with pytest.raises(Failure, match="/fails responded 418: "):
        Api(url, "key").ask("/fails")
    with pytest.raises(Failure, match="does not respond"):
        fetch(f"http://127.0.0.1:{free_port()}")
