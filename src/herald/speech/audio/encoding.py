"""Samples in, the bytes of an audio file out."""

import io
from typing import Any

import numpy as np
import soundfile
import soxr

from herald.speech.audio.formats import find_format
from herald.speech.audio.ogg import with_fixed_serial
from herald.speech.model import Floats
from herald.speech.voice import AudioChunk


def encode(audio: AudioChunk, format: str, *, sample_rate: int | None = None) -> bytes:  # noqa: A002  OpenAI's word
    """Write mono audio as a file: wav, mp3, opus (in Ogg), flac, pcm (s16le), ulaw, alaw, wav_ulaw or wav_alaw.

    The same audio gives the same bytes. UnsupportedFormat and UnsupportedSampleRate for what is not made here.
    """
    made = find_format(format)
    rate = made.rate_for(sample_rate, audio.sample_rate)
    file = io.BytesIO()
    with open_sound(file, rate, made.container, made.coding) as sound:
        sound.write(_resampled(audio, rate))
    return with_fixed_serial(file.getvalue()) if made.container == "OGG" else file.getvalue()


def open_sound(
    file: io.IOBase,
    rate: int,
    container: str,
    coding: str,
    **settings: Any,  # noqa: ANN401  soundfile's own
) -> soundfile.SoundFile:
    """Open a file, at its beginning, for mono audio of `rate` Hz; samples without a header are little-endian."""
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


def _resampled(audio: AudioChunk, rate: int) -> Floats:
    if rate == audio.sample_rate:
        return audio.samples
    resampled: Floats = soxr.resample(audio.samples, audio.sample_rate, rate)
    return np.clip(resampled, -1, 1)
