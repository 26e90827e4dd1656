"""Samples in, chunk by chunk, and the bytes of an audio file out, as soon as there are some."""

from collections.abc import Iterable, Iterator
from itertools import chain

from herald.speech.audio.formats import find_format
from herald.speech.audio.livefile import LiveFile
from herald.speech.audio.resampling import Resampler
from herald.speech.model import Floats
from herald.speech.voice import AudioChunk


def encode_stream(
    chunks: Iterable[AudioChunk],
    format: str,  # noqa: A002  OpenAI's word
    *,
    sample_rate: int | None = None,
) -> Iterator[bytes]:
    """Write audio as a file piece by piece, each as soon as its chunk is there; without chunks there are no pieces.

    Joined, the pieces are the file that StreamEncoder tells of. UnsupportedFormat and UnsupportedSampleRate are raised
    here, not with the first piece.
    """
    find_format(format).rate_for(sample_rate, voice_rate=0)
    return _pieces(iter(chunks), format, sample_rate)


def _pieces(chunks: Iterator[AudioChunk], name: str, sample_rate: int | None) -> Iterator[bytes]:
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
    """Writes mono audio in one of Herald's formats while the audio is still being made.

    Joined, the bytes are a file of the sound that `encode` gives, but no header tells its length, which is not known
    when the header goes out. The same samples give the same bytes, however they are cut into chunks. `voice_rate` is
    that of the samples, `sample_rate` that of the file, both in Hz. UnsupportedFormat and UnsupportedSampleRate for
    what is not made here.
    """

    def __init__(self, format: str, *, voice_rate: int, sample_rate: int | None = None) -> None:  # noqa: A002
        made = find_format(format)
        self.sample_rate = made.rate_for(sample_rate, voice_rate)
        self._resampler = Resampler(voice_rate, self.sample_rate)
        self._file = LiveFile(made, self.sample_rate)

    def write(self, samples: Floats) -> bytes:
        """Take float32 samples in [-1, 1]; give what can be sent by now, which may be nothing.

        RuntimeError after `close`.
        """
        return self._file.write(self._resampler.more(samples))

    def close(self) -> bytes:
        """Give the rest of the file; nothing when called again."""
        return b"" if self._file.closed else self._file.write(self._resampler.rest()) + self._file.close()
