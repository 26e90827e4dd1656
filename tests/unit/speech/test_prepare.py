"""Prepared voices sound like the original model with the same noise."""

import json
import shutil

import numpy as np
import onnx
import onnxruntime
import pytest

from herald.errors import UnsupportedVoice, VoiceNotPrepared
from herald.speech.model import Model, Noise, Sound
from herald.speech.pack import Pack
from herald.speech.prepare import build
from herald.speech.prepare.finishing import signal_to_noise
from tests.unit.conftest import JOE, TINY

TEXT = "Ten people, twenty apples and 30 boats arrived in Berlin on Monday."


def original_samples(model_path, ids, speaker, scales, noise):
    """Run Piper's own graph, with its random numbers replaced by ours."""
    model = onnx.load(str(model_path))
    drawn = [node for node in model.graph.node if node.op_type == "RandomNormalLike"]
    for node in drawn:
        model.graph.node.remove(node)
        model.graph.input.append(onnx.helper.make_tensor_value_info(node.output[0], onnx.TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    given = {
        "input": np.array([ids]),
        "input_lengths": np.array([len(ids)]),
        "scales": np.array([scales.noise, scales.length, scales.duration_noise], np.float32),
        "sid": np.array([speaker]),
    } | {node.output[0]: value for node, value in zip(drawn, noise, strict=True)}
    taken = {value.name for value in session.get_inputs()}
    return session.run(None, {name: value for name, value in given.items() if name in taken})[0].ravel()


@pytest.mark.parametrize(("model_path", "speaker"), [(JOE, 0), (TINY, 0), (TINY, 2)], ids=["joe", "anna", "carla"])
def test_chunks_equal_the_original_model(voices_folder, model_path, speaker):
    pack = Pack.read(voices_folder / model_path.stem)
    model = Model(pack.voice.path, reach=pack.reach, threads=2)
    (utterance,) = pack.phonemes.utterances(TEXT)
    ids = pack.phonemes.to_ids(utterance)
    spoken = model.encode(ids, Sound(pack.scales, speaker=speaker, seed=7))
    chunks = list(model.decode(spoken, low_latency=True))
    drawn = Noise(7)
    noise = [drawn.draw((1, 2, len(ids))), drawn.draw(spoken.prior.shape)]
    whole = original_samples(model_path, ids, speaker, pack.scales, noise)
    assert len(chunks) > 1
    assert signal_to_noise(whole, np.concatenate(chunks)) > 60


def test_the_card_describes_the_voice(voices_folder):
    joe = Pack.read(voices_folder / "en_US-joe-medium")
    assert (joe.voice.language, joe.voice.licence, joe.voice.sample_rate) == ("en_US", "CC0", 22_050)
    tiny = Pack.read(voices_folder / "de_DE-tiny-low")
    assert tiny.voice.speakers == {"anna": 0, "bert": 1, "carla": 2}
    parts = ("encoder", "flow", "decoder")
    assert set(tiny.checksums) == {f"{part}.{kind}" for part in parts for kind in ("onnx", "weights")}


def test_preparing_twice_gives_the_same_files(voices_folder, tmp_path):
    again = build(TINY, tmp_path / "de_DE-tiny-low")
    assert again.checksums == Pack.read(voices_folder / "de_DE-tiny-low").checksums


def test_constants_written_as_nodes_are_understood(tmp_path):
    """As torch exports them unless the graph is simplified."""
    model = onnx.load(str(TINY))
    kept = [weight for weight in model.graph.initializer if onnx.numpy_helper.to_array(weight).size > 4]
    loose = [weight for weight in model.graph.initializer if onnx.numpy_helper.to_array(weight).size <= 4]
    constants = [onnx.helper.make_node("Constant", [], [weight.name], value=weight) for weight in loose]
    nodes = [*constants, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    onnx.save(model, str(tmp_path / "loose.onnx"))
    shutil.copy(f"{TINY}.json", tmp_path / "loose.onnx.json")
    assert build(tmp_path / "loose.onnx", tmp_path / "loose").voice.sample_rate == 16_000


def test_a_failed_preparation_leaves_nothing(tmp_path):
    (tmp_path / "bad.onnx").write_bytes(b"not a model")
    shutil.copy(f"{TINY}.json", tmp_path / "bad.onnx.json")
    with pytest.raises(UnsupportedVoice, match="not an ONNX model"):
        build(tmp_path / "bad.onnx", tmp_path / "voices" / "bad")
    assert list((tmp_path / "voices").iterdir()) == []


def test_other_models_are_rejected(tmp_path):
    value = onnx.helper.make_tensor_value_info
    add = onnx.helper.make_node("Add", ["x", "x"], ["y"])
    graph = onnx.helper.make_graph(
        [add], "g", [value("x", onnx.TensorProto.FLOAT, [1])], [value("y", onnx.TensorProto.FLOAT, [1])]
    )
    onnx.save(onnx.helper.make_model(graph), str(tmp_path / "other.onnx"))
    shutil.copy(f"{TINY}.json", tmp_path / "other.onnx.json")
    with pytest.raises(UnsupportedVoice, match="not the graph of a Piper voice"):
        build(tmp_path / "other.onnx", tmp_path / "voices" / "other")


@pytest.mark.parametrize(
    ("config", "message"), [(None, "both files"), ("{", "not JSON"), ("{}", "missing audio, espeak, phoneme_id_map")]
)
def test_a_missing_or_broken_configuration_is_named(tmp_path, config, message):
    shutil.copy(TINY, tmp_path / "voice.onnx")
    if config is not None:
        (tmp_path / "voice.onnx.json").write_text(config)
    with pytest.raises(VoiceNotPrepared, match=message):
        build(tmp_path / "voice.onnx", tmp_path / "voices" / "voice")


@pytest.mark.parametrize(("change", "message"), [({"format": 0}, "another version"), ({"reach": {}}, "damaged")])
def test_an_invalid_card_is_rejected(voices_folder, tmp_path, change, message):
    card = json.loads((voices_folder / "de_DE-tiny-low" / "voice.json").read_text())
    (tmp_path / "voice.json").write_text(json.dumps(card | change))
    with pytest.raises(VoiceNotPrepared, match=message):
        Pack.read(tmp_path)
