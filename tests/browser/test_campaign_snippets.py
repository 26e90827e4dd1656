"""The code of "Copy as" of a campaign and of lists: it runs as pasted, against the API and a bucket on this machine."""

import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote, urlsplit

import httpx
import pytest

from herald.aws.links import S3Links
from herald.aws.object_store import S3Objects
from tests.browser.conftest import BUCKET_URL, store_form
from tests.browser.test_snippets import COMMANDS, NEEDED, copied, run
from tests.support.loopback import serve
from tests.support.moto_cloud import BUCKET
from tests.support.programs import need_version
from tests.unit.functions.test_batches import drive

LIST = {"name": '-it\'s $HOME `id` "now".csv', "mimeType": "text/csv", "buffer": b"id,name\nr1,Ada\nr2,Ben\n"}
HOSTILE = 'Hello {name}, it\'s "quoted", `id` $(id) $HOME \\n % ünïcode 🎉.'
PROGRAMS = {"curl", "Python", "JavaScript", "Command line"}


@pytest.fixture
def bucket(cloud, monkeypatch):
    """Serve the bucket on this machine, and sign forms and links for it."""
    s3 = cloud.clients.s3

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            store_form(s3, self.headers["Content-Type"], body)
            self.send_response(204)
            self.end_headers()

        def do_GET(self):
            content = s3.get_object(Bucket=BUCKET, Key=unquote(urlsplit(self.path).path.lstrip("/")))["Body"].read()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    url, end = serve(Handler)
    form, link = S3Objects.upload_form, S3Links.link

    def local_form(*given, **named):
        return replace(form(*given, **named), url=f"{url}/")

    monkeypatch.setattr(S3Objects, "upload_form", local_form)
    monkeypatch.setattr(S3Links, "link", lambda *given, **named: link(*given, **named).replace(BUCKET_URL, url))
    yield
    end()


@contextmanager
def state_machine(cloud):
    """Run the tasks of every execution that starts meanwhile."""
    over, started = threading.Event(), len(cloud.runs())

    def follow():
        seen = started
        while not over.wait(0.05) or len(cloud.runs()) > seen:
            if len(cloud.runs()) > seen:
                seen += 1
                drive(cloud)

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def execute(code, name, folder, key):
    """Run code in a folder of its own, and return what it printed."""
    if name in NEEDED:
        need_version(*NEEDED[name])
    if " jq " in code or code.startswith("jq ") or "\njq " in code:
        need_version("jq", 1)
    folder.mkdir(exist_ok=True)
    return run(code, COMMANDS[name], folder, key)


@pytest.fixture
def api(site):
    headers = {"Authorization": f"Bearer {site.key}"}
    with httpx.Client(base_url=site.url, headers=headers, trust_env=False, timeout=60) as client:
        yield client


def test_every_snippet_sends_the_same_campaign(visit, site, cloud, bucket, api, tmp_path):  # noqa: PLR0913, PLR0917
    page = visit().open(site.url, "campaign")
    page.get_by_label("List").set_input_files(LIST)
    page.get_by_label("Text of each message").fill(HOSTILE)
    page.get_by_label("Name", exact=True).fill('-f "it\'s" $HOME')
    page.locator(".examples").wait_for()
    shown = copied(page)
    assert set(shown) == PROGRAMS
    lengths = set()
    for name, code in shown.items():
        assert site.key not in code
        folder = tmp_path / name
        folder.mkdir()
        (folder / LIST["name"]).write_bytes(LIST["buffer"])
        with state_machine(cloud):
            execute(code, name, folder, site.key)
        batch = api.get("/v1/batches?limit=1").json()["data"][0]
        if name == "Command line":
            assert {path.name for path in (folder / "messages").glob("*.mp3")} == {"r1.mp3", "r2.mp3"}
        assert (batch["state"], batch["counts"]["done"], batch["name"]) == ("done", 2, '-f "it\'s" $HOME'), name
        lengths.add(batch["audio_seconds"])
    assert len(api.get("/v1/batches").json()["data"]) == len(PROGRAMS)
    assert len(lengths) == 1


@pytest.mark.parametrize("view", ["usage", "history", "lexicon", "lexicon/brands", "lexicon/two-words", "campaign/ID"])
def test_lists_are_read_by_every_snippet(visit, site, api, tmp_path, view):
    for name in ("brands", "two-words"):
        api.put(f"/v1/lexicons/{name}", json={"entries": [{"word": "nginx", "alias": "engine x"}]}).raise_for_status()
    batch = api.post("/v1/batches", json={"name": "It's me", "items": [{"id": "r1", "text": "Hi."}]}).json()
    page = visit().open(site.url, view.replace("ID", batch["id"]))
    shown = copied(page)
    polly = view in {"history", "lexicon", "lexicon/brands"}
    assert set(shown) == PROGRAMS | ({"boto3 (Polly)"} if polly else set())
    expected = {
        "usage": "characters", "history": "It's me", "lexicon": "two-words", "lexicon/brands": "engine x",
        "lexicon/two-words": "engine x", "campaign/ID": "It's me",
    }[view]  # fmt: skip
    for name, code in shown.items():
        assert site.key not in code
        printed = execute(code, name, tmp_path / name, site.key)
        if name != "boto3 (Polly)" or view.startswith("lexicon"):
            assert expected.lower() in printed.lower(), name
