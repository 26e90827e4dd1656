"""Compile a document to the tokens of herald.speech.reading.

A passage is text that is read as a unit, such as a sentence with an emphasized word. Its markup limits what rules may
match, and gives spans their words, pronunciation and delivery. Passages end where a sentence must end.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NoReturn

from herald.errors import InvalidRequest
from herald.speech.ipa import ALPHABETS, parse_pronunciation
from herald.speech.lexicons.lexicon import Lexicon
from herald.speech.reading.languages import find_grammar
from herald.speech.reading.reader import Reading, read
from herald.speech.reading.token import PLAIN, Delivery, Fixed, Token
from herald.speech.ssml.document import Element, Text, parsed, refuse
from herald.speech.ssml.element_rules import (
    ALLOWED,
    ROLES,
    break_seconds,
    check_attributes,
    check_empty,
    check_root,
    emphasis,
    homograph,
    is_without_effect,
    prosody,
    text_of,
)
from herald.speech.ssml.passages import BLOCKS, Passage, Point
from herald.speech.ssml.say_as import BLEEPS, KINDS, said, spelled

LONGEST_BREAKS = 300.0
"""Maximum seconds of all breaks of a document."""
_PLACEHOLDER = "\ufffc"
"""Represents a spoken element without text."""
_BLEEP_PER_CHARACTER, _SHORTEST_BLEEP, _LONGEST_BLEEP = 0.08, 0.3, 1.2


class _Compiler:
    """Visits the elements of a document and collects its tokens."""

    def __init__(self, source: str, language: str, lexicons: Sequence[Lexicon]) -> None:
        self.source = source
        self.language = language
        self.lexicons = lexicons
        self.tokens: list[Token] = []
        self.passage = Passage(language, lexicons)
        self.delivery = PLAIN
        self.breaks = 0.0
        self.handlers: dict[str, Callable[[Element], None]] = {
            "speak": self._speak, "p": self._paragraph, "s": self._sentence, "break": self._break, "sub": self._sub,
            "say-as": self._say_as, "w": self._word, "token": self._word, "mark": self._mark, "phoneme": self._phoneme,
            "lang": self._lang, "prosody": self._prosody, "emphasis": self._emphasis,
            "voice": self._voice,
        }  # fmt: skip

    def refuse(self, element: Element, fault: str) -> NoReturn:
        refuse(self.source, element.start, fault)

    def run(self, root: Element) -> list[Token]:
        check_root(self.source, root)
        self._visit_in_language(root)
        self._finish(closes=False)
        while self.tokens and self.tokens[-1].kind == "paragraph":
            self.tokens.pop()
        return self.tokens

    def visit_children(self, element: Element) -> None:
        """Visit the children of an element."""
        for child in element.children:
            if isinstance(child, Text):
                self.passage.add(child, self.delivery)
            else:
                self._visit(child)

    def _visit(self, element: Element) -> None:
        if is_without_effect(self.source, element):
            self.visit_children(element)
            return
        handler = self.handlers.get(element.name)
        if handler is None:
            self.refuse(
                element,
                f"this element is not supported. Supported elements: {', '.join(sorted(self.handlers))}. Remove it",
            )
        check_attributes(self.source, element)
        handler(element)

    def _speak(self, element: Element) -> None:
        self.refuse(element, "<speak> cannot be within <speak>. Remove the inner one")

    # Blocks

    def _finish(self, *, closes: bool) -> None:
        """Add the tokens of the passage, and start the next one. `closes` ends the sentence."""
        tokens = self.passage.tokens(self.source)
        last = next((at for at in range(len(tokens) - 1, -1, -1) if tokens[at].spoken or tokens[at].kind == "end"), -1)
        if closes and last >= 0 and tokens[last].kind != "end":
            at = tokens[last].end
            if tokens[last + 1 : last + 2] and tokens[last + 1].kind == "pause":
                del tokens[last + 1]
            tokens.insert(last + 1, Token(at, at, "end", "."))
        self.tokens += tokens
        self.passage = Passage(self.passage.language, self.lexicons)

    def _sentence(self, element: Element) -> None:
        if element.has({"p", "s"}):
            self.refuse(element, "<s> cannot have <p> or <s> in it. Close it first")
        self._finish(closes=True)
        self._visit_in_language(element)
        self._finish(closes=True)

    def _paragraph(self, element: Element) -> None:
        if element.has({"p"}):
            self.refuse(element, "<p> cannot have <p> in it. Close it first")
        self._finish(closes=True)
        self._new_paragraph(element.start)
        self._visit_in_language(element)
        self._finish(closes=True)
        self._new_paragraph(element.end)

    def _voice(self, element: Element) -> None:
        """Compile the text in <voice> like any other; voice_changes.py has already divided the document by voice."""
        self._finish(closes=True)
        self.visit_children(element)
        self._finish(closes=True)

    def _new_paragraph(self, at: int) -> None:
        if any(token.spoken for token in self.tokens[-8:]) and self.tokens[-1].kind != "paragraph":
            self.tokens.append(Token(at, at, "paragraph", ""))

    def _visit_in_language(self, element: Element) -> None:
        """Visit the children of a block, in the language of its attribute."""
        before = self.passage.language
        language = self._language_of(element)
        if language:
            self.passage.language = language
            self.delivery = self._delivery_in(language)
        self.visit_children(element)
        if language:
            self._finish(closes=element.name != "speak")
            self.passage.language = before
            self.delivery = self._delivery_in(before)

    def _delivery_in(self, language: str) -> Delivery:
        """Return the delivery of text in a language."""
        return self.delivery._replace(language="" if _same_language(language, self.language) else language)

    def _language_of(self, element: Element) -> str:
        """Return the language of an element if it differs from that of the passage, or ""."""
        language = element.attributes.get("xml:lang", "")
        if not language or _same_language(language, self.passage.language):
            return ""
        if find_grammar(language) is None and not _same_language(language, self.language):
            self.refuse(element, "xml:lang must be the language of the voice, or de, en, es, fr, it or pt")
        return language

    # Elements within sentences

    def _lang(self, element: Element) -> None:
        if "xml:lang" not in element.attributes:
            self.refuse(element, '<lang> needs the attribute xml:lang, such as xml:lang="fr-FR"')
        language = self._language_of(element)
        if not language or element.has(BLOCKS):
            if language:
                self._finish(closes=False)
            self._visit_in_language(element)
            return
        outer, delivery = self.passage, self.delivery
        self.passage, self.delivery = Passage(language, self.lexicons), self._delivery_in(language)
        self.visit_children(element)
        inner, self.passage, self.delivery = self.passage, outer, delivery
        tokens = inner.tokens(self.source)
        if not inner.text:
            outer.points += (Point(len(outer.text), token) for token in tokens)
            return
        start = len(outer.text)
        outer.barrier()
        outer.text += inner.text
        outer.starts += inner.starts
        outer.ends += inner.ends
        outer.inner[start] = tokens
        outer.spans.append(Fixed(start, len(outer.text), inner.text.strip() or "-", kind="inner"))

    def _prosody(self, element: Element) -> None:
        if not element.attributes.keys() & ALLOWED["prosody"]:
            self.refuse(element, "<prosody> needs one of the attributes rate, volume and pitch")
        self._visit_with_delivery(element, partial(prosody, element.attributes))

    def _emphasis(self, element: Element) -> None:
        self._visit_with_delivery(element, partial(emphasis, element.attributes.get("level", "moderate")))

    def _visit_with_delivery(self, element: Element, change: Callable[[Delivery], Delivery]) -> None:
        outer = self.delivery
        try:
            self.delivery = change(outer)
        except ValueError as error:
            self.refuse(element, str(error))
        self.visit_children(element)
        self.delivery = outer

    def _break(self, element: Element) -> None:
        check_empty(self.source, element)
        try:
            seconds = break_seconds(element.attributes.get("time"), element.attributes.get("strength"))
        except ValueError as error:
            self.refuse(element, str(error))
        self.breaks += seconds
        if self.breaks > LONGEST_BREAKS:
            self.refuse(element, f"the breaks of the document exceed {LONGEST_BREAKS:g} seconds. Shorten them")
        words = f"{seconds:g}s"
        self._add_point(
            Token(element.start, element.end, "break", words, delivery=self.delivery._replace(seconds=seconds))
        )

    def _mark(self, element: Element) -> None:
        check_empty(self.source, element)
        name = element.attributes.get("name", "")
        if not name.strip():
            self.refuse(element, "<mark> needs the attribute name")
        self._add_point(Token(element.start, element.end, "mark", name, delivery=self.delivery))

    def _add_point(self, token: Token) -> None:
        self.passage.barrier()
        self.passage.points.append(Point(len(self.passage.text), token))

    def _sub(self, element: Element) -> None:
        text_of(self.source, element)
        alias = element.attributes.get("alias", "")
        words = self._read(alias) if alias.strip() else ""
        if not words:
            self.refuse(element, "<sub> needs the attribute alias, with the words to say")
        self._set_words(element, words)

    def _say_as(self, element: Element) -> None:
        text, kind = text_of(self.source, element), element.attributes.get("interpret-as", "")
        if kind not in KINDS:
            self.refuse(element, f"interpret-as must be one of {', '.join(KINDS)}")
        if kind in BLEEPS:
            length = len("".join(text.split())) * _BLEEP_PER_CHARACTER
            seconds = min(max(length, _SHORTEST_BLEEP), _LONGEST_BLEEP)
            # The text is not read.
            self._set_words(element, "-", kind="silenced")
            token = Token(element.start, element.end, "bleep", "", delivery=self.delivery._replace(seconds=seconds))
            self._add_point(token)
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
        self._set_words(element, words, kind=kind if grammar else "fixed")

    def _phoneme(self, element: Element) -> None:
        text = text_of(self.source, element)
        alphabet = element.attributes.get("alphabet", "ipa").lower()
        if alphabet not in ALPHABETS:
            self.refuse(element, f"alphabet must be one of {', '.join(ALPHABETS)}")
        try:
            ipa = parse_pronunciation(element.attributes.get("ph", ""), alphabet)
        except InvalidRequest as error:
            self.refuse(element, f"the attribute ph: {error.message.rstrip('.')}")
        self._set_words(element, " ".join(text.split()) or ipa, ipa=ipa, kind="phoneme")

    def _word(self, element: Element) -> None:
        text, role = text_of(self.source, element), element.attributes.get("role", "amazon:DEFAULT")
        if role not in ROLES:
            self.refuse(element, f"role must be one of {', '.join(ROLES)}")
        english = self.passage.language.lower().startswith("en")
        ipa = homograph(text, role) if english else ""
        if ipa:
            self._set_words(element, " ".join(text.split()), ipa=ipa, kind="word")
            return
        self.passage.barrier()
        self.visit_children(element)
        self.passage.barrier()

    def _set_words(self, element: Element, words: str, *, ipa: str = "", kind: str = "fixed") -> None:
        """Set the words of an element's text."""
        passage = self.passage
        passage.deliver(self.delivery)
        start = len(passage.text)
        if element.text.strip():
            before = len(element.text) - len(element.text.lstrip())
            after = len(element.text.rstrip())
            self.visit_children(element)
            start, end = start + before, start + after
        else:
            passage.add(Text(_PLACEHOLDER, element.start, element.end), self.delivery)
            end = len(passage.text)
        passage.spans.append(Fixed(start, end, words, kind, ipa))

    def _read(self, text: str) -> str:
        """Return the words of a text in the language of the passage, without a mark at the end."""
        if find_grammar(self.passage.language) is None:
            return " ".join(text.split())
        return read(" ".join(text.split()), self.passage.language).words.rstrip(".,;:!?")


def _same_language(language: str, other: str) -> bool:
    """Return whether two language tags have the same primary subtag."""
    return language.replace("_", "-").split("-")[0].lower() == other.replace("_", "-").split("-")[0].lower()


def read_ssml(source: str, language: str, lexicons: Sequence[Lexicon] = ()) -> Reading:
    """Return the reading of a document in the language of its voice, with spans of the document.

    Lexicons apply to its text, except where an element defines the pronunciation. In a language that Herald does not
    read, words are passed to the synthesizer unchanged.

    Raise InvalidSsml with line and column for a fault, and UnreadableText for letters that the language's voices cannot
    read.
    """
    tokens = _Compiler(source, language, lexicons).run(parsed(source))
    grammar = find_grammar(language)
    spoken = tuple(token for token in tokens if token.kind != "silenced")
    return Reading(spoken, grammar.table.letters if grammar else {})
