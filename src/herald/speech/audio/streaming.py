"""Encode samples as audio files while they are synthesized."""

from collections.abc import Iterable, Iterator
from itertools import chain

from herald.speech.audio.encoding import LiveEncoder
from herald.speech.audio.formats import find_format
from herald.speech.audio_chunk import AudioChunk
from herald.speech.model import Floats


def encode_stream(
    chunks: Iterable[AudioChunk],
    format: str,  # noqa: A002  named as in OpenAI's API
    *,
    sample_rate: int | None = None,
) -> Iterator[bytes]:
    """Yield the bytes of an audio file as its chunks arrive; nothing if there are no chunks.

    Joined, the pieces are the file of StreamEncoder. UnsupportedFormat and UnsupportedSampleRate are raised by the
    call, not by the first iteration.
    """
    find_format(format).rate_for(sample_rate, voice_rate=0)
    return _pieces(iter(chunks), format, sample_rate)


def _pieces(chunks: Iterator[AudioChunk], name: str, sample_rate: int | None) -> Iterator[bytes]:
    first = next(chunks, None)
    if first is None:
        return
    encoder = StreamEncoder(name, voice_rate=first.sample_rate, sample_rate=sample_rate)
    for chunk in chain([first], chunks):
        if piece := encoder.add(chunk):
            yield piece
    if tail := encoder.close():
        yield tail


class StreamEncoder(LiveEncoder):
    """Encodes mono audio while it is being synthesized.

    The file is that of `encode` without lengths in its header, which is sent before the length is known. The bytes do
    not depend on how the samples of a sentence are split into chunks. `voice_rate` is the sample rate of the samples,
    `sample_rate` that of the file, both in Hz. Raise UnsupportedFormat or UnsupportedSampleRate.
    """

    def __init__(self, format: str, *, voice_rate: int, sample_rate: int | None = None) -> None:  # noqa: A002
        made = find_format(format)
        self.sample_rate = made.rate_for(sample_rate, voice_rate)
        self._voice_hertz = voice_rate
        super().__init__(made, voice_rate=voice_rate, rate=self.sample_rate)

    def write(self, samples: Floats) -> bytes:
        """Add float32 samples in [-1, 1]; return the bytes ready to send, possibly none.

        Raise RuntimeError after `close`.
        """
        return self.add(AudioChunk(samples, self._voice_hertz))

    def close(self) -> bytes:
        """Return the rest of the file; b"" when called again."""
        return self.end()
