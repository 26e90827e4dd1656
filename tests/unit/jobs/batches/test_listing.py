"""Pages of items hold each row once, whatever their size, and show how far each has come."""

import pytest

from herald.errors import InvalidCursor

ROWS = ["Ann,noon", "unspeakable,one", "Cy", "Di,three", "Ed,four", "Flo", "Gil,six"]


def pages(batches, batch, limit, state=None):
    """All that is listed, and how long each page is."""
    found, sizes, cursor = [], [], None
    while True:
        page = batches.desk.items(batch.id, tenant="acme", limit=limit, cursor=cursor, state=state)
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
    monkeypatch.setattr("herald.jobs.batches.listing._CHUNKS", chunks)
    found, sizes = pages(batches, batch, limit)
    assert sorted(item.id for item in found) == ["r1", "r2", "r3", "r4", "r5", "r6", "r7"]
    assert max(sizes) <= limit


@pytest.mark.parametrize(
    ("state", "ids"),
    [("done", ["r1", "r4", "r5", "r7"]), ("failed", ["r2"]), ("row_error", ["r3", "r6"]), ("waiting", [])],
)
@pytest.mark.parametrize("limit", [1, 100])
def test_a_filter_finds_all_of_a_kind(batches, batch, state, ids, limit):
    found, _ = pages(batches, batch, limit, state)
    assert [item.id for item in found] == ids
    assert {item.state for item in found} <= {state}


def test_an_item_says_what_became_of_it(batches, batch):
    by_id = {item.id: item for item in pages(batches, batch, 100)[0]}
    assert by_id["r1"].key.startswith("audio/acme/")
    assert (by_id["r1"].seconds, by_id["r1"].error) == (1.5, None)
    assert (by_id["r2"].error.code, by_id["r2"].seconds) == ("invalid_text", None)
    assert (by_id["r3"].error.code, by_id["r3"].line) == ("ragged_row", 4)


def test_items_wait_until_their_chunk_is_spoken(batches):
    batch = batches.planned("Ann,noon", "Ben,one", "Cy,two")
    batches.speak(batches.notes(batch)[0])
    assert [item.state for item in pages(batches, batch, 2)[0]] == ["done", "done", "waiting"]
    batches.desk.cancel(batch.id, tenant="acme")
    assert [item.state for item in pages(batches, batch, 2)[0]] == ["done", "done", "cancelled"]


def test_a_batch_without_a_plan_has_no_items(batches):
    assert pages(batches, batches.submit(), 10) == ([], [0])


@pytest.mark.parametrize("cursor", ["", "x", "i", "i-1", "i1.", "i1.2.3", "e" + "9" * 16, "i٣", "../"])
def test_a_cursor_is_ours_or_refused(batches, batch, cursor):
    with pytest.raises(InvalidCursor):
        batches.desk.items(batch.id, tenant="acme", limit=10, cursor=cursor, state=None)


@pytest.mark.parametrize("cursor", ["i99", "e99999999", "i0.9999"])
def test_a_cursor_behind_the_end_finds_little(batches, batch, cursor):
    page = batches.desk.items(batch.id, tenant="acme", limit=10, cursor=cursor, state="done")
    assert {item.state for item in page.items} <= {"done"}
