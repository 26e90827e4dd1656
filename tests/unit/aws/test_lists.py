"""Lists of a tenant's jobs, for DynamoDB and the fake."""

from datetime import timedelta

import pytest

from herald.aws.job_rows import to_cursor
from herald.errors import InvalidCursor
from herald.jobs.job import State
from herald.jobs.ports import JobFilter
from tests.support.job_samples import NOON, a_job


def walk(table, tenant, **wanted):
    """Return all pages of a list."""
    pages, cursor = [], None
    while True:
        page = table.page(tenant, JobFilter(cursor=cursor, **wanted))
        pages.append(page.jobs)
        if (cursor := page.cursor) is None:
            return pages


def ids(pages):
    return [job.id for page in pages for job in page]


def fill(table, count, **fields):
    jobs = [table.add(a_job(at=NOON + timedelta(milliseconds=10 * number), **fields)) for number in range(count)]
    return [job.id for job in reversed(jobs)]


@pytest.mark.parametrize(
    ("count", "lengths"), [(0, [0]), (1, [1]), (9, [9]), (10, [10]), (11, [10, 1]), (20, [10, 10])]
)
def test_pages_are_full_and_sorted_newest_first(table, count, lengths):
    newest_first = fill(table, count)
    pages = walk(table, "acme", limit=10)
    assert [len(page) for page in pages] == lengths
    assert ids(pages) == newest_first


def test_lists_contain_jobs_without_their_text(table):
    job = table.add(a_job(metadata={"order": "17"}))
    assert table.page("acme", JobFilter()).jobs == [job.model_copy(update={"script": None})]


def test_lists_contain_only_the_tenants_jobs(table):
    mine, theirs = fill(table, 3), fill(table, 3, tenant="other", batch="b1")
    assert ids(walk(table, "acme", limit=2)) == mine
    assert ids(walk(table, "other", limit=2)) == theirs
    assert table.page("acme", JobFilter(batch="b1")).jobs == []
    assert table.page("unknown", JobFilter()).jobs == []


def test_a_long_batch_of_another_tenant_is_listed_like_one_that_does_not_exist(table, monkeypatch):
    monkeypatch.setattr("herald.aws.job_rows._AT_ONCE", 1)
    fill(table, 7, tenant="other", batch="b1")
    assert table.page("acme", JobFilter(batch="b1")) == table.page("acme", JobFilter(batch="no batch"))


def test_another_tenants_cursor_is_only_a_position_in_time(table):
    mine = fill(table, 3)
    fill(table, 3, tenant="other")
    cursor = table.page("other", JobFilter(limit=1)).cursor
    assert set(ids([table.page("acme", JobFilter(cursor=cursor)).jobs])) <= set(mine)


def test_jobs_of_the_same_millisecond_are_all_listed(table):
    jobs = {table.add(a_job()).id for _ in range(7)}
    found = ids(walk(table, "acme", limit=2))
    assert len(found) == 7
    assert set(found) == jobs


def test_filters(table):
    fill(table, 4)
    alerts = fill(table, 3, use_case="alert")
    batch = fill(table, 5, batch="b1", use_case="alert")
    table.move(batch[0], State.QUEUED, at=NOON)
    assert ids(walk(table, "acme", batch="b1", limit=2)) == batch
    assert set(ids(walk(table, "acme", use_case="alert", limit=2))) == {*alerts, *batch}
    assert ids(walk(table, "acme", state=State.QUEUED)) == batch[:1]
    assert ids(walk(table, "acme", state=State.ACCEPTED, batch="b1", use_case="alert", limit=3)) == batch[1:]
    assert ids(walk(table, "acme", batch="b1", use_case="promo")) == []
    assert ids(walk(table, "acme", state=State.DONE)) == []


FORGED = {
    "empty": "",
    "not base64": "äöü",
    "a lone surrogate": "\ud800",
    "not a place": to_cursor("tomorrow"),
    "no such time": to_cursor("2026-13-41T99:00:00.000Z#job_1"),
    "a longer id": to_cursor(f"2026-11-22T12:00:00.000Z#{'x' * 65}"),
    "a path": to_cursor("2026-11-22T12:00:00.000Z#../other"),
    "a line more": to_cursor("2026-11-22T12:00:00.000Z#job_1\n"),
    "padded": to_cursor("2026-11-22T12:00:00.000Z#job_1") + "=",
    "with a space": to_cursor("2026-11-22T12:00:00.000Z#job_1") + " ",
    "other digits": to_cursor("٢٠٢٦-11-22T12:00:00.000Z#job_1"),
    "a key of DynamoDB": to_cursor('{"tenant": {"S": "other"}}'),
    "endless": "A" * 100_000,
}


@pytest.mark.parametrize("cursor", FORGED.values(), ids=FORGED)
def test_a_forged_cursor_is_rejected_and_not_repeated(table, cursor):
    with pytest.raises(InvalidCursor) as caught:
        table.page("acme", JobFilter(cursor=cursor))
    assert caught.value.param == "cursor"
    assert len(cursor) < 8 or cursor not in caught.value.message
