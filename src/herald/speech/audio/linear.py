"""PCM and G.711: each sample is a frame."""

import io

import numpy as np

from herald.speech.model import Floats

_SILENCE = {"PCM_16": b"\0\0", "ULAW": b"\xff", "ALAW": b"\xd5"}
"""A sample of zero; ITU-T G.711, tables 1 and 2."""
_RATE = 8_000
"""libsndfile requires some rate; samples do not depend on it."""


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
        return _SILENCE[self._name] * frames
