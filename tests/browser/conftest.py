"""A Chromium browser and the deployment that it visits: the functions and the stream in this process."""

import os
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import default
from urllib.parse import unquote, urlsplit

import pytest
from aws_lambda_powertools import Logger
from playwright.sync_api import Error, expect, sync_playwright

from herald.auth.api_keys import KeyRing, KeySettings
from herald.aws.key_table import DynamoKeys
from herald.clock import utc_now
from herald.functions.speech_stream.__main__ import server
from herald.runtime.settings import Settings
from herald.speech.prepare import build
from herald.web.stream_app import SpeechStream
from local import ROOT
from local.process import free_port
from tests.support.moto_cloud import BUCKET, KEYS
from tests.support.polly_gateway import gateway
from tests.support.programs import missing
from tests.unit.conftest import HEART, TINY
from tests.unit.functions.conftest import clients, cloud, environment, forget, gpu  # noqa: F401  fixtures

AXE = ROOT / ".tools" / "node" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = ROOT / ".local" / "screenshots"
"""Screenshots of the tests, to look at."""
SETTINGS = {
    "HERALD_DEFAULT_VOICE": "en_US-heart",
    "HERALD_VOICE_ALIASES": "",
    "HERALD_MAX_CHARACTERS": "4096",
    "HERALD_MAX_ANSWER_BYTES": "4000000",
}
BUCKET_URL = f"https://{BUCKET}.s3.us-east-1.amazonaws.com"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--use-fake-device-for-media-stream",  # a microphone that records a beep every second
    "--use-fake-ui-for-media-stream",  # and that every page may use: headless Chromium cannot ask
]
MILLISECONDS = 30_000
"""Patience with a busy machine."""
DESKTOP = {"width": 1200, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def voices_folder(tmp_path_factory):
    """A folder of prepared voices, as a layer has it."""
    folder = tmp_path_factory.mktemp("layer") / "voices"
    for model in (TINY, HEART):
        build(model, folder / model.stem)
    return folder


@pytest.fixture(scope="module")
def browser():
    """A browser that reaches nothing but this machine.

    For a module: while Playwright runs, no other code can run an event loop in this thread.
    """
    program = next(filter(None, map(shutil.which, BROWSERS)), None)  # else Playwright's own
    expect.set_options(timeout=MILLISECONDS)
    with sync_playwright() as playwright:
        try:
            yield playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        except Error as error:
            missing(f"a Chromium browser is required ({str(error).splitlines()[0]}); 'make browser' installs one")


@dataclass
class Site:
    """A deployment, and a key for it."""

    url: str
    stream_url: str
    key: str


@pytest.fixture
def site(cloud, monkeypatch):  # noqa: F811  fixtures
    """A deployment with its streaming function."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    key = KeyRing(DynamoKeys(cloud.clients.dynamodb, table=KEYS), clock=utc_now).create(KeySettings(tenant="acme"))[1]
    url, end = gateway()
    monkeypatch.setenv("HERALD_CORS_ORIGINS", url)
    try:
        with streaming() as stream_url:
            monkeypatch.setenv("HERALD_STREAM_URL", stream_url)
            forget()
            yield Site(url, stream_url, str(key))
    finally:
        end()


def store_form(s3, media_type, body):
    """Store the file of an upload form, as S3 does."""
    form = BytesParser(policy=default).parsebytes(f"Content-Type: {media_type}\r\n\r\n".encode() + body)
    parts = {part.get_param("name", header="Content-Disposition"): part for part in form.iter_parts()}
    content = parts["file"].get_payload(decode=True)
    s3.put_object(Bucket=BUCKET, Key=parts["key"].get_payload(decode=True).decode().strip(), Body=content)


@contextmanager
def streaming():
    """Serve the streaming function; yield its address."""
    stream = SpeechStream(Settings.read(os.environ))
    port = free_port()
    web = server(stream, Logger(), port)
    thread = threading.Thread(target=web.run)
    thread.start()
    try:
        while not web.started:
            assert thread.is_alive()
        yield f"http://127.0.0.1:{port}"
    finally:
        web.should_exit = True
        thread.join(10)


@dataclass
class Visit:
    """A page in its own browser profile, with everything that went wrong in it."""

    page: object
    key: str
    tolerated: tuple = ()
    """Parts of messages on the browser's console that are expected."""
    requests: list = field(default_factory=list)
    faults: list = field(default_factory=list)

    def note(self, request):
        self.requests.append(request)

    def open(self, url, view="speak"):
        """Open a view with the key."""
        self.page.goto(f"{url}/studio#/account")
        self.page.evaluate("key => sessionStorage.setItem('herald.key', key)", self.key)
        self.page.goto(f"{url}/studio#/{view}")
        self.page.reload()
        return self.page

    def reach_bucket(self, deployed):
        """Answer the page's requests to the bucket as S3 does, with the bucket's CORS."""
        s3, allowed = deployed.clients.s3, {"Access-Control-Allow-Origin": "*"}

        def answer(route):
            request = route.request
            if request.method == "GET":
                key = unquote(urlsplit(request.url).path.lstrip("/"))
                stored = s3.get_object(Bucket=BUCKET, Key=key)
                return route.fulfill(body=stored["Body"].read(), content_type=stored["ContentType"], headers=allowed)
            store_form(s3, request.headers["content-type"], request.post_data_buffer)
            return route.fulfill(status=204, headers=allowed)

        self.page.route(f"{BUCKET_URL}/**", answer)

    def accessible(self):
        """Assert that axe-core finds no violation that is serious or critical."""
        if not AXE.exists():
            missing("axe-core is not installed; 'make .tools/node/ready' installs it")
        # In an isolated world of its own, to which the page's policy does not apply.
        session = self.page.context.new_cdp_session(self.page)
        frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = session.send("Page.createIsolatedWorld", {"frameId": frame})["executionContextId"]
        script = f"{AXE.read_text()};axe.run(document, {{resultTypes: ['violations']}}).then(r => r.violations)"
        asked = {"expression": script, "contextId": world, "awaitPromise": True, "returnByValue": True}
        answer = session.send("Runtime.evaluate", asked)
        found = answer["result"]["value"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []

    def shot(self, name):
        """Write a screenshot of the whole page."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


@pytest.fixture
def visit(browser, site):
    """Return a function that creates a visitor; whatever fails in the visitor's page fails the test."""
    visits = []

    def create(*, tolerated=(), **options):
        context = browser.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce"} | options)
        context.set_default_timeout(MILLISECONDS)
        page = context.new_page()
        one = Visit(page, site.key, tolerated)
        page.on("request", one.note)
        page.on("pageerror", lambda error: one.faults.append(str(error)))
        page.on("console", lambda line: one.faults.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("dialog", lambda dialog: (one.faults.append(dialog.message), dialog.dismiss()))
        visits.append(one)
        return one

    yield create
    for one in visits:
        home = {urlsplit(url).netloc for url in (site.url, site.stream_url, BUCKET_URL)}
        foreign = [r.url for r in one.requests if r.url.startswith("http") and urlsplit(r.url).netloc not in home]
        assert foreign == []
        assert [r.url for r in one.requests if site.key in r.url] == []
        one.page.context.close()
        assert [fault for fault in one.faults if not any(known in fault for known in one.tolerated)] == []
