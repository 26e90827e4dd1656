"""The blocked layout gives the same audio."""

import numpy as np
import onnxruntime
import pytest

from herald.speech.prepare.finishing import signal_to_noise
from herald.speech.prepare.graph import divide
from herald.speech.prepare.layout import blocked
from tests.unit.conftest import JOE, TINY


def run(model, given):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, given)[0].ravel()


@pytest.mark.parametrize(("path", "channels"), [(JOE, 192), (TINY, 8)], ids=["joe", "tiny"])
@pytest.mark.parametrize("frames", [7, 50])
def test_a_decoder_sounds_the_same(path, channels, frames):
    decoder = divide(path)["decoder"]
    drawn = np.random.default_rng(0)
    sizes = {"latent": (1, channels, frames), "speaker": (1, 8, 1)}
    given = {value.name: drawn.standard_normal(sizes[value.name], np.float32) for value in decoder.graph.input}
    assert signal_to_noise(run(decoder, given), run(blocked(decoder), given)) > 100


def test_the_decoder_uses_operators_of_the_blocked_kernels():
    kinds = {node.op_type for node in blocked(divide(JOE)["decoder"]).graph.node}
    assert kinds == {"Unsqueeze", "Conv", "FusedConv", "ConvTranspose", "Add", "Tanh"}


def test_the_input_is_not_modified():
    decoder = divide(TINY)["decoder"]
    before = decoder.SerializeToString()
    blocked(decoder)
    assert decoder.SerializeToString() == before
