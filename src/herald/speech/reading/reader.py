"""Read a text: its tokens, its sentences, and what is said."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from herald.speech.reading.folding import fold
from herald.speech.reading.languages import find_grammar
from herald.speech.reading.scanner import Scan
from herald.speech.reading.token import Fixed, Token


class Reading(NamedTuple):
    """The tokens of a text, in order."""

    tokens: tuple[Token, ...]
    letters: Mapping[str, str]
    """How to write those letters whose names the synthesizer doesn't say."""

    def sound(self, words: str) -> str:
        """Return words as the synthesizer is to get them."""
        if not any(letter in words for letter in self.letters):
            return words
        return " ".join(self.letters.get(word, word) for word in words.split(" "))

    def sentences(self) -> Iterator[list[Token]]:
        """Yield the tokens of each sentence, with its end; an empty list between two paragraphs."""
        sentence: list[Token] = []
        for token in self.tokens:
            if token.kind == "paragraph":
                if sentence:
                    yield sentence
                yield []
                sentence = []
                continue
            sentence.append(token)
            if token.kind == "end":
                yield sentence
                sentence = []
        if sentence:
            yield sentence

    @property
    def words(self) -> str:
        """What is said, as text."""
        return (
            "".join(f"{joined(sentence)} " if sentence else "\n\n" for sentence in self.sentences())
            .replace(" \n\n", "\n\n")
            .strip()
        )


def joined(sentence: Sequence[Token]) -> str:
    """Return the words of a sentence, with its marks."""
    said = "".join(f" {token.words}" if token.spoken else token.words for token in sentence)
    return said.removeprefix(" ")


def sounded(reading: Reading) -> Iterator[str]:
    """Yield each sentence as the synthesizer is to get it; "" between paragraphs.

    It differs from the words in letters that would be taken for words, such as "A".
    """
    for sentence in reading.sentences():
        yield joined(
            [token if token.kind in PLAIN else token._replace(words=reading.sound(token.words)) for token in sentence]
        )


PLAIN = frozenset({"word", "pause", "end"})
"""Kinds in which a single letter is a word."""


def supports(language: str) -> bool:
    """Return whether texts of a language (BCP 47, or espeak-ng's name) are read by Herald."""
    return find_grammar(language) is not None


def read(text: str, language: str, *, fixed: Sequence[Fixed] = ()) -> Reading:
    """Return the reading of a text. `fixed` are spans with their words, in order.

    Raise UnreadableText for letters of a script that the language's voices cannot read. A language without a table is
    read as one word per written word, as it stands.
    """
    grammar = find_grammar(language)
    if grammar is None:
        raise ValueError(f"No reading for {language}.")  # the callers ask `supports` first
    folded = fold(text, grammar.table)
    spans = [Fixed(folded.at(one.start), folded.at(one.end), one.words) for one in fixed]
    tokens = Scan(folded.text, grammar, spans).run()
    return Reading(tuple(folded.original(token) for token in tokens), grammar.table.letters)


def spoken_form(text: str, language: str = "en-US") -> str:
    """Return the words that are said for a text. Words come back as they are."""
    return read(text, language).words
