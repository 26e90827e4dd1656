"""Convert English text to phonemes in misaki's alphabet.

Words are looked up in the dictionary that the models were trained with. Everything else (numbers, symbols, names that
the dictionary lacks) is read by espeak-ng.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from herald.speech.ipa import CLOSE, OPEN, adapt, nearest
from herald.speech.misaki.dictionary import Dictionary

_AMERICAN = {
    "aɪ": "I", "aʊ": "W", "eɪ": "A", "ɔɪ": "Y", "oʊ": "O", "əʊ": "O", "dʒ": "ʤ", "tʃ": "ʧ",
    "ɜː": "ɜɹ", "ɚ": "əɹ", "oː": "ɔ", "iə": "ɪɹ", "əl": "ᵊl", "n̩": "ᵊn", "l̩": "ᵊl", "ɾ": "T", "ʔ": "t",
    "r": "ɹ", "x": "k", "ç": "k", "ɬ": "l", "e": "A", "o": "O", "a": "æ", "ɐ": "ə", "ʲ": "", "ː": "", "\u0303": "",
}  # fmt: skip
_SOUND = re.compile("|".join(map(re.escape, sorted(_AMERICAN, key=len, reverse=True))))
_DOUBLE_R = re.compile("ɹɹ+")
_KNOWN = frozenset("abdefhijklmnoprstuvwxzæçðŋɐɑɔəɚɛɜɡɪɬɹɾʃʊʌʒʔθᵻˈˌː\u0303\u0329ʲ ,;:.!?")
"""Phonemes of espeak-ng that have a counterpart in misaki's alphabet."""
_BETWEEN = re.compile("ə(?=l[ˈˌ]?[aeiouæɐɑɔəɛɜɪʊʌ])")
"""A schwa before an l that begins the next syllable, as in "hello". Other "əl" are as in "little"."""
_WHOLE_WORDS = {"ɐ": "ɐ", "ðɪ": "ði"}
"""Unstressed words whose phonemes differ from those of the same letters inside a word."""


def misaki_from_ipa(ipa: str) -> str:
    """Return American English phonemes of espeak-ng, words separated by spaces, in misaki's alphabet."""
    return " ".join(_WHOLE_WORDS.get(word) or _convert(word) for word in ipa.replace("ʲ", "").split())


def misaki_from_any_ipa(ipa: str) -> str:
    """Return IPA of any language in misaki's alphabet, with the nearest sounds that American English has."""
    return misaki_from_ipa(_BETWEEN.sub("ɐ", nearest(unicodedata.normalize("NFC", ipa), _KNOWN)))


def _convert(word: str) -> str:
    return _DOUBLE_R.sub("ɹ", _SOUND.sub(lambda found: _AMERICAN[found[0]], word))


VOWELS = frozenset("AIOQWYaiuæɑɒɔəɐɛɜɪʊʌᵻ")
MAIN, SECOND = "ˈ", "ˌ"


def add_stress(sound: str, *, main: bool) -> str:
    """Add the stress of the models' training texts: primary with `main`, for words in capitals, else secondary."""
    if MAIN in sound:
        return sound
    if SECOND in sound:
        return sound.replace(SECOND, MAIN, 1) if main else sound
    at = next((number for number, phoneme in enumerate(sound) if phoneme in VOWELS), None)
    return sound if at is None else sound[:at] + (MAIN if main else SECOND) + sound[at:]


_BEFORE_VERBS = (
    "to will would can could should shall must may might not don't didn't doesn't won't can't cannot please let's",
    "i you we they i'll you'll we'll they'll he'll she'll who never always",
)
_BEFORE_NOUNS = (
    "a an the this that these those my your his her its our their of in on for with by at from no some any each every",
    "another next last first",
)
_BEFORE_PARTICIPLES = ("have has had having was were is are be been being i've you've we've they've",)
_OBJECTS = ("the a an your my his her its our their this that these those it them us me",)


def _words(*lines: str) -> frozenset[str]:
    return frozenset(chain.from_iterable(line.split() for line in lines))


_VERBS, _NOUNS = _words(*_BEFORE_VERBS), _words(*_BEFORE_NOUNS)
_PARTICIPLES, _BEGIN_OBJECTS = _words(*_BEFORE_PARTICIPLES), _words(*_OBJECTS)


def kinds_between(before: str, after: str, *, pauses: bool) -> list[str]:
    """Return the parts of speech, named as in the lexicon, that a word can have between two words in lower case.

    `before` is empty at the start of a sentence. If speech `pauses` after the word, it has its strong form, "None".
    """
    strong = ["None"] if pauses else []
    if before in _PARTICIPLES:
        return [*strong, "VBN", "VBD", "ADJ"]
    if before in _VERBS or (not before and after in _BEGIN_OBJECTS):
        return [*strong, "VERB", "VBP"]
    if before in _NOUNS:
        return [*strong, "NOUN"] if pauses or after in _VERBS else [*strong, "ADJ", "NOUN"]
    return strong


_FLAPPED_AFTER = VOWELS | {"ɹ"}
_SIBILANTS, _VOICELESS = "szʃʒʧʤ", "ptkfθsʃʧ"


def _plural(sound: str) -> str:
    if sound[-1] in _SIBILANTS:
        return sound + "ᵻz"
    return sound + ("s" if sound[-1] in _VOICELESS else "z")


def _past(sound: str) -> str:
    if sound[-1] in "td":
        return _flapped(sound) + "ᵻd"
    return sound + ("t" if sound[-1] in _VOICELESS else "d")


def _continuous(sound: str) -> str:
    return _flapped(sound) + "ɪŋ"


def _flapped(sound: str) -> str:
    """Return a stem before a vowel: American English flaps a final t."""
    return sound[:-1] + "T" if sound[-1] == "t" and sound[-2:-1] in _FLAPPED_AFTER else sound


INFLECTIONS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("'s", "", _plural),
    ("s'", "s", str),
    ("ies", "y", _plural),
    ("es", "", _plural),
    ("s", "", _plural),
    ("ied", "y", _past),
    ("ed", "", _past),
    ("d", "", _past),
    ("ing", "", _continuous),
    ("ing", "e", _continuous),
)
"""Ending of a form, the ending of its stem, and the change of the sound; in the order in which they are tried."""


_OPENING, _CLOSING = "\"“”'‘(", "\"“”'‘),;:.!?…—"
_UNKNOWN_QUOTES = str.maketrans("", "", "\"'‘")
"""Marks at the edges of a word without a phoneme. Straight quotes may open or close."""
_DASHES = re.compile(r"\s*[—–]\s*(?!\d)|\s+--?\s+")
_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*(?:-[^\W\d_]+(?:'[^\W\d_]+)*)*")
"""A word with inner apostrophes, or several joined by hyphens."""
_SENTENCE_ENDS, _PAUSES = ".!?…", ",;:.!?…—"
_ABBREVIATIONS = frozenset(
    ["dr", "mr", "mrs", "ms", "st", "prof", "rev", "gen", "sen", "lt", "col", "sgt", "capt", "vs"]
)
"""Words whose dot does not end a sentence."""


@dataclass
class _Token:
    """A word with the punctuation around it. `sound` is None until it is known."""

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
        """Return the phonemes of each sentence, with the punctuation that the models support."""
        plain = _DASHES.sub("— ", text.replace("’", "'").replace("...", "…"))
        return [self._read(sentence) for sentence in _sentences([_token(run) for run in plain.split()])]

    def _read(self, tokens: Sequence[_Token]) -> list[str]:
        following: str | None = None  # the sound after the word, None before a pause
        for number in range(len(tokens) - 1, -1, -1):
            token = tokens[number]
            following = None if token.pauses else following
            if token.word.startswith(OPEN):
                ipa = adapt(token.word.strip(OPEN + CLOSE), self._language)
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
        sound = self._look_up(word, kinds) or self._look_up_inflected(lower, kinds)
        if sound is None or word == lower:
            return sound
        return add_stress(sound, main=len(word) > 1 and word.isupper())

    def _look_up(self, word: str, kinds: Sequence[str]) -> str | None:
        """Look a word up as it is written, in lower case, and capitalized."""
        lower = word.lower()
        for spelling in dict.fromkeys([word, lower, lower.capitalize()]):
            if readings := self._dictionary.find(spelling):
                return next((readings[kind] for kind in kinds if kind in readings), readings.get(""))
        return None

    def _look_up_inflected(self, word: str, kinds: Sequence[str]) -> str | None:
        """Return the phonemes of a form in -s, -ed or -ing whose stem the lexicon has."""
        for ending, stem_ending, inflect in INFLECTIONS:
            if not word.endswith(ending) or len(word) <= len(ending) + 1:
                continue
            if sound := self._look_up(word.removesuffix(ending) + stem_ending, kinds):
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
            token.closing = ""  # a dot would become a pause
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
