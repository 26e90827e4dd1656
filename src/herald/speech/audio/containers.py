"""Write the containers of audio files as streams; `finalize` then fills in the lengths in the header."""

from functools import partial
from struct import pack
from typing import override

import numpy as np

from herald.speech.audio.codings import Coding, coding_of
from herald.speech.audio.formats import SYNTHETIC, AudioFormat


class Container:
    """A file that is written from frames. This one has no header."""

    def head(self) -> bytes:
        """Return the header, without lengths."""
        return b""

    def body(self, frames: bytes) -> bytes:
        """Add frames; return the part of the file that is complete."""
        return frames

    def close(self, samples: int) -> bytes:  # noqa: ARG002  used by other containers
        """Return the end of a file with that many samples."""
        return b""

    def finalize(self, file: bytes, samples: int) -> bytes:  # noqa: ARG002  used by other containers
        """Return the whole file with the lengths in its header. Call this after `close`."""
        return file


def container_of(audio_format: AudioFormat, rate: int) -> Container:
    """Return a new container of a format."""
    match audio_format.container:
        case "WAV":
            return Wav(audio_format.coding, rate)
        case "MP3":
            return Mp3(rate)
        case "FLAC":
            return Flac(rate)
        case "OGG":
            return OggOpus(coding_of(audio_format.coding, rate), rate)
    return Container()


_UNKNOWN = 0xFFFFFFFF
"""Length in the header of a stream of unknown size; ffmpeg writes the same to outputs without seek."""
_WAVE_FORMATS = {"PCM_16": (1, 2), "ALAW": (6, 1), "ULAW": (7, 1)}
"""Format tag (RFC 2361, appendix A) and bytes per sample."""


def _riff_chunk(name: bytes, content: bytes) -> bytes:
    """Return a RIFF chunk, padded to an even size."""
    return name + pack("<I", len(content)) + content + bytes(len(content) % 2)


_WAV_COMMENT = _riff_chunk(b"LIST", b"INFO" + _riff_chunk(b"ICMT", SYNTHETIC.encode() + b"\0"))
"""The comment, before the audio as in ffmpeg's files, and so in those of many speech services."""


class Wav(Container):
    """RIFF WAVE."""

    def __init__(self, coding: str, rate: int) -> None:
        self._head = partial(_wav_header, coding, rate)

    def head(self) -> bytes:
        """Return a header of unknown length."""
        return self._head(None)

    def finalize(self, file: bytes, samples: int) -> bytes:
        """Return the file with its length, padded to an even size as RIFF requires."""
        head = self._head(samples)
        return head + file[len(head) :] + bytes(len(file) % 2)


def _wav_header(coding: str, rate: int, samples: int | None) -> bytes:
    """Return the RIFF header of a mono file; RFC 2361 requires a fact chunk unless it is PCM."""
    tag, width = _WAVE_FORMATS[coding]
    layout = pack("<HHIIHH", tag, 1, rate, rate * width, width, 8 * width)
    layout += b"" if tag == 1 else pack("<H", 0)
    fact = b"" if tag == 1 else b"fact" + pack("<II", 4, samples or 0)  # ffmpeg would show another number as the length
    form = b"WAVE" + b"fmt " + pack("<I", len(layout)) + layout + fact + _WAV_COMMENT
    size = None if samples is None else samples * width
    whole = _UNKNOWN if size is None else len(form) + 8 + size + size % 2
    return b"RIFF" + pack("<I", whole) + form + b"data" + pack("<I", _UNKNOWN if size is None else size)


_ID3_COMMENT = b"\0eng\0" + SYNTHETIC.encode()
"""Latin-1, English, no description: ID3v2.3.0, section 4.11."""
_ID3_FRAME = b"COMM" + pack(">IH", len(_ID3_COMMENT), 0) + _ID3_COMMENT
_ID3 = b"ID3\3\0\0\0\0\0" + bytes((len(_ID3_FRAME),)) + _ID3_FRAME
"""A tag with a comment. Its size has seven bits in each byte, and fits into one."""


class Mp3(Container):
    """MP3 frames after a comment and a frame with an Info tag, which has the delay and the length for players."""

    def __init__(self, rate: int) -> None:
        from herald.speech.audio.mp3 import Mp3Coding  # noqa: PLC0415  the encoder of this format only

        self._coding = Mp3Coding(rate)

    def head(self) -> bytes:
        """Return the comment and the tag with the delay."""
        return _ID3 + self._coding.info()

    def finalize(self, file: bytes, samples: int) -> bytes:
        """Return the file with its length, and the number of samples that players skip at its end."""
        frames = file[len(self.head()) :]
        info = self._coding.info(frames=self._coding.count(frames), size=len(frames), samples=samples)
        return _ID3 + info + frames


_FLAC_SLOW = 32_000
"""Sample rate in Hz. Below, the default FLAC frame of 4096 samples lasts more than 0.13 s, and 0.5 s at 8 kHz."""
_FLAC_SHORT_FRAMES = 0.25
"""libFLAC's level 2, the highest level with frames of 1152 samples (FLAC__stream_encoder_set_compression_level)."""


class Flac(Container):
    """FLAC of PCM_16 frames. The file is encoded as a whole, which is cheaper than joining frames."""

    def __init__(self, rate: int) -> None:
        from herald.speech.audio.sndfile import LiveFile  # noqa: PLC0415  the encoder of this format only

        settings = {"compression_level": _FLAC_SHORT_FRAMES} if rate < _FLAC_SLOW else {}
        self._file = LiveFile("FLAC", "PCM_16", rate, comment=SYNTHETIC, **settings)

    def body(self, frames: bytes) -> bytes:
        """Encode samples; libFLAC writes the header with the first frame."""
        return self._file.write(np.frombuffer(frames, "<i2"))

    @override
    def close(self, samples: int) -> bytes:
        return self._file.close()

    @override
    def finalize(self, file: bytes, samples: int) -> bytes:
        return self._file.finalize(file)


class OggOpus(Container):
    """Ogg Opus. The position of the last page is the length, even in a stream."""

    def __init__(self, coding: Coding, rate: int) -> None:
        from herald.speech.audio.opus import OpusPages, split_packets  # noqa: PLC0415  this format only

        skipped = coding.preroll * coding.frame + coding.lag
        self._pages = OpusPages(rate=rate, pre_skip=skipped * 48_000 // rate)
        self._packets = split_packets

    def head(self) -> bytes:
        """Return the pages of the header."""
        return self._pages.head()

    def body(self, frames: bytes) -> bytes:
        """Add packets."""
        return self._pages.body(self._packets(frames))

    def close(self, samples: int) -> bytes:
        """Return the last page, which has the length."""
        return self._pages.close(samples)
