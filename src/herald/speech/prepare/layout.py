"""Rewrite a decoder for onnxruntime's blocked convolutions on x86-64. Requires the onnx package.

onnxruntime computes one-dimensional convolutions as matrix products over a copy of their input. With the few channels
of a decoder, that is half as fast as possible. Its blocked kernels (NCHWc, in blocks of 8 or 16 channels) need no copy,
but support two-dimensional convolutions only, and convert the layout for each other operator. Therefore:

- each convolution gets a second dimension of size 1;
- a leaky ReLU, and the constant by which its input may be divided, become a depthwise convolution with the ReLU as its
  activation;
- the output of a transposed convolution, which has no blocked kernel, passes through a depthwise convolution, so that
  the following additions stay in the blocked layout;
- the dimensions of tensors are named, so that onnxruntime recognizes the operands of those additions as equal in shape.

The audio is unchanged, which the tests verify.
"""

from collections.abc import Iterator
from copy import deepcopy

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, helper, numpy_helper

from herald.speech.prepare.writing import CONTRIBUTED, set_nodes

_FRAMES = 1009
"""A prime number of frames, by which shape inference marks dimensions that depend on the frames."""
_SQUEEZED_AXIS = "herald.axis"
_WIDE = 4
"""Dimensions of a widened tensor: batch, channels, 1, time."""


def blocked(decoder: ModelProto) -> ModelProto:
    """Return a copy of the decoder, from "latent" to "samples", rewritten for blocked convolutions."""
    model = deepcopy(decoder)
    _widen(model)
    _name_sizes(model)
    shapes = {value.name: value.type.tensor_type.shape.dim for value in model.graph.value_info}
    channels = {name: shape[1].dim_value for name, shape in shapes.items() if len(shape) == _WIDE}
    set_nodes(
        model, [replacement for node in list(model.graph.node) for replacement in _in_blocks(node, model, channels)]
    )
    model.opset_import.append(helper.make_opsetid(CONTRIBUTED, 1))
    return model


def _widen(model: ModelProto) -> None:
    """Add a dimension to all convolutions, from the inputs to the samples."""
    convolutions = [node for node in model.graph.node if node.op_type in {"Conv", "ConvTranspose"}]
    for node in convolutions:
        for attribute in node.attribute:
            attribute.ints[:] = _wide(attribute.name, list(attribute.ints))
    kernels = {node.input[1] for node in convolutions}
    for weight in model.graph.initializer:
        if weight.name in kernels:
            weight.CopyFrom(numpy_helper.from_array(np.expand_dims(numpy_helper.to_array(weight), 2), weight.name))
    model.graph.initializer.append(numpy_helper.from_array(np.array([2]), _SQUEEZED_AXIS))
    wide = {value.name: f"herald.{value.name}" for value in model.graph.input}
    for node in model.graph.node:
        node.input[:] = [wide.get(name, name) for name in node.input]
    widened = [helper.make_node("Unsqueeze", [name, _SQUEEZED_AXIS], [wide[name]]) for name in wide]
    set_nodes(model, [*widened, *_without_last_unsqueeze(model)])


def _without_last_unsqueeze(model: ModelProto) -> list[NodeProto]:
    """Return the nodes without the exporter's final Unsqueeze; the samples are flattened anyway."""
    *nodes, last = list(model.graph.node)
    if last.op_type != "Unsqueeze":
        return [*nodes, last]
    for node in nodes:
        node.output[:] = [last.output[0] if name == last.input[0] else name for name in node.output]
    return nodes


def _wide(name: str, values: list[int]) -> list[int]:
    if name == "pads":
        before, after = values
        return [0, before, 0, after]
    return {"kernel_shape": [1], "dilations": [1], "strides": [1], "output_padding": [0]}.get(name, []) + values


def _name_sizes(model: ModelProto) -> None:
    """Add the shape of every tensor to the graph, with names for dimensions that depend on the frames."""
    sized = deepcopy(model)
    latent = next(value for value in sized.graph.input if value.name == "latent")
    latent.type.tensor_type.shape.dim[2].dim_value = _FRAMES
    for value in onnx.shape_inference.infer_shapes(sized, data_prop=True).graph.value_info:
        for size in value.type.tensor_type.shape.dim:
            if size.dim_value and size.dim_value % _FRAMES == 0:
                size.dim_param = f"frames_{size.dim_value // _FRAMES}"
        model.graph.value_info.append(value)


def _in_blocks(node: NodeProto, model: ModelProto, channels: dict[str, int]) -> Iterator[NodeProto]:
    """Yield a node, or its replacements that blocked kernels support."""
    output = node.output[0]
    scalars = (weight for weight in model.graph.initializer if not weight.dims)
    divisor = next((weight for weight in scalars if node.op_type == "Div" and weight.name == node.input[1]), None)
    if node.op_type == "LeakyRelu" and node.input[0] in channels:
        slope = next((attribute.f for attribute in node.attribute if attribute.name == "alpha"), 0.01)
        yield _depthwise(model, node.input[0], output, channels[output], slope=slope)
    elif divisor is not None and output in channels:
        factor = 1 / float(numpy_helper.to_array(divisor))
        yield _depthwise(model, node.input[0], output, channels[output], factor=factor)
    elif node.op_type == "ConvTranspose":
        plain = f"{output}.plain"
        copy = NodeProto.FromString(node.SerializeToString())
        copy.output[0] = plain
        yield copy
        yield _depthwise(model, plain, output, channels[output])
    else:
        yield node


def _depthwise(  # noqa: PLR0913  attributes of one node
    model: ModelProto, source: str, output: str, channels: int, *, factor: float = 1.0, slope: float | None = None
) -> NodeProto:
    """Return a depthwise convolution: x * factor, followed by a leaky ReLU if `slope` is given."""
    weight = f"herald.each_of_{channels}_by_{factor:.6g}"
    if all(known.name != weight for known in model.graph.initializer):
        values = np.full((channels, 1, 1, 1), factor, np.float32)
        model.graph.initializer.append(numpy_helper.from_array(values, weight))
    node = helper.make_node("Conv", [source, weight], [output], group=channels, kernel_shape=[1, 1])
    if slope is not None:
        node.op_type, node.domain = "FusedConv", CONTRIBUTED
        activation = {"activation": "LeakyRelu", "activation_params": [slope]}
        node.attribute.extend(helper.make_attribute(name, value) for name, value in activation.items())
    return node
