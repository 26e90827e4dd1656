"""Encode samples as complete audio files."""

import io
from typing import Any

import soundfile

from herald.speech.audio.formats import AudioFormat, find_format
from herald.speech.audio.ogg import with_fixed_serial
from herald.speech.audio.resampling import Resampler
from herald.speech.model import Floats
from herald.speech.voice import AudioChunk


def encode(audio: AudioChunk, format: str, *, sample_rate: int | None = None) -> bytes:  # noqa: A002  named as in OpenAI's API
    """Encode mono audio as wav, mp3, opus (in Ogg), flac, pcm (s16le), ulaw, alaw, wav_ulaw or wav_alaw.

    Deterministic: the same audio gives the same bytes. `sample_rate` is in Hz; see AudioFormat.rate_for for its
    default. Raise UnsupportedFormat or UnsupportedSampleRate.
    """
    made = find_format(format)
    rate = made.rate_for(sample_rate, audio.sample_rate)
    encoder = FileEncoder(made, voice_rate=audio.sample_rate, rate=rate)
    encoder.write(audio.samples)
    return encoder.close()


class FileEncoder:
    """Encodes a complete file chunk by chunk, so that encoding can be interrupted.

    The result does not depend on the chunks' lengths.
    """

    def __init__(self, made: AudioFormat, *, voice_rate: int, rate: int) -> None:
        self._made = made
        self._resampler = Resampler(voice_rate, rate)
        self._file = io.BytesIO()
        self._sound = open_sound(self._file, rate, made.container, made.coding)

    @property
    def size(self) -> int:
        """Bytes written so far; the encoder may buffer more."""
        return self._file.getbuffer().nbytes

    def write(self, samples: Floats) -> None:
        """Add float32 samples in [-1, 1]."""
        self._sound.write(self._resampler.more(samples))

    def close(self) -> bytes:
        """Finish the file and return its bytes."""
        self._sound.write(self._resampler.rest())
        self.discard()
        data = self._file.getvalue()
        return with_fixed_serial(data) if self._made.container == "OGG" else data

    def discard(self) -> None:
        """Free the encoder. Idempotent."""
        self._sound.close()


def open_sound(
    file: io.IOBase,
    rate: int,
    container: str,
    coding: str,
    **settings: Any,  # noqa: ANN401  passed to soundfile
) -> soundfile.SoundFile:
    """Open a file for writing mono audio of `rate` Hz; raw PCM is little-endian."""
    return soundfile.SoundFile(
        file,
        "w",
        samplerate=rate,
        channels=1,
        format=container,
        subtype=coding,
        endian="LITTLE" if (container, coding) == ("RAW", "PCM_16") else "FILE",
        **settings,
    )
