"""Visemes follow Polly's tables."""

import pytest

from herald.speech.spoken_words import SpokenWord, visemes


def word(phones, start=0.0, step=0.1):
    times = [round(start + number * step, 3) for number in range(len(phones))]
    return SpokenWord("".join(phones), start, start + step * len(phones), phones=tuple(zip(phones, times, strict=True)))


def values(*words):
    return [viseme.value for viseme in visemes(words)]


@pytest.mark.parametrize(
    ("phones", "expected"),
    [
        ("mɛɹi", "p E r i"),  # Polly's own example, Mary
        ("lɪTᵊl", "l i t @ l"),  # misaki's alphabet
        ("læm", "l a p"),
        ("flis", "f l i s"),
        ("ʧYs", "S O s"),
        ("tʃɔɪs", "S O s"),  # espeak-ng's alphabet
        ("dʒʌmp", "S E p p"),
        ("θɔːt", "T O t"),
        ("bʌɾɚ", "p E t @"),
        ("haʊs", "k a s"),
        ("hWs", "k a s"),
        ("ɡoʊ", "k o"),
        ("ʃuːlə", "S u l @"),
        ("niɲo", "t i J o"),
        ("ʔ", ""),
    ],
)
def test_phonemes(phones, expected):
    assert values(word(list(phones))) == [*expected.split(), "sil"]


def test_times_are_those_of_the_phonemes():
    assert [viseme.start for viseme in visemes([word(list("ʧYs"), start=1.0)])] == [1.0, 1.1, 1.2, pytest.approx(1.3)]


def test_the_mouth_closes_in_pauses_and_at_the_end():
    near, far = word(list("la"), start=0.21), word(list("la"), start=1.0)
    assert values(word(list("la")), near, far) == ["l", "a", "l", "a", "sil", "l", "a", "sil"]


def test_every_phoneme_of_the_voices_has_a_viseme(heart, joe):
    text = "The quick brown fox jumps over a lazy dog; she thought of measuring their joyful choices, then sang aloud."
    for voice in (heart, joe):
        for sentence in voice.phonemize(text):
            for phoneme in (one for one in sentence if one.isalpha() and one not in "ˈˌː"):
                assert len(values(word([phoneme]))) == 2, phoneme
