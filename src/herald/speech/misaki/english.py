"""Convert English text to phonemes in misaki's alphabet.

Words are looked up in the dictionary that the models were trained with. Everything else (numbers, symbols, names that
the dictionary lacks) is read by espeak-ng.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from herald.speech.ipa import CLOSE, OPEN, adapted
from herald.speech.misaki.dictionary import Dictionary
from herald.speech.misaki.from_ipa import misaki_from_any_ipa, misaki_from_ipa
from herald.speech.misaki.inflections import INFLECTIONS
from herald.speech.misaki.parts_of_speech import kinds_between
from herald.speech.misaki.stress import MAIN, SECOND, VOWELS, stressed

_OPENING, _CLOSING = "\"“”'‘(", "\"“”'‘),;:.!?…—"
_UNKNOWN_QUOTES = str.maketrans("", "", "\"'‘")
"""Marks at the edges of a word that have no phoneme; straight quotes do not say whether they open or close."""
_DASHES = re.compile(r"\s*[—–]\s*(?!\d)|\s+--?\s+")
_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*(?:-[^\W\d_]+(?:'[^\W\d_]+)*)*")
"""A word with inner apostrophes, or several joined by hyphens."""
_SENTENCE_ENDS, _PAUSES = ".!?…", ",;:.!?…—"
_ABBREVIATIONS = frozenset(
    ["dr", "mr", "mrs", "ms", "st", "prof", "rev", "gen", "sen", "lt", "col", "sgt", "capt", "vs"]
)
"""A dot after them does not end a sentence."""


@dataclass
class _Token:
    """Characters without a space: a word with the punctuation around it. `sound` is None while it is unknown."""

    word: str
    opening: str
    closing: str
    sound: str | None = None

    @property
    def pauses(self) -> bool:
        """Return whether speech pauses after it."""
        return any(mark in _PAUSES for mark in self.closing)


class EnglishReader:
    """Reads American English. `espeak` returns espeak-ng's phonemes of a text, words separated by spaces."""

    def __init__(self, dictionary: Dictionary, espeak: Callable[[str], str], language: str = "en_US") -> None:
        self._dictionary = dictionary
        self._espeak = espeak
        self._language = language

    def sentences(self, text: str) -> list[list[str]]:
        """Return the phonemes of each sentence, with the punctuation that the models know."""
        plain = _DASHES.sub("— ", text.replace("’", "'").replace("...", "…"))
        return [self._read(sentence) for sentence in _sentences([_token(run) for run in plain.split()])]

    def _read(self, tokens: Sequence[_Token]) -> list[str]:
        following: str | None = None  # the sound after the word, None before a pause
        for number in range(len(tokens) - 1, -1, -1):
            token = tokens[number]
            following = None if token.pauses else following
            if token.word.startswith(OPEN):
                ipa = adapted(token.word.strip(OPEN + CLOSE), self._language)
                token.sound = misaki_from_any_ipa(ipa)
            if _WORDS.fullmatch(token.word):
                before = tokens[number - 1].word.lower() if number else ""
                after = tokens[number + 1].word.lower() if following is not None else ""
                kinds = kinds_between(before, after, pauses=following is None)
                sounds = [self._sound(part, kinds, following) for part in token.word.split("-")]
                token.sound = "".join(filter(None, sounds)) if all(sounds) else None
            following = token.sound or "?"
        return list(" ".join(self._pieces(tokens)))

    def _pieces(self, tokens: Sequence[_Token]) -> Iterator[str]:
        """Yield the sounds with punctuation; unknown words up to a pause are read together, as in "5 km"."""
        unknown: list[_Token] = []
        for token in tokens:
            if token.sound is None:
                unknown.append(token)
            if unknown and (token.sound is not None or token.pauses or token is tokens[-1]):
                sound = misaki_from_ipa(self._espeak(" ".join(one.word for one in unknown)))
                if sound or unknown[-1].closing:
                    yield unknown[0].opening + sound + unknown[-1].closing
                unknown = []
            if token.sound is not None:
                yield token.opening + token.sound + token.closing

    def _sound(self, word: str, kinds: Sequence[str], following: str | None) -> str | None:
        lower = word.lower()
        if weak := _weak_form(word, following):
            return weak
        sound = self._looked_up(word, kinds) or self._inflected(lower, kinds)
        if sound is None or word == lower:
            return sound
        return stressed(sound, main=len(word) > 1 and word.isupper())

    def _looked_up(self, word: str, kinds: Sequence[str]) -> str | None:
        """Look a word up as it is written, in lower case, and capitalized."""
        lower = word.lower()
        for spelling in dict.fromkeys([word, lower, lower.capitalize()]):
            if readings := self._dictionary.find(spelling):
                return next((readings[kind] for kind in kinds if kind in readings), readings.get(""))
        return None

    def _inflected(self, word: str, kinds: Sequence[str]) -> str | None:
        """Return the phonemes of a form in -s, -ed or -ing whose stem the lexicon has."""
        for ending, stem_ending, inflect in INFLECTIONS:
            if not word.endswith(ending) or len(word) <= len(ending) + 1:
                continue
            if sound := self._looked_up(word.removesuffix(ending) + stem_ending, kinds):
                return inflect(sound)
        return None


def _token(run: str) -> _Token:
    core = run.lstrip(_OPENING)
    word = core.rstrip(_CLOSING)
    opening, closing = run[: len(run) - len(core)], core[len(word) :]
    return _Token(word, opening.translate(_UNKNOWN_QUOTES), closing.translate(_UNKNOWN_QUOTES), None if word else "")


def _sentences(tokens: Sequence[_Token]) -> Iterator[list[_Token]]:
    sentence: list[_Token] = []
    for number, token in enumerate(tokens):
        sentence.append(token)
        word = token.word
        is_abbreviation = word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isupper() and word != "I")
        if number + 1 == len(tokens):
            yield sentence
        elif token.closing == "." and is_abbreviation:
            token.closing = ""  # a dot would make a pause
        elif any(mark in _SENTENCE_ENDS for mark in token.closing) and not tokens[number + 1].word[:1].islower():
            yield sentence
            sentence = []


def _weak_form(word: str, following: str | None) -> str | None:
    """Return the phonemes of a word whose sound depends on the next one; `following` is None before a pause."""
    if word == "A" and following is None:
        return "ˈA"
    vowel = following is not None and following.lstrip(MAIN + SECOND)[:1] in VOWELS
    forms = {
        "a": "ɐ",
        "an": "ɐn",
        "the": "ði" if vowel else "ðə",
        "to": None if following is None else "tʊ" if vowel else "tə",
        "in": "ˈɪn" if following is None else "ɪn",
        "i": "ˌI",
    }
    return forms.get(word.lower())
