"""Metrics are recorded once, with their dimensions, in as few lines as possible, and without any text."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from aws_lambda_powertools.metrics import MetricUnit

from herald.batches.batch import Batch, BatchState, Counts
from herald.batches.batch_request import Order
from herald.batches.items import ItemResult
from herald.jobs.job import AudioFile, JobError, State
from herald.runtime import metrics
from herald.runtime.metrics import Measure, Meter, record_job
from tests.support.emf import metrics_of
from tests.support.job_samples import NOON, a_job
from tests.unit.functions.conftest import MARKER

HITS = Measure("Hits", MetricUnit.Count)
BYTES = Measure("Bytes", MetricUnit.Bytes, ("color",))
FILE = AudioFile(key="audio/acme/0123.mp3", seconds=1.5, bytes=9_000, sample_rate=22_050, media_type="audio/mpeg")


@pytest.fixture
def meter(environment):
    return Meter()


@pytest.fixture
def written(meter, capsys):
    """Return a function that flushes the meter and returns its lines."""

    def write():
        meter.flush()
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return write


def metrics_by_name(lines):
    """Return the metrics without units and services: {(name, value of its dimension): values}."""
    return {(name, *(value for key, value in by if key != "service")): values
            for (name, _, by), values in metrics_of(lines).items()}  # fmt: skip


def test_all_metrics_of_an_event_share_one_line(meter, written):
    meter.add(HITS, 1)
    meter.add(BYTES, 7, color="red")
    meter.add(HITS, 0)
    (line,) = written()
    assert (line["Hits"], line["Bytes"], line["color"]) == ([1.0, 0.0], [7.0], "red")
    assert [declared["Dimensions"] for declared in line["_aws"]["CloudWatchMetrics"]] == [[["service"]], [["color"]]]
    assert written() == []


def test_line_has_one_value_per_dimension(meter, written):
    meter.add(BYTES, 1, color="red")
    meter.add(BYTES, 2, color="blue")
    lines = written()
    assert [(line["color"], line["Bytes"]) for line in lines] == [("red", [1.0]), ("blue", [2.0])]


def test_many_values_are_split_into_several_lines(meter, written, capsys):
    for number in range(230):
        meter.add(HITS, number)
    lines = written()
    assert all(len(line["Hits"]) <= 100 for line in lines)
    assert [value for line in lines for value in line["Hits"]] == [float(number) for number in range(230)]


def test_metric_without_dimensions(meter, written):
    meter.add(metrics.SPEND, 0.25)
    meter.add(HITS, 1)
    (line,) = written()
    dimensions = {one["Metrics"][0]["Name"]: one["Dimensions"] for one in line["_aws"]["CloudWatchMetrics"]}
    assert dimensions == {"Spend": [[]], "Hits": [["service"]]}


def test_notes_are_summed_in_the_line_and_are_no_metrics(meter, written):
    meter.note(hits=1, seconds=0.5)
    meter.add(HITS, 1)
    meter.note(hits=1)
    (line,) = written()
    assert (line["hits"], line["seconds"]) == (2, 0.5)
    assert [name for name, *_ in metrics_of([line])] == ["Hits"]
    meter.note(hits=3)
    assert written() == [{"hits": 3}]


def test_undeclared_dimensions_are_refused(meter):
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


def test_done_job(meter, written):
    record_job(meter, a_done_job(tier="vip"), 0.3)
    found = metrics_by_name(written())
    assert found[("Cost", "job")] == [0.00004]
    assert found[("QueueWait", "vip")] == [1500.0]
    assert found[("RealTimeFactor", "job")] == [pytest.approx(0.3 / FILE.seconds)]
    assert ("GpuWait", "job") not in found


def test_silence_of_no_length_has_no_real_time_factor(meter, written):
    record_job(meter, a_done_job(audio=FILE.model_copy(update={"seconds": 0.0})), 0.3)
    lines = written()
    assert ("RealTimeFactor", "job") not in metrics_by_name(lines)
    assert lines[0]["synthesis_seconds"] == 0.3


def test_job_with_an_existing_file(meter, written):
    record_job(meter, a_done_job(hit=True, begun_at=None, attempts=0), 0.0)
    lines = written()
    assert {name for name, *_ in metrics_by_name(lines)} == {"Cost", "Spend"}
    assert (lines[0]["hits"], lines[0]["files"], lines[0]["audio_seconds"]) == (1, 1, FILE.seconds)


def test_gpu_job(meter, written):
    record_job(meter, a_done_job(route="gpu"), 0.3)
    found = metrics_by_name(written())
    assert found[("QueueWait", "gpu")] == [1500.0]
    assert found[("GpuWait", "job")] == [500.0]


def test_job_of_an_item_is_recorded_as_the_item(meter, written):
    record_job(meter, a_done_job(route="gpu", task_token="t"), 0.3)  # noqa: S106
    assert {by for name, *by in metrics_by_name(written()) if name == "Cost" for by in by} == {"item"}


def test_failed_job_is_no_file_but_has_a_cost(meter, written):
    failed = a_done_job(state=State.FAILED, audio=None, error=JobError(code="x", message=MARKER))
    record_job(meter, failed, 0.0)
    lines = written()
    assert set(metrics_by_name(lines)) == {("Spend",), ("QueueWait", "standard")}
    assert (lines[0]["failures"], lines[0]["failed_cost"]) == (1, 0.00004)
    assert MARKER not in json.dumps(lines)


def test_cancelled_job_records_nothing(meter, written):
    record_job(meter, a_job(state=State.CANCELLED, ended_at=NOON), 0.0)
    assert written() == []


def a_batch(**fields):
    order = Order(name="try", deadline=NOON)
    default = {"id": "batch_1", "tenant": "acme", "order": order, "fingerprint": "f", "created_at": NOON,
               "updated_at": NOON, "counts": Counts(rows=3, row_errors=1, done=2)}  # fmt: skip
    return Batch(**default | fields)


@pytest.mark.parametrize(
    ("state", "late", "expected"),
    [
        (BatchState.DONE, -1, {"BatchDone": 1, "BatchInSla": 1}),
        (BatchState.DONE, 1, {"BatchDone": 1, "BatchInSla": 0, "PastDeadline": 1}),
        (BatchState.FAILED, -1, {"BatchDone": 0, "BatchInSla": 0, "PastDeadline": 1}),
        (BatchState.CANCELLED, 1, {}),
    ],
)
def test_ended_batch(meter, written, state, late, expected):
    ended = NOON + timedelta(seconds=late)
    metrics.record_batch(meter, a_batch(state=state, ended_at=ended, updated_at=ended))
    assert {name: values[0] for (name, *_), values in metrics_by_name(written()).items()} == {
        "RowErrors": 1,
        **expected,
    }


def test_batch_without_a_deadline_has_no_sla(meter, written):
    metrics.record_batch(meter, a_batch(order=Order(name="try"), state=BatchState.DONE, ended_at=NOON, redrives=1))
    assert {name for name, *_ in metrics_by_name(written())} == {"BatchDone"}


def test_items(meter, written):
    results = [
        ItemResult(line=1, id="1", state="done", characters=9, seconds=2.0, price=Decimal("0.1"), hit=True),
        ItemResult(line=2, id="2", state="failed", characters=9, price=Decimal("0.2")),
        ItemResult(line=3, id="3", state="cancelled", characters=9),
    ]
    metrics.record_items(meter, a_batch(), results, NOON + timedelta(seconds=1))
    lines = written()
    found = metrics_by_name(lines)
    assert found[("Cost", "item")] == [0.1]
    assert found["Spend",] == [0.1, 0.2]
    assert (lines[0]["files"], lines[0]["failures"], lines[0]["hits"], lines[0]["characters"]) == (1, 1, 1, 9)
    assert found[("PastDeadline", "item")] == [1.0]
