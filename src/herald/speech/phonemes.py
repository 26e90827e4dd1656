"""Convert text to phonemes, and phonemes to the input ids of a voice's encoder."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, partial
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from herald.errors import UnsupportedVoice, VoiceNotPrepared
from herald.speech import espeak
from herald.speech.ipa import GIVEN, OPEN, adapt, nearest
from herald.speech.reading import Reading, check, read, supports
from herald.speech.reading.lexicon_words import respelled
from herald.speech.reading.markup import TextFormat, readable
from herald.speech.reading.reader import synthesizer_sentences
from herald.speech.spoken_words import SpokenWord, plain

if TYPE_CHECKING:
    from piper.tashkeel import TashkeelDiacritizer

    from herald.speech.lexicons.lexicon import Lexicon
    from herald.speech.misaki.english import EnglishReader

LONGEST_UTTERANCE = 200
"""Maximum phonemes per encoder run, about forty words; bounds the latency of the first audio."""
SHORTEST_CLAUSE = 40
"""Minimum phonemes before the end of a clause at which an overlong sentence is cut."""

_DIACRITICS_THRESHOLD = 0.8  # piper.voice.PiperVoice.taskeen_threshold; Arabic voices were trained with it
_START, _PAD, _END = "^_$"
"""Symbols of piper-tts: at the start of a sentence, after each phoneme, and at the end."""
_SPACE = " "
_CLAUSE_ENDS = ",;:"
_SENTENCE_ENDS = ".!?"
_PHONETIC_KINDS = frozenset({"espeak", "misaki"})
"""Kinds that convert the words of a reading to phonemes."""
_PARAGRAPHS = re.compile(r"\n\s*\n")
_MARKS_AFTER = re.compile(r"\s*([,;:.!?]?)[,;:.!?]*\s*")
_LONGEST_CACHED, _MOST_CACHED = 300, 4_096
"""Maximum characters of a sentence whose phonemes are cached, and maximum number of these: a few megabytes."""


@cache
def _diacritizer() -> "TashkeelDiacritizer":
    from piper.tashkeel import TashkeelDiacritizer  # noqa: PLC0415

    return TashkeelDiacritizer()


@dataclass(frozen=True, kw_only=True)
class Phonemes:
    """The phonemizer of a voice: its `kind`, espeak-ng's language, and the ids of its phonemes.

    The kinds are "espeak", "text" (the letters are the phonemes), and "misaki" (English with the lexicon of a folder).
    """

    kind: str
    espeak_voice: str
    ids: dict[str, list[int]] = field(repr=False)
    vowel_clusters: list[list[str]] = field(default_factory=list, repr=False)
    folder: Path | None = None
    """The folder of the voice, which contains the lexicon."""
    language: str = ""
    """The language of the voice with its region, such as "es_MX", which espeak-ng's language may lack ("es-419")."""

    def reading(
        self, text: str, text_format: TextFormat = "plain", lexicons: Sequence["Lexicon"] = ()
    ) -> Reading | None:
        """Return the reading of a text, or None for a language that Herald does not read: espeak-ng reads it.

        Raise UnreadableText for letters that the voice cannot read.
        """
        if text_format == "ssml":
            return self.read_ssml(text, lexicons)
        if self.kind not in _PHONETIC_KINDS or not supports(self.spoken_language):
            return None
        return read(text, self.spoken_language, text_format=text_format, lexicons=lexicons)

    def read_ssml(self, source: str, lexicons: Sequence["Lexicon"] = ()) -> Reading:
        """Return the reading of an SSML document; raise InvalidSsml for a faulty one."""
        from herald.speech.ssml.compiling import read_ssml  # noqa: PLC0415  needed only for SSML

        reading = read_ssml(source, self.spoken_language, lexicons)
        if self.kind in _PHONETIC_KINDS:
            return reading
        # The phonemes of this voice are letters, so it cannot use a pronunciation in IPA.
        return reading._replace(tokens=tuple(token._replace(ipa="") for token in reading.tokens))

    def check(self, text: str, text_format: TextFormat = "plain", lexicons: Sequence["Lexicon"] = ()) -> None:
        """Raise UnreadableText for letters that the voice cannot read."""
        if self.kind in _PHONETIC_KINDS or text_format == "ssml":
            check(text, self.spoken_language, text_format=text_format, lexicons=lexicons)

    @property
    def spoken_language(self) -> str:
        """The language of texts, with its region if it is known."""
        return self.language or self.espeak_voice

    def sentences(self, text: str, lexicons: Sequence["Lexicon"] = ()) -> list[list[str]]:
        """Return the phonemes of a text, one list per sentence."""
        reading = self.reading(text, lexicons=lexicons)
        if reading is None:
            return self.phonemize(self.respelled(text, lexicons))
        return [self._sentence(said) for said in synthesizer_sentences(reading) if said]

    def respelled(self, text: str, lexicons: Sequence["Lexicon"]) -> str:
        """Return a text that Herald does not read, with the words of lexicons replaced."""
        if not lexicons:
            return text
        return respelled(text, lexicons, self.spoken_language, phonemes=self.kind in _PHONETIC_KINDS)

    def phonemize(self, text: str, language: str = "") -> list[list[str]]:
        """Return the phonemes of words, without reading them first; one list per sentence that espeak-ng finds.

        Words between OPEN and CLOSE of herald.speech.ipa are already phonemes. Words of another `language` (BCP 47)
        get the nearest phonemes of the voice.
        """
        if self.kind == "text":
            return [list(unicodedata.normalize("NFD", text))]
        if language:
            return [self._nearest(sentence) for sentence in self._phonemize_given(text, language)]
        if self.kind == "misaki":
            return self._english_reader.sentences(espeak.make_safe(text))
        return self._phonemize_given(text) if OPEN in text else self._phonemize_by_espeak(text)

    def _phonemize_given(self, text: str, language: str = "") -> list[list[str]]:
        """Return the sentences of a text with given pronunciations, the rest phonemized by espeak-ng."""
        found: list[list[str]] = [[]]
        for number, part in enumerate(GIVEN.split(text)):
            rest = part
            if number % 2:
                found[-1] += _SPACE if found[-1] and found[-1][-1] != _SPACE else ""
                given = adapt(part, language or self.spoken_language)
                found[-1] += given if language else self._nearest(given)
                continue
            if number and (marks := _MARKS_AFTER.match(part)):
                rest = part[marks.end() :]
                found[-1] += marks[1] + (_SPACE if marks[1] and marks[1] in _CLAUSE_ENDS else "")
                if marks[1] and marks[1] in _SENTENCE_ENDS and rest:
                    found.append([])
            for at, sentence in enumerate(self._phonemize_by_espeak(rest, language) if rest.strip() else []):
                if at:
                    found.append([])
                found[-1] += _SPACE if found[-1] and found[-1][-1] != _SPACE else ""
                found[-1] += sentence
        return [sentence for sentence in found if sentence]

    def _phonemize_by_espeak(self, text: str, language: str = "") -> list[list[str]]:
        if language:
            return espeak.sentences(espeak.name_of(language), espeak.make_safe(text))
        if self.kind != "espeak":
            raise UnsupportedVoice(
                f"This voice needs phonemes of the kind '{self.kind}'; Herald supports 'espeak' and 'text'."
            )
        if self.espeak_voice == "ar":
            text = _diacritizer()(text, taskeen_threshold=_DIACRITICS_THRESHOLD)
        with self._unsupported_language():
            sentences = espeak.sentences(self.espeak_voice, espeak.make_safe(text))
        return [self._cluster(sentence) for sentence in sentences]

    def _nearest(self, ipa: Iterable[str]) -> list[str]:
        """Return the phonemes of IPA; replace each that the voice lacks by the nearest one."""
        sounds = "".join(ipa)
        if self.kind == "misaki":
            from herald.speech.misaki.english import misaki_from_any_ipa  # noqa: PLC0415

            sounds = misaki_from_any_ipa(sounds)
        return self._cluster(list(nearest(sounds, self.ids.keys())))

    def _cluster(self, sentence: list[str]) -> list[str]:
        clusters = {tuple(cluster) for cluster in self.vowel_clusters}
        return list(_merge(sentence, clusters)) if clusters else sentence

    def load(self) -> None:
        """Load the language ahead of the first text; raise UnsupportedVoice if espeak-ng does not support it."""
        if self.kind != "text":
            with self._unsupported_language():
                espeak.load(self.espeak_voice)
        if self.kind == "misaki":
            _ = self._english_reader

    @cached_property
    def _english_reader(self) -> "EnglishReader":
        from herald.speech.misaki.dictionary import LEXICON, Dictionary  # noqa: PLC0415
        from herald.speech.misaki.english import EnglishReader  # noqa: PLC0415  needed only by these voices

        if self.folder is None or not (self.folder / LEXICON).is_file():
            raise VoiceNotPrepared(f"The voice in {self.folder} lacks its lexicon; run 'herald voices build' again.")
        return EnglishReader(
            Dictionary(self.folder / LEXICON), partial(espeak.read, self.espeak_voice), self.spoken_language
        )

    @contextmanager
    def _unsupported_language(self) -> Iterator[None]:
        try:
            yield
        except RuntimeError as error:
            raise UnsupportedVoice(
                f"espeak-ng does not support '{self.espeak_voice}', the language of this voice."
            ) from error

    def utterances(
        self,
        text: str,
        *,
        as_written: bool = False,
        text_format: TextFormat = "plain",
        lexicons: Sequence["Lexicon"] = (),
    ) -> Iterator[list[str]]:
        """Yield the phonemes of each encoder run: a sentence, or part of an overlong one.

        Sentences without a sound are omitted. An empty utterance is the pause between two paragraphs. With
        `as_written`, espeak-ng reads numbers and abbreviations.
        """
        reading = None if as_written else self.reading(text, text_format, lexicons)
        if reading is None:
            text = self.respelled(readable(text, text_format).text, lexicons)
            paragraphs = [list(self._cut_known(self.phonemize(paragraph))) for paragraph in _PARAGRAPHS.split(text)]
        else:
            grouped = groupby(synthesizer_sentences(reading), key=bool)
            paragraphs = [list(self._cut_known(map(self._sentence, said))) for has_words, said in grouped if has_words]
        for number, utterances in enumerate(filter(None, paragraphs)):
            if number:
                yield []
            yield from utterances

    def _sentence(self, said: str) -> list[str]:
        """Return the phonemes of one sentence of a reading, even if espeak-ng divides it."""
        if len(said) > _LONGEST_CACHED:
            return list(chain.from_iterable(self.phonemize(said)))
        return [*self._cached(said)]

    @cached_property
    def _cached(self) -> Callable[[str], tuple[str, ...]]:
        """Phonemize a short sentence, and cache the result: most sentences of a batch occur in many messages."""
        return lru_cache(_MOST_CACHED)(lambda said: tuple(chain.from_iterable(self.phonemize(said))))

    def _cut_known(self, sentences: Iterable[list[str]]) -> Iterator[list[str]]:
        for sentence in sentences:
            # Filter unknown phonemes here: piper would log them, and customers' texts must not be logged.
            known = [phoneme for phoneme in sentence if phoneme in self.ids]
            for part in self.cut(known):
                if any(phoneme.isalnum() for phoneme in part):
                    yield part

    def cut(self, sentence: list[str]) -> Iterable[list[str]]:
        """Cut an overlong sentence: preferably between clauses, then between words."""
        start = 0
        while len(sentence) - start > LONGEST_UTTERANCE:
            window = sentence[start : start + LONGEST_UTTERANCE]
            end = (
                _cut_position(window, _CLAUSE_ENDS, SHORTEST_CLAUSE)
                or _cut_position(window, _SPACE, 0)
                or LONGEST_UTTERANCE
            )
            yield window[:end]
            start += end
        yield sentence[start:]

    def spread(self, utterance: Sequence[str], values: Sequence[float]) -> list[float]:
        """Return a value for each of an utterance's ids, given one for each of its phonemes."""
        pads = len(self.ids[_PAD])
        spread = [values[0]] * (len(self.ids[_START]) + pads)
        for phoneme, value in zip(utterance, values, strict=True):
            spread += [value] * (len(self.ids[phoneme]) + pads)
        return spread + [values[-1]] * len(self.ids[_END])

    def to_ids(self, utterance: Sequence[str]) -> list[int]:
        """Return the encoder's input ids for an utterance, with start, padding and end symbols."""
        ids, pad = self.ids, self.ids[_PAD]
        input_ids = [*ids[_START], *pad]
        for phoneme in utterance:
            input_ids += ids[phoneme]
            input_ids += pad
        return input_ids + ids[_END]

    def words(self, utterance: Sequence[str], ends: Sequence[float], *, begin: float) -> list[SpokenWord]:
        """Return the words of an utterance; `ends` are the ends of its ids relative to `begin`, all in seconds."""
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
                phones = tuple((letter, start) for letter, start, _ in letters)
                words.append(SpokenWord(sound, letters[0][1], letters[-1][2], phones=phones))
                letters = []
            at = following
        return [*words[:-1], words[-1]._replace(closes=True)] if words else []

    def sounds(self, utterance: Sequence[str]) -> list[str]:
        """Return the sounds of an utterance's words, without timing."""
        unspoken = [0.0] * len(self.to_ids(utterance))
        return [word.sound for word in self.words(utterance, unspoken, begin=0)]


def _merge(sentence: list[str], clusters: Collection[tuple[str, ...]]) -> Iterator[str]:
    """Yield the phonemes, with each cluster merged into one; the longest match wins."""
    longest, at = max(map(len, clusters)), 0
    while at < len(sentence):
        ends = range(at + longest, at + 1, -1)
        end = next((end for end in ends if tuple(sentence[at:end]) in clusters), at + 1)
        yield "".join(sentence[at:end])
        at = end


def _cut_position(phonemes: list[str], marks: str, shortest: int) -> int:
    """Return the position after the last of `marks` and a following space; 0 if none is beyond `shortest`."""
    found = next((at for at in range(len(phonemes) - 1, shortest, -1) if phonemes[at - 1] in marks), 0)
    return found + (found > 0 and phonemes[found] == _SPACE)
