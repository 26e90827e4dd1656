"""Compare a transcript with the sentence of consent."""

import re
import unicodedata
from difflib import SequenceMatcher
from typing import NamedTuple

from herald.enrolment.consent_sentence import ConsentSentence

_ALIKE = 0.75
"""Least similarity of a random word and its transcript, as difflib's ratio. Words of one list are less alike."""


class HeardWords(NamedTuple):
    """What a transcript has of a sentence."""

    fixed: float
    """Share of the fixed part's words that are in the transcript, in order."""
    words: tuple[bool, ...]
    """Whether each random word is in the transcript, in order."""


def compare(sentence: ConsentSentence, transcript: str) -> HeardWords:
    """Return which parts of a sentence a transcript has, without regard to case, punctuation and diacritics."""
    heard, fixed = plain_words(transcript), plain_words(sentence.fixed)
    blocks = SequenceMatcher(None, fixed, heard, autojunk=False).get_matching_blocks()
    found = sum(block.size for block in blocks)
    after = max((block.b + block.size for block in blocks if block.size), default=0)
    return HeardWords(found / len(fixed), _in_order(plain_words(" ".join(sentence.words)), heard[after:]))


def _in_order(words: list[str], heard: list[str]) -> tuple[bool, ...]:
    found, at = [], 0
    for word in words:
        places = [place for place in range(at, len(heard)) if alike(word, heard[place])]
        found.append(bool(places))
        at = places[0] + 1 if places else at
    return tuple(found)


def alike(one: str, other: str) -> bool:
    """Return whether a transcript's word stands for a word: recognizers confuse single letters."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE


def plain_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without diacritics."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.findall(r"[^\W\d_]+", letters)
