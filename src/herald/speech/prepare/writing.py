"""Build and replace nodes of ONNX graphs. Needs the onnx package."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, helper, numpy_helper

CONTRIBUTED = "com.microsoft"
"""Domain of onnxruntime's contributed operators."""


class Writer:
    """Appends nodes and generates names for their outputs. Constants are nodes too."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.nodes: list[NodeProto] = []

    def op(self, kind: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes: Any) -> list[str]:  # noqa: ANN401
        """Append a node; return the names of its outputs."""
        stem = f"{self._name}/herald.{len(self.nodes)}"
        made = [f"{stem}.{number}" for number in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, made, name=stem, domain=domain, **attributes))
        return made

    def add(self, left: str, right: str) -> str:
        """Append an addition; return the name of its output."""
        return self.op("Add", left, right)[0]

    def sub(self, left: str, right: str) -> str:
        """Append a subtraction; return the name of its output."""
        return self.op("Sub", left, right)[0]

    def mul(self, left: str, right: str) -> str:
        """Append a multiplication; return the name of its output."""
        return self.op("Mul", left, right)[0]

    def number(self, value: float) -> str:
        """Append a float32 scalar; return its name."""
        return self.constant(np.array(value, np.float32))

    def ints(self, values: int | list[int]) -> str:
        """Append an int64 constant; return its name."""
        return self.constant(np.array(values, np.int64))

    def constant(self, value: np.ndarray) -> str:
        """Append a constant; return its name."""
        name = f"{self._name}/herald.{len(self.nodes)}"
        self.nodes.append(helper.make_node("Constant", [], [name], name=name, value=numpy_helper.from_array(value)))
        return name


def replace_producer(model: ModelProto, tensor: str, nodes: Sequence[NodeProto]) -> None:
    """Replace the node that produces a tensor by `nodes`, the last of which then produces it."""
    kept = copies(model.graph.node)
    place = next(number for number, node in enumerate(kept) if tensor in node.output)
    nodes[-1].output[0] = tensor
    kept[place : place + 1] = nodes
    set_nodes(model, kept)


def copies(nodes: Sequence[NodeProto]) -> list[NodeProto]:
    """Return copies of nodes that stay valid when their graph is changed."""
    return [NodeProto.FromString(node.SerializeToString()) for node in nodes]


def set_nodes(model: ModelProto, nodes: Sequence[NodeProto]) -> None:
    """Replace all nodes of a model."""
    kept = copies(nodes)
    del model.graph.node[:]
    model.graph.node.extend(kept)


def weight(model: ModelProto, name: str) -> np.ndarray:
    """Return the values of the weight with that name."""
    return numpy_helper.to_array(next(weight for weight in model.graph.initializer if weight.name == name))
