"""Audio files read by libsndfile, as a client would read them."""

import io

import soundfile

RAW_CODINGS = {"pcm": "PCM_16", "ulaw": "ULAW", "alaw": "ALAW"}
"""Formats without a header: whoever reads them knows what they are."""


def decode(content, response_format, sample_rate):
    """Samples and their rate."""
    options = {}
    if coding := RAW_CODINGS.get(response_format):
        options = {"format": "RAW", "subtype": coding, "samplerate": sample_rate, "channels": 1}
        options |= {"endian": "LITTLE"} if coding == "PCM_16" else {}
    return soundfile.read(io.BytesIO(content), dtype="float32", **options)
