"""The view "Campaign": a list with bad rows, from the file to the report."""

import csv
import io
import zipfile
from datetime import datetime, timedelta

import pytest
import soundfile
from playwright.sync_api import expect

from herald.errors import UnreadableText
from herald.functions import finish_batch
from herald.runtime.caching_speaker import CachingSpeaker
from local import ROOT
from tests.browser.conftest import PHONE
from tests.unit.functions.test_batches import call, drive

HOSTILE = "<img src=x onerror=alert(1)>"
FIRST = ["Ada", "Ben", "Cleo", "Dora", "Emil"]
TEMPLATE = "Hello {First Name}, see you on {Day}."


def people(count=50, **changed):
    """Return a list as a CSV file; `changed` are other rows by their number, as in row_9."""
    rows = [["id", "First Name", "Day", HOSTILE]]
    for number in range(1, count + 1):
        row = [f"p{number}", FIRST[number % 5], "Monday", HOSTILE]
        rows.append(changed.get(f"row_{number}", row))
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return {"name": f"{HOSTILE[:4]} people.csv", "mimeType": "text/csv", "buffer": file.getvalue().encode()}


BAD = {
    "row_10": ["p10", "", "Monday", HOSTILE],
    "row_20": [HOSTILE, "Ada", "", HOSTILE],
    "row_30": ["p2", "Ada", "Monday", HOSTILE],
}


@pytest.fixture
def campaign(visit, site, cloud):
    """The view, opened with a key, and its page."""
    one = visit()
    one.reach_bucket(cloud)
    return one, one.open(site.url, "campaign")


def fill(page, file, template=TEMPLATE):
    page.get_by_label("List").set_input_files(file)
    page.get_by_role("button", name="{First Name}").wait_for()
    page.get_by_label("Text of each message").fill(template)


def count(page, name):
    return page.locator(f"[data-count={name}]")


def test_fifty_rows_with_three_bad_ones(campaign, cloud):
    one, page = campaign
    fill(page, people(**BAD))
    expect(page.get_by_role("heading", name="3 of 50 rows have a problem")).to_be_visible()
    rows = page.get_by_role("table").get_by_role("row")
    assert rows.nth(1).get_by_role("cell").all_inner_texts()[:2] == ["11", "p10"]
    expect(rows.nth(1)).to_contain_text("{first name}")
    assert rows.nth(2).get_by_role("cell").all_inner_texts()[:2] == ["21", HOSTILE]
    expect(rows.nth(3)).to_contain_text("same id")
    start = page.get_by_role("button", name="Start the campaign")
    expect(start).to_be_disabled()
    page.get_by_label("Leave out these 3 rows and speak the other 47").check()
    expect(start).to_be_enabled()
    expect(page.locator("dl")).to_contain_text("47")
    expect(page.locator("dl")).to_contain_text("about US$")
    one.shot("campaign")
    one.accessible()
    page.get_by_role("button", name="Play the message for p1", exact=True).click()
    expect(page.locator("[data-state]")).to_have_text("Finished")
    start.click()
    expect(page.locator("[data-state=planning]")).to_be_visible()
    one.accessible()
    drive(cloud, until=1)
    expect(count(page, "waiting")).to_have_text("47")
    drive(cloud)
    expect(page.locator("[data-state=done]")).to_be_visible()
    assert [count(page, name).inner_text() for name in ("rows", "done", "row_errors", "failed")] == [
        "50",
        "47",
        "3",
        "0",
    ]
    expect(page.get_by_role("row").filter(has_text="p12")).to_contain_text("Done")
    one.shot("campaign-done")
    one.accessible()
    page.get_by_label("Show").select_option("row_error")
    expect(page.get_by_role("row").filter(has_text=HOSTILE)).to_contain_text("{day}")
    assert page.locator("main img").count() == 0


def test_files_and_report(campaign, cloud):
    _, page = campaign
    fill(page, people(3))
    page.get_by_role("button", name="Start the campaign").click()
    page.locator("[data-state=planning]").wait_for()
    drive(cloud)
    with page.expect_download() as download:
        page.get_by_role("button", name="All files (zip)").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["p1.mp3", "p2.mp3", "p3.mp3"]
        assert soundfile.info(io.BytesIO(archive.read("p1.mp3"))).duration > 1
    assert download.value.suggested_filename == "_img people.zip"
    report = page.get_by_role("link", name="Report (CSV)").get_attribute("href")
    assert "/report" in report or "results.csv" in report
    page.reload()
    page.locator("[data-state=done]").wait_for()
    page.get_by_role("button", name="Play p1").or_(page.locator("audio[aria-label='Play p1']")).first.wait_for()


def test_chips_insert_columns_where_the_caret_is(campaign):
    _, page = campaign
    fill(page, people(2), "Hello , bye.")
    page.get_by_label("Text of each message").press("Home")
    for _ in "Hello ":
        page.get_by_label("Text of each message").press("ArrowRight")
    page.get_by_role("button", name="{First Name}").click()
    expect(page.get_by_label("Text of each message")).to_have_value("Hello {First Name}, bye.")
    expect(page.get_by_label("Text of each message")).to_be_focused()
    expect(page.locator(".examples")).to_contain_text("Hello Ben, bye.")


def test_a_deadline_that_cannot_be_met_is_named(campaign):
    _, page = campaign
    fill(page, people(2))
    page.get_by_label("Needed by").fill((datetime.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_text("later than needed").wait_for()


def test_a_list_without_the_columns_of_the_text(campaign):
    one, page = campaign
    fill(page, people(2), "Hello {surname}.")
    expect(page.get_by_role("alert")).to_contain_text("surname")
    expect(page.get_by_role("button", name="Start the campaign")).to_be_disabled()
    one.accessible()


def test_a_cancelled_campaign_keeps_its_files(campaign, cloud):
    one, page = campaign
    fill(page, people(4))
    page.get_by_role("button", name="Start the campaign").click()
    page.locator("[data-state=planning]").wait_for()
    drive(cloud, until=1)
    expect(count(page, "waiting")).to_have_text("4")
    page.get_by_role("button", name="Cancel the campaign").click()
    page.get_by_text("This stops the campaign.").wait_for()
    expect(count(page, "waiting")).to_have_text("4")
    page.get_by_role("button", name="Cancel it now").click()
    page.locator("[data-state=cancelled]").wait_for()
    call(finish_batch, cloud.runs()[-1])  # the state machine sees the cancellation
    expect(count(page, "cancelled")).to_have_text("4")
    for name in ("Cancel the campaign", "Try the failed rows again"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.get_by_role("link", name="Report (CSV)").wait_for()
    one.shot("campaign-cancelled")
    one.accessible()


def test_failed_rows_are_tried_again(campaign, cloud, monkeypatch):
    speak = CachingSpeaker.speak

    def broken(self, script, **given):
        if "Cleo" in script.lines[0].text:
            raise UnreadableText("The voice cannot read this name.")
        return speak(self, script, **given)

    one, page = campaign
    fill(page, people(4))
    page.get_by_role("button", name="Start the campaign").click()
    page.locator("[data-state=planning]").wait_for()
    with monkeypatch.context() as patched:
        patched.setattr(CachingSpeaker, "speak", broken)
        drive(cloud)
    expect(page.locator("[data-state=failed]")).to_be_visible()
    assert [count(page, name).inner_text() for name in ("done", "failed")] == ["3", "1"]
    expect(page.get_by_role("row").filter(has_text="p2")).to_contain_text("The voice cannot read this name.")
    expect(page.get_by_role("alert")).to_contain_text("1 failed")
    one.shot("campaign-failed")
    one.accessible()
    page.get_by_role("button", name="Try the failed rows again").click()
    expect(page.locator("[data-state=speaking]")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    drive(cloud)
    expect(page.locator("[data-state=done]")).to_be_visible()
    assert [count(page, name).inner_text() for name in ("done", "failed")] == ["4", "0"]
    expect(page.get_by_role("row").filter(has_text="p2")).to_contain_text("Done")
    expect(page.get_by_role("button", name="Try the failed rows again")).to_have_count(0)


def test_a_refused_cancellation_is_shown(visit, site, cloud):
    one = visit(tolerated=("status of 409",))
    one.reach_bucket(cloud)
    page = one.open(site.url, "campaign")
    fill(page, people(2))
    page.get_by_role("button", name="Start the campaign").click()
    cancel = page.get_by_role("button", name="Cancel the campaign")
    cancel.wait_for()
    page.route(
        "**/v1/batches/*", lambda route: route.continue_() if route.request.method == "DELETE" else route.abort()
    )
    one.tolerated += ("ERR_FAILED",)
    drive(cloud)
    cancel.click()
    page.get_by_role("button", name="Cancel it now").click()
    page.get_by_role("alert").filter(has_text="can no longer be cancelled").wait_for()


def test_a_large_list_is_previewed_by_its_beginning(campaign):
    one, page = campaign
    fill(page, people(40_000))
    page.get_by_text("(estimated from the beginning of the list)").wait_for()
    asked = next(r for r in reversed(one.requests) if r.url.endswith("/preview")).post_data_json
    assert asked["is_beginning"] is True
    assert 38_000 < asked["rows"] < 42_000


def test_a_phone(visit, site, cloud):
    one = visit(viewport=PHONE, color_scheme="dark", is_mobile=True)
    page = one.open(site.url, "campaign")
    fill(page, people(5, row_2=["p2", "", "Monday", "x"]))
    page.get_by_label("Leave out").check()
    page.locator(".examples").wait_for()
    one.shot("phone-campaign")
    one.accessible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_example_of_the_documentation(visit, site):
    one = visit(viewport={"width": 900, "height": 800})
    page = one.open(site.url, "campaign")
    page.get_by_label("List").set_input_files(ROOT / "examples" / "people.csv")
    page.get_by_label("Text of each message").fill("Hello {first_name}, see you on {day} at {time}.")
    expect(page.locator(".examples")).to_contain_text("Hello Aaron, see you on Monday at 9:00 AM.")
    expect(page.locator(".examples")).to_contain_text("at nine")
    expect(page.get_by_role("button", name="Start the campaign")).to_be_enabled()
    one.shot("example-campaign")
