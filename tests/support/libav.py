"""Decode audio with FFmpeg's libraries, which PyAV brings along."""

import io
import re

import av
import numpy as np

RAW = {"pcm": "s16le", "ulaw": "mulaw", "alaw": "alaw"}
_HARMLESS = re.compile(r"Estimating duration from bitrate|Guessed Channel Layout")
"""Remarks on correct files: that a stream does not state its length, and raw audio not its channels."""


def decoded_by_libav(data, name, rate):
    """Return the samples in [-1, 1] of a file and FFmpeg's warnings about it."""
    demuxer = RAW.get(name) or {"opus": "ogg"}.get(name, name.partition("_")[0])
    options = {"sample_rate": str(rate), "ch_layout": "mono"} if name in RAW else {}
    av.logging.set_level(av.logging.WARNING)
    try:
        with av.logging.Capture() as lines, av.open(io.BytesIO(data), format=demuxer, options=options) as file:
            to_file = av.AudioResampler(format="fltp", layout="mono", rate=rate)  # Opus decodes to 48 kHz
            frames = [part for frame in file.decode(audio=0) for part in to_file.resample(frame)]
            frames += to_file.resample(None)
    finally:
        av.logging.set_level(None)
    warnings = [text.strip() for _, _, text in lines if not _HARMLESS.search(text)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]), warnings
