"""Rewrite the splines of a voice's duration predictor with a sixth of the nodes. Needs the onnx package.

The flows of the predictor are monotonic rational-quadratic splines (Neural Spline Flows, arXiv:1906.04032, section 3.1
and equations 6 to 8) with ten bins over [-5, 5] and the identity outside. Each exported spline has about 330 nodes that
gather and scatter single elements, in total half of the encoder's nodes, and each node adds to the load time. Here the
bin is selected by multiplication with a one-hot mask.
"""

import math

from onnx import ModelProto, NodeProto

from herald.speech.prepare.graph import keep_needed
from herald.speech.prepare.writing import Writer, replace_maker, weight

_BINS = 10
_BOUND = 5.0
_LEAST = 1e-3
"""Minimum width and height of a bin, as a fraction of the range, and minimum slope (transforms.py of VITS)."""


def shorten_splines(encoder: ModelProto) -> ModelProto:
    """Return a copy of the encoder with shorter splines; unchanged if they are not Piper's."""
    model = ModelProto()
    model.CopyFrom(encoder)
    nodes = {node.name: node for node in model.graph.node}
    for name in [name for name, node in nodes.items() if node.op_type == "Softplus"]:
        flow = name.rpartition("/")[0]
        parts, knots, before = (nodes.get(f"{flow}/{part}") for part in ("Split", "proj/Conv", "pre/Conv"))
        concatenations = [node for node in nodes.values() if node.op_type == "Concat" and len(node.input) == 2]  # noqa: PLR2004
        joined = parts and next((node for node in concatenations if node.input[0] == parts.output[0]), None)
        if parts and knots and before and joined:
            spline = _Spline(flow, channels=weight(model, before.input[1]).shape[0])
            replace_maker(model, joined.input[1], spline.bend(knots.output[0], parts.output[1]))
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
        least = self.add(self.mul(parts, self.number(1 - _LEAST * _BINS)), self.number(_LEAST))
        sizes = self.mul(least, self.number(2 * _BOUND))
        starts = self.add(self.op("CumSum", sizes, self.ints(1), exclusive=1)[0], self.number(-_BOUND))
        slopes = self.add(self.op("Softplus", slopes_of)[0], self.number(_LEAST))
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
