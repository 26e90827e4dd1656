"""Encode sentences that can be joined as Opus (RFC 6716), and write them as Ogg streams (RFC 3533, RFC 7845).

A decoder keeps state between packets, such as the energy of each band. The encoder of a sentence must start in the same
state as the decoder: after packets of digital silence. These are encoded before each sentence, removed from its
packets, and inserted before it when it is joined to another one or to the beginning of the file.
"""

import zlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from struct import pack

import numpy as np

from herald.speech.audio.codings import frames_of
from herald.speech.audio.formats import SYNTHETIC
from herald.speech.audio.sndfile import LiveFile
from herald.speech.model import Floats

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
"""The pages of the first second have 0.1 s each, so that a stream starts early. Each page adds at least 28 bytes."""


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
    """Writes packets of 20 ms as pages. The last page is held until `close`, because it states where the audio ends."""

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
        complete = []
        for packet in packets:
            segments = len(packet) // 255 + 1
            most = _PACKETS_EARLY if self._pages - 2 < _EARLY_PAGES else _PACKETS_LATER
            if len(self._held) == most or self._segments + segments > _MOST_SEGMENTS:
                complete.append(self._next_page())
            self._held.append(packet)
            self._segments += segments
        return b"".join(complete)

    def close(self, samples: int) -> bytes:
        """Return the last page of a stream with `samples` at the encoder's rate."""
        end = self._pre_skip + samples * 48_000 // self._rate
        return self._next_page(granule=end, kind=_LAST)

    def _next_page(self, *, granule: int | None = None, kind: int = 0) -> bytes:
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


PACKETS_PER_SECOND = 50
PRE_SKIP = 312
"""Delay of the encoder in samples at 48 kHz, as libsndfile writes it into its files."""
_SILENCE = 2
"""Packets of silence that separate sentences."""
_HEADERS = 2
"""Packets before those with audio: OpusHead and OpusTags (RFC 7845)."""


class OpusCoding:
    """Opus at one sample rate."""

    gap = preroll = _SILENCE

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.frame = rate // PACKETS_PER_SECOND
        self.lag = PRE_SKIP * rate // 48_000

    def encoder(self) -> "OpusEncoder":
        """Return an encoder for one sentence."""
        return OpusEncoder(self)

    def silence(self, frames: int) -> bytes:
        """Return packets of digital silence."""
        return self._silent_packet * frames

    @cached_property
    def _silent_packet(self) -> bytes:
        encoder = _Packets(self.rate)
        encoder.write(np.zeros(_SILENCE * self.frame, np.float32))
        first, second, *_ = encoder.close()
        if first != second:
            raise AssertionError("The encoder's packets of silence differ.")
        return _with_length(first)


class OpusEncoder:
    """Encodes one sentence."""

    def __init__(self, coding: OpusCoding) -> None:
        self._coding = coding
        self._packets = _Packets(coding.rate)
        self._samples = 0
        self._count = -_SILENCE
        self._packets.write(np.zeros(_SILENCE * coding.frame, np.float32))

    def write(self, samples: Floats) -> bytes:
        """Add samples; return the packets that are complete."""
        self._samples += len(samples)
        return self._drop_silence(self._packets.write(samples))

    def close(self) -> bytes:
        """Return the remaining packets, so that all samples are contained."""
        wanted = frames_of(self._coding, self._samples)
        more = self._packets.write(np.zeros(2 * self._coding.frame, np.float32)) + self._packets.close()
        return self._drop_silence(more[: wanted - self._count])

    def _drop_silence(self, packets: list[bytes]) -> bytes:
        """Return packets with their lengths, without the silence at the start."""
        dropped = min(len(packets), max(0, -self._count))
        self._count += len(packets)
        return b"".join(map(_with_length, packets[dropped:]))


class _Packets:
    """The packets of libsndfile's Ogg Opus files."""

    def __init__(self, rate: int) -> None:
        self._file = LiveFile("OGG", "OPUS", rate)
        self._headers = _HEADERS
        self._partial = b""

    def write(self, samples: Floats) -> list[bytes]:
        return self._parse(self._file.write(samples))

    def close(self) -> list[bytes]:
        return self._parse(self._file.close())

    def _parse(self, ogg: bytes) -> list[bytes]:
        packets = []
        for page in pages(ogg):
            at = 27 + page[26]
            for size in page[27:at]:  # a packet ends with the first size below 255: RFC 3533, section 5
                self._partial += page[at : at + size]
                at += size
                if size < 255:  # noqa: PLR2004
                    packets.append(self._partial)
                    self._partial = b""
        headers = min(self._headers, len(packets))
        self._headers -= headers
        return packets[headers:]


def _with_length(packet: bytes) -> bytes:
    return len(packet).to_bytes(2) + packet


def split_packets(data: bytes) -> Iterator[bytes]:
    """Yield the packets in encoded data."""
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 2])
        yield data[at + 2 : at + 2 + size]
        at += 2 + size
