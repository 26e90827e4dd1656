"""Writes what exporters leave unsaid, so that onnxruntime's optimiser sees it. Needs the onnx package.

Flows that only shift still scale by exp(-0), and add the embedding of a speaker that they do not have: zeros, made in
the shape of another tensor. Written as one zero, the optimiser leaves out whatever is computed with them. Pads of zero
become a part of the convolution behind them, but not where their value is an input without a name.
"""

import numpy as np
from onnx import ModelProto, NodeProto, numpy_helper

from herald.speech.prepare.graph import keep_needed
from herald.speech.prepare.writing import set_nodes

_RANK = 3
"""All tensors that have such a shape are (batch, channels, time)."""


def spell_out_zeros(part: ModelProto) -> ModelProto:
    """A part of a voice with its zeros written out; the given one stays as it is."""
    model = ModelProto()
    model.CopyFrom(part)
    shapes = {node.output[0] for node in model.graph.node if node.op_type == "Shape"}
    zeros = [node for node in model.graph.node if _is_zero(node) and node.input[0] in shapes]
    for node in zeros:
        zero = np.zeros([1] * _RANK, np.float32)
        model.graph.initializer.append(numpy_helper.from_array(zero, node.output[0]))
    for node in model.graph.node:
        if node.op_type == "Pad" and not node.input[-1]:
            del node.input[-1]
    set_nodes(model, [node for node in model.graph.node if node not in zeros])
    keep_needed(model.graph)
    return model


def _is_zero(node: NodeProto) -> bool:
    if node.op_type != "ConstantOfShape":
        return False
    values = [numpy_helper.to_array(attribute.t) for attribute in node.attribute if attribute.name == "value"]
    return all(value.dtype == np.float32 and not value.any() for value in values)
