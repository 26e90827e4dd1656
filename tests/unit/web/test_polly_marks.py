"""Speech marks in Polly's format."""

import json

import pytest

from herald.speech.marks import Mark
from herald.speech.reading import read, supports
from herald.speech.spoken_words import SpokenWord
from herald.web.polly_speech import mark_lines


def marks_of(text, *words):
    """Return marks of words that are spoken a second each."""
    found, at = [], 0
    for second, word in enumerate(words):
        at = text.index(word, at)
        found.append(Mark(word, float(second), second + 0.9, at, at + len(word)))
        at += len(word)
    return found


def lines(text, marks, *types, words=(), language="en_US"):
    readings = [read(text, language)] if supports(language) else []
    made = mark_lines(text, marks, words, types=types, readings=readings)
    assert made == "" or made.endswith("\n")
    return [json.loads(line) for line in made.splitlines()]


def test_offsets_are_bytes_and_times_milliseconds():
    text = "Café, ja 🎉 naïve."
    found = lines(text, marks_of(text, "Café", "ja", "naïve"), "word")
    assert [text.encode()[one["start"] : one["end"]].decode() for one in found] == ["Café", "ja", "naïve"]
    assert [one["value"] for one in found] == ["Café", "ja", "naïve"]
    assert [one["time"] for one in found] == [0, 1000, 2000]
    assert list(found[0]) == ["time", "type", "start", "end", "value"]


@pytest.mark.parametrize(
    ("language", "text", "words", "expected"),
    [
        ("en_US", "Dr. Smith came. He left at 3 p.m. We saw.", "Dr. Smith came He left at 3 p.m. We saw",
         ["Dr. Smith came.", "He left at 3 p.m.", "We saw."]),
        ("en_US", "One\n\nTwo", "One Two", ["One", "Two"]),
        ("nl_NL", "Goed. En \"jij?\" Ja", "Goed En jij Ja", ["Goed.", "En \"jij?\"", "Ja"]),
        ("nl_NL", "... Goed", "Goed", ["Goed"]),
        ("nl_NL", "  Goed. \n", "Goed", ["Goed."]),
    ],
)  # fmt: skip
def test_sentences(language, text, words, expected):
    found = lines(text, marks_of(text, *words.split()), "sentence", language=language)
    assert [one["value"] for one in found] == expected
    assert [text.encode()[one["start"] : one["end"]].decode() for one in found] == expected


def test_a_sentence_begins_with_its_first_word():
    text = "One two. Three."
    found = lines(text, marks_of(text, "One", "two", "Three"), "word", "sentence")
    assert [(one["time"], one["type"]) for one in found] == [
        (0, "sentence"), (0, "word"), (1000, "word"), (2000, "sentence"), (2000, "word"),
    ]  # fmt: skip


def test_visemes_have_no_place_in_the_text():
    spoken = [SpokenWord("la", 0.0, 0.2, phones=(("l", 0.0), ("a", 0.1)))]
    assert lines("La", [], "viseme", words=spoken) == [
        {"time": 0, "type": "viseme", "value": "l"},
        {"time": 100, "type": "viseme", "value": "a"},
        {"time": 200, "type": "viseme", "value": "sil"},
    ]


def test_only_the_wanted_types_are_returned():
    text = "One."
    assert {one["type"] for one in lines(text, marks_of(text, "One"), "word")} == {"word"}
