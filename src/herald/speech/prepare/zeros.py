"""Make constant zeros explicit, for onnxruntime's optimizer. Needs the onnx package.

Flows that only shift still scale by exp(-0), and add the embedding of a speaker that they lack: zeros in the shape of
another tensor. With constant zeros instead, the optimizer removes the operations that use them. It also merges zero
padding into the following convolution, but not if the pad value is an empty optional input.
"""

import numpy as np
from onnx import ModelProto, NodeProto, numpy_helper

from herald.speech.prepare.graph import keep_needed
from herald.speech.prepare.writing import set_nodes

_RANK = 3
"""The tensors concerned have the shape (batch, channels, time)."""


def spell_out_zeros(part: ModelProto) -> ModelProto:
    """Return a copy of a part of a voice with explicit zeros."""
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
