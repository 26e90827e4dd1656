"""What is measured: each metric with its dimensions, once, in as few lines as can hold it, and no word of a text."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from aws_lambda_powertools.metrics import MetricUnit

from herald.handlers import batch_measures, measures
from herald.handlers.meter import Measure, Meter
from herald.jobs.batches.counts import Counts
from herald.jobs.batches.record import Record
from herald.jobs.batches.report import ItemResult
from herald.jobs.batches.request import Order
from herald.jobs.batches.states import BatchState
from herald.jobs.job import AudioFile, JobError
from herald.jobs.states import State
from tests.emf import metrics_of
from tests.jobs import NOON, a_job
from tests.unit.handlers.conftest import MARKER

HITS = Measure("Hits", MetricUnit.Count)
BYTES = Measure("Bytes", MetricUnit.Bytes, ("color",))
FILE = AudioFile(key="audio/acme/0123.mp3", seconds=1.5, bytes=9_000, sample_rate=22_050, media_type="audio/mpeg")


@pytest.fixture
def meter(environment):
    return Meter()


@pytest.fixture
def written(meter, capsys):
    """What a meter writes: its lines, each {metric: values} with the dimensions of each."""

    def write():
        meter.flush()
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return write


def told_by(lines):
    """Each metric, without its unit and its service: {(name, value of its dimension): values}."""
    return {(name, *(value for key, value in by if key != "service")): values
            for (name, _, by), values in metrics_of(lines).items()}  # fmt: skip


def test_all_of_an_event_is_one_line(meter, written):
    meter.add(HITS, 1)
    meter.add(BYTES, 7, color="red")
    meter.add(HITS, 0)
    (line,) = written()
    assert (line["Hits"], line["Bytes"], line["color"]) == ([1.0, 0.0], [7.0], "red")
    assert [told["Dimensions"] for told in line["_aws"]["CloudWatchMetrics"]] == [[["service"]], [["color"]]]
    assert written() == []


def test_a_dimension_has_one_value_in_a_line(meter, written):
    meter.add(BYTES, 1, color="red")
    meter.add(BYTES, 2, color="blue")
    lines = written()
    assert [(line["color"], line["Bytes"]) for line in lines] == [("red", [1.0]), ("blue", [2.0])]


def test_more_values_than_a_line_holds_are_several_lines(meter, written, capsys):
    for number in range(230):
        meter.add(HITS, number)
    lines = written()
    assert all(len(line["Hits"]) <= 100 for line in lines)
    assert [value for line in lines for value in line["Hits"]] == [float(number) for number in range(230)]


def test_a_metric_may_have_no_dimension(meter, written):
    meter.add(measures.SPEND, 0.25)
    meter.add(HITS, 1)
    (line,) = written()
    dimensions = {one["Metrics"][0]["Name"]: one["Dimensions"] for one in line["_aws"]["CloudWatchMetrics"]}
    assert dimensions == {"Spend": [[]], "Hits": [["service"]]}


def test_a_note_is_a_sum_in_the_line_and_no_metric(meter, written):
    meter.note(hits=1, seconds=0.5)
    meter.add(HITS, 1)
    meter.note(hits=1)
    (line,) = written()
    assert (line["hits"], line["seconds"]) == (2, 0.5)
    assert [name for name, *_ in metrics_of([line])] == ["Hits"]
    meter.note(hits=3)
    assert written() == [{"hits": 3}]


def test_dimensions_that_a_metric_does_not_have_are_refused(meter):
    with pytest.raises(TypeError, match="Bytes"):
        meter.add(BYTES, 1)
    with pytest.raises(TypeError, match="Hits"):
        meter.add(HITS, 1, color="red")


def a_done_job(**fields):
    later = NOON + timedelta(seconds=2)
    done = {
        "state": State.DONE,
        "audio": FILE,
        "price": Decimal("0.00004"),
        "begun_at": NOON + timedelta(seconds=1.5),
        "ended_at": later,
        "attempts": 1,
    }
    return a_job(**done | fields)


def test_a_job_that_is_done(meter, written):
    measures.job_ended(meter, a_done_job(tier="vip"), 0.3)
    told = told_by(written())
    assert told[("Cost", "job")] == [0.00004]
    assert told[("QueueWait", "vip")] == [1500.0]
    assert told[("RealTimeFactor", "job")] == [pytest.approx(0.3 / FILE.seconds)]
    assert ("GpuWait", "job") not in told


def test_a_job_whose_file_was_there(meter, written):
    measures.job_ended(meter, a_done_job(hit=True, begun_at=None, attempts=0), 0.0)
    lines = written()
    assert {name for name, *_ in told_by(lines)} == {"Cost", "Spend"}
    assert (lines[0]["hits"], lines[0]["files"], lines[0]["audio_seconds"]) == (1, 1, FILE.seconds)


def test_a_job_on_the_gpu(meter, written):
    measures.job_ended(meter, a_done_job(route="gpu"), 0.3)
    told = told_by(written())
    assert told[("QueueWait", "gpu")] == [1500.0]
    assert told[("GpuWait", "job")] == [500.0]


def test_a_job_of_an_item_is_that_item(meter, written):
    measures.job_ended(meter, a_done_job(route="gpu", task_token="t"), 0.3)  # noqa: S106
    assert {by for name, *by in told_by(written()) if name == "Cost" for by in by} == {"item"}


def test_what_failed_is_no_file_and_is_paid(meter, written):
    failed = a_done_job(state=State.FAILED, audio=None, error=JobError(code="x", message=MARKER))
    measures.job_ended(meter, failed, 0.0)
    lines = written()
    assert set(told_by(lines)) == {("Spend",), ("QueueWait", "standard")}
    assert (lines[0]["failures"], lines[0]["failed_cost"]) == (1, 0.00004)
    assert MARKER not in json.dumps(lines)


def test_what_was_cancelled_is_nothing(meter, written):
    measures.job_ended(meter, a_job(state=State.CANCELLED, ended_at=NOON), 0.0)
    assert written() == []


def a_batch(**fields):
    order = Order(name="try", deadline=NOON)
    told = {"id": "batch_1", "tenant": "acme", "order": order, "fingerprint": "f", "created_at": NOON,
            "updated_at": NOON, "counts": Counts(rows=3, row_errors=1, done=2)}  # fmt: skip
    return Record(**told | fields)


@pytest.mark.parametrize(
    ("state", "late", "told"),
    [
        (BatchState.DONE, -1, {"BatchDone": 1, "BatchInSla": 1}),
        (BatchState.DONE, 1, {"BatchDone": 1, "BatchInSla": 0, "PastDeadline": 1}),
        (BatchState.FAILED, -1, {"BatchDone": 0, "BatchInSla": 0, "PastDeadline": 1}),
        (BatchState.CANCELLED, 1, {}),
    ],
)
def test_a_batch_that_ended(meter, written, state, late, told):
    ended = NOON + timedelta(seconds=late)
    batch_measures.batch_ended(meter, a_batch(state=state, ended_at=ended, updated_at=ended))
    assert {name: values[0] for (name, *_), values in told_by(written()).items()} == {"RowErrors": 1, **told}


def test_a_batch_without_a_deadline_is_in_no_sla(meter, written):
    batch_measures.batch_ended(
        meter, a_batch(order=Order(name="try"), state=BatchState.DONE, ended_at=NOON, redrives=1)
    )
    assert {name for name, *_ in told_by(written())} == {"BatchDone"}


def test_items(meter, written):
    results = [
        ItemResult(line=1, id="1", state="done", characters=9, seconds=2.0, price=Decimal("0.1"), hit=True),
        ItemResult(line=2, id="2", state="failed", characters=9, price=Decimal("0.2")),
        ItemResult(line=3, id="3", state="cancelled", characters=9),
    ]
    batch_measures.items_ended(meter, a_batch(), results, NOON + timedelta(seconds=1))
    lines = written()
    told = told_by(lines)
    assert told[("Cost", "item")] == [0.1]
    assert told["Spend",] == [0.1, 0.2]
    assert (lines[0]["files"], lines[0]["failures"], lines[0]["hits"], lines[0]["characters"]) == (1, 1, 1, 9)
    assert told[("PastDeadline", "item")] == [1.0]
