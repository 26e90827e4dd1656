"""Read a text: its tokens, its sentences, and what is said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from herald.speech.reading.folding import fold
from herald.speech.reading.languages import find_grammar
from herald.speech.reading.scanner import Scan
from herald.speech.reading.token import Fixed, Token


@dataclass(frozen=True)
class Reading:
    """The tokens of a text, in order."""

    tokens: tuple[Token, ...]

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
        return "".join(f"{joined(sentence)} " if sentence else "\n\n" for sentence in self.sentences()).replace(
            " \n\n", "\n\n"
        ).strip()


def joined(sentence: Sequence[Token]) -> str:
    """Return the words of a sentence, with its marks."""
    said = "".join(f" {token.words}" if token.spoken else token.words for token in sentence)
    return said.removeprefix(" ")


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
    return Reading(tuple(folded.original(token) for token in tokens))


def spoken_form(text: str, language: str = "en-US") -> str:
    """Return the words that are said for a text. Words come back as they are."""
    return read(text, language).words
