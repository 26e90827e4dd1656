"""Text to phonemes to the ids that a voice's encoder reads."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from herald.errors import UnsupportedVoice
from herald.speech import espeak

if TYPE_CHECKING:
    from piper.tashkeel import TashkeelDiacritizer

LONGEST_UTTERANCE = 200
"""Phonemes that the encoder is given at once, some forty words: what a caller may have to wait for."""
SHORTEST_CLAUSE = 40
"""Phonemes before a clause's end at which a longer sentence may be cut."""

_DIACRITICS_THRESHOLD = 0.8  # piper.voice.PiperVoice.taskeen_threshold, on which Arabic voices were trained
_START, _PAD, _END = "^_$"
"""What piper-tts puts before, after each of, and after the phonemes of a sentence."""
_SPACE = " "
_CLAUSE_ENDS = ",;:"
_PARAGRAPHS = re.compile(r"\n\s*\n")
_DOTS_IN_WORDS = re.compile(r"(?<!\d)\.(?=\S)|(?<=\s)\.(?=\s)")
_MOST_DOTS = 30
_LONG_NUMBER = re.compile(r"\d{15}(?=\d)")
_LONG_WORD = re.compile(r"\S{40}(?=\S)")


@cache
def _diacritizer() -> "TashkeelDiacritizer":
    from piper.tashkeel import TashkeelDiacritizer  # noqa: PLC0415

    return TashkeelDiacritizer()


class SpokenWord(NamedTuple):
    """What is spoken between two spaces: its phonemes, and when it begins and ends, in seconds."""

    sound: str
    start: float
    end: float
    closes: bool = False
    """Whether its sentence ends with it, so that a dot after it is no part of it."""


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
        if self.espeak_voice == "ar":
            text = _diacritizer()(text, taskeen_threshold=_DIACRITICS_THRESHOLD)
        clusters = {tuple(cluster) for cluster in self.vowel_clusters}
        with self._known_to_espeak():
            sentences = espeak.sentences(self.espeak_voice, _bearable(text))
        return [list(_merged(sentence, clusters)) for sentence in sentences] if clusters else sentences

    def load(self) -> None:
        """Load what else the first text does; UnsupportedVoice where espeak-ng does not know the language."""
        if self.kind == "espeak":
            with self._known_to_espeak():
                espeak.load(self.espeak_voice)

    @contextmanager
    def _known_to_espeak(self) -> Iterator[None]:
        try:
            yield
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

    def to_ids(self, utterance: Sequence[str]) -> list[int]:
        """The ids of an utterance's phonemes, as the encoder was trained on them: with a start, pads and an end."""
        parts = [_START, _PAD, *chain.from_iterable((phoneme, _PAD) for phoneme in utterance), _END]
        return list(chain.from_iterable(self.ids[part] for part in parts))

    def words(self, utterance: Sequence[str], ends: Sequence[float], *, begin: float) -> list[SpokenWord]:
        """The words of an utterance that begins at a time, from when each of its ids ends after that; in seconds."""
        pads = len(self.ids[_PAD])
        at = len(self.ids[_START]) + pads - 1  # the id after which the next phoneme begins
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
        return [*words[:-1], words[-1]._replace(closes=True)] if words else []

    def sounds(self, utterance: Sequence[str]) -> list[str]:
        """The words of an utterance before it is spoken: only how they sound."""
        unspoken = [0.0] * len(self.to_ids(utterance))
        return [word.sound for word in self.words(utterance, unspoken, begin=0)]


def plain(sound: str) -> str:
    """Phonemes without stress, length and punctuation, which differ between a word alone and in its sentence."""
    return "".join(phoneme for phoneme in sound if phoneme.isalpha() and phoneme not in "ˈˌː")


def _merged(sentence: list[str], clusters: Collection[tuple[str, ...]]) -> Iterator[str]:
    """The phonemes, those of a cluster as one; where several clusters begin, those of the longest."""
    longest, at = max(map(len, clusters)), 0
    while at < len(sentence):
        ends = range(at + longest, at + 1, -1)
        end = next((end for end in ends if tuple(sentence[at:end]) in clusters), at + 1)
        yield "".join(sentence[at:end])
        at = end


def _bearable(text: str) -> str:
    """The text without what makes espeak-ng 1.52 lose the rest of a sentence, or overrun its buffers and crash.

    It keeps a word of up to 160 bytes, reads up to 30 digits, and speaks each dot inside a word as a word of its own:
    some 60 of them in one sentence are too many for it. No real text has them.
    """
    if len(_DOTS_IN_WORDS.findall(text)) > _MOST_DOTS:
        # Twice: the last dot of each "..." stands alone once those before it are gone, and 150 of them crash too.
        text = _DOTS_IN_WORDS.sub(" ", _DOTS_IN_WORDS.sub(" ", text))
    return _LONG_WORD.sub(r"\g<0> ", _LONG_NUMBER.sub(r"\g<0>, ", text))


def _cut(sentence: list[str]) -> Iterable[list[str]]:
    """Cut an overlong sentence: between clauses, else between words, else anywhere."""
    start = 0
    while len(sentence) - start > LONGEST_UTTERANCE:
        window = sentence[start : start + LONGEST_UTTERANCE]
        end = _end(window, _CLAUSE_ENDS, SHORTEST_CLAUSE) or _end(window, _SPACE, 0) or LONGEST_UTTERANCE
        yield window[:end]
        start += end
    yield sentence[start:]


def _end(phonemes: list[str], marks: str, shortest: int) -> int:
    """Where the last of some marks ends, with the space after it; 0 where none leaves enough before it."""
    found = next((at for at in range(len(phonemes) - 1, shortest, -1) if phonemes[at - 1] in marks), 0)
    return found + (found > 0 and phonemes[found] == _SPACE)
