"""Encode samples as audio files, completely or while they are synthesized.

A file is a sequence of separately encoded sentences, with silence between them. Each sentence begins at the frame
nearest to its position in the audio. All files are written this way: complete ones, streams, and those from cached
sentences.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from herald.speech.audio.codings import Encoded, SentenceEncoder, coding_of, frames_of
from herald.speech.audio.containers import container_of
from herald.speech.audio.formats import AudioFormat, find_format
from herald.speech.audio_chunk import AudioChunk
from herald.speech.model import Floats


def encode(audio: AudioChunk, format: str, *, sample_rate: int | None = None) -> bytes:  # noqa: A002  named as in OpenAI's API
    """Encode mono audio as wav, mp3, opus (in Ogg), flac, pcm (s16le), ulaw, alaw, wav_ulaw or wav_alaw.

    Deterministic: the same audio gives the same bytes. `sample_rate` is in Hz; see AudioFormat.rate_for for its
    default. Raise UnsupportedFormat or UnsupportedSampleRate.
    """
    audio_format = find_format(format)
    rate = audio_format.rate_for(sample_rate, audio.sample_rate)
    encoder = FileEncoder(audio_format, voice_rate=audio.sample_rate, rate=rate)
    for chunk in audio.parts():
        encoder.add(chunk)
    return encoder.close()


class LiveEncoder:
    """Encodes a file chunk by chunk. The result does not depend on the lengths of a sentence's chunks."""

    def __init__(self, audio_format: AudioFormat, *, voice_rate: int, rate: int) -> None:
        self._coding = coding_of(audio_format.coding, rate)
        self._container = container_of(audio_format, rate)
        self._rate, self._voice_rate = rate, voice_rate
        self._unsent = self._container.head() + self._container.body(self._coding.silence(self._coding.preroll))
        self._sentence: SentenceEncoder | None = None
        self._voice_length = 0
        """Samples of the audio so far, at the voice's rate."""
        self._start = 0
        """First frame of the last sentence."""
        self._frames = 0
        """Frames up to the end of the last complete sentence."""
        self._end = 0
        """Samples of the file up to the end of the last complete sentence or pause."""
        self.shift = 0.0
        """Seconds by which the last sentence starts later in the file than in the audio."""
        self.closed = False

    @property
    def seconds(self) -> float:
        """Duration of the file so far."""
        return self.samples / self._rate

    @property
    def samples(self) -> int:
        """Duration of the file so far in samples."""
        sentence = self._sentence
        return self._start * self._coding.frame + sentence.length if sentence else self._end

    def add(self, chunk: AudioChunk) -> bytes:
        """Add a chunk; return the part of the file that is complete. Raise RuntimeError after `close`."""
        if self.closed:
            raise RuntimeError("The file is closed.")
        if chunk.encoded:
            return self._write(self._append(chunk.encoded))
        if chunk.pause:
            return self._write(self._pause(len(chunk.samples)))
        return self._write(self._speak(chunk.samples))

    def close(self) -> bytes:
        """Return the rest of the file; b"" when called again."""
        if self.closed:
            return b""
        body = self._end_sentence()
        wanted = frames_of(self._coding, self._end) if self._end else 0
        rest = self._write(body + self._coding.silence(max(0, wanted - self._frames)))
        self.closed = True
        return rest + self._container.close(self._end)

    def _write(self, frames: bytes) -> bytes:
        unsent, self._unsent = self._unsent, b""
        return unsent + self._container.body(frames)

    def _speak(self, samples: Floats) -> bytes:
        before = b""
        if not len(samples):
            return before
        if self._sentence is None:
            before = self._silence_before()
            self._sentence = SentenceEncoder(self._coding, voice_rate=self._voice_rate, rate=self._rate)
        self._voice_length += len(samples)
        return before + self._sentence.write(samples)

    def _append(self, sentence: Encoded) -> bytes:
        before = self._end_sentence() + self._silence_before()
        self._voice_length += sentence.voice_length
        self._finish_sentence(sentence.length)
        return before + sentence.data

    def _pause(self, samples: int) -> bytes:
        body = self._end_sentence()
        self._voice_length += samples
        self._end += (2 * samples * self._rate + self._voice_rate) // (2 * self._voice_rate)
        return body

    def _silence_before(self) -> bytes:
        """Return the silence up to the frame with which the next sentence begins."""
        frame, rate = self._coding.frame, self._voice_rate
        nearest = (2 * self._voice_length * self._rate + rate * frame) // (2 * rate * frame)
        self._start = max(nearest, self._frames + self._coding.gap if self._frames else 0)
        self.shift = self._start * frame / self._rate - self._voice_length / rate
        return self._coding.silence(self._start - self._frames)

    def _end_sentence(self) -> bytes:
        if self._sentence is None:
            return b""
        rest = self._sentence.close()
        self._finish_sentence(self._sentence.length)
        self._sentence = None
        return rest

    def _finish_sentence(self, length: int) -> None:
        self._frames = self._start + frames_of(self._coding, length)
        self._end = self._start * self._coding.frame + length


class FileEncoder(LiveEncoder):
    """Encodes a complete file chunk by chunk, so that encoding can be interrupted."""

    def __init__(self, audio_format: AudioFormat, *, voice_rate: int, rate: int) -> None:
        super().__init__(audio_format, voice_rate=voice_rate, rate=rate)
        self._parts: list[bytes] = []
        self.size = 0
        """Bytes written so far; the encoder may buffer more."""

    def add(self, chunk: AudioChunk) -> bytes:
        """Add a chunk, and return nothing."""
        part = super().add(chunk)
        self._parts.append(part)
        self.size += len(part)
        return b""

    def close(self) -> bytes:
        """Finish the file and return its bytes."""
        self._parts.append(super().close())
        return self._container.finalize(b"".join(self._parts), self._end)


def encode_stream(
    chunks: Iterable[AudioChunk],
    format: str,  # noqa: A002  named as in OpenAI's API
    *,
    sample_rate: int | None = None,
) -> Iterator[bytes]:
    """Yield the bytes of an audio file as its chunks arrive; nothing if there are no chunks.

    The pieces are those of StreamEncoder. The call, not the first iteration, raises UnsupportedFormat and
    UnsupportedSampleRate.
    """
    find_format(format).rate_for(sample_rate, voice_rate=0)
    return _encode_pieces(iter(chunks), format, sample_rate)


def _encode_pieces(chunks: Iterator[AudioChunk], name: str, sample_rate: int | None) -> Iterator[bytes]:
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

    The file equals that of `encode`, except that its header has no lengths: it is sent before they are known. The bytes
    do not depend on how the samples of a sentence are split into chunks. `voice_rate` is the sample rate of the
    samples, `sample_rate` that of the file, both in Hz. Raise UnsupportedFormat or UnsupportedSampleRate.
    """

    def __init__(self, format: str, *, voice_rate: int, sample_rate: int | None = None) -> None:  # noqa: A002
        audio_format = find_format(format)
        self.sample_rate = audio_format.rate_for(sample_rate, voice_rate)
        super().__init__(audio_format, voice_rate=voice_rate, rate=self.sample_rate)
