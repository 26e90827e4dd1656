"""When each word of a text is spoken.

The encoder tells how long each phoneme lasts, so the times of the spoken words are known. What is left is to find the
written words in them: "Dr." is spoken as one word, "1984" as several, "of the" at times as one. Every written word is
phonemised alone, and the two rows of sounds are matched.
"""

import re
import unicodedata
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

from herald.speech.phonemes import SpokenWord, plain

_WORD = re.compile(r"(?:[^\s\"“”„«»()\[\]{}<>,;:!?….]|(?<!\.)\.(?!\.)|(?<=\d)[:,](?=\d))+")
"""A written word with its inner signs: "o'clock", "3:30", "1,000.50", "e.g.", "ten-minute". Several dots are none."""
_ABBREVIATION = re.compile(r"[^\W\daeiouyäöü]+\.|(?:[^\W\d]\.){2,}", re.IGNORECASE)
"""Written with a dot that ends no sentence: "Dr.", "Mrs.", "p.m."; without a vowel, or a dot after each letter."""


_MOST_PAIRS_PER_WORD = 20
"""Pairs of equal sounds, for each written word, that are still matched exactly: the time for that is quadratic in the
repetitions of a word. 4,096 characters of prose have some 4 pairs for each word, of tables of figures 16."""


@dataclass(frozen=True)
class Mark:
    """A word of a text, when it is spoken (seconds), and where it stands (offsets of characters, the end exclusive)."""

    word: str
    start: float
    end: float
    text_start: int
    text_end: int


@dataclass
class _Heard:
    """When a written word was found to be spoken."""

    start: float
    end: float
    closes: bool


class _Share(NamedTuple):
    """Sounds of written words, each with its word's number, that share the spoken words from `begin` to `end`."""

    written: Sequence[tuple[str, int]]
    begin: int
    end: int


type Phonemize = Callable[[str], list[list[str]]]


def mark(text: str, spoken: Sequence[SpokenWord], phonemize: Phonemize) -> list[Mark]:
    """Find when each word of a text is spoken. Words without a sound, such as a lone dash, have no mark."""
    return Marker(text, [word.sound for word in spoken], phonemize).hear(spoken)


class Marker:
    """Finds the marks of a text while it is spoken; `sounds` are those of all words that will be."""

    def __init__(self, text: str, sounds: Sequence[str], phonemize: Phonemize) -> None:
        self._words = list(_WORD.finditer(text))
        written = [(sound, number) for number, word in enumerate(self._words) for sound in _sounds(word[0], phonemize)]
        self._shares = deque(_shares(written, sounds))
        self._spoken: list[SpokenWord] = []
        self._heard: dict[int, _Heard] = {}

    def hear(self, words: Iterable[SpokenWord]) -> list[Mark]:
        """The marks of the written words that were spoken to their end by now, and not before."""
        self._spoken += words
        while self._shares and self._shares[0].end <= len(self._spoken):
            share = self._shares.popleft()
            for number, start, end, closes in _shared(share.written, self._spoken[share.begin : share.end]):
                so_far = self._heard.setdefault(number, _Heard(start, end, closes))
                so_far.end, so_far.closes = end, closes
        unfinished = self._shares[0].written[0][1] if self._shares else None
        finished = [number for number in self._heard if number != unfinished]
        return [_mark(self._words[number], self._heard.pop(number)) for number in finished]


def _mark(word: re.Match[str], heard: _Heard) -> Mark:
    name = word[0] if not heard.closes or _ABBREVIATION.fullmatch(word[0]) else word[0].rstrip(".")
    return Mark(name, round(heard.start, 3), round(heard.end, 3), word.start(), word.start() + len(name))


def _sounds(word: str, phonemize: Phonemize) -> Iterator[str]:
    sentences = phonemize(unicodedata.normalize("NFC", word))
    for part in " ".join("".join(sentence) for sentence in sentences).split():
        if sound := plain(part):
            yield sound


def _shares(written: Sequence[tuple[str, int]], sounds: Sequence[str]) -> Iterator[_Share]:
    """Match the sounds of the written words with those of the spoken ones: one by one where their numbers agree."""
    if _pairs(written, sounds) > _MOST_PAIRS_PER_WORD * len(written):
        yield from _shares_in_order(written, sounds)
        return
    matcher = SequenceMatcher(None, [sound for sound, _ in written], sounds, autojunk=False)
    for _, first, last, begin, end in matcher.get_opcodes():
        if last - first == end - begin:
            yield from (_Share([written[first + at]], begin + at, begin + at + 1) for at in range(end - begin))
        elif last > first and end > begin:
            yield _Share(written[first:last], begin, end)


def _pairs(written: Sequence[tuple[str, int]], sounds: Sequence[str]) -> int:
    """Return how many pairs of equal sounds the matcher would compare at once."""
    spoken = Counter(sounds)
    return sum(count * spoken[sound] for sound, count in Counter(sound for sound, _ in written).items())


def _shares_in_order(written: Sequence[tuple[str, int]], sounds: Sequence[str]) -> Iterator[_Share]:
    """Match equal sounds from the start only, in linear time; the rest shares the rest of the spoken words."""
    pairs = zip(written, sounds, strict=False)
    same = next(
        (at for at, ((sound, _), spoken) in enumerate(pairs) if sound != spoken), min(len(written), len(sounds))
    )
    yield from (_Share([written[at]], at, at + 1) for at in range(same))
    if same < len(written) and same < len(sounds):
        yield _Share(written[same:], same, len(sounds))


def _shared(
    written: Sequence[tuple[str, int]], spoken: Sequence[SpokenWord]
) -> Iterator[tuple[int, float, float, bool]]:
    """For each written sound its word's number, start, end, and whether it closes a sentence.

    Each sound has a spoken word of its own; where their numbers differ, a share of the time by its length.
    """
    if len(written) == len(spoken):
        for (_, number), word in zip(written, spoken, strict=True):
            yield number, word.start, word.end, word.closes
        return
    start, seconds = spoken[0].start, spoken[-1].end - spoken[0].start
    ends = list(accumulate(len(sound) for sound, _ in written))
    for (sound, number), end in zip(written, ends, strict=True):
        closes = end == ends[-1] and spoken[-1].closes
        yield number, start + seconds * (end - len(sound)) / ends[-1], start + seconds * end / ends[-1], closes
