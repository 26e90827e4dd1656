"""Text to phonemes to the ids that a voice's encoder reads."""

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from piper.const import BOS, PAD
from piper.phoneme_ids import phonemes_to_ids
from piper.phonemize_espeak import EspeakPhonemizer
from piper.tashkeel import TashkeelDiacritizer

from herald.errors import UnsupportedVoice
from herald.speech.marks import SpokenWord, plain

LONGEST_UTTERANCE = 200
"""Phonemes that the encoder is given at once, some forty words: what a caller may have to wait for."""
SHORTEST_CLAUSE = 40
"""Phonemes before a clause's end at which a longer sentence may be cut."""

_DIACRITICS_THRESHOLD = 0.8  # piper.voice.PiperVoice.taskeen_threshold, on which Arabic voices were trained
_SPACE = " "
_CLAUSE_ENDS = ",;:"
_PARAGRAPHS = re.compile(r"\n\s*\n")
_DOTS_IN_WORDS = re.compile(r"(?<!\d)\.(?=\S)|(?<=\s)\.(?=\s)")
_MOST_DOTS = 30
_LONG_NUMBER = re.compile(r"\d{15}(?=\d)")
_LONG_WORD = re.compile(r"\S{40}(?=\S)")
_ESPEAK = threading.Lock()
"""espeak-ng holds its state in globals: never two phonemisations at once in one process."""


@cache
def _espeak() -> EspeakPhonemizer:
    return EspeakPhonemizer()


@cache
def _diacritizer() -> TashkeelDiacritizer:
    return TashkeelDiacritizer()


@dataclass(frozen=True, kw_only=True)
class Phonemes:
    """How a voice reads: the `kind` ("espeak" or "text"), the language for espeak-ng, and the ids of its phonemes."""

    kind: str
    espeak_voice: str
    ids: dict[str, list[int]] = field(repr=False)
    vowel_clusters: list[list[str]] = field(default_factory=list, repr=False)

    def sentences(self, text: str) -> list[list[str]]:
        """Turn a text into phonemes, one list for each sentence."""
        if self.kind == "text":
            return [list(unicodedata.normalize("NFD", text))]
        if self.kind != "espeak":
            raise UnsupportedVoice(
                f"This voice reads phonemes of the kind '{self.kind}'; Herald knows 'espeak' and 'text'."
            )
        with _ESPEAK:
            return self._phonemize(text)

    def _phonemize(self, text: str) -> list[list[str]]:
        if self.espeak_voice == "ar":
            text = _diacritizer()(text, taskeen_threshold=_DIACRITICS_THRESHOLD)
        clusters = {tuple(cluster) for cluster in self.vowel_clusters}
        try:
            return list(_espeak().phonemize(self.espeak_voice, _bearable(text), vowel_clusters=clusters or None))
        except RuntimeError as error:
            raise UnsupportedVoice(
                f"espeak-ng does not know '{self.espeak_voice}', the language of this voice."
            ) from error

    def utterances(self, text: str) -> Iterator[list[str]]:
        """The phonemes that the encoder is to speak at once: those of each sentence with a sound.

        A long sentence is cut between its clauses. An empty utterance is the pause between two paragraphs.
        """
        paragraphs = [list(self._spoken(paragraph)) for paragraph in _PARAGRAPHS.split(text)]
        for number, utterances in enumerate(filter(None, paragraphs)):
            if number:
                yield []
            yield from utterances

    def _spoken(self, paragraph: str) -> Iterator[list[str]]:
        for sentence in self.sentences(paragraph):
            # Filtered here, because piper logs each phoneme that it does not know, and a log holds no customer's text.
            known = [phoneme for phoneme in sentence if phoneme in self.ids]
            for part in _cut(known):
                if any(phoneme.isalnum() for phoneme in part):
                    yield part

    def to_ids(self, utterance: list[str]) -> list[int]:
        """The ids of an utterance's phonemes, as the encoder was trained on them: with a start, pads and an end."""
        return list(phonemes_to_ids(utterance, self.ids))

    def words(self, utterance: list[str], ends: Sequence[float], *, begin: float) -> list[SpokenWord]:
        """The words of an utterance that begins at a time, from when each of its ids ends after that; in seconds."""
        pads = len(self.ids[PAD])
        at = len(self.ids[BOS]) + pads - 1  # the id after which the next phoneme begins
        words: list[SpokenWord] = []
        letters: list[tuple[str, float, float]] = []
        for phoneme in [*utterance, _SPACE]:
            following = at + len(self.ids.get(phoneme, ())) + pads
            if phoneme.isalnum():
                letters.append((phoneme, begin + ends[at], begin + ends[following]))
            elif phoneme == _SPACE and letters:
                sound = plain("".join(letter for letter, _, _ in letters))
                words.append(SpokenWord(sound, letters[0][1], letters[-1][2]))
                letters = []
            at = following
        return [*words[:-1], replace(words[-1], closes=True)] if words else []


def _bearable(text: str) -> str:
    """The text without what makes espeak-ng 1.52 lose the rest of a sentence, or overrun its buffers and crash.

    It keeps a word of up to 160 bytes, reads up to 30 digits, and speaks each dot inside a word as a word of its own:
    some 60 of them in one sentence are too many for it. No real text has them.
    """
    if len(_DOTS_IN_WORDS.findall(text)) > _MOST_DOTS:
        text = _DOTS_IN_WORDS.sub(" ", text)
    return _LONG_WORD.sub(r"\g<0> ", _LONG_NUMBER.sub(r"\g<0>, ", text))


def _cut(sentence: list[str]) -> Iterable[list[str]]:
    """Cut an overlong sentence: between clauses, else between words, else anywhere."""
    while len(sentence) > LONGEST_UTTERANCE:
        window = sentence[:LONGEST_UTTERANCE]
        end = _end(window, _CLAUSE_ENDS, SHORTEST_CLAUSE) or _end(window, _SPACE, 0) or LONGEST_UTTERANCE
        yield sentence[:end]
        sentence = sentence[end:]
    yield sentence


def _end(phonemes: list[str], marks: str, shortest: int) -> int:
    """Where the last of some marks ends, with the space after it; 0 where none leaves enough before it."""
    found = next((at for at in range(len(phonemes) - 1, shortest, -1) if phonemes[at - 1] in marks), 0)
    return found + (found > 0 and phonemes[found] == _SPACE)
