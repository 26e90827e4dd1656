"""Batches are shown, cancelled and retried; their files are downloaded once."""

import json
import subprocess
import sys
from urllib.parse import quote

import pytest

from herald.batches.archive import ArchiveWriter
from herald.cli import main
from herald.cli.batch_display import dollars, length
from herald.cli.batch_transfer import file_name
from tests.support.batch_api import ID, error
from tests.unit.cli.conftest import PEOPLE


@pytest.fixture
def spoken(service):
    """A service whose batch is done."""
    service.manifest, service.state = PEOPLE.encode(), "done"
    return service


def test_batches_are_listed(batch, spoken, capsys):
    assert batch("list") == 0
    header, row = capsys.readouterr().out.splitlines()
    assert header.split() == ["BATCH", "STATE", "ROWS", "CREATED", "NAME"]
    assert row.split() == [ID, "done", "4", "2026-11-22T12:00:00.000Z", "people"]
    assert batch("list", "--json") == 0
    assert json.loads(capsys.readouterr().out) == [spoken.batch()]


def test_a_batch_is_shown(batch, spoken, capsys):
    assert batch("status", ID) == 0
    assert f"batch        {ID}, people\nstate        done\n" in capsys.readouterr().out
    assert batch("status", ID, "--json") == 0
    assert json.loads(capsys.readouterr().out) == spoken.batch()


@pytest.mark.parametrize(
    ("verdict", "shown"),
    [
        ("at_risk", ["$0.0017, the deadline is at risk", "deadline     at risk: Why."]),
        ("missed", ["$0.0017, the deadline was missed", "deadline     missed: Why."]),
        ("unknown", ["deadline     unknown: Why."]),
        ("none", []),
    ],
)
def test_a_deadline_is_watched_and_shown(batch, spoken, verdict, shown, capsys):
    spoken.sla = {"verdict": verdict, "reason": "Why."}
    assert batch("status", ID, "--watch") == 0
    printed = capsys.readouterr()
    lines = f"{printed.err}{printed.out}".splitlines()
    assert [line.partition("done, ")[2] or line for line in lines if "deadline" in line] == [
        "4 of 4 done, " * ("is at" in one or "was" in one) + one for one in shown
    ]


def test_all_pages_of_items_are_listed(batch, spoken, capsys):
    spoken.page, spoken.failed_lines = 3, (3,)
    assert batch("items", ID) == 0
    rows = [line.split(maxsplit=5) for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == ["LINE", "2", "3", "4", "5"]
    assert rows[1] == ["2", "p1", "done", "10.5", "$0.00042"]
    assert rows[2] == ["3", "p2", "failed", "The", "GPU", "failed. (gpu_failed)"]


def test_items_are_filtered_and_limited(batch, spoken, capsys):
    spoken.failed_lines = (3,)
    assert batch("items", ID, "--state", "failed", "--json") == 0
    assert [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()] == ["p2"]
    assert batch("items", ID, "--limit", "2") == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_a_batch_is_cancelled(batch, service, capsys):
    assert batch("cancel", ID) == 0
    assert capsys.readouterr().out == f"{ID}: cancelled\n"


def test_failed_items_are_retried_and_downloaded(batch, spoken, tmp_path, capsys):
    spoken.failed_lines = (3,)
    assert batch("status", ID, "--download", "out") == 0
    assert not (tmp_path / "out" / "p2.mp3").exists()
    assert batch("redrive", ID, "--download", "out") == 0
    assert (tmp_path / "out" / "p2.mp3").exists()
    assert "4 files" in capsys.readouterr().err


def test_redrive_without_watch_returns_at_once(batch, spoken, capsys):
    assert batch("redrive", ID) == 0
    assert capsys.readouterr().out == f"{ID}: speaking\n"


@pytest.mark.parametrize("watching", [[], ["--watch"]])
def test_an_unknown_batch_is_reported(batch, service, watching, capsys):
    assert batch("status", "batch_0", *watching) == 1
    assert capsys.readouterr().err == "herald: There is no batch with that id. (not_found)\n"


@pytest.mark.parametrize("typed", ["../jobs", "a b", "x?limit=1", "é\n"])
def test_ids_are_quoted(batch, service, typed, capsys):
    assert batch("status", typed) == 1
    assert capsys.readouterr().err == "herald: There is no batch with that id. (not_found)\n"
    assert service.asked == [f"GET /v1/batches/{quote(typed, safe='')}"]


def test_files_are_downloaded_once(batch, spoken, tmp_path):
    for _ in range(2):
        assert batch("status", ID, "--download", "out") == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [".batch", "p1.mp3", "p2.mp3", "p3.mp3", "p4.mp3", "results.csv", "summary.json"]
    assert spoken.asked.count("GET /files/2.mp3") == 1


def test_files_are_downloaded_without_a_report(batch, spoken, tmp_path, monkeypatch):
    monkeypatch.setattr("herald.cli.batch_transfer._REPORT_POLLS", 3)
    spoken.report_after = 1_000  # longer than the command waits for it
    assert batch("status", ID, "--download", "out") == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [".batch", "p1.mp3", "p2.mp3", "p3.mp3", "p4.mp3"]


def test_files_are_extracted_from_archives(batch, spoken, tmp_path):
    writer = ArchiveWriter()
    for name in ("p1", "p2", "p3", "p4"):
        writer.add(f"{name}.mp3", name.encode(), 1.5)
    spoken.zipped = True
    spoken.misbehave("GET /files/rows.zip", (200, {}, writer.close()))
    for _ in range(2):
        assert batch("status", ID, "--download", "out") == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [".batch", "p1.mp3", "p2.mp3", "p3.mp3", "p4.mp3", "results.csv", "summary.json"]
    assert (tmp_path / "out" / "p3.mp3").read_bytes() == b"p3"
    assert spoken.asked.count("GET /files/rows.zip") == 1


@pytest.mark.parametrize("body", [b"no archive", ArchiveWriter().close()])
def test_an_archive_without_the_file_is_reported(batch, spoken, tmp_path, capsys, body):
    spoken.zipped = True
    spoken.misbehave("GET /files/rows.zip", (200, {}, body))
    assert batch("status", ID, "--download", "out") == 1
    assert "The archive rows.zip has no intact file p" in capsys.readouterr().err
    assert not [*(tmp_path / "out").glob("*.mp3"), *(tmp_path / "out").glob(".*.zip")]


def test_a_failed_download_is_resumed(batch, spoken, tmp_path, capsys):
    spoken.misbehave("GET /files/4.mp3", (403, {}, b"<Error>expired</Error>"))
    assert batch("status", ID, "--download", "out") == 1
    shown = capsys.readouterr().err
    assert "p3.mp3 could not be downloaded: the server responded 403 Forbidden. The link may have expired" in shown
    assert f"Resume the download: herald batch status {ID} --download out" in shown
    assert not list((tmp_path / "out").glob("p3*"))
    assert batch("status", ID, "--download", "out") == 0
    assert (tmp_path / "out" / "p3.mp3").exists()


def test_a_truncated_file_is_not_kept(batch, spoken, tmp_path):
    whole = b"0123456789"
    spoken.misbehave("GET /files/2.mp3", (200, {"Content-Length": "20"}, whole), (200, {}, whole))
    assert batch("status", ID, "--download", "out") == 0
    assert (tmp_path / "out" / "p1.mp3").read_bytes() == whole
    assert not list((tmp_path / "out").glob("*.part"))


def test_the_folder_of_another_batch_is_not_changed(batch, spoken, tmp_path, capsys):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".batch").write_text("batch_f\n")
    assert batch("status", ID, "--download", "out") == 1
    assert "out contains the files of another batch" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".batch"]


def test_an_unwritable_folder_is_reported(batch, spoken, tmp_path, capsys):
    (tmp_path / "out").write_text("a file")
    assert batch("status", ID, "--download", "out") == 1
    assert "out: File exists" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("p1", "p1.mp3"),
        ("Zoë Müller", "Zoë Müller.mp3"),
        ("a.b@c-d_e", "a.b@c-d_e.mp3"),
        ("../../etc/passwd", "etc_passwd~7.mp3"),
        ("..", "~7.mp3"),
        ("-rf", "-rf~7.mp3"),
        (".hidden", "hidden~7.mp3"),
        ("a/b", "a_b~7.mp3"),
        ("C:\\x", "C_x~7.mp3"),
        ("nul", "nul~7.mp3"),
        ("com1.x", "com1_x~7.mp3"),
        ("a~7", "a_7~7.mp3"),
        ("ends.", "ends~7.mp3"),
        ("é" * 60, "é" * 50 + "~7.mp3"),
    ],
)
def test_files_have_safe_names(name, expected):
    assert file_name({"id": name, "line": 7, "audio_url": "https://x/audio/a/0f.mp3?X-Amz-Expires=900"}) == expected


def test_cleaned_names_are_unique():
    names = ["a/b", "a_b", "a\\b", "a b", "a~2", "a_b~2"]
    files = {file_name({"id": one, "line": line, "audio_url": "https://x/1.mp3"}) for line, one in enumerate(names)}
    assert len(files) == len(names)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "$0.00"),
        (0.0000376, "$0.000038"),
        (0.0042, "$0.0042"),
        (0.0162, "$0.016"),
        (0.16, "$0.16"),
        (0.999, "$1.0"),
        (1, "$1.00"),
        (1234.5, "$1,234.50"),
    ],
)
def test_dollars_have_two_significant_digits(amount, shown):
    assert dollars(amount) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0.0 s"), (5, "5.0 s"), (184, "3 min 04 s"), (51_660, "14 h 21 min")]
)
def test_lengths_are_easy_to_read(seconds, shown):
    assert length(seconds) == shown


@pytest.mark.parametrize("command", [[], ["send"], ["list"], ["status"], ["items"], ["cancel"], ["redrive"]])
def test_every_command_has_help(command, capsys):
    assert main(["batch", *command, "--help"]) == 0
    assert "Usage: herald batch" in capsys.readouterr().out


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_an_invalid_limit_is_rejected(limit, capsys):
    assert main(["batch", "list", "--limit", limit]) == 2


@pytest.mark.parametrize("words", [["--help"], ["say", "--help"], ["batch", "--help"], ["keys", "create", "--help"]])
def test_help_imports_no_slow_library(words):
    """httpx, rich, botocore and onnxruntime take up to half a second each."""
    slow = {"httpx", "rich", "boto3", "botocore", "onnxruntime", "numpy", "pydantic"}
    code = f"import sys, herald.cli; herald.cli.main({words!r}); sys.exit(str(set(sys.modules) & {slow!r} or 0))"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.stderr, done.returncode) in {("", 0), ("0\n", 1)}


def test_a_wrong_state_is_reported(batch, service, capsys):
    service.misbehave("POST /v1/batches/…/redrive", error("wrong_batch_state", "Nothing of the batch failed.", 409))
    assert batch("redrive", ID) == 1
    assert "Nothing of the batch failed. (wrong_batch_state)" in capsys.readouterr().err
