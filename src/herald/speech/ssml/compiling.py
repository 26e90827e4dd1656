"""Compile a document to the tokens of herald.speech.reading.

Text that is read as a whole, such as a sentence with a word in it that is emphasized, is a passage. Markup in it limits
what rules may match, and gives spans their words, phonemes and delivery. Passages end where a sentence must end.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from herald.errors import UnreadableText
from herald.speech.reading.folding import Folded, fold
from herald.speech.reading.languages import find_grammar
from herald.speech.reading.reader import Reading, read
from herald.speech.reading.scanner import Scan
from herald.speech.reading.token import MARKS, PLAIN, Delivery, Fixed, Token
from herald.speech.ssml import attributes as values
from herald.speech.ssml.document import Element, Text, line_and_column, parsed, refuse
from herald.speech.ssml.pronunciation import ROLES, homograph, ipa_of
from herald.speech.ssml.say_as import BLEEPS, KINDS, said, spelled

LONGEST_BREAKS = 300.0
"""Maximum seconds of all breaks of a document."""
_PLACEHOLDER = "\ufffc"
"""Stands for an element without text that is spoken."""
_SPACES = str.maketrans("\t\n\r\x0b\x0c\x85\u2028\u2029", "        ")
_BLOCKS = frozenset({"p", "s", "voice"})
_EVERYWHERE = frozenset({"xml:lang", "xml:base", "id", "xml:id"})
_NAMESPACE = "http://www.w3.org/2001/10/synthesis"
_NO_EFFECT: dict[str, dict[str, tuple[str, ...]]] = {
    "amazon:effect": {"name": ("drc",)},
    "amazon:domain": {"name": ("news", "conversational", "long-form", "music", "fun")},
    "amazon:auto-breaths": {},
    "amazon:breath": {},
}
"""Elements of Polly that change nothing that must be heard, with the values that are accepted."""
_ALLOWED: dict[str, frozenset[str]] = {
    "speak": frozenset({"version", "xsi:schemaLocation", "onlangfailure"}),
    "p": frozenset(),
    "s": frozenset(),
    "break": frozenset({"time", "strength"}),
    "sub": frozenset({"alias"}),
    "say-as": frozenset({"interpret-as", "format", "detail", "language"}),
    "w": frozenset({"role"}),
    "token": frozenset({"role"}),
    "mark": frozenset({"name"}),
    "phoneme": frozenset({"alphabet", "ph", "type"}),
    "lang": frozenset({"onlangfailure"}),
    "prosody": frozenset({"rate", "volume", "pitch"}),
    "emphasis": frozenset({"level"}),
}
_BLEEP_PER_CHARACTER, _SHORTEST_BLEEP, _LONGEST_BLEEP = 0.08, 0.3, 1.2


class _Point(NamedTuple):
    """A token between characters of a passage: a break or a mark."""

    at: int
    token: Token


class _Passage:
    """Characters of a text with their spans in the source, and the markup on them by offsets of these characters."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.text = ""
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.spans: list[Fixed] = []
        self.inner: dict[int, list[Token]] = {}
        """Tokens of spans in another language, by the start of the span."""
        self.points: list[_Point] = []
        self.runs: list[tuple[int, Delivery]] = []

    def add(self, text: Text, delivery: Delivery) -> None:
        self.deliver(delivery)
        self.text += text.text.translate(_SPACES)
        if len(text.text) == text.end - text.start:
            self.starts += range(text.start, text.end)
            self.ends += range(text.start + 1, text.end + 1)
        else:
            self.starts += [text.start] * len(text.text)
            self.ends += [text.end] * len(text.text)

    def deliver(self, delivery: Delivery) -> None:
        """Deliver what follows so."""
        if not self.runs or self.runs[-1][1] != delivery:
            self.barrier()
            self.runs.append((len(self.text), delivery))

    def barrier(self) -> None:
        """Keep rules from matching across this position."""
        self.spans.append(Fixed(len(self.text), len(self.text), ""))

    def tokens(self, source: str) -> list[Token]:
        """Return the tokens, with spans of the source."""
        found = sorted(self._scanned(source), key=_order)
        made: list[Token] = []
        points, runs, delivery = iter(self.points), iter(self.runs), PLAIN
        point, run = next(points, None), next(runs, None)
        for token in found:
            while point and point.at <= token.start and not (token.start == token.end and token.kind in MARKS):
                made.append(point.token)
                point = next(points, None)
            while run and run[0] <= token.start:
                delivery, run = run[1], next(runs, None)
            if token.kind == "inner":
                made += (one._replace(delivery=_within(one.delivery, delivery)) for one in self.inner[token.start])
            else:
                one = self._of_source(token)
                made.append(one._replace(delivery=_within(one.delivery, delivery)))
        while point:
            made.append(point.token)
            point = next(points, None)
        return made

    def _scanned(self, source: str) -> Iterator[Token]:
        grammar = find_grammar(self.language)
        if grammar is None:
            yield from _as_written(self.text, self.spans)
            return
        try:
            folded = fold(self.text, grammar.table)
        except UnreadableText as error:
            place = line_and_column(source, self.starts[error.at])
            error.message = (
                f"Line {place}: a letter is in a script that this voice cannot read. Choose a voice for it, or write "
                "it otherwise."
            )
            raise
        spans = [one._replace(start=folded.at(one.start), end=folded.at(one.end)) for one in self.spans]
        yield from map(folded.original, Scan(folded.text, grammar, spans).run())

    def _of_source(self, token: Token) -> Token:
        if token.start < token.end:
            return token._replace(start=self.starts[token.start], end=self.ends[token.end - 1])
        at = self.ends[token.start - 1] if token.start else self.starts[0]
        return token._replace(start=at, end=at)


def _order(token: Token) -> float:
    """Order marks without width after the word before them."""
    return token.start - 0.5 if token.start == token.end and token.kind in MARKS else token.start


def _within(inner: Delivery, outer: Delivery) -> Delivery:
    return outer._replace(
        phonemes=inner.phonemes, language=inner.language or outer.language, seconds=inner.seconds or outer.seconds
    )


def _as_written(text: str, spans: list[Fixed]) -> Iterator[Token]:
    """Yield the words of a text that is left to the synthesizer, with the ends of sentences."""
    import re  # noqa: PLC0415

    at = 0
    for span in [*sorted(spans, key=lambda one: one.start), Fixed(len(text), len(text), "")]:
        for word in re.compile(r"\S+").finditer(text, at, span.start):
            bare = word[0].rstrip(".!?…。！？؟۔।")  # noqa: RUF001
            mark = word[0][len(bare) :]
            if bare:
                yield Token(word.start(), word.start() + len(bare), "word", bare)
            if mark:
                sign = "?" if set(mark) & set("?？؟") else "!" if set(mark) & set("!！") else "."  # noqa: RUF001
                yield Token(word.start() + len(bare), word.end(), "end", sign)
        if span.words or span.phonemes:
            yield Token(span.start, span.end, span.kind, span.words, Delivery(phonemes=span.phonemes))
        at = max(at, span.end)


class _Compiler:
    """Goes through the elements of a document and collects its tokens."""

    def __init__(self, source: str, language: str) -> None:
        self.source = source
        self.language = language
        self.tokens: list[Token] = []
        self.passage = _Passage(language)
        self.delivery = PLAIN
        self.breaks = 0.0
        self.handlers: dict[str, Callable[[Element], None]] = {
            "speak": self._speak, "p": self._paragraph, "s": self._sentence, "break": self._break, "sub": self._sub,
            "say-as": self._say_as, "w": self._word, "token": self._word, "mark": self._mark, "phoneme": self._phoneme,
            "lang": self._lang, "prosody": self._prosody, "emphasis": self._emphasis,
        }  # fmt: skip

    def refuse(self, element: Element, fault: str) -> None:
        refuse(self.source, element.start, fault)

    def run(self, root: Element) -> list[Token]:
        self._root(root)
        self._finish(closes=False)
        while self.tokens and self.tokens[-1].kind == "paragraph":
            self.tokens.pop()
        return self.tokens

    def inside(self, element: Element) -> None:
        """Go through the children of an element."""
        for child in element.children:
            if isinstance(child, Text):
                self.passage.add(child, self.delivery)
            else:
                self._element(child)

    def _element(self, element: Element) -> None:
        if element.name in _NO_EFFECT:
            self._without_effect(element)
            return
        handler = self.handlers.get(element.name)
        if handler is None:
            self.refuse(
                element,
                f"this element is not supported. Supported elements: {', '.join(sorted(self.handlers))}. Remove it",
            )
            return
        if not element.attributes.keys() <= _ALLOWED[element.name] | _EVERYWHERE:
            allowed = ", ".join(sorted(_ALLOWED[element.name])) or "none"
            self.refuse(element, f"<{element.name}> has an attribute that is not supported. Supported ones: {allowed}")
        handler(element)

    def _root(self, root: Element) -> None:
        for name, value in root.attributes.items():
            if name == "xmlns" and value.rstrip("/") != _NAMESPACE:
                self.refuse(root, f'the namespace of <speak> must be xmlns="{_NAMESPACE}"')
            if not name.startswith("xmlns") and name not in _ALLOWED["speak"] | _EVERYWHERE:
                self.refuse(root, "<speak> has an attribute that is not supported. Supported ones: version, xml:lang")
        if root.attributes.get("version", "1.1") not in {"1.0", "1.1"}:
            self.refuse(root, "version must be 1.0 or 1.1")
        self._in_language(root)

    def _speak(self, element: Element) -> None:
        self.refuse(element, "<speak> cannot be within <speak>. Remove the inner one")

    def _without_effect(self, element: Element) -> None:
        allowed = _NO_EFFECT[element.name]
        for name, value in element.attributes.items() if allowed else ():
            if value not in allowed.get(name, ()):
                known = "; ".join(f"{one}: {', '.join(accepted)}" for one, accepted in allowed.items())
                self.refuse(element, f"<{element.name}> supports only {known}. Remove the element")
        self.inside(element)

    # Blocks

    def _finish(self, *, closes: bool) -> None:
        """Add the tokens of the passage, and begin the next one; `closes` ends the sentence."""
        made = self.passage.tokens(self.source)
        last = next((at for at in range(len(made) - 1, -1, -1) if made[at].spoken or made[at].kind == "end"), -1)
        if closes and last >= 0 and made[last].kind != "end":
            at = made[last].end
            if made[last + 1 : last + 2] and made[last + 1].kind == "pause":
                del made[last + 1]
            made.insert(last + 1, Token(at, at, "end", "."))
        self.tokens += made
        self.passage = _Passage(self.passage.language)

    def _sentence(self, element: Element) -> None:
        if any(not isinstance(child, Text) and child.name in {"p", "s"} for child in element.children):
            self.refuse(element, "<s> cannot have <p> or <s> in it. Close it first")
        self._finish(closes=True)
        self._in_language(element)
        self._finish(closes=True)

    def _paragraph(self, element: Element) -> None:
        if any(not isinstance(child, Text) and child.name == "p" for child in element.children):
            self.refuse(element, "<p> cannot have <p> in it. Close it first")
        self._finish(closes=True)
        self._new_paragraph(element.start)
        self._in_language(element)
        self._finish(closes=True)
        self._new_paragraph(element.end)

    def _new_paragraph(self, at: int) -> None:
        if any(token.spoken for token in self.tokens[-8:]) and self.tokens[-1].kind != "paragraph":
            self.tokens.append(Token(at, at, "paragraph", ""))

    def _in_language(self, element: Element) -> None:
        """Go through a block, in the language of its attribute."""
        before = self.passage.language
        language = self._language_of(element)
        if language:
            self.passage.language = language
            self.delivery = self.delivery._replace(language="" if _same(language, self.language) else language)
        outer = self.delivery
        self.inside(element)
        if language:
            self._finish(closes=element.name != "speak")
            self.passage.language = before
            self.delivery = outer._replace(language="" if _same(before, self.language) else before)

    def _language_of(self, element: Element) -> str:
        """Return the language of an element if it is another one than that of the passage, or ""."""
        language = element.attributes.get("xml:lang", "")
        if not language or _same(language, self.passage.language):
            return ""
        if find_grammar(language) is None and not _same(language, self.language):
            self.refuse(element, "xml:lang must be the language of the voice, or de, en, es, fr, it or pt")
        return language

    # Elements within sentences

    def _lang(self, element: Element) -> None:
        if "xml:lang" not in element.attributes:
            self.refuse(element, '<lang> needs the attribute xml:lang, such as xml:lang="fr-FR"')
        language = self._language_of(element)
        if not language or any(not isinstance(one, Text) and one.name in _BLOCKS for one in element.children):
            if language:
                self._finish(closes=False)
            self._in_language(element)
            return
        outer, delivery = self.passage, self.delivery
        self.passage = _Passage(language)
        self.delivery = delivery._replace(language="" if _same(language, self.language) else language)
        self.inside(element)
        inner, self.passage, self.delivery = self.passage, outer, delivery
        tokens = inner.tokens(self.source)
        if not inner.text:
            outer.points += (_Point(len(outer.text), token) for token in tokens)
            return
        start = len(outer.text)
        outer.barrier()
        outer.text += inner.text
        outer.starts += inner.starts
        outer.ends += inner.ends
        outer.inner[start] = tokens
        outer.spans.append(Fixed(start, len(outer.text), inner.text.strip() or "-", kind="inner"))

    def _prosody(self, element: Element) -> None:
        if not element.attributes.keys() & _ALLOWED["prosody"]:
            self.refuse(element, "<prosody> needs one of the attributes rate, volume and pitch")
        outer = delivery = self.delivery
        try:
            if "rate" in element.attributes:
                delivery = delivery._replace(rate=values.rate(element.attributes["rate"], outer.rate))
            if "volume" in element.attributes:
                delivery = delivery._replace(volume=values.volume(element.attributes["volume"], outer.volume))
            if "pitch" in element.attributes:
                delivery = delivery._replace(pitch=values.pitch(element.attributes["pitch"], outer.pitch))
        except ValueError as error:
            self.refuse(element, str(error))
        self._delivered(element, delivery)

    def _emphasis(self, element: Element) -> None:
        level = element.attributes.get("level", "moderate")
        if level not in values.EMPHASES:
            self.refuse(element, f"level must be one of {', '.join(values.EMPHASES)}")
        rate, decibels, pitch = values.EMPHASES[level]
        outer = self.delivery
        self._delivered(
            element,
            outer._replace(
                rate=outer.rate * rate, volume=outer.volume * values.gain(decibels), pitch=outer.pitch * pitch
            ),
        )

    def _delivered(self, element: Element, delivery: Delivery) -> None:
        outer, self.delivery = self.delivery, delivery
        self.inside(element)
        self.delivery = outer

    def _break(self, element: Element) -> None:
        self._empty(element)
        try:
            seconds = values.break_seconds(element.attributes.get("time"), element.attributes.get("strength"))
        except ValueError as error:
            self.refuse(element, str(error))
        self.breaks += seconds
        if self.breaks > LONGEST_BREAKS:
            self.refuse(element, f"the breaks of the document exceed {LONGEST_BREAKS:g} seconds. Shorten them")
        words = f"{seconds:g}s"
        self._point(Token(element.start, element.end, "break", words, self.delivery._replace(seconds=seconds)))

    def _mark(self, element: Element) -> None:
        self._empty(element)
        name = element.attributes.get("name", "")
        if not name.strip():
            self.refuse(element, "<mark> needs the attribute name")
        self._point(Token(element.start, element.end, "mark", name, self.delivery))

    def _point(self, token: Token) -> None:
        self.passage.barrier()
        self.passage.points.append(_Point(len(self.passage.text), token))

    def _empty(self, element: Element) -> None:
        if any(not isinstance(child, Text) or child.text.strip() for child in element.children):
            self.refuse(element, f"<{element.name}> must be empty: <{element.name}/>")

    def _text_of(self, element: Element) -> str:
        if any(not isinstance(child, Text) for child in element.children):
            self.refuse(element, f"<{element.name}> can have only text in it")
        return element.text

    def _sub(self, element: Element) -> None:
        self._text_of(element)
        alias = element.attributes.get("alias", "")
        words = self._read(alias) if alias.strip() else ""
        if not words:
            self.refuse(element, "<sub> needs the attribute alias, with the words to say")
        self._fix(element, words)

    def _say_as(self, element: Element) -> None:
        text, kind = self._text_of(element), element.attributes.get("interpret-as", "")
        if kind not in KINDS:
            self.refuse(element, f"interpret-as must be one of {', '.join(KINDS)}")
        if kind in BLEEPS:
            length = len("".join(text.split())) * _BLEEP_PER_CHARACTER
            seconds = min(max(length, _SHORTEST_BLEEP), _LONGEST_BLEEP)
            # The text stays unread.
            self._fix(element, "-", kind="silenced")
            token = Token(element.start, element.end, "bleep", "", self.delivery._replace(seconds=seconds))
            self._point(token)
            return
        grammar = find_grammar(self.passage.language)
        try:
            if grammar is None:
                letters = kind in {"characters", "spell-out", "verbatim", "digits"}
                words = spelled(text, None) if letters else text.strip()
            else:
                words = said(text, kind, element.attributes.get("format", ""), grammar, self._read)
        except ValueError as error:
            self.refuse(element, f"say-as {kind}: {error}")
        self._fix(element, words, kind=kind if grammar else "fixed")

    def _phoneme(self, element: Element) -> None:
        text = self._text_of(element)
        try:
            phonemes = ipa_of(element.attributes.get("ph", ""), element.attributes.get("alphabet", "ipa").lower())
        except ValueError as error:
            self.refuse(element, str(error))
        self._fix(element, " ".join(text.split()) or phonemes, phonemes=phonemes, kind="phoneme")

    def _word(self, element: Element) -> None:
        text, role = self._text_of(element), element.attributes.get("role", "amazon:DEFAULT")
        if role not in ROLES:
            self.refuse(element, f"role must be one of {', '.join(ROLES)}")
        english = self.passage.language.lower().startswith("en")
        phonemes = homograph(text, role) if english else ""
        if phonemes:
            self._fix(element, " ".join(text.split()), phonemes=phonemes, kind="word")
            return
        self.passage.barrier()
        self.inside(element)
        self.passage.barrier()

    def _fix(self, element: Element, words: str, *, phonemes: str = "", kind: str = "fixed") -> None:
        """Give the text of an element its words."""
        passage = self.passage
        passage.deliver(self.delivery)
        start = len(passage.text)
        if element.text.strip():
            before = len(element.text) - len(element.text.lstrip())
            after = len(element.text.rstrip())
            self.inside(element)
            start, end = start + before, start + after
        else:
            passage.add(Text(_PLACEHOLDER, element.start, element.end), self.delivery)
            end = len(passage.text)
        passage.spans.append(Fixed(start, end, words, phonemes, kind))

    def _read(self, text: str) -> str:
        """Return the words of a text in the language of the passage, without a mark at the end."""
        if find_grammar(self.passage.language) is None:
            return " ".join(text.split())
        return read(" ".join(text.split()), self.passage.language).words.rstrip(".,;:!?")


def _same(language: str, other: str) -> bool:
    """Return whether two languages are the same, regions aside."""
    return language.replace("_", "-").split("-")[0].lower() == other.replace("_", "-").split("-")[0].lower()


def read_ssml(source: str, language: str) -> Reading:
    """Return the reading of a document in the language of its voice, with spans of the document.

    Raise InvalidSsml with line and column for a fault, and UnreadableText for letters that the language's voices cannot
    read. A language that Herald does not read is left to the synthesizer, word by word.
    """
    tokens = _Compiler(source, language).run(parsed(source))
    grammar = find_grammar(language)
    kept = tuple(token for token in tokens if token.kind != "silenced")
    return Reading(kept, grammar.table.letters if grammar else {})


def bare(source: str) -> Folded:
    """Return the text of a document without its markup, with the way back to the source."""
    passage = _Passage("")
    _collect(parsed(source), passage)
    return Folded(passage.text, passage.starts, passage.ends)


def _collect(element: Element, passage: _Passage) -> None:
    for child in element.children:
        if isinstance(child, Text):
            passage.add(child, PLAIN)
        else:
            _collect(child, passage)
            if child.name in _BLOCKS:
                passage.add(Text("\n\n" if child.name == "p" else " ", child.end, child.end), PLAIN)
