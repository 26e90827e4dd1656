"""Make the tiny test voice de_DE-tiny-low: three speakers, a "high" decoder, random weights.

Tests that split a voice's graph need a multi-speaker voice that is not English, and a real one is a download of
seventy megabytes or more. What such tests rest on is the graph: its nodes, their names, how they join. Training
changes only the numbers, so here is Piper's own model, shrunk, never trained, and written by Piper's own exporter.
It babbles; it does not speak German.

In a throw-away environment of Python 3.11 or later:

    pip install torch==2.13.0 "piper-tts[train]==1.8.0"
    python tests/voices/make_tiny.py

Both files appear beside this script. The seed is fixed: the same versions make the same voice.
"""

import functools
import json
from pathlib import Path
from typing import Any
from unittest import mock

import onnx
import torch
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP
from piper.train import export_onnx
from piper.train.vits.config import ModelAudioConfig
from piper.train.vits.lightning import VitsModel
from piper.train.vits.models import SynthesizerTrn

VOICE = Path(__file__).with_name("de_DE-tiny-low.onnx")
SPEAKERS = {"anna": 0, "bert": 1, "carla": 2}
SAMPLE_RATE, SYMBOLS, WIDTH = 16_000, 256, 8
SEED = 4  # of the first few, one that is neither faint nor clipped
CALM = 0.7  # lowers the spread of durations: a phoneme id lasts one to five frames, seldom more
LOUDNESS = 3.0  # what each upsampling stage gains


def main() -> None:
    """Write the voice and its config."""
    torch.manual_seed(SEED)
    export(voice())
    model = onnx.load(VOICE)
    settle(model.graph)
    onnx.save(model, VOICE)
    described = json.dumps(config(), ensure_ascii=False, indent=2) + "\n"
    VOICE.with_suffix(".onnx.json").write_text(described, encoding="utf-8")


def voice() -> VitsModel:
    """Piper's model, small, with the decoder of a "high" voice."""
    decoder = vars(ModelAudioConfig.high_quality()) | {"upsample_initial_channel": 2 * WIDTH}
    sizes = {"inter_channels": WIDTH, "hidden_channels": WIDTH, "filter_channels": 2 * WIDTH, "gin_channels": WIDTH}
    common = {"sample_rate": SAMPLE_RATE, "num_symbols": SYMBOLS, "num_speakers": len(SPEAKERS), "mos_metric": None}
    model = VitsModel(n_layers=2, **common, **sizes, **decoder)
    with torch.no_grad():
        liven(model.model_g)
    return model


def liven(net: SynthesizerTrn) -> None:
    """Replace Piper's first weights where they are zero, or so small that the voice would be silent."""
    for zero in [flow.post for flow in net.flow.flows[::2]] + [flow.proj for flow in net.dp.flows[1::2]]:
        zero.weight.normal_(std=0.3)
    net.dp.flows[0].logs.fill_(CALM)
    for up in net.dec.ups:
        up.weight_g.mul_(LOUDNESS)


def export(model: VitsModel) -> None:
    """Run Piper's exporter on this model in place of a checkpoint, with the TorchScript exporter voices come from."""
    with (
        mock.patch("sys.argv", ["export_onnx", "--checkpoint", "none", "--output-file", str(VOICE)]),
        mock.patch("torch.onnx.export", functools.partial(torch.onnx.export, dynamo=False)),
        mock.patch.object(VitsModel, "load_from_checkpoint", return_value=model),
    ):
        export_onnx.main()


def settle(graph: onnx.GraphProto) -> None:
    """Turn constant nodes into shared initializers, as en_US-joe-medium has them: the file shrinks by a quarter."""
    shared: dict[bytes, str] = {}
    renamed: dict[str, str] = {}
    nodes = list(graph.node)
    graph.ClearField("node")
    for node in nodes:
        node.input[:] = [renamed.get(name, name) for name in node.input]
        if node.op_type == "Constant":
            renamed[node.output[0]] = shared.setdefault(node.attribute[0].t.SerializeToString(), node.output[0])
        elif node.op_type == "Identity":
            renamed[node.output[0]] = node.input[0]
        else:
            graph.node.append(node)
    for value, name in shared.items():
        graph.initializer.append(onnx.TensorProto.FromString(value))
        graph.initializer[-1].name = name


def config() -> dict[str, Any]:
    """Piper's config for the voice, with what its published voices add."""
    language = {"code": "de_DE", "family": "de", "region": "DE"}
    names = {"name_native": "Deutsch", "name_english": "German", "country_english": "Germany"}
    return {
        "audio": {"sample_rate": SAMPLE_RATE, "quality": "low"},
        "espeak": {"voice": "de"},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "phoneme_map": {},
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
        "num_symbols": SYMBOLS,
        "num_speakers": len(SPEAKERS),
        "speaker_id_map": SPEAKERS,
        "piper_version": "1.8.0",
        "language": language | names,
        "dataset": "tiny",
    }


if __name__ == "__main__":
    main()
