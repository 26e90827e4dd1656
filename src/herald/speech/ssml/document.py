"""Parse an SSML document safely: in linear time, without anything that XML can include, define or load."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, NoReturn, cast

from herald.errors import InvalidSsml

DEEPEST = 32
"""Maximum depth of elements."""
MOST_ELEMENTS = 3_000
MOST_ATTRIBUTES = 16
"""Maximum attributes of an element."""
LONGEST_VALUE = 1_000
"""Maximum characters of an attribute."""
MOST_VALUES = 2_000
"""Maximum characters of all attributes, in addition to as many as the text has."""

_START = re.compile(r"<\?xml\s|<!doctype\s+speak\b|</?speak(?![\w:.-])", re.IGNORECASE)
_BLANK = frozenset({"Cf", "Zs", "Zl", "Zp"})
_FAULTS = {
    "no element found": "the document has no <speak> element. Write <speak>your text</speak>",
    "mismatched tag": "this closing tag does not match the element that is open. Close elements in reverse order",
    "unclosed token": "this tag or section is not closed",
    "unclosed CDATA section": "this CDATA section is not closed. Close it with ]]>",
    "not well-formed (invalid token)": "this is not XML. Write & as &amp;, < as &lt;, and quote values of attributes",
    "syntax error": "this is not XML. Begin with <speak>",
    "undefined entity": "this entity is not defined. Write the character itself, or its number as in &#233;",
    "duplicate attribute": "this element has an attribute twice. Remove one",
    "junk after document element": "the document goes on after </speak>. Move everything into one <speak> element",
    "reference to invalid character number": "this number is not that of a character that XML allows. Remove it",
    "unbound prefix": "this prefix has no namespace. Remove it",
    "XML or text declaration not at start of entity": "an XML declaration must be at the start. Remove it",
    "partial character": "the document ends within a character",
}
"""Messages of expat and their replacements."""


class Text(NamedTuple):
    """A piece of text, with its span in the source. If the lengths differ, the whole span represents it: "&amp;"."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Element:
    """An element. `start` is the offset of its tag in the source, `end` the offset after its closing tag."""

    name: str
    attributes: Mapping[str, str]
    start: int
    children: "list[Element | Text]" = field(default_factory=list)
    end: int = 0

    def has(self, names: Collection[str]) -> bool:
        """Return whether one of its child elements has one of the names."""
        return any(isinstance(child, Element) and child.name in names for child in self.children)

    @property
    def text(self) -> str:
        """The text of the element, without that of its child elements."""
        return "".join(child.text for child in self.children if isinstance(child, Text))


def begins_ssml(text: str) -> bool:
    """Return whether a text begins as an SSML document, after spaces and invisible characters."""
    return "<" in text and _START.match(text, _lead(text)) is not None


def refuse(source: str, at: int, fault: str) -> NoReturn:
    """Raise InvalidSsml for a fault at an offset of the source. The message must not repeat the text."""
    error = InvalidSsml(f"Line {line_and_column(source, at)}: {fault}.", param="input")
    error.at, error.fault = at, fault
    raise error


def line_and_column(source: str, at: int) -> str:
    """Return "3, column 5" for an offset, both from 1."""
    return f"{source.count(chr(10), 0, at) + 1}, column {at - source.rfind(chr(10), 0, at)}"


@lru_cache(maxsize=4)
def parsed(source: str) -> Element:
    """Return the `speak` element of a document; raise InvalidSsml with line and column of the first fault."""
    return _Parsing(source).root()


def characters(source: str) -> int:
    """Return the number of characters of a document's text; raise InvalidSsml for a faulty one."""
    elements, count = [parsed(source)], 0
    while elements:
        for child in elements.pop().children:
            if isinstance(child, Text):
                count += len(child.text)
            else:
                elements.append(child)
    return count


def _lead(source: str) -> int:
    """Return the number of spaces and invisible characters at the start."""
    # Spaces are not tested one by one, because most characters are spaces in documents of voice_parts.
    spaces = len(source) - len(source.lstrip())
    blank = (
        at
        for at, one in enumerate(source[spaces:], spaces)
        if not (one.isspace() or unicodedata.category(one) in _BLANK)
    )
    return next(blank, len(source))


class _Parsing:
    """Builds the tree from the events of expat."""

    def __init__(self, source: str) -> None:
        from xml.parsers import expat  # noqa: PLC0415  needed only for SSML

        self._error = expat.ExpatError
        self._source = source
        self._lead = _lead(source)
        self._bytes = source[self._lead :].encode()
        self._known = (0, self._lead)
        """An offset in the bytes, and the corresponding offset in the source."""
        self._open: list[Element] = []
        self._root: Element | None = None
        self._elements = 0
        self._characters = self._values = 0
        self._raw = False
        """Whether the parser is in a CDATA section."""
        self._expat = expat.ParserCreate("utf-8")
        self._expat.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._expat.ordered_attributes = True
        self._expat.StartElementHandler = self._begin
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._text
        self._expat.StartCdataSectionHandler = lambda: self._cdata(begins=True)
        self._expat.EndCdataSectionHandler = lambda: self._cdata(begins=False)
        self._expat.StartDoctypeDeclHandler = self._doctype
        self._expat.ProcessingInstructionHandler = self._instruction

    def root(self) -> Element:
        try:
            self._expat.Parse(self._bytes, True)  # noqa: FBT003  expat takes no keyword
        except self._error as error:
            self._malformed(str(error).partition(":")[0])
        if self._values > self._characters + MOST_VALUES:
            refuse(self._source, 0, "the attributes of the document are longer than its text. Shorten them")
        return cast("Element", self._root)  # expat refuses a document without an element

    def _malformed(self, message: str) -> NoReturn:
        at = self._offset(self._expat.ErrorByteIndex)
        if self._open and at >= len(self._source) and message in {"no element found", "unclosed token"}:
            refuse(self._source, self._open[-1].start, "this element is not closed. Add its closing tag")
        refuse(self._source, at, _FAULTS.get(message, "this is not well-formed XML"))

    def _offset(self, byte: int) -> int:
        """Return the offset in characters for one in bytes of what expat parses."""
        known, offset = self._known
        # Relative to the last offset, so that all calls together take linear time.
        if byte >= known:
            offset += len(self._bytes[known:byte].decode(errors="ignore"))
        else:
            offset -= len(self._bytes[byte:known].decode(errors="ignore"))
        self._known = (byte, offset)
        return min(offset, len(self._source))

    @property
    def _here(self) -> int:
        return self._offset(self._expat.CurrentByteIndex)

    def _begin(self, name: str, values: list[str]) -> None:
        at = self._here
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            refuse(self._source, at, f"more than {MOST_ELEMENTS:,} elements. Send the text in parts")
        if len(self._open) >= DEEPEST:
            refuse(self._source, at, f"elements are more than {DEEPEST} deep. Close some of them first")
        if values and (len(values) > 2 * MOST_ATTRIBUTES or max(map(len, values)) > LONGEST_VALUE):
            refuse(
                self._source,
                at,
                f"an element can have at most {MOST_ATTRIBUTES} attributes of {LONGEST_VALUE:,} characters. "
                "Shorten them",
            )
        self._values += sum(map(len, values))
        element = Element(name, dict(zip(values[::2], values[1::2], strict=True)), at)
        if self._open:
            self._open[-1].children.append(element)
        else:
            if name != "speak":
                refuse(self._source, at, "the first element must be <speak>, in lower case")
            self._root = element
        self._open.append(element)

    def _end(self, _: str) -> None:
        at = self._here
        element = self._open.pop()
        # For <break/>, this is already the end, even if another closing tag follows.
        empty = not element.children and self._source.endswith("/>", 0, at)
        element.end = at if empty else self._source.find(">", at) + 1

    def _text(self, text: str) -> None:
        start = self._here
        if not self._raw and self._source[start] == "&":
            end = self._source.index(";", start) + 1
        elif self._source.startswith("\r\n", start):
            end = start + 2
        else:
            end = start + len(text)
        self._characters += len(text)
        self._open[-1].children.append(Text(text, start, end))

    def _cdata(self, *, begins: bool) -> None:
        self._raw = begins

    def _doctype(self, *_: object) -> NoReturn:
        at = max(self._source.rfind("<!", 0, self._here + 2), 0)
        refuse(self._source, at, "a document type is not allowed. Remove <!DOCTYPE ...> and all entities")

    def _instruction(self, *_: object) -> NoReturn:
        refuse(self._source, self._here, "processing instructions are not allowed. Remove <?...?>")
