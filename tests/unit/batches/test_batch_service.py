"""The batch service: submit, start, list and cancel, idempotently and isolated by tenant."""

from datetime import timedelta

import pytest

from herald.batches.batch import BatchState, new_id
from herald.batches.batch_ports import ObjectVersion
from herald.errors import (
    IdempotencyKeyReused,
    InvalidInput,
    InvalidManifest,
    Unavailable,
    UnknownBatch,
    WrongBatchState,
)
from tests.support.batch_samples import NOON
from tests.support.batch_services import HEADER, TEMPLATE

ROWS = [{"name": "Ann", "time": "noon"}]
METHODS = ("start", "find", "cancel", "redrive")


def test_a_batch_starts_once_its_manifest_is_uploaded(batches):
    batch = batches.submit()
    assert (batch.state, batches.machine.started) == (BatchState.CREATED, {})
    form = batches.batch_service.upload_form(batch, 60)
    assert form.fields["key"] == f"uploads/acme/{batch.id}/manifest"
    assert form.fields["policy"] == f"{2 << 30} 60"
    with pytest.raises(InvalidManifest) as missing:
        batches.batch_service.start(batch.id, tenant="acme")
    assert missing.value.code == "manifest_missing"
    batches.upload(batch, HEADER + "1,Ann,noon\n")
    started = batches.batch_service.start(batch.id, tenant="acme")
    assert (started.state, started.execution) == (BatchState.PLANNING, f"{batch.id}-0")
    assert batches.batch_service.upload_form(started, 60) is None


def test_start_is_idempotent(batches):
    batch = batches.send("Ann,noon")
    batches.upload(batch, HEADER + "1,Mallory,noon\n")
    assert batches.batch_service.start(batch.id, tenant="acme") == batches.row(batch)
    assert len(batches.machine.started) == 1


def test_an_upload_after_the_start_is_ignored(batches):
    batch = batches.send("Ann,noon", "Ben,one")
    batches.upload(batch, HEADER + "1,Mallory,noon\n")
    assert batches.plan(batch).chunks == 1
    batches.speak_all(batch)
    batches.finish(batch)
    assert batches.states(batch) == {"r1": "done", "r2": "done"}


def test_of_two_concurrent_starts_the_first_execution_decides_the_upload(batches, monkeypatch):
    batch = batches.submit()
    batches.upload(batch, HEADER + "r1,Ann,noon\n")
    start = batches.machine.start

    def start_after_another(run):
        monkeypatch.setattr(batches.machine, "start", start)
        batches.upload(batch, HEADER + "r2,Ben,one\n")
        batches.batch_service.start(batch.id, tenant="acme")
        return start(run)

    monkeypatch.setattr(batches.machine, "start", start_after_another)
    batches.batch_service.start(batch.id, tenant="acme")
    assert batches.plan(batch).chunks == 1
    batches.speak_all(batch)
    batches.finish(batch)
    assert batches.states(batch) == {"r2": "done"}


def test_an_upload_replaced_during_the_copy_is_copied_again(batches, monkeypatch):
    batch = batches.submit()
    batches.upload(batch, HEADER + "r1,Ann,noon\n")
    copy, uploads = batches.objects.copy, ["r2,Ben,one\n", "r3,Cleo,two\n"]

    def replaced(pinned, key):
        if uploads:
            batches.upload(batch, HEADER + uploads.pop(0))
        return copy(pinned, key)

    monkeypatch.setattr(batches.objects, "copy", replaced)
    batches.batch_service.start(batch.id, tenant="acme")
    batches.plan(batch)
    batches.speak_all(batch)
    batches.finish(batch)
    assert batches.states(batch) == {"r3": "done"}


def test_an_upload_that_keeps_changing_does_not_start(batches, monkeypatch):
    batch = batches.submit()
    batches.upload(batch, HEADER + "r1,Ann,noon\n")
    monkeypatch.setattr(batches.objects, "copy", lambda *_: None)
    with pytest.raises(Unavailable):
        batches.batch_service.start(batch.id, tenant="acme")
    assert (batches.row(batch).state, batches.machine.started) == (BatchState.CREATED, {})


@pytest.mark.parametrize(("size", "code"), [(0, "manifest_empty"), ((2 << 30) + 1, "manifest_too_large")])
def test_an_upload_of_invalid_size_is_not_copied(batches, monkeypatch, size, code):
    batch = batches.submit()
    sized = ObjectVersion(key="uploads/acme", etag="e", bytes=size)
    monkeypatch.setattr(batches.objects, "version_of", lambda key, *_: sized if "uploads/" in key else None)
    with pytest.raises(InvalidManifest) as rejected:
        batches.batch_service.start(batch.id, tenant="acme")
    assert rejected.value.code == code
    assert not [key for key in batches.objects.files if "/manifest" in key]


def test_an_empty_upload_does_not_start(batches):
    batch = batches.submit()
    batches.upload(batch, "")
    with pytest.raises(InvalidManifest) as empty:
        batches.batch_service.start(batch.id, tenant="acme")
    assert (empty.value.code, batches.machine.started) == ("manifest_empty", {})


def test_rows_in_the_request_start_at_once(batches):
    batch = batches.submit(items=ROWS)
    assert batch.state is BatchState.PLANNING
    assert batches.run(batch).manifest_format == "jsonl"
    assert batches.batch_service.upload_form(batch, 60) is None


def test_a_manifest_in_s3_starts_at_once(batches):
    batches.objects.files["theirs", "a+b%2B.csv"] = (HEADER + "1,Ann,noon\n").encode()
    batch = batches.submit(manifest="s3://theirs/a+b%2B.csv")
    pinned = batches.run(batch).manifest
    assert (batch.state, pinned.bucket, pinned.key) == (BatchState.PLANNING, "theirs", "a+b%2B.csv")
    with pytest.raises(InvalidManifest) as missing:
        batches.submit(manifest="s3://theirs/other.csv")
    assert missing.value.code == "manifest_missing"


def test_invalid_options_are_rejected(batches):
    with pytest.raises(InvalidInput):
        batches.submit(voice="unknown", items=ROWS)
    assert batches.table.rows == batches.objects.files == {}


def test_the_row_does_not_contain_the_template(batches):
    batch = batches.submit(items=ROWS)
    assert batch.order.template is None
    assert batches.folder(batch).order().template == TEMPLATE


def test_an_idempotency_key_identifies_one_batch(batches):
    first, again = (batches.submit(key="k", items=ROWS) for _ in range(2))
    assert first.id == again.id
    assert batches.submit(key="k", items=ROWS, tenant="other").id != first.id
    with pytest.raises(IdempotencyKeyReused):
        batches.submit(key="k", items=ROWS, name="Another")
    assert len(batches.machine.started) == 2


@pytest.mark.parametrize(("port", "method"), [("objects", "write"), ("machine", "start"), ("table", "change")])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_retry_completes_a_failed_submission(batches, port, method, when):
    getattr(getattr(batches, port).faults, when)(method, Unavailable("Not now."))
    with pytest.raises(Unavailable):
        batches.submit(key="k", items=ROWS)
    batch = batches.submit(key="k", items=ROWS)
    assert batch.state is BatchState.PLANNING
    assert list(batches.machine.started) == [f"{batch.id}-0"]


def test_a_batch_whose_first_execution_ended_in_an_outage_can_be_started(batches):
    batches.table.faults.before("change", Unavailable("Not now."))
    with pytest.raises(Unavailable):
        batches.submit(key="k", items=ROWS)
    batches.machine.ended |= set(batches.machine.started)  # its plan, and its end, failed too
    batch = batches.submit(key="k", items=ROWS)
    assert (batch.state, batch.execution) == (BatchState.PLANNING, f"{batch.id}-0-2")
    batches.plan(batch)
    assert batches.row(batch).state is BatchState.SPEAKING


def test_a_batch_that_an_outage_left_speaking_can_be_started_again(batches):
    batch = batches.planned("Ann,noon", "Ben,one", "Cleo,two")
    batches.speak(batches.notes(batch)[0])
    assert batches.batch_service.start(batch.id, tenant="acme").state is BatchState.SPEAKING
    assert len(batches.machine.started) == 1
    batches.machine.ended |= set(batches.machine.started)  # finish_batch failed in every attempt
    batches.batch_service.start(batch.id, tenant="acme")
    assert list(batches.machine.started) == [f"{batch.id}-0", f"{batch.id}-0-2"]
    assert batches.plan(batch).chunks == 2
    batches.speak_all(batch)
    batches.finish(batch)
    assert set(batches.states(batch).values()) == {"done"}
    assert batches.row(batch).state is BatchState.DONE
    assert batches.speaker.calls["speak"] == 3


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_batch_whose_end_was_not_published_can_be_started_again(batches, cancelled):
    batch = batches.planned("Ann,noon")
    if cancelled:
        batches.batch_service.cancel(batch.id, tenant="acme")
    else:
        batches.speak_all(batch)
        batches.events.faults.before("publish_batch", Unavailable("EventBridge"))
        with pytest.raises(Unavailable):
            batches.finish(batch)
    batches.machine.ended |= set(batches.machine.started)
    batches.batch_service.start(batch.id, tenant="acme")
    assert batches.plan(batch).chunks == 0
    batches.finish(batch)
    assert len(batches.events.batches) == 1
    assert batches.row(batch).has_report
    with pytest.raises(WrongBatchState):
        batches.batch_service.start(batch.id, tenant="acme")


@pytest.mark.parametrize("method", METHODS)
def test_another_tenants_batch_is_not_found(batches, method):
    batch = batches.done("Ann,noon", "unspeakable,noon", tolerated_failure_percent=100)
    before = batches.row(batch)
    for batch_id, tenant in ((batch.id, "mallory"), (new_id(NOON), "acme")):
        with pytest.raises(UnknownBatch, match="There is no batch with that id"):
            getattr(batches.batch_service, method)(batch_id, tenant=tenant)
    with pytest.raises(UnknownBatch):
        batches.batch_service.items(batch.id, tenant="mallory", limit=10, cursor=None, state=None)
    assert batches.row(batch) == before
    assert batches.batch_service.list(tenant="mallory", limit=10, cursor=None).batches == []


def test_a_cursor_continues_the_list(batches):
    ids = []
    for _ in range(5):
        batches.time.move(1)
        ids.insert(0, batches.submit().id)
    found, cursor = [], None
    while True:
        page = batches.batch_service.list(tenant="acme", limit=2, cursor=cursor)
        found += [batch.id for batch in page.batches]
        if (cursor := page.cursor) is None:
            break
    assert found == ids


def test_cancelling_an_unstarted_batch_publishes_one_event(batches):
    batch = batches.submit()
    for _ in range(2):
        assert batches.batch_service.cancel(batch.id, tenant="acme").state is BatchState.CANCELLED
    assert [event.detail_type for event in batches.events.batches] == ["herald.batch.cancelled"]
    assert batches.batch_service.report_links(batches.row(batch), 60) is None
    with pytest.raises(WrongBatchState):
        batches.batch_service.start(batch.id, tenant="acme")


def test_a_batch_in_progress_has_no_report(batches):
    batch = batches.planned("Ann,noon")
    assert batches.batch_service.report_links(batches.row(batch), 60) is None


def test_a_finished_batch_can_be_neither_cancelled_nor_redriven(batches):
    batch = batches.done("Ann,noon")
    with pytest.raises(WrongBatchState):
        batches.batch_service.cancel(batch.id, tenant="acme")
    with pytest.raises(WrongBatchState):
        batches.batch_service.redrive(batch.id, tenant="acme")


def test_a_key_is_free_again_when_its_batch_has_expired(batches):
    """DynamoDB deletes expired rows up to days late, and S3 the files of a batch later than its row."""
    old = batches.submit(key="k", items=ROWS)
    batches.plan(old)
    batches.speak_all(old)
    batches.finish(old)
    batches.time.now = old.expires_at
    new = batches.submit(key="k", items=ROWS, name="Another")
    assert (new.id != old.id, new.created_at, new.state) == (True, old.expires_at, BatchState.PLANNING)
    assert batches.submit(key="k", items=ROWS, name="Another") == new
    batches.plan(new)
    assert batches.row(new).counts.waiting == 1
    batches.speak_all(new)
    batches.finish(new)
    assert batches.row(new).counts.done == 1
    assert batches.counters.names == {old.id, new.id}


def test_a_batch_that_is_about_to_expire_is_returned(batches):
    old = batches.submit(key="k", items=ROWS)
    batches.time.now = old.expires_at - timedelta(microseconds=1)
    assert batches.submit(key="k", items=ROWS) == old


def test_a_submission_that_ended_before_its_batch_was_stored_is_repeated_with_its_id(batches):
    batches.table.faults.before("add", Unavailable("Not now."))
    with pytest.raises(Unavailable):
        batches.submit(key="k", items=ROWS)
    first, again = (batches.submit(key="k", items=ROWS) for _ in range(2))
    assert first.id == again.id
    assert list(batches.machine.started) == [f"{first.id}-0"]


def test_starting_a_redriven_batch_again_continues_its_run(batches):
    batch = batches.done("unspeakable,noon", tolerated_failure_percent=100)
    batches.batch_service.redrive(batch.id, tenant="acme")
    batches.machine.ended |= set(batches.machine.started)
    batches.batch_service.start(batch.id, tenant="acme")
    assert batches.run(batch).run == 1


def test_the_name_of_a_manifest_in_s3_decides_its_format(batches):
    batches.objects.files["theirs", "acme/people.jsonl"] = b'{"name": "Ann", "time": "noon"}\n'
    batch = batches.submit(manifest="s3://theirs/acme/people.jsonl")
    assert batches.plan(batch).items == 1
