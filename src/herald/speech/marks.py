"""Find the time at which each word of a text is spoken.

The encoder returns the duration of each phoneme, which gives the times of the spoken words. They do not correspond
one to one to the written words: "Dr." is spoken as one word, "1984" as several, "of the" sometimes as one. Therefore
the spoken form of each written word is phonemized separately, and the two sequences of sounds are aligned.
"""

import re
import unicodedata
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from herald.speech.phonemes import Phonemes
from herald.speech.reading import Reading, Token
from herald.speech.reading.folding import Folded
from herald.speech.reading.markup import TextFormat, readable
from herald.speech.spoken_words import SpokenWord, plain

if TYPE_CHECKING:
    from herald.speech.lexicons.lexicon import Lexicon

_WORD = re.compile(r"(?:[^\s\"“”„«»()\[\]{}<>,;:!?….]|(?<!\.)\.(?!\.)|(?<=\d)[:,](?=\d))+")
"""A written word with inner punctuation: "o'clock", "3:30", "1,000.50", "e.g.", "ten-minute"; not an ellipsis."""
_ABBREVIATION = re.compile(r"[^\W\daeiouyäöü]+\.|(?:[^\W\d]\.){2,}", re.IGNORECASE)
"""Abbreviations, whose dot does not end a sentence: no vowel ("Dr.", "Mrs."), or a dot after each letter ("p.m.")."""


_MOST_PAIRS_PER_WORD = 20
"""Limit of exact alignment, in pairs of equal sounds per written word. Its time is quadratic in the repetitions of a
word. 4,096 characters of prose have about 4 pairs per word, tables of numbers 16."""


@dataclass(frozen=True)
class Mark:
    """A word of a text, its start and end in seconds, and its character offsets in the text (end exclusive)."""

    word: str
    start: float
    end: float
    text_start: int
    text_end: int


@dataclass
class _Timing:
    """The time in seconds at which a written word is spoken; `closes` if it ends a sentence."""

    start: float
    end: float
    closes: bool


class _Word(NamedTuple):
    """A written word: its name and offsets, and the sounds of its spoken form."""

    name: str
    start: int
    end: int
    sounds: tuple[str, ...]


class _Share(NamedTuple):
    """Sounds of written words, each with its word's index, aligned to the spoken words from `begin` to `end`."""

    written: Sequence[tuple[str, int]]
    begin: int
    end: int


class Marker:
    """Finds the marks of a text while it is synthesized; `sounds` are those of all words to be spoken."""

    def __init__(
        self,
        text: str,
        sounds: Sequence[str],
        phonemes: Phonemes,
        text_format: TextFormat = "plain",
        lexicons: Sequence["Lexicon"] = (),
    ) -> None:
        reading = phonemes.reading(text, text_format, lexicons)
        if reading is None:
            words = _words_of_text(readable(text, text_format), phonemes, lexicons)
        else:
            words = _words_of_reading(text, reading, phonemes)
        self._words = list(words)
        self.readings = [] if reading is None else [reading]
        """The reading of the text, unless its language is left to espeak-ng."""
        self.expected = len(sounds)
        """Number of spoken words."""
        written = [(sound, number) for number, word in enumerate(self._words) for sound in word.sounds]
        self._shares = deque(_align(written, sounds))
        self._spoken: list[SpokenWord] = []
        self._timings: dict[int, _Timing] = {}

    def add(self, words: Iterable[SpokenWord]) -> list[Mark]:
        """Add spoken words; return the marks of the written words that they complete."""
        self._spoken += words
        while self._shares and self._shares[0].end <= len(self._spoken):
            share = self._shares.popleft()
            for number, start, end, closes in _timings(share.written, self._spoken[share.begin : share.end]):
                so_far = self._timings.setdefault(number, _Timing(start, end, closes))
                so_far.end, so_far.closes = end, closes
        unfinished = self._shares[0].written[0][1] if self._shares else None
        finished = [number for number in self._timings if number != unfinished]
        return [_mark(self._words[number], self._timings.pop(number)) for number in finished]


class JoinedMarker:
    """Combines the markers of several parts; each gets the words of its own part."""

    def __init__(self, markers: Sequence[Marker]) -> None:
        self.readings = [reading for marker in markers for reading in marker.readings]
        self._left = list(markers)
        self._added = 0

    def add(self, words: Iterable[SpokenWord]) -> list[Mark]:
        """Add spoken words; return the marks of the written words that they complete."""
        found: list[Mark] = []
        for word in words:
            while self._left and self._added >= self._left[0].expected:
                self._left.pop(0)
                self._added = 0
            self._added += 1
            found += self._left[0].add([word]) if self._left else ()
        return found


def _mark(word: _Word, timing: _Timing) -> Mark:
    name = word.name if not timing.closes or _ABBREVIATION.fullmatch(word.name) else word.name.rstrip(".")
    end = word.end - len(word.name) + len(name)
    return Mark(name, round(timing.start, 3), round(timing.end, 3), word.start, end)


def _words_of_text(plain_text: Folded, phonemes: Phonemes, lexicons: Sequence["Lexicon"] = ()) -> Iterator[_Word]:
    """Yield the words of a text that espeak-ng reads, with the offsets of the original."""
    for word in _WORD.finditer(plain_text.text):
        at = plain_text.original(Token(word.start(), word.end(), "word", word[0]))
        said = phonemes.respelled(unicodedata.normalize("NFC", word[0]), lexicons)
        yield _Word(word[0], at.start, at.end, _sounds(said, "", phonemes))


def _words_of_reading(text: str, reading: Reading, phonemes: Phonemes) -> Iterator[_Word]:
    """Yield the written words of the tokens of a reading, with the sounds of their spoken forms."""
    known: dict[tuple[str, str], tuple[str, ...]] = {}
    for token in reading.tokens:
        if not token.spoken:
            continue
        said = (reading.sound(token), token.delivery.language)
        if said not in known:
            known[said] = _sounds(*said, phonemes)
        name = text[token.start : token.end]
        written = [] if "<" in name or "&" in name else list(_WORD.finditer(text, token.start, token.end))
        if not written:
            # An element is named by its words.
            name = token.words if name.startswith("<") else unescape(name) if "&" in name else name
            yield _Word(name, token.start, token.end, known[said])
            continue
        # The parts of a date, a telephone number or the like have about as many spoken words as digits.
        weights = [max(1, sum(map(str.isdigit, word[0]))) for word in written]
        for word, sounds in zip(written, _divide(known[said], weights), strict=True):
            yield _Word(word[0], word.start(), word.end(), sounds)


def _divide(sounds: tuple[str, ...], weights: list[int]) -> Iterator[tuple[str, ...]]:
    """Divide sounds among written words in proportion to their weights."""
    ends = [round(len(sounds) * sum_so_far / sum(weights)) for sum_so_far in accumulate(weights)]
    yield from (sounds[begin:end] for begin, end in pairwise([0, *ends]))


def _sounds(said: str, language: str, phonemes: Phonemes) -> tuple[str, ...]:
    parts = " ".join("".join(sentence) for sentence in phonemes.phonemize(said, language)).split()
    return tuple(filter(None, map(plain, parts)))


def _align(written: Sequence[tuple[str, int]], sounds: Sequence[str]) -> Iterator[_Share]:
    """Align the sounds of written and spoken words, one to one wherever their counts agree."""
    spoken = Counter(sounds)
    pairs = sum(count * spoken[sound] for sound, count in Counter(sound for sound, _ in written).items())
    if pairs > _MOST_PAIRS_PER_WORD * len(written):
        yield from _align_in_order(written, sounds)
        return
    matcher = SequenceMatcher(None, [sound for sound, _ in written], sounds, autojunk=False)
    for _, first, last, begin, end in matcher.get_opcodes():
        if last - first == end - begin:
            yield from (_Share([written[first + at]], begin + at, begin + at + 1) for at in range(end - begin))
        elif last > first and end > begin:
            yield _Share(written[first:last], begin, end)


def _align_in_order(written: Sequence[tuple[str, int]], sounds: Sequence[str]) -> Iterator[_Share]:
    """Align equal sounds at the start one to one, and the rest as one share, in linear time."""
    pairs = zip(written, sounds, strict=False)
    same = next(
        (at for at, ((sound, _), spoken) in enumerate(pairs) if sound != spoken), min(len(written), len(sounds))
    )
    yield from (_Share([written[at]], at, at + 1) for at in range(same))
    if same < len(written) and same < len(sounds):
        yield _Share(written[same:], same, len(sounds))


def _timings(
    written: Sequence[tuple[str, int]], spoken: Sequence[SpokenWord]
) -> Iterator[tuple[int, float, float, bool]]:
    """Yield the word's index, start, end, and whether it closes a sentence, for each written sound.

    If the counts differ, the time is divided among the sounds in proportion to their length.
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
