"""Spoken words with their sounds and times, and their visemes: the shapes of the mouth, in Amazon Polly's alphabet.

https://docs.aws.amazon.com/polly/latest/dg/ref-phoneme-tables-shell.html
"""

from collections.abc import Iterable, Iterator
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
    """Return words with all times increased by some seconds."""
    return [
        word._replace(
            start=word.start + seconds,
            end=word.end + seconds,
            phones=tuple((phone, start + seconds) for phone, start in word.phones),
        )
        for word in words
    ]


def plain(sound: str) -> str:
    """Strip stress, length and punctuation, which differ between a single word and one in a sentence."""
    return "".join(phoneme for phoneme in sound if phoneme.isalpha() and phoneme not in "ˈˌː")


SILENCE = "sil"
_SHORTEST_SILENCE = 0.05
"""Minimum seconds between two words for which the mouth closes."""
_TABLE = {
    "p": "p b m", "t": "t d n ɾ T", "S": "ʃ ʒ tʃ dʒ ʧ ʤ", "T": "θ ð", "f": "f v ʋ", "k": "k g ɡ h ŋ x ç ɣ ʁ ʀ χ c",
    "i": "i ɪ j ᵻ ɨ ɯ", "r": "ɹ r ɻ", "s": "s z ts dz", "l": "l ɫ", "u": "u ʊ w y ʏ ɥ ʉ", "@": "ə ɚ ᵊ əʊ",
    "a": "a æ ɑ ɐ aɪ aʊ I W", "e": "e eɪ A", "E": "ɛ ʌ ɜ ɝ eə ɛə", "o": "o oʊ ø O", "O": "ɔ ɔɪ ɔʏ ɔø œ ɒ Y",
    "J": "ɲ ʎ ʝ ɕ ʑ", "B": "β",
}  # fmt: skip
"""Phonemes of each viseme: of espeak-ng's IPA, and of misaki's English, whose capitals are diphthongs and a flap."""
_VISEMES = {phoneme: viseme for viseme, phonemes in _TABLE.items() for phoneme in phonemes.split()}
_LONGEST = max(map(len, _VISEMES))


class Viseme(NamedTuple):
    """A shape of the mouth, from a time in seconds until the next one."""

    value: str
    start: float


def visemes(words: Iterable[SpokenWord]) -> Iterator[Viseme]:
    """Yield the visemes of spoken words. Phonemes without one, such as a glottal stop, are omitted."""
    end = 0.0
    for number, word in enumerate(words):
        if number and word.start - end >= _SHORTEST_SILENCE:
            yield Viseme(SILENCE, end)
        yield from _of_word(word)
        end = word.end
    yield Viseme(SILENCE, end)


def _of_word(word: SpokenWord) -> Iterator[Viseme]:
    phones, at = word.phones, 0
    while at < len(phones):
        sizes = range(min(_LONGEST, len(phones) - at), 0, -1)
        joined = ("".join(phoneme for phoneme, _ in phones[at : at + size]) for size in sizes)
        size, found = next(((len(one), one) for one in joined if one in _VISEMES), (1, ""))
        if found:
            yield Viseme(_VISEMES[found], phones[at][1])
        at += size
