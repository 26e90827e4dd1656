"""Rewrite Ogg pages (RFC 3533) so that the same audio gives the same bytes."""

import zlib
from collections.abc import Iterator
from struct import pack, pack_into

_SERIAL = 0x48455241
_SERIAL_AT, _CHECKSUM_AT, _SEGMENTS_AT = 14, 22, 26
"""Byte offsets in a page header: RFC 3533, section 6."""
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def with_fixed_serial(ogg: bytes) -> bytes:
    """Set a fixed serial number in complete pages of one stream; libsndfile chooses it at random."""
    pages = []
    for start, end in _pages(ogg):
        page = bytearray(ogg[start:end])
        pack_into("<I", page, _SERIAL_AT, _SERIAL)
        pack_into("<I", page, _CHECKSUM_AT, 0)
        pack_into("<I", page, _CHECKSUM_AT, _checksum(bytes(page)))
        pages.append(bytes(page))
    return b"".join(pages)


def _pages(ogg: bytes) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(ogg):
        segments = ogg[start + _SEGMENTS_AT]
        header = _SEGMENTS_AT + 1 + segments
        end = start + header + sum(ogg[start + _SEGMENTS_AT + 1 : start + header])
        yield start, end
        start = end


def _checksum(page: bytes) -> int:
    """Return the CRC-32 of an Ogg page (RFC 3533, section 6, field 6): zlib's polynomial, not reflected or inverted."""
    mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(pack("<I", mirrored).translate(_MIRRORED), "big")
