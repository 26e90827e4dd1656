"""Parse the parts of an Excel workbook as streams: its rows, the texts that cells share, and small parts."""

import re
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple
from xml.parsers import expat

from herald.batches.cell_formats import CellFormats
from herald.batches.manifest_form import MOST_COLUMNS
from herald.errors import InvalidManifest

type Attributes = dict[str, str]


class SheetRow(NamedTuple):
    """A row of a worksheet that has cells."""

    number: int
    """From 1."""
    cells: dict[int, str] | None
    """Texts by the position of the column, from 0; None if the row is too large."""
    is_hidden: bool
    uncalculated: int
    """Formulas without a value, as programs write them that do not calculate."""


MOST_ROWS = 1_048_576
"""As in Excel."""
_MOST_ROW_CHARACTERS = 1_000_000
_MOST_TEXTS, _MOST_TEXT_CHARACTERS = 4_000_000, 100_000_000
"""Limits of the texts that cells share, which are kept in memory."""
_BLOCK = 1 << 16
_LONGEST_TAG = 1_000_000
"""Bytes of a tag with its attributes, which expat keeps in memory."""
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""The escape of a character that XML cannot contain."""
_SURROGATES = range(0xD800, 0xE000)
_DIGITS = "0123456789"


class XmlPart:
    """An XML document that is parsed in one pass. It cannot define entities."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def parse(
        self, start: Callable[[str, Attributes], None], end: Callable[[str], None], text: Callable[[str], None]
    ) -> Iterator[None]:
        """Call the handlers while the document is read, and yield after each block. Raise ValueError for a DOCTYPE."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        size = 0
        while block := self._stream.read(_BLOCK):
            parser.Parse(block, False)  # noqa: FBT003  expat's signature
            size += len(block)
            if size - parser.CurrentByteIndex > _LONGEST_TAG:
                raise ValueError("a tag is too long")
            yield
        parser.Parse(b"", True)  # noqa: FBT003
        yield

    def tags(self) -> Iterator[tuple[bool, str, Attributes]]:
        """Yield for each tag whether it opens an element, its name without prefix, and its attributes."""
        found: list[tuple[bool, str, Attributes]] = []
        for _ in self.parse(
            lambda name, given: found.append((True, local_name(name), given)),
            lambda name: found.append((False, local_name(name), {})),
            lambda _: None,
        ):
            yield from found
            found.clear()


def local_name(name: str) -> str:
    """Return the name of an element or attribute without its prefix."""
    return name[name.rfind(":") + 1 :]


def attribute(given: Attributes, name: str) -> str | None:
    """Return an attribute that has a prefix, or None."""
    return next((value for key, value in given.items() if key.endswith(f":{name}")), None)


def read_rows_of(part: XmlPart, texts: list[str], formats: CellFormats) -> Iterator[SheetRow]:
    """Yield the rows of a worksheet that have cells, in order."""
    reader = _Rows(texts, formats)
    for _ in part.parse(reader.start, reader.end, reader.text):
        yield from reader.ready
        reader.ready.clear()


def read_texts(part: XmlPart) -> list[str]:
    """Return the texts that cells share; raise InvalidManifest for too many."""
    reader = _Texts()
    for _ in part.parse(reader.start, reader.end, reader.text):
        if len(reader.found) > _MOST_TEXTS or reader.size > _MOST_TEXT_CHARACTERS:
            raise InvalidManifest(
                "The workbook has too many different texts. Save the worksheet as CSV UTF-8, or split it.",
                code="manifest_too_large",
            )
    return reader.found


class _Texts:
    """Collects the texts of <si> elements, without phonetic guides."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.size = 0
        self._parts: list[str] = []
        self._is_text = self._is_phonetic = False

    def start(self, name: str, _: Attributes) -> None:
        name = local_name(name) if ":" in name else name
        if name == "t":
            self._is_text = not self._is_phonetic
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "si":
            self._parts = []

    def end(self, name: str) -> None:
        name = local_name(name) if ":" in name else name
        if name == "t":
            self._is_text = False
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "si":
            self.found.append(_unescaped("".join(self._parts)))
            self._parts = []

    def text(self, data: str) -> None:
        if self._is_text:
            self.size += len(data)
            self._parts.append(data)


class _Rows:
    """Collects rows of a worksheet in `ready`."""

    def __init__(self, texts: list[str], formats: CellFormats) -> None:
        self.ready: list[SheetRow] = []
        self._texts, self._formats = texts, formats
        self._columns: dict[str, int] = {}
        self._row, self._column, self._size = 0, -1, 0
        self._is_hidden = self._is_value = self._is_phonetic = self._is_formula = False
        self._uncalculated = 0
        self._cells: dict[int, str] = {}
        self._kind, self._style = "n", 0
        self._parts: list[str] = []

    def start(self, name: str, given: Attributes) -> None:
        name = local_name(name) if ":" in name else name
        if name == "c":
            self._column = self._position(given.get("r", ""))
            self._kind, self._style = given.get("t", "n"), int(given.get("s", "0"))
            self._parts, self._is_formula = [], False
        elif name in {"v", "t"}:
            self._is_value = not self._is_phonetic
        elif name == "f":
            self._is_formula = True
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "row":
            number = int(given["r"]) if "r" in given else self._row + 1
            if not self._row < number <= MOST_ROWS:
                raise ValueError("rows are not in order")
            self._row, self._column, self._size, self._cells, self._uncalculated = number, -1, 0, {}, 0
            self._is_hidden = given.get("hidden", "0") in {"1", "true"}

    def end(self, name: str) -> None:
        name = local_name(name) if ":" in name else name
        if name == "c":
            if self._parts and (value := self._value("".join(self._parts))) and not value.isspace():
                self._size += len(value) if self._kind == "s" else 0  # the others are counted as they are read
                self._cells[self._column] = value
            elif self._is_formula and not self._parts and self._kind == "n":  # a formula may result in an empty text
                self._uncalculated += 1
            self._parts = []
        elif name in {"v", "t"}:
            self._is_value = False
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "row" and (self._cells or self._uncalculated or self._size > _MOST_ROW_CHARACTERS):
            is_large = self._size > _MOST_ROW_CHARACTERS
            cells = None if is_large else self._cells
            self.ready.append(SheetRow(self._row, cells, self._is_hidden, self._uncalculated))

    def text(self, data: str) -> None:
        if self._is_value:
            self._size += len(data)
            if self._size <= _MOST_ROW_CHARACTERS:
                self._parts.append(data)

    def _value(self, raw: str) -> str:
        if self._kind == "s":
            return self._texts[int(raw)]
        return (
            _unescaped(raw) if self._kind in {"str", "inlineStr"} else self._formats.text(self._kind, raw, self._style)
        )

    def _position(self, place: str) -> int:
        """Return the position of a cell's column, from 0: its place is such as B7, or missing."""
        letters = place.rstrip(_DIGITS)
        if not letters:
            position = self._column + 1
        elif letters in self._columns:
            return self._columns[letters]
        else:
            position = 0
            for letter in letters[:4]:
                position = position * 26 + int(letter, 36) - 9
            position -= 1
            self._columns[letters] = position
        if not 0 <= position < MOST_COLUMNS:
            raise ValueError("a column is out of range")
        return position


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a workbook has no DOCTYPE")


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text

    def character(escape: re.Match[str]) -> str:
        code = int(escape[1], 16)
        return escape[0] if code in _SURROGATES else chr(code)

    return _ESCAPE.sub(character, text)
