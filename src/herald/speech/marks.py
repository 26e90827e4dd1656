"""When each word of a text is spoken.

The encoder tells how long each phoneme lasts, so the times of the spoken words are known. What is left is to find the
written words in them: "Dr." is spoken as one word, "1984" as several, "of the" at times as one. Every written word is
phonemised alone, and the two rows of sounds are matched.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from herald.speech.phonemes import SpokenWord, plain

_WORD = re.compile(r"(?:[^\s\"“”„«»()\[\]{}<>,;:!?….]|(?<!\.)\.(?!\.)|(?<=\d)[:,](?=\d))+")
"""A written word with its inner signs: "o'clock", "3:30", "1,000.50", "e.g.", "ten-minute". Several dots are none."""
_ABBREVIATION = re.compile(r"[^\W\daeiouyäöü]+\.|(?:[^\W\d]\.){2,}", re.IGNORECASE)
"""Written with a dot that ends no sentence: "Dr.", "Mrs.", "p.m."; without a vowel, or a dot after each letter."""


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


type Phonemize = Callable[[str], list[list[str]]]


def mark(text: str, spoken: Sequence[SpokenWord], phonemize: Phonemize) -> list[Mark]:
    """Find when each word of a text is spoken. Words without a sound, such as a lone dash, have no mark."""
    words = list(_WORD.finditer(text))
    sounds = [(sound, number) for number, word in enumerate(words) for sound in _sounds(word[0], phonemize)]
    heard: dict[int, _Heard] = {}
    for number, start, end, closes in _matched(sounds, spoken):
        so_far = heard.setdefault(number, _Heard(start, end, closes))
        so_far.end, so_far.closes = end, closes
    return [_mark(words[number], found) for number, found in heard.items()]


def _mark(word: re.Match[str], heard: _Heard) -> Mark:
    name = word[0] if not heard.closes or _ABBREVIATION.fullmatch(word[0]) else word[0].rstrip(".")
    return Mark(name, round(heard.start, 3), round(heard.end, 3), word.start(), word.start() + len(name))


def _sounds(word: str, phonemize: Phonemize) -> Iterator[str]:
    sentences = phonemize(unicodedata.normalize("NFC", word))
    for part in " ".join("".join(sentence) for sentence in sentences).split():
        if sound := plain(part):
            yield sound


def _matched(
    written: Sequence[tuple[str, int]], spoken: Sequence[SpokenWord]
) -> Iterator[tuple[int, float, float, bool]]:
    """For each written sound its word's number, start, end, and whether it closes a sentence."""
    matcher = SequenceMatcher(None, [sound for sound, _ in written], [word.sound for word in spoken], autojunk=False)
    for _, first, last, begin, end in matcher.get_opcodes():
        yield from _shared(written[first:last], spoken[begin:end])


def _shared(
    written: Sequence[tuple[str, int]], spoken: Sequence[SpokenWord]
) -> Iterator[tuple[int, float, float, bool]]:
    """Give each sound its spoken word; where their numbers differ, a share of the time by its length."""
    if not written or not spoken:
        return
    if len(written) == len(spoken):
        for (_, number), word in zip(written, spoken, strict=True):
            yield number, word.start, word.end, word.closes
        return
    start, seconds = spoken[0].start, spoken[-1].end - spoken[0].start
    ends = list(accumulate(len(sound) for sound, _ in written))
    for (sound, number), end in zip(written, ends, strict=True):
        closes = end == ends[-1] and spoken[-1].closes
        yield number, start + seconds * (end - len(sound)) / ends[-1], start + seconds * end / ends[-1], closes
