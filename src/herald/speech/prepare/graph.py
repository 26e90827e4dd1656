"""Split the graph of a Piper voice into the three parts that Herald runs. Requires the onnx package.

Piper's model is one graph from phoneme ids to samples (VITS, arXiv:2106.06103) that draws random numbers itself. The
parts allow streaming in chunks, and take the noise as an input, so that the same text gives the same audio:

    encoder  phoneme ids, scales, noise     -> durations (frames for each id), mean and log deviation of the prior
    flow     prior, frame by frame          -> latent
    decoder  latent, frame by frame         -> samples

In multi-speaker voices the encoder also outputs the speaker's embedding, an input of the other parts. The cuts are
found by the structure of the graph, because tensor names differ between exporters.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from herald.errors import UnsupportedVoice
from herald.speech.prepare.writing import copies

_NOISE = "RandomNormalLike"


@dataclass(frozen=True)
class Cut:
    """Names of the tensors at which a voice's graph is split."""

    duration_noise: str
    durations: str
    id_mask: str
    mean: str
    log_deviation: str
    prior: str
    frame_mask: str
    latent: str
    speaker: str | None


class _Wiring:
    """The producer and the consumers of each tensor of a graph."""

    def __init__(self, graph: GraphProto) -> None:
        self.nodes = graph.node
        self.producer = {name: node for node in graph.node for name in node.output}
        self.consumers: dict[str, list[NodeProto]] = {}
        for node in graph.node:
            for name in node.input:
                self.consumers.setdefault(name, []).append(node)

    def consumer(self, tensor: str, op: str) -> NodeProto:
        """Return the only node with this operator that consumes a tensor."""
        return self._only(
            [node for node in self.consumers.get(tensor, []) if node.op_type == op], f"{op} after {tensor}"
        )

    def named(self, name: str) -> NodeProto | None:
        return next((node for node in self.nodes if node.name == name), None)

    def of_kind(self, op: str) -> list[NodeProto]:
        return [node for node in self.nodes if node.op_type == op]

    def produced_by(self, tensor: str, op: str) -> NodeProto:
        """Return the node that produces a tensor; it must have this operator."""
        return self._only(
            [node for node in [self.producer.get(tensor)] if node and node.op_type == op], f"{op} -> {tensor}"
        )

    @staticmethod
    def _only(nodes: list[NodeProto], description: str) -> NodeProto:
        if len(nodes) != 1:
            raise UnsupportedVoice(
                f"This is not the graph of a Piper voice: {len(nodes)} nodes instead of one ({description})."
            )
        return nodes[0]


def find_cut(graph: GraphProto) -> Cut:
    """Find the tensors at which to split a Piper graph; raise UnsupportedVoice for any other graph."""
    wiring = _Wiring(graph)
    noises = wiring.of_kind(_NOISE)
    ceils = wiring.of_kind("Ceil")
    first = wiring.named("/dec/conv_pre/Conv")
    if len(noises) != 2 or len(ceils) != 1 or first is None:  # noqa: PLR2004  durations and prior
        raise UnsupportedVoice(
            "This is not the graph of a Piper voice: its noise, durations or decoder were not found."
        )
    latent = first.input[0]
    prior_noise = next((node for node in noises if _is_prior(wiring, node)), noises[-1])
    duration_noise = next(node for node in noises if node is not prior_noise)
    mean, log_deviation, prior = _prior(wiring, prior_noise)
    condition = wiring.named("/dec/cond/Conv")
    return Cut(
        duration_noise=duration_noise.output[0],
        durations=ceils[0].output[0],
        id_mask=_mask(wiring, wiring.produced_by(mean, "Split").input[0]),
        mean=mean,
        log_deviation=log_deviation,
        prior=prior,
        frame_mask=_mask(wiring, latent),
        latent=latent,
        speaker=condition.input[0] if condition is not None else None,
    )


def _is_prior(wiring: _Wiring, noise: NodeProto) -> bool:
    scaled = wiring.consumers.get(noise.output[0], [])
    return any(
        producer.op_type == "Exp" for node in scaled for name in node.input if (producer := wiring.producer.get(name))
    )


def _prior(wiring: _Wiring, noise: NodeProto) -> tuple[str, str, str]:
    """Return the names of mean and log deviation per phoneme id, and of prior = mean + noise * exp(log) * scale."""
    deviated = wiring.consumer(noise.output[0], "Mul")
    scaled = wiring.consumer(deviated.output[0], "Mul")
    prior = wiring.consumer(scaled.output[0], "Add")
    mean = next(name for name in prior.input if name != scaled.output[0])
    exp = wiring.produced_by(next(name for name in deviated.input if name != noise.output[0]), "Exp")
    return _unexpanded(wiring, mean), _unexpanded(wiring, exp.input[0]), prior.output[0]


def _mask(wiring: _Wiring, masked: str) -> str:
    """Return the mask of x * mask. It masks the padding of batches; for a single text it is always 1."""
    return str(wiring.produced_by(masked, "Mul").input[1])


def _unexpanded(wiring: _Wiring, per_frame: str) -> str:
    """Follow transpose(path @ transpose(x)) back to x, which has one column per phoneme id."""
    product = wiring.produced_by(wiring.produced_by(per_frame, "Transpose").input[0], "MatMul")
    return str(wiring.produced_by(product.input[1], "Transpose").input[0])


def divide(model_path: Path) -> dict[str, ModelProto]:
    """Split a Piper model file into "encoder", "flow" and "decoder"; raise UnsupportedVoice for any other file."""
    model = load(model_path)
    cut = find_cut(model.graph)
    speaker = {cut.speaker: "speaker"} if cut.speaker else {}
    ids = {"input": "ids", "input_lengths": "lengths", "scales": "scales", "sid": "speaker_id"}
    given = {value.name: ids[value.name] for value in model.graph.input}
    parameters = {cut.durations: "durations", cut.mean: "mean", cut.log_deviation: "log_deviation"}
    return {
        "encoder": extract(model, given | {cut.duration_noise: "noise"}, parameters | speaker, ones=cut.id_mask),
        "flow": extract(model, {cut.prior: "prior"} | speaker, {cut.latent: "latent"}, ones=cut.frame_mask),
        "decoder": extract(model, {cut.latent: "latent"} | speaker, {model.graph.output[0].name: "samples"}),
    }


def load(model_path: Path) -> ModelProto:
    """Load a model file; raise UnsupportedVoice for any other file."""
    try:
        model = onnx.load(str(model_path))
    except Exception as error:  # noqa: BLE001  protobuf's errors have no other common base
        raise UnsupportedVoice(f"{model_path} is not an ONNX model: {type(error).__name__}.") from None
    normalize(model.graph)
    return model


def normalize(graph: GraphProto) -> None:
    """Turn Constant nodes into initializers and resolve Identity of initializers; exporters differ in both."""
    names: dict[str, str] = {}
    kept = []
    weights = {weight.name for weight in graph.initializer}
    for node in graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            weight = TensorProto.FromString(node.attribute[0].t.SerializeToString())
            weight.name = node.output[0]
            weights.add(weight.name)
            graph.initializer.append(weight)
        elif node.op_type == "Identity" and node.input[0] in weights:
            names[node.output[0]] = node.input[0]
        else:
            kept.append(NodeProto.FromString(node.SerializeToString()))
    del graph.node[:]
    graph.node.extend(kept)


def extract(
    model: ModelProto, inputs: dict[str, str], outputs: dict[str, str], *, ones: str | None = None
) -> ModelProto:
    """Extract the nodes between `inputs` and `outputs`, renaming these tensors; replace `ones` by the constant 1."""
    known = set(inputs) | ({ones} if ones else set())
    nodes = _nodes_between(model.graph, known, set(outputs))
    used = {name for node in nodes for name in node.input}
    weights = [weight for weight in model.graph.initializer if weight.name in used]
    if ones:
        weights.append(numpy_helper.from_array(np.ones((1, 1, 1), np.float32), ones))
    graph = helper.make_graph(
        _renamed(nodes, inputs | outputs),
        "herald",
        [_value(name) for given, name in inputs.items() if given in used],
        [_value(name) for name in outputs.values()],
        weights,
    )
    return helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)


def _nodes_between(graph: GraphProto, known: set[str], wanted: set[str]) -> list[NodeProto]:
    """Return the nodes that compute `wanted` from `known` tensors, in the graph's order."""
    nodes = []
    for node in reversed(graph.node):
        if wanted.intersection(node.output) and not known.intersection(node.output):
            nodes.append(node)
            wanted = wanted.union(node.input) - known
    return nodes[::-1]


def keep_needed(graph: GraphProto) -> None:
    """Remove nodes that no output depends on, and their weights."""
    nodes = _nodes_between(graph, {value.name for value in graph.input}, {value.name for value in graph.output})
    needed = copies(nodes)
    used = {name for node in needed for name in node.input}
    weights = [weight for weight in graph.initializer if weight.name in used]
    kept = [TensorProto.FromString(weight.SerializeToString()) for weight in weights]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(needed)
    graph.initializer.extend(kept)


def _renamed(nodes: list[NodeProto], names: dict[str, str]) -> list[NodeProto]:
    """Return copies of nodes with renamed tensors."""
    renamed = copies(nodes)
    for node in renamed:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    return renamed


_SHAPES: dict[str, tuple[int, list[str | int] | None]] = {
    "ids": (TensorProto.INT64, [1, "ids"]),
    "lengths": (TensorProto.INT64, [1]),
    "scales": (TensorProto.FLOAT, [3]),
    "speaker_id": (TensorProto.INT64, [1]),
    "noise": (TensorProto.FLOAT, [1, 2, "ids"]),
    "durations": (TensorProto.FLOAT, [1, 1, "ids"]),
    "mean": (TensorProto.FLOAT, [1, "channels", "ids"]),
    "log_deviation": (TensorProto.FLOAT, [1, "channels", "ids"]),
    "speaker": (TensorProto.FLOAT, [1, "conditions", 1]),
    "prior": (TensorProto.FLOAT, [1, "channels", "frames"]),
    "latent": (TensorProto.FLOAT, [1, "channels", "frames"]),
    "samples": (TensorProto.FLOAT, None),  # rank differs between exporters
    # of spectral voices
    "lengths_of_ids": (TensorProto.FLOAT, ["ids"]),
    "text": (TensorProto.FLOAT, [1, "text_channels", "ids"]),
    "melody": (TensorProto.FLOAT, [1, "melody_channels", "ids"]),
    "melody_frames": (TensorProto.FLOAT, [1, "melody_channels", "frame_pairs"]),
    "text_frames": (TensorProto.FLOAT, [1, "text_channels", "frames"]),
    "pitch": (TensorProto.FLOAT, [1, "frames"]),
    "energy": (TensorProto.FLOAT, [1, "frames"]),
    "spectrum": (TensorProto.FLOAT, [1, "frames", "bins"]),
}


def _value(name: str) -> onnx.ValueInfoProto:
    kind, shape = _SHAPES[name]
    return helper.make_tensor_value_info(name, kind, shape)
