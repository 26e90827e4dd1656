"""Synthetic recordings for the gates of quality: as loud, and with pauses, as speech."""

import io

import numpy as np
import soundfile

RATE = 16_000


def speechlike(seconds=8.0, *, rate=RATE, peak=0.4, noise_db=-60.0):
    """Return samples with the rhythm of speech: harmonics in syllables of a quarter of a second, and pauses."""
    times = np.arange(round(seconds * rate)) / rate
    tone = sum(np.sin(2 * np.pi * 120 * part * times) / part for part in range(1, 12))
    syllables = np.sin(np.pi * 4 * times) ** 2
    words = (times % 1.6) < 1.3
    samples = tone * syllables * words
    noise = np.random.default_rng(1).standard_normal(len(times)) * 10 ** (noise_db / 20)
    return (peak * samples / abs(samples).max() + noise).astype(np.float32)


def as_file(samples, *, rate=RATE, container="WAV", coding=None):
    """Return the bytes of a file with samples, of which 16 bits are kept unless `coding` says otherwise."""
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=container, subtype=coding)
    return file.getvalue()
