"""herald voices add with published and with installed voices."""

import json
import re
import shutil

from herald.cli import main
from herald.speech.voice import Voice
from herald.speech.voices import install
from herald.speech.voices.catalog import Catalog
from tests.unit.conftest import TINY
from tests.unit.speech.published.server import FOLDER, KEY, MODEL, entry


def test_a_voice_is_downloaded_and_prepared(add, server, user_folder, capsys):
    assert add(KEY) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{user_folder / KEY}: German (Germany), 16000 Hz, licence CC0, with thanks\n"
    assert printed.err == f"{KEY}: fetching 0.6 MB\n"
    found = Catalog().find(KEY)
    assert found.prepared
    assert Voice.load(found.path).synthesize("Guten Tag.", speaker="bert").seconds > 0.3
    assert [path.name for path in user_folder.iterdir()] == [KEY]


def test_into_another_folder(add, tmp_path):
    assert add(KEY, "--output", str(tmp_path / "mine" / "voices")) == 0
    assert (tmp_path / "mine" / "voices" / KEY / "voice.json").is_file()
    assert KEY not in Catalog().voices


def test_a_terminal_shows_progress(add, monkeypatch, capsys):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert add(KEY) == 0
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", capsys.readouterr().err).split("\r")
    # The size of the parts depends on how the connection delivers them.
    assert [line for line in shown if re.search(rf" [1-9]\d?% {KEY}: 0\.\d of 0\.6 MB$", line)]
    assert shown[-1].endswith(f"100% {KEY}: 0.6 of 0.6 MB, preparing\n")


def test_an_installed_voice_is_not_downloaded(add, server, capsys):
    add(KEY)
    server.asked.clear()
    assert add(KEY) == 0
    assert "already installed" in capsys.readouterr().out
    assert server.asked == []
    assert add("de-tiny-low") == 0
    assert "already installed" in capsys.readouterr().out
    assert server.asked_for(MODEL) == []


def test_force_downloads_again(add, server):
    add(KEY)
    assert add(KEY, "--force") == 0
    assert server.asked_for(MODEL) == [None, None]


def test_a_voice_of_another_version_is_downloaded_again(add, server, user_folder):
    add(KEY)
    card = user_folder / KEY / "voice.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | {"format": 0}))
    assert add(KEY) == 0
    assert install.is_ready(user_folder / KEY)


def test_a_local_voice_is_not_downloaded(server, user_folder, tmp_path, capsys):
    for suffix in ("", ".json"):
        user_folder.mkdir(exist_ok=True)
        shutil.copy(f"{TINY}{suffix}", user_folder)
    first, second = tmp_path / "first", tmp_path / "second"
    without_network = ["voices", "add", KEY, "--catalog", "http://127.0.0.1:9", "--output"]
    assert main([*without_network, str(first)]) == 0  # prepared
    shutil.move(first / KEY, user_folder / KEY)
    assert main([*without_network, str(second)]) == 0  # copied
    assert [path.name for path in second.iterdir()] == [KEY]
    assert Voice.load(second / KEY).synthesize("Guten Tag.").seconds > 0.3


def test_a_corrected_model_card_is_accepted(add, server, capsys):
    server.files[f"{FOLDER}/MODEL_CARD"] = b"Licence: CC BY 4.0"
    assert add(KEY) == 0
    assert "licence CC BY 4.0" in capsys.readouterr().out


def test_a_voice_without_a_model_card_has_an_unknown_licence(add, server, capsys):
    del server.files[f"{FOLDER}/MODEL_CARD"]
    server.catalogue[KEY] = entry(server.files)
    assert add(KEY) == 0
    assert "licence unknown" in capsys.readouterr().out
    assert server.asked_for(f"{FOLDER}/MODEL_CARD") == []


def test_an_alias_and_several_names(add, server, user_folder):
    server.catalogue["de_DE-other-low"] = entry(server.files, aliases=[])
    assert add("de-tiny-low", "de_DE-other-low") == 0
    assert sorted(path.name for path in user_folder.iterdir()) == ["de_DE-other-low", KEY]
    assert Voice.load(user_folder / "de_DE-other-low").info.id == "de_DE-other-low"


def test_an_invalid_configuration_prevents_the_download_of_the_model(refused, server):
    server.files[f"{MODEL}.json"] = b"{}"
    server.catalogue[KEY] = entry(server.files)
    assert "is not the configuration of a Piper voice" in refused(KEY)
    assert server.asked_for(MODEL) == []


def test_an_invalid_model_is_deleted(refused, server, user_folder):
    server.files[MODEL] = b"not a model"
    server.catalogue[KEY] = entry(server.files)
    assert "not an ONNX model" in refused(KEY)
    assert list(user_folder.iterdir()) == []


def test_it_has_help(capsys):
    assert main(["voices", "add", "--help"]) == 0
    assert "Usage: herald voices add" in capsys.readouterr().out
