"""Samples in, the bytes of an audio file out."""

import io
import zlib
from collections.abc import Iterator
from struct import pack, pack_into

import numpy as np
import soundfile
import soxr

from herald.speech.formats import find_format
from herald.speech.model import Floats
from herald.speech.voice import AudioChunk


def encode(audio: AudioChunk, format: str, *, sample_rate: int | None = None) -> bytes:  # noqa: A002  OpenAI's word
    """Write mono audio as a file: wav, mp3, opus (in Ogg), flac, pcm (s16le), ulaw, alaw, wav_ulaw or wav_alaw.

    The same audio gives the same bytes. UnsupportedFormat and UnsupportedSampleRate for what is not made here.
    """
    made = find_format(format)
    rate = made.rate_for(sample_rate, audio.sample_rate)
    file = io.BytesIO()
    soundfile.write(
        file,
        _resampled(audio, rate),
        rate,
        format=made.container,
        subtype=made.coding,
        endian="LITTLE" if made.coding == "PCM_16" and made.container == "RAW" else "FILE",
    )
    return _with_fixed_serial(file.getvalue()) if made.container == "OGG" else file.getvalue()


def _resampled(audio: AudioChunk, rate: int) -> Floats:
    if rate == audio.sample_rate:
        return audio.samples
    resampled: Floats = soxr.resample(audio.samples, audio.sample_rate, rate)
    return np.clip(resampled, -1, 1)


# libsndfile numbers each Ogg stream at random (RFC 3533, section 6, field 4). Equal audio is to be equal bytes, so the
# number is replaced in each page, and with it the page's checksum.

_SERIAL = 0x48455241
_SERIAL_AT, _CHECKSUM_AT, _SEGMENTS_AT = 14, 22, 26
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def _with_fixed_serial(ogg: bytes) -> bytes:
    pages = []
    for start, end in _pages(ogg):
        page = bytearray(ogg[start:end])
        pack_into("<I", page, _SERIAL_AT, _SERIAL)
        pack_into("<I", page, _CHECKSUM_AT, 0)
        pack_into("<I", page, _CHECKSUM_AT, _ogg_checksum(bytes(page)))
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


def _ogg_checksum(page: bytes) -> int:
    """CRC-32 of an Ogg page (RFC 3533, section 6, field 6): zlib's polynomial, bits the other way, no inversion."""
    mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(pack("<I", mirrored).translate(_MIRRORED), "big")
