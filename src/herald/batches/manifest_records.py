"""Split the bytes of a manifest into lines, and the lines into CSV records or JSON objects, as a stream.

The strict CSV reader follows section 2 of RFC 4180: https://www.rfc-editor.org/rfc/rfc4180. Beyond the RFC, LF and CR
also end a line, an empty line is skipped, and a backslash has no special meaning. A record with invalid quotes is one
error, and reading resumes on the line after its first: an unclosed quote costs one record, not the rest of the file.
"""

import codecs
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from herald.batches.rows import RowError, column
from herald.errors import InvalidInput, InvalidManifest, InvalidRequest
from herald.jobs.body import reject_constant

BLOCK = 1 << 18
"""Bytes that are split at a time: large enough for speed, small against a function's memory."""
_UTF16_AND_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
"""Byte order marks. That of little-endian UTF-32 begins with the UTF-16 one."""
_LONGEST_ENCODED = 4
_COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip (the format of spreadsheet files)",
    b"PK\x05\x06": "zip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\xfd7zXZ\x00": "xz",
}
"""Magic numbers of compressed formats, from their specifications."""

type ManifestLine = tuple[int, bytes | None]
"""ManifestLine number, from 1, and the line with its terminator; None if the line is too long."""
_OPEN = rb'"[^"]*+(?:""[^"]*+)*+'
_FIELD = rb"(?:" + _OPEN + rb'"|[^",\r\n]*+(?!"))'
_IS_WHOLE = re.compile(_FIELD + rb"(?:," + _FIELD + rb")*+(?:\r\n|\r|\n)?", re.DOTALL)
_IS_OPEN = re.compile(rb"(?:" + _FIELD + rb",)*+" + _OPEN, re.DOTALL)
_CELL = re.compile(r'(?:^|,)(?:"([^"]*+(?:""[^"]*+)*+)"|([^",]*+))')

type Record = tuple[int, list[str]]
"""The line on which the record begins, and its fields."""
type Object = tuple[int, dict[str, str]]
"""ManifestLine number, and values by column."""


@dataclass(frozen=True, kw_only=True)
class ManifestLimits:
    """ManifestLimits of a manifest."""

    rows: int = 1_000_000
    row_bytes: int = 1_000_000
    """The longest text of a job takes at most 400,000 bytes."""
    total_bytes: int = 2 << 30
    """Also the limit of the upload form; documented in docs/limits.md."""


def read_lines(chunks: Iterable[bytes], limits: ManifestLimits) -> Iterator[ManifestLine]:
    """Yield lines terminated by LF, CR LF or CR.

    Raise InvalidManifest if the data is over `limits.total_bytes`, compressed, or in UTF-16 or UTF-32.
    """
    number, rest, too_long = 0, b"", False
    for block in _text(_blocks(chunks), limits.total_bytes):
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


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces of about BLOCK."""
    held = bytearray()
    for chunk in chunks:
        for at in range(0, len(chunk), BLOCK):
            held += chunk[at : at + BLOCK]
            if len(held) >= BLOCK:
                yield bytes(held)
                held.clear()
    yield bytes(held)


def _text(blocks: Iterator[bytes], most: int) -> Iterator[bytes]:
    """Yield the blocks without a byte order mark; raise InvalidManifest over `most` bytes or for other encodings."""
    size = 0
    for block in blocks:
        if not size and (kind := next((kind for magic, kind in _COMPRESSED.items() if block.startswith(magic)), None)):
            raise InvalidManifest(
                f"The manifest is compressed: {kind} is not supported. Send plain CSV or JSONL.",
                code="manifest_compressed",
            )
        if not size and (block.startswith(_UTF16_AND_32) or b"\0" in block[:_LONGEST_ENCODED]):
            raise InvalidManifest(
                "The manifest is in UTF-16 or UTF-32. Save it as UTF-8: in a spreadsheet, as 'CSV UTF-8'.",
                code="manifest_encoding",
            )
        if size + len(block) > most:
            raise InvalidManifest(
                f"The manifest is over {most} bytes. Split it into several batches.", code="manifest_too_large"
            )
        yield block if size else block.removeprefix(codecs.BOM_UTF8)
        size += len(block)


def read_records(lines: Iterable[ManifestLine], limits: ManifestLimits) -> Iterator[Record | RowError]:
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


def _with_quotes(number: int, line: bytes, source: _Lines, limits: ManifestLimits) -> Record | RowError:
    """Read a record with quotes, which may span lines.

    Each line is read at most twice, because a line that was pushed back cannot start another multi-line record: within
    quotes, a line that continues the record has an even number of quotes, while a line that opens a field has an odd
    number.
    """
    parts, size, consumed, current = [line], len(line), list[ManifestLine](), line
    while _IS_OPEN.fullmatch(current):
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
    if _IS_WHOLE.fullmatch(current):
        return _record(number, b"".join(parts))
    source.give_back(consumed)
    message = 'A quote is misplaced. Quote the whole field and double each quote within it: "say ""hi""".'
    return RowError(line=number, code="stray_quote", message=message)


def _record(number: int, data: bytes) -> Record | RowError:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return not_utf8(number)
    if "\0" in text:
        return RowError(line=number, code="invalid_text", message="The row contains a NUL character. Remove it.")
    if '"' not in text:
        return number, text.split(",")
    cells = _CELL.findall(text.rstrip("\r\n"))
    return number, [quoted.replace('""', '"') if quoted else plain for quoted, plain in cells]


def too_large(number: int, limits: ManifestLimits) -> RowError:
    """Return the error of a row over the size limit."""
    return RowError(line=number, code="row_too_large", message=f"The row is over {limits.row_bytes} bytes. Shorten it.")


def not_utf8(number: int) -> RowError:
    """Return the error of a row that is not UTF-8."""
    return RowError(line=number, code="invalid_utf8", message="The row is not UTF-8. Save the manifest as UTF-8.")


def read_objects(lines: Iterable[ManifestLine], limits: ManifestLimits) -> Iterator[Object | RowError]:
    """Yield each object, or a RowError for an invalid line. Blank lines are skipped; null becomes ""."""
    for number, line in lines:
        if line is None:
            yield too_large(number, limits)
        elif line.strip():
            yield _object(number, line)


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
        if isinstance(value, dict):
            return number, value
        message = "The row is JSON but not an object. Write it as {...}."
    return RowError(line=number, code=code, message=message)


def _values(pairs: list[tuple[str, Any]]) -> dict[str, str]:
    values = {column(name): "" if value is None else value for name, value in pairs}
    if len(values) != len(pairs):
        raise InvalidRequest("The row contains the same key twice, ignoring case and spaces.", code="invalid_json")
    if not all(isinstance(value, str) for value in values.values()):
        raise InvalidRequest(
            "The row contains a value that is neither a string nor a number. Write it as a string.",
            code="invalid_value",
        )
    return values


_DECODER = json.JSONDecoder(object_pairs_hook=_values, parse_int=str, parse_float=str, parse_constant=reject_constant)
