"""Voices are found in folders, layers and packages; the first one takes precedence."""

import json
import shutil

import pytest

from herald.errors import EngineNotInstalled, UnknownVoice, VoiceNotPrepared
from herald.speech.voice import Voice
from herald.speech.voices.catalog import CARD, Catalog, piper_info, recipe_info, user_folder
from tests.unit.conftest import HEART, JOE, TINY


@pytest.fixture(autouse=True)
def only_here(monkeypatch, tmp_path):
    """No voices of a layer or of the user."""
    monkeypatch.setattr("herald.speech.voices.catalog.LAYER", tmp_path / "opt")
    monkeypatch.setattr("herald.speech.voices.catalog.user_folder", lambda: tmp_path / "user")


def test_the_voice_of_the_package_is_found():
    info = Catalog().find("en_US-joe-medium")
    assert info.path == JOE
    assert not info.prepared
    assert (info.language_name, info.licence, info.engine) == ("English (United States)", "CC0", "piper")
    assert (info.gender, info.commercial) == ("male", False)
    assert "lessac" in info.data_licence


def test_recipes_are_voices_only_with_the_packages_that_they_need(monkeypatch, tmp_path):
    recipe = json.loads(HEART.read_text())
    for name, package in (("en_US-heart", recipe["package"]), ("en_US-other", "no_such_package")):
        about = {"package": package, "voice": recipe["voice"] | {"id": name}}
        (tmp_path / f"{name}.json").write_text(json.dumps(recipe | about))
    monkeypatch.setattr("herald.speech.voices.catalog.RECIPES", tmp_path)
    assert {"en_US-heart", "en_US-other"} & {*Catalog().voices} == {"en_US-heart"}


def test_the_checksum_of_a_recipe_changes_with_it(tmp_path):
    recipe = json.loads(HEART.read_text())
    checksums = set()
    for resonance in (1.0, 1.1, 1.1):
        path = tmp_path / "en_US-heart.json"
        path.write_text(json.dumps(recipe | {"resonance": resonance}))
        checksums.add(recipe_info(path).checksum)
    assert len(checksums) == 2


def test_a_layer_takes_precedence_over_a_package(voices_folder, monkeypatch):
    monkeypatch.setattr("herald.speech.voices.catalog.LAYER", voices_folder)
    assert list(Catalog().voices) == ["de_DE-tiny-low", "en_US-heart", "en_US-heart-low", "en_US-joe-medium", "kokoro"]
    assert Catalog().find("en_US-joe-medium").prepared


def test_a_given_folder_takes_precedence_over_a_layer(voices_folder, monkeypatch, tmp_path):
    monkeypatch.setattr("herald.speech.voices.catalog.LAYER", voices_folder)
    mine = tmp_path / "mine"
    shutil.copytree(voices_folder / "de_DE-tiny-low", mine / "de_DE-tiny-low")
    assert Catalog([mine]).find("de_DE-tiny-low").path == mine / "de_DE-tiny-low"


def test_a_piper_voice_is_found_in_a_folder(tmp_path):
    for suffix in ("", ".json"):
        shutil.copy(f"{TINY}{suffix}", tmp_path)
    (tmp_path / "orphan.onnx").touch()
    found = Catalog([tmp_path]).voices
    assert "orphan" not in found
    assert found["de_DE-tiny-low"].speakers == {"anna": 0, "bert": 1, "carla": 2}


def test_an_unknown_voice_names_the_known_ones():
    with pytest.raises(UnknownVoice, match="en_US-joe-medium") as refused:
        Catalog().find("unknown-voice")
    assert "unknown-voice" not in refused.value.message


@pytest.mark.parametrize("name", ["../en_US-joe-medium", "/etc/passwd", "", ".", "en_US-joe-medium/"])
def test_a_path_is_not_a_name(name, voices_folder):
    with pytest.raises(UnknownVoice):
        Catalog([voices_folder]).find(name)


def test_a_broken_card_is_named(tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "voice.json").write_text("{")
    with pytest.raises(VoiceNotPrepared, match="broken"):
        Catalog([tmp_path]).find("broken")


def test_unnamed_speakers_are_numbered(tmp_path):
    config = json.loads(TINY.with_name(TINY.name + ".json").read_text())
    (tmp_path / "numbered.onnx.json").write_text(json.dumps(config | {"speaker_id_map": {}}))
    info = piper_info(tmp_path / "numbered.onnx")
    assert info.speakers == {"0": 0, "1": 1, "2": 2}
    assert info.licence == "unknown"


def test_old_configurations_without_a_language(tmp_path):
    config = json.loads(TINY.with_name(TINY.name + ".json").read_text())
    del config["language"], config["audio"]["quality"]
    (tmp_path / "old.onnx.json").write_text(json.dumps(config))
    info = piper_info(tmp_path / "old.onnx")
    assert (info.language, info.language_name, info.quality) == ("de", "de", "unknown")


def test_a_gpu_voice_is_always_listed():
    info = Catalog().find("kokoro")
    assert (info.engine, info.needs_gpu, info.sample_rate) == ("kokoro", True, 24_000)
    assert info.languages == ("en-US", "en-GB", "es", "fr", "hi", "it", "ja", "pt-BR")
    assert len(info.speakers) == 54


def test_a_gpu_voice_is_rejected_without_a_gpu():
    with pytest.raises(EngineNotInstalled) as refused:
        Voice.load(Catalog().find("kokoro").path)
    assert (refused.value.code, refused.value.param) == ("engine_not_installed", "voice")


def test_a_voice_speaks_its_own_language(voices_folder):
    info = Catalog([voices_folder]).find("de_DE-tiny-low")
    assert info.languages == ("de-DE",)
    assert info.speaks("de")
    assert info.speaks("DE-at")
    assert not info.speaks("en-US")


def test_the_checksum_changes_when_the_voice_does(voices_folder, tmp_path):
    before = Catalog([voices_folder]).find("de_DE-tiny-low").checksum
    copy = shutil.copytree(voices_folder / "de_DE-tiny-low", tmp_path / "de_DE-tiny-low")
    assert Catalog([tmp_path]).find("de_DE-tiny-low").checksum == before
    (copy / CARD).write_text((copy / CARD).read_text().replace('"sample_rate": ', '"sample_rate": 1'))
    assert Catalog([tmp_path]).find("de_DE-tiny-low").checksum != before


@pytest.mark.parametrize("changed", [".onnx", ".onnx.json"])
def test_the_checksum_of_an_unprepared_voice_changes_with_its_files(tmp_path, changed):
    for ending in (".onnx", ".onnx.json"):
        shutil.copy(TINY.with_name(TINY.stem + ending), tmp_path)
    before = piper_info(tmp_path / TINY.name).checksum
    with (tmp_path / f"{TINY.stem}{changed}").open("a") as file:
        file.write(" ")
    assert piper_info(tmp_path / TINY.name).checksum != before


def test_a_user_without_a_home_folder_has_the_other_voices(monkeypatch):
    """Such as one of a container that is only a number. The folder is not read at import."""
    monkeypatch.undo()
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", lambda _: {}[0])
    assert not user_folder().is_absolute()
    assert Catalog().local
