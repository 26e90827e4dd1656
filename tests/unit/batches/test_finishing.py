"""A batch ends once, with totals computed from its results, whatever happened to its executions."""

import csv
import io
import json
from decimal import Decimal

import pytest

from herald.batches.batch import BatchState, Counts
from herald.batches.items import ChunkTotals
from herald.errors import MalformedMessage, Unavailable

ROWS = ("Ann,noon", "Ben,one", "Cy,two", "Di,three")


def test_report_summary_event_and_row_agree(batches):
    batch = batches.done("Ann,noon", "unspeakable,one", "Cy", "Di,three", tolerated_failure_percent=50)
    counts = Counts(rows=4, row_errors=1, done=2, failed=1)
    summary = json.loads(batches.file(batch, "report/summary.json"))
    (event,) = batches.events.batches
    assert Counts(**summary["counts"]) == event.counts == batch.counts == counts
    assert (event.detail_type, event.tenant, event.name) == ("herald.batch.done", "acme", "Reminders")
    assert summary["audio_seconds"] == batch.audio_seconds == 3.0
    assert float(batch.price) == event.price_usd == summary["run"]["price"]["total_usd"]
    lines = batches.report(batch)
    assert [line["line"] for line in lines.values()] == [2, 3, 4, 5]
    assert [line["state"] for line in lines.values()] == ["done", "failed", "row_error", "done"]
    rows = [*csv.DictReader(io.StringIO(batches.file(batch, "report/results.csv")))]
    assert [row["state"] for row in rows] == [line["state"] for line in lines.values()]
    assert batches.batch_service.report_links(batch, 60).keys() == {"csv_url", "jsonl_url", "summary_url"}


def test_finish_is_idempotent(batches):
    batch = batches.done(*ROWS)
    files = dict(batches.objects.files)
    assert batches.finish(batch) == batch
    assert batches.objects.files == files
    assert len(batches.events.batches) == 1


@pytest.mark.parametrize(
    ("port", "method"), [("objects", "write"), ("table", "change"), ("events", "publish_batch"), ("objects", "read")]
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_retry_completes_an_attempt_that_died(batches, port, method, when):
    batch = batches.planned(*ROWS)
    batches.speak_all(batch)
    getattr(getattr(batches, port).faults, when)(method, Unavailable("Not now."))
    with pytest.raises(Unavailable):
        batches.finish(batch)
    assert batches.finish(batch).published
    assert batches.states(batch) == dict.fromkeys(["r1", "r2", "r3", "r4"], "done")
    # If the response is lost, the event is published again: it may or may not have been sent.
    assert len(batches.events.batches) == (2 if (method, when) == ("publish_batch", "after") else 1)


def test_final_counts_come_from_the_results(batches):
    batch = batches.planned(*ROWS)
    batches.speak_all(batch)
    batches.table.add_totals(batch, 0, 999, ChunkTotals(done=1_000, failed=7))
    assert batches.row(batch).counts.waiting == 0
    assert batches.finish(batch).counts == Counts(rows=4, done=4)
    assert batches.row(batch).counts == Counts(rows=4, done=4)


def test_final_sums_come_from_the_results(batches):
    batch = batches.planned(*ROWS)
    batches.speak_all(batch)
    batches.table.add_totals(batch, 0, 999, ChunkTotals(price=Decimal(7), audio_milliseconds=10**6))
    ended = batches.finish(batch)
    assert ended.audio_seconds == 6.0
    assert 0 < ended.price < 1


def test_a_batch_that_is_cancelled_costs_what_its_last_chunk_cost(batches):
    batch = batches.planned("Ann,noon", "Ben,one")

    def cancel(method, when):
        batches.speaker.faults.on_call = lambda *_: None
        batches.batch_service.cancel(batch.id, tenant="acme")

    batches.speaker.faults.on_call = cancel
    batches.speak_all(batch)
    ended = batches.finish(batch)
    assert (ended.state, ended.counts.done, ended.audio_seconds) == (BatchState.CANCELLED, 2, 3.0)
    assert ended.price > 0


def test_items_of_an_unfinished_chunk_fail_and_can_be_redriven(batches):
    batch = batches.planned(*ROWS, tolerated_failure_percent=10)
    batches.speak(batches.notes(batch)[0])
    ended = batches.finish(batch)
    assert (ended.state, ended.error.code) == (BatchState.FAILED, "too_many_failures")
    assert (ended.counts.done, ended.counts.failed) == (2, 2)
    assert batches.report(batch)["r3"]["code"] == "not_spoken"
    batches.batch_service.redrive(batch.id, tenant="acme")
    assert batches.plan(batch).chunks == 1
    batches.speak_all(batch)
    assert batches.finish(batch).state is BatchState.DONE


def test_a_failed_execution_fails_the_batch_and_keeps_results(batches):
    batch = batches.planned(*ROWS, tolerated_failure_percent=100)
    batches.speak(batches.notes(batch)[0])
    ended = batches.finish(batch, stopped=True)
    assert (ended.state, ended.error.code, ended.counts.done) == (BatchState.FAILED, "execution_failed", 2)


@pytest.mark.parametrize("invalid", [False, True])
def test_an_execution_that_fails_after_its_last_item_ends_like_any_other(batches, invalid):
    """Its results could not be written, for example. There is nothing to redrive."""
    rows = (*ROWS, "") if invalid else ROWS
    batch = batches.planned(*rows, tolerated_failure_percent=30)
    batches.speak_all(batch)
    ended = batches.finish(batch, stopped=True)
    assert (ended.state, ended.error) == (BatchState.DONE, None)
    assert ended.counts.row_errors == int(invalid)


def test_a_failed_planning_fails_the_batch(batches):
    batch = batches.send(*ROWS)
    ended = batches.finish(batch, stopped=True)
    assert (ended.state, ended.error.code, ended.counts.rows) == (BatchState.FAILED, "execution_failed", 0)
    assert batches.report(batch) == {}


def test_an_execution_of_an_earlier_run_is_ignored(batches):
    batch = batches.planned("unspeakable,noon", tolerated_failure_percent=0)
    batches.speak_all(batch)
    batches.finish(batch)
    batches.batch_service.redrive(batch.id, tenant="acme")
    assert batches.finalizer.finish(batch.id, "acme", run=0, stopped=True).state is BatchState.SPEAKING


def failed_redrive(batches):
    """Return a batch whose redrive began during an outage: an execution was started, but the row did not change."""
    batch = batches.done("unspeakable,noon", "Ann,one", tolerated_failure_percent=100)
    batches.table.faults.before("change", Unavailable("Not now."))
    with pytest.raises(Unavailable):
        batches.batch_service.redrive(batch.id, tenant="acme")
    return batch


def end_of_failed_plan(batches, batch):
    batches.finish(batch, stopped=True)
    batches.machine.ended |= set(batches.machine.started)


def complete(batches, batch):
    batches.plan(batch)
    batches.speak_all(batch)
    return batches.finish(batch)


def test_a_redrive_that_an_outage_stopped_can_be_repeated(batches):
    batch = failed_redrive(batches)
    end_of_failed_plan(batches, batch)
    assert batches.row(batch) == batch
    assert batches.batch_service.redrive(batch.id, tenant="acme").redrives == 1
    assert list(batches.machine.started) == [f"{batch.id}-0", f"{batch.id}-1", f"{batch.id}-1-2"]
    assert complete(batches, batch).state is BatchState.DONE
    assert [event.redrives for event in batches.events.batches] == [0, 1]


def test_a_redrive_repeated_while_its_plan_fails_has_an_execution(batches):
    batch = failed_redrive(batches)
    change = batches.table.change

    def change_after_the_end(*args):
        if (batch.id, 1) not in ended:
            ended.append((batch.id, 1))
            end_of_failed_plan(batches, batch)
        return change(*args)

    ended = []
    batches.table.change = change_after_the_end
    batches.batch_service.redrive(batch.id, tenant="acme")
    batches.table.change = change
    assert batches.machine.started.keys() - batches.machine.ended == {f"{batch.id}-1-2"}
    assert complete(batches, batch).state is BatchState.DONE


def test_a_repeated_redrive_joins_the_execution_that_is_still_planning(batches):
    batch = failed_redrive(batches)
    assert batches.batch_service.redrive(batch.id, tenant="acme").state is BatchState.SPEAKING
    assert len(batches.machine.started) == 2
    assert complete(batches, batch).state is BatchState.DONE


def test_another_tenants_batch_is_rejected(batches):
    batch = batches.done("Ann,noon")
    with pytest.raises(MalformedMessage):
        batches.finalizer.finish(batch.id, "mallory", run=0, stopped=False)


def test_a_report_contains_no_formula(batches):
    batch = batches.submit(items=[{"id": "=1+1", "name": "=cmd()", "time": "noon"}])
    batches.plan(batch)
    batches.speak_all(batch)
    batches.finish(batch)
    (row,) = csv.DictReader(io.StringIO(batches.file(batch, "report/results.csv")))
    assert row["id"] == "'=1+1"
    assert "=cmd()" in batches.speaker.spoken[0]


def test_the_price_is_added_to_the_spend_of_the_tenant_once(batches):
    batch = batches.done(*ROWS)
    batches.finish(batch)
    batches.finalizer.publish(batch)
    assert batch.price > 0
    assert batches.table.spent == [("acme", batch.price, batch.ended_at)]


def test_a_redrive_adds_only_what_it_cost(batches):
    batch = batches.planned(*ROWS, tolerated_failure_percent=0)
    batches.speaker.faults.before("speak", RuntimeError("once"))
    for note in batches.notes(batch):
        batches.speak(note, last=True)
    first = batches.finish(batch)
    assert first.counts.failed
    batches.batch_service.redrive(batch.id, tenant="acme")
    batches.plan(batch)
    batches.speak_all(batch)
    last = batches.finish(batch)
    assert last.price > first.price
    assert [spend.price for spend in batches.table.spent] == [first.price, last.price - first.price]


def test_a_batch_that_was_never_started_costs_nothing(batches):
    batch = batches.submit()
    batches.batch_service.cancel(batch.id, tenant="acme")
    assert batches.table.spent == []
