"""A voice says words as a lexicon tells: phonemes, marks and cached sentences differ from those without."""

from itertools import pairwise

import pytest

from herald.speech import LocalMemory, default_voice
from herald.speech.lexicons import Entry, Lexicon
from herald.speech.phonemes import Phonemes

TOMATO = Lexicon((Entry("tomato", ipa="təˈmɑːtoʊ"), Entry("nginx", "engine x")), "en-US")


@pytest.fixture(scope="module")
def voice():
    return default_voice()


def phonemes(voice, text, *lexicons):
    return ["".join(sentence) for sentence in voice.phonemize(text, lexicons=lexicons)]


def test_a_pronunciation_is_said_in_the_phonemes_of_the_voice(voice):
    assert phonemes(voice, "A tomato, please. Tomato!") == ["ɐ təmˈATO, plˈiz.", "təmˈATO!"]
    assert phonemes(voice, "A tomato, please. Tomato!", TOMATO) == ["ɐ təmˈɑtO, plˈiz.", "təmˈɑtO!"]


def test_an_alias_is_said_like_its_text(voice):
    assert phonemes(voice, "nginx is up.", TOMATO) == phonemes(voice, "engine x is up.")


def test_marks_keep_what_is_written(voice):
    marks = voice.synthesize("My nginx, a tomato!", lexicons=[TOMATO]).marks
    assert [mark.word for mark in marks] == ["My", "nginx", "a", "tomato"]
    assert all(before.end <= after.start for before, after in pairwise(marks))


def test_a_changed_lexicon_never_gets_a_cached_sentence_of_another(voice):
    memory = LocalMemory(10_000_000)
    text = "Nice tomato."
    plain = voice.synthesize(text, memory=memory)
    changed = voice.synthesize(text, memory=memory, lexicons=[TOMATO])
    assert (plain.sentences.spoken, changed.sentences.spoken, changed.sentences.reused) == (1, 1, 0)
    assert plain.samples.tolist() != changed.samples.tolist()
    again = voice.synthesize(text, memory=memory, lexicons=[TOMATO])
    assert again.sentences.reused == 1
    assert again.samples.tolist() == changed.samples.tolist()


def test_a_lexicon_without_words_of_the_text_shares_its_sentences(voice):
    memory = LocalMemory(10_000_000)
    voice.synthesize("Hello there.", memory=memory)
    assert voice.synthesize("Hello there.", memory=memory, lexicons=[TOMATO]).sentences.reused == 1


def espeak(language="en-us"):
    letters = "abcdefghijklmnopqrstuvwxyzɹɪəɛʊɔɑæʌŋʃʒθðˈˌːɾɚɡɜ ,;:.!?"
    return Phonemes(kind="espeak", espeak_voice=language, ids={one: [n] for n, one in enumerate(letters)})


def test_a_piper_voice_says_pronunciations_between_the_words_that_espeak_says():
    said = ["".join(sentence) for sentence in espeak().sentences("I say tomato, now. Tomato? Yes", [TOMATO])]
    assert said == ["aɪ sˈeɪ təmˈɑːtoʊ, nˈaʊ.", "təmˈɑːtoʊ?", "jˈɛs"]


def test_a_language_that_is_left_to_espeak_gets_aliases_and_pronunciations():
    lexicon = Lexicon((Entry("Utrecht", ipa="ˈytɹɛxt"), Entry("NS", "en ess", exact=True)))
    dutch = espeak("nl")
    plain = ["".join(one) for one in dutch.utterances("Utrecht met de NS.")]
    said = ["".join(one) for one in dutch.utterances("Utrecht met de NS.", lexicons=[lexicon])]
    assert said != plain
    assert said[0].startswith("ˈytɹɛxt ")
