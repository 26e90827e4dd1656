"""Spoken words with their sounds and times."""

from collections.abc import Iterable
from typing import NamedTuple


class SpokenWord(NamedTuple):
    """A spoken word: its phonemes without stress, and its start and end in seconds."""

    sound: str
    start: float
    end: float
    closes: bool = False
    """Whether it ends a sentence, so that a dot after it is not part of the word."""
    phones: tuple[tuple[str, float], ...] = ()
    """Its phonemes, each with its start in seconds."""


def shifted(words: Iterable[SpokenWord], seconds: float) -> list[SpokenWord]:
    """Return words that are spoken later by some seconds."""
    return [
        word._replace(
            start=word.start + seconds,
            end=word.end + seconds,
            phones=tuple((phone, start + seconds) for phone, start in word.phones),
        )
        for word in words
    ]


def plain(sound: str) -> str:
    """Strip stress, length and punctuation, which differ between a word by itself and in a sentence."""
    return "".join(phoneme for phoneme in sound if phoneme.isalpha() and phoneme not in "ˈˌː")
