"""The view "Campaign" when something changes or fails midway: the list, the network, and the links of files."""

import io
import os
import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import BUCKET_URL
from tests.browser.test_campaigns import TEMPLATE, fill, people
from tests.unit.functions.test_batches import drive

START = "Start the campaign"


@pytest.fixture
def campaign(visit, site, cloud):
    one = visit()
    one.reach_bucket(cloud)
    return one, one.open(site.url, "campaign")


def begin(page, cloud):
    """Start the campaign, and run it to its end."""
    page.get_by_role("button", name=START).click()
    page.locator("[data-state=planning]").wait_for()
    drive(cloud)
    page.locator("[data-state=done]").wait_for()


def test_a_second_attempt_continues_the_batch_of_the_first(campaign):
    one, page = campaign
    one.tolerated += ("ERR_FAILED", "ERR_CONNECTION")
    fill(page, people(2))
    page.route(f"{BUCKET_URL}/**", lambda route: route.abort(), times=1)
    page.get_by_role("button", name=START).click()
    page.get_by_role("alert").filter(has_text="could not be stored").wait_for()

    def lose(route):
        """Start the batch, and lose the response."""
        route.fetch()
        route.abort()

    page.route("**/v1/batches/*/start", lose, times=1)
    page.get_by_role("button", name=START).click()
    page.get_by_role("alert").filter(has_text="cannot be reached").wait_for()
    page.get_by_role("button", name=START).click()
    page.locator("[data-state=planning]").wait_for()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("region", name="Campaigns").get_by_role("link")).to_have_count(1)


def test_a_list_that_was_changed_is_chosen_again(campaign, tmp_path):
    _, page = campaign
    file = tmp_path / "people.csv"
    file.write_bytes(people(2)["buffer"])
    fill(page, file)
    expect(page.get_by_role("button", name=START)).to_be_enabled()
    file.write_bytes(people(3)["buffer"])
    os.utime(file, (0, 0))
    page.get_by_role("button", name=START).click()
    expect(page.get_by_role("alert")).to_contain_text("Choose it again")
    page.get_by_label("Text of each message").fill("Hello {First Name}!")
    expect(page.get_by_role("alert").first).to_contain_text("Choose it again")
    field = page.get_by_label("List", exact=True)
    with page.expect_file_chooser() as chooser:
        field.click()
    assert field.evaluate("field => field.files.length") == 0  # else, the same file is no change
    chooser.value.set_files(file)
    expect(page.locator("dl")).to_contain_text("3")
    expect(page.get_by_role("button", name=START)).to_be_enabled()


def test_nothing_is_started_before_it_is_checked(campaign):
    _, page = campaign
    fill(page, people(2))
    expect(page.get_by_role("button", name=START)).to_be_enabled()
    page.route("**/v1/batches/preview", lambda _: None)  # it never responds
    page.get_by_label("Text of each message").fill("Hello {Surname}.")
    expect(page.get_by_role("button", name=START)).to_be_disabled()
    page.get_by_text("Checking the list").wait_for()
    expect(page.get_by_role("button", name=START)).to_be_disabled()
    page.get_by_label("List", exact=True).set_input_files({**people(3), "name": "others.csv"})
    expect(page.locator(".examples")).to_have_count(0)  # those of the other list


def test_the_form_is_kept_for_other_views_until_the_start(campaign, cloud):
    _, page = campaign
    fill(page, people(2))
    page.get_by_role("link", name="Voices").click()
    page.go_back()
    expect(page.get_by_label("Text of each message")).to_have_value(TEMPLATE)
    page.get_by_text("people.csv, 1 kB").wait_for()
    begin(page, cloud)
    page.get_by_role("link", name="Another campaign").click()
    expect(page.get_by_label("Text of each message")).to_have_count(0)


def test_a_file_that_is_played_keeps_its_link(campaign, cloud):
    _, page = campaign
    fill(page, people(2))
    begin(page, cloud)
    first, second = (page.locator("audio").nth(at) for at in (0, 1))
    before = first.get_attribute("src")
    first.evaluate("audio => Object.defineProperty(audio, 'paused', { value: false })")
    page.wait_for_timeout(1100)  # links are signed by the second
    known = second.get_attribute("src")
    page.get_by_label("Show").select_option("done")
    expect(second).not_to_have_attribute("src", known)
    assert first.get_attribute("src") == before


def test_ids_that_differ_in_nothing_but_unsafe_characters_and_case_are_files_of_their_own(campaign, cloud):
    _, page = campaign
    rows = {f"row_{at}": [name, "Ada", "Monday", "x"] for at, name in enumerate(("a/b", "a:b", "A_b", "NUL"), 1)}
    fill(page, people(4, **rows))
    begin(page, cloud)
    with page.expect_download() as download:
        page.get_by_role("button", name="All files (zip)").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        assert sorted(archive.namelist()) == ["A_b (4).mp3", "NUL_.mp3", "a_b (3).mp3", "a_b.mp3"]


def test_a_campaign_is_not_asked_for_with_a_key_that_is_refused(campaign):
    one, page = campaign
    one.tolerated += ("status of 401",)
    fill(page, people(2))
    page.get_by_role("button", name="Start the campaign").click()
    page.locator("[data-state=planning]").wait_for()
    page.evaluate("sessionStorage.setItem('herald.key', 'hk_revoked')")
    page.get_by_role("alert").wait_for()
    page.wait_for_load_state("networkidle")
    before = len(one.requests)
    page.wait_for_timeout(7000)
    assert len(one.requests) == before


def test_a_batch_that_was_cancelled_before_its_start_is_not_asked_for_again(campaign, site):
    one, page = campaign
    headers = {"Authorization": f"Bearer {site.key}"}
    batches = f"{site.url}/v1/batches"
    batch = page.request.post(batches, headers=headers, data={"name": "x", "template": "Hello."}).json()["id"]
    page.request.delete(f"{batches}/{batch}", headers=headers)
    page.evaluate("batch => (location.hash = `#/campaign/${batch}`)", batch)
    page.locator("[data-state=cancelled]").wait_for()
    page.wait_for_load_state("networkidle")
    before = len(one.requests)
    page.wait_for_timeout(2000)
    assert len(one.requests) == before


def test_failed_rows_are_found_beyond_the_first_page(campaign, cloud):
    _, page = campaign
    fill(page, people(2))
    begin(page, cloud)
    row = {
        "line": 9,
        "id": "p9",
        "state": "failed",
        "audio_url": None,
        "archive_url": None,
        "error": {"message": "Late."},
    }
    pages = {"": {"data": [], "next_cursor": "i32"}, "i32": {"data": [row], "next_cursor": None}}

    def respond(route):
        cursor = parse_qs(urlsplit(route.request.url).query).get("cursor", [""])[0]
        route.fulfill(json=pages[cursor] | {"object": "list", "has_more": not cursor})

    page.route("**/items?*state=failed*", respond)
    page.get_by_label("Show").select_option("failed")
    expect(page.get_by_role("cell", name="Late.")).to_be_visible()


def test_a_file_that_misses_its_field_does_not_close_the_page(campaign):
    _, page = campaign
    page.get_by_label("List", exact=True).wait_for()
    dropped = "name => !document.body.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true }))"
    assert [page.evaluate(dropped, name) for name in ("dragover", "drop")] == [True, True]


def test_a_workbook_that_is_too_large_to_be_checked_has_a_remedy(campaign):
    one, page = campaign
    file = {"name": "people.XLSX", "mimeType": "x", "buffer": bytes(1_000_001)}
    page.get_by_label("List", exact=True).set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("Save the list as CSV")
    assert [r for r in one.requests if r.url.endswith("/preview")] == []
