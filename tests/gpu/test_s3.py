"""Models are downloaded from a bucket on first use."""

import shutil
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from herald.disclosure.file_claims import STOCK_VOICE, read_claim
from herald.speech.voices.catalog import CARD
from tests.gpu.conftest import serving
from tests.gpu.hostile import HELLO
from tests.support.signed_files import certificate

VOICE = "en_US-joe-medium"
NOBODYS_KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


class Objects(BaseHTTPRequestHandler):
    """A read-only fake of S3: a folder with bucket and key as the path. Large objects are read in ranges."""

    def __init__(self, *arguments, folder):
        self.folder = folder
        super().__init__(*arguments)

    def do_HEAD(self):
        path = self.folder / self.path.partition("?")[0].lstrip("/")
        content = path.read_bytes() if path.is_file() else b""
        first, last = 0, len(content) - 1
        if asked := self.headers.get("Range"):
            first, last = (int(end) if end else last for end in asked.removeprefix("bytes=").split("-"))
        self.send_response((206 if asked else 200) if path.is_file() else 404)
        self.send_header("ETag", f'"{len(content)}"')
        self.send_header("Content-Length", str(last + 1 - first))
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        self.end_headers()
        return content[first : last + 1]

    def do_GET(self):
        self.wfile.write(self.do_HEAD())

    def log_message(self, *_):
        """Do not log."""


@pytest.fixture
def bucket(models, tmp_path):
    """The bucket's folder, and the address of the fake S3."""
    folder = tmp_path / "s3"
    shutil.copytree(models / VOICE, folder / "bucket" / "models" / VOICE)
    http = ThreadingHTTPServer(("127.0.0.1", 0), partial(Objects, folder=folder))
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    yield folder / "bucket" / "models", f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    thread.join()
    http.server_close()


def test_a_model_is_downloaded_on_first_use(python, bucket, tmp_path):
    folder, address = bucket
    environment = NOBODYS_KEYS | {"AWS_ENDPOINT_URL_S3": address, "HERALD_MODEL_SOURCE": "s3://bucket/models"}
    with serving(python, tmp_path, "--models", tmp_path, **environment) as server:
        weights = folder / VOICE / "decoder.weights"
        whole = weights.read_bytes()
        weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        damaged = server.post({"job": "j", "lines": [HELLO]})
        assert (damaged.status_code, damaged.json()["error"]["code"]) == (500, "voice_not_fetched")
        weights.write_bytes(whole)
        assert server.speak(("Hello.", VOICE)).seconds > 0.3

        shutil.rmtree(folder / VOICE)
        assert server.speak(("Hello again.", VOICE)).seconds > 0.3, "the model is cached"
        unknown = server.post({"job": "j", "lines": [HELLO | {"voice": "nobody"}]})
        assert unknown.json()["error"]["code"] == "unknown_voice"
    assert (tmp_path / "cache" / VOICE / CARD).is_file()


def test_files_are_signed_with_the_certificate_in_the_bucket(python, bucket, tmp_path):
    folder, address = bucket
    (folder / "disclosure").mkdir()
    (folder / "disclosure" / "chain.pem").write_bytes(certificate().chain)
    (folder / "disclosure" / "key.pem").write_bytes(certificate().key)
    environment = NOBODYS_KEYS | {"AWS_ENDPOINT_URL_S3": address, "HERALD_MODEL_SOURCE": "s3://bucket/models"}
    with serving(python, tmp_path, "--models", tmp_path, "--sign", "all", **environment) as server:
        audio = server.speak(("Hello.", VOICE), response_format="mp3").audio
        log = server.log.read_text()
    claim = read_claim(audio, authorities=certificate().authority.decode())
    assert (claim.state, claim.voices) == ("trusted", (STOCK_VOICE,))
    assert '{"event": "disclosure", "job": null, "signs": "all"}' in log
