"""Models that only resemble those of voices: refused with a reason, or prepared without what does not fit them."""

import json
import sys

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import helper, numpy_helper

from herald.errors import UnsupportedVoice, VoiceNotPrepared
from herald.speech import prepare
from herald.speech.model import Utterance
from herald.speech.prepare import build
from herald.speech.prepare.attention import shorten_attention
from herald.speech.prepare.finishing import measure, signal_to_noise
from herald.speech.prepare.graph import divide
from herald.speech.prepare.layout import blocked
from herald.speech.prepare.rewrites import fuse_norms, shorten_splines
from herald.speech.prepare.spectral import divide_spectral
from herald.speech.prepare.writing import CONTRIBUTED
from tests.unit.conftest import HEART, TINY

_DRAWN = np.random.default_rng(0)
GIVEN = {
    "ids": _DRAWN.integers(1, 60, (1, 40)),
    "scales": np.array([0.667, 1, 0.8], np.float32),
    "noise": _DRAWN.standard_normal((1, 2, 40), np.float32),
    "speaker_id": np.array([1]),
    "latent": _DRAWN.standard_normal((1, 8, 30), np.float32),
    "speaker": _DRAWN.standard_normal((1, 8, 1), np.float32),
}


def results(model):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {value.name: GIVEN[value.name] for value in session.get_inputs()})


def kinds_of(model):
    return [node.op_type for node in model.graph.node]


@pytest.fixture(scope="module")
def parts():
    return divide(TINY)


def copy_of(model):
    return onnx.ModelProto.FromString(model.SerializeToString())


@pytest.fixture
def encoder(parts):
    return copy_of(parts["encoder"])


@pytest.fixture
def decoder(parts):
    return copy_of(parts["decoder"])


@pytest.fixture
def voice(tmp_path):
    """Return the path of a voice like the tiny one, with another graph or configuration."""

    def save(model=None, **changes):
        path = tmp_path / "voice.onnx"
        onnx.save(model or onnx.load(str(TINY)), str(path))
        config = json.loads(TINY.with_name(f"{TINY.name}.json").read_text()) | changes
        (tmp_path / "voice.onnx.json").write_text(json.dumps(config))
        return path

    return save


def aliased(model, *, used):
    """Give weights that `used` selects another name by a node without an effect, as exporters do for shared ones."""
    names = [weight.name for weight in model.graph.initializer if used(weight)]
    for node in model.graph.node:
        node.input[:] = [f"{name}.alias" if name in names else name for name in node.input]
    nodes = [*[helper.make_node("Identity", [name], [f"{name}.alias"]) for name in names], *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return names


def test_weights_with_two_names_are_understood(voice, parts):
    model = onnx.load(str(TINY))
    assert aliased(model, used=lambda weight: numpy_helper.to_array(weight).ndim == 3)
    for name, part in divide(voice(model)).items():
        assert part == parts[name]


def test_a_graph_whose_noise_is_used_twice_is_refused(voice, tmp_path):
    model = onnx.load(str(TINY))
    drawn = [node.output[0] for node in model.graph.node if node.op_type == "RandomNormalLike"]
    for node in list(model.graph.node):
        if node.op_type == "Mul" and set(drawn) & set(node.input):
            copy = onnx.NodeProto.FromString(node.SerializeToString())
            copy.name, copy.output[0] = f"{node.name}.copy", f"{node.output[0]}.copy"
            model.graph.node.append(copy)
    with pytest.raises(UnsupportedVoice, match=r"2 nodes instead of one \(Mul after"):
        build(voice(model), tmp_path / "voice")


def test_a_voice_without_the_phonemes_of_numbers_is_refused(voice, tmp_path):
    path = voice(phoneme_id_map={"_": [0], "^": [1], "$": [2]})
    with pytest.raises(UnsupportedVoice, match="voice lacks the phonemes of the numbers"):
        build(path, tmp_path / "voices" / "voice")
    assert list((tmp_path / "voices").iterdir()) == []


def test_a_model_in_which_all_depends_on_all_cannot_be_streamed():
    class Model:
        def latent(self, prior, _):
            return prior - prior.mean(axis=2, keepdims=True)

        def samples(self, latent, _):
            return latent.ravel()

    prior = _DRAWN.standard_normal((1, 1, 400), np.float32)
    with pytest.raises(UnsupportedVoice, match="exceeds 96 frames; it cannot be streamed"):
        measure(Model(), [Utterance(prior, np.arange(400), None)])


def test_norms_whose_weights_are_computed_are_left_unchanged(encoder):
    aliased(encoder, used=lambda weight: weight.name.endswith((".gamma", ".beta")))
    assert fuse_norms(encoder).graph.node == encoder.graph.node


def test_splines_without_their_convolutions_are_left_unchanged(encoder):
    for node in encoder.graph.node:
        node.name = node.name.replace("/pre/Conv", "/before/Conv")
    short = shorten_splines(encoder)
    assert kinds_of(short) == kinds_of(encoder)


def test_a_graph_without_attention_is_left_unchanged(decoder):
    assert shorten_attention(decoder) == decoder


def test_an_operator_set_that_a_graph_has_is_not_added_again(encoder):
    encoder.opset_import.add(domain=CONTRIBUTED, version=1)
    short = shorten_attention(encoder)
    assert "FusedMatMul" in kinds_of(short)
    assert [opset.version for opset in short.opset_import if opset.domain == CONTRIBUTED] == [1]


def test_a_decoder_that_ends_without_unsqueeze_sounds_the_same(decoder):
    last = decoder.graph.node.pop()
    assert last.op_type == "Unsqueeze"
    decoder.graph.node[-1].output[0] = last.output[0]
    fast = blocked(decoder)
    assert "FusedConv" in kinds_of(fast)
    assert signal_to_noise(results(decoder)[0].ravel(), results(fast)[0].ravel()) > 100


def test_a_voice_for_arm_has_no_blocked_convolutions_and_sounds_the_same(decoder, tmp_path):
    folder = build(TINY, tmp_path / "arm", architecture="arm64").voice.path
    session = onnxruntime.InferenceSession(str(folder / "decoder.onnx"), providers=["CPUExecutionProvider"])
    (samples,) = session.run(None, {value.name: GIVEN[value.name] for value in session.get_inputs()})
    assert signal_to_noise(results(decoder)[0].ravel(), samples.ravel()) > 100
    made = onnx.load(str(folder / "decoder.onnx"), load_external_data=False)
    assert "LeakyRelu" in kinds_of(made)


@pytest.mark.parametrize("content", [b"not a model", TINY.read_bytes()], ids=["no model", "a voice of Piper"])
def test_only_models_of_hibari_are_spectral_voices(tmp_path, content):
    path = tmp_path / "other.onnx"
    path.write_bytes(content)
    with pytest.raises(UnsupportedVoice, match="not an ONNX model" if content == b"not a model" else "hibari-tts"):
        divide_spectral(path)


@pytest.mark.parametrize("model", [TINY, HEART], ids=["Piper", "recipe"])
def test_the_missing_package_is_named_where_voices_cannot_be_prepared(monkeypatch, tmp_path, model):
    """As in a function, whose package has no onnx."""
    for name in [name for name in sys.modules if name.startswith("herald.speech.prepare.")]:
        monkeypatch.delitem(sys.modules, name)
        # Importing a module again sets it in its package, in place of the function `measure` of the same name.
        child = name.rpartition(".")[2]
        monkeypatch.setattr(prepare, child, getattr(prepare, child))
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(
        VoiceNotPrepared, match=rf"{model.name} is not prepared.*uv pip install --python .venv -e '.\[voices\]'"
    ):
        build(model, tmp_path / "voices" / "made")
    assert list((tmp_path / "voices").iterdir()) == []
