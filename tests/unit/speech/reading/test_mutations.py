"""Texts as people type them, in letters of the wrong case or mistyped, have words in every language."""

import random
from contextlib import suppress
from pathlib import Path

import pytest

from herald.errors import UnreadableText
from herald.speech.reading import read

DATA = Path(__file__).with_name("data")
LANGUAGES = ("en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "it-IT", "pt-BR")
CHARACTERS = " .,:;/-–'\"()€$£%°#+x×0123456789aAhHkKmMnºß\n"
SIGNS = (*CHARACTERS, *("½", "a.m.", "St.", "$1.5", "3/14", "www.", "00", "0/", "c/"))
MISTYPED = 2_000
MIXED = 1_500


def texts():
    return [
        line.partition("~")[0].replace("\\n", "\n")
        for path in sorted(DATA.glob("*.txt"))
        for line in path.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]


def mistyped(source, text):
    """Return a text with one to three characters removed, repeated, exchanged or added."""
    characters = list(text)
    for _ in range(source.randint(1, 3)):
        at = source.randrange(len(characters) or 1)
        instead = source.choice(["", source.choice(CHARACTERS), "".join(characters[at : at + 1]) * 2])
        characters[at : at + source.randint(0, 1)] = instead
    return "".join(characters)


def assert_read(text, language):
    try:
        with suppress(UnreadableText):
            read(text, language)
    except Exception as error:
        error.add_note(f"{language}: {text!r}")
        raise


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", [str.upper, str.lower, str.swapcase])
def test_letters_of_another_case(language, change):
    for text in texts():
        assert_read(change(text), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_mistyped_texts(language):
    source = random.Random(language)  # noqa: S311  a fixed sample
    for text in source.choices(texts(), k=MISTYPED):
        assert_read(mistyped(source, text), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_mixed_words_and_signs(language):
    source, words = random.Random(language), [word for text in texts() for word in text.split(" ")]  # noqa: S311
    for _ in range(MIXED):
        pieces = [source.choice(SIGNS if source.random() < 0.5 else words) for _ in range(source.randint(2, 12))]
        text = source.choice(["", "", " "]).join(pieces)
        assert_read(source.choice([str, str.upper, str.lower])(text), language)
