"""Fused norms give the same results."""

import numpy as np
import onnxruntime
import pytest

from herald.speech.prepare.graph import divide
from herald.speech.prepare.rewrites import fuse_norms
from tests.unit.conftest import JOE, TINY


@pytest.mark.parametrize("path", [JOE, TINY], ids=["joe", "tiny"])
def test_the_encoder_gives_the_same_results(path):
    encoder = divide(path)["encoder"]
    fused = fuse_norms(encoder)
    drawn = np.random.default_rng(0)
    given = {
        "ids": drawn.integers(1, 60, (1, 50)),
        "scales": np.array([0.667, 1, 0.8], np.float32),
        "noise": drawn.standard_normal((1, 2, 50), np.float32),
        "speaker_id": np.array([1]),
    }
    results = []
    for model in (encoder, fused):
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        results.append(session.run(None, {value.name: given[value.name] for value in session.get_inputs()}))
    assert sum(node.op_type == "LayerNormalization" for node in fused.graph.node) > 20
    for before, after in zip(*results, strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("change", ["another operator", "another axis"])
def test_what_only_resembles_a_norm_is_left_unchanged(change):
    encoder = divide(TINY)["encoder"]
    centred = {name for node in encoder.graph.node if node.op_type == "Sub" for name in node.input}
    for node in encoder.graph.node:
        if node.op_type == "ReduceMean" and node.output[0] in centred:
            if change == "another operator":
                node.op_type = "ReduceMax"
            for attribute in node.attribute:
                if attribute.name == "axes" and change == "another axis":
                    attribute.ints[:] = [1]
    assert fuse_norms(encoder).graph.node == encoder.graph.node
