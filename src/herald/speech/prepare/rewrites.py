"""Rewrite parts of a graph that onnxruntime's optimizer does not recognize. Requires the onnx package.

Splines get a sixth of their nodes. The flows of the duration predictor are monotonic rational-quadratic splines (Neural
Spline Flows, arXiv:1906.04032, section 3.1 and equations 6 to 8) with ten bins over [-5, 5] and the identity outside.
Each exported spline has about 330 nodes that gather and scatter single elements, in total half of the encoder's nodes,
and each node adds to the load time. Here the bin is selected by multiplication with a one-hot mask.

Layer norms become LayerNormalization nodes. Opset 15 lacks the operator, so exporters write nine nodes. onnxruntime
fuses most such patterns, but not Piper's.

Zeros become constants. Flows that only shift still scale by exp(-0), and add the embedding of a speaker that they lack:
zeros in the shape of another tensor. With constant zeros instead, the optimizer removes the operations that use them.
It also merges zero padding into the following convolution, but not if the pad value is an empty optional input.
"""

import math
from copy import deepcopy

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, helper, numpy_helper

from herald.speech.prepare.graph import keep_needed
from herald.speech.prepare.writing import Writer, replace_producer, set_nodes, weight

_BINS = 10
_BOUND = 5.0
_MINIMUM = 1e-3
"""Minimum width and height of a bin, as a fraction of the range, and minimum slope (transforms.py of VITS)."""


def shorten_splines(encoder: ModelProto) -> ModelProto:
    """Return a copy of the encoder with shorter splines; unchanged if they are not Piper's."""
    model = deepcopy(encoder)
    nodes = {node.name: node for node in model.graph.node}
    for name in [name for name, node in nodes.items() if node.op_type == "Softplus"]:
        flow = name.rpartition("/")[0]
        parts, knots, before = (nodes.get(f"{flow}/{part}") for part in ("Split", "proj/Conv", "pre/Conv"))
        concatenations = [node for node in nodes.values() if node.op_type == "Concat" and len(node.input) == 2]  # noqa: PLR2004
        joined = parts and next((node for node in concatenations if node.input[0] == parts.output[0]), None)
        if parts and knots and before and joined:
            spline = _Spline(flow, channels=weight(model, before.input[1]).shape[0])
            replace_producer(model, joined.input[1], spline.bend(knots.output[0], parts.output[1]))
    keep_needed(model.graph)
    return model


class _Spline(Writer):
    """Writes the inverse of a spline; T is the number of phoneme ids."""

    def __init__(self, name: str, channels: int) -> None:
        super().__init__(name)
        self._scale = 1 / math.sqrt(channels)

    def bend(self, knots: str, given: str) -> list[NodeProto]:
        """Return the nodes that apply the inverse spline of `knots` (1, 29, T) to `given` (1, 1, T)."""
        sizes_of, slopes_of = self.op("Split", knots, self.ints([2 * _BINS, _BINS - 1]), outputs=2, axis=1)
        scaled = self.mul(self.op("Reshape", sizes_of, self.ints([2, _BINS, -1]))[0], self.number(self._scale))
        parts = self.op("Softmax", scaled, axis=1)[0]
        least = self.add(self.mul(parts, self.number(1 - _MINIMUM * _BINS)), self.number(_MINIMUM))
        sizes = self.mul(least, self.number(2 * _BOUND))
        starts = self.add(self.op("CumSum", sizes, self.ints(1), exclusive=1)[0], self.number(-_BOUND))
        slopes = self.add(self.op("Softplus", slopes_of)[0], self.number(_MINIMUM))
        before, after = self._padded(slopes, [0, 1, 0, 0, 0, 0]), self._padded(slopes, [0, 0, 0, 0, 1, 0])
        table = self.op("Concat", starts, sizes, before, after, axis=0)[0]
        one = self._chosen(starts, given)
        found = self.op("ReduceSum", self.mul(table, one), self.ints([1]), keepdims=1)[0]
        bent = self._bent(given, self.op("Split", found, self.ints([1] * 6), outputs=6, axis=0))
        inside = self.op("LessOrEqual", self.op("Abs", given)[0], self.number(_BOUND))[0]
        self.op("Where", inside, bent, given)
        return self.nodes

    def _chosen(self, starts: str, given: str) -> str:
        """Return the one-hot mask of the bin that contains each value: (1, 10, T)."""
        bottoms = self.op("Slice", starts, self.ints([1]), self.ints([2]), self.ints([0]))[0]
        above = self.op("Cast", self.op("GreaterOrEqual", given, bottoms)[0], to=1)[0]
        others = self.op("Slice", above, self.ints([1]), self.ints([_BINS]), self.ints([1]))[0]
        return self.sub(above, self._padded(others, [0, 0, 0, 0, 1, 0], value=0.0))

    def _bent(self, given: str, bin_of: list[str]) -> str:
        """Solve equations 6 to 8 of the paper for x, given y and the start, size and slopes of its bin."""
        left, bottom, width, height, first, last = bin_of
        rise = self.sub(given, bottom)
        slope = self.op("Div", height, width)[0]
        curve = self.sub(self.add(first, last), self.mul(slope, self.number(2.0)))
        curved = self.mul(rise, curve)
        a = self.add(curved, self.mul(height, self.sub(slope, first)))
        b = self.sub(self.mul(height, first), curved)
        c = self.mul(slope, rise)
        root = self.op("Sqrt", self.add(self.mul(b, b), self.mul(self.mul(a, c), self.number(4.0))))[0]
        part = self.op("Div", self.mul(c, self.number(2.0)), self.add(b, root))[0]
        return self.add(self.mul(part, width), left)

    def _padded(self, given: str, pads: list[int], *, value: float = 1.0) -> str:
        return self.op("Pad", given, self.ints(pads), self.number(value))[0]


_PATH = (("Add", 0), ("Mul", 0), ("Div", 1), ("Sqrt", 0), ("Add", 0), ("ReduceMean", 0), ("Pow", 0), ("Sub", 0))
"""The pattern from the last node of a norm to the first: each operator, and the input to follow."""


def fuse_norms(encoder: ModelProto) -> ModelProto:
    """Return a copy of the encoder with fused layer norms over the channels."""
    model = deepcopy(encoder)
    producers = {name: node for node in model.graph.node for name in node.output}
    nodes: list[NodeProto] = []
    for node in model.graph.node:
        nodes += _fused(path, model.graph) if (path := _path(node, producers)) else [node]
    set_nodes(model, nodes)
    keep_needed(model.graph)
    return model


def _path(last: NodeProto, producers: dict[str, NodeProto]) -> list[NodeProto]:
    """Return the nodes of the norm that ends with `last`, in reverse order; empty if there is no norm."""
    path: list[NodeProto] = []
    node: NodeProto | None = last
    for kind, onward in _PATH:
        if node is None or node.op_type != kind:
            return []
        path.append(node)
        node = producers.get(node.input[onward])
    _, _, divided, *_, centred = path
    mean = producers.get(centred.input[1])
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


_RANK = 3
"""Rank of the replaced tensors, whose shape is (batch, channels, time)."""


def spell_out_zeros(part: ModelProto) -> ModelProto:
    """Return a copy of a part of a voice with constant zeros instead of computed ones."""
    model = deepcopy(part)
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
