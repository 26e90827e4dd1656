"""Pages of items contain each row once, for any page size, with its current state."""

import pytest

from herald.batches.batch_files import BatchFiles, read_ahead
from herald.batches.finalizer import _write_report
from herald.errors import InvalidCursor
from tests.hostile.cases import HERE, read_lines

ROWS = ["Ann,noon", "unspeakable,one", "Cy", "Di,three", "Ed,four", "Flo", "Gil,six"]


def pages(batches, batch, limit, state=None):
    """Return the items of all pages, and the size of each page."""
    found, sizes, cursor = [], [], None
    while True:
        page = batches.batch_service.items(batch.id, tenant="acme", limit=limit, cursor=cursor, state=state)
        found += page.items
        sizes.append(len(page.items))
        if (cursor := page.cursor) is None:
            return found, sizes


@pytest.fixture
def batch(batches):
    return batches.done(*ROWS, tolerated_failure_percent=100)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 7, 100])
@pytest.mark.parametrize("chunks", [1, 2, 32])
def test_each_row_is_listed_once(batches, batch, monkeypatch, limit, chunks):
    monkeypatch.setattr("herald.batches.item_results._CHUNKS", chunks)
    found, sizes = pages(batches, batch, limit)
    assert sorted(item.id for item in found) == ["r1", "r2", "r3", "r4", "r5", "r6", "r7"]
    assert max(sizes) <= limit


@pytest.mark.parametrize(("state", "chunks"), [(None, 2), ("done", 2), ("failed", 4)])
def test_a_page_reads_the_chunks_that_it_needs(batches, monkeypatch, state, chunks):
    batch = batches.done(*[f"Name{at},noon" for at in range(8)])
    read, results = [], BatchFiles.results
    monkeypatch.setattr(BatchFiles, "results", lambda *args: read.append(args) or results(*args))
    batches.batch_service.items(batch.id, tenant="acme", limit=2, cursor=None, state=state)
    assert len(read) == chunks


@pytest.mark.parametrize(
    ("state", "ids"),
    [("done", ["r1", "r4", "r5", "r7"]), ("failed", ["r2"]), ("row_error", ["r3", "r6"]), ("waiting", [])],
)
@pytest.mark.parametrize("limit", [1, 100])
def test_a_filter_finds_all_items_of_a_state(batches, batch, state, ids, limit):
    found, _ = pages(batches, batch, limit, state)
    assert [item.id for item in found] == ids
    assert {item.state for item in found} <= {state}


def test_items_show_their_results(batches, batch):
    by_id = {item.id: item for item in pages(batches, batch, 100)[0]}
    assert by_id["r1"].key.startswith("audio/acme/")
    assert (by_id["r1"].seconds, by_id["r1"].code) == (1.5, None)
    assert (by_id["r2"].code, by_id["r2"].seconds) == ("invalid_text", None)
    assert (by_id["r3"].code, by_id["r3"].line) == ("ragged_row", 4)


def test_items_wait_until_their_chunk_is_finished(batches):
    batch = batches.planned("Ann,noon", "Ben,one", "Cy,two")
    batches.speak(batches.notes(batch)[0])
    assert [item.state for item in pages(batches, batch, 2)[0]] == ["done", "done", "waiting"]
    batches.batch_service.cancel(batch.id, tenant="acme")
    assert [item.state for item in pages(batches, batch, 2)[0]] == ["done", "done", "cancelled"]


def test_a_batch_without_a_plan_has_no_items(batches):
    assert pages(batches, batches.submit(), 10) == ([], [0])


@pytest.mark.parametrize("cursor", ["", "x", "i", "i-1", "i1.", "i1.2.3", "e" + "9" * 16, "i٣", "../"])
def test_an_invalid_cursor_is_rejected(batches, batch, cursor):
    with pytest.raises(InvalidCursor):
        batches.batch_service.items(batch.id, tenant="acme", limit=10, cursor=cursor, state=None)


TAMPERED = read_lines(HERE / "cursors.jsonl")


@pytest.mark.parametrize("state", [None, "row_error", "done"])
@pytest.mark.parametrize("line", TAMPERED, ids=lambda line: line["name"])
def test_a_tampered_cursor_is_rejected(batches, batch, line, state):
    with pytest.raises(InvalidCursor) as caught:
        batches.batch_service.items(batch.id, tenant="acme", limit=2, cursor=line["cursor"], state=state)
    assert (caught.value.code, caught.value.param) == ("invalid_cursor", "cursor")


def test_a_row_error_cursor_is_rejected_for_a_batch_without_row_errors(batches):
    batch = batches.done("Ann,noon")
    with pytest.raises(InvalidCursor):
        batches.batch_service.items(batch.id, tenant="acme", limit=2, cursor="e120", state=None)


BROKEN_LINES = [
    b"{",
    b"[]",
    b'{"line": "one"}',
    b"\xff\xfe",
    b'{"line": 1, "id": "r1", "state": "paused_by_v2", "characters": 3}',
]


@pytest.mark.parametrize("broken", BROKEN_LINES, ids=range(len(BROKEN_LINES)))
@pytest.mark.parametrize("name", ["results/0/000000.jsonl", "row_errors.jsonl", "items.jsonl"])
def test_an_unreadable_line_affects_only_its_item(batches, batch, name, broken):
    """For every kind of stored line, in the list and in the report."""
    folder = batches.folder(batch)
    key = folder.key(name)
    first, rest = batches.objects.files[key].split(b"\n", 1)
    if name == "items.jsonl":  # items are located by byte offset
        broken = broken.ljust(len(first))
    batches.objects.files[key] = broken + b"\n" + rest
    found, _ = pages(batches, batch, 2)
    assert len(found) == len(ROWS)
    bad = [item for item in found if item.code == "unreadable_row"]
    if name == "items.jsonl":  # the item's result is intact
        assert [item.id for item in found if item.state != "row_error"][1:] == ["r2", "r4", "r5", "r7"]
    else:
        assert len(bad) == 1
    assert {(one.code, one.row) for one in batches.objects.reported} == {("unreadable_row", "item")}


def test_the_report_contains_unreadable_results_as_failures(batches, batch):
    folder = batches.folder(batch)
    key = folder.key("results/0/000000.jsonl")
    first, rest = batches.objects.files[key].split(b"\n", 1)
    batches.objects.files[key] = first.replace(b'"done"', b'"paused_by_v2"') + b"\n" + rest
    totals = _write_report(folder, batch)
    assert (totals.counts(batch.counts).done, totals.counts(batch.counts).failed) == (3, 2)
    report = batches.objects.files[folder.key("report/results.jsonl")].decode().splitlines()
    assert len(report) == len(ROWS)
    assert "unreadable_row" in report[0]


def test_only_the_item_of_a_newer_version_fails(batches):
    batch = batches.planned("Ann,noon", "Ben,one", "Cy,two", tolerated_failure_percent=100)
    note, *_ = batches.notes(batch)
    key = batches.folder(batch).key("items.jsonl")
    first, rest = batches.objects.files[key].split(b"\n", 1)
    newer = first.removesuffix(b"}") + b',"lexicon":"acme"}'
    batches.objects.files[key] = newer + b"\n" + rest
    note = note.model_copy(update={"size": note.size + len(newer) - len(first)})
    gained = batches.speak(note)
    assert (gained.done, gained.failed) == (1, 1)
    failed, *_ = batches.folder(batch).results(note.chunk, note.run)
    assert (failed.id, failed.error.code) == ("r1", "unreadable_row")
    assert len(batches.audio.files) == 1


def test_files_are_read_ahead_in_order_and_not_all_at_once():
    called = []

    def read(number):
        called.append(number)
        return number

    results = read_ahead(read, range(100), at_once=2)
    assert next(results) == 0
    assert len(called) <= 4
    assert [*results] == [*range(1, 100)]
    assert sorted(called) == [*range(100)]


def test_a_page_of_a_selective_filter_ends_after_32_chunks(batches):
    batch = batches.planned(*["Ann,noon"] * 33, items_per_child=1)
    assert pages(batches, batch, 10, "failed") == ([], [0, 0])
