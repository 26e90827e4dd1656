"""The views "History" and "Usage"."""

import re
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import expect

from herald.functions import worker
from tests.browser.conftest import PHONE
from tests.unit.functions.conftest import Context

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def api(site):
    headers = {"Authorization": f"Bearer {site.key}"}
    with httpx.Client(base_url=site.url, headers=headers, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture
def submit(api, cloud):
    """Submit a job and, unless it should wait, run the worker."""

    def submit(text="Hello.", *, wait=False, **fields):
        job = api.post("/v1/jobs", json={"input": text, "use_case": "welcome", **fields}).raise_for_status().json()
        if not wait:
            worker.handler(cloud.receive("standard"), Context(milliseconds_left=900_000))
        return job["id"]

    return submit


@pytest.fixture
def history(visit, site, cloud):
    def open_view():
        one = visit()
        one.reach_bucket(cloud)
        return one, one.open(site.url, "history")

    return open_view


def test_jobs_with_their_route_price_and_audio(history, submit):
    done, waiting = submit(), submit("See you.", wait=True)
    one, page = history()
    row = page.get_by_role("row").filter(has=page.locator("[data-state=done]"))
    expect(row).to_contain_text("US$ 0.0000")
    expect(row).to_contain_text("6 characters")
    expect(row).to_contain_text("Queue")
    expect(row).to_contain_text(re.compile(r"The link works until \d+:\d\d"))
    page.locator(f"audio[aria-label='Play {done}']").evaluate("audio => { audio.preload = 'auto'; audio.load(); }")
    expect(page.locator("audio")).to_have_js_property("readyState", 4)
    one.shot("history")
    one.accessible()
    page.get_by_role("button", name="Cancel").click()
    page.locator("[data-state=cancelled]").wait_for()
    assert waiting


def test_more_than_a_page(history, submit):
    for _ in range(21):
        submit(wait=True)
    _, page = history()
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("[data-state=queued]")).to_have_count(21)


def test_a_hostile_campaign_stays_text(history, api):
    api.post("/v1/batches", json={"name": HOSTILE, "items": [{"text": HOSTILE}]}).raise_for_status()
    one, page = history()
    page.get_by_role("link", name=HOSTILE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    assert page.locator("img").count() == 0
    one.accessible()


@pytest.mark.parametrize("rest", ["../jobs", "%3Cimg%20src=x%20onerror=alert(1)%3E", "a?b=<img>", str(uuid4())])
def test_a_hostile_address_is_a_campaign_that_does_not_exist(visit, site, rest):
    one = visit(tolerated=("status of 404",))
    page = one.open(site.url, f"campaign/{rest}")
    page.get_by_role("alert").filter(has_text="This did not work").or_(page.get_by_label("List")).first.wait_for()
    assert page.locator("img").count() == 0


def test_usage_by_day(visit, site, api):
    spoken = api.post("/v1/audio/speech", json={"input": "Hello."}).raise_for_status()
    one = visit()
    page = one.open(site.url, "usage")
    expect(page.locator("dl")).to_contain_text("6 characters")
    expect(page.get_by_role("row")).to_have_count(2)  # days without use are left out
    cells = page.get_by_role("row").nth(1).get_by_role("cell")
    expect(cells.nth(1)).to_have_text("6")
    price = float(spoken.headers["X-Herald-Price"])
    assert float(cells.nth(3).inner_text().removeprefix("US$ ")) == pytest.approx(price, rel=0.1)
    expect(page.get_by_text("in total, for 6 characters")).to_contain_text("US$ 0.0000")
    one.shot("usage")
    one.accessible()


@pytest.mark.parametrize("view", ["history", "usage"])
def test_a_phone(visit, site, submit, view):
    submit()
    one = visit(viewport=PHONE, color_scheme="dark", is_mobile=True)
    page = one.open(site.url, view)
    page.get_by_role("row").nth(1).wait_for()
    page.wait_for_load_state("networkidle")
    one.shot(f"phone-{view}")
    one.accessible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
