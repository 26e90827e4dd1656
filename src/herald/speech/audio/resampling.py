"""Convert the sample rate of audio, chunk by chunk."""

import numpy as np
import soxr

from herald.speech.model import Floats


class Resampler:
    """Resamples chunk by chunk, with the same result as resampling the whole audio at once."""

    def __init__(self, voice_rate: int, rate: int) -> None:
        self._stream = soxr.ResampleStream(voice_rate, rate, 1, dtype="float32") if rate != voice_rate else None

    def more(self, samples: Floats, *, last: bool = False) -> Floats:
        """Add samples; return those resampled so far, clipped to [-1, 1]."""
        if self._stream is None:
            return samples
        resampled: Floats = self._stream.resample_chunk(samples, last=last)
        return np.clip(resampled, -1, 1)

    def rest(self) -> Floats:
        """Return the samples still buffered."""
        return self.more(np.empty(0, np.float32), last=True)
