"""Fuse the layer norms of an encoder into LayerNormalization nodes. Needs the onnx package.

Opset 15 lacks the operator, so exporters write nine nodes. onnxruntime fuses most such patterns, but not Piper's.
"""

from onnx import GraphProto, ModelProto, NodeProto, helper, numpy_helper

from herald.speech.prepare.graph import keep_needed
from herald.speech.prepare.writing import set_nodes

_PATH = (("Add", 0), ("Mul", 0), ("Div", 1), ("Sqrt", 0), ("Add", 0), ("ReduceMean", 0), ("Pow", 0), ("Sub", 0))
"""The pattern from the last node of a norm to the first: each operator, and the input to follow."""


def fuse_norms(encoder: ModelProto) -> ModelProto:
    """Return a copy of the encoder with fused layer norms over the channels."""
    model = ModelProto()
    model.CopyFrom(encoder)
    makers = {name: node for node in model.graph.node for name in node.output}
    nodes: list[NodeProto] = []
    for node in model.graph.node:
        nodes += _fused(path, model.graph) if (path := _path(node, makers)) else [node]
    set_nodes(model, nodes)
    keep_needed(model.graph)
    return model


def _path(last: NodeProto, makers: dict[str, NodeProto]) -> list[NodeProto]:
    """Return the nodes of the norm that ends with `last`, in reverse order; empty if there is no norm."""
    path: list[NodeProto] = []
    node: NodeProto | None = last
    for kind, onward in _PATH:
        if node is None or node.op_type != kind:
            return []
        path.append(node)
        node = makers.get(node.input[onward])
    _, _, divided, *_, centred = path
    mean = makers.get(centred.input[1])
    if mean is None or mean.op_type != "ReduceMean" or mean.input[0] != centred.input[0]:
        return []
    over_the_last = any(list(attribute.ints) == [-1] for attribute in mean.attribute)
    return path if over_the_last and divided.input[0] == centred.output[0] else []


def _fused(path: list[NodeProto], graph: GraphProto) -> list[NodeProto]:
    last, scaled, _, _, stabilised, *_, centred = path
    weights = {weight.name: weight for weight in graph.initializer}
    names = scaled.input[1], last.input[1], stabilised.input[1]
    if not all(name in weights for name in names):
        return [last]
    scale, bias, epsilon = (numpy_helper.to_array(weights[name]).ravel() for name in names)
    made = last.output[0]
    for kind, values in (("scale", scale), ("bias", bias)):
        graph.initializer.append(numpy_helper.from_array(values, f"{made}.{kind}"))
    inputs = [centred.input[0], f"{made}.scale", f"{made}.bias"]
    return [helper.make_node("LayerNormalization", inputs, [made], name=made, axis=-1, epsilon=float(epsilon[0]))]
