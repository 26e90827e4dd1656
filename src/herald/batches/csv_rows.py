"""A strict CSV reader.

It follows section 2 of RFC 4180: https://www.rfc-editor.org/rfc/rfc4180

Beyond the RFC: LF and CR also end a line, an empty line is skipped, and a backslash has no special meaning. A record
with invalid quotes is one error, and reading resumes on the line after its first: an unclosed quote costs one record,
not the rest of the file.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator

from herald.batches.manifest_lines import Limits, Line
from herald.batches.manifest_row import RowError

type Record = tuple[int, list[str]]
"""The line on which the record begins, and its fields."""

_OPEN = rb'"[^"]*+(?:""[^"]*+)*+'
_FIELD = rb"(?:" + _OPEN + rb'"|[^",\r\n]*+(?!"))'
_IS_WHOLE = re.compile(_FIELD + rb"(?:," + _FIELD + rb")*+(?:\r\n|\r|\n)?", re.DOTALL)
_IS_OPEN = re.compile(rb"(?:" + _FIELD + rb",)*+" + _OPEN, re.DOTALL)
_CELL = re.compile(r'(?:^|,)(?:"([^"]*+(?:""[^"]*+)*+)"|([^",]*+))')


def read_records(lines: Iterable[Line], limits: Limits) -> Iterator[Record | RowError]:
    """Yield each record, or a RowError for an invalid one."""
    source = _Lines(lines)
    for number, line in source:
        if line is None:
            yield too_large(number, limits)
        elif b'"' in line:
            yield _with_quotes(number, line, source, limits)
        elif plain := line.rstrip(b"\r\n"):
            yield _record(number, plain)


class _Lines:
    """An iterator over lines with pushback."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = iter(lines)
        self._back: deque[Line] = deque()

    def __iter__(self) -> Iterator[Line]:
        while (line := self.next()) is not None:
            yield line

    def next(self) -> Line | None:
        return self._back.popleft() if self._back else next(self._lines, None)

    def give_back(self, lines: list[Line]) -> None:
        self._back.extendleft(reversed(lines))


def _with_quotes(number: int, line: bytes, source: _Lines, limits: Limits) -> Record | RowError:
    """Read a record with quotes, which may span lines.

    Each line is read at most twice, because a line that was pushed back cannot start another multi-line record: within
    quotes, a line that continues the record has an even number of quotes, while a line that opens a field has an odd
    number.
    """
    parts, size, consumed, current = [line], len(line), list[Line](), line
    while _IS_OPEN.fullmatch(current):
        following = source.next()
        if following is not None:
            consumed.append(following)
        if following is None or following[1] is None or (size := size + len(following[1])) > limits.row_bytes:
            source.give_back(consumed)
            return _unclosed(number) if following is None else too_large(number, limits)
        parts.append(following[1])
        current = b'"' + following[1]  # the quote restores the state at the start of this line
    if _IS_WHOLE.fullmatch(current):
        return _record(number, b"".join(parts))
    source.give_back(consumed)
    return _stray(number)


def _record(number: int, data: bytes) -> Record | RowError:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return not_utf8(number)
    if "\0" in text:
        return RowError(line=number, code="invalid_text", message="The row contains a NUL character. Remove it.")
    return number, _cells(text) if '"' in text else text.split(",")


def _cells(text: str) -> list[str]:
    found = _CELL.findall(text.rstrip("\r\n"))
    return [quoted.replace('""', '"') if quoted else plain for quoted, plain in found]


def too_large(number: int, limits: Limits) -> RowError:
    """Return the error of a row over the size limit."""
    return RowError(line=number, code="row_too_large", message=f"The row is over {limits.row_bytes} bytes. Shorten it.")


def not_utf8(number: int) -> RowError:
    """Return the error of a row that is not UTF-8."""
    return RowError(line=number, code="invalid_utf8", message="The row is not UTF-8. Save the manifest as UTF-8.")


def _stray(number: int) -> RowError:
    message = 'A quote is misplaced. Quote the whole field and double each quote within it: "say ""hi""".'
    return RowError(line=number, code="stray_quote", message=message)


def _unclosed(number: int) -> RowError:
    return RowError(line=number, code="stray_quote", message="A quoted field is never closed. Add the closing quote.")
