"""Writes the splines of a voice's duration predictor in a sixth of the nodes. Needs the onnx package.

The flows of the predictor bend numbers by monotonic rational-quadratic splines (Neural Spline Flows, arXiv:1906.04032,
section 3.1 and equations 6 to 8; ten bins over [-5, 5], straight outside). Exported, each is some 330 nodes that gather
and scatter single elements, together half of the encoder's, and loading takes time for each node. Here the bin is
chosen by multiplying with zeros and a one instead.
"""

import math
from collections.abc import Sequence

import numpy as np
from onnx import ModelProto, NodeProto, helper, numpy_helper

from herald.speech.prepare.graph import keep_needed

_BINS = 10
_BOUND = 5.0
_LEAST = 1e-3
"""The least width and height of a bin, as a part of all, and the least slope; VITS, transforms.py."""


def shorten_splines(encoder: ModelProto) -> ModelProto:
    """The encoder with short splines, where it has those of Piper; the given one stays as it is."""
    model = ModelProto()
    model.CopyFrom(encoder)
    nodes = {node.name: node for node in model.graph.node}
    for name in [name for name, node in nodes.items() if node.op_type == "Softplus"]:
        flow = name.rpartition("/")[0]
        parts, knots, before = (nodes.get(f"{flow}/{part}") for part in ("Split", "proj/Conv", "pre/Conv"))
        joined = parts and next((node for node in nodes.values() if _joins(node, parts)), None)
        if parts and knots and before and joined:
            channels = _weight(model, before.input[1]).shape[0]
            _replace(model, joined.input[1], _Spline(flow, channels).nodes(knots.output[0], parts.output[1]))
    keep_needed(model.graph)
    return model


def _joins(node: NodeProto, parts: NodeProto) -> bool:
    return node.op_type == "Concat" and node.input[0] == parts.output[0] and len(node.input) == 2  # noqa: PLR2004


def _weight(model: ModelProto, name: str) -> np.ndarray:
    return numpy_helper.to_array(next(weight for weight in model.graph.initializer if weight.name == name))


def _replace(model: ModelProto, made: str, nodes: Sequence[NodeProto]) -> None:
    """Have a tensor made by other nodes, the last of which makes it."""
    kept = [NodeProto.FromString(node.SerializeToString()) for node in model.graph.node]
    place = next(number for number, node in enumerate(kept) if made in node.output)
    nodes[-1].output[0] = made
    kept[place : place + 1] = nodes
    del model.graph.node[:]
    model.graph.node.extend(kept)


class _Spline:
    """Builds the inverse of one spline, node by node; T is the number of phoneme ids."""

    def __init__(self, name: str, channels: int) -> None:
        self._name = name
        self._scale = 1 / math.sqrt(channels)
        self._made: list[NodeProto] = []

    def nodes(self, knots: str, given: str) -> list[NodeProto]:
        """From `knots` (1, 29, T) and `given` (1, 1, T) the bent numbers (1, 1, T)."""
        sizes_of, slopes_of = self._op("Split", knots, self._ints([2 * _BINS, _BINS - 1]), outputs=2, axis=1)
        scaled = self._mul(self._op("Reshape", sizes_of, self._ints([2, _BINS, -1]))[0], self._number(self._scale))
        parts = self._op("Softmax", scaled, axis=1)[0]
        least = self._add(self._mul(parts, self._number(1 - _LEAST * _BINS)), self._number(_LEAST))
        sizes = self._mul(least, self._number(2 * _BOUND))
        starts = self._add(self._op("CumSum", sizes, self._ints(1), exclusive=1)[0], self._number(-_BOUND))
        slopes = self._add(self._op("Softplus", slopes_of)[0], self._number(_LEAST))
        before, after = self._padded(slopes, [0, 1, 0, 0, 0, 0]), self._padded(slopes, [0, 0, 0, 0, 1, 0])
        table = self._op("Concat", starts, sizes, before, after, axis=0)[0]
        one = self._chosen(starts, given)
        found = self._op("ReduceSum", self._mul(table, one), self._ints([1]), keepdims=1)[0]
        bent = self._bent(given, self._op("Split", found, self._ints([1] * 6), outputs=6, axis=0))
        inside = self._op("LessOrEqual", self._op("Abs", given)[0], self._number(_BOUND))[0]
        self._op("Where", inside, bent, given)
        return self._made

    def _chosen(self, starts: str, given: str) -> str:
        """1 for the bin in whose height a number lies, 0 for the others: (1, 10, T)."""
        bottoms = self._op("Slice", starts, self._ints([1]), self._ints([2]), self._ints([0]))[0]
        above = self._op("Cast", self._op("GreaterOrEqual", given, bottoms)[0], to=1)[0]
        others = self._op("Slice", above, self._ints([1]), self._ints([_BINS]), self._ints([1]))[0]
        return self._sub(above, self._padded(others, [0, 0, 0, 0, 1, 0], value=0.0))

    def _bent(self, given: str, bin_of: list[str]) -> str:
        """Solve equations 6 to 8 of the paper for x, given y and its bin: where it starts, its size, its slopes."""
        left, bottom, width, height, first, last = bin_of
        rise = self._sub(given, bottom)
        slope = self._op("Div", height, width)[0]
        curve = self._sub(self._add(first, last), self._mul(slope, self._number(2.0)))
        curved = self._mul(rise, curve)
        a = self._add(curved, self._mul(height, self._sub(slope, first)))
        b = self._sub(self._mul(height, first), curved)
        c = self._mul(slope, rise)
        root = self._op("Sqrt", self._add(self._mul(b, b), self._mul(self._mul(a, c), self._number(4.0))))[0]
        part = self._op("Div", self._mul(c, self._number(2.0)), self._add(b, root))[0]
        return self._add(self._mul(part, width), left)

    def _op(self, kind: str, *inputs: str, outputs: int = 1, **attributes: int) -> list[str]:
        stem = f"{self._name}/herald.{len(self._made)}"
        made = [f"{stem}.{number}" for number in range(outputs)]
        self._made.append(helper.make_node(kind, inputs, made, name=stem, **attributes))  # type: ignore[arg-type]
        return made

    def _add(self, one: str, other: str) -> str:
        return self._op("Add", one, other)[0]

    def _sub(self, one: str, other: str) -> str:
        return self._op("Sub", one, other)[0]

    def _mul(self, one: str, other: str) -> str:
        return self._op("Mul", one, other)[0]

    def _padded(self, given: str, pads: list[int], *, value: float = 1.0) -> str:
        return self._op("Pad", given, self._ints(pads), self._number(value))[0]

    def _number(self, value: float) -> str:
        return self._constant(np.array(value, np.float32))

    def _ints(self, values: int | list[int]) -> str:
        return self._constant(np.array(values, np.int64))

    def _constant(self, value: np.ndarray) -> str:
        name = f"{self._name}/herald.{len(self._made)}"
        self._made.append(helper.make_node("Constant", [], [name], name=name, value=numpy_helper.from_array(value)))
        return name
