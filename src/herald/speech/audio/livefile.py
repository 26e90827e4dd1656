"""Audio files that are sent while they are written, so that headers cannot be completed with the length afterwards."""

import io
from collections.abc import Buffer
from struct import pack
from typing import Any

import soundfile

from herald.speech.audio.encoding import open_sound
from herald.speech.audio.formats import AudioFormat
from herald.speech.audio.ogg import with_fixed_serial
from herald.speech.model import Floats


class LiveFile:
    """A mono audio file that returns its bytes as they are encoded, and does not retain them."""

    def __init__(self, made: AudioFormat, rate: int) -> None:
        self._container = made.container
        self._outbox = _Outbox(_wav_header(made.coding, rate) if made.container == "WAV" else b"")
        self._sound = _open(self._outbox, made, rate)
        self._begun = False

    @property
    def closed(self) -> bool:
        """Whether the file is closed for writing."""
        return bool(self._sound.closed)

    def write(self, samples: Floats) -> bytes:
        """Write float32 samples in [-1, 1] and return the bytes encoded so far. Raise RuntimeError after `close`."""
        self._sound.write(samples)
        return self._take()

    def close(self) -> bytes:
        """Return the bytes that the encoder still buffered."""
        self._sound.close()
        return self._take()

    def _take(self) -> bytes:
        data = self._outbox.take()
        begins = bool(data) and not self._begun
        self._begun = self._begun or begins
        if self._container == "MP3" and begins:
            return _with_delay(data)
        return with_fixed_serial(data) if self._container == "OGG" else data


class _Outbox(io.RawIOBase):
    """File object for libsndfile: buffers new bytes until `take`, and ignores overwrites.

    libsndfile seeks back to complete the header when it closes a FLAC or MP3 file; that part has already been sent.
    """

    def __init__(self, head: bytes) -> None:
        self._new = bytearray(head)
        self._position = self._end = 0

    def take(self) -> bytes:
        taken = bytes(self._new)
        self._new.clear()
        return taken

    def write(self, data: Buffer, /) -> int:
        size = memoryview(data).nbytes
        if self._position == self._end:
            self._new += data
            self._end += size
        self._position += size
        return size

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._position = offset + (0, self._position, self._end)[whence]
        return self._position

    def tell(self) -> int:
        return self._position


def _open(outbox: _Outbox, made: AudioFormat, rate: int) -> soundfile.SoundFile:
    container = "RAW" if made.container == "WAV" else made.container
    sound = open_sound(outbox, rate, container, made.coding, **_settings(container, rate))
    if container == "OGG":
        _set_page_latency(sound)
    return sound


def _settings(container: str, rate: int) -> dict[str, Any]:
    match container:
        case "FLAC" if rate < _FLAC_SLOW:
            return {"compression_level": _FLAC_SHORT_FRAMES}
        case "MP3":
            return {"compression_level": _mp3_level(rate), "bitrate_mode": "CONSTANT"}
    return {}


_FLAC_SLOW = 32_000
"""Sample rate in Hz below which the default FLAC frame of 4096 samples lasts more than 0.13 s; 0.5 s at 8 kHz."""
_FLAC_SHORT_FRAMES = 0.25
"""libFLAC's level 2, the highest level with frames of 1152 samples (FLAC__stream_encoder_set_compression_level)."""


_MP3_BIT_RATES = ((32_000, 320, 32, 96), (16_000, 160, 8, 64), (0, 64, 8, 32))
"""Minimum sample rate in Hz; highest, lowest and chosen bit rate in kbit/s.

From MPEG-1 (ISO/IEC 11172-3), MPEG-2 (ISO/IEC 13818-3) and MPEG-2.5. The bit rate is constant: without a length in the
header, players compute it from the first frames, and libmpg123 stops at that length.
"""


def _mp3_level(rate: int) -> float:
    """Return the compression level that libsndfile (mpeg_l3_encode.c) maps to the chosen bit rate."""
    highest, lowest, chosen = next(bit_rates for least, *bit_rates in _MP3_BIT_RATES if rate >= least)
    return (highest - chosen) / (highest - lowest)


_MP3_DELAY = 576
"""Samples of encoder delay in LAME (ENCDELAY in its encoder.h)."""


def _with_delay(mp3: bytes) -> bytes:
    """Write an Info tag with the encoder delay into LAME's empty first frame, so that players skip the delay.

    The delay is 21 bytes after the start of the encoder's name (LAME, Mp3 Info Tag revision 1). The flags are 0: the
    tag contains neither the number of frames nor of bytes.
    """
    side_info = 17 if mp3[1] & 0x08 else 9  # ISO/IEC 11172-3 and 13818-3, section 2.4.1.7: mono, MPEG-1 or MPEG-2
    at = 4 + side_info
    tag = b"Info" + bytes(4) + b"LAME".ljust(21, b"\0") + (_MP3_DELAY << 12).to_bytes(3)
    return mp3[:at] + tag + mp3[at + len(tag) :]


_SET_OGG_PAGE_LATENCY_MS = 0x1302
"""SFC_SET_OGG_PAGE_LATENCY_MS of libsndfile's sndfile.h; soundfile does not define it."""
_PAGE_MS = 100.0
"""Audio per Ogg page. libsndfile's default of a second delays playback; each page costs at least 28 bytes."""


def _set_page_latency(sound: soundfile.SoundFile) -> None:
    latency = soundfile._ffi.new("double *", _PAGE_MS)
    soundfile._snd.sf_command(sound._file, _SET_OGG_PAGE_LATENCY_MS, latency, 8)


_UNKNOWN = 0xFFFFFFFF
"""Length of a stream of unknown size, as ffmpeg writes it to outputs without seek."""
_WAVE_FORMATS = {"PCM_16": (1, 2), "ALAW": (6, 1), "ULAW": (7, 1)}
"""Format tag (RFC 2361, appendix A) and bytes per sample."""


def _wav_header(coding: str, rate: int) -> bytes:
    """Return the RIFF header of a mono file of unknown length; RFC 2361 requires a fact chunk unless it is PCM."""
    tag, width = _WAVE_FORMATS[coding]
    layout = pack("<HHIIHH", tag, 1, rate, rate * width, width, 8 * width)
    more = b"" if tag == 1 else b"fact" + pack("<II", 4, _UNKNOWN)
    layout += b"" if tag == 1 else pack("<H", 0)
    form = b"WAVE" + b"fmt " + pack("<I", len(layout)) + layout + more
    return b"RIFF" + pack("<I", _UNKNOWN) + form + b"data" + pack("<I", _UNKNOWN)
