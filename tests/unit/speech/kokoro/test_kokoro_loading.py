"""A packed model is loaded and speaks, here with a network that hums instead of Kokoro's."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from herald.errors import VoiceNotPrepared
from herald.speech.kokoro import kokoro_engine
from herald.speech.kokoro.kokoro_model import MODEL, SAMPLE_RATE, phonemize
from tests.support.kokoro_session import write_pack

SECONDS = 0.2


@pytest.fixture
def folder(tmp_path):
    """A packed model whose network hums, the softer the higher the speed is."""
    value = helper.make_tensor_value_info
    hum = 0.3 * np.sin(np.arange(round(SECONDS * SAMPLE_RATE)) / 20).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Cast", ["tokens"], ["floats"], to=TensorProto.FLOAT),
            helper.make_node("ReduceMax", ["floats"], ["largest"], keepdims=0),
            helper.make_node("ReduceMax", ["style"], ["style_max"], keepdims=0),
            helper.make_node("Mul", ["style_max", "zero"], ["styled"]),
            helper.make_node("Mul", ["largest", "zero"], ["numbered"]),
            helper.make_node("Add", ["styled", "numbered"], ["nothing"]),
            helper.make_node("Div", ["hum", "speed"], ["softer"]),
            helper.make_node("Add", ["softer", "nothing"], ["audio"]),
        ],
        "hum",
        [
            value("tokens", TensorProto.INT64, [1, "tokens"]),
            value("style", TensorProto.FLOAT, [1, 256]),
            value("speed", TensorProto.FLOAT, [1]),
        ],
        [value("audio", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(hum, "hum"), numpy_helper.from_array(np.array(0, np.float32), "zero")],
    )
    made = write_pack(tmp_path / "kokoro")
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(made / MODEL))
    return made


@pytest.mark.parametrize("threads", [1, 2])
def test_a_loaded_model_speaks(folder, threads):
    model = kokoro_engine.load(folder, threads)
    (samples,) = model.speak("Hello.", speaker="af_heart", language=None, speed=2.0)
    assert len(samples) / SAMPLE_RATE == pytest.approx(SECONDS, abs=0.03)
    assert np.abs(samples).max() == pytest.approx(0.15, abs=0.001)


def test_an_incomplete_model_is_not_loaded(folder):
    (folder / MODEL).unlink()
    with pytest.raises(VoiceNotPrepared, match=r"lacks model\.onnx"):
        kokoro_engine.load(folder, 1)


@pytest.mark.parametrize(
    ("text", "language", "speaker", "phonemes"),
    [
        ("Hello", "en-GB", "", "həlˈəʊ"),
        ("Hello", None, "bf_emma", "həlˈəʊ"),
        ("Hello", "en-US", "", "həlˈoʊ"),
        ("cento", "it", "", "ʧˈɛnto"),
        ("gita", "it", "", "ʤˈita"),
        ("tchau", "pt-BR", "", "ʧˈaʊ"),
        ("Bonjour... oui", "fr", "", "bɔ̃ʒˈuʁ… wˈi"),
        ("Hola… sí.... no", "es", "", "ˈola… sˈi… nˈo"),
    ],
)
def test_other_languages_are_read_by_espeak(text, language, speaker, phonemes):
    assert phonemize(text, language, speaker=speaker) == phonemes


def test_american_english_is_read_with_the_lexicon_of_the_model(folder):
    assert phonemize("Hello", "en-US", lexicon=folder / "lexicon.txt") == "həlˈO"
