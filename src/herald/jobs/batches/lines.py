"""The lines of a manifest, out of blocks of bytes of any size. Holds one line, and none that is over the limit."""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from herald.errors import InvalidManifest

BLOCK = 1 << 18
"""Bytes that are looked at together: enough for speed, little beside the rest."""
_UTF16_AND_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
"""UTF-32 in little endian begins as UTF-16 does."""
_LONGEST_ENCODED = 4
_COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip, as a spreadsheet's own file is,",
    b"PK\x05\x06": "zip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\xfd7zXZ\x00": "xz",
}
"""How files begin that are no text, by their formats' specifications."""

type Line = tuple[int, bytes | None]
"""Its number, from 1, and the line with its end; None where it is too long."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a manifest may be like."""

    rows: int = 1_000_000
    row_bytes: int = 1_000_000
    """The longest text of a job takes 400,000 at most."""
    total_bytes: int = 2 << 30
    """Uploads end at this size, and docs/limits.md tells it."""


def read_lines(chunks: Iterable[bytes], limits: Limits) -> Iterator[Line]:
    """Each line, whether it ends in LF, CR LF or CR; InvalidManifest for what is no text in UTF-8 at all."""
    number, rest, too_long = 0, b"", False
    for block in _text(_blocks(chunks), limits.total_bytes):
        whole, rest = _cut(rest + block)
        for line in whole:
            number += 1
            yield number, None if too_long or len(line) > limits.row_bytes else line
            too_long = False
        if len(rest) > limits.row_bytes:
            too_long, rest = True, rest[-1:]  # a CR there may be half of a line's end
    if rest:
        yield number + 1, None if too_long else rest


def _cut(data: bytes) -> tuple[list[bytes], bytes]:
    """The lines that are whole, and the rest: a CR at the end is not whole before the next byte is known."""
    lines = data.splitlines(keepends=True)
    rest = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
    return lines, rest


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of about BLOCK."""
    held = bytearray()
    for chunk in chunks:
        for at in range(0, len(chunk), BLOCK):
            held += chunk[at : at + BLOCK]
            if len(held) >= BLOCK:
                yield bytes(held)
                held.clear()
    yield bytes(held)


def _text(blocks: Iterator[bytes], most: int) -> Iterator[bytes]:
    """The blocks without a byte order mark, if they look like UTF-8 and are not more than `most` bytes."""
    size = 0
    for block in blocks:
        if not size:
            _check_start(block)
        if size + len(block) > most:
            raise InvalidManifest(f"The manifest is over {most} bytes. Send it in parts.", code="manifest_too_large")
        yield block if size else block.removeprefix(codecs.BOM_UTF8)
        size += len(block)


def _check_start(start: bytes) -> None:
    if kind := next((kind for magic, kind in _COMPRESSED.items() if start.startswith(magic)), None):
        raise InvalidManifest(
            f"The manifest is compressed: {kind} is not read. Send plain CSV or JSONL.", code="manifest_compressed"
        )
    if start.startswith(_UTF16_AND_32) or b"\0" in start[:_LONGEST_ENCODED]:
        raise InvalidManifest(
            "The manifest is in UTF-16 or UTF-32. Save it as UTF-8: in a spreadsheet, as 'CSV UTF-8'.",
            code="manifest_encoding",
        )
