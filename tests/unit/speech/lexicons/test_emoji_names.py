"""The lexicon herald:emoji: emoji are silent without it, and named with it in the language of the voice."""

import emoji
import pytest

from herald.speech import default_voice
from herald.speech.lexicons.lexicon import EMOJI_LANGUAGES, EMOJI_VERSION, LONGEST_ALIAS, emoji_names
from herald.speech.reading import read, spoken_form

NAMED = {
    ("Great🎉", "en-US"): "Great party popper",
    ("Great🎉 job 👍🏽!", "en-US"): "Great party popper job thumbs up medium skin tone!",
    ("🎉", "en-GB"): "party popper",
    ("Stars ★☆", "en-US"): "Stars black star white star",
    ("🥇 and 1️⃣", "en-US"): "first place medal and keycap one",
    ("Grüße ❤️ aus 🇩🇪", "de-DE"): "Grüße rotes herz aus flagge deutschland",
    ("Bonjour 👩‍⚕️", "fr-FR"): "Bonjour professionnelle de la santé",
    ("Hola 🎂", "es-ES"): "Hola tarta de cumpleaños",
    ("Ciao ❤", "it-IT"): "Ciao cuore rosso",
    ("Olá 🎉", "pt-BR"): "Olá cone de festa",
}


@pytest.mark.parametrize(("text", "language"), NAMED)
def test_emoji_have_names(text, language):
    assert spoken_form(text, language, lexicons=emoji_names()) == NAMED[text, language]
    words = spoken_form(text, language)
    assert words == spoken_form(text, language, lexicons=[]) != NAMED[text, language]


def test_a_token_covers_the_whole_emoji():
    text = "Hi 👩🏽‍🚀!"
    (token,) = [one for one in read(text, "en-US", lexicons=emoji_names()).tokens if one.kind == "lexicon"]
    assert text[token.start : token.end] == "👩🏽‍🚀"


def test_names_can_be_aliases():
    every = sorted(emoji.EMOJI_DATA)
    for number, names in enumerate(emoji_names()):
        for one in every[number::50]:  # all of them take half a minute
            words = spoken_form(one, names.language, lexicons=[names])
            assert 1 < len(words) <= 1.5 * LONGEST_ALIAS, (one, names.language)


def test_an_emoji_alone_is_spoken():
    audio = default_voice().synthesize("🎉", lexicons=emoji_names())
    assert audio.seconds > 0.5
    assert [mark.word for mark in audio.marks] == ["🎉"]


def test_the_version_is_that_of_the_package():
    assert emoji.__version__.startswith(f"{EMOJI_VERSION}.")


def test_each_language_has_its_own_checksum():
    assert len({one.checksum for one in emoji_names()}) == len(EMOJI_LANGUAGES)
