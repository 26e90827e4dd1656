"""libsndfile: encode files as a stream, and read the comment of a file, which states that the speech is synthetic.

libsndfile completes a header at the end, with a seek.
"""

import io
from collections.abc import Buffer
from typing import Any

import soundfile


class LiveFile:
    """A mono FLAC or Ogg Opus file that returns its bytes as they are encoded, and does not retain them."""

    def __init__(
        self,
        container: str,
        coding: str,
        rate: int,
        *,
        comment: str = "",
        **settings: Any,  # noqa: ANN401  soundfile's
    ) -> None:
        self._buffer = _WriteBuffer()
        self._sound = soundfile.SoundFile(
            self._buffer, "w", samplerate=rate, channels=1, format=container, subtype=coding, **settings
        )
        if comment:
            self._sound.comment = comment
        if container == "OGG":
            latency = soundfile._ffi.new("double *", _PAGE_MS)
            soundfile._snd.sf_command(self._sound._file, _SET_OGG_PAGE_LATENCY_MS, latency, 8)

    def write(self, samples: Any) -> bytes:  # noqa: ANN401  float32 or int16
        """Write samples and return the bytes encoded so far. Raise RuntimeError after `close`."""
        self._sound.write(samples)
        return self._buffer.take()

    def close(self) -> bytes:
        """Return the bytes that the encoder still buffered."""
        self._sound.close()
        return self._buffer.take()

    def finalize(self, file: bytes) -> bytes:
        """Return the file with the header that libFLAC rewrote in `close`."""
        finalized = bytearray(file)
        for at, data in self._buffer.changes:
            finalized[at : at + len(data)] = data
        return bytes(finalized)


class _WriteBuffer(io.RawIOBase):
    """File object for libsndfile: buffers new bytes until `take`, and records changes to earlier ones."""

    def __init__(self) -> None:
        self._new = bytearray()
        self._position = self._end = 0
        self.changes: list[tuple[int, bytes]] = []
        """Position and bytes of each change: the lengths and the checksum in the header."""

    def take(self) -> bytes:
        taken = bytes(self._new)
        self._new.clear()
        return taken

    def write(self, data: Buffer, /) -> int:
        size = memoryview(data).nbytes
        if self._position == self._end:
            self._new += data
            self._end += size
        else:
            self.changes.append((self._position, bytes(data)))
        self._position += size
        return size

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._position = offset + (0, self._position, self._end)[whence]
        return self._position

    def tell(self) -> int:
        return self._position


_SET_OGG_PAGE_LATENCY_MS = 0x1302
"""SFC_SET_OGG_PAGE_LATENCY_MS of libsndfile's sndfile.h; soundfile does not define it."""
_PAGE_MS = 20.0
"""Duration of a page: one packet. libsndfile's default of a second would delay the packets."""


_VORBIS_COMMENT, _LAST = 4, 0x80
"""Type of a metadata block, and the flag of the last one: RFC 9639, section 8.1."""
_COMMENT = "COMMENT="


def read_comment(file: bytes) -> str | None:
    """Return the comment of a WAV, FLAC, MP3 or Ogg file, or None if it has none or cannot be read."""
    if file.startswith(b"fLaC"):
        return _flac_comment(file)
    try:
        with soundfile.SoundFile(io.BytesIO(file)) as sound:
            return sound.comment or None
    except (soundfile.LibsndfileError, RuntimeError, UnicodeDecodeError):
        return None


def _flac_comment(file: bytes) -> str | None:
    """Return the comment of a FLAC file. libsndfile cannot read files of unknown length, such as streams."""
    at, kind = 4, 0
    while at + 4 <= len(file) and not kind & _LAST:
        kind, size = file[at], int.from_bytes(file[at + 1 : at + 4])
        if kind & ~_LAST == _VORBIS_COMMENT:
            return _vorbis_comment(io.BytesIO(file[at + 4 : at + 4 + size]))
        at += 4 + size
    return None


def _vorbis_comment(block: io.BytesIO) -> str | None:
    """Return the field COMMENT of a block: the vendor, the number of fields, and the fields, each with its length."""

    def number() -> int:
        return int.from_bytes(block.read(4), "little")

    block.read(number())
    for _ in range(number()):
        field = block.read(number()).decode(errors="replace")
        if not field:
            return None
        if field.upper().startswith(_COMMENT):
            return field[len(_COMMENT) :]
    return None
