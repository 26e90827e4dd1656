"""The page of the deployed local stack: from the key to a finished campaign."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site
from tests.browser.test_campaigns import BAD, count, fill, people
from tests.browser.test_snippets import COMMANDS, run

PATIENCE = 180_000
"""Milliseconds for a batch of 50 rows on a busy machine."""


@pytest.fixture
def site(stack):
    return Site(stack.api_url, stack.stream_url, stack.api_key)


def test_a_campaign_of_fifty_rows_with_three_bad_ones(visit, site, tmp_path):
    one = visit()
    page = one.open(site.url, "campaign")
    fill(page, people(**BAD))
    page.get_by_label("Leave out these 3 rows").check()
    page.get_by_text("Copy as", exact=True).click()
    code = page.locator(".copy-as pre").text_content()
    page.get_by_role("button", name="Start the campaign").click()
    expect(page.locator("[data-state=done]")).to_be_visible(timeout=PATIENCE)
    assert [count(page, name).inner_text() for name in ("rows", "done", "row_errors", "failed")] == [
        "50",
        "47",
        "3",
        "0",
    ]
    with page.expect_download() as download:
        page.get_by_role("link", name="Report (CSV)").click()
    assert download.value.path().read_text().count("\n") == 51
    with page.expect_download(timeout=PATIENCE) as download:
        page.get_by_role("button", name="All files (zip)").click()
    page.locator("audio").first.evaluate("audio => { audio.preload = 'auto'; audio.load(); }")
    expect(page.locator("audio").first).to_have_js_property("readyState", 4)
    one.shot("deployed-campaign")
    # the same list from a shell; all files exist by now
    file = people(**BAD)
    (tmp_path / file["name"]).write_bytes(file["buffer"])
    run(code, COMMANDS["Command line"], tmp_path, site.key)
    assert len(list((tmp_path / "messages").glob("*.mp3"))) == 47


def test_it_speaks_with_the_stream(visit, site):
    one = visit()
    page = one.open(site.url)
    page.locator("#count b").wait_for()
    page.get_by_role("button", name="Speak", exact=True).click()
    expect(page.locator("[data-state]")).to_have_text("Finished")
    asked = [r.url for r in one.requests if r.url.endswith("/v1/audio/speech")]
    assert asked == [f"{site.stream_url.rstrip('/')}/v1/audio/speech"]
