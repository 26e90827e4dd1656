"""Random numbers of the normal distribution, the same for the same seed.

numpy.random has them too, but importing it takes a tenth of the time until a voice speaks: most of that for the
cryptography with which it would find a seed.
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


class Noise:
    """Draws from one seed, each number once."""

    def __init__(self, seed: int) -> None:
        self._next = (seed << int(_HALF)) + 1  # of nothing, the mixing makes nothing

    def draw(self, shape: tuple[int, ...]) -> Floats:
        """Float32 numbers of a shape, with mean 0 and deviation 1 (Box and Muller, 1958)."""
        count = prod(shape)
        bits = self._bits(-(-count // 2))
        uniform = (bits >> _HALF).astype(np.float32), bits.astype(np.uint32).astype(np.float32)
        radius = np.sqrt(np.float32(-2) * np.log((uniform[0] + np.float32(1)) * np.float32(2**-32)))
        angle = uniform[1] * np.float32(2 * np.pi / 2**32)
        return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])[:count].reshape(shape)

    def _bits(self, count: int) -> Bits:
        """The next numbers of 64 random bits (SplitMix64: Steele, Lea and Flood, 2014)."""
        bits = np.arange(self._next, self._next + count, dtype=np.uint64) * _STEP
        self._next += count
        for shift, factor in _SHIFTS_AND_FACTORS:
            bits = (bits ^ (bits >> shift)) * factor
        return bits
