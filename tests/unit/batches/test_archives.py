"""With the delivery zip, the files of a chunk are one archive, whatever fails in between."""

import io
from decimal import Decimal
from zipfile import ZIP_STORED, ZipFile

import pytest

from herald.batches.archive import ArchiveWriter, archive_key, file_name, read_members
from herald.batches.batch import BatchState
from herald.errors import Unavailable
from tests.support.workbooks import archive

ROWS = ("Ann,noon", "Ben,one", "Cy,two", "Di,three")
ZIP = {"delivery": "zip", "items_per_child": 25}


@pytest.fixture(autouse=True)
def one_bucket(batches, monkeypatch):
    """Read stored archives as files of batches are: in AWS, both are objects of one bucket."""
    read = batches.objects.read

    def from_both(key, start=0, size=None):
        if key not in batches.audio.files:
            return read(key, start, size)
        return batches.audio.files[key][start : start + size]

    monkeypatch.setattr(batches.objects, "read", from_both)


def archives(batches):
    return {key: ZipFile(io.BytesIO(body)) for key, body in batches.audio.files.items() if key.endswith(".zip")}


def names(batches):
    return [sorted(one.namelist()) for one in archives(batches).values()]


def test_a_chunk_is_one_archive_with_the_files_that_rows_would_have(batches):
    batches.done(*ROWS)
    files = {key: body for key, body in batches.audio.files.items() if key.endswith(".mp3")}
    single = {line["id"]: files[line["key"]] for line in batches.report(list_of(batches)[-1]).values()}
    batch = batches.done(*ROWS, **ZIP)
    ((key, archive),) = archives(batches).items()
    assert archive.testzip() is None
    assert all(entry.compress_type == ZIP_STORED for entry in archive.infolist())
    for row_id, line in batches.report(batch).items():
        assert (line["key"], line["member"]) == (key, f"{row_id}.mp3")
        assert archive.read(line["member"]) == single[row_id]
        assert (line["seconds"], line["bytes"]) == (1.5, len(single[row_id]))
    assert (batch.counts.done, batches.audio.puts) == (4, len(ROWS) + 1)


def list_of(batches):
    return batches.table.page("acme", limit=10, cursor=None).batches


def test_archives_are_reproducible():
    def made():
        writer = ArchiveWriter()
        writer.add("a.mp3", b"abc", 1.25)
        writer.add("ü.mp3", b"", 0.1)
        return writer.close()

    body = made()
    assert body == made()
    members = read_members(lambda start, size: body[start : start + size], len(body))
    assert {name: (one.bytes, one.seconds) for name, one in members.items()} == {"a.mp3": (3, 1.25), "ü.mp3": (0, 0.1)}


OTHER = archive({"a.mp3": "sound"})
"""An archive that Herald did not write: nothing says how long the sound is."""


@pytest.mark.parametrize("body", [b"", b"PK", b"PK\x05\x06" + bytes(18), bytes(100), OTHER])
def test_what_is_no_archive_has_no_members(body):
    assert read_members(lambda start, size: body[start : start + size], len(body)) == {}
    assert read_members(lambda *_: None, 100) == {}


def test_the_key_covers_names_and_audio():
    keys = {
        archive_key("acme", members)
        for members in ([("a", "x")], [("b", "x")], [("a", "y")], [("a", "x"), ("b", "x")], [])
    }
    assert len(keys) == 5
    assert all(key.startswith("audio/acme/") and key.endswith(".zip") for key in keys)


def test_the_same_batch_again_synthesizes_and_stores_nothing(batches):
    first = batches.report(batches.done(*ROWS, **ZIP))
    spoken, puts = len(batches.speaker.spoken), batches.audio.puts
    again = batches.report(batches.done(*ROWS, **ZIP))
    assert (len(batches.speaker.spoken), batches.audio.puts) == (spoken, puts)
    for row_id, line in again.items():
        assert line["hit"]
        assert [line[name] for name in ("key", "member", "seconds", "bytes")] == [
            first[row_id][name] for name in ("key", "member", "seconds", "bytes")
        ]
        assert 0 < line["price_usd"] < first[row_id]["price_usd"]


@pytest.mark.parametrize("how", ["deleted", "damaged"])
def test_a_missing_archive_is_made_again(batches, how):
    batches.done(*ROWS, **ZIP)
    ((key, _),) = archives(batches).items()
    if how == "deleted":
        del batches.audio.files[key]
    else:
        batches.audio.files[key] = batches.audio.files[key][:-30]
    spoken = len(batches.speaker.spoken)
    batch = batches.done(*ROWS, **ZIP)
    assert batch.counts.done == 4
    assert len(batches.speaker.spoken) == spoken + 4


def test_a_redrive_puts_only_the_failed_rows_into_a_new_archive(batches):
    batch = batches.planned(*ROWS, tolerated_failure_percent=0, **ZIP)
    (note,) = batches.notes(batch)
    batches.speaker.faults.before("speak", RuntimeError("once"))
    batches.speak(note, last=True)
    assert batches.finish(batch).state is BatchState.FAILED
    assert names(batches) == [["r2.mp3", "r3.mp3", "r4.mp3"]]
    batches.batch_service.redrive(batch.id, tenant="acme")
    batches.plan(batch)
    batches.speak_all(batch)
    assert batches.finish(batch).state is BatchState.DONE
    assert sorted(names(batches)) == [["r1.mp3"], ["r2.mp3", "r3.mp3", "r4.mp3"]]
    keys = {row: line["key"] for row, line in batches.report(batch).items()}
    assert keys["r2"] == keys["r3"] == keys["r4"] != keys["r1"]


def test_an_attempt_that_runs_out_of_time_is_continued(batches):
    batch = batches.planned(*ROWS, **ZIP)
    (note,) = batches.notes(batch)
    speak = batches.speaker.speak

    def slow(script, **options):
        if len(batches.speaker.spoken) == 2:
            batches.time_left = 5.0
        return speak(script, **options)

    batches.speaker.speak = slow
    with pytest.raises(Unavailable):
        batches.speak(note)
    assert names(batches) == [["r1.mp3", "r2.mp3"]]
    batches.time_left, batches.speaker.speak = 900.0, speak
    gained = batches.speaking.speak(note, last=False, retried=True, time_left=lambda: 900.0)
    assert (gained.done, len(batches.speaker.spoken)) == (4, 4)
    batches.finish(batch)
    assert sorted(names(batches)) == [["r1.mp3", "r2.mp3"], ["r3.mp3", "r4.mp3"]]
    assert batches.row(batch).counts.done == 4


def test_a_failure_to_store_the_archive_is_retried(batches):
    batch = batches.planned(*ROWS, **ZIP)
    (note,) = batches.notes(batch)
    batches.audio.faults.before("put", Unavailable("S3 does not respond."))
    with pytest.raises(Unavailable):
        batches.speak(note)
    assert batches.speaking.speak(note, last=False, retried=True, time_left=lambda: 900.0).done == 4
    assert len(archives(batches)) == 1


def test_large_chunks_become_several_archives(batches, monkeypatch):
    monkeypatch.setattr("herald.batches.archive.MOST_ARCHIVE_BYTES", 80)  # a file has 36
    batch = batches.done(*ROWS, **ZIP)
    assert sorted(names(batches)) == [["r1.mp3", "r2.mp3"], ["r3.mp3", "r4.mp3"]]
    assert batch.counts.done == 4


def test_kept_archives_are_kept_for_their_batch(batches):
    batch = batches.done(*ROWS, **ZIP, retention="keep")
    assert {key for key in batches.audio.files if key.endswith(".zip")} == set(batches.audio.keepers)
    assert set(batches.audio.keepers.values()) == {batch.id}
    assert all(line["key"].startswith("kept/acme/") for line in batches.report(batch).values())


def test_an_invalid_item_affects_no_other(batches):
    batch = batches.done("Ann,noon", "unspeakable,one", "Cy,two", tolerated_failure_percent=50, **ZIP)
    assert batches.states(batch) == {"r1": "done", "r2": "failed", "r3": "done"}
    assert names(batches) == [["r1.mp3", "r3.mp3"]]


def test_the_write_of_an_archive_is_paid_once(batches):
    """Everything but the synthesis is cheaper: 40 files would be 40 writes."""
    rows = [f"Name {at},noon" for at in range(40)]
    files = batches.done(*rows, items_per_child=500)
    zipped = batches.done(*rows, items_per_child=500, delivery="zip")
    assert files.price - zipped.price > 30 * Decimal("0.000005")


@pytest.mark.parametrize("row_id", ["../../etc/passwd", "/a", "C:\\x", "con", "a" * 200, "...", "a/b"])
def test_names_cannot_leave_the_folder(row_id):
    name = file_name(row_id, 7, ".mp3")
    assert not set(name) & set("/\\:")
    assert name.endswith("~7.mp3")
    assert len(name) < 120


def test_an_unreadable_item_affects_no_other_and_reuses_no_archive(batches):
    batches.done(*ROWS, **ZIP)
    batch = batches.planned(*ROWS, tolerated_failure_percent=100, **ZIP)
    key = batches.folder(batch).key("items.jsonl")
    first, rest = batches.objects.files[key].split(b"\n", 1)
    batches.objects.files[key] = b"{".ljust(len(first)) + b"\n" + rest
    batches.speak_all(batch)
    batches.finish(batch)
    assert sorted(batches.states(batch).values()) == ["done"] * 3 + ["failed"]
    assert sorted(map(len, names(batches))) == [3, 4]
