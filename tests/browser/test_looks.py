"""Every view at the width of a phone and of a desk, light and dark: nothing is wider than the screen, axe-core agrees.

The screenshots are for people to look at: .local/screenshots/look-*.png.
"""

import httpx
import pytest
from playwright.sync_api import expect

from herald.functions import worker
from tests.browser.test_campaigns import BAD, TEMPLATE, fill, people
from tests.unit.functions.conftest import Context
from tests.unit.functions.test_batches import drive

WIDTHS = {
    390: {"viewport": {"width": 390, "height": 844}, "is_mobile": True},
    1280: {"viewport": {"width": 1280, "height": 900}},
}
TEXT = "Hello Anna, your appointment is confirmed for Monday at 3:30 pm. Please bring $20."


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_view(visit, site, cloud, width, scheme):
    one = visit(color_scheme=scheme, **WIDTHS[width])
    one.reach_bucket(cloud)
    headers = {"Authorization": f"Bearer {site.key}"}
    with httpx.Client(base_url=site.url, headers=headers, trust_env=False, timeout=60) as api:
        api.put("/v1/lexicons/brands?default=true", json={"entries": [{"word": "nginx", "alias": "engine x"}]})
        for text in (TEXT, "See you."):
            api.post("/v1/jobs", json={"input": text, "use_case": "reminder"}).raise_for_status()
        worker.handler(cloud.receive("standard", count=1), Context(milliseconds_left=900_000))
    page = one.open(site.url, "account")

    def look(name):
        page.wait_for_load_state("networkidle")
        one.shot(f"look-{name}-{width}-{scheme}")
        one.accessible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    def go(view):
        page.evaluate("view => (location.hash = `#/${view}`)", view)

    page.get_by_text("The key is valid.").wait_for()
    look("account")
    go("speak")
    page.get_by_label("Text").fill(TEXT)
    page.get_by_role("button", name="Speak", exact=True).click()
    expect(page.locator("[data-state]")).to_have_text("Finished")
    page.get_by_text("How it will be said").click()
    page.get_by_role("cell", name="$20").wait_for()
    look("speak")
    page.get_by_role("button", name="Make it a dialogue").click()
    page.get_by_label("Text").nth(0).fill("Did you call me?")
    page.get_by_label("Text").nth(1).fill("Yes, at noon.")
    page.get_by_text("Copy as", exact=True).click()
    page.locator("#count b").wait_for()
    look("dialogue")
    go("campaign")
    fill(page, people(**BAD), TEMPLATE)
    page.get_by_label("Leave out").check()
    start = page.get_by_role("button", name="Start the campaign")
    expect(start).to_be_enabled()
    look("campaign")
    start.click()
    page.locator("[data-state=planning]").wait_for()
    drive(cloud)
    page.locator("[data-state=done]").wait_for()
    page.get_by_role("row").nth(5).wait_for()
    look("progress")
    for view, row in (("lexicon", "brands"), ("lexicon/brands", "engine x"), ("history", "people"), ("usage", "US$")):
        go(view)
        page.get_by_role("row").filter(has_text=row).first.wait_for()
        expect(page.get_by_text("Loading")).to_have_count(0)
        look(view.replace("/", "-"))
