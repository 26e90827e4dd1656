"""The report contains every row once, as CSV without formulas and as JSONL; the summary adds up."""

import csv
import io
import json
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from herald.batches.batch import BatchState, Counts
from herald.batches.items import ItemResult, Tally
from herald.batches.manifest_records import ManifestLimits, read_lines, read_records
from herald.batches.planner import ItemPlanner
from herald.batches.report import Milliseconds, ReportLine, Summary, Totals, to_csv, to_jsonl
from herald.batches.rows import Row, RowError
from herald.jobs.job import JobError
from herald.pricing.prices import SERVICES
from tests.support.batch_samples import NOON, batch, planner

DONE = {
    "key": "audio/acme/c0ffee.mp3",
    "seconds": 9.5,
    "bytes": 40_000,
    "price": Decimal("0.000012"),
    "milliseconds": 80,
}
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x";"y")',
    "＝1",
    "－1",
    "  =1",
]
IDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8) | st.sampled_from(FORMULAS)
STATES = st.sampled_from(["done", "failed", "cancelled"])


def result(line, state="done", **fields):
    """Return the result of an item, with a file if it is done."""
    error = {"error": JobError(code="too_many_attempts", message="It was tried 5 times.")} if state == "failed" else {}
    made = {"line": line, "id": f"i{line}", "state": state, "characters": 100}
    return ItemResult(**made | (DONE if state == "done" else error) | fields)


def totals_of(results):
    """Return the totals of results."""
    totals = Totals()
    for one in results:
        totals.add(one)
    return totals


ENDS = st.lists(
    st.builds(lambda line, name, state: result(line, state, id=name), st.integers(2, 10**6), IDS, STATES)
    | st.builds(
        RowError,
        line=st.integers(2, 10**6),
        id=st.none() | IDS,
        code=st.just("ragged_row"),
        message=st.just("The row has 3 fields, the header 2. Quote fields that contain commas."),
    ),
    max_size=20,
)


def table(ends):
    data = b"".join(to_csv(ends))
    first, *others = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
    # Herald's own reader, which is strict about RFC 4180, must agree.
    assert [cells for _, cells in read_records(read_lines([data], ManifestLimits()), ManifestLimits())] == [
        first,
        *others,
    ]
    return [dict(zip(first, cells, strict=True)) for cells in others]


@given(ENDS)
def test_both_formats_contain_every_row_once(ends):
    lines = [json.loads(line) for line in b"".join(to_jsonl(ends)).decode().split("\n")[:-1]]
    cells = table(ends)
    assert [(one["line"], one["id"]) for one in lines] == [(end.line, end.id) for end in ends]
    assert [int(one["line"]) for one in cells] == [end.line for end in ends]
    assert [one["state"] for one in cells] == [one["state"] for one in lines]
    assert all(ReportLine.model_validate(one) for one in lines)


@given(ENDS)
def test_no_cell_is_a_formula(ends):
    for one in table(ends):
        for cell in one.values():
            assert cell.strip()[:1] not in {*"=+-@＝＋－＠"}


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas_are_escaped_in_csv_only(formula):
    (cells,) = table([result(2, id=formula)])
    assert cells["id"] == f"'{formula}"
    (line,) = to_jsonl([result(2, id=formula)])
    assert json.loads(line)["id"] == formula


def test_report_lines():
    ends = [result(2), result(3, hit=True, price=Decimal("1E-12")), result(4, "failed"), result(5, "cancelled")]
    row_error = RowError(line=6, code="missing_value", message="The row has no value for field 1 of the template.")
    done, hit, failed, cancelled, bad = table([*ends, row_error])
    assert done == {
        "line": "2", "id": "i2", "state": "done", "key": "audio/acme/c0ffee.mp3", "member": "", "seconds": "9.5",
        "bytes": "40000",
        "price_usd": "0.000012", "hit": "false", "milliseconds": "80", "code": "", "message": "",
    }  # fmt: skip
    assert (hit["hit"], hit["price_usd"]) == ("true", "0.000000000001")
    assert (failed["state"], failed["code"], failed["key"]) == ("failed", "too_many_attempts", "")
    assert (cancelled["state"], cancelled["code"], cancelled["seconds"]) == ("cancelled", "", "")
    assert (bad["state"], bad["id"], bad["code"]) == ("row_error", "", "missing_value")
    assert bad["message"].endswith("of the template.")


def test_an_empty_report_has_a_header():
    assert b"".join(to_csv([])).startswith(b'"line","id","state"')
    assert list(to_jsonl([])) == []


def test_the_report_is_streamed():
    """The first piece is small and arrives before most results are read; all pieces together are complete."""
    read = Counter()

    def results():
        for line in range(10_000):
            read["results"] += 1
            yield result(line)

    for write in (to_csv, to_jsonl):
        read.clear()
        pieces = write(results())
        first = next(pieces)
        assert len(first) < 70_000
        assert read["results"] < 1_000
        report = (first + b"".join(pieces)).decode()
        assert [f'"i{line}"' in one for line, one in enumerate(report.splitlines()[-10_000:])] == [True] * 10_000


@pytest.mark.parametrize(("write", "lines"), [(to_csv, 4), (to_jsonl, 3)])
def test_a_report_that_ends_with_a_piece_has_no_empty_one(monkeypatch, write, lines):
    monkeypatch.setattr("herald.batches.report._PIECE", 1)
    pieces = list(write(map(result, range(3))))
    assert len(pieces) == 3
    assert len(b"".join(pieces).splitlines()) == lines


def test_an_item_without_a_result():
    plan = planner()
    item = plan.item(Row(7, "a", {"text": "Hello."}))
    assert isinstance(plan, ItemPlanner)
    assert ItemResult.unspoken(item) == ItemResult(line=7, id="a", state="cancelled", characters=6)


RESULTS = st.lists(
    st.builds(
        lambda line, state, seconds, ms, hit: result(line, state, seconds=seconds, milliseconds=ms, hit=hit),
        st.integers(2, 10**6), STATES, st.floats(0, 1_000), st.integers(0, 10**6), st.booleans(),
    ),
    max_size=30,
)  # fmt: skip


def ended(totals, *, row_errors=0, missing=0, **more):
    """Return an ended batch with these results, and `missing` items without one."""
    items = sum(totals.states.values()) + missing
    speaking = batch(state="planning", begun_at=NOON, **more).planned(
        Tally(items=items, row_errors=row_errors), at=NOON
    )
    if speaking.ended:
        return speaking
    return speaking.finished(totals.counts(speaking.counts), at=NOON + timedelta(minutes=5), price=totals.price)


@given(RESULTS, st.randoms(), st.integers(0, 3), st.integers(0, 3))
def test_the_summary_does_not_depend_on_the_order_of_results(results, random, row_errors, missing):
    shuffled = random.sample(results, len(results))
    totals = totals_of(results)
    summary = Summary.of(ended(totals, row_errors=row_errors, missing=missing), totals, NOON)
    counts = summary.counts
    assert counts.rows == counts.row_errors + counts.done + counts.failed + counts.cancelled
    assert counts.rows == len(results) + row_errors + missing
    states = Counter(one.state for one in results)
    if summary.state is BatchState.DONE:
        assert (counts.done, counts.failed) == (states["done"], states["failed"])
    assert summary == Summary.of(ended(totals_of(shuffled), row_errors=row_errors, missing=missing), totals, NOON)
    assert Summary.model_validate_json(summary.model_dump_json()) == summary
    ranks = summary.run.milliseconds
    assert states["done"] == 0 or ranks.p50 <= ranks.p95


def test_a_repeated_batch_differs_only_in_its_run():
    first = totals_of(result(line) for line in range(2, 102))
    repeated = totals_of(
        result(line, hit=True, milliseconds=3, price=Decimal("0.000001")) for line in reversed(range(2, 102))
    )
    one = Summary.of(ended(first), first, NOON)
    two = Summary.of(ended(repeated, id="batch_" + "1" * 32, created_at=NOON), repeated, NOON + timedelta(hours=1))
    assert one.model_dump(exclude={"run"}) == two.model_dump(exclude={"run"})
    assert (one.run.hits, two.run.hits) == (0, 100)
    assert one.run != two.run


def test_summary_values():
    totals = totals_of([*(result(line, milliseconds=line) for line in range(1, 101)), result(102, "failed")])
    summary = Summary.of(ended(totals, row_errors=1, deadline=timedelta(hours=1)), totals, NOON)
    assert summary.counts == Counts(rows=102, row_errors=1, done=100, failed=1)
    assert (summary.state, summary.audio_seconds, summary.bytes, summary.characters) == (
        "done",
        950.0,
        4_000_000,
        10_000,
    )
    run = summary.run
    assert (run.seconds, run.milliseconds) == (300.0, Milliseconds(p50=50, p95=95))
    assert (run.price.total_usd, run.price.per_file_usd) == (0.0012, 0.000012)
    assert (run.sla.verdict, run.sla.reason) == ("met", "Done 0:55:00 before the deadline.")
    assert (summary.polly.standard_usd, summary.polly.neural_usd) == (0.04, 0.16)
    assert summary.polly.source.startswith("https://aws.amazon.com/polly")
    assert summary.polly.read_on.isoformat() == "2026-11-22"


def test_summary_without_files():
    totals = totals_of([])
    run = Summary.of(ended(totals, row_errors=3), totals, NOON).run
    assert (run.price.per_file_usd, run.milliseconds, run.hits) == (None, Milliseconds(p50=None, p95=None), 0)


def test_more_results_than_items_are_rejected():
    with pytest.raises(ValidationError):
        totals_of([result(2), result(3)]).counts(Counts(rows=2, row_errors=1))


@pytest.mark.parametrize(
    ("values", "p50", "p95"), [([7], 7, 7), ([1, 2], 1, 2), ([3, 1, 2], 2, 3), ([*range(20)], 9, 18)]
)
def test_percentiles_use_the_nearest_rank(values, p50, p95):
    assert Milliseconds.of(values) == Milliseconds(p50=p50, p95=p95)


def test_polly_prices():
    assert SERVICES["polly_neural"].price(1_000_000) == 16
    assert SERVICES["polly_standard"].price(750_000) == 3


PRICES = st.decimals(min_value=0, max_value=Decimal("0.5"), places=12)


@given(st.lists(st.tuples(PRICES, st.sampled_from(["done", "failed"])), max_size=40))
def test_the_total_price_is_the_exact_sum_of_the_rows(rows):
    ends = [result(line, state, price=price) for line, (price, state) in enumerate(rows, 2)]
    totals = totals_of(ends)
    summary = json.loads(Summary.of(ended(totals), totals, NOON).model_dump_json(), parse_float=Decimal)
    table = [*csv.DictReader(io.StringIO(b"".join(to_csv(ends)).decode(), newline=""))]
    lines = [json.loads(line, parse_float=Decimal) for line in b"".join(to_jsonl(ends)).splitlines()]
    total = Decimal(summary["run"]["price"]["total_usd"])
    assert total == sum((Decimal(row["price_usd"]) for row in table), Decimal(0))
    assert total == sum((Decimal(line["price_usd"]) for line in lines), Decimal(0))
