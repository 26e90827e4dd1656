"""The keyboard's place: it is kept when the focused element goes away or is disabled."""

import httpx
from playwright.sync_api import expect

from tests.browser.test_campaigns import fill, people
from tests.browser.test_custom_voices import acme  # noqa: F401  fixtures
from tests.browser.test_speaking import TWO_SENTENCES, state
from tests.unit.functions.test_batches import drive


def press(page, name):
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_enabled()
    button.press("Enter")


def focused(page, name):
    expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()


def test_in_speak(visit, site):
    page = visit().open(site.url)
    page.get_by_label("Text").fill(TWO_SENTENCES * 3)
    press(page, "Speak")
    expect(state(page)).to_have_text("Playing")
    press(page, "Pause")
    focused(page, "Continue")
    page.keyboard.press("Enter")
    focused(page, "Pause")
    press(page, "Stop")
    focused(page, "Speak")
    with page.expect_download():
        press(page, "Download the audio")
    focused(page, "Download the audio")
    press(page, "Make it a dialogue")
    expect(page.get_by_label("Voice").first).to_be_focused()


def test_where_a_list_ends_and_a_word_is_removed(visit, site, cloud):
    one = visit()
    one.reach_bucket(cloud)
    headers = {"Authorization": f"Bearer {site.key}"}
    entries = [{"word": word, "alias": "x"} for word in ("one", "two", "three")]
    httpx.put(f"{site.url}/v1/lexicons/words", headers=headers, json={"entries": entries}, trust_env=False)
    page = one.open(site.url, "lexicon/words")
    press(page, "Remove two")
    expect(page.get_by_role("row")).to_have_count(3)
    focused(page, "Remove one")
    page.evaluate("location.hash = '#/campaign'")
    fill(page, people(25))
    press(page, "Start the campaign")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.locator("[data-state=planning]").wait_for()
    drive(cloud)
    page.locator("[data-state=done]").wait_for()
    page.locator("audio").nth(19).wait_for()
    press(page, "Show more")
    page.locator("audio").nth(24).wait_for()
    expect(page.get_by_role("link", name="Download p20")).to_be_focused()


def test_while_a_voice_is_recorded(visit, site, acme):  # noqa: F811
    page = visit().open(site.url, "voices/new")
    press(page, "Record the consent")
    page.get_by_text("Recording: 0:01").wait_for()
    focused(page, "Stop recording the consent")
    page.keyboard.press("Enter")
    focused(page, "Record the consent again")


def test_a_click_beside_everything_takes_the_focus_away(visit, site):
    page = visit().open(site.url)
    page.get_by_label("Text").fill("Hello.")
    page.locator("#count b").wait_for()
    page.mouse.click(5, 500)
    page.evaluate("document.querySelector('main').append(document.createElement('hr'))")
    assert page.evaluate("document.activeElement === document.body")
