"""A dialogue with a voice for each line, in the view "Speak"."""

import io

import httpx
import pytest
import soundfile
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_snippets import COMMANDS, NEEDED, run
from tests.support.programs import need_version

LINES = ('Did you "call" & ask?', "Yes <twice>.")


@pytest.fixture
def dialogue(visit, site):
    """Return a function that opens a dialogue of two voices, and its page."""

    def open_dialogue(**options):
        one = visit(**options)
        page = one.open(site.url)
        page.get_by_role("button", name="Make it a dialogue").click()
        expect(page.get_by_label("Text")).to_have_count(2)
        for area, text in zip(page.get_by_label("Text").all(), LINES, strict=True):
            area.fill(text)
        return one, page

    return open_dialogue


def test_each_line_has_its_voice(dialogue):
    one, page = dialogue()
    voices = [choice.input_value() for choice in page.get_by_label("Voice", exact=True).all()]
    assert len(set(voices)) == 2
    expect(page.locator("#count")).to_contain_text("about US$ 0.0")
    page.get_by_role("button", name="Speak", exact=True).click()
    expect(page.locator("[data-state]")).to_have_text("Finished")
    asked = next(r.post_data_json for r in reversed(one.requests) if "/v1/audio/speech" in r.url)
    first, second = (f'<voice name="{voice}">' for voice in voices)
    assert asked["input"] == (
        f"<speak>{first}Did you &quot;call&quot; &amp; ask?</voice>\n{second}Yes &lt;twice&gt;.</voice></speak>"
    )
    assert page.locator(".words").inner_text() == "\n".join(LINES)
    page.get_by_role("button", name="twice").click()
    expect(page.locator(".word.now")).to_have_text("twice")
    one.shot("dialogue")
    one.accessible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Subtitles (.srt)").click()
    assert "Yes <twice>." in download.value.path().read_text()


def test_lines_are_added_played_and_removed(dialogue):
    one, page = dialogue()
    page.get_by_role("button", name="Add a line").click()
    expect(page.get_by_label("Text").nth(2)).to_be_focused()
    page.keyboard.type("Good.")
    page.get_by_role("button", name="Play line 3").click()
    expect(page.locator("[data-state]")).to_have_text("Finished")
    asked = next(r.post_data_json for r in reversed(one.requests) if "/v1/audio/speech" in r.url)
    assert asked["input"] == "Good."
    assert asked["voice"] == page.get_by_label("Voice", exact=True).nth(0).input_value()
    page.get_by_role("button", name="Remove line 2").click()
    expect(page.get_by_label("Text")).to_have_count(2)
    expect(page.get_by_label("Text").nth(0)).to_be_focused()
    expect(page.get_by_label("Text").nth(1)).to_have_value("Good.")
    page.get_by_role("button", name="Back to one voice").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value(f"{LINES[0]}\nGood.")


def test_every_snippet_speaks_the_dialogue(dialogue, site, tmp_path):
    one, page = dialogue()
    page.get_by_text("Copy as", exact=True).click()
    lengths = {}
    for option in page.locator(".copy-as label").all():
        option.click()
        name = option.inner_text()
        if name in NEEDED:
            need_version(*NEEDED[name])
        folder = tmp_path / name
        folder.mkdir()
        run(page.locator(".copy-as pre").text_content(), COMMANDS[name], folder, site.key)
        lengths[name] = soundfile.info(io.BytesIO((folder / "speech.mp3").read_bytes())).duration
    assert set(lengths) == set(COMMANDS)
    voice = page.get_by_label("Voice", exact=True).nth(0).input_value()
    alone = httpx.post(
        f"{site.url}/v1/audio/speech",
        json={"input": LINES[0], "voice": voice},
        headers={"Authorization": f"Bearer {one.key}"},
        trust_env=False,
        timeout=60,
    )
    assert min(lengths.values()) > soundfile.info(io.BytesIO(alone.content)).duration + 0.5
    assert max(lengths.values()) - min(lengths.values()) < 0.3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone(dialogue, scheme):
    one, page = dialogue(viewport=PHONE, color_scheme=scheme, is_mobile=True)
    one.shot(f"phone-dialogue-{scheme}")
    one.accessible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
