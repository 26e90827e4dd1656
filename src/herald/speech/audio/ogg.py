"""Ogg pages (RFC 3533) and Ogg Opus streams (RFC 7845)."""

import zlib
from collections.abc import Iterable, Iterator
from struct import pack

from herald.speech.audio.formats import SYNTHETIC

_SERIAL = 0x48455241
"""The serial number of every stream, so that the same audio gives the same bytes."""
_SEGMENTS_AT = 26
"""Byte offset of the number of segments in a page header: RFC 3533, section 6."""
_MOST_SEGMENTS = 255
_FIRST, _LAST = 2, 4
"""Header types: the first and the last page of a stream."""
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))

_PACKET = 960
"""Samples of a packet of 20 ms at 48 kHz, the unit of granule positions."""
_EARLY_PAGES, _PACKETS_EARLY, _PACKETS_LATER = 10, 5, 50
"""The pages of the first second have 0.1 s each, so that a stream begins early; each page costs at least 28 bytes."""


def pages(ogg: bytes) -> Iterator[bytes]:
    """Yield the complete pages of a stream."""
    start = 0
    while start < len(ogg):
        segments = ogg[start + _SEGMENTS_AT]
        header = start + _SEGMENTS_AT + 1 + segments
        end = header + sum(ogg[start + _SEGMENTS_AT + 1 : header])
        yield ogg[start:end]
        start = end


class OpusPages:
    """Writes packets of 20 ms as pages. The last page is held back: only `close` knows where the audio ends."""

    def __init__(self, *, rate: int, pre_skip: int) -> None:
        """`rate` is that of the encoder's input, in Hz; `pre_skip` is in samples at 48 kHz."""
        self._rate = rate
        self._pre_skip = pre_skip
        self._pages = 0
        self._written = 0
        self._held: list[bytes] = []
        self._segments = 0

    def head(self) -> bytes:
        """Return the pages before the audio."""
        identification = b"OpusHead" + pack("<BBHIhB", 1, 1, self._pre_skip, self._rate, 0, 0)
        vendor, comment = b"Herald", f"COMMENT={SYNTHETIC}".encode()
        tags = b"OpusTags" + pack("<I", len(vendor)) + vendor + pack("<II", 1, len(comment)) + comment
        return self._page([identification], granule=0, kind=_FIRST) + self._page([tags], granule=0)

    def body(self, packets: Iterable[bytes]) -> bytes:
        """Add packets; return the pages that are complete."""
        made = []
        for packet in packets:
            segments = len(packet) // 255 + 1
            most = _PACKETS_EARLY if self._pages - 2 < _EARLY_PAGES else _PACKETS_LATER
            if len(self._held) == most or self._segments + segments > _MOST_SEGMENTS:
                made.append(self._next())
            self._held.append(packet)
            self._segments += segments
        return b"".join(made)

    def close(self, samples: int) -> bytes:
        """Return the last page of a stream with `samples` at the encoder's rate."""
        end = self._pre_skip + samples * 48_000 // self._rate
        return self._next(granule=end, kind=_LAST)

    def _next(self, *, granule: int | None = None, kind: int = 0) -> bytes:
        self._written += len(self._held)
        page = self._page(self._held, granule=self._written * _PACKET if granule is None else granule, kind=kind)
        self._held, self._segments = [], 0
        return page

    def _page(self, packets: list[bytes], *, granule: int, kind: int = 0) -> bytes:
        sizes = b"".join(b"\xff" * (len(packet) // 255) + bytes((len(packet) % 255,)) for packet in packets)
        head = pack("<4sBBqII", b"OggS", 0, kind, granule, _SERIAL, self._pages)
        body = bytes((len(sizes),)) + sizes + b"".join(packets)
        self._pages += 1
        # CRC-32 (RFC 3533, section 6, field 6): zlib's polynomial, not reflected or inverted.
        mirrored = zlib.crc32((head + bytes(4) + body).translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
        return head + pack("<I", mirrored).translate(_MIRRORED)[::-1] + body
