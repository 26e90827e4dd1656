"""Explicit zeros give the same results, and let the optimizer remove operations."""

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from herald.speech.prepare.graph import divide
from herald.speech.prepare.rewrites import spell_out_zeros
from tests.unit.conftest import JOE, TINY


def run(model, given):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, given)[0]


@pytest.mark.parametrize(("path", "channels"), [(JOE, 192), (TINY, 8)], ids=["joe", "tiny"])
def test_a_flow_gives_the_same_results(path, channels):
    flow = divide(path)["flow"]
    drawn = np.random.default_rng(0)
    sizes = {"prior": (1, channels, 40), "speaker": (1, 8, 1)}
    given = {value.name: drawn.standard_normal(sizes[value.name], np.float32) for value in flow.graph.input}
    spelt = spell_out_zeros(flow)
    assert all(node.op_type != "ConstantOfShape" for node in spelt.graph.node)
    np.testing.assert_allclose(run(spelt, given), run(flow, given), rtol=1e-5, atol=1e-5)


def shaped_like(value):
    nodes = [
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("ConstantOfShape", ["shape"], ["same"], value=numpy_helper.from_array(value)),
        helper.make_node("Pad", ["x", "pads", ""], ["padded"]),
        helper.make_node("Slice", ["padded", "one", "end", "two"], ["x again"]),
        helper.make_node("Add", ["x again", "same"], ["y"]),
    ]
    shape = [1, 2, 3]
    value_of = helper.make_tensor_value_info
    numbers = {"pads": [0, 0, 1, 0, 0, 1], "one": [1], "end": [-1], "two": [2]}
    graph = helper.make_graph(
        nodes,
        "g",
        [value_of("x", TensorProto.FLOAT, shape)],
        [value_of("y", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(np.array(numbers[name]), name) for name in numbers],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


@pytest.mark.parametrize(("value", "nodes"), [(0, 3), (1, 5)])
def test_only_zeros_are_made_explicit(value, nodes):
    model = shaped_like(np.array([value], np.float32))
    spelt = spell_out_zeros(model)
    given = {"x": np.arange(6, dtype=np.float32).reshape(1, 2, 3)}
    assert len(spelt.graph.node) == nodes
    assert all(node.input[-1] for node in spelt.graph.node)
    np.testing.assert_array_equal(run(spelt, given), given["x"] + value)
