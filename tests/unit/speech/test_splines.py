"""The rewritten splines give the same results."""

import numpy as np
import onnxruntime
import pytest

from herald.speech.prepare.graph import divide
from herald.speech.prepare.rewrites import shorten_splines
from tests.unit.conftest import JOE, TINY


def run(model, given):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {value.name: given[value.name] for value in session.get_inputs()})


@pytest.mark.parametrize("path", [JOE, TINY], ids=["joe", "tiny"])
@pytest.mark.parametrize("count", [3, 80])
def test_the_encoder_gives_the_same_results(path, count):
    encoder = divide(path)["encoder"]
    drawn = np.random.default_rng(count)
    given = {
        "ids": drawn.integers(1, 60, (1, count)),
        "scales": np.array([0.667, 1, 0.8], np.float32),
        "noise": 4 * drawn.standard_normal((1, 2, count), np.float32),  # some values outside the splines' range
        "speaker_id": np.array([1]),
    }
    short = shorten_splines(encoder)
    assert len(short.graph.node) < 0.7 * len(encoder.graph.node)
    for before, after in zip(run(encoder, given), run(short, given), strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-4)


def test_other_graphs_are_not_changed():
    decoder = divide(TINY)["decoder"]
    assert len(shorten_splines(decoder).graph.node) == len(decoder.graph.node)
