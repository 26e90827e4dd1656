"""Read a text into tokens and sentences, and preview a reading as JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from herald.errors import InvalidRequest, NothingToSpeak
from herald.speech.ipa import mark
from herald.speech.reading.folding import fold
from herald.speech.reading.languages import find_grammar
from herald.speech.reading.lexicon_words import lexicon_spans, masked
from herald.speech.reading.markup import TextFormat, detect, readable
from herald.speech.reading.scanner import Scan
from herald.speech.reading.token import MARKS, Fixed, Token
from herald.speech.ssml.document import begins_ssml
from herald.speech.text import Offsets, offsets_of, speakable

if TYPE_CHECKING:
    from herald.speech.lexicons.lexicon import Lexicon


_PLAIN = frozenset({"word", "pause", "end"})
"""Kinds of tokens in which a single letter is a word, not the name of a letter."""


LANGUAGES = ("de", "en", "es", "fr", "it", "pt")
"""The languages that are read, as herald.speech.reading.languages has them."""


class Reading(NamedTuple):
    """The tokens of a text, in order."""

    tokens: tuple[Token, ...]
    letters: Mapping[str, str]
    """Respellings of the letters whose names the synthesizer does not say."""

    def sound(self, token: Token) -> str:
        """Return the words of a token, in the form for the synthesizer.

        Letters that it would read as words, such as "A", are respelled, and a given pronunciation replaces the words.
        """
        if token.ipa:
            return mark(token.ipa)
        letters = _letters(token.delivery.language) if token.delivery.language else self.letters
        if token.kind in _PLAIN or not any(letter in token.words for letter in letters):
            return token.words
        return " ".join(letters.get(word, word) for word in token.words.split(" "))

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
        """The spoken words, as text."""
        return (
            "".join(f"{joined(sentence)} " if sentence else "\n\n" for sentence in self.sentences())
            .replace(" \n\n", "\n\n")
            .strip()
        )


def _letters(language: str) -> Mapping[str, str]:
    grammar = find_grammar(language)
    return grammar.table.letters if grammar else {}


def joined(sentence: Sequence[Token]) -> str:
    """Return the words of a sentence, with its marks."""
    said = "".join(
        f" {token.words}" if token.spoken else token.words if token.kind in MARKS else "" for token in sentence
    )
    return said.removeprefix(" ")


def synthesizer_sentences(reading: Reading) -> Iterator[str]:
    """Yield each sentence in the form for the synthesizer; "" between paragraphs."""
    for sentence in reading.sentences():
        yield joined([token._replace(words=reading.sound(token)) for token in sentence])


def supports(language: str) -> bool:
    """Return whether texts of a language (BCP 47, or espeak-ng's name) are read by Herald."""
    return find_grammar(language) is not None


def read(
    text: str,
    language: str,
    *,
    text_format: TextFormat = "plain",
    fixed: Sequence[Fixed] = (),
    lexicons: Sequence["Lexicon"] = (),
) -> Reading:
    """Return the reading of a text. `fixed` are spans with their words, in order; lexicons apply outside of them.

    An SSML document has its own spans.

    Raise UnreadableText for letters of a script that the language's voices cannot read, and InvalidRequest for a
    language without a table.
    """
    grammar = find_grammar(language)
    if grammar is None:
        raise InvalidRequest(
            f"Herald has no reading rules for this language; its voices use those of espeak-ng. Supported languages: "
            f"{', '.join(LANGUAGES)}.",
            param="language",
            code="unsupported_language",
        )
    if text_format == "ssml":
        from herald.speech.ssml.compiling import read_ssml  # noqa: PLC0415  needed only for SSML

        return read_ssml(text, language, lexicons)
    bare = readable(text, text_format)
    given = [one._replace(start=bare.at(one.start), end=bare.at(one.end)) for one in fixed]
    given = lexicon_spans(bare.text, lexicons, language, given)
    folded = fold(masked(bare.text, given), grammar.table)
    spans = [one._replace(start=folded.at(one.start), end=folded.at(one.end)) for one in given]
    tokens = (bare.original(folded.original(token)) for token in Scan(folded.text, grammar, spans).run())
    return Reading(tuple(_without_overlap(tokens)), grammar.table.letters)


def _without_overlap(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield tokens without overlap. One original character may become several, such as "⑴"."""
    last = 0
    for token in tokens:
        if token.start < last:
            token = token._replace(start=last, end=max(last, token.end))  # noqa: PLW2901
        last = token.end
        yield token


def check(text: str, language: str, *, text_format: TextFormat = "plain", lexicons: Sequence["Lexicon"] = ()) -> None:
    """Raise UnreadableText for letters that a voice of the language cannot read, InvalidSsml for a faulty document."""
    if text_format == "ssml":
        from herald.speech.ssml.compiling import read_ssml  # noqa: PLC0415  needed only for SSML

        if not _has_steps(read_ssml(text, language, lexicons)):
            raise NothingToSpeak("Nothing to speak: the document has neither words nor breaks.", param="input")
    elif grammar := find_grammar(language):
        bare = readable(text, text_format).text
        fold(masked(bare, lexicon_spans(bare, lexicons, language)), grammar.table)


def _has_steps(reading: Reading) -> bool:
    """Return whether a text has words, or breaks, of which alone a document is silence, as Polly returns it."""
    return any(token.spoken or token.kind == "break" for token in reading.tokens)


def spoken_form(
    text: str, language: str = "en-US", *, text_format: TextFormat = "plain", lexicons: Sequence["Lexicon"] = ()
) -> str:
    """Return the words to speak for a text."""
    return read(text, language, text_format=text_format, lexicons=lexicons).words


def preview(
    text: str,
    language: str,
    *,
    text_format: TextFormat | None = None,
    offsets: Offsets = "characters",
    lexicons: Sequence["Lexicon"] = (),
) -> dict[str, Any]:
    """Return the reading of a text as JSON: its sentences and their tokens, with spans of the text.

    Without `text_format`, detect the format. Raise the same InvalidInput as synthesis would, and InvalidRequest for a
    language that Herald does not read.
    """
    speakable(text, lexicons, language)
    known = text_format or ("ssml" if begins_ssml(text) else detect(text))
    reading = read(text, language, text_format=known, lexicons=lexicons)
    sentences = [tokens for tokens in reading.sentences() if any(token.spoken for token in tokens)]
    if not _has_steps(reading):
        raise NothingToSpeak("Nothing to speak: no part of the text has a sound.", param="input")
    at = offsets_of(text, offsets)
    return {
        "object": "reading",
        "language": language,
        "text_format": known,
        "spoken": reading.words,
        "sentences": [
            {
                **_span(text, tokens[0].start, tokens[-1].end, at),
                "spoken": joined(tokens),
                "tokens": [
                    {
                        **_span(text, token.start, token.end, at),
                        "kind": token.kind,
                        "words": token.words,
                        "ipa": token.ipa or None,
                    }
                    for token in tokens
                ],
            }
            for tokens in sentences
        ],
    }


def _span(text: str, start: int, end: int, at: Sequence[int]) -> dict[str, Any]:
    return {"text": text[start:end], "text_start": at[start], "text_end": at[end]}
