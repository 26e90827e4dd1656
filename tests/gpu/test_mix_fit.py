"""The mix that is fitted to a target, in a world where the vectors of a mix are the mean of its speakers'."""

import numpy as np
import pytest

from gpu.mix_fit import fit_mix
from herald.speech.kokoro.kokoro_speakers import parse_mix

SPEAKERS = [f"s{number}" for number in range(20)]
SIZE = 64


@pytest.fixture
def stock():
    """Vectors of length 1 that have a part in common, as those of speech have."""
    random = np.random.default_rng(1)
    raw = random.normal(size=(len(SPEAKERS), SIZE)) + 0.5
    return dict(zip(SPEAKERS, (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype(np.float32), strict=True))


def target_of(stock, mix):
    """Return the vector of a mix as a target with a single pitch."""
    mean = sum(np.float32(share) * stock[name] for name, share in parse_mix(mix).shares.items())
    return (mean / np.linalg.norm(mean))[np.newaxis]


@pytest.mark.parametrize("mix", ["s3(1)+s11(1)", "s0(1)+s1(1)", "s4(1)+s12(1)+s19(1)", "s8(1)+s5(1)+s9(1)"])
def test_the_mix_of_a_target_is_found(stock, mix):
    fitted = fit_mix(target_of(stock, mix), stock)
    assert parse_mix(fitted.mix) == parse_mix(mix)
    assert fitted.pitch == 0


def test_a_mix_gains_less_than_the_mean_of_its_vectors(stock):
    target = target_of(stock, "s3+s11")
    alone = float((target @ stock["s3"]).item())
    assert alone < fit_mix(target, stock).likeness < 1


def test_most_of_a_mix_is_the_most_similar_speaker(stock):
    shares = parse_mix(fit_mix(target_of(stock, "s3(2)+s11(1)"), stock).mix).shares
    assert max(shares, key=shares.get) == "s3"


def test_a_single_speaker_stays_alone(stock):
    fitted = fit_mix(target_of(stock, "s5"), stock)
    assert (fitted.mix, fitted.likeness) == ("s5", pytest.approx(1))


def test_a_language_with_one_speaker_has_no_mix(stock):
    assert fit_mix(target_of(stock, "s3+s11"), {"s3": stock["s3"]}).mix == "s3"


def test_the_most_similar_pitch_decides(stock):
    """With vectors at two pitches: the second is that of the target, at which other speakers are like it."""
    random = np.random.default_rng(2)
    turn, _ = np.linalg.qr(random.normal(size=(SIZE, SIZE)))
    both = {name: np.concatenate([vector, (vector @ turn).astype(np.float32)]) for name, vector in stock.items()}
    target = (target_of(stock, "s3+s11")[0] @ turn).astype(np.float32)
    targets = np.stack([np.concatenate([target, 0 * target]), np.concatenate([0 * target, target])])
    fitted = fit_mix(targets, both)
    assert (set(parse_mix(fitted.mix).shares), fitted.pitch) == ({"s3", "s11"}, 1)
