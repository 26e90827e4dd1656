"""The search finds the mix that a target was made of, in a world where vectors follow from styles."""

import numpy as np
import pytest

from gpu.mix_search import MixSearch
from herald.speech.voices.mixes import parse_mix

SPEAKERS = [f"s{number}" for number in range(20)]
STEPS = 24


@pytest.fixture
def styles():
    random = np.random.default_rng(1)
    return {name: random.normal(size=128).astype(np.float32) for name in SPEAKERS}


@pytest.fixture
def hear(styles):
    """The vector of a mix: not linear in its style."""
    weights = np.random.default_rng(2).normal(size=(128, 256)) / 11

    def vector(mix):
        style = sum(share * styles[name] for name, share in parse_mix(mix).items())
        raw = np.tanh(style @ weights) + 0.1
        return (raw / np.linalg.norm(raw)).astype(np.float32)

    return vector


def searched(target, styles, hear):
    search = MixSearch(target, styles, {name: hear(name) for name in SPEAKERS})
    for _ in range(STEPS):
        search.next(hear)
    return search


@pytest.mark.parametrize("mix", ["s3(2)+s11(1)", "s7(1)+s2(1)+s19(1)", "s0(3)+s1(1)"])
def test_a_mix_is_found_from_its_vector(styles, hear, mix):
    found = searched(hear(mix), styles, hear).best()
    assert parse_mix(found.mix) == parse_mix(mix)
    assert found.likeness == pytest.approx(1)


def test_a_single_speaker_stays_the_best(styles, hear):
    assert searched(hear("s5"), styles, hear).best().mix == "s5"


def test_no_mix_is_heard_twice(styles, hear):
    heard = [one.mix for one in searched(hear("s3+s4"), styles, hear).heard]
    assert len(heard) == len(set(heard)) == len(SPEAKERS) + STEPS


def test_the_search_is_deterministic(styles, hear):
    one, other = (searched(hear("s8(3)+s9(1)"), styles, hear).heard for _ in range(2))
    assert one == other
