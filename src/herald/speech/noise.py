"""Normally distributed random numbers, reproducible from a seed.

numpy.random is avoided because its import, mostly of the cryptography for seeding, takes a tenth of the time until the
first audio.
"""

from math import prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

type Floats = NDArray[np.float32]
type Bits = NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_SHIFTS_AND_FACTORS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
    (np.uint64(31), np.uint64(1)),
)
_HALF = np.uint64(32)
_PER_WORD = 4
"""Numbers of 16 bits in one of 64."""


class Noise:
    """Generates random numbers from one seed."""

    def __init__(self, seed: int) -> None:
        self._next = (seed << int(_HALF)) + 1  # not 0, which the mixing function maps to 0

    def draw(self, shape: tuple[int, ...]) -> Floats:
        """Return float32 numbers of the given shape, with mean 0 and standard deviation 1 (Box and Muller, 1958)."""
        count = prod(shape)
        bits = self._bits(-(-count // 2))
        uniform = (bits >> _HALF).astype(np.float32), bits.astype(np.uint32).astype(np.float32)
        radius = np.sqrt(np.float32(-2) * np.log((uniform[0] + np.float32(1)) * np.float32(2**-32)))
        angle = uniform[1] * np.float32(2 * np.pi / 2**32)
        return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])[:count].reshape(shape)

    def flat(self, shape: tuple[int, int], *, skipped: int) -> Floats:
        """Return evenly distributed float32 numbers with mean 0 and standard deviation 1, from position `skipped` on.

        They cost a tenth of those of `draw`, and sound the same where many are added, as by a Fourier transform.
        """
        count = prod(shape)
        before = skipped % _PER_WORD
        self._next += skipped // _PER_WORD
        numbers = self._bits(-(-(before + count) // _PER_WORD)).view(np.int16)[before : before + count]
        return (numbers * np.float32(3**0.5 / 2**15)).reshape(shape)

    def _bits(self, count: int) -> Bits:
        """Return the next 64-bit random numbers (SplitMix64: Steele, Lea and Flood, 2014)."""
        bits = np.arange(self._next, self._next + count, dtype=np.uint64) * _STEP
        self._next += count
        for shift, factor in _SHIFTS_AND_FACTORS:
            bits = (bits ^ (bits >> shift)) * factor
        return bits
