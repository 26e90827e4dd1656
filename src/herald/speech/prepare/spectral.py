"""Prepare a spectral voice from its recipe, which names a package, its files, and changes of the voice's tone.

Its graph is split into the three parts that Herald runs:

encoder  phoneme ids                  -> duration of each id, and features of the text and of the melody
melody   features, frame by frame     -> pitch and energy
decoder  features, pitch and energy   -> the parts of the spectrum, frame by frame

This requires the onnx package.
"""

import json
from pathlib import Path

import numpy as np
from onnx import GraphProto, ModelProto, numpy_helper

from herald.errors import UnsupportedVoice, VoiceNotPrepared
from herald.speech.misaki.dictionary import LEXICON, merge, write_lexicon
from herald.speech.model import Reach, Scales, Sound
from herald.speech.phonemes import Phonemes
from herald.speech.prepare.finishing import gain_for, save_part, write_card
from herald.speech.prepare.graph import extract, load
from herald.speech.spectral.spectral_model import SpectralModel
from herald.speech.spectral.vocoder import BINS, HOP
from herald.speech.voices.catalog import package_folder, recipe_info
from herald.speech.voices.folders import sha256_of

_LENGTHS, _TEXT, _MELODY = "/Sub_output_0", "/Transpose_22_output_0", "/Transpose_55_output_0"
_MELODY_FRAMES, _PITCH, _ENERGY = "/Gather_33_output_0", "f0", "/Mul_62_output_0"
_TEXT_FRAMES, _SPECTRUM = "/Reshape_42_output_0", "/head/Add_output_0"
"""Names of tensors in the exports of hibari-tts."""
_HEAD, _HEAD_BIAS = "/head/MatMul_quant", "m.head.bias"
_MOVED = 2
"""Number of parts of the spectrum that contain the resonances: magnitude and phase of the pulses."""
_ABOVE_ALL = 3.0
"""Attenuation in log magnitude of frequencies above the highest one of the model."""


def divide_spectral(model_path: Path, *, resonance: float = 1.0) -> dict[str, ModelProto]:
    """Split a model file of hibari-tts into "encoder", "melody" and "decoder"; raise UnsupportedVoice for other files.

    `resonance` above 1 lowers the resonances of the voice by that factor, as a longer vocal tract does.
    """
    model = load(model_path)
    made = {name for node in model.graph.node for name in node.output}
    missing = {_LENGTHS, _TEXT, _MELODY, _MELODY_FRAMES, _PITCH, _ENERGY, _TEXT_FRAMES, _SPECTRUM} - made
    if missing:
        raise UnsupportedVoice(f"{model_path.name} is not the graph of a voice of hibari-tts: it lacks {missing}.")
    if resonance != 1:
        _lower_resonances(model.graph, resonance)
    melody = {_PITCH: "pitch", _ENERGY: "energy"}
    features = {_LENGTHS: "lengths_of_ids", _TEXT: "text", _MELODY: "melody"}
    return {
        "encoder": extract(model, {"ids": "ids"}, features),
        "melody": extract(model, {_MELODY_FRAMES: "melody_frames"}, melody),
        "decoder": extract(model, {_TEXT_FRAMES: "text_frames"} | melody, {_SPECTRUM: "spectrum"}),
    }


def reach_of(part: ModelProto) -> int:
    """Return the frames of context on each side that a frame depends on: the sum of the convolutions' padding."""
    attributes = (one for node in part.graph.node if node.op_type == "Conv" for one in node.attribute)
    return sum(one.ints[0] for one in attributes if one.name == "pads")


def _lower_resonances(graph: GraphProto, factor: float) -> None:
    """Take each frequency of the pulses' spectrum from a higher one: the last layer is linear, so its weights move."""
    head = next(node for node in graph.node if node.name == _HEAD)
    source = np.minimum(np.arange(BINS) * factor, BINS - 1)
    below = source.astype(np.int64)
    above, share = np.minimum(below + 1, BINS - 1), source - below
    for tensor in graph.initializer:
        if tensor.name not in {head.input[1], _HEAD_BIAS}:
            continue
        values = numpy_helper.to_array(tensor)
        moved = values.astype(np.float64)
        for part in range(_MOVED):
            old = values[..., part * BINS : (part + 1) * BINS].astype(np.float64)
            moved[..., part * BINS : (part + 1) * BINS] = old[..., below] * (1 - share) + old[..., above] * share
        if tensor.name == _HEAD_BIAS:
            moved[:BINS] -= _ABOVE_ALL * (source >= BINS - 1)
        else:
            moved = np.rint(moved)
        tensor.CopyFrom(numpy_helper.from_array(moved.astype(values.dtype), tensor.name))


CALIBRATION = (
    "Your appointment is confirmed for Monday at nine. Please bring your card! Would you like to speak with us?"
)
"""Text for measuring the loudness of a voice."""
_SCALES = Scales(noise=1.0, length=1.0, duration_noise=0.0)
_EDGE = 0
"""The id before and after each text."""


def prepare_spectral(recipe_path: Path, folder: Path, architecture: str) -> None:
    """Write the parts, the lexicon and the card of a recipe's voice into `folder`.

    Raise VoiceNotPrepared if its package is missing or its model is not the expected version.
    """
    recipe = json.loads(recipe_path.read_text(encoding="utf-8"))
    source = package_folder(recipe["package"])
    if source is None:
        raise VoiceNotPrepared(
            f"The voice {recipe_path.stem} is made from the package {recipe['package']}: install it."
        )
    if sha256_of(source / recipe["model"]) != recipe["sha256"]:
        raise VoiceNotPrepared(f"{recipe['model']} of the package {recipe['package']} is not the expected version.")
    parts = divide_spectral(source / recipe["model"], resonance=recipe["resonance"])
    for name, part in parts.items():
        save_part(name, part, folder)
    write_lexicon(folder / LEXICON, merge([source / name for name in recipe["lexicons"]]))
    vocabulary = json.loads((source / recipe["vocabulary"]).read_text(encoding="utf-8"))
    edges = {"^": [_EDGE], "_": [], "$": [_EDGE]}
    phonemes = Phonemes(
        kind="misaki",
        espeak_voice=recipe["espeak_voice"],
        ids=edges | {phoneme: [number] for phoneme, number in vocabulary.items()},
        folder=folder,
    )
    reach = Reach(flow=0, decoder=reach_of(parts["decoder"]))
    write_card(
        folder,
        recipe_info(recipe_path),
        phonemes,
        scales=_SCALES._asdict(),
        reach=reach._asdict(),
        gain=round(_gain(SpectralModel(folder, reach=reach, pitch=recipe["pitch"]), phonemes), 4),
        hop=HOP,
        architecture=architecture,
        default_speaker=0,
        pitch=recipe["pitch"],
    )


def _gain(model: SpectralModel, phonemes: Phonemes) -> float:
    encoded = [model.encode(phonemes.to_ids(one), Sound(_SCALES)) for one in phonemes.utterances(CALIBRATION)]
    if not encoded:
        raise UnsupportedVoice("This voice lacks the phonemes of the calibration text.")
    return gain_for(np.concatenate([chunk for one in encoded for chunk in model.decode(one, low_latency=False)]))
