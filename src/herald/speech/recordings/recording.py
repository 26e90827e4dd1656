"""Read a recording: any file that libsndfile decodes, as mono samples of one rate."""

import hashlib
import io
from dataclasses import dataclass

import numpy as np
import soundfile
import soxr

from herald.errors import UnreadableRecording
from herald.speech.model import Floats
from herald.speech.recordings.recording_levels import Levels, clipped_share, measure

RATE = 16_000
"""Hz: that of the models that transcribe and compare recordings."""
FORMATS = "WAV, FLAC, MP3 and Ogg (Opus or Vorbis)"
_LOWEST_RATE, _HIGHEST_RATE = 8_000, 96_000
_MOST_CHANNELS = 2


@dataclass(frozen=True)
class Recording:
    """A recording of at most the seconds that were read."""

    samples: Floats
    """Mono, with RATE."""
    levels: Levels
    digest: str
    """SHA-256 of the file, in hexadecimal digits."""

    @property
    def seconds(self) -> float:
        """The duration."""
        return len(self.samples) / RATE


def read_recording(data: bytes, *, longest: float) -> Recording:
    """Return the recording in a file, at most its first `longest` seconds; raise UnreadableRecording."""
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            rate, channels = file.samplerate, file.channels
            if not _LOWEST_RATE <= rate <= _HIGHEST_RATE or channels > _MOST_CHANNELS:
                raise UnreadableRecording(
                    f"It has {rate} Hz and {channels} channels. Record with {_LOWEST_RATE} to {_HIGHEST_RATE} Hz, "
                    "mono or stereo."
                )
            sound = file.read(round(longest * rate), dtype="float32", always_2d=True)
    except soundfile.SoundFileError as error:
        raise UnreadableRecording(f"It is damaged or not one of {FORMATS}.") from error
    if not np.isfinite(sound).all():
        raise UnreadableRecording("It contains samples that are not numbers. Export it again.")
    mono: Floats = sound.mean(axis=1)
    if rate != RATE:
        mono = soxr.resample(mono, rate, RATE)
    clipped = max((clipped_share(sound[:, channel]) for channel in range(channels)), default=0.0)
    return Recording(mono, measure(mono, RATE, clipped), hashlib.sha256(data).hexdigest())
