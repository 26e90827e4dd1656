"""Rewrite the self-attention of a voice's encoder with a sixth of its nodes. Requires the onnx package.

VITS uses relative position embeddings (arXiv:1803.02155) with a window of four phonemes on each side. Each exported
layer has about a hundred nodes, most of which compute shapes: the nine values of a row are moved to their columns, and
back, by padding, reshaping and slicing. Here the columns are computed once for all layers, and the values are scattered
to them and gathered from them. T is the number of phoneme ids.
"""

import math
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto

from herald.speech.prepare.graph import keep_needed
from herald.speech.prepare.writing import CONTRIBUTED, Writer, replace_producer, set_nodes, weight

_SCATTER_ADD_OPSET = 16
"""First ONNX opset whose ScatterElements supports reduction="add"."""


@dataclass(frozen=True, kw_only=True)
class _Layer:
    """One attention layer: its name, heads, weights, and its input and output tensors."""

    name: str
    source: str
    result: str
    heads: int
    projections: list[NodeProto]
    keys: np.ndarray
    """Relative position embedding of the keys: (1, window, channels per head)."""
    values: np.ndarray


@dataclass(frozen=True, kw_only=True)
class _Places:
    """Tensors: the column of each value (1, heads, T, window), and a mask of the columns in range (T, window)."""

    columns: str
    inside: str


def shorten_attention(encoder: ModelProto) -> ModelProto:
    """Return a copy of the encoder with shorter attention; unchanged if it is not Piper's attention."""
    model = deepcopy(encoder)
    nodes = {node.name: node for node in model.graph.node}
    names = [name.removesuffix("/conv_o/Conv") for name in nodes if name.endswith("/conv_o/Conv")]
    layers = [layer for name in names if (layer := _layer(model, nodes, name))]
    if len({(layer.heads, layer.keys.shape) for layer in layers}) != 1:
        return model
    writer = Writer("/enc_p/encoder")
    places = _places(writer, layers[0].keys.shape[1], layers[0].heads)
    set_nodes(model, [*writer.nodes, *model.graph.node])
    for layer in layers:
        replace_producer(model, layer.result, _nodes(model, layer, places))
    (plain,) = (opset for opset in model.opset_import if opset.domain in {"", "ai.onnx"})
    plain.version = max(plain.version, _SCATTER_ADD_OPSET)
    if all(opset.domain != CONTRIBUTED for opset in model.opset_import):
        model.opset_import.add(domain=CONTRIBUTED, version=1)
    keep_needed(model.graph)
    return model


def _layer(model: ModelProto, nodes: dict[str, NodeProto], name: str) -> _Layer | None:
    parts = [nodes.get(f"{name}/conv_{part}/Conv") for part in "qkv"]
    projections = [node for node in parts if node and len(node.input) == 3]  # noqa: PLR2004  input, weight, bias
    module = name.removeprefix("/").replace("/", ".")
    known = {weight.name for weight in model.graph.initializer}
    embeddings = [f"{module}.emb_rel_{part}" for part in "kv"]
    if len(projections) != len("qkv") or not known.issuperset(embeddings):
        return None
    keys, values = (weight(model, embedding) for embedding in embeddings)
    return _Layer(
        name=name,
        source=projections[0].input[0],
        result=nodes[f"{name}/conv_o/Conv"].input[0],
        heads=weight(model, projections[0].input[1]).shape[0] // keys.shape[2],
        projections=projections,
        keys=keys,
        values=values,
    )


def _places(writer: Writer, window: int, heads: int) -> _Places:
    """Write nodes for the column i + d of phoneme i and distance d, clamped to [0, T - 1]; mask clamped values."""
    count = writer.op("Shape", "ids", start=1)[0]
    end = writer.op("Squeeze", count)[0]
    rows = writer.op("Range", writer.ints(0), end, writer.ints(1))[0]
    distances = list(range(-(window // 2), window // 2 + 1))
    columns = writer.add(writer.op("Unsqueeze", rows, writer.ints([1]))[0], writer.ints(distances))
    last = writer.sub(count, writer.ints([1]))
    edged = writer.op("Min", writer.op("Max", columns, writer.ints([0]))[0], last)[0]
    inside = writer.op("Cast", writer.op("Equal", columns, edged)[0], to=1)[0]
    return _Places(columns=writer.add(edged, writer.constant(np.zeros((1, heads, 1, 1), np.int64))), inside=inside)


def _nodes(model: ModelProto, layer: _Layer, places: _Places) -> list[NodeProto]:
    """Return the nodes of a layer's attention, from `source` (1, channels, T) to an output of the same shape."""
    writer = Writer(layer.name)
    _, _, width = layer.keys.shape
    query, key, value = _projected(model, layer, writer)
    scale = 1 / math.sqrt(width)
    near = _product(writer, query, writer.constant(layer.keys[0].T.copy()), transA=1, alpha=scale)
    scores = _product(writer, query, key, transA=1, alpha=scale)
    added = writer.mul(near, places.inside)
    scores = writer.op("ScatterElements", scores, places.columns, added, axis=3, reduction="add")[0]
    parts = writer.op("Softmax", scores, axis=-1)[0]
    near = writer.mul(writer.op("GatherElements", parts, places.columns, axis=3)[0], places.inside)
    far = _product(writer, value, parts, transB=1)
    taken = writer.add(far, _product(writer, writer.constant(layer.values[0].T.copy()), near, transB=1))
    writer.op("Reshape", taken, writer.ints([1, layer.heads * width, -1]))
    return writer.nodes


def _projected(model: ModelProto, layer: _Layer, writer: Writer) -> list[str]:
    """Compute query, key and value by one convolution; each is (1, heads, channels per head, T)."""
    kernels, biases = (
        writer.constant(np.concatenate([weight(model, node.input[number]) for node in layer.projections]))
        for number in (1, 2)
    )
    projected = writer.op("Conv", layer.source, kernels, biases)[0]
    heads = writer.ints([1, 3 * layer.heads, layer.keys.shape[2], -1])
    shares = writer.ints([layer.heads] * 3)
    return writer.op("Split", writer.op("Reshape", projected, heads)[0], shares, axis=1, outputs=3)


def _product(writer: Writer, left: str, right: str, **attributes: Any) -> str:  # noqa: ANN401
    return writer.op("FusedMatMul", left, right, domain=CONTRIBUTED, **attributes)[0]
