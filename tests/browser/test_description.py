"""GET /docs: the description of the API in Scalar, with which requests can be tried."""

import re
from urllib.parse import urlsplit

import pytest

from herald.web import description_routes
from local.deploy import BUILD
from tests.browser.conftest import DESKTOP, PHONE
from tests.support.programs import missing

VIEWER = BUILD / "ApiFunction" / "herald" / "web" / "scalar.js.gz"
EXPECTED = ("@scalar/api-reference@",)


@pytest.fixture
def viewer(monkeypatch):
    """Serve the viewer of the build."""
    if not VIEWER.exists():
        missing("the viewer is part of the build; 'make .local/build/template.yaml' makes it")
    monkeypatch.setattr(description_routes, "_VIEWER", VIEWER)
    cached = (description_routes.viewer, description_routes.viewer_digest, description_routes.page)
    for one in cached:
        one.cache_clear()
    yield
    for one in cached:
        one.cache_clear()


@pytest.fixture
def open_docs(viewer, visit, site):
    """Return a function that opens the page at one operation."""

    def open_at(anchor="", **options):
        one = visit(tolerated=EXPECTED, **options)
        one.page.goto(f"{site.url}/docs{anchor}")
        one.page.get_by_role("heading", name="Synthesize a text").wait_for()
        return one

    return open_at


def test_a_request_with_a_key_returns_audio(open_docs, site):
    one = open_docs("#tag/speech/POST/v1/audio/speech")
    page = one.page
    page.get_by_role("button", name=re.compile("Test Request")).first.click()
    client = page.get_by_role("dialog")
    client.get_by_placeholder("Token").fill(site.key)
    with page.expect_response("**/v1/audio/speech") as answered:
        client.get_by_role("button", name=re.compile("^Send")).first.click()
    response = answered.value
    assert (response.status, response.headers["content-type"]) == (200, "audio/mpeg")
    assert urlsplit(response.url).path == "/v1/audio/speech"
    client.locator("audio").wait_for()
    one.shot("docs-try-it")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_is_wider_than_the_screen(open_docs, size):
    one = open_docs("#tag/speech/POST/v1/audio/speech", viewport=size)
    one.shot(f"docs-{size['width']}")
    assert one.page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_studio_leads_to_it(viewer, visit, site, size):
    one = visit(tolerated=EXPECTED, viewport=size)
    page = one.open(site.url)
    one.shot(f"studio-header-{size['width']}")
    page.get_by_role("link", name="API reference").click()
    page.get_by_role("heading", name="Synthesize a text").wait_for()
    assert page.url.partition("#")[0] == f"{site.url}/docs"
    page.go_back()
    page.get_by_role("heading", name="Speak").wait_for()
