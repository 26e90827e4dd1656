"""Opus (RFC 6716) of sentences that can be joined, as packets of 20 ms, each with its length.

A decoder keeps the energy of each band and more from packet to packet, so the encoder of a sentence must start in the
state in which the decoder will be: after packets of digital silence. They are encoded before each sentence, left out of
its packets, and put back where it is joined to another or to the beginning of the file.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from herald.speech.audio.codings import frames_of
from herald.speech.audio.livefile import LiveFile
from herald.speech.audio.ogg import pages
from herald.speech.model import Floats

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
        return self._silent * frames

    @cached_property
    def _silent(self) -> bytes:
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
        return self._counted(self._packets.write(samples))

    def close(self) -> bytes:
        """Return the rest: as many packets as contain all samples."""
        wanted = frames_of(self._coding, self._samples)
        more = self._packets.write(np.zeros(2 * self._coding.frame, np.float32)) + self._packets.close()
        return self._counted(more[: wanted - self._count])

    def _counted(self, packets: list[bytes]) -> bytes:
        """Return packets with their lengths, without the silence at the beginning."""
        left_out = min(len(packets), max(0, -self._count))
        self._count += len(packets)
        return b"".join(map(_with_length, packets[left_out:]))


class _Packets:
    """The packets of libsndfile's Ogg Opus files."""

    def __init__(self, rate: int) -> None:
        self._file = LiveFile("OGG", "OPUS", rate)
        self._headers = _HEADERS
        self._begun = b""

    def write(self, samples: Floats) -> list[bytes]:
        return self._of(self._file.write(samples))

    def close(self) -> list[bytes]:
        return self._of(self._file.close())

    def _of(self, ogg: bytes) -> list[bytes]:
        packets = []
        for page in pages(ogg):
            at = 27 + page[26]
            for size in page[27:at]:  # a packet ends with the first size below 255: RFC 3533, section 5
                self._begun += page[at : at + size]
                at += size
                if size < 255:  # noqa: PLR2004
                    packets.append(self._begun)
                    self._begun = b""
        headers = min(self._headers, len(packets))
        self._headers -= headers
        return packets[headers:]


def _with_length(packet: bytes) -> bytes:
    return len(packet).to_bytes(2) + packet


def split_packets(data: bytes) -> Iterator[bytes]:
    """Yield the packets of some data."""
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 2])
        yield data[at + 2 : at + 2 + size]
        at += 2 + size
