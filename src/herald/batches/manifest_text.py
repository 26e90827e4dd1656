"""The bytes of a manifest as lines of UTF-8, whatever encoding a spreadsheet program chose."""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from herald.batches.manifest_form import ManifestForm
from herald.errors import InvalidManifest

BLOCK = 1 << 18
"""Bytes that are split at a time: large enough for speed, small against a function's memory."""
HEAD = 1 << 16
"""The encoding is decided by this many bytes, however they arrive."""
_FILES = {
    b"\x1f\x8b": "gzip, which is not supported. Send it uncompressed.",
    b"PK\x05\x06": "an empty zip archive. Send CSV, JSONL or .xlsx.",
    b"\x28\xb5\x2f\xfd": "zstd, which is not supported. Send it uncompressed.",
    b"\xfd7zXZ\x00": "xz, which is not supported. Send it uncompressed.",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls), or one with a password. Save it as .xlsx without one.",
}
"""Magic numbers of compressed formats, from their specifications."""
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""Byte order marks; the longer ones first, because little-endian UTF-32's begins with the UTF-16 one."""
_ENCODED = 4
"""Most bytes of a character in UTF-8, and all in UTF-32."""
_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BROKEN = re.compile(rb"[\xc0-\xff][\x80-\xbf]+")
"""A start byte of UTF-8 with bytes that may follow one: a damaged character rather than two of Windows-1252."""
_NOT_1252 = re.compile(rb"[\x00-\x08\x0e-\x1f\x81\x8d\x8f\x90\x9d]")
"""Control characters, and the five bytes that Windows-1252 does not define."""
_HIGH = re.compile(rb"[\x80-\xff]")


def blocks_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces of about BLOCK."""
    held = bytearray()
    for chunk in chunks:
        for at in range(0, len(chunk), BLOCK):
            held += chunk[at : at + BLOCK]
            if len(held) >= BLOCK:
                yield bytes(held)
                held.clear()
    yield bytes(held)


def with_head(blocks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first HEAD bytes, and all blocks, these included."""
    source, held = iter(blocks), list[bytes]()
    size = 0
    for block in source:
        held.append(block)
        size += len(block)
        if size >= HEAD:
            break
    return b"".join(held)[:HEAD], chain(held, source)


def text_of(head: bytes, blocks: Iterable[bytes], most: int, form: ManifestForm) -> Iterator[bytes]:
    """Yield the text in UTF-8, without a byte order mark, or in Windows-1252 if `form` says so.

    Raise InvalidManifest over `most` bytes, for compressed data, and for UTF-32 that is invalid or without a byte order
    mark.
    """
    if kind := next((kind for magic, kind in _FILES.items() if head.startswith(magic)), None):
        raise InvalidManifest(f"The manifest is {kind}", code="manifest_compressed")
    decoder, mark = None, codecs.BOM_UTF8
    if wide := _wide(head):
        encoding, mark = wide
        form.encoding = encoding[:6]
        # A lone surrogate stays invalid in UTF-8, so that its row is an error and not the whole manifest.
        decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    elif is_1252(head):
        form.encoding = "cp1252"
    size = 0
    for block in blocks:
        if size + len(block) > most:
            raise InvalidManifest(
                f"The manifest is over {most} bytes. Split it into several batches.", code="manifest_too_large"
            )
        # The mark is never split: a block has at least the bytes of the longest one, or is the last.
        plain = block if size else block.removeprefix(mark)
        size += len(block)
        yield _utf8(decoder, plain) if decoder else plain
    if decoder and decoder.getstate()[0]:
        yield b"\xff"  # half a character at the end makes its row an error


def _utf8(decoder: codecs.IncrementalDecoder, data: bytes) -> bytes:
    try:
        return decoder.decode(data).encode("utf-8", "surrogatepass")
    except UnicodeDecodeError:  # only for UTF-32: a number beyond the last code point of Unicode
        raise _unsupported() from None


def _wide(head: bytes) -> tuple[str, bytes] | None:
    """Return the encoding of UTF-16 or UTF-32, and its byte order mark; None for other text."""
    if found := next(((encoding, mark) for mark, encoding in _MARKS.items() if head.startswith(mark)), None):
        return found
    if b"\0" not in head[:_ENCODED]:
        return None
    # Without a mark: nearly every letter of a header is Latin, and has a zero byte.
    if head[:_ENCODED].count(0) <= _ENCODED // 2:
        for encoding, zeros in {"utf-16-le": head[1::2], "utf-16-be": head[::2]}.items():
            if zeros.count(0) > len(zeros) // 2:
                return encoding, b""
    raise _unsupported()


def _unsupported() -> InvalidManifest:
    return InvalidManifest(
        "The manifest is in UTF-32 or another encoding that is not supported. Save it as UTF-8: in a spreadsheet, as "
        "'CSV UTF-8'.",
        code="manifest_encoding",
    )


def is_1252(data: bytes) -> bool:
    """Return whether some text is Windows-1252: not UTF-8, not even in part, and not UTF-8 that was damaged."""
    if data.isascii() or _NOT_1252.search(data) or _CHARACTER.search(data):
        return False
    return _HIGH.search(_BROKEN.sub(b"", data)) is not None


def from_1252(line: bytes) -> bytes:
    """Return a line of Windows-1252 in UTF-8. Bytes that it does not define stay, and are invalid in UTF-8."""
    return line.decode("cp1252", "surrogateescape").encode("utf-8", "surrogateescape")
