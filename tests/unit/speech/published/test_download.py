"""A published voice is fetched whole or not at all, and a cut download goes on where it stopped."""

import errno
import shutil
from pathlib import Path

import pytest

from herald.cli import main
from herald.errors import VoiceNotFetched
from herald.speech.voices import install
from herald.speech.voices.catalog import Catalog
from herald.speech.voices.published import Published
from tests.unit.speech.published.server import KEY, MODEL, entry

CUT = 200_000


def part(user_folder):
    return next((user_folder / f".downloading-{KEY}").glob("*.part"))


def test_a_cut_download_goes_on_where_it_stopped(add, refused, server, user_folder):
    server.cut_after = CUT
    assert f"cut after {CUT} of 610710 bytes. Run the command again" in refused(KEY)
    assert part(user_folder).stat().st_size == CUT
    server.cut_after = None
    assert add(KEY) == 0
    assert server.asked_for(MODEL) == [None, f"bytes={CUT}-"]
    assert server.asked_for(f"{MODEL}.json") == [None]
    assert Catalog().find(KEY).prepared
    assert not (user_folder / f".downloading-{KEY}").exists()


@pytest.mark.parametrize(
    ("ranges", "asked"),
    [
        ("ignored", [None, f"bytes={CUT}-"]),
        ("refused", [None, f"bytes={CUT}-", None]),
        ("shifted", [None, f"bytes={CUT}-", None]),
    ],
)
def test_a_server_without_ranges_sends_all_again(add, refused, server, ranges, asked):
    server.cut_after = CUT
    refused(KEY)
    server.cut_after, server.ranges = None, ranges
    assert add(KEY) == 0
    assert server.asked_for(MODEL) == asked


def test_what_was_fetched_for_another_version_of_the_file_is_not_used(add, refused, server):
    server.cut_after = CUT
    refused(KEY)
    server.cut_after = None
    server.files[MODEL] += b"\x1a\x00"  # an empty field that no reader of ONNX knows
    server.catalogue[KEY] = entry(server.files)
    add(KEY)
    assert server.asked_for(MODEL) == [None, None]


@pytest.mark.parametrize("damage", [lambda data: b"!" + data[1:], lambda data: data + b"!"], ids=["other", "longer"])
def test_a_damaged_file_is_thrown_away(add, refused, server, user_folder, damage):
    good = server.files[MODEL]
    server.files[MODEL] = damage(good)
    assert "checksum" in refused(KEY)
    assert list(user_folder.rglob("*.part")) == []
    server.files[MODEL] = good
    assert add(KEY) == 0
    assert server.asked_for(MODEL) == [None, None]


def test_a_file_damaged_on_the_disk_is_fetched_again(add, server, user_folder):
    raw = user_folder / f".downloading-{KEY}"
    raw.mkdir(parents=True)
    (raw / f"{KEY}.onnx").write_bytes(b"half")
    assert add(KEY) == 0


def test_a_shorter_file_is_cut_for_ever_and_never_found(refused, server):
    server.files[MODEL] = server.files[MODEL][:-1]
    assert "cut after 610709 of 610710 bytes" in refused(KEY)
    assert "416" not in refused(KEY)


def test_redirects_are_followed_with_the_range(add, refused, server):
    server.redirect_to = f"{server.base}/moved"
    server.cut_after = CUT
    refused(KEY)
    server.cut_after = None
    assert add(KEY) == 0
    assert server.asked_for(f"moved/{MODEL}") == [None, f"bytes={CUT}-"]


def test_a_redirect_leads_nowhere_but_to_http(refused, server):
    server.redirect_to = "file:///etc"
    assert "voices.json could not be fetched" in refused(KEY)


def test_a_missing_file(refused, server):
    del server.files[MODEL]
    assert f"{MODEL} could not be fetched: the server answered 404 Not Found." in refused(KEY)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1:9", "Connection refused"),
        ("http://127.0.0.1:99999", "could not be fetched"),
        ("http://a..b", "could not be fetched"),
        ("http://127.0.0.1:x", "could not be fetched"),
        ("http://[", "not the address of a catalogue"),
        ("file:///etc", "not the address of a catalogue"),
        ("ftp://example.org", "not the address of a catalogue"),
        ("voices", "not the address of a catalogue"),
    ],
)
def test_no_catalogue_there(url, message, capsys):
    assert main(["voices", "add", KEY, "--catalog", url]) == 1
    assert message in capsys.readouterr().err


def test_a_silent_server_is_given_up(server, monkeypatch, refused):
    monkeypatch.setattr("herald.speech.voices.download._TIMEOUT", 0.2)
    server.silent = 0.6
    assert "timed out" in refused(KEY)


def test_a_disk_with_too_little_room_is_told_before(refused, server, monkeypatch):
    usage = shutil.disk_usage(Path.cwd())._replace(free=10**6)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    assert f"The disk is too full for {KEY}: 1 MB are needed" in refused(KEY)
    assert server.asked_for(MODEL) == []


def test_a_disk_that_fills_meanwhile_is_told(refused, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("herald.speech.voices.download._copy", full)
    assert "No space left on device" in refused(KEY)


def test_a_folder_that_cannot_be_written(add, tmp_path, capsys):
    (tmp_path / "file").touch()
    assert add(KEY, "--output", str(tmp_path / "file")) == 1
    assert "Not a directory" in capsys.readouterr().err


def test_two_calls_do_not_write_into_one_file(server, tmp_path):
    voice = Published(server.base).find(KEY)

    def report(done, total):
        with pytest.raises(VoiceNotFetched, match="Another herald"):
            install.add(voice, tmp_path, lambda *_: None)

    install.add(voice, tmp_path, report)
