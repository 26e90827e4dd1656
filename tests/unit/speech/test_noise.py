"""Noise is normally distributed and reproducible."""

import numpy as np
import pytest

from herald.speech.model import Noise

COUNT = 400_000


def test_a_seed_gives_the_same_noise():
    one, other = Noise(3), Noise(3)
    for shape in ((1, 2, 51), (1, 192, 7), (3,)):
        drawn = one.draw(shape)
        assert (drawn.shape, drawn.dtype) == (shape, np.float32)
        np.testing.assert_array_equal(drawn, other.draw(shape))


@pytest.mark.parametrize("seed", [0, 1, 12_345])
def test_noise_is_normally_distributed(seed):
    drawn = Noise(seed).draw((COUNT,)).astype(np.float64)
    assert [np.mean(drawn**power) for power in (1, 2, 3, 4)] == pytest.approx([0, 1, 0, 3], abs=0.06)
    for limit, share in ((1, 0.31731), (2, 0.0455), (3, 0.0027)):
        assert np.mean(np.abs(drawn) > limit) == pytest.approx(share, rel=0.1)
    assert np.abs(drawn).max() < 7


def test_noise_does_not_repeat():
    noise = Noise(0)
    one, following, other = noise.draw((COUNT,)), noise.draw((COUNT,)), Noise(1).draw((COUNT,))
    for first, second in ((one, following), (one, other), (one[:-1], one[1:]), (one[: COUNT // 2], one[COUNT // 2 :])):
        assert abs(np.corrcoef(first, second)[0, 1]) < 0.01
