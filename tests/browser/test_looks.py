"""Every view at the width of a phone and of a desk, light and dark: nothing is wider than the screen, axe-core agrees.

The screenshots are for people to look at: .local/screenshots/look-*.png.
"""

import json

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


def test_the_longest_names_and_words_fit_on_a_small_phone(visit, site, cloud):
    one = visit(viewport={"width": 320, "height": 700}, is_mobile=True)
    page = one.open(site.url, "account")
    headers = {"Authorization": f"Bearer {site.key}"}
    with httpx.Client(base_url=site.url, headers=headers, trust_env=False, timeout=60) as api:
        entries = [{"word": "w" * 100, "alias": "a" * 100}]
        api.put(f"/v1/lexicons/{'l' * 64}", json={"entries": entries}).raise_for_status()
        batch = api.post("/v1/batches", json={"name": "W" * 128, "items": [{"text": "Hello."}]}).json()["id"]

    def fits(name):
        assert page.evaluate("document.documentElement.scrollWidth") == 320, name

    for view, heading in ((f"lexicon/{'l' * 64}", "lll"), (f"campaign/{batch}", "WWW"), ("speak", "Speak")):
        page.evaluate("view => (location.hash = `#/${view}`)", view)
        page.get_by_role("heading", level=1, name=heading).wait_for()
        fits(view)
    page.get_by_label("Text").fill("x" * 400)
    page.get_by_text("How it will be said").click()
    page.locator(".spoken").wait_for()
    fits("reading")
    page.get_by_role("link", name="Campaign").click()
    rows = f"id,{'C' * 60},text\n{'i' * 100},b,{'t' * 300}\n,,\n"
    file = {"name": f"{'n' * 200}.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.get_by_label("List").set_input_files(file)
    page.locator(".examples").wait_for()
    fits("campaign")


def test_texts_from_right_to_left(visit, site):
    page = visit().open(site.url)
    marks = [{"text_start": at, "text_end": at + 4, "start": 0, "end": 1} for at in (0, 5)]
    sent = ({"type": "herald.speech.marks", "marks": marks}, {"type": "speech.audio.done"})
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in sent)
    allowed = {"Access-Control-Allow-Origin": "*"}
    page.route("**/v1/audio/speech", lambda route: route.fulfill(status=200, headers=allowed, body=body))
    page.get_by_label("Text").fill("שלום אתם")
    page.get_by_role("button", name="Speak", exact=True).click()
    first, second = (page.locator(".word").nth(at).bounding_box()["x"] for at in (0, 1))
    assert first > second
    expect(page.get_by_label("Text")).to_have_css("unicode-bidi", "plaintext")


def test_the_current_view_is_marked_with_the_colours_of_the_system(visit, site):
    page = visit(forced_colors="active").open(site.url)
    highlight = page.evaluate("""() => {
      const probe = document.body.appendChild(document.createElement("div"));
      Object.assign(probe.style, { forcedColorAdjust: "none", background: "Highlight" });
      return getComputedStyle(probe).backgroundColor;
    }""")
    expect(page.locator("[aria-current=page]")).to_have_css("background-color", highlight)


def test_tables_that_scroll_have_names_and_hours_are_shown(visit, site, cloud):
    page = visit().open(site.url, "history")
    page.get_by_role("region", name="Jobs").wait_for()
    page.get_by_role("link", name="Campaign").click()
    found = {"rows": 5_000, "characters": 1, "audio_seconds": 25_000, "price": 1, "price_per_file": 1, "seconds": 59}
    preview = {"columns": [{"name": "id"}], "remarks": [], "rows": 5_000, "row_errors": 0, "errors": [], "examples": [],
               "estimate": found, "error": None}  # fmt: skip
    page.route("**/v1/batches/preview", lambda route: route.fulfill(status=200, body=json.dumps(preview)))
    page.get_by_label("List").set_input_files(people(1))
    expect(page.locator("dl")).to_contain_text("6:56:40")
    expect(page.locator("dl")).to_contain_text("about 0:59")
