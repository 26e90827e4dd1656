"""Split a byte stream of any block size into lines. Holds at most one line, never more than the limit."""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from herald.errors import InvalidManifest

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

type Line = tuple[int, bytes | None]
"""Line number, from 1, and the line with its terminator; None if the line is too long."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of a manifest."""

    rows: int = 1_000_000
    row_bytes: int = 1_000_000
    """The longest text of a job takes at most 400,000 bytes."""
    total_bytes: int = 2 << 30
    """Also the limit of the upload form; documented in docs/limits.md."""


def read_lines(chunks: Iterable[bytes], limits: Limits) -> Iterator[Line]:
    """Yield lines terminated by LF, CR LF or CR.

    Raise InvalidManifest if the data is over `limits.total_bytes`, compressed, or in UTF-16 or UTF-32.
    """
    number, rest, too_long = 0, b"", False
    for block in _text(_blocks(chunks), limits.total_bytes):
        whole, rest = _cut(rest + block)
        for line in whole:
            number += 1
            yield number, None if too_long or len(line) > limits.row_bytes else line
            too_long = False
        if len(rest) > limits.row_bytes:
            too_long, rest = True, rest[-1:]  # keep a final CR, which may be half of a CR LF
    if rest:
        yield number + 1, None if too_long else rest


def _cut(data: bytes) -> tuple[list[bytes], bytes]:
    """Split into complete lines and the rest. A line with a final CR is incomplete: an LF may follow."""
    lines = data.splitlines(keepends=True)
    rest = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
    return lines, rest


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
        if not size:
            _check_start(block)
        if size + len(block) > most:
            raise InvalidManifest(
                f"The manifest is over {most} bytes. Split it into several batches.", code="manifest_too_large"
            )
        yield block if size else block.removeprefix(codecs.BOM_UTF8)
        size += len(block)


def _check_start(start: bytes) -> None:
    if kind := next((kind for magic, kind in _COMPRESSED.items() if start.startswith(magic)), None):
        raise InvalidManifest(
            f"The manifest is compressed: {kind} is not supported. Send plain CSV or JSONL.", code="manifest_compressed"
        )
    if start.startswith(_UTF16_AND_32) or b"\0" in start[:_LONGEST_ENCODED]:
        raise InvalidManifest(
            "The manifest is in UTF-16 or UTF-32. Save it as UTF-8: in a spreadsheet, as 'CSV UTF-8'.",
            code="manifest_encoding",
        )
