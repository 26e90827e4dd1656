"""The rewritten attention gives the same results."""

import numpy as np
import onnxruntime
import pytest

from herald.speech.prepare.attention import shorten_attention
from herald.speech.prepare.graph import divide
from tests.unit.conftest import JOE, TINY


def run(model, count):
    drawn = np.random.default_rng(count)
    given = {
        "ids": drawn.integers(1, 60, (1, count)),
        "scales": np.array([0.667, 1, 0.8], np.float32),
        "noise": drawn.standard_normal((1, 2, count), np.float32),
        "speaker_id": np.array([1]),
    }
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {value.name: given[value.name] for value in session.get_inputs()})


@pytest.mark.parametrize("path", [JOE, TINY], ids=["joe", "tiny"])
@pytest.mark.parametrize("count", [1, 4, 5, 9, 80])
def test_the_encoder_gives_the_same_results(path, count):
    """Including texts shorter than the window of nine phonemes."""
    encoder = divide(path)["encoder"]
    short = shorten_attention(encoder)
    for before, after in zip(run(encoder, count), run(short, count), strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-4)


def test_a_layer_has_few_nodes():
    short = shorten_attention(divide(JOE)["encoder"])
    name = "/enc_p/encoder/attn_layers.3/"
    nodes = [node for node in short.graph.node if node.name.startswith(name) and node.op_type != "Constant"]
    assert len(nodes) < 20


@pytest.mark.parametrize("taken", ["enc_p.encoder.attn_layers.0.emb_rel_k", "/enc_p/encoder/attn_layers.0/conv_o/Conv"])
def test_other_attention_is_not_changed(taken):
    encoder = divide(TINY)["encoder"]
    for named in [*encoder.graph.initializer, *encoder.graph.node]:
        if named.name == taken:
            named.name = "renamed"
    before = [node.name for node in encoder.graph.node if "attn_layers.0/" in node.name]
    after = {node.name for node in shorten_attention(encoder).graph.node}
    assert after.issuperset(before)


def test_the_input_is_not_modified():
    encoder = divide(TINY)["encoder"]
    before = encoder.SerializeToString()
    shorten_attention(encoder)
    assert encoder.SerializeToString() == before
