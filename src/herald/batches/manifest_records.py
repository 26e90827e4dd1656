"""Split the bytes of a manifest into lines, and the lines into CSV records or JSON objects, as a stream.

The strict CSV reader follows section 2 of RFC 4180: https://www.rfc-editor.org/rfc/rfc4180. Beyond the RFC, another
character may separate the fields, LF and CR also end a line, an empty line is skipped, a quoted field may have spaces
around its quotes or the = with which Excel marks a text (="001"), and a backslash has no special meaning. A record with
invalid quotes is one error, and reading resumes on the line after its first: an unclosed quote costs one record, not
the rest of the file.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from herald.batches.manifest_form import SEPARATORS, ManifestForm
from herald.batches.manifest_text import blocks_of, from_1252, is_1252, text_of, with_head
from herald.batches.rows import DecimalText, RowError
from herald.errors import InvalidInput
from herald.jobs.body import reject_constant

type ManifestLine = tuple[int, bytes | None]
"""Line number, from 1, and the line with its terminator; None if the line is too long."""
type Record = tuple[int, list[str]]
"""The line on which the record begins, and its fields."""
type Object = tuple[int, list[tuple[str, Any]]]
"""Line number, and the keys with their values."""
_EXCEL_SEPARATOR = re.compile(rb'"?sep=([,;\t|])"?[\r\n]*', re.IGNORECASE)
"""A first line that sets the separator for Excel."""


@dataclass(frozen=True, kw_only=True)
class CsvSyntax:
    """The patterns of CSV with one separator."""

    separator: str
    open: re.Pattern[bytes]
    """A record that ends within a quoted field."""
    whole: re.Pattern[bytes]
    cell: re.Pattern[str]

    @classmethod
    @lru_cache
    def of(cls, separator: str) -> Self:
        """Return the patterns for a separator of SEPARATORS."""
        mark = re.escape(separator)
        opened = r' *+=?"[^"]*+(?:""[^"]*+)*+'
        plain = rf'[^"{mark}\r\n]*+(?!")'
        field = rf'(?:{opened}" *+(?=[{mark}\r\n]|\Z)|{plain})'
        return cls(
            separator=separator,
            open=re.compile(rf"(?:{field}{mark})*+{opened}".encode()),
            whole=re.compile(rf"{field}(?:{mark}{field})*+(?:\r\n|\r|\n)?".encode()),
            cell=re.compile(rf'(?:^|{mark})(?: *+=?"([^"]*+(?:""[^"]*+)*+)" *+(?={mark}|\Z)|([^"{mark}]*+))'),
        )

    def cells(self, text: str) -> list[str]:
        """Return the fields of a record, which `whole` matches, without its terminator."""
        if '"' not in text:
            return text.split(self.separator)
        return [quoted.replace('""', '"') if quoted else plain for quoted, plain in self.cell.findall(text)]


@dataclass(frozen=True, kw_only=True)
class ManifestLimits:
    """Limits of a manifest."""

    rows: int = 1_000_000
    row_bytes: int = 1_000_000
    """The longest text of a job takes at most 400,000 bytes."""
    total_bytes: int = 2 << 30
    """Also the limit of the upload form; documented in docs/limits.md."""


def read_lines(
    chunks: Iterable[bytes], limits: ManifestLimits, form: ManifestForm | None = None
) -> Iterator[ManifestLine]:
    """Yield lines in UTF-8, terminated by LF, CR LF or CR; note the encoding in `form`.

    Raise InvalidManifest if the data is over `limits.total_bytes`, compressed, or in an encoding that is not supported.
    """
    form = form or ManifestForm()
    head, blocks = with_head(blocks_of(chunks))
    is_undecided = head.isascii()
    for number, line in _split(text_of(head, blocks, limits.total_bytes, form), limits):
        if is_undecided and line is not None and not line.isascii():
            is_undecided = False
            if form.encoding == "utf-8" and is_1252(line):
                form.encoding = "cp1252"
        yield number, from_1252(line) if line is not None and form.encoding == "cp1252" else line


def _split(blocks: Iterator[bytes], limits: ManifestLimits) -> Iterator[ManifestLine]:
    number, rest, too_long = 0, b"", False
    for block in blocks:
        lines = (rest + block).splitlines(keepends=True)
        # A line with a final CR is incomplete: an LF may follow.
        rest = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        for line in lines:
            number += 1
            yield number, None if too_long or len(line) > limits.row_bytes else line
            too_long = False
        if len(rest) > limits.row_bytes:
            too_long, rest = True, rest[-1:]  # keep a final CR, which may be half of a CR LF
    if rest:
        yield number + 1, None if too_long else rest


def read_records(
    lines: Iterable[ManifestLine],
    limits: ManifestLimits,
    form: ManifestForm | None = None,
    fields: Callable[[list[str]], int] = len,
) -> Iterator[Record | RowError]:
    """Yield each record, or a RowError for an invalid one.

    With a `form`, the separator is the one that the first line which is not blank suggests (`separator_of`), and is
    noted in it. Otherwise it is a comma.
    """
    source = _Lines(lines)
    syntax, is_chosen = CsvSyntax.of(","), form is None
    for number, line in source:
        if form and not is_chosen and line is not None and line.strip():
            is_chosen = True
            declared = _EXCEL_SEPARATOR.fullmatch(line) if number == 1 else None
            form.separator = declared[1].decode() if declared else separator_of(line.decode(errors="replace"), fields)
            syntax = CsvSyntax.of(form.separator)
            if declared:
                continue
        if line is None:
            yield too_large(number, limits)
        elif b'"' in line:
            yield _with_quotes(number, line, source, limits, syntax)
        elif plain := line.rstrip(b"\r\n"):
            yield _record(number, plain, syntax)


def separator_of(header: str, fields: Callable[[list[str]], int]) -> str:
    """Return the separator of a header: the one with which it has the most `fields`, then the most columns."""
    header = header.rstrip("\r\n")
    candidates = [one for one in SEPARATORS if one in header] or [","]
    if len(candidates) == 1:
        return candidates[0]

    def rank(separator: str) -> tuple[int, int]:
        cells = CsvSyntax.of(separator).cells(header)
        return fields(cells), len(cells)

    return max(candidates, key=rank)


class _Lines:
    """An iterator over lines with pushback."""

    def __init__(self, lines: Iterable[ManifestLine]) -> None:
        self._lines = iter(lines)
        self._back: deque[ManifestLine] = deque()

    def __iter__(self) -> Iterator[ManifestLine]:
        while (line := self.next()) is not None:
            yield line

    def next(self) -> ManifestLine | None:
        return self._back.popleft() if self._back else next(self._lines, None)

    def give_back(self, lines: list[ManifestLine]) -> None:
        self._back.extendleft(reversed(lines))


def _with_quotes(
    number: int, line: bytes, source: _Lines, limits: ManifestLimits, syntax: CsvSyntax
) -> Record | RowError:
    """Read a record with quotes, which may span lines.

    Each line is read at most twice, because a line that was pushed back cannot start another multi-line record: within
    quotes, a line that continues the record has an even number of quotes, while a line that opens a field has an odd
    number.
    """
    parts, size, consumed, current = [line], len(line), list[ManifestLine](), line
    while syntax.open.fullmatch(current):
        following = source.next()
        if following is not None:
            consumed.append(following)
        if following is None or following[1] is None or (size := size + len(following[1])) > limits.row_bytes:
            source.give_back(consumed)
            if following is not None:
                return too_large(number, limits)
            message = "A quoted field is never closed. Add the closing quote."
            return RowError(line=number, code="stray_quote", message=message)
        parts.append(following[1])
        current = b'"' + following[1]  # the quote restores the state at the start of this line
    if syntax.whole.fullmatch(current):
        return _record(number, b"".join(parts).rstrip(b"\r\n"), syntax)
    source.give_back(consumed)
    message = 'A quote is misplaced. Quote the whole field and double each quote within it: "say ""hi""".'
    return RowError(line=number, code="stray_quote", message=message)


def _record(number: int, data: bytes, syntax: CsvSyntax) -> Record | RowError:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return not_utf8(number)
    if "\0" in text:
        return RowError(line=number, code="invalid_text", message="The row contains a NUL character. Remove it.")
    return number, syntax.cells(text)


def too_large(number: int, limits: ManifestLimits) -> RowError:
    """Return the error of a row over the size limit."""
    return RowError(line=number, code="row_too_large", message=f"The row is over {limits.row_bytes} bytes. Shorten it.")


def not_utf8(number: int) -> RowError:
    """Return the error of a row that is not UTF-8."""
    return RowError(line=number, code="invalid_utf8", message="The row is not UTF-8. Save the manifest as UTF-8.")


def read_objects(lines: Iterable[ManifestLine], limits: ManifestLimits) -> Iterator[Object | RowError]:
    """Yield each object, or a RowError for an invalid line. Blank lines are skipped."""
    for number, line in lines:
        if line is None:
            yield too_large(number, limits)
        elif line.strip():
            yield _object(number, line)


class _Pairs(list[tuple[str, Any]]):
    """The keys of a JSON object with their values; a key may occur twice."""


def _object(number: int, line: bytes) -> Object | RowError:
    """Parse an object. A number keeps its spelling: 1.50 stays "1.50"."""
    code = "invalid_json"
    try:
        value = _DECODER.decode(line.decode())
    except UnicodeDecodeError:
        return not_utf8(number)
    except json.JSONDecodeError as error:
        message = f"The row is not valid JSON, from character {error.pos + 1} on."
    except RecursionError:
        message = "The row's JSON is nested too deeply. Write strings and numbers only."
    except InvalidInput as error:
        code, message = error.code, error.message
    else:
        if isinstance(value, _Pairs):
            return number, value
        message = "The row is JSON but not an object. Write it as {...}."
    return RowError(line=number, code=code, message=message)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_int=str, parse_float=DecimalText, parse_constant=reject_constant
)
