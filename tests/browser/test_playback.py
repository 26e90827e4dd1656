"""Playing in the view "Speak": previews, stopping, streams that break, and deployments without a stream."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_speaking import start, state
from tests.unit.functions.conftest import forget

SENTENCES = (
    "Your appointment is confirmed for Monday. Please bring twenty dollars. We look forward to seeing you there. "
)
BREAK = """() => {
  const real = fetch;
  window.fetch = async (url, options) => {
    const response = await real(url, options);
    if (!String(url).endsWith("/v1/audio/speech")) return response;
    const reader = response.body.getReader();
    let chunks = 0;
    const body = new ReadableStream({ async pull(controller) {
      const { value, done } = await reader.read();
      if (done || (chunks += 1) > 3) controller.error(new TypeError("network error"));
      else controller.enqueue(value);
    } });
    return new Response(body, { headers: response.headers });
  };
}"""
FRAMES = """() => new Promise((resolve) => {
  const real = requestAnimationFrame;
  let count = 0;
  window.requestAnimationFrame = (look) => ((count += 1), real(look));
  setTimeout(() => ((window.requestAnimationFrame = real), resolve(count)), 300);
})"""


def asked(one):
    """Return the last request for audio."""
    return next(r for r in reversed(one.requests) if r.url.endswith("/v1/audio/speech") and r.method == "POST")


@pytest.fixture
def speak(visit, site):
    one = visit()
    return one, one.open(site.url)


def test_a_preview_after_a_preview_is_marked_and_shows_no_words(speak):
    _, page = speak
    for voice in ("de_DE-tiny-low", "en_US-heart"):
        button = page.get_by_role("button", name=f"Preview {voice}", exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Preview de_DE-tiny-low")).to_have_attribute("aria-pressed", "false")
    expect(state(page)).to_have_text("Finished")
    expect(page.locator(".words")).to_have_count(0)
    expect(page.get_by_role("button", name="Subtitles")).to_have_count(0)  # of the sample, not of the text


def test_a_stopped_text_is_played_again_from_a_word(speak):
    _, page = speak
    start(page, SENTENCES)
    expect(state(page)).to_have_text("Playing")
    page.get_by_role("button", name="Stop").click()
    expect(state(page)).to_have_text("Finished")
    page.get_by_role("button", name="forward").click()
    expect(state(page)).to_have_text("Playing")
    expect(page.locator(".word.now")).to_have_text("forward")


def test_nothing_runs_once_the_audio_has_ended(speak):
    _, page = speak
    start(page, "Hello.")
    expect(state(page)).to_have_text("Finished")
    assert page.evaluate(FRAMES) == 0


def test_what_arrived_before_a_stream_broke_can_be_stopped_and_has_no_subtitles(speak):
    _, page = speak
    page.evaluate(BREAK)
    start(page, SENTENCES * 3)
    expect(page.get_by_role("alert")).to_contain_text("The audio ended early. Try again.")
    expect(state(page)).to_have_text("Playing")
    expect(page.get_by_role("button", name="Subtitles")).to_have_count(0)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)


def test_the_stream_is_used_again_after_the_network_was_away(visit, site):
    one = visit(tolerated=("ERR_INTERNET_DISCONNECTED",))
    page = one.open(site.url)
    page.locator("#count b").wait_for()
    page.context.set_offline(True)
    start(page, "Hello.")
    page.get_by_role("alert").filter(has_text="cannot be reached").first.wait_for()
    page.context.set_offline(False)
    start(page, "Hello.")
    expect(state(page)).to_have_text("Finished")
    assert asked(one).url.startswith(site.stream_url)


def test_without_a_stream_a_text_that_is_too_long_for_samples_is_played(visit, site, monkeypatch):
    monkeypatch.setenv("HERALD_STREAM_URL", "")
    forget()
    one = visit()
    page = one.open(site.url)
    start(page, SENTENCES * 14)  # 90 s: 5.8 MB of samples, of which a response can have 4
    expect(state(page)).to_have_text("Playing")
    assert asked(one).post_data_json["response_format"] == "mp3"
    expect(page.locator(".clock")).to_contain_text(" of 1:")
    expect(page.locator(".word.now")).to_have_text("appointment")
