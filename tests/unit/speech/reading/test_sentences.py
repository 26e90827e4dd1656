"""Everyday sentences, and what users complain about, with the words that should be said."""

from pathlib import Path

import pytest

from herald.errors import UnreadableText
from herald.speech.reading import check, read, spoken_form

DATA = Path(__file__).with_name("data")
GUIDE = Path(__file__).parents[4] / "docs" / "reading.md"


def lines(name):
    return [line.split("~") for line in (DATA / name).read_text("utf-8").splitlines() if line and line[:2] != "# "]


def unescaped(text):
    return text.replace("\\r", "\r").replace("\\n", "\n")


@pytest.mark.parametrize(("written", "said"), lines("sentences.txt"))
def test_forty_sentences(written, said):
    assert spoken_form(written) == said


@pytest.mark.parametrize(("kind", "written", "said"), lines("complaints.txt"))
def test_complaints_of_users(kind, written, said):
    assert spoken_form(unescaped(written)) == unescaped(said)


@pytest.mark.parametrize(("written", "said"), lines("english.txt"))
def test_english(written, said):
    assert spoken_form(unescaped(written)) == unescaped(said)


@pytest.mark.parametrize(("written", "said"), lines("british.txt"))
def test_british(written, said):
    assert spoken_form(written, "en-GB") == said


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Hello 李明, come in", "Characters 7 to 8 "),
        ("Иван", "Characters 1 to 4 "),
        ("say مرحبا", "Characters 5 to 9 "),
        ("one 한 two", "Character 5 "),
        ("mixed Βeta", "Character 7 "),
    ],
)
def test_a_script_that_the_voice_cannot_read_is_refused(text, place):
    with pytest.raises(UnreadableText) as refused:
        read(text, "en-US")
    assert refused.value.message.startswith(place)
    assert refused.value.code == "unreadable_text"
    assert not set(refused.value.message) & set(text) - set(map(chr, range(128)))


def test_the_letters_of_a_language_without_rules_are_left_to_the_voice():
    check("Příliš 李明", "cs-CZ")
    with pytest.raises(UnreadableText):
        check("Příliš 李明", "en-US")


def test_tokens_have_spans_and_kinds():
    text = "Pay \U0001f389 $45 by 3/14, Anna."
    found = [(text[one.start : one.end], one.kind, one.words) for one in read(text, "en-US").tokens]
    assert found == [
        ("Pay", "word", "Pay"),
        ("$45", "money", "forty-five dollars"),
        ("by", "word", "by"),
        ("3/14", "date", "March fourteenth"),
        (",", "pause", ","),
        ("Anna", "word", "Anna"),
        (".", "end", "."),
    ]


def test_spans_are_those_of_the_decomposed_text():
    text = "Nguye\u0302\u0303n owes \uff15 euros"
    assert [text[one.start : one.end] for one in read(text, "en-US").tokens] == text.split(" ")


@pytest.mark.parametrize(("heading", "language"), [("English", "en-US"), ("German", "de"), ("Spanish", "es")])
def test_the_documentation_is_true(heading, language):
    section = GUIDE.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("| ") and ";" in line]
    pairs = [pair for row in rows for pair in zip(*(cell.strip().split("; ") for cell in row), strict=True)]
    assert len(pairs) > 20
    assert {written: spoken_form(written, language).rstrip(".") for written, _ in pairs} == dict(pairs)
