"""English phonemes for Kokoro. Japanese needs packages that only the server's environment has."""

import pytest

from gpu.phonemes import phonemize
from herald.errors import InvalidRequest
from herald.speech.misaki.dictionary import LEXICON, write_lexicon


def test_an_ellipsis_neither_joins_words_nor_vanishes():
    assert phonemize("Well... you know.", "en-US") == "wˈɛl… juː nˈoʊ."
    assert phonemize("no… Jack", None).startswith("nˈoʊ… dʒ")


@pytest.mark.parametrize(
    ("language", "sound"), [("en-US", "təmˈeɪɾoʊ"), ("en", "təmˈeɪɾoʊ"), ("en-GB", "təmˈɑːtəʊ"), (None, "təmˈeɪɾoʊ")]
)
def test_british_and_american_english_differ(language, sound):
    assert phonemize("tomato", language) == sound


@pytest.mark.parametrize(
    ("language", "speaker", "sound"),
    [
        ("es", "", "mˈuʧo"),
        (None, "ef_dora", "mˈuʧo"),
        ("fr-FR", "af_heart", "myʃˈo"),
        (None, "zf_xiaoyi", "mˈʌtʃoʊ"),
    ],
)
def test_the_language_of_the_speaker_is_the_default(language, speaker, sound):
    assert phonemize("mucho", language, speaker=speaker) == sound


def test_american_english_uses_the_lexicon(tmp_path):
    write_lexicon(tmp_path / LEXICON, {"hello": {"": "həlˈO"}})
    assert phonemize("Hello", "en-US", lexicon=tmp_path / LEXICON) == "həlˈO"


def test_other_languages_are_rejected():
    with pytest.raises(InvalidRequest) as refused:
        phonemize("Guten Tag", "de-DE")
    assert refused.value.code == "unsupported_language"


def test_a_text_without_a_sound_has_no_phonemes():
    assert phonemize("...", "en-US").strip(" …") == ""
