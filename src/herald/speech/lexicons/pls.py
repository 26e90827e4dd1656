"""Parse and write the Pronunciation Lexicon Specification of the W3C, version 1.0.

Document types, entities other than XML's own five, and deep nesting are refused, with line and column.
"""

from collections.abc import Callable
from typing import Any, NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from herald.errors import InvalidLexicon
from herald.speech.ipa import ALPHABETS
from herald.speech.lexicons.lexicon import MOST_ENTRIES

NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
_XML = "http://www.w3.org/XML/1998/namespace"
_DEEPEST = 12
_LONGEST = 1_000
"""Maximum characters of an element, above every limit of an entry."""
_PARENTS = {
    "lexicon": "", "meta": "lexicon", "metadata": "lexicon", "lexeme": "lexicon", "grapheme": "lexeme",
    "phoneme": "lexeme", "alias": "lexeme", "example": "lexeme",
}  # fmt: skip
_TEXTS = frozenset({"grapheme", "phoneme", "alias"})


class Lexeme(NamedTuple):
    """A lexeme: its words, its alias or its phonemes in an alphabet, and its line."""

    words: tuple[str, ...]
    alias: str
    phonemes: str
    alphabet: str
    line: int


class Document(NamedTuple):
    """A parsed document."""

    language: str
    lexemes: list[Lexeme]


class _Said(NamedTuple):
    kind: str
    text: str
    alphabet: str
    preferred: bool


def parse_pls(data: bytes) -> Document:
    """Parse a document; raise InvalidLexicon with line and column for its first error, also for too many lexemes."""
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)  # noqa: FBT003  expat accepts no keyword
    except expat.ExpatError as error:
        raise InvalidLexicon(
            f"Line {error.lineno}, column {error.offset + 1}: not well-formed XML: {expat.ErrorString(error.code)}."
        ) from None
    except (ValueError, LookupError):  # an encoding that expat or Python does not support
        raise InvalidLexicon("The document declares an unknown encoding. Save it as UTF-8.") from None
    return Document(reader.language, reader.lexemes)


class _Reader:
    """Builds a document from the events of expat."""

    def __init__(self) -> None:
        self.language = ""
        self.lexemes: list[Lexeme] = []
        self._open: list[str] = []
        self._skipped = 0
        self._alphabet = ""
        self._text: list[str] = []
        self._length = 0
        self._attributes: dict[str, str] = {}
        self._words: list[str] = []
        self._said: list[_Said] = []
        self._line = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        refused: Callable[..., Any] = self._refuse_doctype
        self.parser.StartDoctypeDeclHandler = refused
        self.parser.EntityDeclHandler = refused
        self.parser.ExternalEntityRefHandler = refused

    def _invalid(self, message: str, *, code: str | None = None) -> InvalidLexicon:
        where = f"Line {self.parser.CurrentLineNumber}, column {self.parser.CurrentColumnNumber + 1}"
        return InvalidLexicon(f"{where}: {message}", code=code)

    def _refuse_doctype(self, *_: object) -> None:
        raise self._invalid("document types and entities are not allowed. Remove them.")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) + self._skipped >= _DEEPEST:
            raise self._invalid("elements are nested too deeply.")
        parent = self._open[-1] if self._open else ""
        if self._skipped or parent == "metadata":
            self._skipped += 1
            return
        name = self._element(tag, parent)
        self._open.append(name)
        self._attributes, self._text, self._length = attributes, [], 0
        if name == "lexicon":
            if attributes.get("version") != "1.0":
                raise self._invalid('<lexicon> needs version="1.0".')
            self._alphabet = self._known_alphabet(attributes.get("alphabet", "ipa"))
            self.language = attributes.get(f"{_XML} lang", "").strip()
            if not self.language:
                raise self._invalid('<lexicon> needs xml:lang, such as xml:lang="en-US".')
        elif name == "lexeme":
            self._words, self._said, self._line = [], [], self.parser.CurrentLineNumber
            if len(self.lexemes) >= MOST_ENTRIES:
                raise self._invalid(f"more than {MOST_ENTRIES:,} lexemes. Split the lexicon.", code="lexicon_too_large")

    def _element(self, tag: str, parent: str) -> str:
        """Return the name of an element that is allowed in its parent."""
        namespace, _, name = tag.rpartition(" ")
        if namespace != NAMESPACE:
            raise self._invalid(f'the element must be in the namespace of PLS. Set xmlns="{NAMESPACE}" in <lexicon>.')
        if name not in _PARENTS:
            raise self._invalid(f"unknown element. PLS has: {', '.join(_PARENTS)}.")
        if parent != _PARENTS[name]:
            inside = f"must be in <{_PARENTS[name]}>" if _PARENTS[name] else "must be the outermost element"
            raise self._invalid(f"<{name}> {inside}.")
        return name

    def _known_alphabet(self, name: str) -> str:
        known = name.strip().lower()
        if known not in ALPHABETS:
            raise self._invalid("unknown alphabet. Use ipa or x-sampa.", code="unsupported_alphabet")
        return known

    def _characters(self, data: str) -> None:
        if self._skipped or not self._open or self._open[-1] in ("metadata", "example", "meta"):
            return
        if self._open[-1] not in _TEXTS:
            if data.strip():
                raise self._invalid(f"text is not allowed in <{self._open[-1]}>. Put it into <grapheme> or <alias>.")
            return
        self._length += len(data)
        if self._length > _LONGEST:
            raise self._invalid(f"<{self._open[-1]}> is too long.", code="lexeme_too_long")
        self._text.append(data)

    def _end(self, _: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        name = self._open.pop()
        text = " ".join("".join(self._text).split())
        if name in _TEXTS:
            if not text:
                raise self._invalid(f"<{name}> is empty.")
            if name == "grapheme":
                self._words.append(text)
            else:
                alphabet = self._known_alphabet(self._attributes.get("alphabet", self._alphabet))
                self._said.append(_Said(name, text, alphabet, self._attributes.get("prefer") in ("true", "1")))
        elif name == "lexeme":
            if not self._words:
                raise self._invalid("the <lexeme> has no <grapheme>.")
            if not self._said:
                raise self._invalid("the <lexeme> has neither <alias> nor <phoneme>.")
            said = next((one for one in self._said if one.preferred), self._said[0])
            alias, phonemes = (said.text, "") if said.kind == "alias" else ("", said.text)
            self.lexemes.append(Lexeme(tuple(self._words), alias, phonemes, said.alphabet, self._line))
        self._text = []


def write_pls(language: str, entries: list[tuple[str, str, str]]) -> str:
    """Return a document with entries: word, alias, and IPA, one of the latter empty."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<lexicon version="1.0" xmlns="{NAMESPACE}" alphabet="ipa" xml:lang={quoteattr(language)}>',
    ]
    for word, alias, ipa in entries:
        said = f"<phoneme>{escape(ipa)}</phoneme>" if ipa else f"<alias>{escape(alias)}</alias>"
        lines.append(f"  <lexeme><grapheme>{escape(word)}</grapheme>{said}</lexeme>")
    return "\n".join([*lines, "</lexicon>", ""])
