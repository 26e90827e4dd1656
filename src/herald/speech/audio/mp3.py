"""Encode sentences that can be joined as MP3 (ISO/IEC 11172-3 and 13818-3).

Each sentence has its own encoder, so no frame refers to the bits of another sentence, and frames can be joined
unchanged. The bit rate is constant: without a length in the header, players compute it from the first
frames, and libmpg123 stops at that length.
"""

from functools import cached_property

import lameenc
import numpy as np

from herald.speech.audio.codings import frames_of
from herald.speech.model import Floats

_BIT_RATES = ((32_000, 96), (16_000, 48), (0, 32))
"""Minimum sample rate in Hz, and kbit/s."""
_QUALITY = 7
"""LAME's -q. For speech, its signal-to-noise ratio is at least that of -q 3, in half the time."""
_DELAY = 576
"""Samples of encoder delay in LAME (ENCDELAY in its encoder.h)."""
_DECODER_DELAY = 529
"""Delay of every decoder in samples: LAME's "Mp3 Info Tag revision 1"."""
_KBPS = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""kbit/s by the index in the header, with MPEG-1 and without: 11172-3 and 13818-3, section 2.4.2.3, layer III."""
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""Hz by the version in the header: MPEG-1, MPEG-2, MPEG-2.5."""
_MPEG_1 = 3
_LONGEST_PADDING = 0xFFF
_TAG_SIZE = 156
"""Bytes of an Info tag with all of its fields."""
_MAX_CHUNK = 1 << 20


class Mp3Coding:
    """MP3 at one sample rate."""

    gap = preroll = 0
    lag = _DELAY + _DECODER_DELAY

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._kbps = next(kbps for least, kbps in _BIT_RATES if rate >= least)
        self._version = next(version for version, rates in _RATES.items() if rate in rates)
        self.frame = 1_152 if self._version == _MPEG_1 else 576

    def encoder(self) -> "Mp3Encoder":
        """Return an encoder for one sentence."""
        return Mp3Encoder(self)

    def lame(self) -> lameenc.Encoder:
        """Return a new encoder of LAME."""
        lame = lameenc.Encoder()
        lame.silence()
        lame.set_channels(1)
        lame.set_in_sample_rate(self._rate)
        lame.set_out_sample_rate(self._rate)
        lame.set_bit_rate(self._kbps)
        lame.set_quality(_QUALITY)
        return lame

    def count(self, frames: bytes) -> int:
        """Return the number of frames of this coding."""
        size, padded = divmod((144 if self._version == _MPEG_1 else 72) * self._kbps * 1_000, self._rate)
        return count_frames(frames) if padded else len(frames) // size

    def silence(self, frames: int) -> bytes:
        """Return frames without audio data: their side information is zero."""
        return self._zeros(self._kbps) * frames

    def _zeros(self, kbps: int) -> bytes:
        """Return a frame of zeros after the header for mono without a checksum."""
        index = _KBPS[self._version == _MPEG_1].index(kbps)
        rate = _RATES[self._version].index(self._rate)
        # sync, version, layer III, no CRC; bit rate, sample rate; mono, original: as LAME writes it
        head = bytes((0xFF, 0xE3 | self._version << 3, index << 4 | rate << 2, 0xC4))
        return head.ljust(frame_size(head), b"\0")

    @cached_property
    def _empty_info_frame(self) -> bytes:
        """The smallest frame with at least the usual bit rate that has room for an Info tag."""
        rates = [kbps for kbps in _KBPS[self._version == _MPEG_1] if kbps >= self._kbps]
        return next(frame for frame in map(self._zeros, rates) if len(frame) >= self._tag_at + _TAG_SIZE)

    @property
    def _tag_at(self) -> int:
        """The offset of the Info tag: after the header and the side information of a mono frame."""
        return 4 + (17 if self._version == _MPEG_1 else 9)

    def info(self, *, frames: int = 0, size: int = 0, samples: int = 0) -> bytes:
        """Return the frame with the Info tag. Without `frames`, it has the encoder's delay but no length.

        `frames` and `size` (bytes) are those of the file without this frame. The layout is that of LAME's "Mp3 Info Tag
        revision 1".
        """
        frame, at = bytearray(self._empty_info_frame), self._tag_at
        padding = min(_LONGEST_PADDING, frames * self.frame - _DELAY - samples) if frames else 0
        lengths = bytes(4)
        if frames:
            positions = bytes(256 * percent // 100 for percent in range(100))
            quality = (100 - 10 * _QUALITY).to_bytes(4)
            lengths = (0xF).to_bytes(4) + frames.to_bytes(4) + (size + len(frame)).to_bytes(4) + positions + quality
        tag = b"Info" + lengths + b"LAME3.100"
        tag += bytes((1,)) + bytes(10)  # constant bit rate; low pass, peak and gains unknown
        tag += bytes((self._kbps,)) + (_DELAY << 12 | padding).to_bytes(3) + bytes(4)
        tag += (size + len(frame) if frames else 0).to_bytes(4) + bytes(2)
        frame[at : at + len(tag)] = tag
        if frames:
            end = at + len(tag)
            crc = 0  # CRC-16, polynomial 0x8005, reflected
            for byte in frame[:end]:
                crc ^= byte
                for _ in range(8):
                    crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
            frame[end : end + 2] = crc.to_bytes(2)
        return bytes(frame)


class Mp3Encoder:
    """Encodes one sentence."""

    def __init__(self, coding: Mp3Coding) -> None:
        self._coding = coding
        self._lame = coding.lame()
        self._samples = 0
        self._frames = 0
        self._partial = b""

    def write(self, samples: Floats) -> bytes:
        """Add samples; return complete frames."""
        self._samples += len(samples)
        return self._encode(samples)

    def close(self) -> bytes:
        """Return the remaining frames, so that all samples are contained."""
        wanted = frames_of(self._coding, self._samples)
        tail = self._encode(np.zeros(2 * self._coding.frame, np.float32))
        tail += self._complete(bytes(self._lame.flush()))
        end, missing = 0, wanted - (self._frames - count_frames(tail))
        for _ in range(missing):
            end += frame_size(tail[end : end + 4])
        return tail[:end]

    def _encode(self, samples: Floats) -> bytes:
        pcm = np.rint(samples * np.float32(0x7FFF)).astype("<i2")
        encoded = b""
        for start in range(0, len(pcm), _MAX_CHUNK):
            encoded += bytes(self._lame.encode(pcm[start : start + _MAX_CHUNK].tobytes()))
        return self._complete(encoded)

    def _complete(self, more: bytes) -> bytes:
        """Return the complete frames in LAME's output so far."""
        data, end = self._partial + more, 0
        while end + 4 <= len(data) and (size := frame_size(data[end : end + 4])) <= len(data) - end:
            end += size
            self._frames += 1
        self._partial = data[end:]
        return data[:end]


def frame_size(head: bytes) -> int:
    """Return the size in bytes of the frame with a header of layer III."""
    version = head[1] >> 3 & 3
    kbps = _KBPS[version == _MPEG_1][head[2] >> 4]
    rate = _RATES[version][head[2] >> 2 & 3]
    return (144 if version == _MPEG_1 else 72) * kbps * 1_000 // rate + (head[2] >> 1 & 1)


def count_frames(data: bytes) -> int:
    """Return the number of frames in encoded data."""
    at = count = 0
    while at < len(data):
        at += frame_size(data[at : at + 4])
        count += 1
    return count
