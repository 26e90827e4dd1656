"""Writes nodes into a graph. Needs the onnx package."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, helper, numpy_helper

CONTRIBUTED = "com.microsoft"
"""The domain of onnxruntime's own operators."""


class Writer:
    """Writes one node after the other and names what they make; constants are nodes too."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.nodes: list[NodeProto] = []

    def op(self, kind: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes: Any) -> list[str]:  # noqa: ANN401
        """Write a node; the names of what it makes."""
        stem = f"{self._name}/herald.{len(self.nodes)}"
        made = [f"{stem}.{number}" for number in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, made, name=stem, domain=domain, **attributes))
        return made

    def add(self, one: str, other: str) -> str:
        """Their sum."""
        return self.op("Add", one, other)[0]

    def sub(self, one: str, other: str) -> str:
        """Their difference."""
        return self.op("Sub", one, other)[0]

    def mul(self, one: str, other: str) -> str:
        """Their product."""
        return self.op("Mul", one, other)[0]

    def number(self, value: float) -> str:
        """A constant scalar."""
        return self.constant(np.array(value, np.float32))

    def ints(self, values: int | list[int]) -> str:
        """Constant whole numbers."""
        return self.constant(np.array(values, np.int64))

    def constant(self, value: np.ndarray) -> str:
        """A constant."""
        name = f"{self._name}/herald.{len(self.nodes)}"
        self.nodes.append(helper.make_node("Constant", [], [name], name=name, value=numpy_helper.from_array(value)))
        return name


def replace_maker(model: ModelProto, made: str, nodes: Sequence[NodeProto]) -> None:
    """Have a tensor made by other nodes, the last of which makes it."""
    kept = copies(model.graph.node)
    place = next(number for number, node in enumerate(kept) if made in node.output)
    nodes[-1].output[0] = made
    kept[place : place + 1] = nodes
    set_nodes(model, kept)


def copies(nodes: Sequence[NodeProto]) -> list[NodeProto]:
    """Copies that outlive the graph from which they are."""
    return [NodeProto.FromString(node.SerializeToString()) for node in nodes]


def set_nodes(model: ModelProto, nodes: Sequence[NodeProto]) -> None:
    """Give a model other nodes."""
    kept = copies(nodes)
    del model.graph.node[:]
    model.graph.node.extend(kept)


def weight(model: ModelProto, name: str) -> np.ndarray:
    """The values of a weight."""
    return numpy_helper.to_array(next(weight for weight in model.graph.initializer if weight.name == name))
