"""Divide a reading with markup into utterances, which are synthesized in one run, and the breaks between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from herald.speech.reading.reader import Reading, joined
from herald.speech.reading.token import MARKS, Delivery, Token

if TYPE_CHECKING:
    from herald.speech.phonemes import Phonemes

type Phones = tuple[str, ...]
"""The phonemes of an utterance; empty between paragraphs."""

_ENDS = ".?!,;:"
_SPACE = " "


@dataclass(frozen=True)
class Styled:
    """An utterance with a rate, a volume and a pitch for each phoneme, as factors."""

    phones: Phones
    rates: tuple[float, ...]
    volumes: tuple[float, ...]
    pitches: tuple[float, ...]


@dataclass(frozen=True)
class Break:
    """Silence of exactly these seconds between the sounds before and after, or a tone."""

    seconds: float
    tone: bool = False


type Step = Phones | Styled | Break
"""A part of a text: an utterance or a break."""


def phones_of(step: object) -> Phones:
    """Return the phonemes of a step; () of a break or a pause."""
    return step.phones if isinstance(step, Styled) else step if isinstance(step, tuple) else ()


def steps_of(reading: Reading, phonemes: "Phonemes") -> Iterator[Step]:
    """Yield the utterances and breaks of a reading; () between two paragraphs that are not separated by a break."""
    paragraph = begun = paused = False
    for sentence in reading.sentences():
        if not sentence:
            paragraph = begun and not paused
            continue
        for step in _steps_of_sentence(sentence, reading, phonemes):
            if paragraph and not isinstance(step, Break):
                yield ()
            paragraph, begun, paused = False, True, isinstance(step, Break)
            yield step


def _steps_of_sentence(sentence: Sequence[Token], reading: Reading, phonemes: "Phonemes") -> Iterator[Step]:
    part: list[Token] = []
    for token in [*sentence, None]:
        if token is not None and token.kind not in {"break", "bleep"}:
            part.append(token)
            continue
        if token is not None and token.kind == "break" and not token.delivery.seconds and part:
            continue  # a break of 0 seconds, with no pause to remove
        yield from _utterances(_phonemize_tokens(part, reading, phonemes, continues=token is not None), phonemes)
        part = []
        if token is not None:
            yield Break(token.delivery.seconds, tone=token.kind == "bleep")


def _phonemize_tokens(
    tokens: Sequence[Token], reading: Reading, phonemes: "Phonemes", *, continues: bool
) -> list[tuple[str, Delivery]]:
    """Return the phonemes of words between breaks, each with its delivery.

    Words with the same delivery are phonemized together. If the sentence `continues` after a break, a comma is added:
    without it, the voice would end as in the middle of a word.
    """
    phones: list[tuple[str, Delivery]] = []
    for run in _runs(tokens):
        delivery = run[0].delivery
        if phones and phones[-1][0] != _SPACE:
            phones.append((_SPACE, phones[-1][1]))
        phones += ((phone, delivery) for phone in _phonemize(run, reading, phonemes))
    if continues and phones and phones[-1][0].strip(_SPACE) and phones[-1][0] not in _ENDS:
        phones.append((",", phones[-1][1]))
    return phones


def _runs(tokens: Sequence[Token]) -> list[list[Token]]:
    """Group consecutive words of the same delivery, with the marks after them."""
    runs: list[list[Token]] = []
    for token in tokens:
        same = runs and runs[-1][0].delivery == token.delivery
        if token.kind in MARKS and not runs:
            continue
        if token.kind in MARKS or (token.spoken and same):
            runs[-1].append(token)
        elif token.spoken:
            runs.append([token])
    return runs


def _phonemize(run: Sequence[Token], reading: Reading, phonemes: "Phonemes") -> list[str]:
    """Return the phonemes of tokens of one delivery, with the marks after them."""
    said = joined([token._replace(words=reading.sound(token)) for token in run])
    return [phone for sentence in phonemes.phonemize(said, run[0].delivery.language) for phone in sentence]


def _utterances(phones: list[tuple[str, Delivery]], phonemes: "Phonemes") -> Iterator[Step]:
    known = [(phone, delivery) for phone, delivery in phones if phone in phonemes.ids]
    parts = list(phonemes.cut([phone for phone, _ in known]))
    ends = list(accumulate(map(len, parts)))
    for part, end in zip(parts, ends, strict=True):
        if not any(phone.isalnum() for phone in part):
            continue
        deliveries = [delivery for _, delivery in known[end - len(part) : end]]
        styles = [(one.rate, one.volume, one.pitch) for one in deliveries]
        if all(style == (1, 1, 1) for style in styles):
            yield tuple(part)
        else:
            rates, volumes, pitches = zip(*styles, strict=True)
            yield Styled(tuple(part), rates, volumes, pitches)
