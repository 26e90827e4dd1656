"""Validation and normalization of texts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herald.errors import InvalidInput, InvalidText, NothingToSpeak, SsmlNotSupported
from herald.speech.text import refuse_stray_ssml, speakable


@given(st.text(max_size=80))
def test_a_text_is_rejected_or_composed(text):
    try:
        assert speakable(text) == unicodedata.normalize("NFC", text)
    except InvalidInput as error:
        assert error.param == "input"
        assert error.code in {"invalid_text", "nothing_to_speak", "ssml_not_supported"}


def test_equivalent_spellings_are_equal():
    assert speakable("Zoe\u0308") == speakable("Zo\u00eb")


@pytest.mark.parametrize(
    "character", ["\0", "\x07", "\x1b", "\x7f", "\x9f", chr(0xD800), chr(0xDFFF), "\ufffe", "\U0001ffff", "\ufdd0"]
)
def test_invalid_characters_are_reported_with_their_position(character):
    with pytest.raises(InvalidText, match=f"Character 4 is U\\+{ord(character):04X}"):
        speakable(f"abc{character}")


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "a\r\nb", "a\u2028b", "a\u200bb", "a\u202eb", "👩‍👩‍👧 a"])
def test_layout_and_emoji_are_allowed(text):
    assert speakable(text)


@pytest.mark.parametrize("text", ["", " ", "\n", "?!.", "\u0301", "👍", "\u200b"])
def test_text_without_letters_or_digits_is_rejected(text):
    with pytest.raises(NothingToSpeak):
        speakable(text)


@pytest.mark.parametrize(
    "text",
    [
        "<speak>Hello</speak>",
        " \n<SPEAK version='1.1'>a",
        "\ufeff<?xml version='1.0'?><speak/>",
        "</speak><speak>a",
        "a <break time='1s'/> b",
        "<prosody rate='slow'>a</prosody>",
    ],
)
def test_ssml_outside_a_document_is_rejected(text):
    with pytest.raises(SsmlNotSupported):
        refuse_stray_ssml(text)


@pytest.mark.parametrize("text", ["<speaker> says hello", "speak <speak>", "a < b"])
def test_angle_brackets_are_not_ssml(text):
    assert speakable(text) == text
