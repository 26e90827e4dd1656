"""Encode each sentence separately, as frames that can be joined with those of other sentences.

Encoders and decoders keep state between frames. Each sentence therefore has its own encoder, and frames of digital
silence separate it from the next one.
"""

import io
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, Protocol

import numpy as np
import soxr

from herald.speech.model import Floats


class Resampler:
    """Resamples chunk by chunk, with the same result as resampling the whole audio at once."""

    def __init__(self, voice_rate: int, rate: int) -> None:
        self._stream = soxr.ResampleStream(voice_rate, rate, 1, dtype="float32") if rate != voice_rate else None

    def resample(self, samples: Floats, *, last: bool = False) -> Floats:
        """Add samples; return the resampled ones that are ready, clipped to [-1, 1]."""
        if self._stream is None:
            return samples
        resampled: Floats = self._stream.resample_chunk(samples, last=last)
        return np.clip(resampled, -1, 1)

    def flush(self) -> Floats:
        """Return the samples still buffered."""
        return self.resample(np.empty(0, np.float32), last=True)


class SpeechEncoder(Protocol):
    """Encodes the samples of one sentence."""

    def write(self, samples: Floats, /) -> bytes:
        """Add samples in [-1, 1]; return the frames that are complete."""
        ...

    def close(self) -> bytes:
        """Return the remaining frames, so that the total is frames_of(coding, samples)."""
        ...


class Coding(Protocol):
    """A coding at one sample rate. Stateless."""

    frame: int
    """Samples per frame; sentences begin at multiples of it."""
    lag: int
    """Delay of encoder and decoder, in samples."""
    gap: int
    """Minimum frames of silence between two sentences, which reset the state of a decoder."""
    preroll: int
    """Frames of silence at the start of the file, which players skip."""

    def encoder(self) -> SpeechEncoder:
        """Return an encoder for one sentence."""
        ...

    def silence(self, frames: int, /) -> bytes:
        """Return frames of digital silence."""
        ...


def frames_of(coding: Coding, samples: int) -> int:
    """Return the number of frames that contain all samples of a sentence."""
    return -(-(samples + coding.lag) // coding.frame)


class Encoded(NamedTuple):
    """An encoded sentence: its frames, and its numbers of samples at the file's rate and at the voice's rate."""

    data: bytes
    length: int
    voice_length: int


class SentenceEncoder:
    """Resamples and encodes one sentence."""

    def __init__(self, coding: Coding, *, voice_rate: int, rate: int) -> None:
        self._encoder = coding.encoder()
        self._resampler = Resampler(voice_rate, rate)
        self._rates = (rate, voice_rate)
        self._written = 0
        self.voice_length = 0

    @property
    def length(self) -> int:
        """Samples at the file's rate, rounded."""
        rate, voice_rate = self._rates
        return (2 * self.voice_length * rate + voice_rate) // (2 * voice_rate)

    def write(self, samples: Floats) -> bytes:
        """Add samples at the voice's rate; return the frames that are complete."""
        self.voice_length += len(samples)
        return self._write(self._resampler.resample(samples))

    def close(self) -> bytes:
        """Return the remaining frames."""
        rest = self._resampler.flush()[: max(0, self.length - self._written)]
        missing = self.length - self._written - len(rest)
        return self._write(np.pad(rest, (0, max(0, missing)))) + self._encoder.close()

    def _write(self, samples: Floats) -> bytes:
        self._written += len(samples)
        return self._encoder.write(samples)


@dataclass(frozen=True, kw_only=True)
class SentenceCoder:
    """Encodes whole sentences in one format, for the cache."""

    coding_name: str
    rate: int
    voice_rate: int

    @property
    def key(self) -> list[Any]:
        """Everything besides SOUND that determines the frames of given samples."""
        return [self.coding_name, self.rate]

    def encode(self, samples: Floats) -> Encoded:
        """Return the frames of a sentence."""
        encoder = SentenceEncoder(coding_of(self.coding_name, self.rate), voice_rate=self.voice_rate, rate=self.rate)
        data = encoder.write(samples) + encoder.close()
        return Encoded(data, encoder.length, encoder.voice_length)


@cache
def coding_of(name: str, rate: int) -> Coding:
    """Return a coding by its name in AudioFormat."""
    match name:
        case "MPEG_LAYER_III":
            from herald.speech.audio.mp3 import Mp3Coding  # noqa: PLC0415  the encoder of this format only

            return Mp3Coding(rate)
        case "OPUS":
            from herald.speech.audio.opus import OpusCoding  # noqa: PLC0415

            return OpusCoding(rate)

    return LinearCoding(name)


_ZEROS = {"PCM_16": b"\0\0", "ULAW": b"\xff", "ALAW": b"\xd5"}
"""A sample of zero; ITU-T G.711, tables 1 and 2."""
_RATE = 8_000
"""Any rate: libsndfile requires one, but the encoded samples do not depend on it."""


class LinearCoding:
    """PCM_16 (little-endian), ULAW or ALAW."""

    frame = 1
    lag = gap = preroll = 0

    def __init__(self, name: str) -> None:
        self._name = name

    def encoder(self) -> "LinearCoding":
        """Return this coding, which has no state."""
        return self

    def write(self, samples: Floats) -> bytes:
        """Return the encoded samples."""
        if self._name == "PCM_16":
            return np.rint(samples * np.float32(0x7FFF)).astype("<i2").tobytes()
        import soundfile  # noqa: PLC0415  0.1 s of processor time, not needed for PCM

        file = io.BytesIO()
        soundfile.write(file, samples, _RATE, format="RAW", subtype=self._name)
        return file.getvalue()

    def close(self) -> bytes:
        """Return nothing."""
        return b""

    def silence(self, frames: int) -> bytes:
        """Return samples of zero."""
        return _ZEROS[self._name] * frames
