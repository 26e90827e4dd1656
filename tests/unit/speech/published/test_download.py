"""Downloads of published voices are atomic, verified and resumable."""

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


def test_an_interrupted_download_is_resumed(add, refused, server, user_folder):
    server.cut_after = CUT
    assert f"closed after {CUT} of 610710 bytes. Run the command again" in refused(KEY)
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
def test_a_server_without_ranges_restarts_the_download(add, refused, server, ranges, asked):
    server.cut_after = CUT
    refused(KEY)
    server.cut_after, server.ranges = None, ranges
    assert add(KEY) == 0
    assert server.asked_for(MODEL) == asked


def test_a_complete_download_that_was_not_renamed_is_not_requested_again(add, refused, server, user_folder):
    """As after a crash between the last byte and the renaming."""
    server.cut_after = CUT
    refused(KEY)
    part(user_folder).write_bytes(server.files[MODEL])
    assert add(KEY) == 0
    assert server.asked_for(MODEL) == [None]
    assert Catalog().find(KEY).prepared


def test_a_partial_download_of_another_version_is_not_used(add, refused, server):
    server.cut_after = CUT
    refused(KEY)
    server.cut_after = None
    server.files[MODEL] += b"\x1a\x00"  # an empty field that ONNX readers ignore
    server.catalogue[KEY] = entry(server.files)
    add(KEY)
    assert server.asked_for(MODEL) == [None, None]


@pytest.mark.parametrize("damage", [lambda data: b"!" + data[1:], lambda data: data + b"!"], ids=["other", "longer"])
def test_a_damaged_file_is_deleted(add, refused, server, user_folder, damage):
    good = server.files[MODEL]
    server.files[MODEL] = damage(good)
    assert "checksum" in refused(KEY)
    assert list(user_folder.rglob("*.part")) == []
    server.files[MODEL] = good
    assert add(KEY) == 0
    assert server.asked_for(MODEL) == [None, None]


def test_a_damaged_file_on_disk_is_downloaded_again(add, server, user_folder):
    raw = user_folder / f".downloading-{KEY}"
    raw.mkdir(parents=True)
    (raw / f"{KEY}.onnx").write_bytes(b"half")
    assert add(KEY) == 0


def test_a_file_that_is_too_short_always_fails(refused, server):
    server.files[MODEL] = server.files[MODEL][:-1]
    assert "closed after 610709 of 610710 bytes" in refused(KEY)
    assert "416" not in refused(KEY)


def test_redirects_are_followed_with_the_range(add, refused, server):
    server.redirect_to = f"{server.base}/moved"
    server.cut_after = CUT
    refused(KEY)
    server.cut_after = None
    assert add(KEY) == 0
    assert server.asked_for(f"moved/{MODEL}") == [None, f"bytes={CUT}-"]


def test_redirects_to_other_schemes_are_rejected(refused, server):
    server.redirect_to = "file:///etc"
    assert "voices.json could not be downloaded" in refused(KEY)


def test_a_missing_file(refused, server):
    del server.files[MODEL]
    assert f"{MODEL} could not be downloaded: the server responded 404 Not Found." in refused(KEY)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1:9", "Connection refused"),
        ("http://127.0.0.1:99999", "could not be downloaded"),
        ("http://a..b", "could not be downloaded"),
        ("http://127.0.0.1:x", "could not be downloaded"),
        ("http://[", "not a valid address of a catalogue"),
        ("file:///etc", "not a valid address of a catalogue"),
        ("ftp://example.org", "not a valid address of a catalogue"),
        ("voices", "not a valid address of a catalogue"),
    ],
)
def test_an_unreachable_catalogue(url, message, capsys):
    assert main(["voices", "add", KEY, "--catalog", url]) == 1
    assert message in capsys.readouterr().err


def test_a_silent_server_times_out(server, monkeypatch, refused):
    monkeypatch.setattr("herald.http_client.SILENCE_SECONDS", 0.2)
    server.silent = 0.6
    assert "timed out" in refused(KEY)


def test_insufficient_disk_space_is_reported_in_advance(refused, server, monkeypatch):
    usage = shutil.disk_usage(Path.cwd())._replace(free=10**6)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    assert f"Not enough disk space for {KEY}: 1 MB are needed" in refused(KEY)
    assert server.asked_for(MODEL) == []


def test_a_full_disk_is_reported(refused, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("herald.speech.voices.download._copy", full)
    assert "No space left on device" in refused(KEY)


def test_an_unwritable_folder(add, tmp_path, capsys):
    (tmp_path / "file").touch()
    assert add(KEY, "--output", str(tmp_path / "file")) == 1
    assert "Not a directory" in capsys.readouterr().err


def test_concurrent_downloads_are_locked_out(server, tmp_path):
    voice = Published(server.base).find(KEY)

    def report(done, total):
        with pytest.raises(VoiceNotFetched, match="Another herald"):
            install.add(voice, tmp_path, lambda *_: None)

    install.add(voice, tmp_path, report)
