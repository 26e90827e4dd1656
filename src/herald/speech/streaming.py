"""Samples in, chunk by chunk, and the bytes of an audio file out, as soon as there are some."""

import io
from collections.abc import Buffer, Iterable, Iterator
from itertools import chain
from struct import pack
from typing import Any

import numpy as np
import soundfile
import soxr

from herald.speech.encoding import open_sound
from herald.speech.formats import AudioFormat, find_format
from herald.speech.model import Floats
from herald.speech.ogg import with_fixed_serial
from herald.speech.voice import AudioChunk


def encode_stream(
    chunks: Iterable[AudioChunk],
    format: str,  # noqa: A002  OpenAI's word
    *,
    sample_rate: int | None = None,
) -> Iterator[bytes]:
    """Write audio as a file piece by piece, each as soon as its chunk is there; no chunk, no piece.

    Joined, the pieces are what StreamEncoder tells. UnsupportedFormat and UnsupportedSampleRate are raised here, not
    with the first piece.
    """
    find_format(format).rate_for(sample_rate, voice_rate=0)
    return _encoded(iter(chunks), format, sample_rate)


def _encoded(chunks: Iterator[AudioChunk], name: str, sample_rate: int | None) -> Iterator[bytes]:
    first = next(chunks, None)
    if first is None:
        return
    encoder = StreamEncoder(name, voice_rate=first.sample_rate, sample_rate=sample_rate)
    for chunk in chain([first], chunks):
        if piece := encoder.write(chunk.samples):
            yield piece
    if tail := encoder.close():
        yield tail


class StreamEncoder:
    """Writes mono audio in one of Herald's formats while it is being made.

    Joined, the bytes are a file of the sound that `encode` gives, in which no header tells the length, for it is not
    known when the header goes out. The same samples give the same bytes, however they are cut into chunks.
    UnsupportedFormat and UnsupportedSampleRate for what is not made here.
    """

    def __init__(self, format: str, *, voice_rate: int, sample_rate: int | None = None) -> None:  # noqa: A002
        self._made = find_format(format)
        rate = self._made.rate_for(sample_rate, voice_rate)
        self._resampler = _Resampler(voice_rate, rate)
        self._outbox = _Outbox(_wav_header(self._made, rate) if self._made.container == "WAV" else b"")
        self._sound = _open(self._outbox, self._made, rate)
        self._begun = False

    def write(self, samples: Floats) -> bytes:
        """Take float32 samples in [-1, 1] at the voice's rate; give what can be sent by now, which may be nothing.

        RuntimeError after `close`.
        """
        self._sound.write(self._resampler.more(samples))
        return self._sendable()

    def close(self) -> bytes:
        """Give the rest of the file; nothing the second time."""
        if not self._sound.closed:
            self._sound.write(self._resampler.rest())
            self._sound.close()
        return self._sendable()

    def _sendable(self) -> bytes:
        data = self._outbox.take()
        begins, self._begun = bool(data) and not self._begun, self._begun or bool(data)
        match self._made.container:
            case "OGG":
                return with_fixed_serial(data)
            case "MP3" if begins:
                return _with_delay(data)
        return data


class _Resampler:
    """Resamples chunk by chunk, to the very samples that the whole would give."""

    def __init__(self, voice_rate: int, rate: int) -> None:
        self._stream = soxr.ResampleStream(voice_rate, rate, 1, dtype="float32") if rate != voice_rate else None

    def more(self, samples: Floats, *, last: bool = False) -> Floats:
        if self._stream is None:
            return samples
        return np.clip(self._stream.resample_chunk(np.ascontiguousarray(samples), last=last), -1, 1)

    def rest(self) -> Floats:
        return self.more(np.empty(0, np.float32), last=True)


class _Outbox(io.RawIOBase):
    """The file that libsndfile writes to: it keeps bytes until they are taken, and leaves as it is what once was there.

    When libsndfile closes a FLAC or an MP3 it goes back to tell the length in the header, which has long been sent.
    """

    def __init__(self, head: bytes) -> None:
        self._kept = bytearray(head)
        self._position = self._end = 0

    def take(self) -> bytes:
        taken, self._kept = bytes(self._kept), bytearray()
        return taken

    def write(self, data: Buffer, /) -> int:
        size = memoryview(data).nbytes
        if self._position == self._end:
            self._kept += data
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
    sound = open_sound(outbox, rate, container, made.coding, **_settings(made, rate))
    if container == "OGG":
        _set_page_latency(sound)
    return sound


_SFC_SET_OGG_PAGE_LATENCY_MS = 0x1302
"""libsndfile's sndfile.h; soundfile has no name for it."""
_PAGE_MS = 100.0
"""Audio in an Ogg page. libsndfile's own is a second, which would come late; 50 would be one byte in ten for headers."""


def _set_page_latency(sound: soundfile.SoundFile) -> None:
    latency = soundfile._ffi.new("double *", _PAGE_MS)  # noqa: SLF001
    soundfile._snd.sf_command(sound._file, _SFC_SET_OGG_PAGE_LATENCY_MS, latency, 8)  # noqa: SLF001
