"""Read passages: text of a document that is read as a unit, with its markup."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from herald.errors import UnreadableText
from herald.speech.lexicons.lexicon import Lexicon
from herald.speech.reading.folding import Folded, fold
from herald.speech.reading.languages import find_grammar
from herald.speech.reading.lexicon_words import lexicon_spans, masked
from herald.speech.reading.scanner import Scan
from herald.speech.reading.token import MARKS, PLAIN, Delivery, Fixed, Token
from herald.speech.ssml.document import Element, Text, line_and_column, parsed

BLOCKS = frozenset({"p", "s", "voice"})
"""Elements whose end is the end of a sentence."""
_SPACES = str.maketrans("\t\n\r\x0b\x0c\x85\u2028\u2029", "        ")


class Point(NamedTuple):
    """A token between characters of a passage: a break or a mark."""

    at: int
    token: Token


class Passage:
    """The characters of a text with their spans in the source, and the markup by offset in these characters."""

    def __init__(self, language: str, lexicons: Sequence[Lexicon] = ()) -> None:
        self.language = language
        self.lexicons = lexicons
        self.text = ""
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.spans: list[Fixed] = []
        self.inner: dict[int, list[Token]] = {}
        """Tokens of spans in another language, by the start of the span."""
        self.points: list[Point] = []
        self.runs: list[tuple[int, Delivery]] = []

    def add(self, text: Text, delivery: Delivery) -> None:
        """Add a text with its delivery."""
        self.deliver(delivery)
        self.text += text.text.translate(_SPACES)
        if len(text.text) == text.end - text.start:
            self.starts += range(text.start, text.end)
            self.ends += range(text.start + 1, text.end + 1)
        else:
            self.starts += [text.start] * len(text.text)
            self.ends += [text.end] * len(text.text)

    def deliver(self, delivery: Delivery) -> None:
        """Apply a delivery to the text from here on."""
        if not self.runs or self.runs[-1][1] != delivery:
            self.barrier()
            self.runs.append((len(self.text), delivery))

    def barrier(self) -> None:
        """Keep rules from matching across this position."""
        self.spans.append(Fixed(len(self.text), len(self.text), ""))

    def tokens(self, source: str) -> list[Token]:
        """Return the tokens, with spans of the source."""
        scanned = sorted(self._scan(source), key=_order)
        tokens: list[Token] = []
        points, runs, delivery = iter(self.points), iter(self.runs), PLAIN
        point, run = next(points, None), next(runs, None)
        for token in scanned:
            while point and point.at <= token.start and not (token.start == token.end and token.kind in MARKS):
                tokens.append(point.token)
                point = next(points, None)
            while run and run[0] <= token.start:
                delivery, run = run[1], next(runs, None)
            if token.kind == "inner":
                tokens += (one._replace(delivery=_within(one.delivery, delivery)) for one in self.inner[token.start])
            else:
                one = self._of_source(token)
                tokens.append(one._replace(delivery=_within(one.delivery, delivery)))
        while point:
            tokens.append(point.token)
            point = next(points, None)
        return tokens

    def _scan(self, source: str) -> Iterator[Token]:
        grammar = find_grammar(self.language)
        given = sorted(self.spans, key=_start_and_end)
        given = lexicon_spans(self.text, self.lexicons, self.language, given)
        if grammar is None:
            yield from _as_written(self.text, given)
            return
        try:
            folded = fold(masked(self.text, given), grammar.table)
        except UnreadableText as error:
            place = line_and_column(source, self.starts[error.at])
            raise UnreadableText(
                f"Line {place}: a letter is in a script that this voice cannot read. Choose a voice for it, or "
                "rewrite it.",
                param="input",
            ) from None
        spans = [one._replace(start=folded.at(one.start), end=folded.at(one.end)) for one in given]
        yield from map(folded.original, Scan(folded.text, grammar, spans).run())

    def _of_source(self, token: Token) -> Token:
        if token.start < token.end:
            return token._replace(start=self.starts[token.start], end=self.ends[token.end - 1])
        at = self.ends[token.start - 1] if token.start else self.starts[0]
        return token._replace(start=at, end=at)


def _start_and_end(span: Fixed) -> tuple[int, int]:
    return span.start, span.end


def _order(token: Token) -> float:
    """Sort key: put marks without width after the preceding word."""
    return token.start - 0.5 if token.start == token.end and token.kind in MARKS else token.start


def _within(inner: Delivery, outer: Delivery) -> Delivery:
    return outer._replace(language=inner.language or outer.language, seconds=inner.seconds or outer.seconds)


def _as_written(text: str, spans: list[Fixed]) -> Iterator[Token]:
    """Yield the words of a text that the synthesizer reads, with the ends of sentences."""
    import re  # noqa: PLC0415

    at = 0
    for span in [*spans, Fixed(len(text), len(text), "")]:
        for word in re.compile(r"\S+").finditer(text, at, span.start):
            bare = word[0].rstrip(".!?…。！？؟۔।")
            mark = word[0][len(bare) :]
            if bare:
                yield Token(word.start(), word.start() + len(bare), "word", bare)
            if mark:
                sign = "?" if set(mark) & set("?？؟") else "!" if set(mark) & set("!！") else "."
                yield Token(word.start() + len(bare), word.end(), "end", sign)
        if span.words:
            yield Token(span.start, span.end, span.kind, span.words, span.ipa)
        at = max(at, span.end)


def bare(source: str) -> Folded:
    """Return the text of a document without its markup, mapped to the source."""
    passage = Passage("")
    _collect(parsed(source), passage)
    return Folded(passage.text, passage.starts, passage.ends)


def _collect(element: Element, passage: Passage) -> None:
    for child in element.children:
        if isinstance(child, Text):
            passage.add(child, PLAIN)
        else:
            _collect(child, passage)
            if child.name in BLOCKS:
                passage.add(Text("\n\n" if child.name == "p" else " ", child.end, child.end), PLAIN)
