"""Markdown and HTML are read as a person would read the page."""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herald.speech.reading import read, spoken_form
from herald.speech.reading.markup import detect, readable

LINES = (Path(__file__).with_name("data") / "markup.txt").read_text("utf-8").splitlines()[1:]
CASES = [(line.split("~")[0], line.partition("~")[2].rpartition("~")[0], line.rpartition("~")[2]) for line in LINES]


@pytest.mark.parametrize(("text_format", "written", "said"), CASES)
def test_markup_is_not_read(text_format, written, said):
    assert spoken_form(written.replace("\\n", "\n"), text_format=text_format) == said.replace("\\n", "\n")


def test_spans_are_those_of_the_marked_up_text():
    text = "Your **order** of [2 items](http://x.y) costs <b>"
    found = [text[one.start : one.end] for one in read(text, "en", text_format="markdown").tokens]
    assert found[:6] == ["Your", "order", "of", "2", "items", "costs"]


def test_hidden_parts_end_where_they_end():
    """The lower-case form of some letters has more characters."""
    assert readable("<p>İİİİİİİİ<!-- hidden words -->One two.</p>", "html").text.strip() == "İİİİİİİİOne two."
    assert readable("İİİ<script>x</SCRIPT >One<style>a", "html").text.strip() == "İİİOne"


@pytest.mark.parametrize(
    ("text", "text_format"),
    [
        ("Hello **Anna**", "markdown"),
        ("# News\nAll is well.", "markdown"),
        ("See [this](https://example.com).", "markdown"),
        ("<p>Hello</p>", "html"),
        ("one<br/>two", "html"),
        ("a < b and 2 * 3 * 4", "plain"),
        ("if a<b and c>d", "plain"),
        ("I <3 you, #1 fan_of_yours", "plain"),
        ("- Milk\n- Bread", "plain"),
    ],
)
def test_the_format_is_guessed_where_there_is_no_doubt(text, text_format):
    assert detect(text) == text_format


@settings(max_examples=200)
@given(st.text(alphabet="ab *_`[]()<>/!#&;~\\-\n1", max_size=80), st.sampled_from(["markdown", "html"]))
def test_any_markup_has_spans_in_order(text, text_format):
    at = 0
    for token in read(text, "en", text_format=text_format).tokens:
        assert at <= token.start <= token.end <= len(text)
        at = token.end


@pytest.mark.parametrize(
    "unit", ["[", "[a](", "**a", "<a", "<!--", "<script>", "&#1", "`", "\\*", "| - ", "> ", "_a", "~~"]
)
@pytest.mark.parametrize("text_format", ["markdown", "html"])
def test_a_long_text_of_marks_takes_bounded_time(unit, text_format):
    started = process_time()
    read((unit * 20_000)[:20_000], "en", text_format=text_format)
    assert process_time() - started < 2.0
