"""The published catalogue: search, suggestions, and validation of its entries."""

import pytest

from herald.cli import main
from tests.unit.speech.published.server import KEY, MODEL, entry


def test_names_are_normalized(add, server, user_folder):
    """As in pt_PT-tugão-medium, with a composed or decomposed ã."""
    files = {path.replace("tiny", "tugão"): data for path, data in server.files.items()}
    server.files = files
    server.catalogue = {"de_DE-tugão-low": entry(files)}
    assert add("de_DE-tuga\u0303o-low") == 0
    assert (user_folder / "de_DE-tugão-low" / "voice.json").is_file()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tiny", f"Did you mean {KEY}?"),
        ("German", f"Did you mean {KEY}?"),
        ("de_DE-tyni-low", f"Did you mean {KEY}?"),
        ("xyzzy", "There is no published voice 'xyzzy'. 'herald voices add --list' lists all voices."),
        ("../../etc", "There is no published voice"),
        ("", "There is no published voice"),
    ],
)
def test_an_unknown_name_has_suggestions(refused, name, message):
    assert message in refused(name)


def test_the_catalogue_is_listed(add, server, capsys):
    server.catalogue["en_GB-alan-medium"] = entry(server.files) | {"quality": "medium", "num_speakers": 1}
    assert add("--list") == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed[0].split() == ["VOICE", "LANGUAGE", "QUALITY", "SPEAKERS", "MB"]
    assert listed[1].split() == [KEY, "German", "(Germany)", "low", "3", "1"]
    assert len(listed) == 3
    assert add("--list", "ALAN") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


@pytest.mark.parametrize(("arguments", "message"), [(["--list", "Klingon"], "matches 'Klingon'"), ([], "Name a voice")])
def test_nothing_to_list_or_add(refused, arguments, message):
    assert message in refused(*arguments)


def change(server, **changes):
    server.catalogue[KEY] = entry(server.files) | changes


@pytest.mark.parametrize(
    "path", ["../../x.onnx", "/etc/x.onnx", "de/../x.onnx", "de\\..\\x.onnx", "de//x.onnx", "a\n/x.onnx", ".h/x.onnx"]
)
def test_path_traversal_is_rejected(refused, server, path):
    change(server, files=entry({path: b"x"})["files"])
    assert "is invalid: the " in refused(KEY)
    assert [asked for asked, _ in server.asked] == ["voices.json"]


def test_a_key_that_is_a_path_is_rejected(refused, server, user_folder):
    server.catalogue["../evil"] = entry(server.files)
    assert "the name '../evil'" in refused("../evil")
    assert not user_folder.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"files": {}},
        {"files": []},
        {"files": {MODEL: {"size_bytes": -1, "md5_digest": "0" * 32}}},
        {"files": {MODEL: {"size_bytes": 10**400, "md5_digest": "0" * 32}}},
        {"files": {MODEL: {"size_bytes": 1, "md5_digest": "../.."}}},
        {"language": {"name_english": "\ud800"}},
        {"num_speakers": 1e999},
        {"aliases": 5},
    ],
)
def test_an_invalid_entry_is_rejected_and_the_others_are_listed(add, refused, server, changes):
    server.catalogue["de_DE-good-low"] = entry(server.files)
    change(server, **changes)
    assert "is invalid" in refused(KEY)
    assert add("--list") == 0


@pytest.mark.parametrize(
    ("catalogue", "message"),
    [
        (b"<html>", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[]", "is not a JSON object"),
        (b" " * ((8 << 20) + 1), "exceeds the limit"),
    ],
    ids=["html", "deep", "bytes", "list", "large"],
)
def test_an_invalid_catalogue(refused, server, catalogue, message):
    server.files["voices.json"] = catalogue
    assert message in refused(KEY)


def test_the_default_is_the_public_catalogue(monkeypatch):
    asked = []
    monkeypatch.setattr("herald.speech.voices.published.read", lambda url, **_: asked.append(url) or b"{}")
    assert main(["voices", "add", KEY]) == 1
    assert asked == ["https://huggingface.co/rhasspy/piper-voices/resolve/main/voices.json"]
