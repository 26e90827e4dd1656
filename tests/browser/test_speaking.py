"""The view "Speak": from a key to sound, words, subtitles and files."""

import io
import re
from threading import Event

import pytest
import soundfile
from playwright.sync_api import expect

from herald.speech import engine

TWO_SENTENCES = "Your appointment is confirmed for Monday. Please bring $20."


@pytest.fixture
def speak(visit, site):
    """The view, opened with a key, and its page."""
    one = visit()
    return one, one.open(site.url)


@pytest.fixture
def gate(monkeypatch):
    """Hold every stream between its parts once it has two seconds of audio, until the gate is set."""
    gate, pieces = Event(), engine.Stream.pieces

    def held(stream):
        for piece in pieces(stream):
            yield piece
            assert stream.seconds < 2 or gate.wait(60)

    monkeypatch.setattr(engine.Stream, "pieces", held)
    yield gate
    gate.set()


def start(page, text=TWO_SENTENCES):
    page.get_by_label("Text").fill(text)
    page.get_by_role("button", name="Speak", exact=True).click()


def state(page):
    return page.locator("[data-state]")


def saved(page, name):
    """Return the name and content of the file that a button saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_from_a_key_to_sound(visit, site):
    one = visit()
    page = one.page
    page.goto(f"{site.url}/")
    page.get_by_label("API key").fill(site.key)
    page.get_by_role("button", name="Use this key").click()
    page.get_by_text("The key is valid.").wait_for()
    one.shot("account")
    one.accessible()
    page.get_by_role("link", name="Speak").click()
    expect(page.locator("#count")).to_contain_text("94 of 4,096 characters · about US$ 0.0000")
    expect(page.locator("#count")).to_contain_text("0:05 of audio")
    one.accessible()
    page.get_by_role("button", name="Speak", exact=True).click()
    expect(state(page)).to_have_text("Finished")
    one.shot("speak")
    one.accessible()


def test_the_key_is_stored_for_the_tab_only(speak, site):
    _, page = speak
    page.locator("#count b").wait_for()
    kept = page.evaluate("[JSON.stringify({...localStorage}), document.cookie, location.href, document.body.innerHTML]")
    assert [one for one in kept if site.key in one] == []
    assert page.evaluate("sessionStorage.getItem('herald.key')") == site.key
    assert page.context.storage_state()["origins"] == []
    page.goto(f"{site.url}/studio#/account")
    page.get_by_role("button", name="Forget the key").click()
    assert page.evaluate("sessionStorage.length") == 0
    page.get_by_role("link", name="Speak").click()
    page.get_by_text("Paste a key first.").wait_for()


def test_it_plays_while_the_rest_is_synthesized(speak, gate, site):
    one, page = speak
    start(page, TWO_SENTENCES * 3)
    expect(state(page)).to_have_text("Playing while it is synthesized …")
    expect(page.locator(".clock")).to_have_text(re.compile("^0:0[1-9] of"))
    expect(page.get_by_role("button", name="Subtitles (.srt)")).to_have_count(0)
    assert [r.url for r in one.requests if "/v1/audio/speech" in r.url] == [f"{site.stream_url}/v1/audio/speech"]
    gate.set()
    expect(state(page)).to_have_text("Finished")
    page.get_by_role("button", name="Subtitles (.srt)").wait_for()


def test_without_a_reachable_stream_the_api_speaks(visit, site):
    one = visit(tolerated=("ERR_FAILED",))
    one.page.route(f"{site.stream_url}/**", lambda route: route.abort())
    page = one.open(site.url)
    start(page)
    expect(state(page)).to_have_text("Finished")
    assert f"{site.url}/v1/audio/speech" in [r.url for r in one.requests]


def test_the_word_of_the_moment_is_marked_and_a_click_seeks(speak):
    _, page = speak
    start(page)
    words = page.locator(".word")
    expect(state(page)).to_have_text("Finished")
    assert words.all_inner_texts() == TWO_SENTENCES.replace(".", "").split(" ")
    assert page.locator(".words").inner_text() == TWO_SENTENCES
    expect(page.locator(".word.now")).to_have_text("$20")
    page.get_by_role("button", name="Monday").click()
    expect(state(page)).to_have_text("Playing")
    expect(page.locator(".word.now")).to_have_text("Monday")
    page.get_by_role("button", name="Pause").click()
    expect(state(page)).to_have_text("Paused")
    marked = page.locator(".word.now").inner_text()
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Continue").click()
    expect(state(page)).to_have_text("Finished")
    assert marked != "$20"


def test_files_and_subtitles(speak):
    _, page = speak
    start(page)
    expect(state(page)).to_have_text("Finished")
    name, srt = saved(page, "Subtitles (.srt)")
    assert (name, srt.decode().splitlines()[2]) == ("speech.srt", "Your appointment is confirmed for Monday.")
    assert re.match(r"1\n00:00:00,\d{3} --> 00:00:0[123],\d{3}\n", srt.decode())
    name, vtt = saved(page, "Subtitles (.vtt)")
    assert (name, vtt.decode().count(" --> "), vtt.decode()[:8]) == ("speech.vtt", 2, "WEBVTT\n\n")
    name, mp3 = saved(page, "Download the audio")
    assert (name, soundfile.info(io.BytesIO(mp3)).format) == ("speech.mp3", "MP3")


def test_a_phone_line_sounds_and_is_saved_as_one(speak):
    one, page = speak
    page.get_by_label("File").select_option("wav_ulaw")
    start(page)
    expect(state(page)).to_have_text("Finished")
    asked = next(r.post_data_json for r in one.requests if "/v1/audio/speech" in r.url and r.method == "POST")
    assert (asked["response_format"], asked["stream_format"]) == ("ulaw", "sse")
    name, content = saved(page, "Download the audio")
    made = soundfile.info(io.BytesIO(content))
    assert (name, made.samplerate, made.subtype) == ("speech.wav", 8_000, "ULAW")


def test_how_it_will_be_said(speak):
    one, page = speak
    page.get_by_label("Text").fill(TWO_SENTENCES)
    page.get_by_text("How it will be said").click()
    row = page.get_by_role("row").filter(has_text="$20")
    expect(row).to_contain_text("twenty dollars")
    one.accessible()
    page.get_by_label("Text").fill("Hello.")
    page.get_by_text("Every word is said as it is written.").wait_for()


def test_voices_are_chosen_by_language_and_previewed_with_one_click(speak):
    one, page = speak
    page.get_by_label("Language").select_option("de_DE")
    expect(page.get_by_role("radio")).to_have_count(1)
    page.get_by_role("button", name="Preview de_DE-tiny-low").click()
    expect(state(page)).to_have_text("Finished")
    asked = [r.post_data_json for r in one.requests if "/v1/audio/speech" in r.url and r.method == "POST"]
    assert [(body["voice"], body["input"]) for body in asked] == [("de_DE-tiny-low", "Hallo, so klinge ich.")]
    page.get_by_label("Language").select_option("")
    page.get_by_label("Voice type").select_option("female")
    assert page.get_by_role("radio").count() == 1
    page.get_by_label("Speed").fill("1.5")
    page.get_by_role("radio").check()
    start(page, "Hello.")
    expect(state(page)).to_have_text("Finished")
    asked = [r.post_data_json for r in one.requests if "/v1/audio/speech" in r.url and r.method == "POST"]
    assert (asked[-1]["voice"], asked[-1]["speed"]) == ("en_US-heart", 1.5)


def test_an_error_is_shown_with_its_code_and_request(visit, site):
    one = visit(tolerated=("status of 400",))
    page = one.open(site.url)
    start(page, "你好")
    alert = page.get_by_role("alert").filter(has_text="unreadable_text").first
    alert.wait_for()
    assert re.search(r"Request [0-9a-f]{32}", alert.inner_text())
    one.accessible()


def test_a_wrong_key_leads_to_the_account(visit, site):
    one = visit(tolerated=("status of 401",))
    one.key = "hk_wrong"
    page = one.open(site.url)
    page.get_by_role("alert").get_by_role("link", name="Go to Account").first.click()
    page.get_by_label("API key").wait_for()
    page.get_by_text("Open Account and paste a valid key.").wait_for()


def test_ssml_is_spoken_without_its_tags(speak):
    _, page = speak
    start(page, '<speak>Slowly: <prosody rate="80%">A B.</prosody> Bye.</speak>')
    expect(state(page)).to_have_text("Finished")
    assert page.locator(".words").inner_text() == "Slowly: A B. Bye."
    _, srt = saved(page, "Subtitles (.srt)")
    assert "<" not in srt.decode()


def test_an_error_of_ssml_is_shown_at_its_place(visit, site):
    one = visit(tolerated=("status of 400",))
    page = one.open(site.url)
    start(page, '<speak>\nHello <break time="x"/>.</speak>')
    page.get_by_role("button", name="Show the place").click()
    expect(page.get_by_label("Text")).to_be_focused()
    area = page.get_by_label("Text")
    assert area.evaluate("area => area.value.slice(area.selectionStart).startsWith('<break')")
