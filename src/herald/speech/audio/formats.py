"""Table of the supported audio formats and of estimated file sizes, without encoders and their imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from herald.errors import UnsupportedFormat, UnsupportedSampleRate

SYNTHETIC = "Synthetic speech, AI-generated (Herald)"
"""Comment in every file whose container supports one. It is not signed, so anyone can remove or copy it."""
CONTAINERS = 1
"""Version of the containers, such as of the comment. It is part of the keys of files, so that a key always has the same
bytes. Increment it with each change. SOUND in herald.speech.memory is the version of the audio."""

_COMMON_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)  # RFC 6716, section 2
_G711_RATES = (8_000,)  # ITU-T G.711


@dataclass(frozen=True)
class AudioFormat:
    """An audio format: its names in the API, in HTTP and in libsndfile, and its sample rates in Hz."""

    name: str
    media_type: str
    extension: str
    container: str
    coding: str
    rates: tuple[int, ...] = _COMMON_RATES
    default_rate: int | None = None
    """Default in Hz; None means the voice's rate, or the next higher supported one."""

    def rate_for(self, requested: int | None, voice_rate: int) -> int:
        """Return the sample rate of a file in Hz; raise UnsupportedSampleRate if `requested` is not supported."""
        if requested is not None and requested not in self.rates:
            known = ", ".join(str(rate) for rate in self.rates)
            raise UnsupportedSampleRate(f"{self.name} supports these sample rates: {known}.", param="sample_rate")
        sufficient = [rate for rate in self.rates if rate >= voice_rate] or [self.rates[-1]]
        return requested or self.default_rate or sufficient[0]


FORMATS = {
    audio_format.name: audio_format
    for audio_format in (
        AudioFormat("mp3", "audio/mpeg", "mp3", "MP3", "MPEG_LAYER_III"),
        AudioFormat("opus", "audio/ogg", "opus", "OGG", "OPUS", _OPUS_RATES),
        AudioFormat("flac", "audio/flac", "flac", "FLAC", "PCM_16"),
        AudioFormat("wav", "audio/wav", "wav", "WAV", "PCM_16"),
        # OpenAI's API documents its pcm as 24 kHz; clients rely on it.
        AudioFormat("pcm", "audio/pcm", "pcm", "RAW", "PCM_16", default_rate=24_000),
        AudioFormat("ulaw", "audio/basic", "ulaw", "RAW", "ULAW", _G711_RATES),
        AudioFormat("alaw", "audio/x-alaw-basic", "alaw", "RAW", "ALAW", _G711_RATES),
        AudioFormat("wav_ulaw", "audio/wav", "wav", "WAV", "ULAW", _G711_RATES),
        AudioFormat("wav_alaw", "audio/wav", "wav", "WAV", "ALAW", _G711_RATES),
    )
}
"""Every format by its name."""


def find_format(name: str) -> AudioFormat:
    """Return the format of that name; raise UnsupportedFormat."""
    if name == "aac":
        raise UnsupportedFormat(
            "aac is not supported, for lack of a free encoder. Use mp3 or opus.", param="response_format"
        )
    if name not in FORMATS:
        raise UnsupportedFormat(f"Unknown format. Supported formats: {', '.join(FORMATS)}.", param="response_format")
    return FORMATS[name]


_SIZES = {
    "mp3": ((12_000, 4_000.0), (16_000, 6_000.0), (24_000, 6_000.0), (32_000, 12_000.0), (48_000, 12_000.0)),
    "opus": ((8_000, 2_690.0), (16_000, 3_474.0), (24_000, 4_603.0), (48_000, 7_693.0)),
    "flac": ((8_000, 10_111.0), (16_000, 18_214.0), (22_050, 22_116.0), (48_000, 26_640.0)),
}
"""(Hz, bytes per second of speech) of the formats whose size depends on the audio, measured on 14.5 s of
en_US-joe-medium, 2026-11-22; and of MP3, whose bit rate is constant."""
_BYTES_PER_SAMPLE = {"PCM_16": 2, "ULAW": 1, "ALAW": 1}


def bytes_per_second(audio_format: AudioFormat, sample_rate: int) -> float:
    """Return the bytes per second of speech in a format."""
    sizes = _SIZES.get(audio_format.name)
    return interpolate(sizes, sample_rate) if sizes else sample_rate * _BYTES_PER_SAMPLE[audio_format.coding]


def interpolate(points: Sequence[tuple[int, float]], at: int) -> float:
    """Interpolate linearly between points (x, y); beyond the first and the last point return their y."""
    if at <= points[0][0]:
        return points[0][1]
    for (low, least), (high, most) in pairwise(points):
        if at <= high:
            return least + (most - least) * (at - low) / (high - low)
    return points[-1][1]
