"""Decoding of audio files with libsndfile."""

import io

import soundfile

RAW_CODINGS = {"pcm": "PCM_16", "ulaw": "ULAW", "alaw": "ALAW"}
"""Formats without a header, whose parameters the reader must know."""


def decode(content, response_format, sample_rate):
    """Return the samples and their rate."""
    options = {}
    if coding := RAW_CODINGS.get(response_format):
        options = {"format": "RAW", "subtype": coding, "samplerate": sample_rate, "channels": 1}
        options |= {"endian": "LITTLE"} if coding == "PCM_16" else {}
    return soundfile.read(io.BytesIO(content), dtype="float32", **options)
