"""The view "Lexicon": words to hear and to change, and files in and out."""

import httpx
import pytest
from playwright.sync_api import expect

HOSTILE = "<img src=x onerror=alert(1)>"
PLS = """<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
  <lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>
  <lexeme><grapheme>Siobhan</grapheme><phoneme>ʃɪˈvɔːn</phoneme></lexeme>
</lexicon>"""


def test_a_word_from_its_entry_to_sound(visit, site):
    one = visit()
    page = one.open(site.url, "lexicon")
    page.get_by_label("Name", exact=True).fill("brands")
    page.get_by_label("Language", exact=True).fill("en-US")
    page.get_by_label("Word", exact=True).fill("nginx")
    page.get_by_label("Said as").fill("engine x")
    one.accessible()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="brands").click()
    expect(page.get_by_role("row").filter(has_text="nginx")).to_contain_text("engine x")
    page.get_by_role("button", name="Play nginx").click()
    expect(page.locator("[data-state]")).to_have_text("Finished")
    asked = next(r.post_data_json for r in reversed(one.requests) if r.url.endswith("/v1/audio/speech"))
    assert (asked["input"], asked["lexicons"]) == ("nginx", ["brands"])
    page.get_by_label("Word", exact=True).fill(HOSTILE)
    page.get_by_label("Said as").fill(HOSTILE)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row")).to_have_count(3)
    one.shot("lexicon")
    one.accessible()
    page.get_by_role("button", name="Remove nginx").click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="Delete the lexicon").click()
    page.get_by_role("button", name="Delete it now").click()
    page.get_by_role("cell", name="None.").wait_for()


def test_a_file_in_and_out(visit, site):
    one = visit()
    page = one.open(site.url, "lexicon")
    page.get_by_label("Name", exact=True).fill("w3c")
    file = {"name": "w3c.pls", "mimeType": "application/pls+xml", "buffer": PLS.encode()}
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="w3c").click()
    expect(page.get_by_role("row").filter(has_text="Siobhan")).to_contain_text("ʃɪˈvɔːn")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download (.pls)").click()
    assert download.value.suggested_filename == "w3c.pls"
    assert "World Wide Web Consortium" in download.value.path().read_text()


def test_an_error_of_a_file_names_its_place(visit, site):
    one = visit(tolerated=("status of 400",))
    page = one.open(site.url, "lexicon")
    page.get_by_label("Name", exact=True).fill("broken")
    file = {"name": "broken.csv", "mimeType": "text/csv", "buffer": b"word,ipa\nnginx,1\n"}
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("ine 2")


@pytest.fixture
def brands(site):
    """A lexicon of two words."""
    entries = [{"word": word, "alias": "x"} for word in ("nginx", "Kubernetes")]
    headers = {"Authorization": f"Bearer {site.key}"}
    httpx.put(f"{site.url}/v1/lexicons/brands", headers=headers, json={"entries": entries}, trust_env=False)


def test_a_lexicon_is_replaced_only_if_that_is_confirmed(visit, site, brands):
    page = visit().open(site.url, "lexicon")
    row = page.get_by_role("row").filter(has_text="brands")
    row.wait_for()
    page.get_by_label("Name", exact=True).fill("brands")
    page.get_by_label("Word", exact=True).fill("nginx")
    page.get_by_label("Said as").fill("engine x")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("A lexicon named brands already exists")
    expect(row.get_by_role("cell").nth(2)).to_have_text("2")
    page.get_by_role("button", name="Replace all its words").click()
    expect(row.get_by_role("cell").nth(2)).to_have_text("1")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_refused_word_is_not_lost(visit, site, brands):
    page = visit(tolerated=("status of 400",)).open(site.url, "lexicon/brands")
    page.get_by_label("Word", exact=True).fill("Siobhan")
    page.get_by_label("In IPA").fill("1")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").wait_for()
    expect(page.get_by_label("Word", exact=True)).to_have_value("Siobhan")
    page.get_by_label("In IPA").fill("ʃɪˈvɔːn")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row")).to_have_count(4)
    expect(page.get_by_label("Word", exact=True)).to_have_value("")


def test_a_double_click_deletes_nothing(visit, site, brands):
    page = visit().open(site.url, "lexicon/brands")
    page.get_by_role("button", name="Delete the lexicon").dblclick()
    page.get_by_role("button", name="Delete it now").wait_for()
    page.keyboard.press("Tab")  # elsewhere
    page.get_by_role("button", name="Delete the lexicon").wait_for()
    expect(page.get_by_role("row")).to_have_count(3)
